"""The commands with `torchrun` that the lesson and README show, with two processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import torch
from torch.utils.data import DistributedSampler

from engine.training.runs import RunStore
from tests.unit import warm

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "lessons" / "course" / "mlp" / "many_machines" / "lesson.en.md"
TORCHRUN = shutil.which("torchrun", path=str(Path(sys.executable).parent))
SECONDS = 120

pytestmark = [
    pytest.mark.skipif(TORCHRUN is None, reason="torchrun is not beside this Python"),
    pytest.mark.timeout(SECONDS + 30),
]

TRAIN = """
import os, torch
from torch import nn
from torch.utils.data import TensorDataset
from lessons.course.mlp.many_machines.programs import train_together

net = nn.Linear(1, 1, bias=False, dtype=torch.float64)
nn.init.constant_(net.weight, 5.0)
X = torch.linspace(-1, 2, 24, dtype=torch.float64)[:, None]
train_together(net, TensorDataset(X, 3 * X + X * X), 8)
with open("weight-" + os.environ["RANK"], "w") as file:
    file.write(repr(net.weight.item()))
os._exit(0)
"""
"""A script of a learner. It leaves at once when its weight is on disk.

PyTorch 2.14 keeps the threads of gloo after `destroy_process_group` wherever there was a
DistributedDataParallel, also a deleted one. Now and then one of them aborts the process while
Python ends ("terminate called without an active exception"), which is not what is tested here.
"""


LAUNCH = """
import sys
from pathlib import Path
from torch.distributed.elastic.multiprocessing.subprocess_handler import SubprocessHandler
from torch.distributed.run import main
from tests.unit import warm

def begin(_handler, words, env):
    assert words[:2] == (sys.executable, "-u"), words
    return warm.start(words[2:], folder=Path.cwd(), env=env, tidy=False, group=True)

if warm.FORKS:
    SubprocessHandler._popen = begin
main()
"""
"""What `torchrun` runs; the processes that it starts have imported PyTorch, but nothing of ours."""


def shown(path: Path) -> list[str]:
    """The words of the command that a text shows."""
    found = re.search(r"torchrun --nproc-per-node=\d+ [^`\n]+", path.read_text("utf-8"))
    assert found
    return found[0].split()


def run(words: list[str], folder: Path) -> str:
    """Run it on a port that is free, whatever else runs here; what it printed."""
    given = {**os.environ, "PET_STANDALONE": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = warm.run(["-c", LAUNCH, *words[1:]], folder=folder, env=given | warm.SHARED)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_command_of_the_lesson(tmp_path: Path) -> None:
    words = shown(LESSON)
    assert words == ["torchrun", "--nproc-per-node=2", "train.py"]
    (tmp_path / "train.py").write_text(TRAIN)
    run(words, tmp_path)
    first, second = ((tmp_path / f"weight-{rank}").read_text() for rank in range(2))
    assert first == second

    # One process with the whole batches: the same samples in the same order.
    X = torch.linspace(-1, 2, 24, dtype=torch.float64)
    samplers: list[DistributedSampler[int]] = [
        DistributedSampler(X, 2, rank)  # type: ignore[arg-type]
        for rank in range(2)
    ]
    orders = torch.tensor([list(sampler) for sampler in samplers])
    weight = 5.0
    for at in range(0, 12, 4):
        x = X[orders[:, at : at + 4].flatten()]
        weight -= 0.1 * float((2 * (weight * x - 3 * x - x * x) * x).mean())
    assert float(first) == pytest.approx(weight, rel=1e-12)


def test_the_command_of_the_readme(tmp_path: Path) -> None:
    words = shown(ROOT / "README.md")
    assert words == ["torchrun", "--nproc-per-node=4", "-m", "tui.cli", "train", "mlp"]
    words[1] = "--nproc-per-node=2"
    short = ["--epochs", "1", "--batch-size", "4096", "--synthetic", "--device", "cpu", "--json"]
    told = [json.loads(line) for line in run([*words, *short], tmp_path).splitlines()]
    assert [each["event"] for each in told] == ["start", "epoch", "epoch", "end"]
    assert told[0]["processes"] == 2
    assert told[-2]["test_loss"] < told[1]["test_loss"]
    (kept,) = RunStore().of("mlp")
    assert (kept.state, kept.processes) == ("finished", ((0, 2),))
