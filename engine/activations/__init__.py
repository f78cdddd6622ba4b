"""Activation functions: value, closed-form derivative, torch counterpart and formula of each.

Every function works elementwise on float64 arrays of any shape. The derivative is a function of the
input z, never of the output, so that it cannot be applied to the wrong one.

To add a function, add a file to this folder that sets `ACTIVATION` to an instance of a subclass of
`base.Activation` with name, title, value, derivative and forms. The network, its trace, the labs
and the command line find it here.
"""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from engine.activations.base import Activation as Activation
from engine.activations.base import Array as Array
from engine.activations.base import TorchFunction as TorchFunction
from engine.activations.gelu import Gelu as Gelu
from engine.activations.leaky_relu import LeakyRelu as LeakyRelu
from engine.activations.relu import Relu as Relu
from engine.activations.selu import Selu as Selu
from engine.activations.sigmoid import Sigmoid as Sigmoid
from engine.activations.silu import Silu as Silu
from engine.activations.tanh import Tanh as Tanh
from engine.broken import load_part
from engine.declared import DeclarationError
from engine.errors import UserError
from engine.language import _

_NEEDED = (
    "name", "title", "text_form", "derivative_text_form", "latex_form", "derivative_latex_form",
)  # fmt: skip


def _find() -> dict[str, Activation]:
    modules = (load_part(f"{__name__}.{info.name}") for info in iter_modules(__path__))
    found = [_whole(module) for module in modules if hasattr(module, "ACTIVATION")]
    found.sort(key=lambda function: (function.place, function.name))
    return {function.name: function for function in found}


def _whole(module: ModuleType) -> Activation:
    """The function of a module; raises DeclarationError where one of its forms is missing."""
    found: Activation = module.ACTIVATION
    for needed in _NEEDED:
        if not hasattr(found, needed):
            raise DeclarationError(
                Path(module.__file__ or module.__name__),
                1,
                f"The activation function has no {needed}.",
                "`dltutor new activation` shows all that it needs.",
            )
    return found


ACTIVATIONS: dict[str, Activation] = _find()
"""Every activation function by its name; leaky ReLU has slope 0.01."""

BY_HAND: tuple[str, ...] = tuple(name for name, f in ACTIVATIONS.items() if f.by_hand)
"""Names of the functions that a learner can compute by hand."""


def activation(name: str) -> Activation:
    """The activation function called `name`; raises UserError if there is none."""
    try:
        return ACTIVATIONS[name]
    except KeyError:
        raise UserError(
            _("There is no activation function {name}. Choose one of {names}.").format(
                name=repr(name), names=", ".join(ACTIVATIONS)
            )
        ) from None
