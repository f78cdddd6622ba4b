"""From LaTeX to a tree; what is not known raises an error, and nothing is guessed."""

from __future__ import annotations

from difflib import get_close_matches
from unicodedata import east_asian_width

from engine.formulas.commands import (
    BIG_FENCES,
    BOLD,
    COLOR_ROLES,
    FRACTIONS,
    SIDES,
    STRUCTURES,
    TEXTS,
    UPRIGHT,
)
from engine.formulas.cursor import Cursor
from engine.formulas.errors import MathSyntaxError
from engine.formulas.nodes import (
    Accent,
    AtomClass,
    Binomial,
    Boxed,
    Brace,
    Fence,
    Fenced,
    Fraction,
    Group,
    Node,
    Phantom,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Styled,
    Symbol,
    Text,
)
from engine.formulas.parser_grid import parse_grid, parse_substack
from engine.formulas.roles import Role
from engine.formulas.symbols import (
    ACCENTS,
    CALLIGRAPHIC,
    CHARACTERS,
    COMMANDS,
    DELIMITERS,
    DOUBLE_STRUCK,
    NEGATED,
    SPACES,
)
from engine.formulas.tokens import Token

MAX_DEPTH = 40
"""Groups within groups; more than any readable formula has."""

_EMPTY = Row(())
_BRACE_END = frozenset({"}"})
_FENCE_END = frozenset({"\\right", "\\middle"})


def is_letter(character: str) -> bool:
    """Whether a character is a letter that takes one cell in every terminal font."""
    return (
        character.isalpha()
        and ord(character) < 0x10000
        and east_asian_width(character) not in ("W", "F")
    )


