"""The running texts of a lesson: what its blocks say, and what may be said about answers."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.format.document import (
    Block,
    Derivation,
    FindMistake,
    ItemList,
    Paragraph,
    Predict,
    Table,
    Text,
    WithNumbers,
)
from lessons.format.parser import running_text
from lessons.judge.mistakes import said as said_of_mistake
from lessons.judge.questions import said as said_of_question


def map_texts(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """All running text of some blocks."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case ItemList():
                yield from block.items
            case Table():
                yield from block.header
                for row in block.rows:
                    yield from row
            case Predict() | FindMistake():
                yield from block.prompt
            case Derivation():
                for line in block.lines:
                    yield line.reason
            case WithNumbers():
                for computed in block.rows:
                    yield computed.reason
            case _:
                found = getattr(block, "caption", None) or getattr(block, "text", ())
                yield found if isinstance(found, tuple) else ()


def feedback(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """All that the tutor may say about the answers to the questions among some blocks."""
    for block in blocks:
        if isinstance(block, Predict):
            said = said_of_question(block.question)
        elif isinstance(block, FindMistake):
            said = said_of_mistake(block.mistake)
        else:
            continue
        for text in said:
            yield running_text(text, block.slug)
