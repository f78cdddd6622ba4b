"""The keys that a learner has chosen: how they may be written, and how they are bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key

_MODIFIERS = ("ctrl", "alt", "shift", "meta", "super", "hyper")
_SPOKEN = {
    "esc": "escape", "return": "enter", "del": "delete", "pgdn": "pagedown", "pgup": "pageup",
    "page_down": "pagedown", "page_up": "pageup", "⏎": "enter", "⌫": "backspace",
    "→": "right", "←": "left", "↑": "up", "↓": "down", "−": "minus",
}  # fmt: skip
"""Other ways to write a key, among them those in which the program itself shows it."""


def usual_key(written: str) -> str | None:
    """The name by which the program knows a key, however it is written; None if it knows none."""
    if len(written) > 1 and written[0] == "^":
        written = f"ctrl+{written[1:]}"
    if len(written) == 1 and written not in _SPOKEN:
        return _character_to_key(written) if written.isprintable() else None
    *modifiers, key = re.split(r"[+-](?=.)", written)
    modifiers = [each.lower() for each in modifiers]
    key = key if len(key) == 1 and not modifiers else key.lower()
    key = _SPOKEN.get(key, key)
    if len(key) == 1:
        key = _character_to_key(key)
    if key not in _KNOWN or any(each not in _MODIFIERS for each in modifiers):
        return None
    if modifiers == ["shift"] and len(key) == 1 and key.isalpha():
        return key.upper()  # what a terminal sends for it
    return "+".join([*modifiers, key])


def known_keys() -> list[str]:
    """Names of keys, without modifiers."""
    return sorted(_KNOWN)


def rebind(node: DOMNode, chosen: Mapping[str, str]) -> None:
    """Bind the chosen keys in place of those that the bindings of a node come with.

    Textual's own keymap leaves keys out where a field takes the old one as a character, moves the
    changed ones to the end of the row of keys, and drops what else stands on the same key.
    """
    there = [*node._bindings]
    changed = {binding.id: chosen[binding.id] for _key, binding in there if binding.id in chosen}
    if not changed:
        return
    taken = {key for keys in changed.values() for key in keys.split(",")}
    found: dict[str, list[Binding]] = {}
    for key, binding in there:
        keys = changed.pop(binding.id, "") if binding.id is not None else ""
        if keys:
            for each in keys.split(","):
                found.setdefault(each, []).append(replace(binding, key=each, key_display=None))
        elif binding.id not in chosen and key not in taken:
            found.setdefault(key, []).append(binding)
    node._bindings.key_to_bindings = found


_KNOWN = (
    {key.value for key in Keys if key.value.isalnum() and key is not Keys.Return}
    | {_character_to_key(chr(code)) for code in range(33, 127)}
    | {"space"}
)
