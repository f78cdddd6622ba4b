"""The application itself: what it does first, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.data import DataMissing, load_images
from engine.recipes.catalog import find_recipe
from engine.training.events import EventHandler, Session, StateChanged
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession
from tests.screens.notes import notes
from tui.app import TutorApp
from tui.page.signs import plain_signs, use_plain_signs
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import DataChoiceScreen
from tui.screens.training import TrainingScreen

FIRST_FRAME = """
import asyncio, sys
from importlib.abc import MetaPathFinder
from textual.app import App

seen = []

class Watch(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            seen.append("torch")
        return None

sys.meta_path.insert(0, Watch())
display = App._display

def painted(self, screen, renderable):
    if self._running and screen is not None and screen.size.width:
        seen.append("paint")
    return display(self, screen, renderable)

App._display = painted

from tui.app import TutorApp
from tui.page.signs import plain_signs, use_plain_signs

async def main():
    app = TutorApp(lesson="functions/softmax")  # its first step has lines to prove, with PyTorch
    async with app.run_test():
        while "torch" not in seen:
            await asyncio.sleep(0.01)

asyncio.run(asyncio.wait_for(main(), 60))
print(seen.index("paint") < seen.index("torch"), "torch" in seen)
"""


def test_the_first_frame_is_painted_before_torch_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=True, timeout=90
    )
    assert done.stdout.split() == ["True", "True"]


async def test_events_of_the_engine_thread_reach_the_screen(tmp_path: Path) -> None:
    session = FakeSession()
    handlers: list[EventHandler] = []

    def make(handler: EventHandler) -> Session:
        handlers.append(handler)
        return session

    app = TutorApp(
        progress=Progress(tmp_path / "p.sqlite"), make_session=make, preload=None, refresh_rate=1e-6
    )
    async with app.run_test() as pilot:
        app.open_training("linear")
        await pilot.pause()
        assert isinstance(app.screen, TrainingScreen)
        await pilot.press("s")
        session.change(state=SessionState.FAILED, message="The loss is no number.")
        event = StateChanged(SessionState.FAILED, "The loss is no number.")
        poster = threading.Thread(target=handlers[0], args=(event,))
        poster.start()
        poster.join()
        await pilot.pause()
        assert app.is_running
        assert "The loss is no number." in _text(app)


def _text(app: TutorApp) -> str:
    return "\n".join(
        "".join(segment.text for segment in line) for line in app.screen._compositor.render_strips()
    )


async def test_missing_data_ask_for_a_choice_whose_answer_starts_again(
    make_tutor: MakeTutor, session: FakeSession, tmp_path: Path
) -> None:
    with pytest.raises(DataMissing) as caught:
        load_images("fashion-mnist", tmp_path)
    missing = caught.value
    app = make_tutor()
    async with app.run_test() as pilot:
        app.open_training("softmax")
        await pilot.pause()
        await pilot.press("s")
        session.change(state=SessionState.FAILED, message=str(missing))
        app._on_engine_event(StateChanged(SessionState.FAILED, str(missing), missing))
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, DataChoiceScreen)
        await pilot.press("b")
        await pilot.pause()
        assert session.started[-1].source.allow_synthetic


async def test_ctrl_q_works_over_a_dialog_and_asks_while_training(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        app.start_training(TrainingOrder(find_recipe("linear")))
        await pilot.press("question_mark", "ctrl+q")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("y")
        assert app.return_code == 0
    assert session.is_closed


async def test_a_damaged_progress_file_is_told_once_and_stops_nothing(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"no database" * 100)
    app = make_tutor(progress=Progress(path))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert any("damaged" in note for note in notes(app))


async def test_plain_signs_are_remembered(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        try:
            app.toggle_signs()
            await pilot.pause()
            assert plain_signs()
            assert app.progress.setting("plain signs") == "yes"
        finally:
            use_plain_signs(False)


async def test_a_notice_with_brackets_is_no_markup(make_tutor: MakeTutor, tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.notice = "Your progress cannot be kept in /tmp/[bold]/[/]: no space."
    app = make_tutor(progress=progress)
    async with app.run_test() as pilot:
        await pilot.pause()
        (note,) = app._notifications
        assert note.message == progress.notice
        assert not note.markup
        assert app.is_running
