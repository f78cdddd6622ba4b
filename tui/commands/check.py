"""Prove every formula, worked number and answer of the lessons again.

Derivation lines and other formulas are evaluated as they are drawn. The exit status is 1 if
something is false, and 2 if a file of a lesson cannot be used.

With --json:
{checks: [{lesson, step, line, name, kind, residual, tolerance, ok, how, place, problem}], formulas,
typed, passed, failed}. Steps and lines count from 1; kind is line, numbers (a row of a block of
numbers), shape, formula, number, answer, slip, mistake, claim, code (a program that readers run)
or exercise; how is `formula` or `program` for
a line, and for a formula proved, definition, supposition, mention or unproved. `typed` lists the
numbers in texts that nothing computes.

With --record, the output of the programs that readers can run is written into a file printed.txt
beside each lesson. Without it, an output that differs from the recorded one is reported.

With --mutants the lines of derivations are changed one by one (a sign, a transpose, an index, a
factor, ...), and each change must be noticed, or be shown to mean the same.

With --lang the translated lessons are proved, and must have the same steps, formulas, numbers, code
and questions as the English ones; without it, the English lessons are. The catalogue of texts is
checked, too. With --json there are two keys more: translation, a list of {lesson, place, problem,
mend}, and catalogue: {messages, translated, fuzzy, missing, obsolete, problems}.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from textwrap import indent
from typing import TypeVar

from engine.errors import UserError
from engine.formulas.mutants import Outcome
from engine.language import ENGLISH, _, code
from lessons.format.catalog import catalog
from lessons.format.document import Lesson
from lessons.format.trouble import in_file
from lessons.proof.completeness import refuse_incomplete
from lessons.proof.formulas import Standing
from lessons.proof.mutants import Changed, lesson_mutants
from lessons.proof.printed import NAME as PRINTED
from lessons.proof.printed import written_printed
from lessons.proof.programs import fence_name, output_of, programs_of
from lessons.proof.results import Kind, Result
from lessons.proof.run import run_lesson
from lessons.proof.supervised import supervised
from lessons.proof.typed import Typed, typed_numbers
from tui.commands import Command
from tui.commands.check_parts import refuse_lab_options, refuse_undrawable, refuse_wrong_keys
from tui.commands.check_translation import (
    catalogue_row,
    difference_row,
    differing,
    summary,
    texts_of,
)
from tui.streams import though_unread

COMMAND = Command("check", _("prove every derivation line, number and answer again"), place=40)

T = TypeVar("T")
_PLURALS = {Kind.NUMBERS: "rows of numbers", Kind.CODE: "programs"}
MOST_WORKERS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="lessons to prove, such as backprop/deltas (default: all)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--round",
        type=int,
        default=0,
        metavar="N",
        help="draw other random numbers, those of round N (default: %(default)s)",
    )
    parser.add_argument(
        "--mutants", action="store_true", help="change the lines of derivations, one by one"
    )
    parser.add_argument(
        "--share",
        type=float,
        default=1.0,
        metavar="X",
        help="with --mutants: judge this share of them, from 0 to 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="with --share: choose them by this seed (default: %(default)s)",
    )
    parser.add_argument(
        "--typed", action="store_true", help="list the numbers in texts that nothing computes"
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="write what the programs of each lesson print into its printed.txt",
    )


def run(args: argparse.Namespace) -> int:
    """Run the checks."""
    language = code(args.lang) if args.lang else ENGLISH
    contents = catalog(language)
    if args.round < 0:
        raise UserError("The round counts from 0. Give 0 or more.")
    if not 0 <= args.share <= 1:
        raise UserError("The share lies between 0 and 1.")
    slugs = [contents.entry(slug).slug for slug in args.lessons]
    for slug in slugs:
        if not contents.entry(slug).is_written:
            raise contents.unwritten(contents.entry(slug))
        if contents.entry(slug).only_english:
            raise UserError(
                f"The lesson {slug} is in English only. Translate its lesson.en.md into a file "
                f"lesson.{language}.md beside it."
            )
    slugs = slugs or [e.slug for e in contents.entries() if e.is_written and not e.only_english]
    with though_unread():
        if args.mutants:
            return _mutants(slugs, language, args)
        if args.record:
            return _record(slugs, language)
        if args.typed:
            return _typed(slugs, language, args.json)
        from engine import activations  # imports NumPy, which the help need not

        activations.refuse_undrawable()
        return _checks(slugs, language, args)


def _each(work: Callable[[str], T], slugs: Sequence[str]) -> Iterator[T]:
    """The work on each lesson, in their order; several at a time where processes can be forked.

    The tensors are tiny, so every process computes on one thread.
    """
    import torch

    torch.set_num_threads(1)
    if sys.platform != "linux":
        yield from map(work, slugs)
        return
    workers = max(1, min(os.cpu_count() or 1, len(slugs), MOST_WORKERS))
    done = 0
    try:
        for found in _forked(work, slugs, workers):
            yield found
            done += 1
    except BrokenProcessPool:
        for slug in slugs[done:]:  # one of these ended its process: each has one of its own now
            try:
                yield from _forked(work, [slug], 1)
            except BrokenProcessPool:
                raise UserError(
                    f"A process that checked the lesson {slug} was ended by the lesson's code, or "
                    "by the system. Look for `os.kill` and `os.abort` in its Python files, and "
                    "for what takes too much memory."
                ) from None


def _forked(work: Callable[[str], T], slugs: Sequence[str], workers: int) -> Iterator[T]:
    """The work on each lesson in processes of their own; raises BrokenProcessPool if one ends."""
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(work, slugs)


def _supervised(slug: str, language: str, work: Callable[[Lesson], Iterable[T]]) -> list[T]:
    """All results of the work on a lesson; raises UserError where its author's code stops it."""
    path = catalog(language).entry(slug).path
    assert path is not None, "the lesson is written"
    found: list[T] = []
    try:
        with supervised() as alive:
            for each in work(catalog(language).load(slug)):
                found.append(each)
                alive()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise in_file(error, path.parent, path) from error
    return found


