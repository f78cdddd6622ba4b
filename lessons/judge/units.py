"""Units that answers may carry: bytes with their SI and binary multiples, and time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, measured in the base unit of its kind."""

    name: str
    kind: str
    """What it measures: `bytes`, `bits` or `time`."""
    size: float
    """In bytes, bits or seconds."""


_SI = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_WORDS = {"": "", "kilo": "k", "mega": "M", "giga": "G", "tera": "T"}
_UNITS = {
    **{f"{sign}B": Unit(f"{sign}B", "bytes", size) for sign, size in (_SI | _BINARY).items()},
    **{
        f"{word}byte{plural}": Unit(f"{sign}B", "bytes", _SI[sign])
        for word, sign in _WORDS.items()
        for plural in ("", "s")
    },
    **{f"{sign}bit": Unit(f"{sign}bit", "bits", size) for sign, size in (_SI | _BINARY).items()},
    "bits": Unit("bit", "bits", 1.0),
    "s": Unit("s", "time", 1.0),
    "sec": Unit("s", "time", 1.0),
    "second": Unit("s", "time", 1.0),
    "seconds": Unit("s", "time", 1.0),
    "ms": Unit("ms", "time", 1e-3),
    "µs": Unit("µs", "time", 1e-6),
    "us": Unit("µs", "time", 1e-6),
    "ns": Unit("ns", "time", 1e-9),
    "min": Unit("min", "time", 60.0),
    "minutes": Unit("min", "time", 60.0),
    "h": Unit("h", "time", 3600.0),
    "hours": Unit("h", "time", 3600.0),
}


def unit_called(word: str) -> Unit | None:
    """The unit of this name, `MB`, `kB`, `Mebibyte`…; None for any other word."""
    word = word.replace("\N{GREEK SMALL LETTER MU}", "µ")
    found = _UNITS.get(word) or _UNITS.get(word.lower())
    if found is None and word[:-1] in _SI and word[-1:] == "b":
        return None  # `Mb` may be bits or bytes
    return found or _UNITS.get(word[:-1].upper() + "B" if word.lower() in ("mb", "gb") else "")
