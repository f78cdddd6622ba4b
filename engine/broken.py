"""Errors in the Python files that authors add, as sentences with the file and the line.

An author's code may raise anything, GeneratorExit and SystemExit too. So who runs it catches
BaseException, and lets only KeyboardInterrupt pass, which is a person's ctrl+c.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from engine.declared import NOT_UTF8, DeclarationError
from engine.formulas.errors import MathSyntaxError, MeaningError

MOST_SAID = 300
"""Characters of a message that are shown; an error may carry a whole tensor."""


class EndlessError(BaseException):
    """Code that was stopped because it did not end; no `except Exception` catches it."""


def place_of(
    error: BaseException, is_theirs: Callable[[Path], bool], instead: Path, line: int = 1
) -> tuple[Path, int]:
    """The file and the line of an author's code that raised an error.

    This is the last entry of the traceback in a file that `is_theirs`; a line of the file `instead`
    where there is none.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename), error.lineno or 1
    path = instead
    for frame in traceback.extract_tb(error.__traceback__):
        if is_theirs(Path(frame.filename)):
            path, line = Path(frame.filename), frame.lineno or 1
    return path, line


def said_of(error: BaseException) -> str:
    """The first line of what an error says, as a sentence."""
    if isinstance(error, EndlessError):
        return "This does not end: it was stopped after a minute."
    if isinstance(error, SystemExit):
        return f"This would end the whole program ({_first_line(error.code or 'SystemExit')})."
    if isinstance(error, MeaningError | MathSyntaxError):
        return str(error).rstrip(".") + "."
    if _is_not_utf8(error):
        return NOT_UTF8[0]
    said = _first_line(error.msg if isinstance(error, SyntaxError) else error)
    return f"This stops with {type(error).__name__}: {said}."


def _first_line(message: object) -> str:
    """The first line of a message, shortened, with an escape for what a terminal would obey."""
    try:
        said = next(filter(str.strip, str(message).splitlines()), "no reason given")
    except Exception:  # an error of their own may not even have a text
        return "its message cannot be read"
    if len(said) > MOST_SAID:
        said = said[: MOST_SAID - 1] + "…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in said).rstrip(".")


def mend_of(error: BaseException, then: str) -> str:
    """What the author can do; `then` is what to do afterwards, such as `check again`."""
    if isinstance(error, EndlessError):
        return f"Make the loop end, or compute less, and {then}."
    if isinstance(error, SystemExit):
        return f"Remove `sys.exit`, `exit` or `os._exit`, and {then}."
    if _is_not_utf8(error):
        return NOT_UTF8[1]
    return f"Fix it and {then}."


def _is_not_utf8(error: BaseException) -> bool:
    """Whether Python could not read a source for its encoding; it calls that a syntax error."""
    return isinstance(error, SyntaxError) and "codec can't decode" in str(error.msg)


def load_part(name: str, needs: tuple[str, ...] = ()) -> ModuleType:
    """Import the module of a part: a recipe, an activation function, a lab, a command.

    Raises:
        DeclarationError: its file stops while it is imported, or lacks one of the names in `needs`.
    """
    spec = find_spec(name)
    path = Path(spec.origin) if spec is not None and spec.origin else Path(name)
    try:
        module = import_module(name)
    except DeclarationError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # An error that began elsewhere, such as a broken installation, is not theirs.
        place, line = place_of(error, lambda file: file == path, Path())
        if place != path:
            raise
        raise DeclarationError(place, line, said_of(error), mend_of(error, "try again")) from error
    for needed in needs:
        if not hasattr(module, needed):
            raise DeclarationError(
                path, 1, f"The file has no {needed!r}.", "The files beside it show what it needs."
            )
    return module
