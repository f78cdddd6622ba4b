"""`dltutor train`: its events, its sentences, its exit status, its signals."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from engine.recipes.linear import LinearTask
from engine.training.checkpoint_file import load
from engine.training.task import Batch, BatchSums
from tests.cases import for_each
from tests.checkpoints import latest_checkpoint
from tests.unit.engine.training_fakes import tiny_run
from tui.cli import main
from tui.commands.epoch_lines import EpochLines
from tui.commands.train_bar import RichBar
from tui.commands.train_output import Outlet

Event = dict[str, Any]  # the values of one JSON object
Capture = pytest.CaptureFixture[str]


def train(capsys: Capture, *words: str) -> tuple[int, list[Event], str]:
    """Exit status, events and messages of `dltutor train … --json`."""
    status = main(["train", *words, "--device", "cpu", "--json"])
    out, messages = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], messages


def signal_before(update: int, *numbers: int) -> Callable[[LinearTask, Batch, float], BatchSums]:
    """LinearTask.update, which sends this process signals before the given update."""
    original = LinearTask.update
    made = 0

    def disturbed(self: LinearTask, batch: Batch, learning_rate: float) -> BatchSums:
        nonlocal made
        made += 1
        if made == update:
            for number in numbers:
                signal.raise_signal(number)
        return original(self, batch, learning_rate)

    return disturbed


def test_the_events_of_a_regression(capsys: Capture) -> None:
    status, events, messages = train(capsys, "linear")
    assert (status, messages) == (0, "")
    assert [event["event"] for event in events] == ["start", *["epoch"] * 6, "end"]
    start, *epochs, end = events
    assert list(start) == [
        "event", "run", "recipe", "device", "dataset", "synthetic", "train_samples", "test_samples",
        "validation_samples", "probe_samples", "settings",
    ]  # fmt: skip
    assert start["settings"] == {
        "epochs": 5, "lr": 0.03, "batch_size": 10, "validation": 0.0, "seed": 0,
        "threads": 1,
    }  # fmt: skip
    assert (start["recipe"], start["device"], start["train_samples"]) == ("linear", "cpu", 1000)
    for number, epoch in enumerate(epochs):
        assert list(epoch)[:14] == [
            "event", "epoch", "step", "train_loss", "train_accuracy", "test_loss",
            "test_accuracy", "seconds", "samples_per_second", "gradient_norms", "during_loss",
            "during_accuracy", "validation_loss", "validation_accuracy",
        ]  # fmt: skip
        assert (epoch["epoch"], epoch["step"]) == (number, 100 * number)
        assert epoch["train_accuracy"] is epoch["test_accuracy"] is None
        assert (epoch["seconds"] > 0) is (number > 0)
        assert (epoch["during_loss"] is None) is (number == 0)
        assert epoch["validation_loss"] is None
    assert [name for name in end if name != "diagnoses"] == [
        "event", "status", "epochs", "seconds", "parameters_sha256", "run", "checkpoint", "w", "b",
    ]  # fmt: skip
    assert (end["status"], end["epochs"]) == ("finished", 5)
    assert start["run"] == end["run"] == "linear-1"
    assert end["w"] == pytest.approx([2.0, 3.4], abs=0.002)
    assert end["b"] == pytest.approx(4.2, abs=0.002)
    assert epochs[-1]["train_loss"] < 6e-5
    assert end["checkpoint"] == str(latest_checkpoint("linear"))
    assert load(latest_checkpoint("linear")).epoch == 5


def test_the_events_of_a_classification(capsys: Capture) -> None:
    status, events, _ = train(capsys, "softmax", "--synthetic", "--epochs", "1")
    start, begin, epoch, end = events
    assert (begin["epoch"], begin["step"]) == (0, 0)
    assert begin["train_accuracy"] < 0.3
    assert status == 0
    assert start["synthetic"] is True
    assert start["dataset"] == "glyphs"
    assert 0.3 < epoch["train_accuracy"] < 1
    assert 0.3 < epoch["test_accuracy"] < 1
    assert "w" not in end
    assert len(end["parameters_sha256"]) == 64


def test_a_validation_split_is_reported_and_resumed(capsys: Capture) -> None:
    _, straight, _ = train(capsys, "linear", "--validation", "0.2", "--epochs", "2")
    assert straight[0]["settings"]["validation"] == 0.2
    assert (straight[0]["train_samples"], straight[0]["validation_samples"]) == (800, 200)
    assert all(event["validation_loss"] > 0 for event in straight[1:-1])
    train(capsys, "linear", "--validation", "0.2", "--epochs", "1")
    _, resumed, _ = train(capsys, "linear", "--resume", "--epochs", "2")
    assert resumed[0]["settings"]["validation"] == 0.2
    assert resumed[-1]["parameters_sha256"] == straight[-1]["parameters_sha256"]
    assert resumed[-2]["validation_loss"] == straight[-2]["validation_loss"]
    status, _, messages = train(capsys, "linear", "--validation", "1")
    assert status == 2
    assert "from 0 to 0.9" in messages


@for_each("width", [40, 60, 80, 100, 140])
def test_the_lines_of_epochs_fit_the_terminal(width: int) -> None:
    run = tiny_run(epochs=100)
    run.measure_start()
    lines, whole = EpochLines(run, width), EpochLines(run, None)
    shown = [*lines.header(), *map(lines.row, run.measured)]
    assert max(map(len, shown)) <= width
    assert shown[1].split()[0] == "epoch"
    assert whole.row(run.measured[0]).startswith(shown[2])
    assert ("samples/s" in shown[1]) is (width >= len(whole.header()[1]))


def test_options_are_the_settings(capsys: Capture) -> None:
    _, events, _ = train(
        capsys, "linear", "--epochs", "1", "--lr", "0.1", "--batch-size", "300", "--seed", "9"
    )
    assert events[0]["settings"] == {
        "epochs": 1, "lr": 0.1, "batch_size": 300, "validation": 0.0, "seed": 9,
        "threads": 1,
    }  # fmt: skip
    assert events[2]["step"] == 4  # 300 + 300 + 300 + 100


@for_each(
    ("words", "sentence"),
    [
        (["nix"], "There is no recipe 'nix'. The recipes are linear, linear-concise,"),
        (["linear", "--lr", "1e9"], "1000000000 is out of bounds for the setting “learning rate”."),
        (["linear", "--epochs", "many"], "must be a whole number, not 'many'"),
        (["linear", "--batch-size", "0"], "0 is out of bounds for the setting “batch size”."),
        (["softmax", "--require-real"], "--synthetic"),
        (["softmax", "--data-dir", "nowhere"], "There is no folder nowhere"),
        (["softmax", "--synthetic", "--require-real"], "exclude each other"),
        (["linear", "--resume"], "There is no checkpoint to resume"),
    ],
)
def test_bad_usage_gets_a_sentence(words: list[str], sentence: str, capsys: Capture) -> None:
    status, events, messages = train(capsys, *words)
    assert (status, [list(event) for event in events]) == (2, [["error"]])
    assert sentence in messages
    assert sentence in events[0]["error"]
    assert "Traceback" not in messages


def test_without_the_real_images_it_trains_on_the_glyph_set_and_says_so(capsys: Capture) -> None:
    status, events, messages = train(capsys, "softmax", "--epochs", "1")
    assert status == 0
    assert (events[0]["dataset"], events[0]["synthetic"]) == ("glyphs", True)
    assert "Fashion-MNIST is not on this machine" in messages
    assert "dltutor data fetch fashion-mnist" in messages


@pytest.mark.parametrize("recipe", ["linear", "softmax"])
def test_an_unknown_device_gets_one_sentence(recipe: str, capsys: Capture) -> None:
    """Where the images are missing, too: nothing is trained on others."""
    assert main(["train", recipe, "--device", "abacus"]) == 2
    told = capsys.readouterr().err
    assert "abacus" in told
    assert "glyph" not in told


def test_a_learning_rate_far_too_high_is_a_failed_run(capsys: Capture) -> None:
    status, events, messages = train(capsys, "linear", "--lr", "50")
    assert status == 1
    assert events[-1]["status"] == "failed"
    assert events[-1]["checkpoint"] is None
    assert all(abs(w) < 1 for w in events[-1]["w"])
    assert "the learning rate 50 is too high" in messages
    assert not latest_checkpoint("linear").exists()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_run_resumes_in_the_middle_of_an_epoch(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, straight, _ = train(capsys, "linear", "--epochs", "3")
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(142, number))
        status, events, messages = train(capsys, "linear", "--epochs", "3")
    assert status == 130
    assert signal.getsignal(number) is before
    assert (events[-1]["event"], events[-1]["status"]) == ("end", "interrupted")
    assert events[-1]["epochs"] == 1
    assert "dltutor runs resume linear-2" in messages
    checkpoint = load(latest_checkpoint("linear"))
    assert (checkpoint.epoch, checkpoint.epoch_step) == (1, 42)
    status, resumed, _ = train(capsys, "linear", "--resume")
    assert status == 0
    assert [event["epoch"] for event in resumed[1:-1]] == [2, 3]
    assert resumed[-1]["parameters_sha256"] == straight[-1]["parameters_sha256"]
    assert resumed[-2]["train_loss"] == straight[-2]["train_loss"]


def test_a_second_interrupt_ends_it_at_once(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LinearTask, "update", signal_before(5, signal.SIGINT, signal.SIGINT))
    status, events, _ = train(capsys, "linear")
    assert status == 130
    assert [event["event"] for event in events] == ["start", "epoch"]
    assert events[1]["epoch"] == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no SIGHUP here")
def test_a_hangup_is_survived(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LinearTask, "update", signal_before(5, signal.SIGHUP))
    status, events, _ = train(capsys, "linear")
    assert status == 0
    assert events[-1]["status"] == "finished"


def test_more_epochs_go_on_from_a_finished_run(capsys: Capture) -> None:
    _, straight, _ = train(capsys, "linear", "--epochs", "4")
    train(capsys, "linear", "--epochs", "3")
    status, events, messages = train(capsys, "linear", "--resume")
    assert status == 0
    assert [event["event"] for event in events] == ["start", "end"]
    assert "All 3 epochs were completed already" in messages
    _, events, _ = train(capsys, "linear", "--resume", "--epochs", "4")
    assert events[-1]["parameters_sha256"] == straight[-1]["parameters_sha256"]
    status, _, messages = train(capsys, "linear", "--resume", "--seed", "3")
    assert status == 2
    assert "trained with seed 0, not 3" in messages


def test_a_disk_that_refuses_costs_only_the_checkpoint(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    status, events, messages = train(capsys, "linear")
    assert status == 0
    assert events[-1]["checkpoint"] is None
    assert "No space left on device" in messages


def test_people_read_lines(capsys: Capture) -> None:
    assert main(["train", "linear", "--epochs", "1", "--device", "cpu"]) == 0
    out, messages = capsys.readouterr()
    groups, header, begin, row = (line.split() for line in out.splitlines()[4:8])
    assert " ".join(groups) == "train after epoch test after epoch train during epoch"
    assert " ".join(header) == "epoch loss loss loss seconds samples/s"
    assert (begin[0], begin[3:]) == ("0/1", ["-"] * 3)
    assert row[0] == "1/1"
    assert float(row[3]) > float(row[1]) > 0
    assert "(true 3.4)" in out
    assert "finished: 1 of 1 epoch, 100 updates, " in out
    assert messages == ""


class Gone(io.StringIO):
    """A stream whose reader leaves after some writes."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise BrokenPipeError
        return super().write(text)

    def isatty(self) -> bool:
        return True


