"""Whether the same seed is the same run: each recipe trained again and again, and its hashes.

A run is trained in a process of its own or after others in the same one, after memory was taken
here and there, straight on or broken off and resumed, alone or beside processes that compute.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field

PER_PROCESS = 4
UPDATES = 40
SEED = 7
BUSY = "while True: sum(range(10000))"


@dataclass(slots=True)
class Row:
    """What was seen of one recipe."""

    recipe: str
    hashes: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    processes: int = 0
    under_load: int = 0


def one_process(recipe: str, seed: int, updates: int, runs: int = PER_PROCESS) -> None:
    """Train `runs` times and print a line of JSON for each."""
    import torch

    from engine.recipes.catalog import find_recipe
    from engine.training.begin import begin
    from engine.training.checkpoint import capture, parameters_sha256, restore
    from engine.training.loop import train
    from engine.training.order import TrainingOrder
    from engine.training.task import Source

    draw = random.Random(seed)
    found = find_recipe(recipe)
    order = TrainingOrder(
        found, found.settings({"seed": SEED}), Source("cpu", allow_synthetic=True)
    )
    kept: list[torch.Tensor] = []
    for number in range(runs):
        taken = [torch.empty(draw.randint(1, 300_000)) for _ in range(draw.randint(0, 40))]
        kept = [each for each in taken if draw.random() < 0.5]
        del taken
        run = begin(order, time.perf_counter, name="")
        left, resumed = updates, number % 2 == 1
        if resumed:
            first = draw.randint(1, updates - 1)
            steps = train(run)
            for _ in range(first):
                next(steps)
            broken_off, left = capture(run), updates - first
            run = begin(order, time.perf_counter, name="")
            restore(run, broken_off)
        steps = train(run)
        for _ in range(left):
            next(steps)
        print(json.dumps({"sha256": parameters_sha256(run), "resumed": resumed}), flush=True)
    del kept


def try_recipe(recipe: str, runs: int, updates: int) -> Row:
    """Train `recipe` `runs` times, a few in each process, every third process under load."""
    row = Row(recipe)
    for number in range(-(-runs // PER_PROCESS)):
        loaded = number % 3 == 2
        program = "from tests.faults.hashes import one_process; one_process({!r}, {}, {}, {})"
        count = min(PER_PROCESS, runs - number * PER_PROCESS)
        with ExitStack() as busy:
            for _ in range(2 * loaded):
                process = subprocess.Popen([sys.executable, "-c", BUSY])
                busy.callback(process.wait)
                busy.callback(process.kill)
            told = subprocess.run(
                [sys.executable, "-c", program.format(recipe, number, updates, count)],
                stdout=subprocess.PIPE, text=True, check=True,
            ).stdout  # fmt: skip
        lines = [json.loads(line) for line in told.splitlines()]
        row.hashes.update(line["sha256"] for line in lines)
        row.resumed += sum(line["resumed"] for line in lines)
        row.processes += 1
        row.under_load += loaded * len(lines)
    return row


def main(words: list[str]) -> int:
    """Try all recipes and print the table; 1 where a recipe had more than one hash."""
    from engine.recipes.catalog import recipes

    parser = argparse.ArgumentParser(prog="python -m tests.faults.long hashes")
    parser.add_argument("recipes", nargs="*")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--updates", type=int, default=UPDATES)
    args = parser.parse_args(words)
    names = args.recipes or [recipe.name for recipe in recipes()]
    print("| recipe | runs | processes | resumed | under load | distinct hashes | hash |")
    print("|---|---|---|---|---|---|---|")
    lost = 0
    for name in names:
        row = try_recipe(name, args.runs, args.updates)
        lost += len(row.hashes) > 1
        first = " ".join(f"{digest[:12]}×{count}" for digest, count in row.hashes.items())
        figures = (row.hashes.total(), row.processes, row.resumed, row.under_load, len(row.hashes))
        print(f"| {name} | {' | '.join(map(str, figures))} | {first} |", flush=True)
    return int(lost > 0)
