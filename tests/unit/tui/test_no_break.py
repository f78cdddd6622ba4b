"""What Textual shows is not broken at a no-break space."""

from __future__ import annotations

from rich._wrap import divide_line

import tui.themes  # noqa: F401 - what it installs is what every application has


def test_a_line_breaks_before_what_a_no_break_space_holds_together() -> None:
    text = "10 epochs of 60\u00a0000 samples"
    assert [text[:at] for at in divide_line(text, 15)] == ["10 epochs of "]
    assert next(text[:at] for at in divide_line(text, 5)) == "10 "
