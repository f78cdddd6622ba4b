"""The contents: all chapters and lessons, a card about the selected one, and a search."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.events import ScreenResume
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.language import _, plural
from lessons.format.catalog import Entry
from lessons.learner.progress import LessonProgress
from tui.background import after_refresh
from tui.key_names import keyed
from tui.screens.home_about import About
from tui.screens.home_list import ContentsList, FindField
from tui.screens.home_rows import chapter_row, due_questions, lesson_row
from tui.screens.tutor_screen import TutorScreen
from tui.widgets.lesson_card import LessonCard
from tui.widgets.training_status import TrainingStatus
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from lessons.format.searching import Found, Index


class HomeScreen(TutorScreen):
    """Chapters and lessons; `enter` opens one, `/` searches the whole course."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    BINDINGS = [
        Binding("slash", "find", _("Find"), id="home.find",
                tooltip=_("Search titles, text, formulas, symbols and slips")),
        Binding("c", "chapter", _("Chapter"), id="home.chapter",
                tooltip=_("Show your progress in the chapter of the selected lesson")),
        Binding("x", "exercises", _("Exercises"), id="home.exercises",
                tooltip=_("Write functions of the course yourself")),
        Binding("p", "playground", _("Playground"), id="home.playground", show=False,
                tooltip=_("Train a small network on points, and watch every unit")),
        Binding("v", "app.review", _("Review"), id="home.review",
                tooltip=_("Answer the questions that are due today")),
        Binding("j,down", "down", _("Down"), id="home.down", show=False, tooltip=_("Next lesson")),
        Binding("k,up", "up", _("Up"), id="home.up", show=False, tooltip=_("Previous lesson")),
        Binding("right,l,space,enter", "open", _("Open"), id="home.open_right", show=False,
                tooltip=_("Open the selected lesson")),
        Binding("escape", "clear", _("All lessons"), id="home.clear",
                tooltip=_("Show all lessons")),
        Binding("q", "app.request_quit", _("Quit"), id="home.quit", tooltip=_("Quit dltutor")),
    ]  # fmt: skip

    def __init__(self, *, later: bool = False) -> None:
        """With `later`, nothing is on it until it is furnished: something else opens first."""
        super().__init__()
        self._later = later
        self.is_furnished = not later
        """Whether its parts are there."""
        self._is_unseen = later
        self._chosen: str | None = None  # the lesson to select as soon as there is a list
        self._index: Index | None = None
        self._found: list[Found] = []
        self._about = About(self)
        self._filled_for = 0
        """The width of the rows that the list has; 0 where it has to be filled again."""
        self._progress: dict[str, LessonProgress] = {}
        """How far the learner was in each lesson when the list was filled."""
        self._due: Counter[str] = Counter()
        """How many questions of each lesson waited for a review then."""

    def compose(self) -> ComposeResult:
        """Title, search field, contents beside the card, the state of a training."""
        if self._later:
            return
        with Horizontal(id="head"):
            yield Static("dltutor", id="title", markup=False)
            yield Static("", id="overall", markup=False)
        with Horizontal(id="welcome-row"):
            yield Welcome()
        yield Horizontal(id="find-row")
        with Horizontal(id="panes"):
            yield ContentsList(id="contents", markup=False)
            with VerticalScroll(id="card-pane", can_focus=False):
                yield LessonCard()
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield Static("", id="keys")

    @property
    def contents(self) -> ContentsList:
        """The list of lessons."""
        return self.query_one("#contents", ContentsList)

    @property
    def wanted(self) -> str:
        """What is looked for; empty while nothing is."""
        field = self._field
        return "" if field is None else field.value.strip()

    @property
    def _field(self) -> FindField | None:
        """The search field; None before the first search, so that a start need not make it."""
        return next(iter(self.query(FindField)), None)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._renew())
        if not self._later:
            self._begin()

    def _begin(self) -> None:
        self.contents.focus()
        after_refresh(self, self._show_keys)

    async def furnish(self) -> None:
        """Make what is on it, if that was left for later."""
        if self._later:
            self._later = False
            await self.recompose()
            self.is_furnished = True
            self._begin()
            if self._chosen is not None:
                self.select(self._chosen)

    def _show_keys(self) -> None:
        """Show the keys in their row; they are not known before the first frame."""
        from tui.widgets.key_bar import KeyBar

        bar = KeyBar()
        self.query_one("#keys").remove()
        self.mount(bar)
        after_refresh(bar, self.refresh_bindings)  # it listens by then

    async def on_screen_resume(self, event: ScreenResume) -> None:
        """Show the progress made in the meantime."""
        if self.is_current:
            await self.furnish()
            if self._is_unseen:
                self._is_unseen = False
                self.fill()  # with its rows, the list is laid out beside its scrollbar
                self._refresh_layout(self.app.size)  # how wide they are depends on that
        # At a start everything has just been styled, with the only style sheet there is.
        event.refresh_styles = self.stack_updates > 0
        self._renew()

    def on_resize(self) -> None:
        """The rows depend on the width, and so does the title."""
        self.call_later(self._fit)

    def _fit(self) -> None:
        if not self.is_furnished:
            return
        if self._row_width != self._filled_for:
            self._renew()
        else:
            self._show_overall()

    def _renew(self) -> None:
        """Fill the list unless another screen hides it: it is filled when it is seen again."""
        if self.is_current and self.is_furnished:
            place = self.contents.highlighted
            self.fill()
            if self.wanted and place is not None:
                self._mark(f"{place}")  # the same words find the same places

    def select(self, slug: str) -> None:
        """Select the lesson `slug`, where the list shows it, as soon as there is one."""
        if not self.is_furnished:
            self._chosen = slug
            return
        if not self._filled_for:
            self.fill()
        if not self.wanted:
            self._mark(slug)

    def fill(self) -> None:
        """Fill the list: the whole course, or the places that hold what is looked for."""
        marked = self.marked or self.tutor.progress.last()
        self._progress = self.tutor.progress.of_lessons()
        self._due = due_questions(self.tutor.progress)
        fresh = not any(self._far(entry.slug).opened for entry in self._entries())
        self.query_one(Welcome).display = fresh and not self.wanted
        self._filled_for = self._row_width
        options = self._places() if self.wanted else self._course()
        self.contents.clear_options()
        self.contents.add_options(options)
        self._mark(marked)
        self._show_overall()
        self._describe()

    def _entries(self) -> list[Entry]:
        return [entry for entry in self.tutor.contents.entries() if entry.is_written]

    @property
    def _row_width(self) -> int:
        shown = self.contents.scrollable_content_region
        width = shown.width or self.size.width - self.contents.gutter.width
        # Before the first layout, and the one that shows the scrollbar, it is reckoned with: the
        # course is longer than most screens are high.
        coming = not shown.width or self.contents.option_count > shown.height
        if coming and not self.contents.show_vertical_scrollbar:
            width -= self.contents.styles.scrollbar_size_vertical
        return max(width, 40) - 2

    def _far(self, slug: str) -> LessonProgress:
        return self._progress.get(slug, LessonProgress())

    def _course(self) -> list[Option]:
        inks, width = self.contents.inks, self._row_width
        options: list[Option] = []
        for chapter in self.tutor.contents.chapters:
            if options:
                options.append(Option("", disabled=True))
            done = sum(self._far(each.slug).done for each in chapter.entries)
            options.append(Option(chapter_row(chapter, done, width, inks), disabled=True))
            for entry in chapter.entries:
                notes = self._notes(entry, self._due[entry.slug])
                row = lesson_row(entry, self._state(entry), notes, width, inks)
                options.append(Option(row, id=entry.slug, disabled=not entry.is_written))
        return options

    def _places(self) -> list[Option]:
        if self._index is None:
            from lessons.format.searching import Index

            self._index = Index(self.tutor.contents, keyed)
        from tui.screens.found_rows import found_row, nothing_found

        self._found = self._index.find(self.wanted)
        inks, width = self.contents.inks, self._row_width
        options = [
            Option(
                found_row(found, self.wanted, width, inks),
                id=f"{place}",
                disabled=not found.entry.is_written,
            )
            for place, found in enumerate(self._found)
        ]
        return options or [Option(row, disabled=True) for row in nothing_found(width)]

    def _mark(self, slug: str | None) -> None:
        options = self.contents.options
        enabled = [place for place, option in enumerate(options) if not option.disabled]
        wanted = [place for place in enabled if options[place].id == slug]
        first = next(iter(wanted or enabled), None)
        self.contents.highlighted = first
        if first is not None and enabled and first == enabled[0]:
            self.contents.scroll_home(animate=False)

    def _state(self, entry: Entry) -> str:
        if not entry.is_written:
            return "coming"
        progress = self._far(entry.slug)
        return "done" if progress.done else "under way" if progress.opened else "new"

    def _notes(self, entry: Entry, due: int) -> list[tuple[str, bool]]:
        notes = []
        if due:
            notes.append((_("{count} due").format(count=due), True))
        if self._state(entry) == "under way":
            keys = self.tutor.contents.step_keys(entry.slug)
            step = self._far(entry.slug).place(keys) + 1
            notes.append((_("step {step} of {count}").format(step=step, count=len(keys)), False))
        return notes

    @property
    def found(self) -> Found | None:
        """The selected place, while something is looked for."""
        place = self.contents.highlighted
        if not self.wanted or place is None or not self._found:
            return None
        return self._found[place]

    @property
    def marked(self) -> str | None:
        """Slug of the selected lesson."""
        if self.wanted:
            return self.found.entry.slug if self.found else None
        place = self.contents.highlighted
        return None if place is None else self.contents.get_option_at_index(place).id

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the selected lesson."""
        if self.query(LessonCard):  # it may be gone already, at the end of the program
            self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the lesson."""
        event.stop()
        self.action_open()

    def on_lesson_card_chosen(self) -> None:
        """A click on the card opens the lesson, too."""
        self.action_open()

    def _show_overall(self) -> None:
        entries = self._entries()
        done = sum(self._far(entry.slug).done for entry in entries)
        due = sum(self._due.values())
        if self.wanted:
            from lessons.format.searching import MOST

            count = len(self._found)
            found = plural("{count} place found", "{count} places found", count)
            first = _("the first {count} places").format(count=count)
            parts = [first if count == MOST else found]
            due = 0
        else:
            lessons = plural("{count} lesson", "{count} lessons", len(entries))
            parts = [_("{done} of {lessons} done").format(done=done, lessons=lessons)]
        if due:
            parts.append(plural("{count} question due", "{count} questions due", due))
        if self.tutor.config.saves_bandwidth():
            parts.insert(0, _("low bandwidth"))  # the help says what that is
        overall = " · ".join(parts)
        self.query_one("#overall", Static).update(overall)
        whole = _("dltutor · the fundamentals of deep learning")
        fits = cell_len(whole) + cell_len(overall) + 4 <= self.size.width
        self.query_one("#title", Static).update(whole if fits else "dltutor")

    def _describe(self) -> None:
        slug = self.marked
        self._about.describe(slug, self._far(slug or ""), self._due[slug or ""])

    def on_input_changed(self) -> None:
        """Search while the learner types."""
        self.fill()

    def on_input_submitted(self) -> None:
        """Open the selected place; the arrows select one also while words are typed."""
        if not self.wanted:
            self.contents.focus()
        else:
            self.action_open()

    def action_open(self) -> None:
        """Open the selected lesson, at the place that was found."""
        if self.marked is not None:
            self.tutor.open_lesson(self.marked, self.found.step if self.found else None)

    def action_chapter(self) -> None:
        """Show the progress in the chapter of the selected lesson."""
        if self.marked is not None:
            self.tutor.open_chapter(self.tutor.contents.entry(self.marked).chapter)

    def on_contents_list_heading(self, event: ContentsList.Heading) -> None:
        """A click on the title of a chapter does what the key of the chapter does."""
        heading, *below = self.contents.options[event.place : event.place + 2]
        if heading.id is None and below and below[0].id is not None:
            self.tutor.open_chapter(self.tutor.contents.entry(below[0].id).chapter)

    def action_exercises(self) -> None:
        """Choose an exercise."""
        self.tutor.choose_exercise()

    def action_playground(self) -> None:
        """Open the playground."""
        self.tutor.open_playground()

    def action_find(self) -> None:
        """Show the search field and focus it."""
        if not self.is_furnished:
            self.call_later(self.action_find)  # it is furnished before that, as it is seen
            return
        field = self._field
        if field is None:
            looked_for = _("find in titles, text, formulas, symbols")
            field = FindField(placeholder=looked_for, id="find")
            self.query_one("#find-row").mount(field)
        field.display = True
        field.focus()

    def action_clear(self) -> None:
        """End the search."""
        field = self._field
        if field is not None:
            field.value = ""
            field.display = False
        self.contents.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A search can be ended only while there is one; in its field, `/` is a character."""
        if not self.is_furnished:
            return False
        if action == "clear":
            field = self._field
            return field is not None and bool(field.display)
        return not (action == "find" and isinstance(self.focused, FindField))

    def action_down(self) -> None:
        """Select the next lesson."""
        self.contents.action_cursor_down()

    def action_up(self) -> None:
        """Select the previous lesson."""
        self.contents.action_cursor_up()
