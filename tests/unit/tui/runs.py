"""What the tests of kept runs share: commands that are run, and what they say."""

from __future__ import annotations

import json
from typing import TypeAlias

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.begin import begin
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.order import TrainingOrder
from tui.cli import main

Capture: TypeAlias = pytest.CaptureFixture[str]


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(words))
    out, err = capsys.readouterr()
    return status, out, err


def listed(capsys: Capture, *words: str) -> list[dict[str, object]]:
    status, out, _ = said(capsys, "runs", "list", "--json", *words)
    assert status == 0
    found: list[dict[str, object]] = json.loads(out)
    return found


def trained(capsys: Capture, *words: str) -> dict[str, object]:
    """The end event of a training."""
    _, out, _ = said(capsys, "train", *words, "--device", "cpu", "--json")
    found: dict[str, object] = json.loads(out.splitlines()[-1])
    return found


def changed_run(capsys: Capture) -> str:
    """A run whose learning rate is changed twice, kept by the command line's own means."""
    order = TrainingOrder(find_recipe("linear"), {"epochs": 3})
    run = begin(order, lambda: 0.0)
    for _ in train(run):
        run.learning_rate = {140: 0.003, 250: 0.01}.get(run.step, run.learning_rate)
    keep(run)
    return run.name
