"""Derivations that fade: every line can be asked, its own text is right, and false ones are not.

`dltutor check` proves every line. Here a seeded sample of the lines is asked by each kind that
applies; `python -m tests.benchmarks.derivations` asks all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from lessons.derive.judging import answer_of, judge, reveal
from lessons.derive.reasons import is_wrong_for, reasons_of
from lessons.derive.tasks import Asked, Kind, Task, asked
from lessons.format.document import Derivation
from lessons.judge.verdicts import LETTERS, Verdict
from tests.cases import for_each
from tests.unit.lessons.course import lesson, named

SAMPLE = 12
"""Lines that are asked in every run of the tests."""
SLUG, NAME = "backprop/worked-example", "sigmoid_slope"


@cache
def derivation(slug: str, name: str, round_number: int = 2) -> Asked:
    """A derivation of the course, asked in a round."""
    whole = lesson(slug)
    for place, step in enumerate(whole.steps):
        for block in step.blocks:
            if isinstance(block, Derivation) and block.name == name:
                return asked(whole, place, block, "seed", round_number)
    raise LookupError(name)


def problems(found: Asked, line: int, wrong: int = 2) -> Iterator[str]:
    """What is wrong with the questions about a line."""
    kinds = [task for kind in Kind if (task := found.task(line, kind)) is not None]
    where = f"{found.lesson.slug} {found.block.name} {line + 1}"
    if not kinds:
        yield f"{where}: nothing can be asked"
    for task in kinds:
        own = judge(found, task, answer_of(found, task))
        if own.verdict is not Verdict.RIGHT:
            yield f"{where} {task.kind}: its own text is {own.verdict}: {own.message}"
        refused = [judge(found, task, text).verdict for text in _false(task)][:wrong]
        if refused and all(verdict is Verdict.RIGHT for verdict in refused):
            yield f"{where} {task.kind}: nothing is refused"


def _false(task: Task) -> list[str]:
    if task.is_chosen:
        return [LETTERS[at] for at in range(len(task.options)) if at != task.right]
    return ["1 + 2", "-7"]


def test_a_sample_of_lines_accepts_its_own_text_and_refuses_mutants() -> None:
    pairs = [(s, n, line) for s, n in named("derivation") for line in range(_lines(s, n))]
    chosen = Random(3).sample(pairs, SAMPLE)
    found = [p for slug, name, line in chosen for p in problems(derivation(slug, name), line)]
    assert not found


def _lines(slug: str, name: str) -> int:
    blocks = (b for step in lesson(slug).steps for b in step.blocks)
    return next(len(b.lines) for b in blocks if isinstance(b, Derivation) and b.name == name)


def test_a_third_of_the_lines_is_asked_then_two_thirds_then_all() -> None:
    rounds = [derivation(SLUG, NAME, number).asked_lines() for number in (0, 1, 2, 3)]
    assert [len(lines) for lines in rounds] == [2, 3, 4, 4]
    assert set(rounds[0]) < set(rounds[1]) < set(rounds[2]) == {0, 1, 2, 3}


def test_a_round_is_the_same_after_a_restart_and_another_one_next_time() -> None:
    first = derivation(SLUG, NAME, 2).tasks()
    whole = derivation(SLUG, NAME, 2)
    assert asked(whole.lesson, 0, whole.block, "seed", 2).block == whole.block
    assert whole.tasks() == first
    assert [task.kind for task in derivation(SLUG, NAME, 3).tasks()] != [t.kind for t in first]


@for_each(
    ("line", "typed", "verdict", "said"),
    [
        (3, "sigma(z) (1 - sigma(z))", Verdict.RIGHT, ""),
        (3, "σ(z) * (1 − σ(z))", Verdict.RIGHT, ""),
        (3, "(1 - sigma(z)) sigma(z)", Verdict.RIGHT, ""),
        (3, r"\sigma'(z) = \sigma(z) - \sigma(z)^2", Verdict.RIGHT, "in another way"),
        (1, "e^(-z) / (1 + e^(-z))^2", Verdict.RIGHT, ""),
        (1, "sigma(z)(1 - sigma(z))", Verdict.RIGHT, "line 4 already"),
        (3, r"\frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}", Verdict.WRONG, "line above"),
        (3, r"\frac{e^{-z}}{(1 + e^{-z})^2}", Verdict.WRONG, "line 2 again"),
        (2, "sigma'(z)", Verdict.WRONG, "the left side itself"),
        (3, "sigma(z) (1 + sigma(z))", Verdict.SLIP, "A sign is turned round"),
        (3, "-sigma(z) (1 - sigma(z))", Verdict.SLIP, "A sign is turned round"),
        (3, "1 - sigma(z)", Verdict.SLIP, "A factor is missing"),
        (1, "e^(-z) / (1 + e^(-z))", Verdict.SLIP, "A power is missing"),
        (3, "sigma(z) + 5", Verdict.WRONG, "the left side is 0."),
        (3, "sigma(q)", Verdict.UNREADABLE, "symbol q"),
        (3, "", Verdict.UNREADABLE, "Type a formula"),
        (3, r"\frac{1}{", Verdict.UNREADABLE, ""),
    ],
)
def test_a_typed_line_is_judged_by_the_formula_engine(
    line: int, typed: str, verdict: Verdict, said: str
) -> None:
    found = judge(derivation(SLUG, NAME), Task(line, Kind.TYPE), typed)
    told = f"{found.slip_name}. {found.message}"
    assert (found.verdict, said in told) == (verdict, True), told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("D X", "cannot be multiplied"),
        ("D^T X", "RIGHT"),
        ("X^T D", "It is the transpose of what it should be"),
    ],
)
def test_a_transposed_matrix_is_named(typed: str, said: str) -> None:
    found = judge(derivation("backprop/gradients", "layout_gradient"), Task(2, Kind.TYPE), typed)
    if said == "RIGHT":
        assert found.verdict is Verdict.RIGHT
    else:
        assert found.verdict is not Verdict.RIGHT
        assert said in f"{found.slip_name}. {found.message}"


def test_a_missing_factor_is_typed() -> None:
    found = derivation("backprop/deltas", "output_delta")
    task = found.task(3, Kind.FACTOR)
    assert task is not None
    assert task.gap is not None
    assert judge(found, task, task.gap.factor).verdict is Verdict.RIGHT
    wrong = judge(found, task, "1")
    assert wrong.verdict is Verdict.SLIP
    assert wrong.slip_name == "A factor is missing"
    assert task.gap.factor in reveal(found, task).message


def test_a_star_at_a_symbol_is_no_product() -> None:
    assert not list(problems(derivation("linear/gradient-descent", "gd_slope"), 3))


def test_the_answer_can_be_shown_for_every_kind() -> None:
    found = derivation(SLUG, NAME)
    tasks = [task for kind in Kind if (task := found.task(3, kind)) is not None]
    assert len(tasks) >= 3
    for task in tasks:
        assert reveal(found, task).verdict is Verdict.SHOWN


def test_no_reason_is_offered_that_may_be_right_too() -> None:
    whole = lesson("backprop/deltas")
    pool = {reason.plain: reason for reason in reasons_of(whole)}
    block = derivation("backprop/deltas", "second_to_last_delta").block
    before, line = block.lines[0].latex, block.lines[1]
    # Line 2 replaces ∂L/∂z by δ, which makes one derivative less.
    assert not is_wrong_for(pool["chain rule"], line, before)
    assert not is_wrong_for(pool[r"definition of \delta"], line, before)
    assert is_wrong_for(
        pool["the last factor does not depend on $j$".replace("$", "")], line, before
    )


def test_no_part_of_a_table_of_cases_is_asked() -> None:
    """The slope of ReLU as cases: its own text must pass, whatever is asked."""
    found = derivation("frameworks/numpy", "numpy_relu")
    for line in range(len(found.block.lines)):
        assert [*problems(found, line)] == []
