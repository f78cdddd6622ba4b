"""In which order a learner sees what there is to choose from: their own, and always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random

from lessons.judge.picking import picked
from lessons.judge.questions import ChoiceQuestion, FillQuestion, Question
from lessons.judge.verdicts import LETTERS

FILE_ORDER = ""
"""The seed that leaves every question in the order of its file."""


def shown_order(question: Question, key: str, seed: str = FILE_ORDER) -> tuple[int, ...]:
    """The index of the option at each place, for the learner with this `seed`.

    `key` names the question, such as `backprop/deltas/half_gone`. Empty where nothing is chosen.
    """
    match question:
        case ChoiceQuestion(options):
            places = list(range(len(options)))
        case FillQuestion():
            places = list(range(len(question.factors)))
        case _:
            return ()
    if seed != FILE_ORDER and question.shuffled:
        digest = hashlib.sha256(f"{seed}|{key}".encode()).digest()
        Random(int.from_bytes(digest[:8], "big")).shuffle(places)
    return tuple(places)


def kept(question: Question, text: str, order: Sequence[int]) -> str:
    """What the log keeps of an answer: for an option its letter in the file, however it was shown.

    So an answer means the same for every order, and in stores from before options were shuffled.
    """
    place = picked(text, _options(question, order)) if order else None
    return text if place is None else LETTERS[order[place]]


def shown_again(question: Question, text: str, order: Sequence[int]) -> str:
    """What the learner answered, for what the log kept: the letter that the option has here."""
    if not order:
        return text
    index = picked(text, _options(question, range(len(order))))
    return text if index is None else LETTERS[order.index(index)]


def _options(question: Question, order: Sequence[int]) -> list[str]:
    match question:
        case ChoiceQuestion(options):
            return [options[index].text for index in order]
        case FillQuestion():
            return [question.factors[index].latex for index in order]
        case _:
            return []
