"""Which lesson teaches a recipe: the first one that offers to train it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lessons.format.catalog import Catalog, catalog
from lessons.format.text_file import read_text

_TRAINING = re.compile(r"^```training +(\S+)", re.MULTILINE)


def lesson_of(recipe: str, contents: Catalog | None = None) -> str | None:
    """The slug of the lesson that trains `recipe`; None if there is none."""
    return _lessons(contents or catalog()).get(recipe)


@lru_cache(maxsize=4)
def _lessons(contents: Catalog) -> Mapping[str, str]:
    """Slugs by the name of the recipe; found in the texts without parsing them."""
    found: dict[str, str] = {}
    for entry in contents.entries():
        if entry.path is not None:
            for name in _TRAINING.findall(read_text(entry.path)):
                found.setdefault(name, entry.slug)
    return found
