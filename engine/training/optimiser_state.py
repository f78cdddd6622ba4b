"""What an optimiser remembers between two updates, saved and restored bit for bit.

Momentum keeps a velocity, RMSProp and Adam keep running means: a training that resumes without them
is a different training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer


@dataclass(frozen=True, slots=True, eq=False)
class OptimiserState:
    """Copies of an optimiser's memory; empty for plain gradient descent, which has none."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    """By `KIND/PARAMETER`, such as `exp_avg/W1`."""
    counters: dict[str, int] = field(default_factory=dict)
    """Integers by name, such as the number of updates made."""


def of_torch(optimizer: Optimizer, parameters: Mapping[str, Tensor]) -> OptimiserState:
    """What a torch.optim optimiser remembers of `parameters`, each copied on its device."""
    import torch

    names = {parameter: name for name, parameter in parameters.items()}
    tensors = {
        f"{kind}/{names[parameter]}": value.detach().clone()
        for parameter, memory in optimizer.state.items()
        for kind, value in memory.items()
        if isinstance(value, torch.Tensor)
    }
    return OptimiserState(tensors)


def into_torch(
    optimizer: Optimizer, parameters: Mapping[str, Tensor], state: OptimiserState
) -> None:
    """Restore `state` in a torch.optim optimiser, on the devices that it needs.

    Raises ValueError, and changes nothing, where the state belongs to other parameters.
    """
    memories: dict[str, dict[str, Tensor]] = {}
    for key, value in state.tensors.items():
        kind, _slash, name = key.partition("/")
        if name not in parameters or (value.dim() and value.shape != parameters[name].shape):
            raise ValueError(f"the stored optimiser has {key}, which belongs to no parameter")
        memories.setdefault(name, {})[kind] = value.detach().clone()
    order = {parameter: name for name, parameter in parameters.items()}
    held = [order[parameter] for group in optimizer.param_groups for parameter in group["params"]]
    # Its groups, which hold the learning rate and the rest of the settings, stay as they are.
    groups = optimizer.state_dict()["param_groups"]
    memory = {index: memories[name] for index, name in enumerate(held) if name in memories}
    optimizer.load_state_dict({"state": memory, "param_groups": groups})
