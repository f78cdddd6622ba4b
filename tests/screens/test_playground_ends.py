"""The playground says where it ends; its form takes clicks."""

from __future__ import annotations

from textual.widgets import Static

from tests.screens.conftest import MakeTutor
from tests.screens.notes import notes
from tests.screens.test_clicks import click
from tests.screens.test_playground import opened
from tests.screens.waiting import settle
from tui.widgets.choice_input import ChoiceInput
from tui.widgets.play_features import FeaturePicker


async def test_keys_that_can_go_no_further_say_so_once(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "layers=2,2,2,1")
        await pilot.press("greater_than_sign", "left", "b", "r")
        assert notes(app) == [
            "At most 4 hidden layers. Add units to one of them instead.",
            "The run begins here. Go a step forward, or let it train.",
            "The run stands at its beginning. Let it train first.",
        ]
        app.clear_notifications()
        await pilot.press("u", "right", "right", "right", "minus", "minus", "right", "plus")
        assert notes(app) == [
            "A hidden layer has 1 to 8 units. Add or remove a layer instead.",
            "Only hidden layers take units: add such a layer, or go to one.",
        ]


async def test_names_choices_and_buttons_of_the_form_take_clicks(make_tutor: MakeTutor) -> None:
    app = make_tutor("linear/model")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("s")
        await click(pilot, "train share")
        assert app.focused is app.screen.query_one("#train")
        await click(pilot, "features")
        assert app.focused is app.screen.query_one(FeaturePicker)
        start = app.screen.query_one("#start", ChoiceInput)
        for x, value in ((0, "zero"), (5, "random"), (3, "random")):
            await pilot.click(start, offset=(x, 0))
            assert start.value == value
        app.screen.query_one(FeaturePicker).focus()
        await pilot.press("space", "right", "space", "space")
        assert app.screen.query_one(FeaturePicker).chosen == ("x2",)
        await settle(pilot)
        told = "The network needs one feature at least. Switch another one on first."
        assert str(app.screen.query_one("#wrong", Static).content) == told
        await click(pilot, "Close (esc)")
        assert app.screen is screen
