"""Time to parse and lay out a formula, uncached.

Run it as `python -m tests.benchmarks.math_layout`. It prints milliseconds a formula (the best of 15
runs each, then the median and the maximum over the formulas) and, from the same run, how much more
a drawing costs than parsing alone.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

from engine.formulas.parser import parse
from tests.unit.tui.math_samples import FORMULAS
from tui.math import draw_with_baseline, inline


def best(action: Callable[[str], object], latex: str, runs: int = 15) -> float:
    """Milliseconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        action(latex)
        times.append(perf_counter() - start)
    return 1000 * min(times)


def main() -> None:
    """Measure and print."""
    actions: dict[str, Callable[[str], object]] = {
        "parse": parse,
        "draw at 76": lambda latex: draw_with_baseline.__wrapped__(latex, 76),
        "draw at 40": lambda latex: draw_with_baseline.__wrapped__(latex, 40),
        "inline": inline.__wrapped__,
    }
    medians: dict[str, float] = {}
    print(f"{len(FORMULAS)} formulas, ms a formula")
    for name, action in actions.items():
        times = [best(action, latex) for latex in FORMULAS]
        medians[name] = median(times)
        print(f"{name:12} median {medians[name]:.3f}  max {max(times):.3f}")
    print(f"draw at 76 costs {medians['draw at 76'] / medians['parse']:.1f} times parsing alone")


if __name__ == "__main__":
    main()
