"""A guess in sentences, on the command line, and in the record of a run."""

from __future__ import annotations

import json
import math

import pytest

from engine.training.guess import Guess, Theory
from engine.training.snapshot import EpochMetrics
from tests.cases import for_each
from tui.cli import main
from tui.guess import guess_text, verdict

ROWS = (
    EpochMetrics(0, 0, 2.31, 0.1, 2.32, 0.09, 0.0, 0.0),
    EpochMetrics(1, 40, 1.0, 0.7, 1.1, 0.71, 0.1, 1e4),
    EpochMetrics(2, 80, 0.9, 0.75, 0.95, 0.74, 0.1, 1e4),
)
EQUAL = Theory(math.log(10), "equal", 10)


def test_the_reason_is_told_where_it_holds() -> None:
    (told,) = verdict(Guess(2.0, theory=EQUAL), ROWS, 2)
    assert told == (
        "First loss: guessed 2, measured 2.3100. Small first weights give each of 10 classes"
        " nearly the probability 1/10, so the loss starts near −ln(1/10) = ln 10 = 2.3026."
    )
    (other,) = verdict(Guess(2.0, theory=Theory(math.log(4), "equal", 4)), ROWS, 2)
    assert "it would be ln 4 = 1.3863; these first weights already favour some" in other


@pytest.mark.parametrize("why", ["zero", "wide"])
def test_a_reason_that_does_not_hold_is_not_told(why: str) -> None:
    far, near = Theory(100.0, why), Theory(2.3, why)  # type: ignore[arg-type]  # one of its words
    assert verdict(Guess(1.0, theory=far), ROWS, 2) == ("First loss: guessed 1, measured 2.3100.",)
    assert "starts near" in verdict(Guess(1.0, theory=near), ROWS, 2)[0]


def test_a_run_that_was_stopped_says_how_far_it_got() -> None:
    assert verdict(Guess(None, 0.9), ROWS, 5) == (
        "Test accuracy: guessed 0.9, measured 0.7400 after epoch 2 of 5.",
    )
    assert verdict(Guess(None, None, 0.9), ROWS, 2) == (
        "Test loss after the last epoch: guessed 0.9, measured 0.9500.",
    )


def test_a_guess_in_a_few_words() -> None:
    assert guess_text(Guess(2.3, 0.85)) == "first loss 2.3, test accuracy 0.85"
    assert guess_text(Guess(500_000.0, None, 1e7)) == "first loss 500000, test loss 1e7"
    assert guess_text(Guess(1e-7)) == "first loss 1e−7"
    assert guess_text(Guess()) == ""


def test_a_training_without_the_screens_compares_a_guess(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["train", "linear", "--epochs", "1", "--device", "cpu", "--guess-loss", "20"]
    assert main([*words, "--guess-final-loss", "0.1"]) == 0
    out = capsys.readouterr().out
    assert "First loss: guessed 20, measured 17.7" in out
    assert "Test loss after the last epoch: guessed 0.1, measured" in out
    assert main([*words, "--json"]) == 0
    end = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert end["guess"]["first_loss"]["guess"] == 20
    assert end["guess"]["first_loss"]["measured"] == pytest.approx(17.7, abs=0.1)
    run = end["run"]
    assert main(["runs", "show", run, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["guess"] == end["guess"]
    assert main(["runs", "show", run]) == 0
    assert "First loss: guessed 20" in capsys.readouterr().out
    assert main(["runs", "resume", run, "--epochs", "2", "--device", "cpu", "--json"]) == 0
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert again["guess"] == end["guess"]


def test_without_a_guess_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "linear", "--epochs", "1", "--device", "cpu", "--json"]) == 0
    end = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "guess" not in end
    assert main(["runs", "show", end["run"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["guess"] is None


@for_each(
    ("words", "said"),
    [
        (["linear", "--guess-accuracy", "0.9"], "is a regression"),
        (["softmax", "--guess-final-loss", "0.9"], "--guess-accuracy"),
        (["softmax", "--guess-accuracy", "90"], "from 0 to 1"),
        (["softmax", "--guess-loss", "much"], "such as 2.3, not 'much'"),
        (["softmax", "--resume", "--guess-loss", "1"], "before the first update"),
    ],
)
def test_a_guess_that_makes_no_sense_is_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["train", *words]) == 2
    assert said in capsys.readouterr().err
