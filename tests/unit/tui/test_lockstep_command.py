"""`dltutor lockstep`: a table, JSON lines, the verdict and the exit status."""

from __future__ import annotations

import json

import pytest

from tests.cases import for_each
from tui.cli import main

PAIR = ["two-layer-tensors", "two-layer-nn"]


def test_the_table_ends_with_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lockstep", *PAIR, "--steps", "12"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "1  two-layer-tensors", "2  two-layer-nn", "learning rate 1e-06, batch size 64, float64",
    ]  # fmt: skip
    rows = [line.split() for line in lines if line.split() and line.split()[0].isdigit()][2:]
    assert [row[0] for row in rows] == ["1", "2", "5", "10", "12"]
    assert all(row[1] == row[2] and float(row[3]) < 1e-12 for row in rows)
    assert lines[-1].startswith("Together after 12 updates")


def test_six_versions_fit_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"two-layer-{v}" for v in ("numpy", "tensors", "autograd", "nn", "optim", "module")]
    assert main(["lockstep", *names, "--steps", "2"]) == 0
    table = capsys.readouterr().out.splitlines()[:-1]
    assert max(map(len, table)) <= 79


def test_json_has_a_line_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lockstep", *PAIR, "--steps", "3", "--lr", "1e-7", "--seed", "2", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["start", "step", "step", "step", "end"]
    assert events[0]["recipes"] == PAIR
    assert (events[0]["lr"], events[0]["precision"]) == (1e-7, "float64")
    assert [event["step"] for event in events[1:-1]] == [1, 2, 3]
    assert set(events[1]["losses"]) == set(PAIR)
    assert events[-1]["together"] is True
    assert events[-1]["parted_at"] is None


def test_it_stops_where_they_part(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["lockstep", "two-layer-nn", "two-layer-optim", "--optimizer", "adam", "--json"]
    assert main(words) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(events) == 3
    assert (events[-1]["together"], events[-1]["parted_at"]) == (False, 1)
    assert events[-1]["text"].startswith("They part at step 1: ")


def test_numbers_that_run_away_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lockstep", *PAIR, "--lr", "1"]) == 1
    assert "no longer a finite number" in capsys.readouterr().err


@for_each(
    ("words", "said"),
    [
        (["linear"], "Name another one."),
        (["linear", "no-such"], "There is no recipe"),
        (["linear", "two-layer-nn"], "different names or shapes"),
        ([*PAIR, "--lr", "fast"], "must be a number"),
        ([*PAIR, "--hidden", "3"], "has a setting 'hidden'"),
        (["softmax", "softmax-concise", "--require-real"], "dltutor data fetch"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lockstep", *words]) == 2
    assert said in capsys.readouterr().err


@for_each("steps", ["0", "-3", "many"])
def test_the_steps_are_a_whole_number(steps: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lockstep", *PAIR, "--steps", steps])
    assert caught.value.code == 2
