"""Find words in the course: in titles, text, formulas, symbols and the names of slips.

A lesson is read as text, not parsed: the whole course takes some hundredths of a second. Each
paragraph, formula, symbol and slip is a passage; every word looked for must be in it. Greek
letters may be typed as letters (`σ`), as names (`sigma`) or as in LaTeX (`\\sigma`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from lessons.format.catalog import Catalog, Entry
from lessons.format.key_marks import usual_keys
from lessons.format.text_file import read_text

_MARK = re.compile(r"\s*\{#[^{}]*\}\s*$")

_ASKS = ("predict ", "mistake ")
"""How the blocks begin whose fields go on in indented lines."""
_SPOILS = ("right:", "right ", "hint", "explain:")
"""How the parts of a question begin that would give its answer away."""

MOST = 60
"""As many places are found at most."""


class Where(IntEnum):
    """What kind of passage holds the words; the first kinds are shown first."""

    LESSON = 0
    STEP = 1
    SYMBOL = 2
    SLIP = 3
    FORMULA = 4
    TEXT = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the course."""

    entry: Entry
    step: int | None
    """The step, counted from 0; None for the lesson as a whole."""
    title: str
    """The title of the step, as Markdown; empty for the lesson as a whole."""
    where: Where
    text: str
    """The passage, as Markdown on one line; of a lesson as a whole its other names."""


@dataclass(frozen=True, slots=True)
class _Passage:
    entry: Entry
    step: int | None
    title: str
    where: Where
    text: str
    folded: str


class Index:
    """Every passage of a course; made once, asked at every key.

    `shown` puts keys in the place of their marks; by default those that the program comes with.
    """

    def __init__(self, contents: Catalog, shown: Callable[[str], str] = usual_keys) -> None:
        self._passages = [
            passage
            for chapter in contents.chapters
            for entry in chapter.entries
            for passage in _passages(entry, chapter.title, shown)
        ]

    def find(self, wanted: str) -> list[Found]:
        """The places that hold every word of `wanted`: titles first, then symbols, slips, text.

        One place per step, at most `MOST` in all; empty where nothing is looked for.
        """
        words = folded(wanted).split()
        if not words:
            return []
        hits = self._passages
        for word in words:
            hits = [passage for passage in hits if word in passage.folded]
        # A word that is a whole word counts more than one inside another.
        whole = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words]
        hits.sort(key=lambda p: (p.where, not all(each.search(p.folded) for each in whole)))
        seen: set[tuple[str, int | None]] = set()
        found = []
        for hit in hits:
            place = (hit.entry.slug, hit.step)
            if place not in seen:
                seen.add(place)
                found.append(Found(hit.entry, hit.step, hit.title, hit.where, hit.text))
        return found[:MOST]


def folded(text: str) -> str:
    """`text` as it is compared: small letters, Greek letters by name, no LaTeX backslashes."""
    plain = text
    if not text.isascii():
        plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return re.sub(r"[\\{}$*`]", "", plain).casefold()


@cache
def _plain(sign: str) -> str:
    name = unicodedata.name(sign, "")
    if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")) and " WITH " not in name:
        letter = name.rsplit(" ", 1)[1]
        return " " + {"LAMDA": "lambda"}.get(letter, letter) + " "
    if sign == "∂":
        return " partial "
    return sign


def _passages(entry: Entry, chapter: str, shown: Callable[[str], str]) -> Iterator[_Passage]:
    names = f"{entry.slug} · {chapter}"
    yield _passage(entry, None, "", Where.LESSON, names, entry.title)
    if entry.path is None:
        return
    try:
        lines = read_text(entry.path).split("\n")
    except (OSError, UnicodeDecodeError):  # said when the lesson is opened
        return
    body = lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0
    for line in lines[:body]:
        if line.startswith("  - ["):
            yield _passage(entry, None, "", Where.SYMBOL, _symbol(line))
    for step, title, source in _paragraphs(lines[body:]):
        text = shown(source)
        if text.startswith(_SPOILS):
            continue
        if text == title:
            yield _passage(entry, step, title, Where.STEP, title)
        elif slip := re.match(r'(?:(?:option|factor) )?slip (\S+) "([^"]*)"', text):
            yield _passage(entry, step, title, Where.SLIP, slip[2], slip[1])
        elif option := re.match(r"option: ?(.*?)(?: :: |$)", text):
            yield _passage(entry, step, title, Where.TEXT, option[1])
        else:
            formula = text.startswith(("$$", "\\", "= ")) or " :: " in text
            yield _passage(entry, step, title, Where.FORMULA if formula else Where.TEXT, text)


def _passage(
    entry: Entry, step: int | None, title: str, where: Where, text: str, *more: str
) -> _Passage:
    return _Passage(entry, step, title, where, text, folded(" ".join((text, *more))))


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Step, its title, and one passage, on one line; the title itself is the first of a step.

    In a block each line is a passage; but a field of a question goes on in lines that are indented,
    which would give its answer away on their own.
    """
    step, title, fence = 0, "", ""
    asks = False
    begun = False
    text: list[str] = []
    for line in [*lines, ""]:
        mark = re.match(r"```+|~~~+", line)
        heading = not fence and line.startswith("## ")
        alone = bool(fence) or line.lstrip().startswith(("- ", "* ", "|"))
        if asks and not mark:
            if not line.strip():
                continue  # a field may go on behind it
            if line.startswith("  ") and text:
                text.append(line.strip())
                continue
            alone = False
        if text and (heading or mark or alone or asks or not line.strip()):
            yield step, title, " ".join(text)
            text = []
        if heading:
            step, begun = step + begun, True
            title = _MARK.sub("", line[3:]).strip()
            yield step, title, title
        elif mark:
            fence = "" if fence and line.startswith(fence) else fence or mark[0]
            asks = bool(fence) and (asks or line[len(fence) :].startswith(_ASKS))
        elif alone and line.strip():
            yield step, title, line.strip()
        elif line.strip():
            text.append(line.strip())


def _symbol(line: str) -> str:
    """A line of the front matter, `  - ['z', 'all scores']`, as Markdown."""
    parts = [part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", line)]
    return f"${parts[0]}$: {parts[-1]}" if len(parts) > 1 else line.strip()
