"""What to do when an image set is not on this machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from engine.errors import UserError
from engine.folders import expanded
from engine.language import _
from engine.visitor import folder_refused, is_visitor
from tui.owner import training_owner
from tui.screens.why_not import SaysWhyNot
from tui.widgets.clickable import KeyLine
from tui.widgets.coded import coded, with_keys

if TYPE_CHECKING:
    from engine.data.progress import Progress, ProgressHandler


@runtime_checkable
class MissingData(Protocol):
    """An error that names an image set and the folders that were searched (`DataMissing`)."""

    name: str
    searched: tuple[Path, ...]
    glyphs: bool
    """Whether the built-in glyph set would do instead."""


class ChoiceKind(Enum):
    """What the learner chose."""

    FOLDER = auto()
    """Look in the folder that goes with the choice."""
    RETRY = auto()
    """Look again in the same places: the set may be there now."""
    SYNTHETIC = auto()
    """Train on the built-in glyph set."""


@dataclass(frozen=True, slots=True)
class DataChoice:
    """What to train on where a data set is missing, as the learner chose."""

    kind: ChoiceKind
    folder: Path | None = None


Downloader: TypeAlias = "Callable[[str, Path, ProgressHandler, Callable[[], bool]], object]"
"""Downloads the named set into the folder; checks often whether it was cancelled."""
Finder: TypeAlias = Callable[[str, Path], bool]
"""Whether the folder holds the named set."""


def _download(
    name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]
) -> object:
    from engine.data import download

    return download(name, root, progress, cancelled)


def _holds(name: str, folder: Path) -> bool:
    from engine.data.search import search

    return search(name, folder).found is not None


_KEYS = _("↑ ↓ enter or a letter: choose · ⟨escape|data.leave⟩: back")
_DOWNLOADING = _("The data set is being downloaded. ⟨escape|data.leave⟩: cancel")


class DataChoiceScreen(ModalScreen[DataChoice | None], SaysWhyNot[DataChoice | None]):
    """Says which folders were searched; offers to download, look elsewhere, retry or go without.

    Dismissed with a `DataChoice`, or None if the learner leaves without choosing. After a download
    the choice is RETRY.
    """

    CSS_PATH = "../styles/data_choice.tcss"

    AUTO_FOCUS = "#choices"

    BINDINGS = [
        Binding("d", "choose('download')", _("Download"), id="data.download",
                tooltip=_("Download the data set from the internet")),
        Binding("o", "choose('folder')", _("Other folder"), id="data.folder",
                tooltip=_("Use another folder that holds the data set")),
        Binding("r", "choose('retry')", _("Look again"), id="data.retry",
                tooltip=_("Look again in the same folders")),
        Binding("b", "choose('synthetic')", _("Built-in set"), id="data.synthetic",
                tooltip=_("Train on images that dltutor draws itself")),
        Binding("escape,q", "leave", _("Leave"), id="data.leave",
                tooltip=_("Cancel the download, leave the field, or go back")),
    ]  # fmt: skip

    class Advanced(Message):
        """The download made progress."""

        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

    class Ended(Message):
        """The download ended; if it failed, `sentence` says why."""

        def __init__(self, sentence: str = "") -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(
        self,
        error: MissingData,
        *,
        download: Downloader = _download,
        holds: Finder = _holds,
    ) -> None:
        super().__init__()
        from engine.data.sets import IMAGE_SETS

        known = IMAGE_SETS.get(error.name)
        self.dataset = error.name
        self.title_text = known.title if known else error.name
        self.searched = error.searched
        self.problem = str(getattr(error, "more", ""))
        self.glyphs = error.glyphs
        self._download = download
        self._holds = holds
        self._cancel: threading.Event | None = None

    def compose(self) -> ComposeResult:
        """What is missing, the choices, and what a choice needs."""
        looked = "\n".join(f"  {folder}" for folder in self.searched)
        with VerticalScroll(id="data-choice", can_focus=False) as pane:
            title = _("{dataset} was not found").format(dataset=self.title_text)
            pane.border_title = Content(title)
            if self.problem:
                yield Static(coded(self.problem), id="data-problem", markup=False)
            if not self.glyphs:
                needs = _("The run can only go on with the images that it was trained on.")
                yield Static(needs, id="data-needed", markup=False)
            yield Static(_("Looked in:") + f"\n{looked}", id="data-searched", markup=False)
            yield OptionList(
                *(
                    Option(with_keys(f"⟨{key}|data.{name}⟩  {told}"), id=name)
                    for name, key, told in (
                        ("download", "d", _("Download it now")),
                        ("folder", "o", _("Use another folder")),
                        ("retry", "r", _("Look again in the same folders")),
                        ("synthetic", "b", _("Train on the built-in glyph set: synthetic digits")),
                    )
                    if self.glyphs or name != "synthetic"
                ),
                id="choices",
                compact=True,
                markup=False,
            )
            yield Input(placeholder=_("/path/to/folder"), id="data-folder", compact=True)
            yield ProgressBar(total=1.0, show_eta=False, id="data-progress")
            yield Static("", id="data-message", markup=False)
            yield KeyLine(_KEYS, id="data-keys")

    def on_mount(self) -> None:
        """Show only the choices."""
        self.query_one("#data-folder").display = False
        self.query_one("#data-progress").display = False
        self._say("")

    def on_unmount(self) -> None:
        """Cancel a running download."""
        if self._cancel is not None:
            self._cancel.set()

    @property
    def target(self) -> Path:
        """The folder that a download goes to: one that is searched afterwards."""
        from engine.data.search import default_root

        return training_owner(self).data_dir or default_root()

    @property
    def is_downloading(self) -> bool:
        """Whether a download is running."""
        return self._cancel is not None

    @property
    def message(self) -> str:
        """The sentence that is shown."""
        return str(self.query_one("#data-message", Static).content)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be chosen during a download; nor glyphs for a run that needs its images."""
        if action == "choose" and parameters == ("synthetic",) and not self.glyphs:
            return False
        return None if action == "choose" and self.is_downloading else True

    def why_not(self, action: str) -> str:
        """Needs no words: the last line of the dialog says it."""
        return ""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the selected choice."""
        event.stop()
        if not self.is_downloading and event.option.id is not None:
            self.action_choose(event.option.id)

    def action_choose(self, choice: str) -> None:
        """Do what was chosen."""
        if choice == "retry":
            self.dismiss(DataChoice(ChoiceKind.RETRY))
        elif choice == "synthetic":
            self.dismiss(DataChoice(ChoiceKind.SYNTHETIC))
        elif choice == "folder" and is_visitor():
            self._say(folder_refused())
        elif choice == "folder":
            field = self.query_one("#data-folder", Input)
            field.display = True
            field.focus()
            self._say(_("Type the path of the folder, then press enter."))
        else:
            self._begin_download()

    def action_leave(self) -> None:
        """Cancel the download, leave the field, or go back without a choice."""
        if self._cancel is not None:
            self._cancel.set()
            self._say(_("Cancelling the download …"))
        elif isinstance(self.focused, Input):
            self.focused.display = False
            self.query_one("#choices").focus()
            self._say("")
        else:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the folder if it holds the set; otherwise say what is wrong."""
        event.stop()
        text = event.value.strip()
        if not text:
            self._say(_("Type the path of the folder that holds the data set."))
            return
        folder = expanded(Path(text))
        if not folder.is_dir():
            self._say(_("There is no folder {folder}. Check the spelling.").format(folder=folder))
        elif not self._holds(self.dataset, folder):
            self._say(
                _("The folder {folder} does not contain {dataset}. Try another one.").format(
                    folder=folder, dataset=self.title_text
                )
            )
        else:
            self.dismiss(DataChoice(ChoiceKind.FOLDER, folder))

    def on_data_choice_screen_advanced(self, event: Advanced) -> None:
        """Show how far the download has got."""
        progress = event.progress
        bar = self.query_one("#data-progress", ProgressBar)
        bar.update(progress=_fraction(progress))
        if self._cancel is not None and not self._cancel.is_set():
            self._say(
                _("File {part} of {parts}: {file}").format(
                    part=progress.part, parts=progress.parts, file=progress.file
                )
            )

    def on_data_choice_screen_ended(self, event: Ended) -> None:
        """Continue with the data, or say why there is none."""
        cancelled = self._cancel is not None and self._cancel.is_set()
        self._cancel = None
        self.query_one(KeyLine).tell("", keys=_KEYS)
        self.refresh_bindings()
        if not event.sentence and not cancelled:
            self.dismiss(DataChoice(ChoiceKind.RETRY))
            return
        self.query_one("#data-progress").display = False
        self._say(_("The download was cancelled.") if cancelled else event.sentence)

    def _begin_download(self) -> None:
        cancel = self._cancel = threading.Event()
        target = self.target
        bar = self.query_one("#data-progress", ProgressBar)
        bar.update(progress=0)
        bar.display = True
        self._say(_("Downloading into {folder} …").format(folder=target))
        self.query_one(KeyLine).tell("", keys=_DOWNLOADING)
        self.refresh_bindings()
        # A daemon thread, not a worker: quitting must not wait for the network.
        threading.Thread(
            target=self._fetch, args=(target, cancel), name="download", daemon=True
        ).start()

    def _fetch(self, target: Path, cancel: threading.Event) -> None:
        """Runs on its own thread, so it may only post messages."""
        shown = -1

        def report(progress: Progress) -> None:
            nonlocal shown
            percent = int(_fraction(progress) * 100)
            if percent != shown:
                shown = percent
                self._post(self.Advanced(progress))

        sentence = ""
        try:
            self._download(self.dataset, target, report, cancel.is_set)
        except UserError as error:
            sentence = str(error)
        except Exception as error:
            sentence = _(
                "The download failed: {error}. Check your connection and try again."
            ).format(error=str(error) or type(error).__name__)
        self._post(self.Ended(sentence))

    def _post(self, message: Message) -> None:
        # The application may be gone by now, and its event loop closed.
        with contextlib.suppress(RuntimeError):
            self.post_message(message)

    def _say(self, sentence: str) -> None:
        shown = self.query_one("#data-message", Static)
        shown.update(coded(sentence))
        shown.display = bool(sentence)


def _fraction(progress: Progress) -> float:
    """The fraction of the download that is done, 0 to 1; every file counts the same."""
    share = progress.done / progress.total if progress.total else 0.0
    return min(1.0, (progress.part - 1 + share) / progress.parts)
