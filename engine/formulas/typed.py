r"""Formulas as people type them, as LaTeX: `W_ij^(l) * sigma'(z_i)`, `sum_j δⱼ Wⱼᵢ`, `e^(-z)/2`.

LaTeX itself may be typed as well. A text may have two readings, as `x^(2)` has: a layer or a power.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.formulas.notation import Notation
from engine.formulas.symbols import COMMANDS

MOST_CHARACTERS = 400
"""No line of the course comes near; what is longer was pasted by mistake."""
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿˡᵗᵏᵐʲˢᵃᵇᶜᵈᵉ", "0123456789+-=()inltkmjsabcde", strict=True))
_LOWERED = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True)
)
_SIGNS = {
    "−": "-", "–": "-", "*": r" \cdot ", "×": r" \cdot ", "′": "'", "’": "'", "½": r"\frac12",
    "¼": r"\frac14", "ᵀ": r"^\top", "Σ": r"\sum", "^⊤": r"^\top", "ŷ": r"\hat y",
}  # fmt: skip
_WORDS = {
    "sqrt": r"\sqrt", "T": "T", "yhat": r"\hat y", "frac": r"\frac", "top": r"\top", "hat": r"\hat",
    "mathbf": r"\mathbf", "mathrm": r"\mathrm", "sigmoid": r"\sigma", "half": r"\frac12",
    "lambda": r"\lambda", "left": r"\left", "right": r"\right",
}  # fmt: skip


def readings(text: str, notation: Notation) -> tuple[str, ...]:
    """The LaTeX that a typed formula may stand for, the likeliest first; () for an empty text."""
    text = text.strip().strip("$").strip()
    if not text or len(text) > MOST_CHARACTERS:
        return ()
    found = [text] if "\\" in text or "{" in text else []
    plain = _spelled(_scripts(text), notation)
    found += [_braced(plain, keep=True), _braced(plain, keep=False), text]
    return tuple(dict.fromkeys(found))


def _scripts(text: str) -> str:
    """Small letters and other signs, as LaTeX spells them."""
    text = text.replace("^*", r"^\ast")  # the best one, w*, and no product
    for sign, latex in _SIGNS.items():
        text = text.replace(sign, latex)
    for table, mark in ((_RAISED, "^"), (_LOWERED, "_")):
        signs = re.escape("".join(table))

        def spelled(run: re.Match[str], table: dict[str, str] = table, mark: str = mark) -> str:
            return f"{mark}{{{''.join(table[sign] for sign in run[0])}}}"

        text = re.sub(f"[{signs}]+", spelled, text)
    return text


def _spelled(text: str, notation: Notation) -> str:
    """Words as commands, and names of several letters as the notation writes them."""
    names = dict(_names(notation))

    def word(found: re.Match[str]) -> str:
        name = found[0]
        if name in names:
            return names[name]
        if name in _WORDS and name != "T":
            return _WORDS[name] + " "
        return rf"\{name} " if rf"\{name}" in COMMANDS else name

    if names:
        listed = sorted(map(re.escape, names), key=len, reverse=True)
        text = re.sub(rf"(?<![\\A-Za-z{{])(?:{'|'.join(listed)})(?![A-Za-z0-9])", word, text)
    text = re.sub(r"(?<![\\A-Za-z{])[A-Za-z]{2,}", word, text)
    return re.sub(r"\^\{?T\}?(?![A-Za-z])", r"^\\top ", text) if "T" not in notation.keys else text


def _names(notation: Notation) -> Iterator[tuple[str, str]]:
    r"""Names of several letters, as they are typed: `fc1` is \mathrm{fc}_1."""
    for declaration in notation.declarations:
        latex = declaration.head.latex.split("(")[0].split("^{(")[0]
        if found := re.fullmatch(r"\\(?:mathrm|text|operatorname)\{([A-Za-z]+)\}(?:_\{?(\w+)\}?)?",
                                 latex.strip()):  # fmt: skip
            name, index = found[1], found[2] or ""
            yield name + index, latex
            if index:
                yield f"{name}_{index}", latex


def _braced(text: str, *, keep: bool) -> str:
    """Scripts and roots in braces; brackets round an exponent stay for a layer, if `keep`."""
    text = re.sub(r"_([A-Za-z0-9]{2,})", r"_{\1}", text)
    text = re.sub(r"\^(-?\d{2,}|-[A-Za-z0-9]|\+)", r"^{\1}", text)
    text = _enclosed(text, r"\\sqrt\s*\(", r"\sqrt{", "}")
    text = _enclosed(text, r"(?<![A-Za-z])e\s*\^\s*\(", "e^{", "}")
    text = _enclosed(text, r"\^\s*\(", "^{(" if keep else "^{", ")}" if keep else "}")
    name = r"(?:\\mathrm\{\w+\}|\\?[A-Za-z]+|[^\W\d_])(?:_\{\w+\}|_\w)?(?:\^\{\([^)]*\)\})?"
    sign = r"(?:\\partial\s*|∂|(?<![A-Za-z\\])d)"
    return re.sub(
        rf"({sign})\s*({name})?\s*/\s*({sign})\s*({name})",
        lambda f: rf"\frac{{{_sign(f[1])} {f[2] or ''}}}{{{_sign(f[3])} {f[4]}}}",
        text,
    )


def _sign(sign: str) -> str:
    return "d" if sign.strip() == "d" else r"\partial"


def _enclosed(text: str, opening: str, before: str, after: str) -> str:
    """What stands in brackets after `opening`, between `before` and `after` instead."""
    at = 0
    while found := re.compile(opening).search(text, at):
        depth, end = 1, found.end()
        while end < len(text) and depth:
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        if depth:
            return text
        text = f"{text[: found.start()]}{before}{text[found.end() : end - 1]}{after}{text[end:]}"
        at = found.start() + len(before)
    return text
