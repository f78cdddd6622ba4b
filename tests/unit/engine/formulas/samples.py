"""A notation that the tests of this folder share."""

from __future__ import annotations

from engine.formulas.draws import integer, normal, simplex
from engine.formulas.notation import Notation
from engine.formulas.proving import LineProof, prove_lines
from engine.formulas.statements import read_lines
from engine.formulas.world import World

PLAIN = (
    Notation()
    .size("n")
    .size("m")
    .drawn("A", r"n \times m")
    .drawn("B", r"m \times n")
    .drawn("x", r"m \times 1")
    .drawn("y", r"n \times 1")
    .drawn("c")
    .drawn("z", r"n \times 1")
    .drawn("u")
    .defined("v = u^2 + c u", "")
    .defined("g = v u", "")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"f(u) = 3 u^2")
    .index("i j k")
)
"""Matrices A (n × m) and B (m × n), columns x, y, z, numbers c, u and v, which depends on u."""

LAYERS = (
    Notation()
    .fixed("N", 3)
    .size("S_l", over="l")
    .drawn("l", make=integer(1, 2))
    .drawn(r"a^{(1)}", r"S_1 \times 1", over="l")
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", normal(0.6), over="l")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .defined(r"z^{(l)} = (W^{(l-1)})^\top a^{(l-1)}", r"S_l \times 1", over="l")
    .defined(r"a^{(l)} = \tanh(z^{(l)})", r"S_l \times 1", over="l")
    .defined(r"L = \| a^{(N)} \|^2", "")
    .index("i j k")
)
"""A network of three layers, in which W_ij leads from unit j to unit i."""

CHANCE = (
    Notation()
    .size("K")
    .drawn("p", "K", simplex())
    .drawn("q", "K", simplex())
    .defined(r"H(p, q) = -\sum_i p_i \ln q_i")
    .defined(r"D(p \parallel q) = \sum_i p_i \ln \frac{p_i}{q_i}")
    .index("i")
)


def value(latex: str, notation: Notation = PLAIN, draw: int = 0) -> object:
    """The value of an expression on a draw."""
    from engine.formulas.statements import read_statements

    (statement,) = read_statements(latex, notation)
    world = World(notation, "tests", 0, draw)
    world.speaking_of = tuple(statement.terms())
    (term,) = statement.terms()
    return term.value(world)


def proofs(*lines: str, notation: Notation = PLAIN) -> tuple[LineProof, ...]:
    """The proofs of the lines of a derivation."""
    return prove_lines(read_lines(lines, notation), notation, "tests")


def holds(*lines: str, notation: Notation = PLAIN) -> bool:
    """Whether every line is proved."""
    return all(proof.ok for proof in proofs(*lines, notation=notation))
