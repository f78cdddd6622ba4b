"""Keys beside what they do, in the border of a panel; each takes clicks."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.style import Style

from tui.key_names import keyed


def clickable(keys: Iterable[tuple[str, str, str]], hue: str = "$footer-key-foreground") -> Content:
    """`e epoch  r restart`: from keys, marked with the ids of their bindings, what they do,
    and the actions that do it.
    """
    parts: list[Content] = []
    for key, text, action in keys:
        parts += [Content("  ")] if parts else []
        shown = Content.assemble((keyed(key), f"bold {hue}"), f" {text}" if text else "")
        parts.append(shown.stylize(Style.from_meta({"@click": action})))
    return Content("").join(parts)
