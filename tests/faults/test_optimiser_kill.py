"""A training with an optimiser that remembers is killed, and goes on with that memory."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from engine.training.checkpoint import load
from tests.checkpoints import latest_checkpoint
from tui.cli import main

TIMEOUT = 60


@pytest.mark.parametrize("recipe", ["mlp", "mlp-concise"])
def test_killed_and_resumed_it_ends_with_the_same_bits(
    recipe: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "train", recipe, "--synthetic", "--device", "cpu", "--optimizer", "adam", "--lr", "0.001",
        "--hidden", "8", "--batch-size", "500", "--epochs", "30", "--json",
    ]  # fmt: skip
    assert main(words) == 0
    straight = json.loads(capsys.readouterr().out.splitlines()[-1])
    command = [sys.executable, "-m", "tui.cli", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("epoch") == 3:
                break
        process.kill()
        assert process.wait(TIMEOUT) == -signal.SIGKILL
    kept = load(latest_checkpoint(recipe))
    assert 1 <= kept.epoch < 30
    assert len(kept.optimiser) >= 8  # two means of each of four parameters

    assert main(["train", recipe, "--resume", "--device", "cpu", "--json"]) == 0
    resumed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert resumed["parameters_sha256"] == straight["parameters_sha256"]
