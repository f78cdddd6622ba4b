"""Every pane of the training screen and every question around it, looked over by the walker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.screen import Screen

from engine.training.guess import Guess
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import HostApp, linear_finished, losses, softmax_running
from tests.screens.layout import HELP, problems
from tests.screens.test_insight_panes import SICK, mlp
from tui.panes.registry import panes
from tui.screens.training import TrainingScreen

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


def found(app: HostApp, screen: Screen[object] | None = None) -> list[str]:
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
        await pilot.pause()
        wrong = found(app)
        for pane in panes():
            if pane.ID in screen.panes._panes and screen.check_action("pane", (pane.ID,)):
                screen.action_pane(pane.ID)
                await pilot.pause()
                wrong += [f"{pane.ID}: {one}" for one in found(app)]
        assert wrong == []
