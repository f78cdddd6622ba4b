"""A field of a few words, by keyboard alone."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult

from tui.themes import ThemedApp
from tui.widgets.choice_input import ChoiceInput


class ChoiceApp(ThemedApp[None]):
    def __init__(self, value: str = "relu") -> None:
        super().__init__()
        self.field = ChoiceInput(("relu", "sigmoid", "tanh", "softplus"))
        self.start = value
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.field

    def on_mount(self) -> None:
        self.field.value = self.start
        self.field.focus()

    def on_choice_input_changed(self) -> None:
        self.heard.append(self.field.value)

    def on_choice_input_submitted(self) -> None:
        self.heard.append("enter")

    def key_s(self) -> None:
        self.heard.append("a letter got out")


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["right"], "sigmoid"),
        (["down", "space"], "tanh"),
        (["left"], "softplus"),
        (["up", "up"], "tanh"),
        (["t"], "tanh"),
        (["s"], "sigmoid"),
        (["s", "s"], "softplus"),
        (["s", "s", "s"], "sigmoid"),
        (["z", "1"], "relu"),
        (["right", "right", "right", "right"], "relu"),
    ],
)
async def test_arrows_and_first_letters_choose(keys: list[str], value: str) -> None:
    app = ChoiceApp()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.press(*keys)
        assert app.field.value == value
        assert "a letter got out" not in app.heard
        assert app.field.render_line(0).text.startswith(f"‹{value}›")


async def test_a_word_that_is_no_choice_stays_until_another_is_chosen() -> None:
    app = ChoiceApp("swish")
    async with app.run_test(size=(20, 3)) as pilot:
        assert app.field.render_line(0).text.startswith("‹swish›")
        await pilot.press("right", "enter")
        assert app.heard == ["swish", "relu", "enter"]


async def test_a_long_word_is_shown_without_arrows_where_there_is_no_room() -> None:
    app = ChoiceApp("softplus")
    async with app.run_test(size=(9, 3)):
        assert app.field.render_line(0).text == "softplus "


async def test_a_word_that_is_cut_says_so() -> None:
    app = ChoiceApp("softplus")
    async with app.run_test(size=(6, 3)):
        assert app.field.render_line(0).text == "softp…"
