"""The Markdown of lessons, as tokens: with tables, front matter, dollar maths and step keys."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from lessons.format.step_keys import step_key_plugin


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """The reader of Markdown as lessons write it: with tables, front matter and dollar maths."""
    reader = MarkdownIt("commonmark").enable("table")
    front_matter_plugin(reader)
    dollarmath_plugin(reader, allow_space=False, double_inline=False)
    step_key_plugin(reader)
    return reader


def line_of(token: Token) -> int:
    """The line of a token, counted from 1."""
    return (token.map[0] if token.map else 0) + 1
