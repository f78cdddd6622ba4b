"""The front matter of a lesson: minutes, needs, goals, symbols and the picture of its card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import yaml
from markdown_it.token import Token

from engine.nearest import did_you_mean
from lessons.format.document import Symbol
from lessons.format.facts import facts_of
from lessons.format.fence import FenceError
from lessons.format.figures import drawing_for
from lessons.format.running import RunningReader
from lessons.format.yaml_file import read_yaml, why_not_yaml

Meta: TypeAlias = dict[str, object]
"""The keys of the front matter with their values."""

_KEYS = {"minutes": int, "picture": str, "needs": list, "goals": list, "symbols": list}
_KINDS: Mapping[type, tuple[str, str]] = {
    int: ("a whole number", "Write `{key}: 10`."),
    str: ("a text", "Write `{key}: name`."),
    list: ("a list", "Write `{key}:`, and below it `  - ` before each entry."),
}
"""What the value of a key is, and how it is written."""


def front_matter(reader: RunningReader, tokens: Sequence[Token]) -> Meta:
    """The keys and values of the front matter, which is the first of `tokens`.

    Raises LessonError where a key is missing or not known, or its value is of the wrong kind.
    """
    mend = "Begin the file with front matter between --- lines: minutes, needs, goals, symbols."
    if not tokens or tokens[0].type != "front_matter":
        raise reader.fail(1, "The lesson has no front matter.", mend)
    try:
        meta = read_yaml(tokens[0].content)
    except yaml.YAMLError as error:
        line, problem, how = why_not_yaml(error)
        raise reader.fail(line + 1, problem, how) from None
    if not isinstance(meta, dict):
        raise reader.fail(1, "The front matter has no keys.", mend)
    seen: set[str] = set()
    for line, text in enumerate(tokens[0].content.splitlines(), 2):
        name, colon, _ = text.partition(":")
        if colon and name in seen:
            raise reader.fail(line, f"The key {name!r} is there twice.", "Keep one of them.")
        if name in _KEYS:
            seen.add(name)
    for key, value in meta.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            said = f"{did_you_mean(str(key), _KEYS)} The keys are {known}.".strip()
            raise reader.fail(_line(tokens[0], key), f"The key {key!r} is not known.", said)
        if not isinstance(value, _KEYS[key]) or value is True:
            wanted, how = _KINDS[_KEYS[key]]
            problem = f"The value of {key!r} is not {wanted}."
            raise reader.fail(_line(tokens[0], key), problem, how.format(key=key))
        entries = value if key in ("needs", "goals") and isinstance(value, list) else []
        for number, entry in enumerate(entries):
            if not isinstance(entry, str):
                raise reader.fail(
                    _entry_line(tokens[0], key, number),
                    f"An entry of {key!r} is {entry!r}, and not a text.",
                    "Put it in quotes: `  - 'a text: with a colon'`.",
                )
    minutes = meta.get("minutes")
    if minutes is None:
        raise reader.fail(1, "The front matter has no 'minutes'.", mend)
    if not (isinstance(minutes, int) and minutes > 0):
        raise reader.fail(
            _line(tokens[0], "minutes"),
            f"The lesson takes {minutes} minutes.",
            "Write how long a learner needs: `minutes: 10`.",
        )
    return meta


def _line(token: Token, key: object) -> int:
    """The line of the file in which a key of the front matter stands."""
    lines = token.content.splitlines()
    return next((n for n, text in enumerate(lines, 2) if text.startswith(f"{key}:")), 1)


def _entry_line(token: Token, key: str, number: int) -> int:
    """The line of the entry with this number, from 0, in a list with an entry on each line."""
    first = _line(token, key)
    lines = enumerate(token.content.splitlines(), 2)
    places = [n for n, text in lines if n > first and text.lstrip().startswith("- ")]
    return places[number] if number < len(places) else first


def symbols_of(reader: RunningReader, token: Token, meta: Meta) -> Iterator[Symbol]:
    """The symbols of the lesson, each with its shape and meaning; raises LessonError."""
    from engine.formulas.declared_shapes import declared_shape

    seen: set[str] = set()
    for number, entry in enumerate(cast("list[object]", meta.get("symbols", []))):
        line = _entry_line(token, "symbols", number)
        if not (
            isinstance(entry, list)
            and len(entry) in (2, 3)
            and all(isinstance(part, str) for part in entry)
            and entry[0].strip()
        ):
            raise reader.fail(
                line,
                f"The symbol {entry!r} cannot be read.",
                "Write a list of two, ['w', 'the weight']: LaTeX and meaning.",
            )
        latex, *shape, meaning = (str(part) for part in entry)
        if latex in seen:
            problem = f"The symbol {latex!r} is listed twice."
            raise reader.fail(line, problem, "Give it one meaning, or take one of them out.")
        seen.add(latex)
        for formula in (latex, *shape):
            reader.refuse_undrawable(formula, line)
        declared = shape[0] if shape else declared_shape(latex, facts_of(reader.slug).notation)
        found = reader.paragraphs(meaning, line)
        if not found:
            problem = f"The symbol {latex!r} has no meaning."
            raise reader.fail(line, problem, "Write in words what it stands for.")
        yield Symbol(latex, declared, found[0])


def picture_of(reader: RunningReader, token: Token, meta: Meta) -> str:
    """The name of the figure in the front matter, which the lesson must have."""
    name = str(meta.get("picture", ""))
    try:
        if name:
            drawing_for(reader.slug, name)
    except FenceError as error:
        raise reader.fail(_line(token, "picture"), error.problem, error.mend) from None
    return name
