"""The links to other lessons in a block."""

from __future__ import annotations

from lessons.format.document import Block, ItemList, Paragraph, Predict, Style, Table, Text


def links_of(block: Block) -> list[tuple[str, str]]:
    """The text of each link and the slug that it leads to, in the order of the text."""
    texts: list[Text] = []
    match block:
        case Paragraph():
            texts = [block.text]
        case ItemList():
            texts = [*block.items]
        case Table():
            texts = [cell for row in (block.header, *block.rows) for cell in row]
        case Predict():
            texts = [*block.prompt]
    return [
        (span.text, span.target) for text in texts for span in text if span.style is Style.LESSON
    ]