def _checked(slug: str, language: str, round_number: int) -> tuple[str, list[Result]]:
    def work(lesson: Lesson) -> Iterator[Result]:
        refuse_incomplete(lesson)
        refuse_lab_options(lesson)
        refuse_undrawable(lesson)
        refuse_wrong_keys(lesson.path)
        yield from run_lesson(lesson, round_number)

    return slug, _supervised(slug, language, work)


def _recorded(slug: str, language: str) -> tuple[str, list[str]]:
    """Record what the programs of a lesson print; returns the names of those that vary."""

    def work(lesson: Lesson) -> Iterator[str]:
        outputs = {}
        for block in programs_of(lesson):
            if block.varies:
                yield fence_name(block, slug)
            else:
                outputs[fence_name(block, slug)] = output_of(block, lesson)
        path = lesson.path.with_name(PRINTED)
        if outputs:
            path.write_text(written_printed(slug, outputs), "utf-8")
        else:
            path.unlink(missing_ok=True)

    return slug, _supervised(slug, language, work)


def _changed(slug: str, language: str, share: float, seed: int) -> tuple[str, list[Changed]]:
    return slug, _supervised(slug, language, lambda lesson: lesson_mutants(lesson, share, seed))


def _checks(slugs: Sequence[str], language: str, args: argparse.Namespace) -> int:
    results: list[Result] = []
    with supervised():
        differences, slugs = differing(slugs, language)
    texts = texts_of(language) if language != ENGLISH else None
    work = partial(_checked, language=language, round_number=args.round)
    for slug, found in _each(work, slugs):
        results += found
        if not args.json:
            print(_summary(slug, found), flush=True)
    failed = sum(not result.ok for result in results)
    is_bad = bool(failed or differences or (texts and texts.problems))
    standings = Counter(result.how for result in results if result.kind is Kind.FORMULA)
    hows = Counter(result.how for result in results if result.kind is Kind.LINE)
    typed = {slug: _supervised(slug, language, typed_numbers) for slug in slugs}
    if args.json:
        rows = [{**asdict(result), "residual": _finite(result.residual)} for result in results]
        found_typed = {
            slug: [{"step": t.step, "text": t.text, "around": t.around} for t in numbers]
            for slug, numbers in typed.items()
        }
        document = {
            "checks": rows,
            "formulas": {standing.value: standings[standing] for standing in Standing},
            "typed": found_typed,
            "passed": len(results) - failed,
            "failed": failed,
        }
        if texts is not None:
            document["translation"] = [difference_row(found) for found in differences]
            document["catalogue"] = catalogue_row(texts)
        print(json.dumps(document, indent=1))
        return 1 if is_bad else 0
    for result in results:
        if not result.ok:
            print(_failure(result), file=sys.stderr)
    for problem in (*differences, *(texts.problems if texts else ())):
        print(f"FAILED {problem}", file=sys.stderr)
    by = " and ".join(f"{count} by {how}" for how, count in sorted(hows.items())) or "none"
    print(f"derivation lines: {by}")
    print("other formulas: " + ", ".join(f"{standings[s]} {s.value}" for s in Standing))
    print(f"typed numbers in texts: {sum(map(len, typed.values()))} (--typed lists them)")
    print(f"{len(results) - failed} passed, {failed} failed")
    if texts is not None:
        print(summary(texts, differences))
    return 1 if is_bad else 0


