"""The keys of which texts speak: those in force, whatever they were changed to.

A text names a key by what it is as the program comes, and by the id of its binding:
`⟨enter|code.run⟩: run`. So no hint speaks of a key that the learner has changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from lessons.format.key_marks import MARK as MARK

_WORDS = ("enter", "escape", "backspace", "delete")
"""Keys that texts call by their names, where the row of keys has signs for them."""
_chosen: dict[str, str] = {}


def use_keys(chosen: Mapping[str, str]) -> None:
    """From now on texts name the `chosen` keys: by the id of a binding, separated by commas."""
    _chosen.clear()
    _chosen.update(chosen)


def keyed(text: str) -> str:
    """The text with the key in force at each of its marks."""
    if "⟨" not in text:
        return text
    return MARK.sub(lambda mark: key_named(mark[2], mark[1]), text)


def pressed_key(name: str, usual: str) -> str:
    """The first key of the binding `name`, as Textual calls it; `usual` unless it was changed."""
    from textual.keys import _character_to_key  # only where a key is clicked

    key = _chosen.get(name, usual).split(",")[0]
    return {"→": "right", "←": "left"}.get(key) or (
        _character_to_key(key) if len(key) == 1 else key
    )


def key_named(name: str, usual: str) -> str:
    """How a text calls the key of the binding `name`; `usual` unless another one was chosen."""
    keys = _chosen.get(name)
    if not keys:
        return usual
    from textual.keys import format_key  # only where a key was changed

    *modifiers, key = keys.split(",")[0].split("+")
    return "+".join([*modifiers, key if key in _WORDS else format_key(key)])
