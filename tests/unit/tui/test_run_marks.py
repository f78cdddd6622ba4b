"""A run keeps its colour and its sign for life, in a race as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.training.runs import KeptRun, RunStore, kept_run, seed_groups
from engine.training.snapshot import SessionState, Setting, Snapshot
from tests.screens.fake_session import softmax_running
from tui.widgets.marks import KINDS, MARKS, mark
from tui.widgets.run_marks import RunMarks

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def now(number: int, **settings: Setting) -> Snapshot:
    """A training that is under way, `softmax-NUMBER`."""
    seen = softmax_running(10)
    return replace(seen, run=f"softmax-{number}", settings={**seen.settings, **settings})


def ended(number: int, **settings: Setting) -> KeptRun:
    """The same training when it has ended."""
    snapshot = replace(now(number, **settings), state=SessionState.FINISHED)
    return kept_run(snapshot, BEGIN + timedelta(minutes=number))


def numbers(marks: RunMarks, runs: Sequence[KeptRun]) -> dict[str, int]:
    """The number of each run, each a line of its own."""
    found = marks.numbers([[run] for run in runs])
    return {run.run: number for run, number in zip(runs, found, strict=True)}


def test_a_run_keeps_its_mark_while_others_come_and_go() -> None:
    marks, kept = RunMarks(), list[KeptRun]()
    known: dict[str, int] = {}
    for count in range(1, 12):
        kept.insert(0, ended(count, lr=0.01 * count))
        found = numbers(marks, kept[:6])
        assert {name: found[name] for name in found if name in known} == {
            name: known[name] for name in found if name in known
        }
        known |= found
        assert len({mark(number) for number in found.values()}) == len(found)
    for chosen in (kept, kept[::-1], kept[3:4], [*kept[5:], *kept[:5]]):
        assert all(known[name] == number for name, number in numbers(marks, chosen).items())


def test_the_first_runs_differ_without_colour() -> None:
    found = numbers(RunMarks(), [ended(count, lr=0.01 * count) for count in (5, 4, 3, 2, 1)])
    assert len({mark(number)[0] for number in found.values()}) == 5
    assert found["softmax-1"] == 0
    assert KINDS == len({mark(number) for number in range(KINDS)}) == len(MARKS) ** 2


def test_in_a_race_each_lane_has_its_mark_from_the_start_to_the_end_and_after() -> None:
    marks, kept = RunMarks(), [ended(3, lr=0.5)]
    seen: dict[str, set[int]] = {}
    for lane, optimiser in enumerate(("sgd", "momentum", "adam", "rmsprop"), start=4):
        running = now(lane, optimiser=optimiser)
        for _look in range(3):  # while it trains, the chart is drawn again and again
            found = marks.numbers([[run] for run in kept])
            number = marks.number_of_now(running, [[run] for run in kept], found)
            assert mark(number)[0] not in {mark(one)[0] for one in found}
            seen.setdefault(running.run, set()).add(number)
            for run, one in zip(kept, found, strict=True):
                seen.setdefault(run.run, set()).add(one)
        kept.insert(0, ended(lane, optimiser=optimiser))
    for name, number in numbers(marks, kept).items():
        assert seen.setdefault(name, {number}) == {number}


def test_a_race_with_several_seeds_is_one_line_with_one_mark() -> None:
    marks, kept = RunMarks(), list[KeptRun]()
    drawn: dict[str, set[int]] = {}
    for count, (optimiser, seed) in enumerate(
        ((name, seed) for name in ("sgd", "adam") for seed in (0, 1, 2)), start=1
    ):
        running = now(count, optimiser=optimiser, seed=seed)
        groups = seed_groups(kept)
        found = marks.numbers(groups)
        drawn.setdefault(optimiser, set()).add(marks.number_of_now(running, groups, found))
        kept.insert(0, ended(count, optimiser=optimiser, seed=seed))
    final = marks.numbers(seed_groups(kept))
    assert sorted(final) == sorted(one for numbers in drawn.values() for one in numbers)
    assert len(final) == 2


def test_what_the_marks_know_belongs_to_the_store() -> None:
    one, other = RunStore(), RunStore()
    assert RunMarks.of(one) is RunMarks.of(one)
    assert RunMarks.of(one) is not RunMarks.of(other)
