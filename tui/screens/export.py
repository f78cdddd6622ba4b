"""Export a training: ask for the folder, then write the files."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from engine.errors import UserError
from engine.folders import expanded, short
from engine.language import _
from engine.training.export import export, export_folder
from engine.training.snapshot import Snapshot
from engine.visitor import is_visitor
from tui.widgets.clickable import KeyLine

ABOUT = _(
    "The measurements (CSV), the settings (JSON) and a picture of the screen (SVG) are written to"
    " a new folder inside this one:"
)
_KEYS = _("enter: export · ⟨escape|export.leave⟩: cancel")


class ExportScreen(ModalScreen[Path | None]):
    """Asks for the folder; None if the learner cancels."""

    CSS_PATH = "../styles/export.tcss"

    AUTO_FOCUS = "#export-folder"

    BINDINGS = [
        Binding(
            "escape", "leave", _("Cancel"), id="export.leave", tooltip=_("Close without exporting")
        ),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        """What is written, and the folder."""
        with Vertical(id="export") as box:
            box.border_title = _("Export this training")
            yield Static(ABOUT, markup=False)
            yield Input(str(self.folder), id="export-folder", select_on_focus=False)
            yield KeyLine(_KEYS, id="export-keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the folder that was typed."""
        event.stop()
        typed = event.value.strip()
        if typed:
            self.dismiss(expanded(Path(typed)))
        else:
            self.query_one(KeyLine).tell(_("Type the path of a folder, then press enter."))

    def on_input_changed(self) -> None:
        """A folder is being typed."""
        self.query_one(KeyLine).tell("", keys=_KEYS)

    def action_leave(self) -> None:
        """Close without exporting."""
        self.dismiss(None)


def ask_and_export(app: App[object], snapshot: Snapshot) -> None:
    """Ask for a folder, write `snapshot` and a picture of the current screen, and say where."""
    screen = app.export_screenshot()

    def chosen(folder: Path | None) -> None:
        if folder is None:
            return
        try:
            path = export(snapshot, folder, screen=screen)
        except UserError as error:
            app.notify(str(error), severity="error", timeout=12, markup=False)
        else:
            told = _("Exported to {folder}").format(folder=short(path))
            app.notify(told, timeout=12, markup=False)

    if is_visitor():  # a folder would be one of the server's: everything goes to the browser
        deliver(app, snapshot, screen)
        return
    app.push_screen(ExportScreen(export_folder()), chosen)


def deliver(app: App[object], snapshot: Snapshot, screen: str) -> None:
    """Send the files of an export to the browser, as one archive."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = export(snapshot, Path(folder), screen=screen)
        except UserError as error:
            app.notify(str(error), severity="error", timeout=12, markup=False)
            return
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(path.rglob("*")):
                archive.write(each, Path(path.name) / each.relative_to(path))
    packed.seek(0)
    app.deliver_binary(packed, save_filename=f"{path.name}.zip", mime_type="application/zip")
