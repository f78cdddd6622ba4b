"""What the log says about each question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lessons.learner.log import Answer, Outcome, question_logs
from tests.cases import for_each

DAY = date(2026, 3, 2)
NEXT = date(2026, 3, 3)


def given(verdict: str, slip: str = "", day: date | None = DAY) -> Answer:
    return Answer("a/b", "q", "", verdict, slip, day)


@for_each(
    ("verdicts", "outcome", "tries"),
    [
        (["right"], Outcome.FIRST, 1),
        (["wrong", "right"], Outcome.LATER, 2),
        (["slip", "wrong", "right", "right", "wrong"], Outcome.LATER, 3),
        (["wrong", "shown"], Outcome.SHOWN, 1),
        (["shown", "right"], Outcome.SHOWN, 1),
        (["right", "shown"], Outcome.FIRST, 1),
        (["skipped"], Outcome.SKIPPED, 0),
        (["wrong", "skipped"], Outcome.SKIPPED, 1),
        (["skipped", "right"], Outcome.FIRST, 1),
        (["skipped", "shown"], Outcome.SHOWN, 0),
        (["slip", "wrong"], Outcome.OPEN, 2),
    ],
)
def test_how_a_round_ends(verdicts: list[str], outcome: Outcome, tries: int) -> None:
    log = question_logs(map(given, verdicts))["a/b", "q"]
    assert len(log.rounds) == 1
    assert (log.latest.outcome, log.latest.tries) == (outcome, tries)
    assert log.is_shaky is (outcome is not Outcome.FIRST)


def test_each_day_is_a_round_and_slips_add_up() -> None:
    log = question_logs(
        [
            given("slip", "sign"),
            given("slip", "no-half"),
            given("slip", "sign", NEXT),
            given("right", day=NEXT),
        ]
    )["a/b", "q"]
    assert [each.day for each in log.rounds] == [DAY, NEXT]
    assert [each.outcome for each in log.rounds] == [Outcome.OPEN, Outcome.LATER]
    assert log.slips == {"sign": 2, "no-half": 1}
    assert log.latest.slips == ("sign",)


def test_to_walk_past_an_old_question_is_no_round() -> None:
    log = question_logs([given("right"), given("skipped", day=NEXT)])["a/b", "q"]
    assert [each.day for each in log.rounds] == [DAY]
    assert not log.is_shaky


def test_answers_from_before_a_reset_do_not_count() -> None:
    old = replace(given("slip", "sign"), before_reset=True)
    assert question_logs([old]) == {}
    log = question_logs([old, given("right")])["a/b", "q"]
    assert log.latest.outcome is Outcome.FIRST
    assert not log.slips


def test_what_cannot_be_judged_is_no_try() -> None:
    assert question_logs([given("unreadable")]) == {}


def test_questions_of_one_name_in_two_lessons_are_two() -> None:
    other = replace(given("wrong"), slug="a/c")
    logs = question_logs([given("right"), other])
    assert list(logs) == [("a/b", "q"), ("a/c", "q")]
