"""The proofs by numbers: for every derivation line, worked number and question of a lesson.

One module a chapter (`lessons.checks.backprop`), each with a `BOOK`. Importing them needs no
torch; a check that compares with autograd imports it when it runs.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from lessons.checks.base import CheckBook


@lru_cache(maxsize=32)
def book(chapter: str) -> CheckBook:
    """The checks of the chapter with this slug; an empty book where there are none."""
    name = f"lessons.checks.{chapter.replace('-', '_')}"
    if find_spec(name) is None:
        return CheckBook(chapter)
    found = import_module(name).BOOK
    assert isinstance(found, CheckBook)
    return found
