r"""Which command draws which sign.

Every sign is one cell wide and lies in the Basic Multilingual Plane, where terminal fonts are
complete.
"""

from __future__ import annotations

from engine.formulas.nodes import AtomClass, Symbol

_ORDINARY = r"""
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
partial ∂ nabla ∇ top ⊤ bot ⊥ infty ∞ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅
ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ imath ı jmath ȷ angle ∠ triangle △ square □ checkmark ✓
neg ¬ lnot ¬ prime ′ degree ° flat ♭ sharp ♯
dots … ldots … dotsc … cdots ⋯ dotsb ⋯ vdots ⋮ ddots ⋱
vert | Vert ‖ backslash \ % % # # $ $ & & _ _
"""
_BINARY = r"""
pm ± mp ∓ times × cdot · div ÷ ast ∗ star ⋆ circ ∘ bullet • odot ⊙ oplus ⊕ ominus ⊖ otimes ⊗
oslash ⊘ cap ∩ cup ∪ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ sqcap ⊓ sqcup ⊔ uplus ⊎ dagger †
"""
_RELATION = r"""
in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅
propto ∝ le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ lt < gt > prec ≺ succ ≻
to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ mapsto ↦ Rightarrow ⇒ Leftarrow ⇐
Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ longrightarrow ⟶ longleftarrow ⟵ longmapsto ⟼
uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ hookrightarrow ↪ leadsto ⇝
perp ⊥ parallel ∥ mid | models ⊨ vdash ⊢ doteq ≐ triangleq ≜ coloneqq ≔ asymp ≍
"""
_FUNCTIONS = (
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth arg dim ker "
    "deg hom tr diag sign sgn rank softmax relu erf Pr|max min sup inf lim det gcd argmax argmin "
    "limsup liminf"
)
_LARGE = (
    "sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigvee ⋁ bigwedge ⋀"
)
_DELIMITERS = r"""
lbrace { rbrace } { { } } lbrack [ rbrack ] langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉
lvert | rvert | lVert ‖ rVert ‖ lparen ( rparen )
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    words = table.split()
    return list(zip(words[::2], words[1::2], strict=True))


def _commands() -> dict[str, Symbol]:
    found: dict[str, Symbol] = {}
    for table, kind in (
        (_ORDINARY, AtomClass.ORDINARY),
        (_BINARY, AtomClass.BINARY),
        (_RELATION, AtomClass.RELATION),
    ):
        for name, sign in _pairs(table):
            found["\\" + name] = Symbol(sign, kind)
    plain, with_limits = _FUNCTIONS.split("|")
    for names, limits in ((plain, False), (with_limits, True)):
        for name in names.split():
            shown = {"limsup": "lim sup", "liminf": "lim inf"}.get(name, name)
            shown = {"argmax": "arg max", "argmin": "arg min"}.get(name, shown)
            found["\\" + name] = Symbol(shown, AtomClass.FUNCTION, limits)
    for name, sign in _pairs(_LARGE):
        found["\\" + name] = Symbol(sign, AtomClass.LARGE, True)
    for name, sign in (("int", "∫"), ("iint", "∬"), ("oint", "∮")):
        found["\\" + name] = Symbol(sign, AtomClass.LARGE)
    for index, (name, sign) in enumerate(_pairs(_DELIMITERS)):
        kind = AtomClass.CLOSE if index % 2 else AtomClass.OPEN
        found["\\" + name] = Symbol(sign, kind)
    found["\\colon"] = Symbol(":", AtomClass.PUNCTUATION)
    found["\\|"] = Symbol("‖")
    return found


COMMANDS = _commands()
"""Commands that draw one sign, with their backslash."""

NEGATED = {"=": "≠", "∈": "∉", "≡": "≢", "⊂": "⊄", "⊆": "⊈", "∼": "≁", "≈": "≉", "∃": "∄"}
NEGATED |= {"<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "|": "∤", "∥": "∦", "∋": "∌", "→": "↛"}
r"""What \not makes of a sign."""

SPACES = {"\\,": 1, "\\:": 1, "\\>": 1, "\\;": 1, "\\ ": 1, "~": 1, "\\quad": 3, "\\qquad": 6}
SPACES |= {"\\!": -1, "\\enspace": 1, "\\thinspace": 1}
"""Blank cells of each spacing command."""

ACCENTS = {
    "\\hat": "hat",
    "\\widehat": "hat",
    "\\bar": "bar",
    "\\overline": "line",
    "\\tilde": "tilde",
    "\\widetilde": "tilde",
    "\\vec": "vec",
    "\\dot": "dot",
    "\\ddot": "ddot",
}

DOUBLE_STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
CALLIGRAPHIC = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))

DELIMITERS = {".": "", "<": "⟨", ">": "⟩", "(": "(", ")": ")", "[": "[", "]": "]", "|": "|"}
DELIMITERS |= {"/": "/", "\\vert": "|", "\\Vert": "‖", "\\|": "‖", "\\backslash": "\\"}
DELIMITERS |= {"\\" + name: sign for name, sign in _pairs(_DELIMITERS)}
r"""What may follow \left, \right, \middle and \big."""

ENVIRONMENTS = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "array": ("", ""),
    "cases": ("{", ""),
    "aligned": ("", ""),
    "align": ("", ""),
    "align*": ("", ""),
    "split": ("", ""),
    "gathered": ("", ""),
}
"""Environments with their delimiters."""


def _characters() -> dict[str, Symbol]:
    kinds = {
        "+": AtomClass.BINARY,
        "=<>:": AtomClass.RELATION,
        "([": AtomClass.OPEN,
        ")]!?": AtomClass.CLOSE,
        ",;": AtomClass.PUNCTUATION,
        '/|."@½¼¾ŷ': AtomClass.ORDINARY,
    }
    found = {sign: Symbol(sign, kind) for signs, kind in kinds.items() for sign in signs}
    found["-"] = found["−"] = Symbol("−", AtomClass.BINARY)
    found["*"] = Symbol("∗", AtomClass.BINARY)
    for symbol in COMMANDS.values():
        if len(symbol.text) == 1 and not symbol.text.isascii():
            found.setdefault(symbol.text, symbol)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return found | {sign: Symbol(sign) for sign in letters}


CHARACTERS = _characters()
"""Characters that may be written in a formula as they are."""
