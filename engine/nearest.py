"""The name that a mistyped word was meant to be, where one is near enough to be offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.language import _

_NEAR, _NEAR_IF_SHORT, _SHORT = 0.72, 0.66, 3
"""How alike two words must be, 0 to 1; one slip of a word of three letters leaves 0.67."""
_BESIDE = 0.06
"""How much less alike than the best a name may be to be offered beside it."""
_STEM = 3
"""So many letters of the beginning of a name may stand for it."""


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The names that `word` may be meant for, the likeliest first; none where all are far off.

    It may be mistyped, cut short, in capitals, with `_` for `-`, or the last part of `chapter/name`
    alone.
    """
    wanted = _plain(word)
    names = {name: _plain(name) for name in known}
    if not wanted:
        return []
    exact = [name for name, plain in names.items() if wanted in (plain, _last(plain))]
    if exact:
        return exact[:most]
    begun = [
        name
        for name, plain in names.items()
        if len(wanted) >= _STEM and (plain.startswith(wanted) or _last(plain).startswith(wanted))
    ]
    if begun:
        return begun[:most]
    scores = {
        name: max(_likeness(wanted, plain), _likeness(wanted, _last(plain)))
        for name, plain in names.items()
    }
    best = max(scores.values(), default=0.0)
    if best < (_NEAR if len(wanted) > _SHORT else _NEAR_IF_SHORT):
        return []
    near = [name for name, score in scores.items() if score >= best - _BESIDE]
    return sorted(near, key=lambda name: -scores[name])[:most]


def did_you_mean(word: str, known: Iterable[str], meant: Mapping[str, str] | None = None) -> str:
    """A question that offers the nearest names; empty where none is near.

    `meant` gives the name to offer for those words of `known` that are only other words for it.
    """
    near = nearest(word, known)
    if not near:
        return ""
    names = dict.fromkeys((meant or {}).get(name, name) for name in near)
    return _("Did you mean {names}?").format(names=_(" or ").join(names))


def _plain(word: str) -> str:
    return word.casefold().strip(" -/").replace("_", "-").replace(" ", "-")


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _likeness(one: str, two: str) -> float:
    import difflib

    # The ratio depends on the order of the two.
    return max(
        difflib.SequenceMatcher(None, one, two).ratio(),
        difflib.SequenceMatcher(None, two, one).ratio(),
    )
