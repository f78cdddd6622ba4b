"""Lists of numbers as learners type them into the input line of a lab."""

from __future__ import annotations

from engine.errors import UserError
from engine.expressions import compute, parse
from engine.language import _, plural


def read_numbers(
    text: str, example: str, count: tuple[int, int], limits: tuple[float, float]
) -> tuple[float, ...]:
    """Numbers or expressions such as 1/3, separated by spaces or semicolons.

    `count` holds the fewest and the most numbers allowed, `limits` the smallest and the largest
    value. Raises UserError with a sentence for learners, which may quote the `example`.
    """
    words = text.replace(";", " ").replace(", ", " ").split()
    fewest, most = count
    if not fewest <= len(words) <= most:
        wanted = (
            _("{fewest} to {most} numbers").format(fewest=fewest, most=most)
            if fewest < most
            else plural("one number", "{count} numbers", fewest)
        )
        raise UserError(
            _("Type {numbers}, for example {example}. You typed {given}.").format(
                numbers=wanted, example=example, given=len(words)
            )
        )
    numbers = []
    for word in words:
        try:
            node = parse(word)
        except UserError:
            raise UserError(
                _("{word} is not a number. Type something like {example}.").format(
                    word=repr(word[:24]), example=example
                )
            ) from None
        numbers.append(compute(node))
    low, high = limits
    for word, number in zip(words, numbers, strict=True):
        if not low <= number <= high:
            raise UserError(
                _("{word} is out of range. Use numbers from {low} to {high}.").format(
                    word=word[:24], low=f"{low:g}", high=f"{high:g}"
                )
            )
    return tuple(numbers)
