"""Steps and questions that moved into another lesson, and how a progress file follows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """Steps that were the last of one lesson and are in another one now, with their questions."""

    old: str
    """The slug of the lesson that had them."""
    new: str
    steps: tuple[str, ...]
    """Their keys, in order."""
    questions: tuple[str, ...]
    left: str
    """The key of the last of the steps that the old lesson kept."""


MOVES = (
    Move(
        "backprop/forward",
        "backprop/batches",
        ("a-batch-as-columns", "a-batch-as-rows", "how-pytorch-stores-the-weights"),
        ("forward_bias_rows",),
        "find-the-mistake-the-loss",
    ),
)


def place_of_step(slug: str, key: str) -> tuple[str, str]:
    """The lesson and the key that a step of an older version has now."""
    for move in MOVES:
        if slug == move.old and key in move.steps:
            return move.new, key
    return slug, key


def place_of_question(slug: str, name: str) -> tuple[str, str]:
    """The lesson and the name that a question of an older version has now."""
    for move in MOVES:
        if slug == move.old and name in move.questions:
            return move.new, name
    return slug, name


def statements() -> Iterator[tuple[str, dict[str, str]]]:
    """What brings a file of version 3 to version 4, each statement with its values.

    Who left off at a moved step opens the new lesson there, and has been through what is left of
    the old one. Who was through the old lesson is through the new one.
    """
    for move in MOVES:
        values = {
            "old": move.old,
            "new": move.new,
            "steps": json.dumps(move.steps),
            "end": move.steps[-1],
            "left": move.left,
            "questions": json.dumps(move.questions),
        }
        moved = "slug = :old AND step IN (SELECT value FROM json_each(:steps))"
        yield (
            "INSERT OR IGNORE INTO place SELECT :new, CASE WHEN step IN "
            "(SELECT value FROM json_each(:steps)) THEN step ELSE :end END, done "
            f"FROM place WHERE ({moved}) OR (slug = :old AND done)",
            values,
        )
        yield (
            "UPDATE setting SET value = :new WHERE key = 'last' AND value = :old "
            f"AND EXISTS (SELECT 1 FROM place WHERE {moved})",
            values,
        )
        yield f"UPDATE place SET step = :left, done = 1 WHERE {moved}", values
        yield (
            f"INSERT OR IGNORE INTO seen_step SELECT :new, step FROM seen_step WHERE {moved}",
            values,
        )
        yield f"DELETE FROM seen_step WHERE {moved}", values
        yield (
            "UPDATE answer SET slug = :new WHERE slug = :old "
            "AND question IN (SELECT value FROM json_each(:questions))",
            values,
        )
