"""What kind of character stands in a text."""

from __future__ import annotations

from unicodedata import east_asian_width


def is_wide(character: str) -> bool:
    """Whether a character is a full square: an ideograph, or its punctuation."""
    return east_asian_width(character) in "WF"
