"""The colours of the theme in force, for what is drawn without a style sheet."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.color import Color


def theme_colour(app: App[Any], name: str) -> Color:
    """The colour of the theme in force that its variable `name` holds.

    Of the terminal's own colours none can be faint, as in `ansi_default 50%`: it is the whole one.
    """
    found = app.theme_variables[name]
    return Color.parse(found.partition(" ")[0] if found.startswith("ansi_") else found)
