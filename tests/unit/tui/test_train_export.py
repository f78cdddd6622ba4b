"""`dltutor train --export`: the files of a training, and the mark while it is under way."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.training import underway
from tui.cli import main


def test_a_training_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "linear", "--epochs", "2", "--device", "cpu", "--json"]
    assert main([*words, "--export", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    end = json.loads(captured.out.splitlines()[-1])
    (folder,) = tmp_path.iterdir()
    assert f"Exported to {folder}" in captured.err
    facts = json.loads((folder / "settings.json").read_text())
    assert facts["parameters_sha256"] == end["parameters_sha256"]
    assert (facts["state"], facts["settings"]["epochs"]) == ("finished", 2)
    assert len(facts["data_sha256"]) == 64
    with (folder / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert underway.cut_off() == []


def test_an_export_that_fails_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    words = ["train", "linear", "--epochs", "1", "--device", "cpu", "--export", str(blocked)]
    assert main(words) != 0
    assert "Choose another folder." in capsys.readouterr().err
