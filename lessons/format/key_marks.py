"""Keys of the program in the text of a lesson: `⟨s|training.start⟩`, in code.

A mark holds the key as the program comes with it, and the id of its binding, so that what shows the
text can name the key that a learner has chosen.
"""

from __future__ import annotations

import re

MARK = re.compile(r"⟨([^⟨⟩|]+?)\\?\|([\w-]+\.\w+)⟩")
"""A key in a text: how it is called as it comes, and the id of its binding.

In a table the stroke stands behind a backslash, as any other stroke does there.
"""


def usual_keys(text: str) -> str:
    """The text with the key that the program comes with at each of its marks."""
    return MARK.sub(r"\1", text) if "⟨" in text else text


def key_mark(key: str, binding: str) -> str:
    """The mark of a key, as Markdown."""
    return f"`⟨{key}|{binding}⟩`"
