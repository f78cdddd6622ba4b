"""Which old questions come back on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lessons.learner.log import Answer, QuestionLog, question_logs
from lessons.learner.review import PER_DAY, due, due_day, rest
from tests.cases import for_each

TODAY = date(2026, 3, 30)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def log(name: str, *rounds: tuple[int | None, str]) -> QuestionLog:
    """A log from rounds: days ago (None: unknown) and verdicts; `slip` makes one."""
    answers = [
        Answer(
            "a/b",
            name,
            "",
            verdict,
            "sign" if verdict == "slip" else "",
            None if days is None else ago(days),
        )
        for days, verdicts in rounds
        for verdict in verdicts.split()
    ]
    return question_logs(answers)["a/b", name]


@for_each(
    ("rounds", "days"),
    [
        (["right"], 1),
        (["right", "right"], 3),
        (["right", "right", "right"], 7),
        (["right"] * 4, 21),
        (["right"] * 9, 21),
        (["wrong right"], 1),
        (["slip right"], 1),
        (["right", "right", "right", "slip right"], 3),
        (["right", "right", "right", "wrong right", "right"], 7),
        (["right", "right", "right", "right slip"], 3),
        (["right", "right", "right", "shown"], 1),
        (["right", "right", "right", "wrong skipped"], 1),
        (["right", "right", "right", "wrong"], 1),
        (["shown", "right"], 3),
        (["skipped"], 1),
    ],
)
def test_how_long_a_question_rests(rounds: list[str], days: int) -> None:
    count = len(rounds)
    found = log("q", *((count - place, verdicts) for place, verdicts in enumerate(rounds)))
    assert rest(found.rounds) == days
    assert due_day(found) == ago(1) + timedelta(days=days)


@for_each(
    ("logs", "wanted"),
    [
        pytest.param([], "", id="nothing was asked"),
        pytest.param([log("a", (0, "right"))], "", id="asked today"),
        pytest.param([log("a", (0, "wrong"))], "", id="left open today"),
        pytest.param([log("a", (1, "right"))], "a", id="asked yesterday"),
        pytest.param([log("a", (4, "right"), (2, "right"))], "", id="still rests"),
        pytest.param([log("a", (4, "right"), (3, "right"))], "a", id="has rested"),
        pytest.param([log("a", (None, "right"))], "a", id="day unknown"),
        pytest.param([log("a", (-5, "right"))], "", id="the clock went back"),
        pytest.param(
            [
                log("right", (9, "right")),
                log("shown", (3, "shown")),
                log("slip", (2, "slip right")),
                log("skipped", (4, "skipped")),
            ],
            "slip skipped shown",
            id="slips, then what was not answered, then the rest",
        ),
        pytest.param(
            [log("a", (2, "right")), log("b", (5, "right")), log("c", (2, "right"))],
            "b a c",
            id="the longest due first, else as they were met",
        ),
        pytest.param(
            [log("a", (9, "slip right"), (2, "right")), log("b", (2, "shown"))],
            "b",
            id="an old slip is forgiven by a right answer",
        ),
        pytest.param(
            [
                log("a", (5, "right"), (0, "right")),
                log("b", (5, "right"), (0, "shown")),
                log("c", (5, "right")),
                log("d", (4, "right")),
            ],
            "c",
            id="what was asked again today counts among the three",
        ),
        pytest.param(
            [log("new", (0, "right")), *(log(name, (3, "right")) for name in "abcd")],
            "a b c",
            id="what was asked for the first time today does not",
        ),
    ],
)
def test_what_comes_back_today(logs: list[QuestionLog], wanted: str) -> None:
    assert [each.name for each in due(logs, TODAY)] == wanted.split()


def test_questions_that_are_gone_make_room_for_others() -> None:
    logs = [log(name, (3, "right")) for name in "abcdef"]
    found = due(logs, TODAY, lambda slug, name: slug == "a/b" and name not in "ac")
    assert [each.name for each in found] == ["b", "d", "e"]


def test_every_question_comes_back_in_the_end_and_none_twice_a_day() -> None:
    names = [f"q{number}" for number in range(8)]
    answers = [Answer("a/b", name, "", "right", "", ago(100)) for name in names]
    times = dict.fromkeys(names, 0)
    for offset in range(-99, 0):
        day = TODAY + timedelta(days=offset)
        found = due(question_logs(answers).values(), day)
        assert len(found) <= PER_DAY
        for each in found:
            times[each.name] += 1
            answers.append(Answer("a/b", each.name, "", "right", "", day))
        assert not due(question_logs(answers).values(), day) or len(found) < PER_DAY
    assert min(times.values()) >= 4
