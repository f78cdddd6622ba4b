"""What a notation declares must be readable and have a value: an error stands where it is declared.

Otherwise each formula that uses the symbol would be said to be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.broken import EndlessError
from engine.errors import UserError
from engine.formulas.declarations import Declaration
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.formulas.world import World
from lessons.format.facts import Facts, module_path
from lessons.format.tables import line_of
from lessons.format.trouble import in_file
from lessons.proof.declared_twice import declared_in

_BY_NUMBERS = "/numbers"
"""The sizes of such a notation come from a block of numbers."""


def broken_declarations(slug: str, facts: Facts) -> Iterator[UserError]:
    """Each declaration of a lesson that cannot be read or has no value, with its line."""
    path = module_path(slug, "facts")
    if path is None:
        return
    seen: set[int] = set()
    for name, notation in {"": facts.notation, **facts.scopes}.items():
        world = World(notation)
        for declaration in notation.declarations:
            if id(declaration) in seen:
                continue
            seen.add(id(declaration))
            try:
                _read(declaration, notation)
                if not name.endswith(_BY_NUMBERS):
                    _evaluate(declaration, world)
            except (KeyboardInterrupt, EndlessError):
                raise
            except BaseException as error:
                file, line = _place(declaration, path, name)
                yield in_file(error, file.parent, file, line)


def _read(declaration: Declaration, notation: Notation) -> None:
    """Raise MeaningError or MathSyntaxError where its shape or its formula cannot be read."""
    notation.shape(declaration)
    if declaration.source is not None:
        notation.term(declaration)


def _evaluate(declaration: Declaration, world: World) -> None:
    """Compute its value on one draw; that of a family or a function, formulas compute."""
    head = declaration.head
    if head.names():
        return
    upper = None if head.upper is None else head.upper.offset
    try:
        world.value((head.key, tuple(pattern.offset for pattern in head.lower), upper))
    except NoValueError:
        return  # nothing that the text states needs it, or its formula says so


def _place(declaration: Declaration, facts: Path, scope: str) -> tuple[Path, int]:
    """The file and the line of a declaration: of the lesson, its chapter, or the course."""
    for folder in facts.parents[:3]:
        for path in sorted(folder.glob("*.py"), key=lambda path: path != facts):
            for found in declared_in(path):
                if found.is_that(declaration):
                    return path, found.line
    return facts, line_of(facts, "SCOPES" if scope else "NOTATION", scope)
