"""Joining logs of one learner: nothing is lost, the order of files does not matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lessons.learner.joined import LearnerLog, Place, join
from lessons.learner.log import Answer

STEPS = ("one", "two", "three")


def order(slug: str, step: str) -> int:
    return STEPS.index(step) if step in STEPS else -1


_DAYS = st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)])
_ANSWERS = st.builds(
    Answer,
    slug=st.sampled_from(["a/x", "a/y"]),
    question=st.sampled_from(["q", "r"]),
    text=st.sampled_from(["1", "2"]),
    verdict=st.sampled_from(["right", "slip", "wrong"]),
    slip=st.sampled_from(["", "sign"]),
    day=_DAYS,
    before_reset=st.booleans(),
)
_PLACES = st.dictionaries(
    st.sampled_from(["a/x", "a/y", "gone/z"]),
    st.builds(
        Place,
        step=st.sampled_from(["", *STEPS, "gone"]),
        seen=st.frozensets(st.sampled_from([*STEPS, "gone"])),
        done=st.booleans(),
    ),
)
_NOTES = st.dictionaries(
    st.sampled_from(["sigmoid", "softmax"]),
    st.dictionaries(st.sampled_from(["passed", "hints"]), st.integers(0, 3)),
)
LOGS = st.builds(
    LearnerLog, answers=st.lists(_ANSWERS, max_size=12).map(tuple), places=_PLACES,
    exercises=_NOTES,
    rounds=st.dictionaries(st.sampled_from(["a/x/one", "a/y/two"]), st.integers(0, 4)),
)  # fmt: skip


def joined(*logs: LearnerLog) -> LearnerLog:
    return join(logs, order)


@given(LOGS)
def test_a_log_joined_with_itself_stays_as_it_is(log: LearnerLog) -> None:
    once = joined(log)
    assert once.answers == log.answers
    assert joined(log, log) == once
    assert joined(once, log) == once


@given(LOGS, LOGS)
def test_two_logs_are_joined_in_any_order_and_again_and_nothing_is_lost(
    one: LearnerLog, other: LearnerLog
) -> None:
    """Most of the time goes into making up logs: these serve for all that is said of two."""
    both = joined(one, other)
    assert both == joined(other, one), "the order does not matter"
    assert joined(both, other) == both, "joined again, nothing changes"
    assert joined(both, one) == both
    assert joined(other, both, one) == both
    nothing_is_lost_and_nothing_is_invented(one, other, both)


def nothing_is_lost_and_nothing_is_invented(
    one: LearnerLog, other: LearnerLog, both: LearnerLog
) -> None:
    kept = _contents(both.answers)
    assert kept == _contents(one.answers) | _contents(other.answers)
    for log in (one, other):
        for slug, place in log.places.items():
            assert place.seen <= both.places[slug].seen
            assert both.places[slug].done >= place.done
            assert order(slug, both.places[slug].step) >= order(slug, place.step)
        for name, note in log.exercises.items():
            for key, value in note.items():
                assert both.exercises[name][key] >= value


@given(LOGS, LOGS, LOGS)
def test_what_is_kept_does_not_depend_on_what_is_joined_first(
    one: LearnerLog, two: LearnerLog, three: LearnerLog
) -> None:
    first = joined(joined(one, two), three)
    last = joined(one, joined(two, three))
    at_once = joined(three, one, two)
    for other in (last, at_once):
        assert _counted(first.answers) == _counted(other.answers)
        assert (first.places, first.exercises) == (other.places, other.exercises)


@given(
    st.lists(_ANSWERS, max_size=8), st.lists(_ANSWERS, max_size=6), st.lists(_ANSWERS, max_size=6)
)
def test_logs_that_went_apart_keep_their_order(
    common: list[Answer], mine: list[Answer], theirs: list[Answer]
) -> None:
    # Without repeated answers: which one of two equal answers it was, nobody can say.
    mine = [replace(each, text=f"mine {number}") for number, each in enumerate(mine)]
    theirs = [replace(each, text=f"theirs {number}") for number, each in enumerate(theirs)]
    common = [replace(each, text=f"common {number}") for number, each in enumerate(common)]
    one, other = LearnerLog((*common, *mine)), LearnerLog((*common, *theirs))
    found = joined(one, other).answers
    for log in (one, other):
        assert [each for each in found if each in log.answers] == list(log.answers)
    assert list(found[: len(common)]) == common
    assert len(found) == len(common) + len(mine) + len(theirs)


def test_answers_of_an_earlier_day_come_first() -> None:
    monday, tuesday, wednesday = (date(2026, 3, day) for day in (2, 3, 4))
    one = LearnerLog((_answer("1", monday), _answer("3", wednesday)))
    other = LearnerLog((_answer("2", tuesday),))
    assert [each.text for each in joined(other, one).answers] == ["1", "2", "3"]


def test_a_wrong_answer_before_a_right_one_stays_before_it() -> None:
    day = date(2026, 3, 2)
    one = LearnerLog((replace(_answer("z", day), verdict="wrong"), _answer("a", day)))
    other = LearnerLog((_answer("m", day),))
    found = [each.text for each in joined(one, other).answers]
    assert found.index("z") < found.index("a")


def test_a_reset_on_one_machine_holds_for_the_answers_that_it_had() -> None:
    old = _answer("1", date(2026, 3, 2))
    reset = LearnerLog((replace(old, before_reset=True),))
    went_on = LearnerLog((old, _answer("2", date(2026, 3, 3))))
    found = joined(went_on, reset).answers
    assert [each.before_reset for each in found] == [True, False]


def _answer(text: str, day: date) -> Answer:
    return Answer("a/x", "q", text, "right", "", day)


def _contents(answers: Sequence[Answer]) -> Counter[Answer]:
    return Counter(replace(each, before_reset=False) for each in answers)


def _counted(answers: Sequence[Answer]) -> Counter[Answer]:
    return Counter(answers)
