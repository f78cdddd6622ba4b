"""A screen that is opened for the first time reads its own style sheet, and no other again."""

from __future__ import annotations

from unittest.mock import patch

from textual.css.stylesheet import Stylesheet

from tui.screens.confirm import ConfirmScreen
from tui.themes import ThemedApp


async def test_the_sheets_of_other_screens_are_not_read_again() -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test(size=(80, 24)) as pilot:
        with patch.object(Stylesheet, "reparse") as reparse:
            await app.push_screen(ConfirmScreen("Start over?"))
            await pilot.pause()
        assert not reparse.called
        # Its own sheet holds: it stands in the middle.
        assert app.stylesheet.has_source(str(app.screen.css_path[0]), "")
        assert app.screen.styles.align_horizontal == "center"
