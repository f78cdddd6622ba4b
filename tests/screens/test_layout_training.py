"""Every pane of the training screen and every question around it, looked over by the walker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from engine.training.guess import Guess
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import HostApp, linear_finished, losses, softmax_running
from tests.screens.layout import HELP, problems
from tests.screens.test_insight_panes import SICK, mlp
from tests.screens.test_training_dialogs import Missing, never
from tests.screens.waiting import settle
from tui.panes.registry import panes
from tui.screens.choice import ChoiceScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import DataChoiceScreen
from tui.screens.export import ExportScreen
from tui.screens.guess import GuessScreen
from tui.screens.text import TextScreen
from tui.screens.training import TrainingScreen

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")

SIZES = [(80, 24), (120, 40)]


def long_run() -> Snapshot:
    """As long and as wide as numbers get, with all the rows that can stand above the panes."""
    seen = softmax_running(9)
    rows = tuple(
        replace(row, train_loss=1.234e-05, test_loss=98765.4321, during_loss=1e30, seconds=12345.6)
        for row in seen.measured
    )
    return replace(
        seen, state=SessionState.FAILED, measured=rows, losses=losses(3000, 9.8e7, 1e-5),
        step=2_345_678, total_steps=10_000_000, samples_per_second=12_345_678.0,
        seconds=123_456.0, guess=Guess(2.5, 0.9),
        message="The loss became NaN at step 2345678: the learning rate 10 is too high. Lower it.",
    )  # fmt: skip


STATES: dict[str, Callable[[], Snapshot | None]] = {
    "idle": lambda: None,
    "running": softmax_running,
    "sick": lambda: mlp(*SICK),
    "long": long_run,
    "regression": linear_finished,
}


ALL = tuple(pane.ID for pane in panes())
VISITED: dict[str, tuple[str, ...]] = {
    "idle": ("model", "table"),
    "running": ("model",),
    "sick": ALL,
    "long": ("loss", "table", "gradients"),
    "regression": ("epoch", "model", "table"),
}
"""All panes once; in the other states, those that show something else then."""


def found(app: HostApp, screen: Screen[Any] | None = None) -> list[str]:
    # The small application around the screen has no help.
    return [str(one) for one in problems(screen or app.screen) if one.kind != HELP]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
async def test_every_pane_in_every_state(state: str, size: tuple[int, int]) -> None:
    snapshot = STATES[state]()
    app = HostApp(TrainingScreen(snapshot.recipe if snapshot else "softmax"))
    if snapshot is not None:
        app.fake.publish(snapshot)
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        await settle(pilot)
        await pilot.pause()  # the row of keys is renewed once more
        wrong = found(app)
        for pane in VISITED[state]:
            if screen.check_action("pane", (pane,)):
                await screen.action_pane(pane)
                await settle(pilot)
                await pilot.pause()  # the row of keys is renewed once more
                wrong += [f"{pane}: {one}" for one in found(app)]
        assert wrong == []


DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "confirm": lambda: ConfirmScreen("Start over with a new model? This run ends."),
    "choice": lambda: ChoiceScreen("Which lesson?", [("a", "The first one"), ("b", "Another")]),
    "data": lambda: DataChoiceScreen(Missing(), download=never),
    "export": lambda: ExportScreen(Path("/home/me/runs/2026-11-28-softmax")),
    "guess": lambda: GuessScreen(Guess(2.3, 0.8), classifies=True),
    "text": lambda: TextScreen("A title", "One line.\n" * 60),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
async def test_every_question_fits(size: tuple[int, int]) -> None:
    app = HostApp()
    async with app.run_test(size=size) as pilot:
        for name, make in DIALOGS.items():
            app.push_screen(make())
            await settle(pilot)
            await pilot.pause()  # the row of keys is renewed once more
            assert found(app) == [], name
            app.pop_screen()
