"""Every key binding of the program by its id: what `config.toml` may change."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tui.app import TutorApp

_PACKAGES = ("tui.screens", "tui.widgets", "tui.labs", "tui.panes")


def all_bindings() -> dict[str, Binding]:
    """Each binding that has an id; imports every screen, widget and lab."""
    for name in _PACKAGES:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            import_module(found.name)
    bindings: dict[str, Binding] = {}
    for node in [TutorApp, *_below(DOMNode)]:
        if not node.__module__.startswith(f"{tui.__name__}."):
            continue
        for binding in node.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                bindings.setdefault(binding.id, binding)
    return dict(sorted(bindings.items()))


def _below(node: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in node.__subclasses__():
        yield each
        yield from _below(each)
