"""Trainings killed at random moments and resumed all end with the same bits.

`python -m tests.faults.long trainings --kills 20` kills 20 runs; the suite makes do with a few.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time

import pytest

from engine.training.checkpoint_file import load
from engine.training.underway import cut_off
from tests.checkpoints import latest_checkpoint
from tests.unit import warm
from tui.cli import main

RUNS = int(os.environ.get("DLTUTOR_KILLS", "4"))
TRAININGS = (
    ["linear", "--epochs", "75", "--batch-size", "50"],
    ["two-layer-optim", "--epochs", "200", "--optimizer", "adam"],
)
"""One without and one with numbers that the optimiser remembers."""
TRIES = 10


def trained(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, float]:
    """Train in this process; the final hash and the seconds of training."""
    assert main(["train", *words, "--device", "cpu", "--json"]) == 0
    end = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert end["status"] == "finished"
    return str(end["parameters_sha256"]), float(end["seconds"])


def kill_after(words: list[str], seconds: float) -> bool:
    """Train in a process of its own, killed `seconds` after its start event.

    Whether that was before its end: a busy machine may let it finish first.
    """
    command = ["-m", "tui.cli", "train", *words, "--device", "cpu", "--json"]
    with warm.started(command, loaded=True) as (process, stdout):
        assert json.loads(stdout.readline())["event"] == "start"
        # The moment is what is tested, so here the clock is meant.
        time.sleep(seconds)
        process.kill()
        rest = stdout.read()
        died = process.wait() == -signal.SIGKILL
        return died and '"event": "end"' not in rest


@pytest.mark.timeout(180 + 30 * RUNS)
def test_killed_anywhere_and_resumed_the_hashes_are_equal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    moments = random.Random(20)
    kept: list[int] = []
    for words in TRAININGS:
        straight, seconds = trained(capsys, *words)
        hashes = []
        for _ in range(RUNS // len(TRAININGS)):
            recipe = words[0]
            for _ in range(TRIES):
                latest_checkpoint(recipe).unlink(missing_ok=True)
                if kill_after(words, moments.uniform(0, 0.8 * seconds)):
                    break
            else:
                pytest.fail(f"{recipe} was faster than its killer {TRIES} times")
            assert recipe in cut_off()
            if latest_checkpoint(recipe).exists():
                kept.append(load(latest_checkpoint(recipe)).epoch)  # raises where it is damaged
                hashes.append(trained(capsys, recipe, "--resume")[0])
            else:
                # Killed before the first checkpoint: there is nothing to go on from.
                hashes.append(trained(capsys, *words)[0])
        assert set(hashes) == {straight}
    with capsys.disabled():
        if RUNS > 4:
            print(f"\n{RUNS} runs killed, {len(kept)} resumed, in epochs {sorted(kept)}")
            print("all final hashes equal, every checkpoint read")
