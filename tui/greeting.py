"""What the application says and offers when it starts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.language import _
from tui.background import in_background
from tui.hangup import LEFT_BEHIND

if TYPE_CHECKING:
    from tui.app import TutorApp


def resumable(app: TutorApp) -> str | None:
    """The lesson where the learner left off; None where there is none."""
    last = app.progress.last()
    if last is None or not any(
        entry.slug == last and entry.is_written for entry in app.contents.entries()
    ):
        return None
    return last


def tell(app: TutorApp) -> None:
    """Say what is wrong with the progress file, what was left behind, and what is preferred."""
    if app.progress.notice:
        app.notify(app.progress.notice, severity="warning", timeout=12, markup=False)
    app.progress.warn = lambda notice: app.notify(
        notice, severity="warning", timeout=12, markup=False
    )
    told = app.progress.setting(LEFT_BEHIND)
    if told:
        app.notify(told, timeout=20, markup=False)
        app.progress.remember(LEFT_BEHIND, "")
    _tell_config(app)


def _tell_config(app: TutorApp) -> None:
    """Say what in the file of preferences cannot be used."""
    if app.config.problems:
        _tell_problem(app, app.config.problems[0])


def _tell_problem(app: TutorApp, problem: str) -> None:
    told = _("Some preferences cannot be used: {problem} `dltutor config check` has more.")
    app.notify(told.format(problem=problem), severity="warning", timeout=12, markup=False)


def check_keys(app: TutorApp) -> None:
    """Say which of the keys that the learner chose cannot be used, once that is known.

    To know every binding, all screens and labs are imported, so it is done beside the first one.
    """
    if not app.config.keys or app.config.problems:
        return
    from tui.config import problems_of

    def found(problems: list[str]) -> None:
        if problems:
            _tell_problem(app, problems[0])

    def failed(error: Exception) -> None:
        raise error

    in_background(app.screen_stack[0], partial(problems_of, app.config), found, failed)


def offer_review(app: TutorApp) -> None:
    """Offer the questions that are due today."""
    from lessons.learner.log import question_logs
    from lessons.learner.review import due

    # Most starts have nothing to ask, and need not load what judges the answers.
    if due(question_logs(app.progress.answers()).values(), app.progress.today):
        from tui.screens.review import offer

        offer(app)


def offer_to_go_on(app: TutorApp) -> None:
    """Ask about a training that was interrupted: a kill, a dropped line, a power cut."""
    found = app.cut_off_training()
    if found is None:
        return
    from tui.screens.confirm import ConfirmScreen

    recipe, question = found

    def answered(agreed: bool | None) -> None:
        if agreed:
            app.open_training(recipe, go_on=True)

    app.push_screen(ConfirmScreen(question, yes=_("Resume"), no=_("Not now")), answered)
