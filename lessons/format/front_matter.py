"""The front matter of a lesson: minutes, needs, goals, symbols and the picture of its card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

import yaml
from markdown_it.token import Token

from lessons.format.document import Symbol
from lessons.format.facts import facts_of
from lessons.format.fence import FenceError
from lessons.format.figures import drawing_for
from lessons.format.running import RunningReader
from lessons.format.yaml_file import read_yaml

Meta: TypeAlias = dict[str, object]
"""The keys of the front matter with their values."""

_KEYS = {"minutes": int, "picture": str, "needs": list, "goals": list, "symbols": list}


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
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        raise reader.fail(line, "The front matter is not YAML.", "Mend its syntax.") from None
    if not isinstance(meta, dict):
        raise reader.fail(1, "The front matter has no keys.", mend)
    for key, value in meta.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise reader.fail(1, f"The key {key!r} is not known.", f"The keys are {known}.")
        if not isinstance(value, _KEYS[key]):
            wanted = _KEYS[key].__name__
            raise reader.fail(1, f"The key {key!r} is no {wanted}.", "Mend its value.")
    for key in ("minutes",):
        if key not in meta:
            raise reader.fail(1, f"The front matter has no {key!r}.", mend)
    return meta


def symbols_of(reader: RunningReader, meta: Meta) -> Iterator[Symbol]:
    """The symbols of the lesson, each with its shape and meaning; raises LessonError."""
    for entry in cast("list[object]", meta.get("symbols", [])):
        if not (isinstance(entry, list) and len(entry) in (2, 3)):
            raise reader.fail(
                1,
                f"The symbol {entry!r} cannot be read.",
                "Write a list of two: LaTeX and meaning. The notation knows the shape.",
            )
        latex, *shape, meaning = (str(part) for part in entry)
        declared = shape[0] if shape else facts_of(reader.slug).notation.shape_of(latex)
        yield Symbol(latex, declared, reader.paragraphs(meaning)[0])


def picture_of(reader: RunningReader, token: Token, meta: Meta) -> str:
    """The name of the figure in the front matter, which the lesson must have."""
    name = str(meta.get("picture", ""))
    try:
        if name:
            drawing_for(reader.slug, name)
    except FenceError as error:
        lines = token.content.splitlines()
        line = next((n for n, text in enumerate(lines, 2) if text.startswith("picture")), 1)
        raise reader.fail(line, error.problem, error.mend) from None
    return name
