"""Programs that show sentences of `mlp/many-machines` to be true."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from lessons.course.mlp.many_machines.facts import (
    COUNTS,
    CURVED,
    DATA,
    LARGE,
    REPLICAS,
    slopes,
)
from lessons.course.mlp.many_machines.ring import WORKERS
from lessons.proof.claims import Claim

_SCRIPT = """
import os, tempfile
import torch, torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import TensorDataset
from lessons.course.mlp.many_machines.programs import train_together
def work(rank, workers, path):
    found = []
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(workers))
    meet = dist.init_process_group
    meet("gloo", init_method=f"file://{path}", rank=rank, world_size=workers)
    if workers == 2:
        net = torch.nn.Linear(1, 1, bias=False)
        X = torch.full((3, 1), 1.0) if rank == 0 else torch.full((1, 1), 2.0)
        model = DistributedDataParallel(net)
        model(X).mean().backward()
        found = [net.weight.grad.item()]
    dist.init_process_group = lambda *_: None
    net = torch.nn.Linear(1, 1, bias=False, dtype=torch.float64)
    torch.nn.init.constant_(net.weight, 5.0 + rank)
    X = torch.linspace(-1, 2, 24, dtype=torch.float64)[:, None]
    train_together(net, TensorDataset(X, 3 * X + X * X), 8)
    dist.init_process_group = meet
    with open(f"{path}.{rank}", "w") as file:
        print(*found, repr(net.weight.item()), file=file)
with tempfile.TemporaryDirectory() as folder:
    for workers in (2, 1):
        path = os.path.join(folder, f"meet{workers}")
        child = os.fork() if workers == 2 else -1
        if child == 0:
            work(1, workers, path)
            os._exit(0)
        work(0, workers, path)
        if child > 0:
            os.waitpid(child, 0)
        for rank in range(workers):
            print(open(f"{path}.{rank}").read().strip())
"""
"""Two workers, then one: the gradient with uneven shares, and the weight after `train_together`."""


@cache
def _written() -> tuple[tuple[float, float], tuple[float, float], tuple[float]]:
    """Gradient and weight of two workers, and the weight of one alone."""
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=Path(__file__).parents[4], capture_output=True, text=True, timeout=300, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])},
    )  # fmt: skip
    first, first_weight, second, second_weight, alone = map(float, run.stdout.split())
    return (first, first_weight), (second, second_weight), (alone,)


def ddp_start() -> bool:
    """Two workers begin at 5 and 6: after an epoch their weight is the same, to the last bit."""
    (_, first), (_, second), _ = _written()
    return first == second


def ddp_plain_mean() -> bool:
    """Gradients with 3 samples and 1: both workers get the plain mean 1.5, and not 1.25."""
    (first, _), (second, _), _ = _written()
    return (first, second) == (1.5, 1.5)


def one_like_two() -> bool:
    """`train_together` with two workers and with one: the weights after an epoch, to rounding."""
    (_, two), _, (alone,) = _written()
    return alone != 5.0 and math.isclose(alone, two, rel_tol=1e-12)


def _sampled(epoch: int | None, rank: int, seed: int = 0) -> list[int]:
    from torch.utils.data import DistributedSampler

    sampler: DistributedSampler[int] = DistributedSampler(
        list(range(DATA)),  # type: ignore[arg-type]
        num_replicas=REPLICAS, rank=rank, seed=seed,
    )  # fmt: skip
    if epoch is not None:
        sampler.set_epoch(epoch)
    return list(sampler)


def sampler_pads() -> bool:
    """10 samples for 4 workers: three each, so that two samples come twice and none is missing."""
    dealt = [_sampled(0, rank) for rank in range(REPLICAS)]
    times = np.bincount(np.concatenate(dealt), minlength=DATA)
    return [len(each) for each in dealt] == [3] * 4 and sorted(times) == [1] * 8 + [2] * 2


def sampler_common() -> bool:
    """The first eight samples that the workers read, two each: no sample comes twice."""
    first = [sample for rank in range(REPLICAS) for sample in _sampled(3, rank)[:2]]
    return len(set(first)) == len(first) == 8


def set_epoch() -> bool:
    """The order of two epochs without set_epoch is the same, and with it is another one."""
    return _sampled(None, 1) == _sampled(None, 1) and _sampled(0, 1) != _sampled(1, 1)


def same_everywhere() -> bool:
    """After the ring of the lab every worker holds the same numbers, to the last bit."""
    from engine.labs.workers import Settings, update_of

    states = [
        update_of(Settings(workers, 12), made).ring.states[-1]
        for workers in (2, 3, 4)
        for made in range(10)
    ]
    return all((state == state[0]).all() for state in states)


def rounding() -> bool:
    """The lab's workers beside one model: after 200 updates less than 1e-13 apart."""
    from engine.labs.workers import Settings, update_of

    found = [
        update_of(Settings(workers, batch, uneven), 200).apart
        for workers in (2, 3, 4)
        for batch in (8, 12, 24)
        for uneven in (False, True)
    ]
    return max(found) < 1e-13 and max(found) > 0