def _record(slugs: Sequence[str], language: str) -> int:
    for slug, varying in _each(partial(_recorded, language=language), slugs):
        varies = f"  (not recorded, because they vary: {', '.join(varying)})" if varying else ""
        print(f"{slug}{varies}", flush=True)
    return 0


def _failure(result: Result) -> str:
    place = f" at {result.place}" if result.place else ""
    problem = f"\n{indent(result.problem, '    ')}" if result.problem else ""
    numbers = (
        f": residual {result.residual:.3g}, tolerance {result.tolerance:.3g}"
        if math.isfinite(result.residual)
        else ""
    )
    return (
        f"FAILED {result.lesson}, step {result.step}: {result.kind} {result.name} {result.line}"
        f"{numbers}{place}{problem}"
    )


def _finite(value: float) -> float | None:
    """JSON has no infinity."""
    return value if math.isfinite(value) else None


def _summary(slug: str, results: list[Result]) -> str:
    counts = [
        f"{sum(result.kind is kind for result in results):3} {_PLURALS.get(kind, f'{kind}s')}"
        for kind in Kind
    ]
    sign = "✓" if all(result.ok for result in results) else "✗"
    return f"{sign} {slug:<36} {'  '.join(counts)}"


def _mutants(slugs: Sequence[str], language: str, args: argparse.Namespace) -> int:
    found: list[Changed] = []
    work = partial(_changed, language=language, share=args.share, seed=args.seed)
    for slug, of_lesson in _each(work, slugs):
        found += of_lesson
        if not args.json and of_lesson:
            print(f"{slug:<36} {_counts(of_lesson)}", flush=True)
    survived = [changed for changed in found if changed.outcome is Outcome.SURVIVED]
    if args.json:
        counts = Counter(changed.outcome for changed in found)
        document = {
            "mutants": [asdict(changed) for changed in found],
            **{outcome.value: counts[outcome] for outcome in Outcome},
        }
        print(json.dumps(document, indent=1))
        return 1 if survived else 0
    for changed in survived:
        print(
            f"SURVIVED {changed.lesson}, {changed.derivation} line {changed.line}: "
            f"{changed.kind} at {changed.part}",
            file=sys.stderr,
        )
    print(f"{'all':<36} {_counts(found)}")
    return 1 if survived else 0


def _counts(found: Sequence[Changed]) -> str:
    counts = Counter(changed.outcome for changed in found)
    return "  ".join(f"{counts[outcome]:5} {outcome.value}" for outcome in Outcome)


def _typed(slugs: Sequence[str], language: str, as_json: bool) -> int:
    found: list[Typed] = [t for slug in slugs for t in _supervised(slug, language, typed_numbers)]
    if as_json:
        print(json.dumps({"typed": [asdict(typed) for typed in found]}, indent=1))
        return 0
    for typed in found:
        print(f"{typed.lesson:<34} step {typed.step:>2}: {typed.text:<10} …{typed.around}…")
    print(f"{len(found)} typed numbers")
    return 0
