"""What has changed is drawn soon, also where the drawing before took long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from itertools import count

import pytest
from textual.app import App
from textual.timer import Timer

from tui.late_timers import APART, DRAWS, never_lose_timers

PERIOD = 1 / 60
"""Seconds between two drawings as Textual has it."""


@pytest.mark.parametrize("took", [0.0, 0.9 * PERIOD, 1.1 * PERIOD, 5.0 * PERIOD])
async def test_a_long_drawing_does_not_put_off_the_next(
    took: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual's own timer lets up to two periods pass after a drawing that took more than one."""
    never_lose_timers()
    looks, slept, drawn = count(), list[float](), 0
    turn = asyncio.sleep

    def given() -> Awaitable[None]:
        return turn(0)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await given()

    async def draw() -> None:
        nonlocal drawn
        drawn += 1
        if drawn == 3:
            timer.pause()

    app: App[None] = App()
    timer = Timer(app, PERIOD, name=DRAWS, callback=draw, pause=True)
    monkeypatch.setattr("textual._time.get_time", lambda: next(looks) * took)
    monkeypatch.setattr("tui.late_timers.asyncio.sleep", sleep)
    monkeypatch.setattr("textual.timer.sleep", sleep)
    with app._context():
        task = asyncio.ensure_future(timer._run())
    timer.resume()
    for _ in range(100):  # far more turns than it needs to draw three times
        await given()
    task.cancel()
    assert drawn == 3
    assert len(slept) == drawn, "the first drawing waits for nothing"
    assert all(seconds <= APART for seconds in slept)
