"""A training as files: every digit is there, and what made it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.training.export import export
from engine.training.snapshot import Curve, EpochMetrics, SessionState, Snapshot

MOMENT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
SNAPSHOT = Snapshot(
    state=SessionState.FINISHED,
    recipe="mlp",
    settings={"epochs": 2, "lr": 0.1 + 0.2, "activation": "relu"},
    device="cuda:0",
    dataset="Fashion-MNIST",
    epoch=2,
    epochs=2,
    step=470,
    total_steps=470,
    losses=Curve((1, 2), (1 / 3, 0.25)),
    measured=(
        EpochMetrics(1, 235, 1 / 3, 0.5, 0.7, 0.6, 0.25, 1000.0, (0.1, 0.2)),
        EpochMetrics(2, 470, 0.3, None, 0.6, None, 0.25, 1000.0),
    ),
    layers=("hidden", "output"),
    data_sha256="ab",
    parameters_sha256="cd",
)


def test_the_measurements_keep_all_digits(tmp_path: Path) -> None:
    folder = export(SNAPSHOT, tmp_path, moment=MOMENT)
    assert folder == tmp_path / "mlp-20260203-040506"
    with (folder / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["train_loss"]) == 1 / 3
    assert rows[0]["gradient_norm hidden"] == "0.1"
    assert rows[1]["test_accuracy"] == rows[1]["gradient_norm output"] == ""
    with (folder / "losses.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["step", "min", "mean", "max", "updates"],
            ["1", "", repr(1 / 3), "", ""],
            ["2", "", "0.25", "", ""],
        ]
    assert not (folder / "screen.svg").exists()


def test_the_settings_say_what_made_them(tmp_path: Path) -> None:
    folder = export(SNAPSHOT, tmp_path, screen="<svg/>", moment=MOMENT)
    facts = json.loads((folder / "settings.json").read_text())
    assert facts["settings"] == {"epochs": 2, "lr": 0.1 + 0.2, "activation": "relu"}
    assert (facts["recipe"], facts["device"], facts["state"]) == ("mlp", "cuda:0", "finished")
    assert (facts["data_sha256"], facts["parameters_sha256"]) == ("ab", "cd")
    assert facts["version"]
    assert facts["exported"] == "2026-02-03T04:05:06+00:00"
    assert (folder / "screen.svg").read_text() == "<svg/>"


def test_while_it_runs_the_parameters_have_no_fingerprint(tmp_path: Path) -> None:
    running = replace(SNAPSHOT, state=SessionState.RUNNING, parameters_sha256="")
    folder = export(running, tmp_path, moment=MOMENT)
    assert json.loads((folder / "settings.json").read_text())["parameters_sha256"] is None


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first, second = (export(SNAPSHOT, tmp_path, moment=MOMENT) for _ in range(2))
    assert first != second
    assert second.name == "mlp-20260203-040506-2"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(UserError, match="Choose another folder"):
        export(SNAPSHOT, blocked, moment=MOMENT)
