"""The parts of a formula, their values, and numbers put in under the symbols."""

from __future__ import annotations

from engine.formulas.bench import bench_for
from engine.formulas.notation import Notation
from engine.formulas.parts import Part, parts_of, shown, spliced
from engine.formulas.statements import read_lines
from tests.unit.engine.formulas.samples import PLAIN
from tui.math import draw, line_text


def parts(latex: str, notation: Notation = PLAIN) -> dict[str, Part]:
    lines = read_lines([latex], notation)
    return {part.latex: part for part in parts_of(lines[0], bench_for(lines, notation, "parts"))}


def test_every_part_has_its_value_and_shape() -> None:
    found = parts(r"A x = \sum_j A_{:,j} x_j")
    assert found["A"].shape[0] == found["A x"].shape[0]
    assert found["x"].shape[1] == 1
    assert len(found["x_j"].values) == found["x"].shape[0]


def test_parts_inside_a_derivative_have_values_too() -> None:
    found = parts(r"\frac{d}{du} (u^2 + c u) = 2 u + c")
    assert {"u^2", "c u", "2 u"} <= set(found)


def test_numbers_stand_under_their_symbols() -> None:
    given = PLAIN.fixed("u", 0.5).fixed("c", -2.0)
    latex = r"v = u^2 + c u"
    lines = read_lines([latex], given)
    found = parts_of(lines[0], bench_for(lines, given, "parts"))
    drawn = "\n".join(line_text(line) for line in draw(spliced(latex, found, None)))
    numbers = drawn.splitlines()[-1].replace("−", "-").split()
    assert numbers == ["-0.75", "0.5", "-2", "0.5"]


def test_what_is_spliced_can_be_drawn_for_every_lit_part() -> None:
    latex = r"\frac{\partial v}{\partial u} = \left( 2 u + c \right) \cdot \begin{cases} 1 & u > 0 "
    latex += r"\\ 1 & u \le 0 \end{cases}"
    lines = read_lines([latex], PLAIN)
    found = parts_of(lines[0], bench_for(lines, PLAIN, "parts"))
    assert len(found) > 4
    for lit in found:
        assert draw(spliced(latex, found, lit), 76)


def test_values_are_written_shortly() -> None:
    assert shown(0.0000123) == "1.23e−5"
    assert shown(3) == "3"
    assert shown(2.0) == "2"
    assert shown(1.23456) == "1.23"
