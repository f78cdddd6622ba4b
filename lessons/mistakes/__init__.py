"""Mistakes to find: faulty programs that run, beside right ones, and what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from lessons.mistakes.base import Evidence, Mistake, Version

_GROUPS = ("backprop", "pytorch", "functions", "linear", "classification", "mlp")


@lru_cache(maxsize=1)
def mistakes() -> Mapping[str, Mistake]:
    """All mistakes by name, in the order of the chapters."""
    found: dict[str, Mistake] = {}
    for group in _GROUPS:
        for mistake in import_module(f"{__name__}.{group}").MISTAKES:
            if mistake.name in found:
                raise ValueError(f"The mistake {mistake.name!r} stands twice.")
            found[mistake.name] = mistake
    return found


@lru_cache(maxsize=128)
def evidence(name: str, version: Version) -> Evidence:
    """Run one program of the mistake `name` and look at it; each runs once, as it is seeded."""
    mistake = mistakes()[name]
    module, _, function = mistake.target(version).partition(":")
    return mistake.evidence(getattr(import_module(module), function))
