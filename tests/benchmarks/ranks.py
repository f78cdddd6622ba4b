"""What several processes gain for a training: measured on this machine, computed for others.

Run it as `python -m tests.benchmarks.ranks [--counts 1,2,4] [--seconds 2] [--data-dir DIR]`. All
counts train in turns within one run, so their ratios mean something on a busy machine too. With
GPUs, `torchrun --nproc-per-node=N -m tests.benchmarks.ranks --gpu` measures N GPUs over NCCL
against one; with fewer than two GPUs it says so and ends with status 1. `--gpu --device cpu` is a
dry run of that over gloo, whose numbers mean nothing.

The rest is computed: the bytes of the gradients of an update, the time to add them up over N
processes in a ring, and the batch from which on N processes are faster than one. `--compute` prints
this alone, within seconds, for the time of a sample that `--per-sample` gives.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch

from engine.ranks.group import Group
from engine.ranks.place import cores, place_here
from engine.ranks.task import RankTask
from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder, load_task
from engine.training.task import Source, Task
from tests.unit.engine.forked import together

RECIPES = ("softmax", "mlp", "mnist-mlp")
BATCHES = (256, 8192)
TURNS = 5
FLOAT = 4


@dataclass(frozen=True)
class Link:
    """What connects the processes."""

    name: str
    bandwidth: float
    """Bytes a second, each way."""
    latency: float
    """Seconds for one message."""
    joins_gpus: bool = False


LINKS = (
    Link("Ethernet, 1 Gbit/s", 0.125e9, 50e-6),
    Link("Ethernet, 10 Gbit/s", 1.25e9, 30e-6),
    Link("PCIe 4.0 x16", 25e9, 10e-6, True),
    Link("NVLink 4 (H100, H200)", 450e9, 5e-6, True),
)
"""Bandwidths by specification; latencies as is usual, not measured here."""
GPU_SPEED = 0.2 * 67e12
"""A fifth of the float32 operations a second that an H200 is specified for: an assumption."""


def all_reduce_seconds(size: int, count: int, link: Link) -> float:
    """The time of a ring: 2(N−1) messages one after the other, each of size/N bytes."""
    rounds = 2 * (count - 1)
    return rounds / count * size / link.bandwidth + rounds * link.latency


def paying_batch(size: int, count: int, link: Link, per_sample: float) -> float:
    """The batch B from which on N processes are faster: (1 − 1/N)·B·c exceeds the time of sums."""
    return all_reduce_seconds(size, count, link) / (per_sample * (1 - 1 / count))


def load(recipe: str, batch: int, folder: Path | None, device: str = "cpu") -> Task:
    """The task, on glyphs where no folder is given."""
    source = Source(device, folder, allow_synthetic=folder is None)
    return load_task(TrainingOrder(find_recipe(recipe), {"batch_size": batch}, source))


def updates(task: Task, batch: int) -> Iterator[None]:
    """One update per `next()`, without end."""
    while True:
        for each in task.batches(batch):
            task.update(each, 0.01)
            yield None


def cpu_seconds(steps: Iterator[None], least: float) -> float:
    """CPU seconds per step, over `least` seconds or so: other programs do not count."""
    next(steps)
    count, began = 0, time.process_time()
    while time.process_time() - began < least:
        next(steps)
        count += 1
    return (time.process_time() - began) / count


def measured(group: Group, recipe: str, batch: int, args: argparse.Namespace) -> list[list[float]]:
    """Seconds per update of 1, 2 … processes, by turn; the processes that are not in one wait."""
    counts = [count for count in args.counts if count <= batch]
    works: list[Iterator[None] | None] = []
    for count in counts:
        some = group if count == group.size else group.first(count) if count > 1 else None
        if count == 1:
            task = load(recipe, batch, args.data_dir) if group.rank == 0 else None
        else:
            task = RankTask(load(recipe, batch, args.data_dir), some) if some else None
        works.append(None if task is None else updates(task, batch))
    fixed = args.steps[recipe, batch]
    turns = []
    for _turn in range(TURNS):
        row = []
        for work in works:
            group.gather(None)  # all begin together
            began = time.perf_counter()
            if work is not None:
                for _ in range(fixed):
                    next(work)
            row.append((time.perf_counter() - began) / fixed)
            group.gather(None)
        turns.append(row)
    return turns


def loopback(group: Group, sizes: list[int]) -> list[float]:
    """Seconds to add up vectors of these sizes in bytes."""
    found = []
    for size in sizes:
        vector = torch.zeros(size // FLOAT)
        group.gather(None)
        times = []
        for _ in range(30):
            began = time.perf_counter()
            group.add_up(vector)
            times.append(time.perf_counter() - began)
        found.append(median(times))
    return found


def on_cpu(args: argparse.Namespace) -> None:
    """Measure the counts of processes in turns, then compute for other links."""
    torch.set_num_threads(1)
    print(f"{cores()} cores, load {os.getloadavg()[0]:.1f}; one thread a process, float32, gloo")
    folder = Path(tempfile.mkdtemp())
    args.steps, singles, sizes = {}, {}, {}
    for recipe in RECIPES:
        for batch in BATCHES:
            task = load(recipe, batch, args.data_dir)
            each = cpu_seconds(updates(task, batch), 0.5)
            args.steps[recipe, batch] = max(2, int(args.seconds / TURNS / each))
            singles[recipe, batch] = each
        sizes[recipe] = FLOAT * sum(value.numel() for value in task.parameters.values())
    largest = max(args.counts)
    jobs = [(recipe, batch) for recipe in RECIPES for batch in BATCHES]

    def work(group: Group) -> tuple[list[list[list[float]]], list[float]]:
        found = [measured(group, recipe, batch, args) for recipe, batch in jobs]
        return found, loopback(group, [8, *sizes.values()])

    (turns, sums), *_others = together(largest, folder, work)
    print("\nratio of the time of an update to that of one process: median of turns [each turn]")
    for (recipe, batch), rows in zip(jobs, turns, strict=True):
        cells = []
        for place, count in enumerate(args.counts):
            ratios = sorted(row[place] / row[0] for row in rows)
            cells.append(f"{count}: {median(ratios):.2f} [{ratios[0]:.2f}–{ratios[-1]:.2f}]")
        print(
            f"{recipe:<10} batch {batch:<5} {1e3 * singles[recipe, batch]:7.2f} ms  "
            + "  ".join(cells)
        )
    print(f"\nadding up over {largest} processes on this machine, median of 30")
    for name, size, seconds in zip(["8 bytes", *sizes], [8, *sizes.values()], sums, strict=True):
        print(f"{name:<10} {size:>8} bytes  {1e6 * seconds:8.0f} µs")
    compute(sizes, {r: singles[r, BATCHES[-1]] / BATCHES[-1] for r in RECIPES})


def compute(sizes: dict[str, int], per_sample: dict[str, float]) -> None:
    """Print what the model gives for other links."""
    print("\nGPUs: 6 operations a parameter and sample, at a fifth of an H200's speed (assumed)")
    print("computed: time to add up, and the batch from which on N processes are faster than one")
    for recipe, size in sizes.items():
        print(f"{recipe}: {size} bytes an update, {1e6 * per_sample[recipe]:.2f} µs a sample")
        for link in LINKS:
            cost = 6 * size / FLOAT / GPU_SPEED if link.joins_gpus else per_sample[recipe]
            cells = [
                f"{n}: {1e6 * all_reduce_seconds(size, n, link):7.0f} µs,"
                f" batch {paying_batch(size, n, link, cost):7.0f}"
                for n in (2, 4, 8, 64)
            ]
            print(f"  {link.name:<24}" + "   ".join(cells))


def on_gpus(args: argparse.Namespace) -> int:
    """Measure N GPUs over NCCL against one: run by torchrun, one process a GPU."""
    place, is_dry = place_here(), args.device == "cpu"
    if place is None or (not is_dry and torch.cuda.device_count() < 2):
        print(f"not run: {torch.cuda.device_count()} GPUs here; this needs 2 and torchrun")
        return 1
    device = "cpu" if is_dry else f"cuda:{place.local_rank}"
    if is_dry:
        torch.set_num_threads(1)
    else:
        torch.cuda.set_device(place.local_rank)
    group = Group.join(place, gpu=not is_dry)
    if is_dry and place.rank == 0:
        print("a dry run on the CPU: its numbers mean nothing")
    for recipe in RECIPES:
        for batch in args.batches:
            ratios = against_one(group, recipe, batch, device, args)
            if place.rank == 0:
                print(f"{recipe:<10} batch {batch:<6} {place.size} GPUs: {median(ratios):.2f}")
    group.leave()
    return 0


def against_one(
    group: Group, recipe: str, batch: int, device: str, args: argparse.Namespace
) -> list[float]:
    """The time of an update by all, over that by each alone, by turn."""

    def settle() -> None:
        if device != "cpu":
            torch.cuda.synchronize()

    alone = updates(load(recipe, batch, args.data_dir, device), batch)
    shared = updates(RankTask(load(recipe, batch, args.data_dir, device), group), batch)
    ratios = []
    for _turn in range(TURNS):
        row = []
        for steps in (alone, shared):
            group.gather(None)
            settle()
            began = time.perf_counter()
            for _ in range(args.updates):
                next(steps)
            settle()
            row.append(time.perf_counter() - began)
        ratios.append(row[1] / row[0])
    return ratios


def parameter_bytes(recipe: str) -> int:
    """The bytes of the gradients of an update."""
    values = load(recipe, BATCHES[0], None).parameters.values()
    return FLOAT * sum(value.numel() for value in values)


def numbers(text: str) -> list[int]:
    """The numbers in `1,2,4`."""
    return [int(number) for number in text.split(",")]


def main(words: list[str] | None = None) -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=numbers, default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=2.0, help="for each count and batch")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--gpu", action="store_true", help="NCCL, started by torchrun")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu: a dry run")
    parser.add_argument(
        "--batches", type=numbers, default=[*BATCHES, 60_000], help="with --gpu: such as 256,8192"
    )
    parser.add_argument("--updates", type=int, default=50, help="with --gpu: in each turn")
    parser.add_argument("--compute", action="store_true", help="measure nothing")
    parser.add_argument(
        "--per-sample", type=float, default=9.0, help="with --compute: µs of a CPU core for mlp"
    )
    args = parser.parse_args(words)
    if args.compute:
        sizes = {recipe: parameter_bytes(recipe) for recipe in RECIPES}
        # The work of a sample grows with the parameters.
        rates = {each: args.per_sample * 1e-6 * sizes[each] / sizes["mlp"] for each in RECIPES}
        compute(sizes, rates)
        return 0
    if args.gpu:
        return on_gpus(args)
    on_cpu(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
