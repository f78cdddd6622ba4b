"""What is imported beside the screen, and when: nothing that a learner then has to wait for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.small_course import small_course
from tui import background, loading_ahead
from tui.app import TutorApp
from tui.background import in_background, wait_until_idle
from tui.loading_ahead import LoadingAhead
from tui.screens.lesson import LessonScreen


def _wait() -> None:
    for thread in threading.enumerate():
        if thread.name == "preload":
            thread.join(30)


@pytest.mark.parametrize("is_broken", [False, True])
def test_torch_comes_last_and_waits_until_a_lesson_is_seen(
    monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    monkeypatch.setattr(loading_ahead, "LOOK", 0.001)
    done, looks = list[str](), list[list[str]]()

    def load(name: str) -> None:
        done.append(name)
        if is_broken:
            raise ImportError(name)

    def not_elsewhere() -> bool:
        looks.append([*done])
        if len(looks) == 3:
            loading.go_on()
        return False

    monkeypatch.setattr(loading_ahead, "import_module", load)
    loading = LoadingAhead(lambda: done.append("torch"), not_elsewhere)
    loading.begin()
    _wait()
    assert looks == [["tui.screens.lesson"]] * 3
    assert done == ["tui.screens.lesson", "torch"]


@pytest.mark.parametrize(("looks", "elsewhere"), [(3, [False] * 3), (9, [False, False, True])])
def test_torch_does_not_wait_for_ever_nor_for_a_lesson_where_something_else_was_opened(
    monkeypatch: pytest.MonkeyPatch, looks: int, elsewhere: list[bool]
) -> None:
    monkeypatch.setattr(loading_ahead, "LOOK", 0.001)
    monkeypatch.setattr(loading_ahead, "PATIENCE", 0.001 * looks)
    done, left = list[str](), iter(elsewhere)
    LoadingAhead(lambda: done.append("torch"), lambda: next(left)).begin()
    _wait()
    assert done == ["torch"]
    assert list(left) == []


async def test_a_dialog_is_not_elsewhere(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        assert not app._is_elsewhere()
        await pilot.press("ctrl+p")
        assert len(app.screen_stack) == 2
        assert not app._is_elsewhere()
        await pilot.press("escape", "p")
        assert app._is_elsewhere()


@pytest.mark.parametrize("slug", [None, "backprop/one"])
async def test_an_application_imports_torch_once_a_lesson_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, slug: str | None
) -> None:
    monkeypatch.setattr(loading_ahead, "PATIENCE", 60.0)
    done, shown = list[str](), LessonScreen.show_step

    async def with_work(lesson: LessonScreen, step: int) -> None:
        await shown(lesson, step)
        in_background(lesson, lambda: done.append("work"), lambda _: None, lambda _: None)
        wait_until_idle()
        assert done == []
        assert app in background._held

    monkeypatch.setattr(LessonScreen, "show_step", with_work)
    app = TutorApp(
        lesson=slug,
        contents=small_course(tmp_path / "en"),
        progress=Progress(tmp_path / "p.sqlite"),
        preload=lambda: done.append("torch"),
        refresh_rate=1e-6,
    )
    async with app.run_test() as pilot:
        if slug is None:
            assert done == []
            await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert app not in background._held
        _wait()
        wait_until_idle()
        assert sorted(done) == ["torch", "work"]
