"""What the programs of a lesson print, kept in the file `printed.txt` beside the lesson.

A reader who runs a program sees its output, and the text around it speaks of that. So the output
is kept, and `dltutor check` says where it has changed. Sums in another order, on another processor,
move the last digits: a number may differ a little; a word, a whole number or a line may not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator, Mapping
from difflib import SequenceMatcher
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
_MOST: Final = 8
"""Changed lines that are named; a longer list tells no more."""


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
    """The lines in which two outputs differ, a sentence each; empty where none does."""
    said = [*_changes(kept(before).split("\n"), kept(now).split("\n"))]
    left_out = len(said) - _MOST
    if left_out > 0:
        lines = "1 more line has" if left_out == 1 else f"{left_out} more lines have"
        said[_MOST:] = [f"{lines} changed."]
    return "\n".join(said)


def _changes(before: list[str], now: list[str]) -> Iterator[str]:
    """What became of each line that is not as before; a line that moved only is as before."""
    matched = SequenceMatcher(None, before, now, autojunk=False)
    for _tag, i1, i2, j1, j2 in matched.get_opcodes():
        lines = zip_longest(range(i1, i2), range(j1, j2))
        for old, new in lines:
            if old is None:
                yield f"Its output has a new line {new + 1}: {now[new].strip()!r}."
            elif new is None:
                yield f"Line {old + 1} of its output is gone: {before[old].strip()!r}."
            elif not _is_same(before[old], now[new]):
                was, became = before[old].strip(), now[new].strip()
                yield f"Line {old + 1} of its output was {was!r} and is now {became!r}."


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
