"""Every derivation of the course has numbers before it, or says in facts.py why it needs none."""

from __future__ import annotations

import re

import pytest

from lessons.format.catalog import catalog
from lessons.format.facts import facts_of
from tests.unit.lessons.course import SLUGS

_OPENING = re.compile(r"^```(derivation|numbers) (.+)$", re.MULTILINE)


def blocks(slug: str) -> list[tuple[str, list[str]]]:
    """The derivations and the blocks of numbers of a lesson, in its order, with their names."""
    path = catalog().entry(slug).path
    assert path is not None
    found = _OPENING.findall(path.read_text("utf-8"))
    return [(kind, re.split(r"[,\s]+", names.strip())) for kind, names in found]


def unprepared(slug: str) -> list[str]:
    """The derivations of a lesson that no numbers stand before."""
    prepared: set[str] = set()
    found = []
    for kind, names in blocks(slug):
        if kind == "numbers":
            prepared.update(names)
        elif names[0] not in prepared:
            found.append(names[0])
    return found


def test_every_derivation_begins_with_numbers() -> None:
    left = {
        slug: [name for name in unprepared(slug) if name not in facts_of(slug).without_numbers]
        for slug in SLUGS
    }
    assert {slug: names for slug, names in left.items() if names} == {}


@pytest.mark.parametrize("slug", SLUGS)
def test_what_needs_no_numbers_says_why_and_has_none(slug: str) -> None:
    path = catalog().entry(slug).path
    assert path is not None
    if "WITHOUT_NUMBERS" not in path.with_name("facts.py").read_text("utf-8"):
        return
    left = unprepared(slug)
    for name, why in facts_of(slug).without_numbers.items():
        assert name in left, f"{name} is no derivation without numbers"
        assert len(why.split()) > 2, name
