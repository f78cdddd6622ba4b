"""Lists of numbers as learners write them into the field of a lab."""

from __future__ import annotations

from engine.errors import UserError
from engine.expressions import compute, parse


def read_numbers(
    text: str, example: str, count: tuple[int, int], limits: tuple[float, float]
) -> tuple[float, ...]:
    """Numbers or expressions such as 1/3, with blanks or semicolons between them.

    `count` and `limits` are the least and the most that is allowed, of numbers and of each value.
    Raises UserError: its text is a sentence, and names the `example`.
    """
    words = text.replace(";", " ").replace(", ", " ").split()
    fewest, most = count
    if not fewest <= len(words) <= most:
        wanted = f"{fewest} to {most} numbers" if fewest < most else _counted(fewest)
        raise UserError(f"Write {wanted}, like {example}; there are {len(words)} here.")
    numbers = []
    for word in words:
        try:
            node = parse(word)
        except UserError:
            raise UserError(f"{word[:24]!r} is no number. Write it like {example}.") from None
        numbers.append(compute(node))
    low, high = limits
    for word, number in zip(words, numbers, strict=True):
        if not low <= number <= high:
            raise UserError(f"{word[:24]} cannot be used here. Stay from {low:g} to {high:g}.")
    return tuple(numbers)


def _counted(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"
