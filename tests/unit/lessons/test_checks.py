"""Every check of every lesson holds, and every wrong variant beside it is rejected."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.catalog import catalog
from lessons.checks import book
from lessons.checks.base import CheckBook, DerivationCheck, Derivative, Draw, Line, merge
from lessons.checks.prove import prove, prove_variant, residual
from lessons.checks.questions import said
from lessons.checks.run import Kind, run_lesson
from lessons.document import Derivation, Predict
from lessons.parser import running_text

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]
CHAPTERS = sorted({slug.partition("/")[0] for slug in SLUGS})
DERIVATIONS = [(c, name) for c in CHAPTERS for name in book(c).derivations]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_check_of_a_lesson_holds(slug: str) -> None:
    failed = [result for result in run_lesson(catalog().load(slug), 1) if not result.ok]
    assert not failed


@pytest.mark.parametrize(("chapter", "name"), DERIVATIONS)
def test_every_wrong_variant_is_rejected(chapter: str, name: str) -> None:
    check = book(chapter).derivations[name]
    for index, line in enumerate(check.lines):
        assert line.wrong, f"line {index + 1} has no wrong variant"
        for wrong in line.wrong:
            proof = prove_variant(name, check, index, wrong)
            assert not proof.ok
            # Not by a hair: a real mistake is far above any rounding.
            assert proof.worst.residual > 1e3 * proof.worst.tolerance


def test_every_check_is_used_by_a_lesson() -> None:
    used: set[tuple[str, str]] = set()
    for slug in SLUGS:
        lesson = catalog().load(slug)
        for step in lesson.steps:
            for block in step.blocks:
                if isinstance(block, Derivation | Predict):
                    used.add((lesson.chapter, block.name))
    written = {
        (chapter, name)
        for chapter in CHAPTERS
        for name in (*book(chapter).derivations, *book(chapter).predicts)
    }
    assert written == used


def test_feedback_is_readable_markdown() -> None:
    for chapter in CHAPTERS:
        for question in book(chapter).predicts.values():
            for text in said(question):
                assert running_text(text, chapter)
            options = [option.feedback for option in getattr(question, "options", ())]
            slips = [slip.diagnosis for slip in getattr(question, "slips", ())]
            for text in options + slips + [getattr(question, "explanation", "Because.")]:
                assert text.rstrip().endswith((".", "?"))


def _draw(rng: np.random.Generator) -> Draw:
    return Draw(x=rng.normal(size=3))


def _square_check(value: Line) -> DerivationCheck:
    return DerivationCheck(
        draw=_draw, left=Derivative(lambda t: (t.x**2).sum(), at="x"), lines=(value,)
    )


def test_a_derivative_is_compared_with_autograd_and_central_differences() -> None:
    (proof,) = prove("square", _square_check(Line(lambda d: 2 * d.x, ())))
    assert [c.against for c in proof.comparisons] == ["autograd", "central differences"]
    assert [c.tolerance for c in proof.comparisons] == [1e-9, 1e-6]
    assert proof.ok


@pytest.mark.parametrize("factor", [2 + 1e-8, -2.0, float("nan"), float("inf"), 0.0])
def test_a_wrong_factor_is_rejected_however_small(factor: float) -> None:
    (proof,) = prove("square", _square_check(Line(lambda d: factor * d.x, ())))
    assert not proof.ok


def test_a_wrong_shape_is_rejected() -> None:
    (proof,) = prove("square", _square_check(Line(lambda d: 2 * d.x[:, None], ())))
    assert not proof.ok


def test_lines_are_compared_with_each_other() -> None:
    lines = (Line(lambda d: d.x.sum(), ()), Line(lambda d: d.x @ np.ones(3), ()))
    check = DerivationCheck(draw=_draw, left=lambda d: float(sum(d.x)), lines=lines)
    _, second = prove("sum", check)
    assert [c.against for c in second.comparisons] == ["the left side", "the line before"]


def test_draws_are_seeded_and_rounds_differ() -> None:
    check = _square_check(Line(lambda d: 2 * d.x, ()))
    first, again, other = (prove("square", check, n)[0].draw.x for n in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()


def test_the_residual_is_relative() -> None:
    assert residual(1e9, 1e9 + 1) == pytest.approx(1e-9)
    assert residual(0.0, 0.0) == 0
    assert residual(1e-17, 0.0) == 1
    assert residual(1e-17, 0.0, floor=1.0) == 1e-17


def test_a_name_cannot_stand_twice() -> None:
    check = _square_check(Line(lambda d: 2 * d.x, ()))
    book_of_one = CheckBook("a", derivations={"square": check})
    with pytest.raises(ValueError, match="stands twice"):
        merge("a", book_of_one, book_of_one)


def test_numbers_and_slips_are_among_the_results() -> None:
    kinds = {result.kind for result in run_lesson(catalog().load("backprop/worked-example"))}
    assert kinds == {Kind.NUMBER, Kind.ANSWER, Kind.SLIP, Kind.MISTAKE}
