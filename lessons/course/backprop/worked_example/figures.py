"""The figures of `backprop/worked-example`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.worked_example import worked_example
from lessons.format.drawings import Drawing, Graph, Hue, Net, Node


def _network() -> Net:
    """Inputs and weights; what is computed from them stays open."""
    problem = worked_example()
    inputs: tuple[float | None, ...] = tuple(problem.x)
    others: list[tuple[float | None, ...]] = [
        (None,) * units for units in problem.network().widths[1:]
    ]
    weights = tuple(
        tuple(tuple(float(w) for w in row) for row in matrix) for matrix in problem.network().W
    )
    return Net(problem.network().widths, (inputs, *others), weights)


def _two_ways() -> Graph:
    """From the input of h1 to the loss over both outputs, with ∂E of every value."""
    values = worked_example().trace().values()

    def node(symbol: str, gradient: float, *inputs: str, hue: Hue = Hue.COMPUTED) -> Node:
        return Node(symbol, inputs, values[symbol], gradient, hue)

    return Graph(
        (
            node("z_h1", values["δ_h1"], hue=Hue.INPUT),
            node("out_h1", values["∂E/∂out_h1"], "z_h1"),
            node("z_o1", values["δ_o1"], "out_h1"),
            node("z_o2", values["δ_o2"], "out_h1"),
            node("E_o1", 1.0, "z_o1", hue=Hue.LOSS),
            node("E_o2", 1.0, "z_o2", hue=Hue.LOSS),
            node("E", 1.0, "E_o1", "E_o2", hue=Hue.LOSS),
        )
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "two-ways": _two_ways,
    "network": _network,
}
