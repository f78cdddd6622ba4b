"""What a GPU does for a training: one script, in less than eight minutes.

Run it as `python -m tests.benchmarks.gpu [--data-dir DIR] [--seconds S] [--no-tests]`. It runs the
tests marked `cuda`; compares samples per second with the bare loop of `bare.py`, in turns; measures
the share of the time in which the GPU computes; compares samples kept on the GPU with samples that
are copied to it batch by batch; shows what is said when its memory runs out; and measures what a
CUDA graph of the same update would gain. Without a GPU it says so and ends with status 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median

import torch

from engine.devices import DeviceMemoryError, Placement, choose, passed_over
from engine.recipes.catalog import find_recipe
from engine.recipes.images import ImageTask
from engine.training.begin import begin
from engine.training.loop import TrainingRun, train
from engine.training.order import TrainingOrder
from engine.training.task import Source
from tests.benchmarks.bare import STEPS, bare_loop

RECIPES = ("mlp", "mnist-mlp")
BATCHES = (256, 8192)
TURNS = 9
WANTED = 0.95
"""As fast as the bare loop at least: samples per second, ours over its."""
TEST_SECONDS = 180
PROFILED = 200
"""Updates during which the GPU is watched."""


def begun(
    recipe: str, batch: int, folder: Path | None, placement: Placement = Placement.RESIDENT
) -> tuple[TrainingRun, ImageTask]:
    """A run on the GPU that goes on longer than anything here measures."""
    source = Source("cuda", folder, allow_synthetic=folder is None, placement=placement)
    settings = {"epochs": 10_000, "batch_size": batch}
    run = begin(TrainingOrder(find_recipe(recipe), settings, source), time.perf_counter, name="")
    assert isinstance(run.task, ImageTask)
    return run, run.task


def updating(run: TrainingRun) -> Iterator[object]:
    """Updates without what is measured after an epoch: that is the same work on any device."""
    return (metrics for metrics in train(run) if metrics is None)


def rate(updates: Iterator[object], count: int, batch: int) -> float:
    """Samples per second over `count` updates."""
    torch.cuda.synchronize()
    started = time.perf_counter()
    for _update in islice(updates, count):
        pass
    torch.cuda.synchronize()
    return count * batch / (time.perf_counter() - started)


def turns_of(batch: int, run: TrainingRun, seconds: float) -> int:
    """How many updates a turn has: they last `seconds`, within an epoch where that is possible."""
    trial = updating(run)
    rate(trial, 5, batch)
    return max(5, int(seconds * rate(trial, 10, batch) / batch))


def compare(name: str, loops: dict[str, Iterator[object]], count: int, batch: int) -> float:
    """Print the samples per second of two loops that take turns; the median of their ratios."""
    rates: dict[str, list[float]] = {each: [] for each in loops}
    for turn in range(TURNS + 1):
        for each, loop in loops.items():
            found = rate(loop, count, batch)
            if turn:  # the first one warms up
                rates[each].append(found)
    first, second = rates.values()
    ratio = median(a / b for a, b in zip(first, second, strict=True))
    cells = "  ".join(f"{each} {median(found) / 1e6:.2f} M/s" for each, found in rates.items())
    print(f"{name:<28} {cells}  ratio {ratio:.3f}", flush=True)
    return ratio


def against_bare(recipe: str, batch: int, folder: Path | None, seconds: float) -> bool:
    """Whether a training is about as fast as the bare loop."""
    run, task = begun(recipe, batch, folder)
    bare = bare_loop(recipe, task, task.X, task.y, run.settings, "select")
    count = turns_of(batch, run, seconds)
    loops: dict[str, Iterator[object]] = {"ours": updating(run), "bare": bare}
    return compare(f"{recipe}, batch {batch}", loops, count, batch) >= WANTED


def busy(recipe: str, batch: int, folder: Path | None) -> None:
    """Print the share of the time in which a kernel runs on the GPU."""
    from torch.profiler import ProfilerActivity, profile

    run, _task = begun(recipe, batch, folder)
    updates = updating(run)
    rate(updates, 20, batch)
    started = time.perf_counter()
    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        for _update in islice(updates, PROFILED):
            pass
        torch.cuda.synchronize()
        seconds = time.perf_counter() - started
    computed = sum(event.self_device_time_total for event in profiler.key_averages()) / 1e6
    print(f"{recipe}, batch {batch}: busy {computed / seconds:.0%} of the time", flush=True)


def resident_or_streamed(recipe: str, batch: int, folder: Path | None, seconds: float) -> None:
    """Print what it costs to copy each batch."""
    runs = {each.value: begun(recipe, batch, folder, each)[0] for each in
            (Placement.STREAMED, Placement.RESIDENT)}  # fmt: skip
    count = turns_of(batch, runs["resident"], seconds)
    compare(f"{recipe}, batch {batch}", {n: updating(r) for n, r in runs.items()}, count, batch)


def graph_of(recipe: str, batch: int, folder: Path | None, seconds: float) -> None:
    """Print what a CUDA graph of an update gains over the same update, kernel by kernel."""
    run, task = begun(recipe, batch, folder)
    X, y = task.X[:batch].clone(), task.y[:batch].clone()
    step = STEPS[recipe](task, 1e-3)
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _warm_up in range(3):
            step(X, y)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step(X, y)
    count = turns_of(batch, run, seconds)
    loops: dict[str, Iterator[object]] = {
        "graph": endlessly(graph.replay),
        "kernels": endlessly(lambda: step(X, y)),
    }
    compare(f"{recipe}, batch {batch}", loops, count, batch)


def endlessly(work: Callable[[], object]) -> Iterator[None]:
    """Do `work` at each `next()`."""
    while True:
        work()
        yield


def out_of_memory(folder: Path | None) -> bool:
    """Whether a training that does not fit says so in a sentence."""
    free, _total = torch.cuda.mem_get_info()
    held = torch.empty(max(0, free - 64 * 2**20), dtype=torch.uint8, device="cuda")
    try:
        run, _task = begun("mlp", 8192, folder)
        for _update in islice(train(run), 3):
            pass
    except DeviceMemoryError as error:
        print(f"out of memory: {error}", flush=True)
        return True
    except RuntimeError as error:
        from engine.training.worker import explain

        print(f"out of memory while it trained: {explain(error)}", flush=True)
        return True
    finally:
        del held
        torch.cuda.empty_cache()
    print("out of memory: the training fitted all the same", flush=True)
    return False


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn")
    parser.add_argument("--no-tests", action="store_true")
    args = parser.parse_args()
    device = choose("auto")
    if device.type != "cuda":
        why = passed_over() or "PyTorch finds no CUDA device on this machine."
        raise SystemExit(f"{why} There is nothing to measure without a GPU.")
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}", flush=True)
    passed = True
    if not args.no_tests:
        tests = [sys.executable, "-m", "pytest", "-q", "-m", "cuda", "-n", "0", "tests/unit/engine"]
        try:
            passed = subprocess.run(tests, check=False, timeout=TEST_SECONDS).returncode == 0
        except subprocess.TimeoutExpired:
            passed = False
        print(f"tests marked cuda: {'passed' if passed else 'FAILED'}", flush=True)
    print("Against the bare loop:")
    for recipe in RECIPES:
        for batch in BATCHES:
            passed &= against_bare(recipe, batch, args.data_dir, args.seconds)
    print("Share of the time in which the GPU computes:")
    for recipe in RECIPES:
        for batch in BATCHES:
            busy(recipe, batch, args.data_dir)
    print("Copied batch by batch, against kept on the GPU:")
    for batch in BATCHES:
        resident_or_streamed("mlp", batch, args.data_dir, args.seconds)
    print("One CUDA graph per update, against one launch per kernel:")
    for batch in BATCHES:
        graph_of("mlp", batch, args.data_dir, args.seconds)
    passed &= out_of_memory(args.data_dir)
    raise SystemExit(0 if passed else 1)


if __name__ == "__main__":
    main()
