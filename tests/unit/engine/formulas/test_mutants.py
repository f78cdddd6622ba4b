"""Mutants are made from the tree, and a proof rejects those that mean something else."""

from __future__ import annotations

from collections import Counter

from engine.formulas.bench import bench_for
from engine.formulas.mutants import Outcome, judge, mutants
from engine.formulas.notation import Notation
from engine.formulas.statements import read_lines
from tests.unit.engine.formulas.samples import LAYERS, PLAIN


def outcomes(*lines: str, notation: Notation = PLAIN) -> Counter[tuple[str, Outcome]]:
    """How many mutants of each kind end in each way, over all lines."""
    read = read_lines(lines, notation)
    bench = bench_for(read, notation, "mutants")
    found: Counter[tuple[str, Outcome]] = Counter()
    for number, statements in enumerate(read):
        for place, statement in enumerate(statements):
            for mutant in mutants(statement):
                found[mutant.kind, judge(mutant, read, number, place, bench)] += 1
    return found


def test_every_usual_mistake_is_made_and_noticed() -> None:
    found = outcomes(
        r"z_i^{(l+1)} = \sum_{j=1}^{S_l} W_{ij}^{(l)} a_j^{(l)}",
        r"\frac{\partial L}{\partial W_{ij}^{(l)}} = "
        r"\frac12 \cdot 2 \frac{\partial L}{\partial z_i^{(l+1)}} a_j^{(l)}",
        notation=LAYERS,
    )
    kinds = {kind for kind, outcome in found if outcome is Outcome.KILLED}
    assert {
        "sum dropped", "indices swapped", "index exchanged", "factor dropped", "constant changed",
        "fraction inverted", "layer moved", "derivative dropped", "bounds changed",
    } <= kinds  # fmt: skip
    assert not any(outcome is Outcome.SURVIVED for _, outcome in found)


def test_a_mutant_that_means_the_same_counts_as_equal() -> None:
    found = outcomes(r"c u = 1 \cdot u c")
    assert found["factor dropped", Outcome.EQUAL] == 1


def test_weak_draws_let_a_mutant_survive() -> None:
    # The draws of u never leave 1, further draws do.
    def u(world: object) -> float:
        return 1.0 if world.seed[1] < 1000 else 2.0  # type: ignore[attr-defined]

    weak = PLAIN.computed("u", u, "")
    found = outcomes(r"c u = u c", notation=weak)
    assert found["factor dropped", Outcome.SURVIVED] > 0


def test_transposes_signs_and_functions() -> None:
    found = outcomes(
        r"(A B)^\top - B^\top = B^\top A^\top - B^\top",
        r"\ln(e^{u} + 1) = u + \ln(1 + e^{-u})",
    )
    killed = {kind for kind, outcome in found if outcome is Outcome.KILLED}
    assert {"transpose dropped", "sign flipped", "term dropped", "function exchanged"} <= killed
