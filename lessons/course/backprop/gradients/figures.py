"""The figures of `backprop/gradients`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.format.drawings import Drawing, Graph, Hue, Node


def _path() -> Graph:
    return Graph(
        (
            Node("aⱼ", hue=Hue.INPUT),
            Node("Wᵢⱼ", hue=Hue.WEIGHT),
            Node("bᵢ", hue=Hue.WEIGHT),
            Node("zᵢ", ("aⱼ", "Wᵢⱼ", "bᵢ")),
            Node("aᵢ", ("zᵢ",)),
            Node("…", ("aᵢ",), hue=Hue.QUIET),
            Node("L", ("…",), hue=Hue.LOSS),
        )
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "path": _path,
}
