"""What kind of value something is, as messages call it."""

from __future__ import annotations


def kind_of(value: object) -> str:
    """Its type with an article: `a str`, `an int`."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
