"""Read numbers as people write them and as programs print them.

A text may have two readings: `1,234` is a thousand and more to some, and one and a bit to others.
What it says is then up to the question that was asked.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace

from engine.expressions import MAX_LENGTH, ExpressionError, evaluate
from engine.language import _
from lessons.judge.units import Unit, unit_called


@dataclass(frozen=True, slots=True)
class Reading:
    """One number that a text may stand for."""

    value: float
    digits: int | None = None
    """How many significant digits were written; None where the value was computed."""
    step: float = 0.0
    """One unit of the last digit that was written; 0 where the value was computed."""
    percent: bool = False
    """Whether a per cent sign stood behind it; the value is the fraction then."""
    unit: Unit | None = None
    """The unit behind it; the value is in its base unit then."""
    word: str = ""
    """A word behind it that is no unit known here, such as `batches`."""

    def rounds_to(self, value: float) -> bool:
        """Whether `value`, rounded to as many places as were written, is this number."""
        return bool(self.step) and abs(value - self.value) <= self.step / 2 * (1 + 1e-9)

    def without_zeros(self) -> Reading:
        """A whole number taken as rounded to its last digit that is not 0: 30 has one digit."""
        if self.step != 1 or not self.value:
            return self
        written = f"{round(abs(self.value)):d}"
        zeros = len(written) - len(written.rstrip("0"))
        digits = max((self.digits or 0) - zeros, 1)
        return replace(self, digits=digits, step=10.0**zeros)

    def scaled(self, factor: float) -> Reading:
        """The same reading measured in another unit."""
        return Reading(
            self.value * factor, self.digits, self.step * abs(factor), self.percent, self.unit,
            self.word,
        )  # fmt: skip


_PLAIN = re.compile(r"[-+]?(?:(?P<whole>\d+)\.?(?P<places>\d*)|\.\d+)(?:[eE](?P<power>[-+]?\d+))?")
_POWER_OF_TEN = re.compile(r"(?P<mantissa>[-+]?[\d.]+)\*10(?:\^|\*\*)\(?(?P<power>[-+]?\d+)\)?")
_BARE_POWER = re.compile(r"(?P<sign>[-+]?)10(?:\^|\*\*)\(?(?P<power>[-+]?\d+)\)?")
_WORDS = re.compile(r"[A-Za-zµμ/]+(?: [A-Za-z]+){0,3}")
_SPACES = "\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{HAIR SPACE}"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}", "-"),
        **dict.fromkeys("×·⋅∙⨯∗", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        "\N{SQUARE ROOT}": "sqrt",
        "π": " pi ",
        "σ": "sigmoid",
        "’": "'",
        "₂": "2",
    }
)
_POWERS = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)), "⁻": "-", "⁺": "+"}
_RAISED = re.compile(f"[{''.join(_POWERS)}]+")
_VULGAR = re.compile(r"(?P<whole>\d*) ?(?P<part>[¼½¾⅐-⅞])")
_MIXED = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d+) (?P<part>\d+ ?/ ?\d+)")
_PRINTED = re.compile(
    r"(?:(?:torch|np|numpy|math|jnp)\.)?(?:tensor|array|float(?:16|32|64)?|int(?:32|64)?)"
    r"\((?P<inside>.*)\)(?:\.item\(\))?",
    re.DOTALL,
)
_KEYWORDS = re.compile(r",\s*[a-z_]+\s*=.*", re.DOTALL)
_SAID = re.compile(r"^(?:(?:i think|i guess|it is|it's|it’s|is)\s+)+", re.I)
_ABOUT = re.compile(
    r"^(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|大约|约|~|≈|=)\s*", re.I
)
_REMARK = re.compile(
    r"\s*(?:\((?:approx(?:imately|\.)?|rounded|about|ca\.?|circa)\)"
    r"|(?<=\d) approx(?:imately|\.)?)$",
    re.I,
)
_SIGN_WORD = re.compile(r"^(?:(?P<minus>(?:minus|negative)\s+|负\s*)|(?:plus|positive)\s+)", re.I)
_ARROW = re.compile(r"->|→|⟶")
_FUNCTION_BARE = re.compile(
    r"\b(?P<name>ln|log|exp|sqrt|sigmoid|tanh)\s*(?P<number>-?\d+(?:\.\d+)?|pi\b|e\b)(?!\w)"
)
_LOG_OF_BASE = re.compile(r"\blog_?(?P<base>2|10)\s*\(")
_NO_SIGN_BETWEEN = re.compile(
    r"(?<![\w.])(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*"
    r"(?=(?:pi|sqrt|ln|log|exp)(?![A-Za-z])|e\s*(?:\^|\*\*))"
)
"""A number that is multiplied with what stands behind it: `2 ln 2`, `9e^-5`."""
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "tenth": 1 / 10}
_ENDLESS = {"inf": math.inf, "infinity": math.inf, "∞": math.inf, "nan": math.nan}
_TIMES_WORD = {"thousand": 1e3, "million": 1e6}


def read_number(text: str) -> float:
    """What a learner wrote, as a number; a doubtful comma is a decimal one.

    Reads `0.0822`, `8.22e-2`, `1/12`, `sigmoid(0.3775)`, `0,5`, `60 000` and what `readings` reads.
    Raises ExpressionError with a sentence where it cannot be read or computed.
    """
    return readings(text)[-1].value


def readings(text: str) -> tuple[Reading, ...]:
    """Every number that `text` may stand for: one, or two where a comma may mean two things.

    Raises ExpressionError with a sentence where it cannot be read or computed.
    """
    if len(text) > MAX_LENGTH:
        evaluate(text)  # says that it is too long
    plain = _plain(text)
    word = plain.lower().removeprefix("a ").removeprefix("one ")
    if word in _PARTS:
        return (Reading(_PARTS[word]),)
    if word.lstrip("+-") in _ENDLESS:
        value = _ENDLESS[word.lstrip("+-")]
        return (Reading(-value if word.startswith("-") else value),)
    if word in _SMALL:
        return (_literal(str(_SMALL.index(word))),)
    number, percent, unit, tail = _tail(plain)
    factor = 0.01 if percent else unit.size if unit else 1.0
    factor *= _TIMES_WORD.get(tail.lower(), 1.0)
    found = []
    for candidate in _without_grouping(number):
        reading = _literal(candidate)
        if factor != 1.0:
            reading = reading.scaled(factor)
        found.append(Reading(reading.value, reading.digits, reading.step, percent, unit, tail))
    return tuple(found)


def near(given: float, wanted: float, tolerance: float) -> bool:
    """Whether two numbers agree relative to the wanted one; where that is 0, to six places."""
    if abs(wanted) < 1e-12:
        return abs(given) <= 1e-6
    return abs(given - wanted) <= tolerance * abs(wanted)


def _plain(text: str) -> str:
    """The text with one spelling for each sign, without what stands around the number."""
    plain = text.strip().strip("`$\"'").strip()
    plain = _VULGAR.sub(_vulgar, plain)
    plain = _RAISED.sub(lambda raised: f"^({_lowered(raised.group())})", plain)
    plain = unicodedata.normalize("NFKC", plain.translate(_SIGNS)).translate(_SIGNS)
    plain = _without_latex(plain).strip()
    plain = re.sub(r"(?<=[\d.)])\s*[?。]+$", "", plain)
    plain = _REMARK.sub("", plain)
    plain = _value_side(_ARROW.sub("=", plain))
    plain = _ABOUT.sub("", _SAID.sub("", plain)).strip()
    plain = _SIGN_WORD.sub(lambda said: "-" if said["minus"] else "", plain)
    plain = _printed(plain)
    if re.search(r"\d\s*(?:\.{3}|…)$", plain):
        plain = plain.rstrip(".… ")
    if re.search(r"\d[.,;]$", plain):
        plain = plain[:-1]
    return plain.strip()


def _vulgar(found: re.Match[str]) -> str:
    part = unicodedata.normalize("NFKC", found["part"]).replace("\N{FRACTION SLASH}", "/")
    return f"({found['whole']}+{part})" if found["whole"] else f"({part})"


def _lowered(raised: str) -> str:
    return "".join(_POWERS[sign] for sign in raised)


def _without_latex(text: str) -> str:
    if "\\" not in text and "{" not in text:
        return text
    text = _LATEX_FRACTION.sub(r"((\1)/(\2))", text)
    text = re.sub(r"\\(?:cdot|times)\b", "*", text)
    text = re.sub(r"\\[,;! ]|\\(?:left|right)\b", "", text)
    return text.replace("\\", "").replace("{,}", ",").replace("{", "(").replace("}", ")")


def _value_side(text: str) -> str:
    """What stands behind the last `=`: `x = 0.3775`, `= 0.3775`, `loss: 0.37`, `2·3 = 6`."""
    if _PRINTED.fullmatch(text):
        return text
    sides = re.split(r"={1,2}|[≈≃≅]", text)
    if len(sides) > 1 and sides[-1].strip():
        return sides[-1].strip()
    label = re.fullmatch(r"[A-Za-z][\w ⁺+^()∂/]*:\s*(?P<value>.+)", text)
    return label["value"] if label else text


def _printed(text: str) -> str:
    """What is inside of `tensor(0.3775, grad_fn=…)`, `array([0.3775])`, `[0.3775]`."""
    while True:
        found = _PRINTED.fullmatch(text)
        inside = _KEYWORDS.sub("", found["inside"]).strip() if found else text
        if inside[:1] == "[" and inside[-1:] == "]":
            inside = inside[1:-1].strip()
        if inside == text:
            return text
        text = inside


def _tail(text: str) -> tuple[str, bool, Unit | None, str]:
    """The number, whether it is per cent, its unit, and any other word behind it."""
    for ending in (" per cent", " percent", "percent", "%"):
        if text.lower().endswith(ending):
            return text[: -len(ending)].strip(), True, None, ""
    found = re.fullmatch(r"(?P<number>.*[\d.)])\s*(?P<word>[A-Za-zµμ][A-Za-zµμ/ -]*)", text)
    if found is None:
        return text, False, None, ""
    number, word = found["number"].strip(), found["word"].strip()
    if re.search(r"[\d.]$", number) and re.fullmatch(r"[eExX]", word):
        return text, False, None, ""
    unit = unit_called(word)
    if unit is not None:
        return number, False, unit, ""
    if word in ("e", "pi"):
        return text, False, None, ""
    if word == "k" and not re.search(r"\s", found.group()):
        return number, False, None, "thousand"
    return (number, False, None, word) if len(word) > 1 else (text, False, None, "")


_SPACED = re.compile(r"[-+]?\d{1,3}(?:[ '_]\d{3})+(?:[.,]\d*)?")
_UNDERSCORED = re.compile(r"[-+]?\d+(?:_\d+)+(?:\.\d*)?")
_ENGLISH = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_CONTINENTAL = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d*|[-+]?\d{1,3}(?:\.\d{3}){2,}")
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
"""Grouped or with a decimal comma: nobody can tell."""


def _without_grouping(text: str) -> list[str]:
    """The number without what groups its digits, with a decimal point; two where it is unclear."""
    if _SPACED.fullmatch(text) or _UNDERSCORED.fullmatch(text):
        return [re.sub("[ '_]", "", text).replace(",", ".")]
    if _EITHER.fullmatch(text):
        return [text.replace(",", ""), text.replace(",", ".")]
    if _ENGLISH.fullmatch(text) and not text.lstrip("+-").startswith("0"):
        return [text.replace(",", "")]
    if _CONTINENTAL.fullmatch(text):
        return [text.replace(".", "").replace(",", ".")]
    if _DECIMAL_COMMA.fullmatch(text):
        return [text.replace(",", ".")]
    return [text]


def _literal(text: str) -> Reading:
    """A number with its digits, or the value of an expression."""
    plain = text.replace(" ", "") if re.search(r"[*^]", text) else text
    found = _PLAIN.fullmatch(plain)
    if found:
        return _written(plain, plain, int(found["power"] or 0))
    if times := _POWER_OF_TEN.fullmatch(re.sub(r"(?<=[\d.])[xX](?=10\b)", "*", plain)):
        mantissa, power = times["mantissa"], int(times["power"])
        if _PLAIN.fullmatch(mantissa) and abs(power) < 400:
            return _written(f"{mantissa}e{power}", mantissa, power)
    if (bare := _BARE_POWER.fullmatch(plain)) and abs(int(bare["power"])) < 400:
        return Reading(float(f"{bare['sign']}1e{bare['power']}"))
    return Reading(evaluate(_expression(text)))


def _written(number: str, shown: str, power: int) -> Reading:
    value = float(number)
    if abs(value) == float("inf"):
        raise ExpressionError(_("That number is too large to be held. Use smaller ones."))
    mantissa = re.split("[eE]", shown)[0]
    places = len(mantissa.partition(".")[2])
    digits = len(mantissa.replace(".", "").lstrip("-+0"))
    return Reading(value, digits, 10.0 ** max(min(power - places, 300), -300))


def _expression(text: str) -> str:
    """The expression as the evaluator reads it: `ln 2`, `√2`, `log2(8)`, `1 1/2`, `np.log(2)`."""
    text = re.sub(r"\b(?:np|numpy|math|torch)\.", "", text)
    text = _MIXED.sub(r"\g<sign>(\g<whole>+\g<part>)", text)
    text = re.sub(r"(?<=[\d.])\s*[xX]\s*(?=[\d.(])", "*", text)
    text = re.sub(r"\blog_?(2|10)\s+(\d+(?:\.\d+)?)", r"log\1(\2)", text)
    text = _NO_SIGN_BETWEEN.sub(r"\g<number>*", text)
    text = _LOG_OF_BASE.sub(r"(1/ln(\g<base>))*ln(", text)
    return _FUNCTION_BARE.sub(r"\g<name>(\g<number>)", text)
