"""Copy text out of the program, and say where it went."""

from __future__ import annotations

from typing import Any

from textual.app import App

from engine.folders import data_folder, short
from engine.language import _, plural
from engine.replacing import replace_file

FILE = "copied.txt"
"""In the data folder: what was copied last, for terminals that take nothing over OSC 52."""


def tell(app: App[Any], text: str) -> None:
    """Keep `text`, which was sent to the terminal's clipboard, in a file; say both."""
    lines = plural("{count} line", "{count} lines", text.count("\n") + 1)
    try:
        path = data_folder() / FILE
        replace_file(path, f"{text}\n".encode(errors="replace"))
    except OSError:
        told = _("Copied {lines} to the clipboard, if the terminal takes it (OSC 52).")
        app.notify(told.format(lines=lines), markup=False)
        return
    told = _("Copied {lines} to the clipboard, if the terminal takes it (OSC 52), and to {path}.")
    app.notify(told.format(lines=lines, path=short(path)), markup=False)
