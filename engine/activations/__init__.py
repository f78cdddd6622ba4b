"""Activation functions: value, closed-form derivative, torch counterpart and formula of each.

Every function works elementwise on float64 arrays of any shape. The derivative is a function of the
input z, never of the output, so that it cannot be applied to the wrong one.

To add a function, add a file to this folder that sets `ACTIVATION` to an instance of a subclass of
`base.Activation` with name, title, value, derivative and forms. The network, its trace, the labs
and the command line find it here.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import numpy as np

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
from engine.declared import DeclarationError, source_of
from engine.errors import UserError
from engine.language import _

_TRIED = np.array([-1.0, 0.0, 2.0])
_NEEDED = (
    "name", "title", "text_form", "derivative_text_form", "latex_form", "derivative_latex_form",
)  # fmt: skip


def _find() -> dict[str, Activation]:
    modules = (load_part(f"{__name__}.{info.name}") for info in iter_modules(__path__))
    found = [_whole(module) for module in modules if _declares(module)]
    found.sort(key=lambda function: (function.place, function.name))
    functions: dict[str, Activation] = {}
    for function in found:
        if function.name in functions:
            path = Path(sys.modules[type(function).__module__].__file__ or "")
            problem = f"There are two activation functions {function.name!r}."
            raise DeclarationError(path, 1, problem, "Rename one of them.")
        functions[function.name] = function
    return functions


def _declares(module: ModuleType) -> bool:
    """Whether a module has an ACTIVATION; raises DeclarationError where it is called otherwise."""
    if hasattr(module, "ACTIVATION"):
        return True
    for name, value in vars(module).items():
        if isinstance(value, Activation):
            path = Path(module.__file__ or module.__name__)
            problem = f"The file calls its activation function {name}."
            raise DeclarationError(path, _line_of(path, name), problem, "Call it ACTIVATION.")
    return False


def _whole(module: ModuleType) -> Activation:
    """The function of a module; raises DeclarationError where one of its forms is missing."""
    found: object = module.ACTIVATION
    path = Path(module.__file__ or module.__name__)
    if not isinstance(found, Activation):
        said = f"the class {found.__name__}" if isinstance(found, type) else f"{found!r}"
        problem = f"ACTIVATION is {said}, and no instance of a subclass of Activation."
        raise DeclarationError(path, _line_of(path), problem, "Write ACTIVATION = YourClass().")
    for needed in _NEEDED:
        form = getattr(found, needed, None)
        problem = ""
        if not isinstance(form, str):
            problem = f"The activation function has no {needed}."
        elif mark := re.search(r"⟨(?!z⟩|a⟩|α⟩|z\|bare⟩)[^⟩]*⟩?", form):
            problem = f"Its {needed} has the mark {mark[0]}, which nothing fills in."
        if problem:
            raise _wrong_form(path, needed, problem)
    for part in ("value", "derivative"):
        given = _given(found, part)
        if given is not None:
            problem = f"Its `{part}` gives {given} for an array of {len(_TRIED)} numbers."
            mend = "Return an array of the same shape, such as np.asarray(…)."
            raise DeclarationError(path, _line_of(path, f"    def {part}("), problem, mend)
    return found


def _wrong_form(path: Path, name: str, problem: str) -> DeclarationError:
    mend = "`dltutor new activation` shows all that it needs."
    return DeclarationError(path, _line_of(path, f"    {name}:"), problem, mend)


def _given(function: Activation, part: str) -> str | None:
    """What a part gives in place of an array of numbers; None where it gives one."""
    try:
        found: object = getattr(function, part)(_TRIED)
    except Exception:
        return None  # said where it is computed
    if isinstance(found, np.ndarray):
        return None if found.shape == _TRIED.shape else f"the shape {found.shape}"
    return repr(found)


def _line_of(path: Path, begun: str = "ACTIVATION") -> int:
    """The first line that begins so, such as the declaration."""
    lines = source_of(path).splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(begun)), 1)


ACTIVATIONS: dict[str, Activation] = _find()
"""Every activation function by its name; leaky ReLU has slope 0.01."""

BY_HAND: tuple[str, ...] = tuple(name for name, f in ACTIVATIONS.items() if f.by_hand)
"""Names of the functions that a learner can compute by hand."""


def refuse_undrawable() -> None:
    """Raise DeclarationError where a LaTeX form cannot be drawn.

    `dltutor check` asks for that: to parse them all would take each start 20 ms.
    """
    from engine.formulas.errors import MathSyntaxError
    from engine.formulas.parser import parse

    for function in ACTIVATIONS.values():
        path = Path(sys.modules[type(function).__module__].__file__ or "")
        for name in ("latex_form", "derivative_latex_form"):
            try:
                parse(re.sub("⟨[^⟩]*⟩", "z", getattr(function, name)))
            except MathSyntaxError as error:
                raise _wrong_form(path, name, f"Its {name} cannot be drawn: {error}.") from None


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
