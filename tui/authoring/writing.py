"""What `dltutor new` writes: new files, and insertions into existing files."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import tui
from engine.errors import UserError

ROOT = Path(tui.__file__).parents[1]
"""The folder that holds `engine`, `lessons` and `tui`."""
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
LONGEST_NAME = 40
"""With longer ones, what is written would leave its style."""


@dataclass
class Plan:
    """Files to create and to change, and what the author does next."""

    new: dict[Path, str] = field(default_factory=dict)
    changed: dict[Path, str] = field(default_factory=dict)
    """The full text of each file, with the insertion."""
    next: tuple[str, ...] = ()

    def write(self) -> None:
        """Write everything, or nothing if it would clash with what is there; raises UserError."""
        for path in self.new:
            if path.exists():
                raise UserError(f"{shown(path)} already exists. Choose another name.")
        made: list[Path] = []
        try:
            for path, text in {**self.new, **self.changed}.items():
                if path.suffix == ".py":
                    _refuse_clash(path, text)
            for path, text in self.new.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("x", encoding="utf-8") as file:
                    made.append(path)
                    file.write(text)
            for path, text in self.changed.items():
                path.write_text(text, "utf-8")
        except OSError as error:
            for path in made:
                path.unlink(missing_ok=True)
            raise UserError(
                f"{ROOT} is not writable ({error.strerror or error}). Clone the repository, "
                "install it with `pip install -e .`, and work there."
            ) from None

    def report(self) -> str:
        """What was written, and what to do next."""
        lines = [f"wrote    {shown(path)}" for path in self.new]
        lines += [f"changed  {shown(path)}" for path in self.changed]
        if "site-packages" in ROOT.parts:
            lines.append(
                f"This is an installed copy, in {ROOT}: the next installation overwrites it. "
                "Work in a clone, installed with `pip install -e .`."
            )
        return "\n".join([*lines, "", "next", *(f"  {line}" for line in self.next)])


def shown(path: Path) -> str:
    """A path as shown to the author."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _refuse_clash(path: Path, text: str) -> None:
    """Raise UserError if a file to write gives two things one name, or takes one of Python's."""
    before = Counter(bound_names(path.read_text("utf-8")) if path.exists() else ())
    try:
        after = Counter(bound_names(text))
    except SyntaxError as error:  # the name of a class, such as None
        raise UserError(
            f"Python cannot read what {shown(path)} would hold ({error.msg}). Choose another name."
        ) from None
    for name, count in (after - before).items():
        if hasattr(builtins, name):
            raise UserError(f"{name!r} is a name of Python's own. Choose another name.")
        if count + before[name] > 1:
            raise UserError(f"{shown(path)} would define {name!r} twice. Choose another name.")
    package = path.with_name("__init__.py")
    if not before and package.exists() and path.stem in bound_names(package.read_text("utf-8")):
        raise UserError(f"{shown(package)} already defines {path.stem!r}. Choose another name.")


def bound_names(text: str) -> list[str]:
    """What the statements of a module define or import, each as often as it is."""
    found: list[str] = []
    for node in ast.parse(text).body:
        match node:
            case ast.Assign():
                found += map(ast.unparse, node.targets)
            case ast.AnnAssign():
                found.append(ast.unparse(node.target))
            case ast.FunctionDef() | ast.ClassDef():
                found.append(node.name)
            case ast.Import() | ast.ImportFrom():
                found += (alias.asname or alias.name for alias in node.names)
    return found


def checked_name(name: str, what: str) -> str:
    """`name`, if files, modules and fences can have it; raises UserError otherwise."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(module_name(name)):
        raise UserError(
            f"The {what} name {name!r} is not valid. Use lower-case letters, digits and single "
            "hyphens, starting with a letter, such as chain-rule. Python keywords are not allowed."
        )
    if len(name) > LONGEST_NAME:
        raise UserError(
            f"The {what} name {name!r} has {len(name)} characters. Use at most {LONGEST_NAME}."
        )
    return name


def checked_file_name(name: str, what: str) -> str:
    """`name`, if also a file or a folder can have it everywhere; raises UserError otherwise."""
    if _RESERVED.fullmatch(name):
        raise UserError(
            f"The {what} name {name!r} is not valid. Windows keeps it for a device, so no file can "
            "have it there. Choose another name."
        )
    return checked_name(name, what)


def refuse_taken(name: str, what: str, taken: list[str]) -> None:
    """Raise UserError if another part has the name already."""
    if name in taken:
        raise UserError(
            f"The name {name!r} is already taken by another {what}. Choose a different one."
        )


def module_name(name: str) -> str:
    """The name of a module: `chain-rule` → `chain_rule`."""
    return name.replace("-", "_")


def class_name(name: str) -> str:
    """The name of a class: `chain-rule` → `ChainRule`."""
    return "".join(part.capitalize() for part in module_name(name).split("_"))


def words(name: str) -> str:
    """A name as words: `chain-rule` → `chain rule`."""
    return module_name(name).replace("_", " ")


def filled(template: str, **values: str) -> str:
    """A template with its «marks» filled in."""
    for mark, value in values.items():
        template = template.replace(f"«{mark}»", value)
    return template.lstrip("\n")
