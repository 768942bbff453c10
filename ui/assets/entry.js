// A second press of a form's button sends nothing more; the summary of errors takes the focus; the time zone is
// the browser's until another is chosen. All works without this.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  form.querySelector('button:not([type=button])')?.setAttribute('aria-busy', 'true');
});
window.addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
document.querySelector('[data-takes-focus]')?.focus();
const zone = document.querySelector('select[data-guesses-zone]');
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone.selectedIndex < 0) zone.selectedIndex = 0;
