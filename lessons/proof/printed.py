"""What the programs of a lesson print, kept in the file `printed.txt` beside the lesson.

A reader who runs a program sees its output, and the text around it speaks of that. So the output
is kept, and `dltutor check` says where it has changed. Sums in another order, on another processor,
move the last digits: a number may differ a little; a word, a whole number or a line may not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Final

from lessons.format.text_file import COMMANDS, read_text

NAME: Final = "printed.txt"
_HEAD: Final = "What the programs of this lesson print. Written by: dltutor check --record {slug}\n"
_INDENT: Final = "    "
_NUMBER = re.compile(r"[-−+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-−+]?\d+)?")
_WHOLE: Final = 10**6
"""Below it, single precision has every whole number, and rounding to one is reliable."""
_RELATIVE: Final = 1e-3
_ABSOLUTE: Final = 1e-5
"""The size of rounding errors, in single precision, where the exact result is zero."""
_LAST_DIGITS: Final = 2.0
"""Units of the last digit that is written."""


def read_printed(path: Path) -> dict[str, str]:
    """The kept outputs by the name that the fence gives the program; empty without the file."""
    return {name: text for name, (_line, text) in _parts(path).items()}


def left_over(path: Path, recorded: Container[str]) -> Iterator[tuple[str, int]]:
    """What the file keeps for programs of which it should keep nothing, with their lines."""
    for name, (line, _text) in _parts(path).items():
        if name not in recorded:
            yield name, line


def _parts(path: Path) -> dict[str, tuple[int, str]]:
    """The line of each name, and the output below it."""
    found: dict[str, tuple[int, list[str]]] = {}
    lines: list[str] = []
    written = read_text(path).split("\n") if path.exists() else []
    for number, line in enumerate(written[1:], start=2):
        if line.startswith(_INDENT) or not line:
            lines.append(line.removeprefix(_INDENT))
        else:
            _first, lines = found.setdefault(line, (number, []))
    return {name: (number, "\n".join(lines).strip("\n")) for name, (number, lines) in found.items()}


def written_printed(slug: str, outputs: Mapping[str, str]) -> str:
    """The text of the file."""
    parts = [_HEAD.format(slug=slug)]
    for name, output in outputs.items():
        lines = [f"{_INDENT}{line}".rstrip() for line in kept(output).split("\n")]
        parts.append("\n".join([name, *lines]) + "\n")
    return "\n".join(parts)


def kept(output: str) -> str:
    """An output as it is kept: `\\n` after each line, without blanks at the ends of lines.

    Empty lines at its start and its end are left out. What a terminal would obey is kept as it is
    written in Python, such as `\\x1b`: no file of the course may hold it.
    """
    text = output.replace("\r\n", "\n").replace("\r", "\n")
    lines = COMMANDS.sub(lambda sign: repr(sign[0])[1:-1], text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def change(before: str, now: str) -> str:
    """The first line in which two outputs differ, as a sentence; empty where none does."""
    lines = zip_longest(kept(before).split("\n"), kept(now).split("\n"))
    for number, (old, new) in enumerate(lines, start=1):
        if old is None:
            return f"Its output has a new line {number}: {new.strip()!r}."
        if new is None:
            return f"Line {number} of its output is gone: {old.strip()!r}."
        if not _is_same(old, new):
            return f"Line {number} of its output was {old.strip()!r} and is now {new.strip()!r}."
    return ""


def _is_same(old: str, new: str) -> bool:
    words, others = ([part.split() for part in _NUMBER.split(line)] for line in (old, new))
    numbers, found = _NUMBER.findall(old), _NUMBER.findall(new)
    return words == others and all(map(_agree, numbers, found))


def _agree(old: str, new: str) -> bool:
    """Whether a number is still the same; a whole one must be, unless it is large."""
    one, other = (float(_plain(text)) for text in (old, new))
    if not set(".e") & {*old, *new} and abs(one) < _WHOLE:
        return one == other
    bound = max(_ABSOLUTE, _RELATIVE * abs(one), _LAST_DIGITS * _unit(old))
    return math.isclose(one, other, rel_tol=0.0, abs_tol=bound * (1 + 1e-9))


def _unit(text: str) -> float:
    """The unit of the last digit."""
    digits, _, power = _plain(text).partition("e")
    return 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


def _plain(text: str) -> str:
    return text.replace("−", "-").replace(",", "")
