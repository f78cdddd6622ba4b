"""The template of an optimiser rule: how an update follows from a gradient."""

from __future__ import annotations

from engine.recipes.rules import TAUGHT, rules
from tui.authoring.writing import (
    ROOT,
    Plan,
    checked_file_name,
    class_name,
    filled,
    module_name,
    refuse_taken,
    shown,
    words,
)

_RULE = r'''
"""The optimiser rule «title»."""

from __future__ import annotations

from torch import Tensor

from engine.recipes.optimisers import Optimiser
from engine.recipes.rules import Rule

BETA = 0.9


class «class»(Optimiser):
    """Signum: v ← 0.9v + 0.1g, then w ← w − η·sign(v).

    Each number moves by η, however steep the loss is. Bernstein et al. (2018), algorithm 2.
    """

    remembers = ("velocity",)

    def direction(self, name: str, g: Tensor) -> Tensor:
        """Plus or minus one."""
        v = self.memory[f"velocity/{name}"]
        v *= BETA
        v += (1 - BETA) * g
        return v.sign()


OPTIMISER = Rule(
    "«rule»",
    "«class»",
    rate=0.001,
)
'''


def optimiser(name: str) -> Plan:
    """The plan of a new optimiser rule."""
    module = module_name(checked_file_name(name, "optimiser rule"))
    own = name.replace("_", "-")
    refuse_taken(own, "optimiser rule", [*TAUGHT, *rules()])
    path = ROOT / "engine" / "recipes" / "rules" / f"{module}.py"
    return Plan(
        {path: filled(_RULE, **{"class": class_name(name), "rule": own, "title": words(name)})},
        next=(
            f"write in {shown(path)} what the rule remembers, and which direction it takes",
            f"dltutor train mlp --optimizer {own} --lr 0.001   trains with it",
        ),
    )
