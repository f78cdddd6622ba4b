"""Read which of several options is meant: by its letter, its number, or its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from lessons.judge.verdicts import LETTERS

_LETTER = re.compile(
    r"(?:option|answer|choice|factor)?\s*[(\[]?\s*(?P<letter>[a-z])\s*[)\].:]?\s*", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:option|answer|choice|factor)?\s*[(\[#]?\s*(?P<number>\d{1,2})\s*[)\].:]?\s*", re.IGNORECASE
)
_LEAD = re.compile(r"[(\[]?(?P<letter>[a-z])(?:[)\].:]|\s[-–—:])\s*(?P<rest>.+)", re.IGNORECASE)
_ENOUGH = 12
"""Letters of an option's beginning that stand for the whole."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SAY_NOTHING = {"a", "an", "the", "it", "its", "this", "that", "they", "each", "of", "in"}
"""Words that alone choose nothing."""
_WRITTEN = {
    "times": "x", "cdot": "x", "×": "x", "·": "x", "*": "x", "−": "-", "top": "^t", "ᵀ": "^t",
    "mathrm": "", "frac": "", "quad": "", "left": "", "right": "",
}  # fmt: skip


def picked(text: str, options: Sequence[str]) -> int | None:
    """The place of the option that is meant, counted from 0 in the order shown; None where none.

    `options` are their texts, as Markdown. A letter goes before the words, and these before the
    option's number: an option may itself be a number.
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("`'\"").strip()
    found = _LETTER.fullmatch(plain)
    if found:
        return _at(LETTERS.find(found["letter"].lower()), len(options))
    lead = _LEAD.fullmatch(plain)
    if lead:
        place = _at(LETTERS.find(lead["letter"].lower()), len(options))
        if place is not None and _is_meant(lead["rest"], options[place]):
            return place
    words = [place for place, option in enumerate(options) if _is_meant(plain, option)]
    if len(words) == 1:
        return words[0]
    if not words:
        leading = [place for place, option in enumerate(options) if _begins(plain, option)]
        if len(leading) == 1:
            return leading[0]
    number = _NUMBER.fullmatch(plain)
    return _at(int(number["number"]) - 1, len(options)) if number and not words else None


def _at(place: int, count: int) -> int | None:
    return place if 0 <= place < count else None


def _is_meant(words: str, option: str) -> bool:
    given, wanted = _bare(words), _bare(option)
    if not given:
        return False
    return given == wanted or (len(given) >= _ENOUGH and wanted.startswith(given))


def _begins(words: str, option: str) -> bool:
    """Whether an option begins with these words: `no` is meant by `No, the loss is the same.`"""
    given = words.casefold().rstrip(" .,;:!").split()
    if not all(map(_WORD.fullmatch, given)) or set(given) <= _SAY_NOTHING:
        return False
    pattern = r"\s+".join(map(re.escape, given)) + r"(?![\w'’-])"
    return bool(re.match(pattern, option.replace("*", "").strip().casefold()))


def _bare(text: str) -> str:
    r"""The letters, digits and signs of a text: `$W : 256 \times 784$` is `w:256x784`."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)  # a number of the lesson
    text = re.sub(r"\\num\{[^}]*\}\{([^}]*)\}", r"\1", text)
    text = unicodedata.normalize("NFKC", text).casefold()
    for written, bare in _WRITTEN.items():
        text = (
            re.sub(rf"\\?\b{written}\b", bare, text)
            if written.isalpha()
            else text.replace(written, bare)
        )
    return re.sub(r"[^\w:=<>+/^-]|_", "", text)
