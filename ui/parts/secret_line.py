"""A code or a link that is handed over by hand: to be read, and to be copied by a press."""

from ui.parts.buttons import button
from ui.parts.pieces import block, text

# without a secure context there is no clipboard; then what is to be copied is selected and copied the old way
COPY = """(event) => {
  const shown = event.currentTarget.parentElement.querySelector('.handed-over');
  const old = () => { getSelection().selectAllChildren(shown); document.execCommand('copy'); };
  navigator.clipboard ? navigator.clipboard.writeText(shown.textContent).catch(old) : old();
  emit();
}"""


def secret_line(label: str, secret: str, *, copy: str, copied: str, mark: str) -> None:
    """`copy` is what the button says ('Copy link'), `copied` what it says afterwards."""
    with block('div', 'secret-line'):
        text(label, 'faint')
        text(secret, 'handed-over').mark(mark).props['dir'] = 'ltr'
        made = button(copy, classes='plain').mark(f'copy-{mark}')
        made.props['aria-live'] = 'polite'
        made.on('click', lambda: made.set_text(copied), [], js_handler=COPY)
