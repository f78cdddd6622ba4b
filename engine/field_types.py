"""Whether the fields of a dataclass hold what they declare, for data that authors write by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from numbers import Real
from types import NoneType, UnionType
from typing import ClassVar, Union, get_args, get_origin, get_type_hints


def misfit(value: object) -> str:
    """The first field that holds something else than its class declares, as a sentence.

    Looks into dataclasses and named tuples, and into those that they hold. A whole number fits
    where a number is declared. Empty where everything fits.
    """
    return next(_misfits(value), "")


def _misfits(value: object) -> Iterator[str]:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        for each in value:
            yield from _misfits(each)
    elif isinstance(value, tuple) or hasattr(type(value), "__dataclass_fields__"):
        kind: type = value.__class__
        for name, hint in _hints(kind).items():
            held = getattr(value, name)
            if not _fits(held, hint):
                from reprlib import repr as shortened

                of = f"`{name}` of {kind.__name__}"
                yield f"{of} is {shortened(held)}. It must be {_said(hint)}."
            yield from _misfits(held)


@cache
def _hints(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind)
    names = getattr(kind, "_fields", None)
    if names is None:
        from dataclasses import fields  # every start looks at named tuples, and needs only those

        names = [field.name for field in fields(kind)]
    return {name: hints[name] for name in names}


def _fits(value: object, hint: object) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in args)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if args[-1:] == (Ellipsis,):
            return all(_fits(each, args[0]) for each in value)
        return len(value) == len(args) and all(map(_fits, value, args))
    if origin is Callable:
        return callable(value)
    if hint is float:
        return isinstance(value, Real) and not isinstance(value, bool)
    if isinstance(hint, type):
        return isinstance(value, hint)
    return origin is not None or hint in (None, ClassVar)  # nothing that can be told


def _said(hint: object) -> str:
    """A declared type in words."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(map(_said, args))
    if origin is tuple:
        of = f"{_said(args[0])} each" if args[-1:] == (Ellipsis,) else ", ".join(map(_said, args))
        return f"a tuple ({of})"
    if origin is Callable:
        return "a function"
    names = {float: "a number", int: "a whole number", str: "a text", NoneType: "None"}
    return names.get(hint, f"a {getattr(hint, '__name__', hint)}")  # type: ignore[call-overload,no-any-return]
