"""Which lesson teaches what a recipe trains: the first one that offers to train it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lessons.format.catalog import Catalog, catalog

_TRAINING = re.compile(r"^```training +(\S+)", re.MULTILINE)


def lesson_of(recipe: str, contents: Catalog | None = None) -> str | None:
    """The slug of the lesson of the recipe called `recipe`; None where no lesson trains it."""
    return _lessons(contents or catalog()).get(recipe)


@lru_cache(maxsize=4)
def _lessons(contents: Catalog) -> Mapping[str, str]:
    """The slug by the name of the recipe; read from the texts, which are not parsed."""
    found: dict[str, str] = {}
    for entry in contents.entries():
        if entry.path is not None:
            for name in _TRAINING.findall(entry.path.read_text("utf-8")):
                found.setdefault(name, entry.slug)
    return found
