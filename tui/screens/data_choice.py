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
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from engine.errors import UserError
from tui.owner import training_owner

if TYPE_CHECKING:
    from engine.data.progress import Progress, ProgressHandler


@runtime_checkable
class MissingData(Protocol):
    """An error that names an image set and the folders it was looked for in (`DataMissing`)."""

    name: str
    searched: tuple[Path, ...]


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
    """The learner's answer."""

    kind: ChoiceKind
    folder: Path | None = None


Downloader: TypeAlias = "Callable[[str, Path, ProgressHandler, Callable[[], bool]], object]"
"""Fetches the set called by the name into the folder; asks often whether it is cancelled."""
Finder: TypeAlias = Callable[[str, Path], bool]
"""Whether the folder holds the set called by the name."""


def _download(
    name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]
) -> object:
    from engine.data import download

    return download(name, root, progress, cancelled)


def _holds(name: str, folder: Path) -> bool:
    from engine.data.search import search

    return search(name, folder).found is not None


class DataChoiceScreen(ModalScreen[DataChoice | None]):
    """Says where it was looked and offers to download, look elsewhere, look again or go on.

    Dismissed with a `DataChoice`, or None where the learner leaves without one. After a download
    the choice is RETRY.
    """

    AUTO_FOCUS = "#choices"

    BINDINGS = [
        Binding("d", "choose('download')", "Download", id="data.download",
                tooltip="Fetch the data set from the internet"),
        Binding("o", "choose('folder')", "Other folder", id="data.folder",
                tooltip="Name a folder that holds the data set"),
        Binding("r", "choose('retry')", "Look again", id="data.retry",
                tooltip="Look again in the same folders"),
        Binding("b", "choose('synthetic')", "Built-in set", id="data.synthetic",
                tooltip="Train on images that the program draws itself"),
        Binding("escape,q", "leave", "Leave", id="data.leave",
                tooltip="Cancel the download, leave the field, or go back"),
    ]  # fmt: skip

    class Advanced(Message):
        """The download went on."""

        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

    class Ended(Message):
        """The download ended; `sentence` says why where it failed."""

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
        self._download = download
        self._holds = holds
        self._cancel: threading.Event | None = None

    def compose(self) -> ComposeResult:
        """What is missing, the choices, and what a choice needs."""
        looked = "\n".join(f"  {folder}" for folder in self.searched)
        with VerticalScroll(id="data-choice", can_focus=False):
            yield Static(f"{self.title_text} was not found", id="data-title")
            yield Static(f"Looked in:\n{looked}", id="data-searched", markup=False)
            yield OptionList(
                Option("d  Download it now", id="download"),
                Option("o  Name another folder", id="folder"),
                Option("r  Look again in the same places", id="retry"),
                Option("b  Train on the built-in glyph set: synthetic digits", id="synthetic"),
                id="choices",
                compact=True,
                markup=False,
            )
            yield Input(placeholder="/path/to/folder", id="data-folder", compact=True)
            yield ProgressBar(total=1.0, show_eta=False, id="data-progress")
            yield Static("", id="data-message", markup=False)
            yield Static("↑ ↓ enter or a letter: choose · escape: back", id="data-keys")

    def on_mount(self) -> None:
        """Show the choices alone."""
        self.query_one("#data-folder").display = False
        self.query_one("#data-progress").display = False
        self._say("")

    def on_unmount(self) -> None:
        """Let a download end."""
        if self._cancel is not None:
            self._cancel.set()

    @property
    def target(self) -> Path:
        """The folder that a download goes to: one that will be looked into afterwards."""
        from engine.data.search import default_root

        return training_owner(self).data_dir or default_root()

    @property
    def is_downloading(self) -> bool:
        """Whether a download is under way."""
        return self._cancel is not None

    @property
    def message(self) -> str:
        """The sentence that is shown."""
        return str(self.query_one("#data-message", Static).content)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be chosen during a download."""
        return None if action == "choose" and self.is_downloading else True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked choice."""
        event.stop()
        if event.option.id is not None and not self.is_downloading:
            self.action_choose(event.option.id)

    def action_choose(self, choice: str) -> None:
        """Do what was chosen."""
        if choice == "retry":
            self.dismiss(DataChoice(ChoiceKind.RETRY))
        elif choice == "synthetic":
            self.dismiss(DataChoice(ChoiceKind.SYNTHETIC))
        elif choice == "folder":
            field = self.query_one("#data-folder", Input)
            field.display = True
            field.focus()
            self._say("Type the folder, then press enter.")
        else:
            self._begin_download()

    def action_leave(self) -> None:
        """Cancel the download, leave the field, or go back without a choice."""
        if self._cancel is not None:
            self._cancel.set()
            self._say("Cancelling the download …")
        elif isinstance(self.focused, Input):
            self.focused.display = False
            self.query_one("#choices").focus()
            self._say("")
        else:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the folder if it holds the set, else say what is wrong with it."""
        event.stop()
        text = event.value.strip()
        if not text:
            self._say("Type the folder that holds the data set.")
            return
        folder = Path(text).expanduser()
        if not folder.is_dir():
            self._say(f"There is no folder {folder}. Check how it is written.")
        elif not self._holds(self.dataset, folder):
            self._say(f"The folder {folder} does not hold {self.title_text}. Try another one.")
        else:
            self.dismiss(DataChoice(ChoiceKind.FOLDER, folder))

    def on_data_choice_screen_advanced(self, event: Advanced) -> None:
        """Show how far the download is."""
        progress = event.progress
        bar = self.query_one("#data-progress", ProgressBar)
        bar.update(progress=_fraction(progress))
        if self._cancel is not None and not self._cancel.is_set():
            self._say(f"File {progress.part} of {progress.parts}: {progress.file}")

    def on_data_choice_screen_ended(self, event: Ended) -> None:
        """Go on with the data, or say why there is none."""
        cancelled = self._cancel is not None and self._cancel.is_set()
        self._cancel = None
        self.refresh_bindings()
        if not event.sentence and not cancelled:
            self.dismiss(DataChoice(ChoiceKind.RETRY))
            return
        self.query_one("#data-progress").display = False
        self._say("The download was cancelled." if cancelled else event.sentence)

    def _begin_download(self) -> None:
        cancel = self._cancel = threading.Event()
        target = self.target
        bar = self.query_one("#data-progress", ProgressBar)
        bar.update(progress=0)
        bar.display = True
        self._say(f"Downloading into {target} …")
        self.refresh_bindings()
        # A daemon thread, not a worker: leaving the program must not wait for a network.
        threading.Thread(
            target=self._fetch, args=(target, cancel), name="download", daemon=True
        ).start()

    def _fetch(self, target: Path, cancel: threading.Event) -> None:
        """On its own thread: it may only post."""
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
            sentence = (
                f"The download failed: {error or type(error).__name__}. Check the network and"
                " choose again."
            )
        self._post(self.Ended(sentence))

    def _post(self, message: Message) -> None:
        # The application may be gone by now, and its event loop closed.
        with contextlib.suppress(RuntimeError):
            self.post_message(message)

    def _say(self, sentence: str) -> None:
        shown = self.query_one("#data-message", Static)
        shown.update(sentence)
        shown.display = bool(sentence)


def _fraction(progress: Progress) -> float:
    """How much of all files is there, 0 to 1, every file counted alike."""
    share = progress.done / progress.total if progress.total else 0.0
    return min(1.0, (progress.part - 1 + share) / progress.parts)
