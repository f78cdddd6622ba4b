"""Where a page was scrolled to, through windows that show all of it."""

from __future__ import annotations

from tui.scrolled import Scrolled


def resized(scrolled: Scrolled, before: float, most: float) -> float:
    """Resize so that at most `most` rows can be scrolled away; where the page then is."""
    scrolled.note(before)
    shown = min(scrolled.wanted, most)
    scrolled.done(shown)
    return shown


def test_it_comes_back_after_a_window_with_room_for_all() -> None:
    scrolled = Scrolled()
    assert resized(scrolled, 30, 40) == 30
    assert resized(scrolled, 30, 0) == 0
    assert resized(scrolled, 0, 12) == 12
    assert resized(scrolled, 12, 40) == 30


def test_a_row_that_was_chosen_meanwhile_stays() -> None:
    scrolled = Scrolled()
    resized(scrolled, 30, 10)
    assert resized(scrolled, 4, 40) == 4


def test_what_is_not_laid_out_yet_was_chosen_by_nobody() -> None:
    scrolled = Scrolled()
    scrolled.note(30)
    scrolled.note(0)
    assert scrolled.wanted == 30
