"""A training with an optimiser that remembers is killed, and goes on with that memory."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from engine.training.checkpoint_file import load
from tests.checkpoints import latest_checkpoint
from tests.idx import SmallSet
from tests.unit import warm
from tui.cli import main

EPOCHS = 30
PROGRAM = """
import sys
from engine.data import IMAGE_SETS
from tests.faults.opening import rest_between_updates
from tests.idx import SmallSet
from tui.cli import main

rest_between_updates(0.04)
IMAGE_SETS["fashion-mnist"] = SmallSet.make(train=300).image_set
sys.exit(main(sys.argv[1:]))
"""
"""The command, with a small set in the place of the published one, and time to be killed in."""


@pytest.mark.parametrize("recipe", ["mlp", "mlp-concise"])
def test_killed_and_resumed_it_ends_with_the_same_bits(
    recipe: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SmallSet.make(train=300).register(monkeypatch).write(tmp_path, compressed=False)
    common = ["--device", "cpu", "--data-dir", str(tmp_path), "--json"]
    words = [
        "train", recipe, "--optimizer", "adam", "--lr", "0.001", "--hidden", "8",
        "--batch-size", "100", "--epochs", str(EPOCHS), *common,
    ]  # fmt: skip
    assert main(words) == 0
    straight = json.loads(capsys.readouterr().out.splitlines()[-1])
    with warm.started(["-c", PROGRAM, *words], loaded=True) as (process, stdout):
        for line in stdout:
            if json.loads(line).get("epoch") == 3:
                break
        process.kill()
        assert process.wait() == -signal.SIGKILL
    kept = load(latest_checkpoint(recipe))
    assert 1 <= kept.epoch < EPOCHS
    assert len(kept.optimiser) >= 8  # two means of each of four parameters

    assert main(["train", recipe, "--resume", *common]) == 0
    resumed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert resumed["parameters_sha256"] == straight["parameters_sha256"]
