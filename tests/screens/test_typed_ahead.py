"""Keys that arrive in one piece do what they do one after the other, in every kind of field."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.screens.playground import PlaygroundScreen
from tui.screens.training import TrainingScreen
from tui.widgets.hyperparameters import HyperparameterForm

NAMES = {
    "\t": "tab", "\r": "enter", ".": "full_stop", "\x1b": "escape", "/": "slash", " ": "space",
    ",": "comma", "-": "minus", "%": "percent_sign",
}  # fmt: skip


def send(app: App[None], keys: str) -> None:
    """Put all keys into the queue before the first one is handled, as one chunk of input."""
    for key in keys:
        app.post_message(events.Key(NAMES.get(key, key), key if key.isprintable() else None))


async def test_search(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        send(app, "/softmax\r")
        await settle(pilot)
        assert app.screen.query_one("#find", Input).value == "softmax"
        assert app.focused is not None
        assert app.focused.id == "contents"


async def test_settings_of_a_training(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_training("softmax")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        form = screen.query_one(HyperparameterForm)
        send(app, "\t7\t0.25\t64\r")
        await settle(pilot)
        assert list(form.values().values())[:3] == [7, 0.25, 64]
        assert app.focused is None


async def test_playground_settings(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_playground()
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, PlaygroundScreen)
        send(app, "s")
        await settle(pilot)
        fields = [*app.screen.query(Input)]
        fields[0].focus()
        await pilot.pause()
        before = fields[1].value
        send(app, "77\t5")
        await settle(pilot)
        assert "77" in fields[0].value
        assert "77" not in fields[1].value
        assert fields[1].value != before or not fields[1].has_focus


@pytest.mark.parametrize("is_forwarded", [False, True])
async def test_keys_that_come_after_the_screens_do_nothing(
    is_forwarded: bool, make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor()
    close = app._close_messages

    async def late(wait: bool = True) -> None:
        # The screens are closed, and the application still empties its queue.
        key = events.Key("a", "a")
        if is_forwarded:
            key._set_forwarded()
        app.post_message(key)
        await close(wait)

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(app, "_close_messages", late)
    assert app.return_code in (None, 0)
    assert app.fault_note is None
