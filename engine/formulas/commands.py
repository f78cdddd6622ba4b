"""Commands that take arguments, sorted by what the parser does with them."""

from __future__ import annotations

from engine.formulas.nodes import AtomClass
from engine.formulas.roles import PLAIN, Role
from engine.formulas.symbols import ACCENTS, SPACES

CLOSING = {
    "{": "add }",
    "[": "add ]",
    "\\left": "add \\right with a delimiter or a dot",
    "\\begin": "add its \\end",
    "\\substack": "add }",
}
COLOR_ROLES = {role.value: role for role in Role}
FRACTIONS = {"\\frac": (False, False), "\\tfrac": (True, False), "\\dfrac": (False, True)}
_BIG = {"big": 1, "Big": 3, "bigg": 3, "Bigg": 5}
BIG_FENCES = {
    "\\" + size + side: (height, kind)
    for size, height in _BIG.items()
    for side, kind in (
        ("", AtomClass.ORDINARY),
        ("l", AtomClass.OPEN),
        ("r", AtomClass.CLOSE),
        ("m", AtomClass.RELATION),
    )
}
SIDES = dict.fromkeys("([{⟨⌊⌈", AtomClass.OPEN) | dict.fromkeys(")]}⟩⌋⌉", AtomClass.CLOSE)
TEXTS = {"\\text": PLAIN, "\\textrm": PLAIN, "\\mbox": PLAIN, "\\textbf": frozenset({Role.BOLD})}
UPRIGHT = {"\\mathrm", "\\mathit", "\\mathsf", "\\mathtt", "\\mathnormal"}
BOLD = {"\\mathbf", "\\boldsymbol", "\\bm"}
STRUCTURES = {
    *FRACTIONS, *BIG_FENCES, *TEXTS, *UPRIGHT, *BOLD, *ACCENTS, *SPACES,
    "\\sqrt", "\\left", "\\right", "\\middle", "\\begin", "\\end", "\\binom", "\\operatorname",
    "\\operatorname*", "\\mathbb", "\\mathcal", "\\color", "\\textcolor", "\\cancel", "\\boxed",
    "\\phantom", "\\substack", "\\stackrel", "\\overset", "\\underset", "\\underbrace",
    "\\overbrace", "\\not", "\\limits", "\\nolimits", "\\displaystyle", "\\textstyle",
    "\\define", "\\suppose", "\\num",
}  # fmt: skip
