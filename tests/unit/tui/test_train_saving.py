"""Short epochs are not all saved: the first and the last are, and others after a pause."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine.training.keeping
from engine.training.checkpoint import Checkpoint
from engine.training.checkpoint_file import save
from tui.cli import main
from tui.commands import train_loop


@pytest.mark.parametrize(("interval", "saved"), [(1e9, [1, 6]), (0.0, [1, 2, 3, 4, 5, 6])])
def test_epochs_are_saved_after_a_pause(
    interval: float, saved: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs: list[int] = []

    def counted(checkpoint: Checkpoint, path: Path) -> None:
        epochs.append(checkpoint.epoch)
        save(checkpoint, path)

    monkeypatch.setattr(engine.training.keeping, "save", counted)
    monkeypatch.setattr(train_loop, "SAVE_PAUSE", 1e9)
    monkeypatch.setattr(train_loop, "SAVE_INTERVAL", interval)
    assert main(["train", "fizzbuzz", "--epochs", "6", "--device", "cpu", "--json"]) == 0
    assert epochs == saved
