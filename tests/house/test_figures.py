"""What is measured stays readable."""

from pathlib import Path

import figures


def test_a_figure_replaces_the_older_one_of_its_kind_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / 'performance.md'
    figures.keep('Book, p50', '4 ms', 'pytest a', file=file)
    figures.keep('A page, warm', '180 ms', 'pytest b', file=file)
    figures.keep('Book, p50', '3 ms', 'pytest a', file=file)
    lines = file.read_text(encoding='utf-8').splitlines()
    assert lines[0] == '# What was measured'
    assert lines[-2:] == ['| A page, warm | 180 ms | `pytest b` |', '| Book, p50 | 3 ms | `pytest a` |']
    assert len([line for line in lines if line.startswith('|')]) == 4
