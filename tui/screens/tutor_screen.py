"""A screen of this application, which has the course and the learner's progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.app import TutorApp


class TutorScreen(Screen[None]):
    """A screen that asks its application for more than any application of Textual has."""

    @property
    def tutor(self) -> TutorApp:
        """The application."""
        return cast("TutorApp", self.app)
