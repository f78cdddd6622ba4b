"""A place in the source of a formula: the token to read next, words, errors that point there."""

from __future__ import annotations

from engine.formulas.commands import CLOSING
from engine.formulas.errors import MathSyntaxError
from engine.formulas.tokens import Token, tokenize


class Cursor:
    """Goes through the tokens of one formula."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = tokenize(latex)
        self.index = 0

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.index]

    def next(self) -> Token:
        """Read one token."""
        token = self.tokens[self.index]
        if token.text:
            self.index += 1
        return token

    def error(self, problem: str, token: Token) -> MathSyntaxError:
        """The error to raise at a token."""
        return MathSyntaxError(problem, self.latex, token.position)

    def stray(self, token: Token) -> MathSyntaxError:
        """The error for a token that closes something that was never opened."""
        problems = {
            "}": "A } closes nothing: remove it, or add { before it",
            "&": "A & may stand only inside an environment such as aligned: write \\& for the sign",
            "\\\\": "A line break may stand only inside an environment such as aligned",
            "\\right": "\\right has no \\left before it: add one",
            "\\middle": "\\middle may stand only between \\left and \\right",
            "\\end": "\\end has no \\begin before it: add one",
        }
        return self.error(problems[token.text], token)

    def unclosed(self, opening: Token) -> MathSyntaxError:
        """The error for what was opened and never closed."""
        mend = CLOSING[opening.text]
        return self.error(f"{opening.text} is never closed: {mend}", opening)

    def raw(self, command: str) -> str:
        """The source between braces as it is, for words."""
        opening = self.token
        if opening.text != "{":
            raise self.error(f"{command} needs its words in {{ }}", opening)
        level = 0
        while True:
            token = self.next()
            if not token.text:
                raise self.error(f"The {{ after {command} is never closed: add }}", opening)
            level += (token.text == "{") - (token.text == "}")
            if level == 0:
                return self.latex[opening.end : token.position]

    def words(self, command: str) -> str:
        r"""The words of \text{…}, with the escapes of signs undone."""
        opening = self.token
        words = self.raw(command)
        for sign in "_%#&{}$":
            words = words.replace("\\" + sign, sign)
        words = words.replace("\\ ", " ").replace("~", " ")
        for bad in "\\$":
            if bad in words:
                problem = f"{command} holds plain words only: move the formula out of its braces"
                raise self.error(problem, opening)
        words = " ".join(words.split("\n"))
        if not words.isprintable():
            raise self.error(f"{command} holds a character that cannot be drawn", opening)
        return words
