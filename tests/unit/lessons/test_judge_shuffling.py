"""Options stand in an order of the learner's own, and the log knows them by their place in the
file."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.judge.answers import Verdict, judge, reveal, right_answer
from lessons.judge.questions import ChoiceQuestion, FillQuestion, Option
from lessons.judge.shuffling import kept, shown_again, shown_order
from lessons.learner import seed
from lessons.learner.progress import Progress
from tests.cases import for_each
from tests.unit.lessons.course import all_questions, question_of

CHOICE = ChoiceQuestion(
    options=(Option("one", "No."), Option("two", "Yes.", right=True), Option("three", "No.")),
    proof=lambda: 1,
)
ORDER = (2, 0, 1)


def test_letters_are_those_that_were_shown() -> None:
    assert judge(CHOICE, "c", order=ORDER).verdict is Verdict.RIGHT
    assert judge(CHOICE, "b", order=ORDER).verdict is Verdict.WRONG
    assert judge(CHOICE, "two", order=ORDER).given == "c"
    assert right_answer(CHOICE, ORDER) == "c"
    assert "The answer is c." in reveal(CHOICE, order=ORDER).message


@for_each("text", ["a", "A)", "1", "three"])
def test_the_log_keeps_the_letter_of_the_file(text: str) -> None:
    assert kept(CHOICE, text, ORDER) == "c"
    assert shown_again(CHOICE, "c", ORDER) == "a"


def test_what_cannot_be_read_is_kept_as_it_is() -> None:
    assert kept(CHOICE, "maybe", ORDER) == "maybe"
    assert kept(CHOICE, "", ORDER) == ""
    assert shown_again(CHOICE, "maybe", ORDER) == "maybe"


def test_without_a_seed_the_order_is_that_of_the_file() -> None:
    assert shown_order(CHOICE, "a/b/c") == (0, 1, 2)


def test_the_order_depends_on_the_learner_and_on_the_question_and_on_nothing_else() -> None:
    orders = {shown_order(CHOICE, "a/b/c", str(learner)) for learner in range(50)}
    assert len(orders) == 6
    assert len({shown_order(CHOICE, f"a/b/{name}", "1") for name in range(50)}) == 6
    assert shown_order(CHOICE, "a/b/c", "1") == shown_order(CHOICE, "a/b/c", "1")
    fixed = ChoiceQuestion(CHOICE.options, CHOICE.proof, shuffled=False)
    assert shown_order(fixed, "a/b/c", "1") == (0, 1, 2)


def test_no_letter_is_right_much_more_often_than_another() -> None:
    found: list[str] = []
    for slug, name in all_questions():
        question = question_of(slug, name)
        if isinstance(question, ChoiceQuestion) and len(question.options) == 3:
            right = [option.right for option in question.options].index(True)
            orders = [shown_order(question, f"{slug}/{name}", str(n)) for n in range(40)]
            found.extend("abc"[order.index(right)] for order in orders)
    assert max(found.count(letter) for letter in "abc") < 0.4 * len(found)


def test_a_blank_is_judged_in_the_order_shown() -> None:
    slug, name = next(
        (slug, name)
        for slug, name in all_questions()
        if isinstance(question_of(slug, name), FillQuestion)
    )
    question = question_of(slug, name)
    order = tuple(reversed(shown_order(question, "")))
    assert judge(question, right_answer(question, order), order=order).verdict is Verdict.RIGHT


def test_the_seed_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["first", "second"])
    monkeypatch.setattr(seed, "new_seed", lambda: next(drawn))
    progress = Progress(tmp_path / "progress.sqlite")
    assert seed.seed_of(progress) == seed.seed_of(progress) == "first"
    progress.close()
    assert seed.seed_of(Progress(tmp_path / "progress.sqlite")) == "first"
