"""Finds the labs in this folder, lists them without importing them, and makes their widgets."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from engine.broken import load_part
from engine.declared import DeclarationError, refuse_misnamed, source_of
from lessons.format.lab_names import LabNames, declare_labs

if TYPE_CHECKING:
    # Listing the labs must stay cheap: `dltutor show` needs no textual.
    from tui.labs.base import Lab

_FOLDER = Path(__file__).parent
_SIGN = "LAB = LabEntry("


class LabEntry(NamedTuple):
    """What a module declares about its lab, in a constant called `LAB`.

    The lab has the name of the module.
    """

    widget: type[Lab]
    options: Mapping[str, str] = MappingProxyType({})
    """Each option that a fence may set, with its allowed values. Literals only: they are read
    without running the module."""


@lru_cache(maxsize=1)
def labs() -> Mapping[str, Mapping[str, str]]:
    """The options of every lab by its name, sorted by name."""
    found = {path.stem: _options(path) for path in sorted(_FOLDER.glob("*.py"))}
    return {name: options for name, options in found.items() if options is not None}


def _options(path: Path) -> Mapping[str, str] | None:
    """The options that the module at `path` declares; None if it declares no lab."""
    text = source_of(path)
    before, sign, after = f"\n{text}".partition(f"\n{_SIGN}")
    if not sign:
        refuse_misnamed(path, text, "LAB", "LabEntry")
        return None
    # The declaration starts a line, so parsing can begin there instead of at the top of the file.
    try:
        statement = ast.parse(sign + after, str(path)).body[0]
    except SyntaxError as error:
        line = before.count("\n") + (error.lineno or 1) - 1
        problem = f"This is not valid Python ({error.msg})."
        raise DeclarationError(path, line, problem, "Fix it.") from None
    assert isinstance(statement, ast.Assign), "it begins with LAB ="
    assert isinstance(statement.value, ast.Call), "which is a call"
    written = next((word.value for word in statement.value.keywords if word.arg == "options"), None)
    if written is None:
        return {}
    try:
        found: object = ast.literal_eval(written)
    except ValueError:
        found = None
    if isinstance(found, dict) and all(
        isinstance(word, str) for pair in found.items() for word in pair
    ):
        return found
    line = before.count("\n") + written.lineno - 1
    raise DeclarationError(
        path,
        line,
        "The options of this lab cannot be read without running it.",
        'Write them as {"name": "the allowed values"}, or leave them out.',
    )


def entry(name: str) -> LabEntry:
    """What the lab `name` declares; imports its module. Raises KeyError if there is no such lab."""
    if name not in labs():
        raise KeyError(name)
    found: object = vars(load_part(f"{__package__}.{name}", ("LAB",)))["LAB"]
    from tui.labs.base import Lab

    assert isinstance(found, LabEntry), "labs() saw the call"
    widget: object = found.widget
    if not (isinstance(widget, type) and issubclass(widget, Lab)):
        path = _FOLDER / f"{name}.py"
        line = source_of(path).partition(f"\n{_SIGN}")[0].count("\n") + 2
        problem = f"LAB names {widget!r}, which is no subclass of Lab."
        raise DeclarationError(path, line, problem, "Write LAB = LabEntry(YourLab).")
    _refuse_id_twice(widget)
    return found


def _refuse_id_twice(widget: type[Lab]) -> None:
    """Raise DeclarationError if two bindings of a lab have one id: only one could be changed."""
    path = Path(sys.modules[widget.__module__].__file__ or "")
    seen: set[str] = set()
    for binding in vars(widget).get("BINDINGS", ()):
        own = str(getattr(binding, "id", None) or "")
        if own and own in seen:
            lines = enumerate(source_of(path).splitlines(), 1)
            line = [1, *(number for number, text in lines if f'id="{own}"' in text)][-1]
            problem = f"Two bindings of the lab have the id {own!r}."
            raise DeclarationError(path, line, problem, "Give each its own, such as lab.action.")
        seen.add(own)


def make_lab(name: str, options: Mapping[str, str]) -> Lab:
    """The widget of the lab `name`, with a fence's options. Raises KeyError if there is none."""
    return entry(name).widget(options)


def declare() -> None:
    """Tell the lessons which labs exist, so that they refuse all others."""
    declare_labs(_names)


def _names() -> LabNames:
    return {name: frozenset(options) for name, options in labs().items()}
