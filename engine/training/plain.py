"""Reading what was stored: a file that was damaged or forged gives an error, never nonsense.

Every function returns its argument where it is what it should be, and raises ValueError or
TypeError where it is not. Reading may raise any of `NOT_WHOLE`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.training.snapshot import Change, Curve, EpochMetrics, Processes, Setting

NOT_WHOLE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
    MemoryError,
)  # fmt: skip
"""What reading JSON may raise that is not what it should be, or is too deep or too large."""
LONGEST, LARGEST = 10_000, 2**53
"""Characters of a text; the largest whole number, which a float still holds exactly."""
YEARS = range(2, 9999)
"""Neither the first nor the last of the calendar."""
MOST_BYTES = 50_000_000
"""Of a text file that is read as a whole."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters, which a terminal would obey, but for the end of a line."""


class NotPlain(OSError):  # noqa: N818 - says what is wrong
    """A path leads to a pipe, a device or a folder, or to a file of absurd size."""


def read_plain(path: Path) -> str:
    """The text of an ordinary file; raises OSError, and UnicodeDecodeError."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise NotPlain(f"{path} is no ordinary file")
    return path.read_text(encoding="utf-8")


def text(value: object) -> str:
    """A text that can be displayed."""
    if not isinstance(value, str) or len(value) > LONGEST or _CONTROL.search(value):
        raise ValueError("no text")
    return value


def moment(value: str) -> str:
    """A date with its time, as in ISO 8601, for which every zone has one, and a later one."""
    if datetime.fromisoformat(value).year not in YEARS:
        raise ValueError("no moment that a clock shows")
    return value


def whole(value: object, least: int = 0) -> int:
    """A whole number from `least` on."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise ValueError("no whole number")
    return value


def number(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no finite number")
    return float(value)


def setting(value: object) -> Setting:
    """The value of a setting: a text or a finite number."""
    if isinstance(value, str):
        return text(value)
    number(value)
    if isinstance(value, int) and abs(value) > 2**64:
        raise ValueError("too large")
    assert isinstance(value, int | float)
    return value


def settings(value: object) -> dict[str, Setting]:
    """Settings by name."""
    if not isinstance(value, Mapping):
        raise TypeError("no settings")
    return {text(name): setting(one) for name, one in value.items()}


def counters(value: object) -> dict[str, int]:
    """Whole numbers by name."""
    if not isinstance(value, Mapping):
        raise TypeError("no counters")
    return {text(name): whole(one) for name, one in value.items()}


def metrics(value: EpochMetrics) -> EpochMetrics:
    """Measurements of an epoch, each a finite number or, where that is allowed, None."""
    optional = {each.name for each in fields(value) if "None" in str(each.type)}
    for each in fields(value):
        found: Any = getattr(value, each.name)
        if each.name in ("epoch", "step"):
            whole(found)
        elif each.name == "gradient_norms":
            _ = [number(one) for one in found]
        elif found is not None or each.name not in optional:
            number(found)
    return value


def processes(value: object) -> Processes:
    """From which step on how many processes trained a run."""
    if not isinstance(value, list) or not value:
        raise ValueError("no processes")
    return tuple((whole(step), whole(count, 1)) for step, count in value)


def change(value: Change) -> Change:
    """A change of a setting."""
    whole(value.step)
    text(value.setting)
    setting(value.value)
    return value


def curve(stored: Mapping[str, list[Any]]) -> Curve:
    """The losses of a kept run; raises ValueError where steps and losses are not equally many.

    Version 0.1 kept some of the losses, or some of their means, and nothing between them.
    """
    found = Curve(
        tuple(map(int, stored["steps"])),
        tuple(map(float, stored["values"])),
        tuple(stored.get("lows", ())),
        tuple(stored.get("highs", ())),
        tuple(stored.get("counts", ())),
        tuple((int(step), str(name)) for step, name in stored.get("not_finite", ())),
    )
    others = (found.values, found.lows or found.values, found.highs or found.values)
    if any(len(other) != len(found.steps) for other in (*others, found.counts or found.steps)):
        raise ValueError("steps without losses")
    return found
