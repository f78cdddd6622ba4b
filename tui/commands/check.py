"""Prove every derivation line, worked number and shipped answer again; exit 1 if one fails.

With --json: {checks: [{lesson, step, line, name, kind, residual, tolerance, ok}], passed, failed}.
Steps and lines count from 1; kind is line, number, answer, slip or mistake.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict

from engine.errors import UserError
from lessons.catalog import catalog
from lessons.checks.run import Kind, Result, run_lesson


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--round",
        type=int,
        default=0,
        metavar="N",
        help="draw other random numbers (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the checks."""
    contents = catalog()
    if args.round < 0:
        raise UserError("The round counts from 0. Give 0 or more.")
    slugs = [contents.entry(slug).slug for slug in args.lessons] or [
        entry.slug for entry in contents.entries() if entry.is_written
    ]
    results: list[Result] = []
    for slug in slugs:
        found = list(run_lesson(contents.load(slug), args.round))
        results += found
        if not args.json:
            print(_summary(slug, found))
    failed = sum(not result.ok for result in results)
    if args.json:
        rows = [{**asdict(result), "residual": _finite(result.residual)} for result in results]
        print(
            json.dumps(
                {"checks": rows, "passed": len(results) - failed, "failed": failed}, indent=1
            )
        )
    else:
        for result in results:
            if not result.ok:
                print(
                    f"FAILED {result.lesson}, step {result.step}: {result.kind} {result.name} "
                    f"{result.line}: residual {result.residual:.3g}, "
                    f"tolerance {result.tolerance:.3g}"
                    + (f" at {result.place}" if result.place else "")
                    + (f"\n    {result.problem}" if result.problem else ""),
                    file=sys.stderr,
                )
        print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _finite(value: float) -> float | None:
    """JSON has no infinity."""
    return value if math.isfinite(value) else None


def _summary(slug: str, results: list[Result]) -> str:
    counts = [f"{sum(result.kind is kind for result in results):3} {kind}s" for kind in Kind]
    sign = "✓" if all(result.ok for result in results) else "✗"
    return f"{sign} {slug:<36} {'  '.join(counts)}"