class Parser(Cursor):
    """Reads one formula; `parse` is the way in."""

    def __init__(self, latex: str) -> None:
        super().__init__(latex)
        self.depth = 0

    def formula(self) -> Row:
        """The whole source."""
        row = self.row(frozenset({""}))
        if self.token.text:
            raise self.stray(self.token)
        return row

    def row(self, stops: frozenset[str], opening: Token | None = None) -> Row:
        """Atoms up to a token in `stops`, which is left unread.

        `opening` is the token that the stop closes; the error names it where the source ends first.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            problem = f"The formula is nested more than {MAX_DEPTH} deep: split it"
            raise self.error(problem, self.token)
        items: list[Node] = []
        spans: list[tuple[int, int]] = []
        while True:
            token = self.token
            if token.text in stops:
                break
            if token.text in ("", "}", "&", "\\\\", "\\right", "\\middle", "\\end"):
                raise self.stray(token) if opening is None else self.unclosed(opening)
            if token.text in ("\\displaystyle", "\\textstyle"):
                self.index += 1
                continue
            items.append(self.scripted())
            spans.append((token.position, self.tokens[self.index - 1].end))
        self.depth -= 1
        return Row(tuple(items), tuple(spans))

    def scripted(self) -> Node:
        """One atom with all its scripts."""
        start = self.token
        base: Node = Group(_EMPTY) if start.text in ("^", "_", "'") else self.atom()
        sub: Row | None = None
        sup: Row | None = None
        primes = 0
        while True:
            token = self.token
            if token.text == "'":
                self.index += 1
                primes += 1
            elif token.text == "_":
                self.index += 1
                if sub is not None:
                    raise self.error("Two subscripts on one base: put the base in { }", token)
                sub = self.argument("_")
            elif token.text == "^":
                self.index += 1
                if sup is not None:
                    raise self.error("Two superscripts on one base: put the base in { }", token)
                sup = self.argument("^")
                if all(isinstance(item, Symbol) and item.text == "′" for item in sup.items):
                    primes, sup = primes + len(sup.items), None
            elif token.text in ("\\limits", "\\nolimits"):
                self.index += 1
                base = self.with_limits(base, token)
            else:
                break
        if isinstance(base, Brace) and base.note is None and not primes:
            note = sup if base.over else sub
            sub, sup = (sub, None) if base.over else (None, sup)
            base = Brace(base.body, note, base.over)
        if sub is None and sup is None and not primes:
            return base
        if isinstance(base, Space):
            raise self.error("A script needs a base before it: write {} for an empty one", start)
        return Script(base, sub, sup, primes)

    def with_limits(self, base: Node, token: Token) -> Node:
        r"""The operator as \limits or \nolimits asks."""
        if isinstance(base, Symbol) and base.kind in (AtomClass.LARGE, AtomClass.FUNCTION):
            return Symbol(base.text, base.kind, token.text == "\\limits")
        raise self.error(f"{token.text} must follow an operator such as \\sum", token)

    def argument(self, command: str) -> Row:
        """What follows a command: a braced group or a single atom."""
        token = self.token
        if token.text == "{":
            self.index += 1
            body = self.row(_BRACE_END, token)
            self.index += 1
            return body
        if token.text in ("", "}", "^", "_", "&", "\\\\", "\\right", "\\end", "\\middle", "'"):
            raise self.error(f"{command} needs something after it: put it in {{ }}", token)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            problem = f"The formula is nested more than {MAX_DEPTH} deep: split it"
            raise self.error(problem, token)
        atom = self.atom()
        self.depth -= 1
        return Row((atom,), ((token.position, self.tokens[self.index - 1].end),))

    def atom(self) -> Node:
        """One sign, group or command with its arguments."""
        token = self.next()
        text = token.text
        if text[0] != "\\":
            return self.character(token)
        if text in COMMANDS:
            return COMMANDS[text]
        if text in SPACES:
            return Space(SPACES[text])
        if text in FRACTIONS:
            small, tall = FRACTIONS[text]
            return Fraction(self.argument(text), self.argument(text), small, tall)
        if text in ACCENTS:
            return Accent(ACCENTS[text], self.argument(text))
        if text in BOLD:
            return Styled(Role.BOLD, self.argument(text))
        if text in TEXTS:
            return Text(self.words(text), TEXTS[text])
        if text in UPRIGHT:
            return Styled(None, self.argument(text))
        if text in BIG_FENCES:
            height, kind = BIG_FENCES[text]
            sign = self.delimiter(text)
            if kind is AtomClass.ORDINARY and sign in SIDES:
                kind = SIDES[sign]
            return Fence(sign, height, kind)
        return self.structure(token)

    def character(self, token: Token) -> Node:
        """A sign that stands for itself, or a group."""
        text = token.text
        if text == "{":
            body = self.row(_BRACE_END, token)
            self.index += 1
            return Group(body)
        if text == "~":
            return Space(1)
        known = CHARACTERS.get(text)
        if known is not None:
            return known
        if is_letter(text):
            return Symbol(text)
        mend = "write \\% for the sign" if text == "%" else "use a command or \\text{…}"
        raise self.error(f"The character {text!r} is not known in a formula: {mend}", token)

    def structure(self, token: Token) -> Node:
        """A command with its own kind of arguments."""
        match token.text:
            case "\\left":
                return self.fenced(token)
            case "\\begin":
                return parse_grid(self, token)
            case "\\sqrt":
                return self.root()
            case "\\binom":
                return Binomial(self.argument(token.text), self.argument(token.text))
            case "\\operatorname" | "\\operatorname*":
                name = self.words(token.text).replace("\\,", " ").strip()
                return Symbol(name, AtomClass.FUNCTION, token.text.endswith("*"))
            case "\\mathbb":
                return self.letters(token, DOUBLE_STRUCK, Role.BOLD)
            case "\\mathcal":
                return self.letters(token, CALLIGRAPHIC, None)
            case "\\color" | "\\textcolor":
                return Styled(self.role(token), self.argument(token.text))
            case "\\define" | "\\suppose":
                return Styled(None, self.argument(token.text), token.text[1:])
            case "\\num":
                name = self.raw(token.text).strip()
                return Styled(None, self.argument(token.text), f"number:{name}")
            case "\\cancel":
                return Styled(Role.CANCEL, self.argument(token.text))
            case "\\boxed":
                return Boxed(self.argument(token.text))
            case "\\phantom":
                return Phantom(self.argument(token.text))
            case "\\substack":
                return parse_substack(self, token)
            case "\\stackrel" | "\\overset":
                above = self.argument(token.text)
                return Stack(self.argument(token.text), above, None)
            case "\\underset":
                below = self.argument(token.text)
                return Stack(self.argument(token.text), None, below)
            case "\\underbrace" | "\\overbrace":
                return Brace(self.argument(token.text), None, token.text == "\\overbrace")
            case "\\not":
                return self.negated(token)
            case "\\limits" | "\\nolimits":
                raise self.error(f"{token.text} must follow an operator such as \\sum", token)
        raise self.unknown(token)

    def unknown(self, token: Token) -> MathSyntaxError:
        """The error for a command that is not known, with the nearest one that is."""
        near = get_close_matches(token.text, [*COMMANDS, *STRUCTURES], 1, 0.7)
        mend = f"did you mean {near[0]}?" if near else "words go into \\text{…}"
        return self.error(f"The command {token.text} is not known: {mend}", token)

    def root(self) -> Root:
        """A root, with its index in brackets or without."""
        index: Row | None = None
        opening = self.token
        if opening.text == "[":
            self.index += 1
            index = self.row(frozenset({"]"}), opening)
            self.index += 1
        return Root(self.argument("\\sqrt"), index)

    def delimiter(self, command: str) -> str:
        """The sign after a sizing command; empty for a dot."""
        token = self.next()
        if token.text not in DELIMITERS:
            raise self.error(f"{command} needs a delimiter such as ( or | or .", token)
        return DELIMITERS[token.text]

    def fenced(self, opening: Token) -> Fenced:
        r"""Everything from \left to its \right."""
        fences = [self.delimiter("\\left")]
        bodies: list[Row] = []
        while True:
            bodies.append(self.row(_FENCE_END, opening))
            closing = self.next().text
            fences.append(self.delimiter(closing))
            if closing == "\\right":
                return Fenced(tuple(fences), tuple(bodies))

    def letters(self, token: Token, table: dict[str, str], other: Role | None) -> Node:
        """Letters from a table; one that it lacks stays as it is, with the role if there is one."""
        items: list[Node] = []
        for item in self.argument(token.text).items:
            if not isinstance(item, Symbol) or not item.text.isalnum():
                raise self.error(f"{token.text} takes letters and digits only", token)
            if item.text in table:
                items.append(Symbol(table[item.text]))
            else:
                items.append(Styled(other, Row((item,))))
        return items[0] if len(items) == 1 else Group(Row(tuple(items)))

    def role(self, token: Token) -> Role:
        r"""The role that \color names."""
        opening = self.token
        name = self.raw(token.text).strip()
        if name not in COLOR_ROLES:
            known = ", ".join(COLOR_ROLES)
            raise self.error(f"The role {name!r} is not known: use one of {known}", opening)
        return COLOR_ROLES[name]

    def negated(self, token: Token) -> Symbol:
        r"""The sign after \not, struck through."""
        row = self.argument("\\not")
        item = row.items[0] if len(row.items) == 1 else None
        if not isinstance(item, Symbol) or item.text not in NEGATED:
            raise self.error("\\not cannot be drawn with what follows it: use words", token)
        return Symbol(NEGATED[item.text], AtomClass.RELATION)


def parse(latex: str) -> Row:
    """The tree of a formula.

    Raises:
        MathSyntaxError: something in the source is not known or not complete.
    """
    return Parser(latex).formula()
