"""Computed numbers, formatted with as many digits as the lesson writes."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-−]?\d[\d ]*(?:\.(?P<digits>\d+))?(?P<exponent>e[-−+]?\d+)?", re.IGNORECASE)


def formatted(written: str, value: float) -> str:
    """`value` with the digits of `written`: `0.29837` → five decimals, `3.5e-5` → an exponent.

    A value that is rounded to zero has no sign, which would depend on how a processor rounds.
    Raises ValueError if `written` is not a number.
    """
    found = _NUMBER.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is not a number.")
    digits = len(found["digits"] or "")
    if found["exponent"]:
        mantissa, _, exponent = f"{value:z.{digits}e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{value:z,.{digits}f}".replace(",", " " if " " in written.strip() else "")
    return text.replace("-", "\N{MINUS SIGN}")


def is_number(written: str) -> bool:
    """Whether a text is a number as lessons write them."""
    return _NUMBER.fullmatch(written.strip()) is not None


def agrees(written: str, value: float) -> bool:
    """Whether the digits in the lesson are those of the computed value."""
    return formatted(written, value) == written.strip().replace("-", "\N{MINUS SIGN}")


def parse(written: str) -> tuple[float, float]:
    """A written number and half a unit of its last digit: `0.25` → 0.25 and 0.005."""
    plain = written.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ValueError(f"{written!r} is not a number.")
    exponent = int((found["exponent"] or "e0")[1:])
    half_unit: float = 0.5 * 10.0 ** (exponent - len(found["digits"] or ""))
    return float(plain), half_unit
