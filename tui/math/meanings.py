r"""The colours of meaning in rows of numbers: a number that comes from a symbol has its hue.

Worked out from the LaTeX alone: `x = 3` makes every later 3 an input, `\delta = -0.21` every later
0.21 a delta. The numbers 0, 1 and 2 stand for too much else to be coloured again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.formulas.roles import Role

_NUMBER = re.compile(r"(?<![\w.\\^_])\d+(?:\.\d+)?(?![\w.])")
_RELATION = re.compile(r"=|\\approx(?![a-z])|\\le(?:q)?(?![a-z])|\\ge(?:q)?(?![a-z])|[<>]")
_APART = re.compile(r"\\q?quad(?![a-z])")
_DRESS = re.compile(r"\\(?:mathbf|mathrm|mathcal|boldsymbol|bar|tilde|left|right|,|;)(?![a-z])")
_SLOPE = re.compile(
    r"^J(?![a-z])|\\(?:partial|nabla|delta|Delta)(?![a-z])|\\frac\s*\{?\s*d(?![a-z])|'"
)
_INPUT = re.compile(r"[xX](?![a-z])")
_WEIGHT = re.compile(r"([wWb]|\\theta|\\beta)(?![a-z])")
_LOSS = re.compile(r"([yYtEL]|\\ell|\\eta)(?![a-z])")
_COMMON = frozenset({"0", "1", "2"})


def meaning(symbol: str) -> Role:
    """The hue of a symbol, or of what a row computes: by its first letter."""
    plain = _DRESS.sub("", symbol).lstrip("{( -")
    if _SLOPE.search(symbol):
        return Role.DELTA
    for pattern, role in ((_INPUT, Role.INPUT), (_WEIGHT, Role.WEIGHT), (_LOSS, Role.LOSS)):
        if pattern.match(plain):
            return role
    return Role.COMPUTED


def coloured_rows(rows: Sequence[str]) -> list[str]:
    """The LaTeX of the rows with their numbers in colour; the result of each row stands out."""
    hues: dict[str, Role | None] = {}
    return [
        "".join(
            _coloured(part, hues, is_given=not number) if not _APART.fullmatch(part) else part
            for part in re.split(rf"({_APART.pattern})", row)
        )
        for number, row in enumerate(rows)
    ]


def _coloured(chain: str, hues: dict[str, Role | None], *, is_given: bool) -> str:
    """One chain, such as `\\hat y = \\sigma(0.85) = 0.7006`; `hues` learns its result."""
    at = _top_level(chain)
    if not at:
        return _numbers(chain, hues)
    start, end = at[-1]
    left, result = chain[: at[0][0]].strip(), chain[end:]
    hue = meaning(left) if re.search("[a-zA-Z]", left) else _first(result, hues)
    body = "".join(_numbers(part, hues) for part in (chain[: at[0][0]], chain[at[0][0] : start]))
    for match in _NUMBER.finditer(result):
        number = _signed(match)
        if match[0] not in _COMMON:
            known = hues.setdefault(number, hue)
            # What is given twice stands for two things; else the first meaning stays.
            hues[number] = None if is_given and known is not hue else known
    shown = hue or Role.COMPUTED
    inner = rf"\color{{{shown.value}}}{{{result.strip()}}}"
    if not is_given:
        inner = rf"\color{{{Role.RESULT.value}}}{{{inner}}}"
    return f"{body}{chain[start:end]} {inner}"


def _first(result: str, hues: dict[str, Role | None]) -> Role | None:
    """The hue of a result that no letter says anything about: that of the same number before."""
    match = _NUMBER.search(result)
    return hues.get(_signed(match), Role.COMPUTED) if match else Role.COMPUTED


def _signed(match: re.Match[str]) -> str:
    """A number with the minus that belongs to it: that of −0.3, not that of 1 − 0.3."""
    before = match.string[: match.start()].rstrip()
    if not before.endswith("-"):
        return match[0]
    earlier = before[:-1].rstrip()
    alone = not earlier or earlier.endswith(("(", "{", "[", "=", "&", "\\\\", ","))
    return f"-{match[0]}" if alone or earlier.endswith(("\\cdot", "pmatrix}")) else match[0]


def _numbers(latex: str, hues: dict[str, Role | None]) -> str:
    """A piece of a row with the numbers coloured that stand for something."""

    shown, end = "", 0
    for match in _NUMBER.finditer(latex):
        number = _signed(match)
        hue = hues.get(number)
        if hue is None:
            continue
        # A minus that belongs to the number is a part of it; there may be blanks between them.
        start = latex.rindex("-", 0, match.start()) if number.startswith("-") else match.start()
        shown += rf"{latex[end:start]}\color{{{hue.value}}}{{{latex[start : match.end()]}}}"
        end = match.end()
    return shown + latex[end:]


def _top_level(chain: str) -> list[tuple[int, int]]:
    """Where the relations outside of all braces begin and end."""
    depth, found = 0, []
    for match in re.finditer(rf"\\[{{}}]|[{{}}]|\\begin|\\end|{_RELATION.pattern}", chain):
        if match[0] in ("{", "}"):
            depth += 1 if match[0] == "{" else -1
        elif match[0] in ("\\begin", "\\end"):
            depth += 1 if match[0] == "\\begin" else -1
        elif match[0] not in ("\\{", "\\}") and depth == 0:
            found.append(match.span())
    return found
