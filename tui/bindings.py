"""Every key binding of the program by its id: what `config.toml` may change."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

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
    for node in _ours():
        for binding in _own(node):
            bindings.setdefault(binding.id or "", binding)
    return dict(sorted(bindings.items()))


def places() -> list[set[str]]:
    """For each widget, screen and lab, the ids of the bindings that it has: its own, and those of
    its base classes. A screen has those of the application, too. `all_bindings` comes first.
    """
    app = {binding.id or "" for binding in _own(TutorApp)}
    found = []
    for node in _ours():
        here = {each.id or "" for base in node.__mro__ for each in _own(base)}
        found.append(here | app if issubclass(node, Screen) else here)
    return found


def _ours() -> list[type[DOMNode]]:
    every: dict[type[DOMNode], None] = dict.fromkeys([TutorApp, *_below(DOMNode)])
    return [node for node in every if node.__module__.startswith(f"{tui.__name__}.")]


def _own(node: type) -> list[Binding]:
    """The bindings with an id that a class itself declares."""
    there = node.__dict__.get("BINDINGS", ())
    return [each for each in there if isinstance(each, Binding) and each.id]


def _below(node: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in node.__subclasses__():
        yield each
        yield from _below(each)
