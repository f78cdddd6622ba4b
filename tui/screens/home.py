"""The contents: all chapters and lessons, how far the learner is, and a way to find one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from lessons.format.catalog import Chapter, Entry
from lessons.format.document import LessonError
from tui.widgets.training_status import TrainingStatus

if TYPE_CHECKING:
    from tui.app import TutorApp


class ContentsList(OptionList):
    """The list itself; it names its key in the footer."""

    BINDINGS = [
        Binding("enter", "select", "Open", id="contents.open", tooltip="Open the marked lesson")
    ]


class HomeScreen(Screen[None]):
    """Chapters and lessons; `enter` opens one, `/` finds one."""

    BINDINGS = [
        Binding("slash", "find", "Find", id="home.find", tooltip="Find a lesson by its words"),
        Binding("c", "chapter", "Chapter", id="home.chapter",
                tooltip="What is done and what is shaky in the chapter of the marked lesson"),
        Binding("v", "app.review", "Review", id="home.review",
                tooltip="Answer the old questions that come back today"),
        Binding("j,down", "down", "Down", id="home.down", show=False, tooltip="Next lesson"),
        Binding("k,up", "up", "Up", id="home.up", show=False, tooltip="Lesson before"),
        Binding(
            "right,l,space,enter", "open", "Open", id="home.open_right", show=False,
            tooltip="Open the marked lesson",
        ),
        Binding("escape", "clear", "All lessons", id="home.clear", tooltip="Show all lessons"),
        Binding("q", "app.request_quit", "Quit", id="home.quit", tooltip="Leave dltutor"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Title, search field, contents, a line about the marked lesson."""
        yield Static("dltutor · the fundamentals of deep learning", id="title")
        yield Input(placeholder="find a lesson", id="find")
        yield ContentsList(id="contents", markup=False)
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield Footer(show_command_palette=False, compact=True)

    @property
    def tutor(self) -> TutorApp:
        """The application."""
        return cast("TutorApp", self.app)

    @property
    def contents(self) -> OptionList:
        """The list of lessons."""
        return self.query_one("#contents", OptionList)

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one("#find").display = False
        self.fill()
        self.contents.focus()

    def on_screen_resume(self) -> None:
        """Show the progress made meanwhile."""
        self.fill()

    def fill(self) -> None:
        """Fill the list with the lessons whose words match the search."""
        wanted = self.query_one("#find", Input).value.casefold().split()
        marked = self.marked or self.tutor.progress.last()
        contents = self.contents
        options: list[Option] = []
        for chapter in self.tutor.contents.chapters:
            entries = [entry for entry in chapter.entries if _matches(entry, chapter, wanted)]
            if not entries:
                continue
            heading = RichText(f"{chapter.number}  {chapter.title}", style="bold")
            options.append(Option(heading, disabled=True))
            options.extend(self._option(entry) for entry in entries)
        if not options:
            options.append(Option(RichText("No lesson has these words."), disabled=True))
        contents.clear_options()
        contents.add_options(options)
        self._mark(marked)
        self._describe()

    def _mark(self, slug: str | None) -> None:
        enabled = [
            place
            for place in range(self.contents.option_count)
            if not self.contents.get_option_at_index(place).disabled
        ]
        wanted = [place for place in enabled if self.contents.get_option_at_index(place).id == slug]
        first = next(iter(wanted or enabled), None)
        self.contents.highlighted = first
        if first is not None and enabled and first == enabled[0]:
            self.contents.scroll_home(animate=False)

    def _option(self, entry: Entry) -> Option:
        state = self._state(entry)
        title = RichText.assemble(
            f"   {state[0]} ", (f"{entry.title:<40}", "" if entry.is_written else "dim"), " ",
            (state[1], "dim"),
        )  # fmt: skip
        return Option(title, id=entry.slug, disabled=not entry.is_written)

    def _state(self, entry: Entry) -> tuple[str, str]:
        if not entry.is_written:
            return "·", "coming"
        progress = self.tutor.progress.get(entry.slug)
        if progress.done:
            return "✓", "done"
        if progress.furthest < 0:
            return "○", "new"
        return "◐", f"at step {progress.step + 1}"

    @property
    def marked(self) -> str | None:
        """Slug of the marked lesson."""
        place = self.contents.highlighted
        return None if place is None else self.contents.get_option_at_index(place).id

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the marked lesson."""
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the lesson."""
        event.stop()
        self.action_open()

    def _describe(self) -> None:
        about = self.query_one("#about", Static)
        if self.marked is None:
            about.update("")
            return
        try:
            lesson = self.tutor.contents.load(self.marked)
        except LessonError as error:
            about.update(str(error))
            return
        text = f"{lesson.slug} · {len(lesson.steps)} steps · about {lesson.minutes} minutes"
        if lesson.needs:
            text += f" · builds on {', '.join(lesson.needs)}"
        about.update(text)

    def on_input_changed(self) -> None:
        """Search while the learner types."""
        self.fill()

    def on_input_submitted(self) -> None:
        """Go from the search field to the list; open the lesson where just one is left."""
        written = [
            place
            for place in range(self.contents.option_count)
            if not self.contents.get_option_at_index(place).disabled
        ]
        self.contents.focus()
        if len(written) == 1:
            self.action_open()

    def action_open(self) -> None:
        """Open the marked lesson."""
        if self.marked is not None:
            self.tutor.open_lesson(self.marked)

    def action_chapter(self) -> None:
        """Show how the chapter of the marked lesson stands."""
        if self.marked is not None:
            self.tutor.open_chapter(self.tutor.contents.entry(self.marked).chapter)

    def action_find(self) -> None:
        """Type words to look for."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def action_clear(self) -> None:
        """End the search."""
        field = self.query_one("#find", Input)
        field.value = ""
        field.display = False
        self.contents.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a search to end only while one is under way."""
        return self.query_one("#find").display if action == "clear" else True

    def action_down(self) -> None:
        """Mark the next lesson."""
        self.contents.action_cursor_down()

    def action_up(self) -> None:
        """Mark the lesson before."""
        self.contents.action_cursor_up()


def _matches(entry: Entry, chapter: Chapter, wanted: list[str]) -> bool:
    words = f"{entry.slug} {entry.title} {chapter.title}".casefold()
    return all(word in words for word in wanted)
