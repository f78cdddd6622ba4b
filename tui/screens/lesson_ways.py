"""Where a lesson leads: other lessons, exercises, symbols, the contents, the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.language import _
from lessons.format.links import links_of
from tui.messages import LessonLink
from tui.screens.step_screen import StepScreen

if TYPE_CHECKING:
    from tui.screens.home import HomeScreen


class LeadsElsewhere(StepScreen):
    """A screen whose keys lead from a step to other screens."""

    def on_lesson_link(self, message: LessonLink) -> None:
        """Open the lesson that a link names."""
        self.tutor.follow(message.slug, self.lesson.slug, self.step)

    def action_follow(self) -> None:
        """Open the lesson that this step names; where it names several, ask which."""
        blocks = self.lesson.steps[self.step].blocks
        slugs = [*dict.fromkeys(slug for block in blocks for _text, slug in links_of(block))]
        if not slugs:
            self.notify(_("This step names no other lesson."), markup=False)
        elif len(slugs) == 1:
            self.post_message(LessonLink(slugs[0]))
        else:
            from tui.screens.choice import ChoiceScreen

            def chosen(slug: str | None) -> None:
                if slug is not None:
                    self.post_message(LessonLink(slug))

            titles = [(slug, self.tutor.contents.entry(slug).title) for slug in slugs]
            self.app.push_screen(ChoiceScreen(_("Which lesson?"), titles), chosen)

    def action_return(self) -> None:
        """Return to where a link was followed."""
        self.tutor.return_from_link()

    def action_exercise(self) -> None:
        """Open an exercise of this lesson."""
        self.tutor.choose_exercise(self.lesson)

    def action_copy(self) -> None:
        """Copy the step as Markdown with LaTeX."""
        from tui.page.spoken import step_markdown

        self.app.copy_to_clipboard(step_markdown(self.lesson, self.step))

    def action_symbols(self) -> None:
        """Name, shape and meaning of every symbol."""
        from tui.screens.symbols import SymbolScreen

        self.app.push_screen(SymbolScreen(self.lesson))

    def action_contents(self) -> None:
        """Return to the contents, with this lesson selected."""
        self._home()

    def action_find(self) -> None:
        """Return to the contents and search there."""
        home = self._home()
        if home is not None:
            home.action_find()

    def action_chapter(self) -> None:
        """Show the progress in the chapter of this lesson."""
        self.tutor.open_chapter(self.lesson.chapter)

    def _home(self) -> HomeScreen | None:
        from tui.screens.home import HomeScreen

        self.app.pop_screen()
        if not isinstance(self.app.screen, HomeScreen):
            return None
        self.app.screen.select(self.lesson.slug)
        return self.app.screen
