"""LaTeX source cut into tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"\\operatorname\*|\\(?:[A-Za-z]+|.)|\s+|.", re.DOTALL)


class Token(NamedTuple):
    """A command with its backslash, or one character; white space is left out.

    `position` and `end` are indices into the source. The last token is empty.
    """

    text: str
    position: int
    end: int


def tokenize(latex: str) -> list[Token]:
    """Cut LaTeX source into tokens, without checking them."""
    tokens = [
        Token(match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(latex)
        if not match.group().isspace()
    ]
    tokens.append(Token("", len(latex), len(latex)))
    return tokens
