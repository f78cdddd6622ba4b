"""The part of YAML in which the course is written, read in an instant.

Contents and front matter are lists and keys with plain values. Anything else raises `Unusual`, and
is read by PyYAML, which takes ten times as long to import as this takes to read all lessons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


class Unusual(Exception):  # noqa: N818 - not an error: the text is read in another way
    """The text is written in a way that is not known here."""


_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?=[^\s:])|(?<=\S)#)*")
"""A value without quotes: it begins with a letter."""
_QUOTED = re.compile(r"'((?:[^'\n]|'')*)'")
_WORDS = frozenset(
    ["y", "n", "yes", "no", "true", "false", "on", "off", "null"]
)  # PyYAML reads these as something else than a text.
_KEY = re.compile(r"([a-z][a-z0-9-]*):(?: +(.*))?")
_SLUGS = re.compile(r"\[((?:[a-z][a-z0-9/-]*(?:, *[a-z][a-z0-9/-]*)*)?)\]")


def text_of(value: str) -> str:
    """The text that a value stands for."""
    value = value.rstrip()
    if (quoted := _QUOTED.fullmatch(value)) and quoted[1].strip():
        return quoted[1].replace("''", "'")
    if not _PLAIN.fullmatch(value) or value.lower() in _WORDS:
        raise Unusual
    return value


def front_matter(text: str) -> tuple[dict[str, object], Sequence[str]]:
    """What stands above a lesson: numbers, texts and lists by their keys; and all lines below.

    `symbols` is left out: its entries are formulas, and no list of lessons shows them.
    """
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:] or "\r" in text:
        raise Unusual
    end = lines.index("---", 1)
    found: dict[str, object] = {}
    items: list[str] | None = None
    for line in lines[1:end]:
        if line.startswith(("  - ", "- ")):
            if items is None:
                raise Unusual
            items.append(line.partition("- ")[2])
            continue
        key = _KEY.fullmatch(line)
        if key is None or key[1] in found:
            raise Unusual
        items = None
        name, value = key[1], (key[2] or "").strip()
        if not value:
            found[name] = items = []
        elif slugs := _SLUGS.fullmatch(value):
            found[name] = tuple(map(text_of, filter(None, re.split(", *", slugs[1]))))
        elif re.fullmatch("[1-9][0-9]*", value):
            found[name] = int(value)
        else:
            found[name] = text_of(value)
    head = {
        name: tuple(map(text_of, value)) if isinstance(value, list) else value
        for name, value in found.items()
        if name != "symbols"
    }
    return head, lines[end + 1 :]


def chapters(text: str) -> list[dict[str, object]]:
    """What `contents.yaml` holds: a list of {slug, title, lessons}, as PyYAML would read it."""
    found: list[dict[str, object]] = []
    lessons: dict[str, str] | None = None
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        entry = re.fullmatch(r"(- |  |    )([a-z][a-z0-9-]*):(?: +(.*))?", line.rstrip())
        if entry is None:
            raise Unusual
        indent, key, value = entry.groups()
        if indent == "    ":
            if lessons is None or key in lessons or not value:
                raise Unusual
            lessons[key] = text_of(value)
            continue
        if indent == "- ":
            found.append({})
        if not found or key in found[-1]:
            raise Unusual
        lessons = None
        if key == "lessons" and not value:
            found[-1][key] = lessons = {}
        elif key in ("slug", "title") and value:
            found[-1][key] = text_of(value)
        else:
            raise Unusual
    if len({chapter.get("slug") for chapter in found}) < len(found):
        raise Unusual
    return found
