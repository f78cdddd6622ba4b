"""Applications for the screen tests: a session stepped by hand, no torch, nothing that blinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from lessons.format.catalog import Catalog
from lessons.learner.progress import Progress
from tests.screens import drawing
from tests.screens.fake_session import FakeSession
from tests.small_course import small_course
from tui.app import TutorApp

MakeTutor: TypeAlias = Callable[..., TutorApp]


@pytest.fixture
def session() -> FakeSession:
    """The training that the app owns."""
    return FakeSession()


@pytest.fixture
def contents(tmp_path: Path) -> Catalog:
    """A small course."""
    return small_course(tmp_path / "en")


@pytest.fixture
def make_tutor(tmp_path: Path, session: FakeSession) -> MakeTutor:
    """Makes the whole application; the refresh timer is so slow that it never fires."""

    def make(
        lesson: str | None = None,
        progress: Progress | None = None,
        contents: Catalog | None = None,
    ) -> TutorApp:
        return TutorApp(
            lesson=lesson,
            contents=contents,
            progress=progress or Progress(tmp_path / "progress.sqlite"),
            make_session=lambda _: session,
            preload=None,
            list_devices=lambda: ("cpu",),
            refresh_rate=1e-6,
        )

    return make


@pytest.fixture
def drawn_at_pauses() -> Iterator[None]:
    """Screens are drawn at each pause: for tests that look at all of them."""
    with drawing.drawing_when("at pauses"):
        yield
