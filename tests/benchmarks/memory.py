"""The peak memory of a training over that of its imports.

Run it as `python -m tests.benchmarks.memory [--recipe NAME]... [--data-dir DIR]`. Both are measured
in processes of their own: one that imports what a training imports, and one that trains an epoch,
as `dltutor train` does. Memory is the largest resident set (`ru_maxrss`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.terminal import fresh_home

IMPORTS = """
import torch, torch.nn, torch.optim, torch.utils.data
import engine.training.begin, engine.training.checkpoint, engine.training.loop
import tui.commands.train_loop, engine.data, engine.recipes.{module}
torch.ones(2, requires_grad=True).sum().backward()
"""


def peak(command: Sequence[str], environ: dict[str, str]) -> float:
    """MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **environ})
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{command} failed.")
    return used.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", action="append")
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    args = parser.parse_args()
    data = ["--data-dir", str(args.data_dir)] if args.data_dir else ["--synthetic"]
    for recipe in args.recipe or ["mlp"]:
        module = recipe.replace("-", "_")
        with fresh_home() as home:
            imports = peak([sys.executable, "-c", IMPORTS.format(module=module)], home)
            train = [sys.executable, "-m", "tui.cli", "train", recipe, "--epochs", "1", "-q", *data]
            total = peak(train, home)
        print(
            f"{recipe}: imports {imports:.0f} MiB, training {total:.0f} MiB, "
            f"{total - imports:+.0f} MiB"
        )


if __name__ == "__main__":
    main()
