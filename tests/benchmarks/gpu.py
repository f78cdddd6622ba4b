"""What a GPU does for a training: one script, in less than eight minutes.

Run it as `python -m tests.benchmarks.gpu [--data-dir DIR] [--seconds S] [--no-tests]`. It runs the
tests marked `cuda`; compares samples per second with the bare loop of `bare.py`, in turns; measures
the share of the time in which the GPU computes; compares samples kept on the GPU with samples that
are copied to it batch by batch; shows what is said when its memory runs out; and measures what a
CUDA graph of the same update would gain. Without a GPU it says so and ends with status 1; with
`--device cpu` everything that needs no GPU runs there, which shows that the script works, and no
number of it means anything.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
WANTED = 0.95
"""As fast as the bare loop at least: samples per second, ours over its."""
TEST_SECONDS = 180
PROFILED = 200
"""Updates during which the GPU is watched."""


@dataclass(frozen=True)
class Bench:
    """Where is measured, on what, and for how long."""

    device: str
    folder: Path | None
    seconds: float
    """Length of a turn."""
    turns: int
    """How often the two ways of a comparison take turns."""

    @property
    def is_gpu(self) -> bool:
        """False for a dry run."""
        return self.device != "cpu"

    def settle(self) -> None:
        """Wait until the device has done what it was asked for."""
        if self.is_gpu:
            torch.cuda.synchronize()


def begun(
    recipe: str, batch: int, bench: Bench, placement: Placement = Placement.RESIDENT
) -> tuple[TrainingRun, ImageTask]:
    """A run on the device that goes on longer than anything here measures."""
    folder = bench.folder
    source = Source(bench.device, folder, allow_synthetic=folder is None, placement=placement)
    settings = {"epochs": 10_000, "batch_size": batch}
    run = begin(TrainingOrder(find_recipe(recipe), settings, source), time.perf_counter, name="")
    assert isinstance(run.task, ImageTask)
    return run, run.task


Turn = Callable[[], float]
"""Works for a while; the samples per second."""


def training(run: TrainingRun, seconds: float) -> Turn:
    """Whole epochs, without the time that is spent on measuring after each."""
    epochs = (metrics for metrics in train(run) if metrics)

    def turn() -> float:
        spent = samples = 0.0
        while spent < seconds:
            metrics = next(epochs)
            spent += metrics.seconds
            samples += metrics.seconds * metrics.samples_per_second
        return samples / spent

    return turn


def updating(updates: Iterator[object], count: int, batch: int, bench: Bench) -> Turn:
    """So many updates of `batch` samples."""

    def turn() -> float:
        bench.settle()
        started = time.perf_counter()
        for _update in islice(updates, count):
            pass
        bench.settle()
        return count * batch / (time.perf_counter() - started)

    return turn


def compare(name: str, ways: dict[str, Turn], turns: int) -> float:
    """Print the samples per second of two ways that take turns; the median of their ratios."""
    rates: dict[str, list[float]] = {each: [] for each in ways}
    for turn in range(turns + 1):
        for each, way in ways.items():
            found = way()
            if turn:  # the first one warms up
                rates[each].append(found)
    first, second = rates.values()
    ratio = median(a / b for a, b in zip(first, second, strict=True))
    cells = "  ".join(f"{each} {median(found) / 1e6:.2f} M/s" for each, found in rates.items())
    print(f"{name:<22} {cells}  ratio {ratio:.3f}", flush=True)
    return ratio


def against_bare(recipe: str, batch: int, bench: Bench) -> bool:
    """Whether a training is about as fast as the bare loop."""
    run, task = begun(recipe, batch, bench)
    bare = bare_loop(recipe, task, task.X, task.y, run.settings, "select")
    steps = run.steps_per_epoch
    batch = run.task.train_samples // steps  # the last one of an epoch may be smaller
    per_second = updating(bare, steps, batch, bench)()
    epochs = max(1, round(bench.seconds * per_second / (steps * batch)))
    ways = {
        "ours": training(run, bench.seconds), "bare": updating(bare, epochs * steps, batch, bench)
    }  # fmt: skip
    return compare(f"{recipe}, batch {batch}", ways, bench.turns) >= WANTED


def busy(recipe: str, batch: int, bench: Bench) -> None:
    """Print the share of the time in which a kernel runs on the GPU, within an epoch.

    In a dry run it is that of PyTorch's operations on the CPU.
    """
    from torch.profiler import ProfilerActivity, profile

    run, _task = begun(recipe, batch, bench)
    updates = train(run)
    while next(updates) is None:  # warms up
        pass
    count = min(PROFILED, run.steps_per_epoch - 1)
    watched = ProfilerActivity.CUDA if bench.is_gpu else ProfilerActivity.CPU
    with profile(activities=[watched]) as profiler:
        bench.settle()
        started = time.perf_counter()
        for _update in islice(updates, count):
            pass
        bench.settle()
        seconds = time.perf_counter() - started
    events = profiler.key_averages()
    computed = sum(
        event.self_device_time_total if bench.is_gpu else event.self_cpu_time_total
        for event in events
    ) / 1e6  # fmt: skip
    print(f"{recipe}, batch {batch}: busy {computed / seconds:.0%} of the time", flush=True)


def resident_or_streamed(recipe: str, batch: int, bench: Bench) -> None:
    """Print what it costs to copy each batch."""
    ways = {
        each.value: training(begun(recipe, batch, bench, each)[0], bench.seconds)
        for each in (Placement.STREAMED, Placement.RESIDENT)
    }
    compare(f"{recipe}, batch {batch}", ways, bench.turns)


def graph_of(recipe: str, batch: int, bench: Bench) -> None:
    """Print what a CUDA graph of an update gains over the same update, kernel by kernel."""
    _run, task = begun(recipe, batch, bench)
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
    kernels = endlessly(lambda: step(X, y))
    count = max(10, round(bench.seconds * updating(kernels, 10, batch, bench)() / batch))
    ways = {
        "graph": updating(endlessly(graph.replay), count, batch, bench),
        "kernels": updating(kernels, count, batch, bench),
    }
    compare(f"{recipe}, batch {batch}", ways, bench.turns)


def endlessly(work: Callable[[], object]) -> Iterator[None]:
    """Do `work` at each `next()`."""
    while True:
        work()
        yield


def out_of_memory(bench: Bench) -> bool:
    """Whether a training that does not fit says so in a sentence."""
    free, _total = torch.cuda.mem_get_info()
    held = torch.empty(max(0, free - 64 * 2**20), dtype=torch.uint8, device="cuda")
    try:
        run, _task = begun("mlp", 8192, bench)
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


def bench_of(args: argparse.Namespace) -> Bench:
    """What the options say; ends the program where there is no GPU and no dry run was asked for."""
    if args.device == "cpu":
        print("A dry run on the CPU: it shows that the script works, and its numbers mean nothing.")
        return Bench("cpu", args.data_dir, args.seconds, args.turns)
    if choose("auto").type != "cuda":
        why = passed_over() or "PyTorch finds no CUDA device on this machine."
        raise SystemExit(f"{why} There is nothing to measure without a GPU.")
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}", flush=True)
    return Bench("cuda", args.data_dir, args.seconds, args.turns)


def tests_pass() -> bool:
    """Whether the tests marked `cuda` pass, within their time."""
    tests = [sys.executable, "-m", "pytest", "-q", "-m", "cuda", "-n", "0", "tests/unit/engine"]
    try:
        passed = subprocess.run(tests, check=False, timeout=TEST_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        passed = False
    print(f"tests marked cuda: {'passed' if passed else 'FAILED'}", flush=True)
    return passed


def main(words: list[str] | None = None) -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu: a dry run")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn")
    parser.add_argument("--turns", type=int, default=9, help="turns of each way")
    parser.add_argument("--batches", type=numbers, default=[256, 8192], help="such as 256,8192")
    parser.add_argument("--no-tests", action="store_true")
    args = parser.parse_args(words)
    bench = bench_of(args)
    passed = True
    if not args.no_tests and bench.is_gpu:
        passed = tests_pass()
    print("Against the bare loop:")
    for recipe in RECIPES:
        for batch in args.batches:
            passed &= against_bare(recipe, batch, bench)
    print("Share of the time in which the GPU computes:")
    for recipe in RECIPES:
        for batch in args.batches:
            busy(recipe, batch, bench)
    print("Copied batch by batch, against kept on the GPU:")
    for batch in args.batches:
        resident_or_streamed("mlp", batch, bench)
    if not bench.is_gpu:
        print("Not run without a GPU: CUDA graphs, and what is said when the memory runs out.")
        return
    print("One CUDA graph per update, against one launch per kernel:")
    for batch in args.batches:
        graph_of("mlp", batch, bench)
    passed &= out_of_memory(bench)
    raise SystemExit(0 if passed else 1)


def numbers(text: str) -> list[int]:
    """The numbers in `256,8192`."""
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    main()
