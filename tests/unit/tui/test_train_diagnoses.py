"""What `dltutor train` and `dltutor runs show` say of a training that is sick."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias
from unittest.mock import Mock

import pytest

from engine.training.insight import Diagnosis, Insights
from engine.training.run_files import record_path
from engine.training.runs import RunStore, kept_run
from engine.training.sealing import unsealed
from engine.training.snapshot import Snapshot
from tui.cli import main
from tui.commands.train_diagnoses import DiagnosisLines

Capture: TypeAlias = pytest.CaptureFixture[str]
KEYS = ["id", "layer", "value", "title", "text", "try", "step"]


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(words))
    out, err = capsys.readouterr()
    return status, out, err


def test_a_healthy_training_has_no_diagnoses(capsys: Capture) -> None:
    status, out, err = said(capsys, "train", "linear", "--device", "cpu", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [event["diagnoses"] for event in events[1:]] == [[]] * (len(events) - 1)


def test_scripts_get_them_with_every_epoch_and_people_once(capsys: Capture) -> None:
    words = ("train", "linear", "--device", "cpu", "--lr", "0.00001")
    status, out, _err = said(capsys, *words, "--json")
    assert status == 0
    *_first, last, end = (json.loads(line) for line in out.splitlines())
    assert list(last["diagnoses"][0]) == KEYS
    assert [one["id"] for one in last["diagnoses"]] == ["chance-level"]
    assert end["diagnoses"] == last["diagnoses"]

    status, out, err = said(capsys, *words)
    assert "diagnosis" not in out
    (line,) = err.splitlines()
    assert line.startswith("dltutor: diagnosis: The loss is 17.")
    assert "learning rate" in line


def test_a_training_that_diverged_says_the_largest_stable_rate(capsys: Capture) -> None:
    status, _out, err = said(capsys, "train", "linear", "--device", "cpu", "--lr", "50")
    assert status == 1
    (line,) = (line for line in err.splitlines() if "too high here" in line)
    assert "steps larger than 2 / 1.1 = 1.8 overshoot" in line


def test_the_record_keeps_them(capsys: Capture) -> None:
    said(capsys, "train", "linear", "--device", "cpu", "--lr", "0.00001")
    status, out, _err = said(capsys, "runs", "show", "linear-1")
    assert status == 0
    assert "diagnosis" in out
    status, out, _err = said(capsys, "runs", "show", "linear-1", "--json")
    assert [one["id"] for one in json.loads(out)["diagnoses"]] == ["chance-level"]
    record_path("linear-1").unlink()  # as if it had been killed: the checkpoint says it, too
    assert (
        json.loads(said(capsys, "runs", "show", "linear-1", "--json")[1])["diagnoses"]
        == (json.loads(out)["diagnoses"])
    )


def test_what_was_found_between_epochs_alone_is_told_in_the_end() -> None:
    sick = Diagnosis("plateau", "", 0.5, "a plateau", "It is level.", "Wait.", step=40)
    run, outlet = Mock(**{"watch.insights": Insights((), (sick,), diagnosed=60)}), Mock()
    lines = DiagnosisLines(outlet)
    lines.tell(run)
    outlet.line.assert_not_called()
    for _again in range(2):
        lines.tell(run, is_over=True)
    told = "dltutor: diagnosis: It is level. Wait. (found after 40 updates)"
    outlet.line.assert_called_once_with(told)


def test_a_record_without_diagnoses_is_still_read(tmp_path: Path) -> None:
    sick = Diagnosis("plateau", "", 0.5, "a plateau", "It is level.", "Wait.")
    snapshot = Snapshot(recipe="softmax", run="softmax-1", insights=Insights((), (sick,)))
    RunStore(tmp_path).add(kept_run(snapshot))
    (run,) = RunStore(tmp_path).of("softmax")
    assert run.diagnoses == (sick,)
    (path,) = (tmp_path / "softmax").glob("*.json")
    state = unsealed(path.read_text())  # nor had it a checksum
    del state["diagnoses"]
    path.write_text(json.dumps(state))
    assert RunStore(tmp_path).of("softmax") == (replace(run, diagnoses=()),)
