"""Insert an entry and its imports into a Python file, and leave the rest unchanged."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from engine.errors import UserError
from tui.authoring.writing import bound_names, shown

_LONGEST = 100


def with_import(text: str, module: str, names: Sequence[str]) -> str:
    """`text` with an import of `names` from `module`."""
    imports = [node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
    lines = text.splitlines(keepends=True)
    there = next((node for node in imports if node.module == module), None)
    if there is not None:
        wanted = {*names, *(alias.name for alias in there.names)}
        lines[there.lineno - 1 : there.end_lineno] = [_import(module, wanted)]
        return "".join(lines)
    before = [node for node in imports if (node.module or "") < module] or imports
    # After the last import that sorts before it; the standard library has its own block above.
    first_party = [n for n in before if (n.module or "").split(".")[0] in ("engine", "lessons")]
    at = (first_party or imports)[-1].end_lineno if imports else _below_docstring(text)
    blank = [] if first_party else ["\n"]
    lines[at:at] = [*blank, _import(module, set(names))]
    return "".join(lines)


def _import(module: str, names: set[str]) -> str:
    # In the order of ruff: constants, then classes, then functions.
    ordered = sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= _LONGEST:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")\n"


def _below_docstring(text: str) -> int:
    body = ast.parse(text).body
    return (body[0].end_lineno or 0) if body else 0


def defines(text: str, name: str) -> bool:
    """Whether a module gives `name` a value or imports it."""
    return name in bound_names(text)


def with_entry(text: str, path: Path, mapping: str, entry: str, *, above: str = "") -> str:
    """`text` with one more entry in the dictionary `mapping`; `above` is put before the dictionary.

    Raises UserError if the dictionary is written in a way that cannot be extended.
    """
    statement = _dictionary(text, mapping)
    if statement is None or not isinstance(statement.value, ast.Dict):
        raise UserError(f"{shown(path)} has no top-level {mapping} = {{…}}. Add one and try again.")
    value, lines = statement.value, text.splitlines(keepends=True)
    last = (value.end_lineno or 0) - 1
    added = "".join(f"    {line}\n" for line in entry.splitlines())
    if value.keys and lines[last].strip() != "}":
        raise UserError(
            f"{shown(path)}:{statement.lineno}: {mapping} ends in the middle of a line. Put its "
            "entries and its closing bracket on separate lines and try again."
        )
    if not value.keys:
        begin = lines[statement.lineno - 1].split("{")[0]
        lines[statement.lineno - 1 : last + 1] = [f"{begin}{{\n{added}}}\n"]
    else:
        lines[last:last] = [added]
    if above:
        end = statement.lineno - 1
        while lines[end - 1].startswith("#"):
            end -= 1
        start = end
        while start and not lines[start - 1].strip():
            start -= 1
        lines[start:end] = [f"\n\n{above.strip()}\n\n\n"]
    found = "".join(lines)
    try:
        ast.parse(found)
    except SyntaxError:
        raise UserError(
            f"{shown(path)}:{last}: the last entry of {mapping} needs a comma at its end."
        ) from None
    return found


def _dictionary(text: str, name: str) -> ast.Assign | ast.AnnAssign | None:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [name]:
            return node
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
            return node
    return None


def readable(path: Path) -> str:
    """The text of a Python file; raises UserError if it cannot be parsed."""
    text = path.read_text("utf-8")
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise UserError(
            f"{shown(path)}:{error.lineno}: this is not valid Python ({error.msg}). Fix it first."
        ) from None
    return text