def test_an_output_that_nobody_reads_does_not_end_the_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = Gone(4)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["train", "linear", "--json", "--device", "cpu"]) == 0
    assert stream.getvalue().count("\n") == 2
    assert load(latest_checkpoint("linear")).epoch == 5


def test_an_outlet_falls_silent_once() -> None:
    stream = Gone(2)
    outlet = Outlet(stream)
    for _ in range(5):
        outlet.line("x")
    assert stream.getvalue() == "x\n"


def test_the_bar_shows_where_it_stands() -> None:
    stream = Gone(1_000_000)
    run = tiny_run()
    run.restart_from(epoch=1, epoch_step=1)
    run.seconds = 2.0
    bar = RichBar(stream)
    bar.show(run)
    bar.hide()
    shown = stream.getvalue()
    for part in ("epoch 2/3", "44 %", "7 samples/s", "2 s left"):
        assert part in shown


@for_each("writes", [0, 1, 2, 5])
def test_the_bar_survives_a_dropped_line(writes: int) -> None:
    bar = RichBar(Gone(writes))
    run = tiny_run()
    for _ in range(3):
        bar.show(run)
    bar.hide()
    bar.show(run)
    bar.hide()


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, tui.commands.train, tui.commands.recipes;"
        "print([m for m in ('torch', 'textual', 'rich', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "['numpy']\n"


def test_recipes_are_listed(capsys: Capture) -> None:
    assert main(["recipes", "--json"]) == 0
    recipes = {recipe["name"]: recipe for recipe in json.loads(capsys.readouterr().out)}
    linear, softmax = recipes["linear"], recipes["softmax"]
    assert list(linear) == ["name", "title", "lesson", "settings"]
    assert linear["lesson"] == "linear/from-scratch"
    rate = next(setting for setting in softmax["settings"] if setting["name"] == "lr")
    assert (rate["default"], rate["minimum"], rate["maximum"], rate["live"]) == (
        0.1, 1e-6, 100.0, True,
    )  # fmt: skip
    activation = next(s for s in recipes["mlp"]["settings"] if s["name"] == "activation")
    assert (activation["kind"], activation["default"]) == ("choice", "relu")
    assert activation["choices"] == ["relu", "sigmoid", "tanh"]
    assert (activation["minimum"], activation["maximum"]) == (None, None)
    assert main(["recipes"]) == 0
    text = capsys.readouterr().out
    assert "Softmax regression from scratch" in text
    assert "--batch-size" in text
