"""What the numbers of a small network are called, as plain text and as LaTeX.

Inputs are x1, x2, …; outputs o1, o2, …. The units of the first hidden layer are h1, h2, …; of
the second k1, k2, …; of the third m1, m2, … (letters that exist as small subscripts). Weights
are numbered from w1 through the whole network, layer by layer and row by row of the receiving
unit: w1 and w2 lead into h1, w3 and w4 into h2. A bias is named after its unit (b_h1), or after
its layer (b1, b2) where the units of a layer share one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from engine.language import _

_HIDDEN_LETTERS = "hkm"


@dataclass(frozen=True, slots=True)
class Names:
    """Names for a network of the given widths. Layer 0 is the input; indices count from 0."""

    widths: tuple[int, ...]
    shared_bias: bool = False

    def unit(self, layer: int, i: int) -> str:
        """x1, h2, o1: unit `i` of layer `layer`."""
        if layer == 0:
            return f"x{i + 1}"
        if layer == len(self.widths) - 1:
            return f"o{i + 1}"
        if len(self.widths) - 2 <= len(_HIDDEN_LETTERS):
            return f"{_HIDDEN_LETTERS[layer - 1]}{i + 1}"
        return f"h{layer}_{i + 1}"

    def z(self, layer: int, i: int) -> str:
        """The weighted input of a unit: z_h1."""
        return f"z_{self.unit(layer, i)}"

    def out(self, layer: int, i: int) -> str:
        """The output of a unit: out_h1; of an input unit x1 itself."""
        return self.unit(layer, i) if layer == 0 else f"out_{self.unit(layer, i)}"

    def delta(self, layer: int, i: int) -> str:
        """∂E/∂z of a unit: δ_h1."""
        return f"δ_{self.unit(layer, i)}"

    def target(self, i: int) -> str:
        """The target of output unit `i`: target_o1."""
        return f"target_{self.unit(len(self.widths) - 1, i)}"

    def loss(self, i: int) -> str:
        """The part of the loss that output unit `i` contributes: E_o1."""
        return f"E_{self.unit(len(self.widths) - 1, i)}"

    def weight(self, matrix: int, i: int, j: int) -> str:
        """The weight from unit `j` of layer `matrix` into unit `i` of the next layer: w5."""
        pairs = itertools.pairwise(self.widths)
        before = sum(fan_in * fan_out for fan_in, fan_out in itertools.islice(pairs, matrix))
        return f"w{before + i * self.widths[matrix] + j + 1}"

    def bias(self, matrix: int, i: int) -> str:
        """The bias of unit `i` of layer `matrix` + 1: b_h1, or b1 where the layer shares it."""
        return f"b{matrix + 1}" if self.shared_bias else f"b_{self.unit(matrix + 1, i)}"


def latex_name(symbol: str) -> str:
    """The LaTeX of a name: `out_h1` gives `\\mathrm{out}_{h1}`, `∂E/∂w5` a fraction."""
    if symbol.startswith("∂") and "/∂" in symbol:
        above, below = symbol[1:].split("/∂")
        return rf"\frac{{\partial {latex_name(above)}}}{{\partial {latex_name(below)}}}"
    if symbol.endswith("⁺"):
        return rf"{latex_name(symbol[:-1])}^{{+}}"
    head, _mark, rest = symbol.partition("_")
    if rest:
        return rf"{_latex_head(head)}_{{{rest.replace('_', ',')}}}"
    return _with_index(head)


def _latex_head(head: str) -> str:
    if head == "δ":
        return r"\delta"
    return rf"\mathrm{{{head}}}" if len(head) > 1 and head.isalpha() else _with_index(head)


def _with_index(name: str) -> str:
    """`w12` gives `w_{12}`."""
    if name == "η":
        return r"\eta"
    letters = name.rstrip("0123456789")
    index = name[len(letters) :]
    return rf"{letters}_{{{index}}}" if index else letters


class Shown(float):
    """A number that is formatted as formulas have it: `−1.1e−16`, `2.7e3`.

    The minus sign is no hyphen, and an exponent has no needless signs and zeros. A width in the
    format would count those, too: pad the text afterwards.
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        mantissa, mark, exponent = super().__format__(spec).partition("e")
        shown = f"{mantissa}e{int(exponent)}" if mark else mantissa
        return shown.replace("-", "−")


def typed(text: str) -> str:
    """A number that was copied from where it is shown, `−1e−6`, as Python reads it: `-1e-6`."""
    return text.replace("−", "-")


def count_of(text: str) -> int:
    """The whole number from 1 on that was typed; 0 where it is none.

    Python refuses to read thousands of digits, and nothing is counted that far: 10**400 stands for
    all that is more.
    """
    digits = text.strip()
    if not digits.isdecimal():
        return 0
    return int(digits) if len(digits) <= 400 else 10**400


def number_text(value: float) -> str:
    """A number with nine significant digits; a negative one carries the sign −, not a hyphen."""
    return f"{Shown(value + 0.0):.9g}"  # −0.0 becomes 0


def factor_text(value: float) -> str:
    """A number as it is written in a formula: in brackets where it begins with a minus sign."""
    shown = number_text(value)
    return f"({shown})" if shown.startswith("−") else shown


def join_names(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def compact_text(value: float, width: int) -> str:
    """A number in at most `width` characters (6 or more), as exactly as they allow."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 10 ** (width - 1):
        for digits in range(width - 2, -1, -1):
            shown = f"{value:.{digits}f}".replace("-", "−")
            if "." in shown:
                shown = shown.rstrip("0").rstrip(".")
            if len(shown) <= width:
                return shown
    for digits in range(width - 4, -1, -1):
        shown = f"{Shown(value):.{digits}e}"
        if len(shown) <= width:
            return shown
    return f"{Shown(value):.0e}"
