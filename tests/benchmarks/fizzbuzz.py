"""How many of 100 the FizzBuzz network gets right after its 10 000 epochs, from several starts.

Run it as `python -m tests.benchmarks.fizzbuzz [--seeds 0,1,2,3] [--epochs N]`: half a minute each.
"""

from __future__ import annotations

import argparse
import time

from engine.recipes.catalog import find_recipe
from engine.training.begin import begin
from engine.training.loop import train
from engine.training.order import TrainingOrder
from engine.training.task import Source

GOAL = 95


def main() -> None:
    """Train from each seed and print a line."""
    recipe = find_recipe("fizzbuzz")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default=str(recipe.hyperparameter("seed").default))
    parser.add_argument("--epochs", type=int, default=recipe.hyperparameter("epochs").default)
    args = parser.parse_args()
    for seed in map(int, args.seeds.split(",")):
        settings = {"seed": seed, "epochs": args.epochs}
        run = begin(TrainingOrder(recipe, settings, Source("cpu")), time.perf_counter)
        began = time.perf_counter()
        list(train(run))
        scores = [round(100 * (metrics.test_accuracy or 0)) for metrics in run.measured]
        first = next((epoch for epoch, score in enumerate(scores, 1) if score >= GOAL), None)
        print(
            f"seed {seed}: {scores[-1]} of 100 at the end, {max(scores)} at best,"
            f" {GOAL} first in epoch {first}, {time.perf_counter() - began:.0f} s"
        )


if __name__ == "__main__":
    main()
