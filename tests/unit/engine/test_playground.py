"""The playground's engine: the same line is the same run, three gradients agree, clear errors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.playground.csv_points import read_points
from engine.playground.points import split_points
from engine.playground.run import MOST_KEPT, MOST_ROWS, Frame, Run
from engine.playground.runner import Runner
from engine.playground.settings import OPTIMISERS, SETS, Settings, parse
from engine.playground.unit import autograd, opened, slopes
from engine.training.turns import SharedTurn


def trained(line: str, epochs: int) -> Run:
    run = Run(parse(line))
    for _epoch in range(epochs):
        run.forward_epoch()
    return run


def test_a_line_of_settings_reads_what_it_writes() -> None:
    settings = Settings(
        "own", ("x1", "sin2", "x1^2"), (), "relu", "momentum", 0.1, 1e-4, 0.5, 7, 0.25, 0.3, 9,
        ((0.5, -0.25, 1), (-1.0, 1.0, 0), (0.0, 0.0, 1), (0.1, 0.2, 0)),
    )  # fmt: skip
    assert parse(settings.line) == settings
    assert parse(Settings().line) == Settings() == parse("")
    assert parse("data=xor start=zero").line.endswith("seed=0 start=zero")
    assert parse(parse("start=equal").line).start == "equal"
    old = Settings().line.replace(" start=random", "")
    assert parse(old) == Settings()
    assert "layers=0" in settings.line
    assert "rate=0.1 l1=0.0001" in settings.line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dta=xor", "Did you mean data"),
        ("data=spiral", "Did you mean spirals"),
        ("layers=9", "1 to 8 units"),
        ("layers=1,1,1,1,1", "at most 4 hidden layers"),
        ("layers=a", "no value for the setting “layers”"),
        ("rate=nan", "from 1e-06 to 1000"),
        ("features=", "at least one"),
        ("features=x1,x1", "once"),
        ("points=300:0:1", "−100 to 100"),
        ("points=1:2", "no value"),
        ('data="xor', "quotation mark"),
        ("batch=0", "from 1 to 1000"),
        ("start=equals", "Did you mean equal"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse(line)


@pytest.mark.parametrize("data", [name for name in SETS if name not in ("own", "csv")])
def test_every_set_lies_in_the_square_and_is_divided(data: str) -> None:
    split = split_points(Settings(data=data, train=0.3))
    assert len(split.train.y) == 60
    assert len(split.test.y) == 140
    assert np.abs(split.train.x).max() <= 1
    again = split_points(Settings(data=data, train=0.3))
    assert (again.test.x == split.test.x).all()


@pytest.mark.parametrize("activation", [*ACTIVATIONS])
def test_three_gradients_agree(activation: str) -> None:
    run = trained(f"layers=3,2 l1=0.01 l2=0.02 activation={activation} features=x1,x2,sin1", 1)
    by_hand = run.model.backward(run.state.flat, run.train_inputs, run.split.train.y).gradient
    assert np.allclose(by_hand, autograd(run), atol=1e-12)
    for layer, units in enumerate((3, 2, 1)):
        for unit in range(units):
            found = slopes(run, layer, unit)
            # A central difference across a kink is off by a little.
            assert found.by_hand == pytest.approx(found.difference, abs=2e-3)


def test_an_opened_unit_computes_what_the_network_does() -> None:
    run = trained("data=hills layers=3,2", 1)
    one = opened(run, 1, 0, 4)
    total = sum(w * x for w, x in zip(one.weights, one.inputs, strict=True)) + one.bias
    assert one.z == pytest.approx(total)
    assert one.a == pytest.approx(np.tanh(total))
    assert one.delta == pytest.approx(one.slope * sum(w * d for w, d in one.onward))
    last = opened(run, 2, 0, 4)
    assert last.delta == pytest.approx(last.a - last.target)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_the_same_line_is_the_same_run_and_time_goes_both_ways(optimiser: str) -> None:
    line = f"data=xor optimiser={optimiser} seed=5"
    one, two = trained(line, 40), trained(line, 40)
    assert one.hash == two.hash
    at = one.state.step
    rows = one.frame.rows
    assert at > MOST_KEPT
    one.back(137)
    assert one.state.step == at - 137
    assert all(row.step <= at - 137 for row in one.frame.rows)
    middle = one.hash
    one.go(at)
    assert (one.hash, one.frame.rows) == (two.hash, rows)
    two.go(at - 137)
    assert two.hash == middle
    two.go(-3)
    assert two.state.step == 0
    assert trained(f"{line} noise=0.2", 40).hash != one.hash


def test_history_stays_small() -> None:
    run = Run(parse("batch=1000 layers=1"))
    run.go(MOST_ROWS + 500)
    assert len(run.frame.rows) <= MOST_ROWS
    assert run.epoch == MOST_ROWS + 500
    assert run.frame.now.epoch == run.epoch


def test_xor_needs_a_hidden_layer() -> None:
    without = trained("data=xor layers=0 noise=0", 60).frame.now.train_accuracy
    with_one = trained("data=xor layers=4 noise=0", 60).frame.now.train_accuracy
    assert without is not None
    assert with_one is not None
    assert without < 0.7 < 0.95 < with_one


@pytest.mark.parametrize("line", ["layers=4", "layers=7,8,3 batch=33 activation=relu l1=0.01"])
@pytest.mark.parametrize("start", ["equal", "zero"])
def test_units_that_start_alike_stay_alike_to_the_last_bit(start: str, line: str) -> None:
    run = trained(f"data=xor start={start} {line}", 30)
    for weights, biases in run.model.shape.layers(run.state.flat)[:-1]:
        assert (weights == weights[0]).all()
        assert (biases == biases[0]).all()
    assert "units-alike" in [one.id for one in run.frame.diagnoses]
    assert np.allclose(
        run.model.backward(run.state.flat, run.train_inputs, run.split.train.y).gradient,
        autograd(run),
    )
    at, end = run.state.step, run.hash
    run.back(17)
    run.go(at)
    assert run.hash == end


def test_three_starts_of_xor() -> None:
    runs = {
        start: trained(f"data=xor layers=4 noise=0 start={start}", 100)
        for start in ("zero", "equal", "random")
    }
    right = {start: run.frame.now.train_accuracy or 0.0 for start, run in runs.items()}
    assert right["zero"] < 0.6 < right["equal"] < 0.8 < 0.97 < right["random"]
    zero = runs["zero"]
    assert zero.frame.now.train_loss == pytest.approx(zero.chance, rel=1e-3)
    assert not (zero.state.flat * zero.model.shape.is_weight()).any()
    assert "units-alike" not in [one.id for one in runs["random"].frame.diagnoses]


@pytest.mark.parametrize(
    ("line", "epochs", "found"),
    [
        ("data=xor optimiser=sgd rate=30 activation=relu", 40, "dead-units"),
        ("data=xor layers=8,8 noise=0.6 train=0.1", 60, "overfitting"),
        ("data=xor layers=0 noise=0", 60, "chance-level"),
        ("data=plane optimiser=sgd rate=9 layers=0", 4, "learning-rate"),
        ("data=moons activation=tanh rate=1 layers=4,4", 30, "saturated-units"),
        ("data=spirals layers=2", 200, "plateau"),
    ],
)
def test_what_is_wrong_is_named(line: str, epochs: int, found: str) -> None:
    assert found in [one.id for one in trained(line, epochs).frame.diagnoses]


def told(run: Run) -> list[str]:
    return [one.id for one in run.frame.diagnoses]


@pytest.mark.parametrize(
    ("line", "most"), [("", 0), ("rate=10 batch=10", 4), ("data=moons rate=1 layers=4,4", 5)]
)
def test_a_diagnosis_holds_before_it_is_told_and_going_back_tells_what_was_told(
    line: str, most: int
) -> None:
    run = Run(parse(line))
    forward = {0: told(run)}
    for _epoch in range(300):
        run.forward_epoch()
        forward[run.state.step] = told(run)
    steps = [*forward]
    changes = [step for before, step in pairwise(steps) if forward[before] != forward[step]]
    assert len(changes) <= most, [(step, forward[step]) for step in changes]
    for step in (*changes[::-1], steps[150], steps[1], steps[-1]):
        run.go(step)
        assert told(run) == forward[step], step


def test_a_run_that_diverges_stops_and_can_go_back() -> None:
    run = trained("data=hills layers=8,8 activation=identity optimiser=sgd rate=500", 20)
    assert run.diverged
    assert not run.forward()
    assert np.isfinite(run.state.flat).all()
    run.back(1)
    assert not run.diverged


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_points_are_read_from_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "height;width;kind\n1;2;cat\n3;4;dog\n\n5;0;cat\n2;2;dog\n")
    points = read_points(path)
    assert points.names == ("height", "width")
    assert points.classes == ("cat", "dog")
    assert points.y.tolist() == [0, 1, 0, 1]
    assert np.abs(points.x).max() == pytest.approx(0.95)
    assert Run(Settings(data="csv"), points).forward()
    numbers = read_points(write(tmp_path / "b.csv", "1,2,0.5\n3,4,1.5\n5,0,2\n2,2,1\n"))
    assert numbers.is_regression
    assert numbers.y.min() == -1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2\n", "line 1: there are 2 columns"),
        ("a,b,c\n1,2,0\n1,zwei,1\n", "line 3: “zwei” is no number"),
        ("1,2,0\n1,2,\n", "line 2: the label is missing"),
        ("1,2,0\n1,nan,1\n", "line 2: “nan” is no number"),
        ("1,2,0\n", "has 1 points"),
        ("1,2,a\n1,3,a\n1,4,a\n1,5,a\n", "nothing to learn"),
        ("1,2,a\n1,3,b\n1,4,c\n1,5,a\n", "line 1: the label “a” is a third class|third class"),
        ("", "has 0 points"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        read_points(write(tmp_path / "c.csv", text))


def test_a_missing_file_and_a_set_without_points_are_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(UserError, match="--csv FILE"):
        Run(Settings(data="csv"))
    with pytest.raises(UserError, match="at least 4 points"):
        Run(Settings(data="own"))


def test_the_thread_trains_the_same_run() -> None:
    runner = Runner(Settings(data="blobs", layers=()))
    runner.pace = 0.0
    runner.start()
    for _wait in range(2000):
        if runner.frame.step >= 50:
            break
        threading.Event().wait(0.001)
    runner.pause()
    runner.step(0)
    step, found = runner.run.state.step, runner.run.hash
    runner.close()
    assert step >= 50
    alone = Run(Settings(data="blobs", layers=()))
    alone.go(step)
    assert alone.hash == found


def test_the_thread_makes_frames_only_when_they_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner = Runner(Settings(data="blobs", layers=()))
    made: list[int] = []
    seen = Run.__dict__["frame"].fget

    def frame(run: Run) -> Frame:
        made.append(run.state.step)
        found: Frame = seen(run)
        return found

    monkeypatch.setattr(Run, "frame", property(frame))
    runner.pace = 0.0
    try:
        runner.start()
        until(lambda: runner.run.state.step > 300)
        assert made == []
        first = runner.frame
        until(lambda: runner.frame is not first)
        until(lambda: runner.run.state.step > made[-1] + 1000)  # the last look has its frame
        count, step = len(made), runner.run.state.step
        until(lambda: runner.run.state.step > step + 1000)
        assert len(made) == count
        runner.pause()
        until(lambda: made[-1] == runner.run.state.step)
        assert len(made) == count + 1
        assert runner.frame.step == runner.run.state.step
    finally:
        runner.close()


def test_a_thread_that_gives_way_goes_on_by_itself_and_can_be_stepped() -> None:
    runner = Runner(Settings(data="blobs", layers=()))
    runner.pace = 0.0
    try:
        runner.start()
        until(lambda: runner.run.state.step > 0)
        runner.give_way()
        runner.step(2)
        step = runner.run.state.step
        assert runner.frame.step == step
        runner.start()  # nobody says that it has drawn
        until(lambda: runner.run.state.step > step)
    finally:
        runner.close()


def test_the_thread_takes_a_turn_and_gives_it_back_at_a_pause(tmp_path: Path) -> None:
    one, other = (Runner(Settings(data="blobs", layers=())) for _ in range(2))
    for runner in (one, other):
        runner.pace = 0.0
        runner.turn = SharedTurn(tmp_path, 1)
    try:
        one.start()
        until(lambda: one.frame.step > 0)
        other.start()
        until(lambda: not other.is_going)
        assert "1 training runs already" in other.take_refusal()
        assert other.take_refusal() == ""
        assert other.frame.step == 0
        one.pause()
        until(lambda: not held(tmp_path))
        other.start()
        until(lambda: other.frame.step > 0)
    finally:
        one.close()
        other.close()
    assert not held(tmp_path)


def held(folder: Path) -> bool:
    turn = SharedTurn(folder, 1)
    is_held = bool(turn.take())
    turn.give_back()
    return is_held


def until(true: Callable[[], bool]) -> None:
    for _wait in range(3000):
        if true():
            return
        threading.Event().wait(0.002)
    raise AssertionError("it did not happen")


def test_settings_can_be_changed_one_by_one() -> None:
    assert parse("rate=0.5", replace(Settings(), seed=4)).seed == 4
