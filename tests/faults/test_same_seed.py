"""The same seed is the same run, wherever its numbers lie in memory.

The sums of a matrix product may be rounded differently where their numbers begin elsewhere in a
cache line (conditional numerical reproducibility, says Intel's manual of MKL). PyTorch begins every
tensor at a multiple of 64 bytes; this is what a run rests on, so it is tested, too.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.loop import TrainingRun, train
from tests.unit.engine.small_images import small_run, write_small_sets

CACHE_LINE = 64
RECIPES = ("mlp", "mlp-concise")


def fresh(recipe: str, root: Path, draw: random.Random) -> tuple[TrainingRun, object]:
    """A new run, after memory was taken here and there; and what keeps some of it taken."""
    taken = [torch.empty(draw.randint(1, 200_000)) for _ in range(draw.randint(1, 30))]
    kept = [each for each in taken if draw.random() < 0.5]
    del taken
    return small_run(recipe, root), kept


@pytest.mark.parametrize("recipe", RECIPES)
def test_plain_and_resumed_runs_end_with_the_same_bits(
    recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_small_sets(tmp_path, monkeypatch)
    draw = random.Random(16)
    hashes = set()
    for number in range(6):
        run, _kept = fresh(recipe, root, draw)
        assert all(one.data_ptr() % CACHE_LINE == 0 for one in run.task.parameters.values())
        assert all(
            one.data_ptr() % CACHE_LINE == 0 for one in next(iter(run.task.batches(run.batch_size)))
        )
        run, _kept = fresh(recipe, root, draw)
        if number % 2:
            updates = train(run)
            for _ in range(draw.randint(1, run.total_steps - 1)):
                next(updates)
            broken_off = capture(run)
            run, _kept = fresh(recipe, root, draw)
            restore(run, broken_off)
        list(train(run))
        hashes.add(parameters_sha256(run))
    assert len(hashes) == 1
