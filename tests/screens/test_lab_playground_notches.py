"""The playground as a lab: keys for the learning rate and the penalty, and what they say."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from engine.playground.settings import parse
from tui.labs.playground import NOTCHES, PlaygroundLab
from tui.themes import ThemedApp


class Bench(ThemedApp[None]):
    """A lab alone."""

    def __init__(self, **options: str) -> None:
        super().__init__()
        self.lab = PlaygroundLab(options)

    def compose(self) -> ComposeResult:
        """The lab."""
        yield self.lab

    @property
    def numbers(self) -> str:
        """What stands below the pictures."""
        return str(self.lab.query_one("#numbers", Static).content)


async def test_keys_step_through_rates_and_penalties_and_the_row_says_where() -> None:
    app = Bench(layers="2", rate="0.003")
    async with app.run_test(size=(80, 24)) as pilot:
        app.lab.focus()
        assert app.numbers.endswith("learning rate 0.003")
        await pilot.press("right_square_bracket")
        assert app.lab.settings.rate == 0.01
        await pilot.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert app.lab.settings.rate == NOTCHES["rate"][0]
        note = app.lab.query_one("#note", Static)
        assert str(note.content) == "This is the smallest value here. The playground takes others."
        await pilot.press("right")
        assert str(note.content) == app.lab.hint()
        await pilot.press("right_curly_bracket")
        assert app.numbers.endswith("learning rate 0.001 · L2 penalty 0.001")
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        assert app.lab.settings.l2 == 0
        assert app.numbers.endswith("learning rate 0.001")
        for key, said in (
            ("left", "The run begins here. Go a step forward, or let it train."),
            ("less_than_sign", app.lab.hint()),
            ("less_than_sign", "There is no hidden layer to remove. Add one, or train without."),
            ("plus", "Only hidden layers take units: add such a layer, or go to one."),
        ):
            await pilot.press(key)
            assert str(note.content) == said


async def test_a_key_goes_through_the_first_weights() -> None:
    app = Bench(data="xor", layers="4", start="equal")
    async with app.run_test(size=(80, 24)) as pilot:
        app.lab.focus()
        assert app.numbers.endswith("first weights: equal")
        await pilot.press("w", "e")
        assert app.lab.settings.start == "zero"
        assert not app.lab.runner.frame.flat[:-1].any()
        await pilot.press("w")
        assert app.numbers.endswith("first weights: random")
        assert (app.lab.settings.line, app.lab.runner.frame.step) == (
            parse("data=xor layers=4").line, 0,
        )  # fmt: skip


async def test_a_lab_without_either_has_one_row() -> None:
    app = Bench(layers="2")
    async with app.run_test(size=(80, 24)):
        assert "\n" not in app.numbers
