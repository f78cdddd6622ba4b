"""The first updates of the six versions of the two-layer network, as their recipes are set."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from engine.recipes.two_layer_sizes import N


@lru_cache(maxsize=16)
def losses(version: str, steps: int) -> tuple[float, ...]:
    """The train loss per sample before each of some updates of `two-layer-VERSION`."""
    from engine.training.task import Source

    module = import_module(f"engine.recipes.two_layer_{version}")
    settings = module.RECIPE.settings()
    task = module.build(settings, Source("cpu"))
    found = []
    for _ in range(steps):
        (batch,) = task.batches(N)
        found.append(float(task.update(batch, float(settings["lr"])).loss) / N)
    return tuple(found)