def others_too_small() -> bool:
    """The plain mean of shares with 4, 4 and 2 samples: what one sample of each share counts."""
    per_sample = [1 / len(COUNTS) / size for size in COUNTS]
    return math.isclose(per_sample[2], 2 * per_sample[0])


def measured_noise() -> bool:
    """The measured noise for 1, 4 and 16 times the batch: a half and a quarter, within 5 %."""
    from lessons.course.mlp.many_machines.programs import noise_of

    one, four, sixteen = map(noise_of, (16, 64, 256))
    return abs(2 * four / one - 1) < 0.05 and abs(4 * sixteen / one - 1) < 0.05


def _after(rate: float, batch: int, epochs: int) -> float:
    """The loss of a fit on 512 samples after some epochs."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(512, 5))
    y = X @ np.arange(1.0, 6.0) + 0.1 * rng.normal(size=512)
    w = np.zeros(5)
    for _ in range(epochs):
        for rows in np.split(rng.permutation(512), 512 // batch):
            w = w - rate * X[rows].T @ (X[rows] @ w - y[rows]) / batch
    return float(((X @ w - y) ** 2).mean() / 2)


def same_rate_is_slow() -> bool:
    """Three epochs with batches of 8 and of 64: the old rate, and one that is 8 times as large."""
    small, large, scaled = _after(0.02, 8, 3), _after(0.02, 64, 3), _after(0.16, 64, 3)
    return large > 10 * small and scaled < 2 * small


def one_step_fails() -> bool:
    """8 steps on a valley with ηλ = 0.3 bring it 17 times nearer, one large step leads away."""
    small, large = (1 - CURVED) ** LARGE, abs(1 - LARGE * CURVED)
    return 17 < 1 / small < 18 and large > 1


def by_hand() -> bool:
    """The slopes of the six samples, beside central differences of their losses."""
    from lessons.course.mlp.many_machines.facts import SAMPLES, W

    h = 1e-5
    found = [
        (((W + h) * x - y) ** 2 - ((W - h) * x - y) ** 2) / (4 * h) for x, y in SAMPLES
    ]  # fmt: skip
    return bool(np.allclose(found, slopes()))


def ring_program() -> bool:
    """Four tensors round the ring: each becomes the sum, and each sends 2·3/4 of its numbers."""
    import torch

    from lessons.course.mlp.many_machines.programs import ring_of

    given = [torch.randn(8, generator=torch.Generator().manual_seed(k)) for k in range(WORKERS)]
    total = torch.stack(given).sum(0)
    sent = ring_of(given)
    return sent == 12 and all(torch.allclose(each, total) for each in given)


CLAIMS: Mapping[str, Claim] = {
    "ddp-start": ddp_start,
    "ddp-plain-mean": ddp_plain_mean,
    "one-like-two": one_like_two,
    "sampler-pads": sampler_pads,
    "sampler-common": sampler_common,
    "set-epoch": set_epoch,
    "same-everywhere": same_everywhere,
    "rounding": rounding,
    "others-too-small": others_too_small,
    "measured-noise": measured_noise,
    "same-rate-is-slow": same_rate_is_slow,
    "one-step-fails": one_step_fails,
    "by-hand": by_hand,
    "ring-program": ring_program,
}
