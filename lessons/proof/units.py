"""A lesson cut into units that have their counterparts in every other language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml
from markdown_it.token import Token

from lessons.format.fence import FenceError
from lessons.format.fences import derivation_rows
from lessons.format.lesson_error import LessonError
from lessons.format.markdown import markdown
from lessons.format.question_text import LATEX_PARTS, Field, read_question_text
from lessons.format.step_keys import begins_step, mark_of
from lessons.format.text_file import read_text
from lessons.format.yaml_file import why_not_yaml

_WORDS_IN_FORMULA = re.compile(r"\\text(?:rm|bf|it)?\{[^{}]*\}")
_DIGITS = re.compile(r"[-−]?\d+(?:[.,]\d+)*")
_SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "万": 4, "萬": 4, "亿": 8, "億": 8,
}  # fmt: skip
"""Powers of ten that a language writes as words after the digits."""
_NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS.pattern}(?:[\u00a0\u202f]\d{{3}})*)"
    rf"(?:[ \u00a0-]?(?P<scale>{'|'.join(_SCALES)})(?![a-z]))?"
)
_GROUPS = re.compile(r"[-−]?\d{1,3}(?:[,\u00a0\u202f]\d{3})+")
_IN_QUESTIONS = ("predict", "mistake")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a lesson that has its counterpart in the other language."""

    what: str
    """Its kind and its names: the same in both languages."""
    line: int
    fixed: str = ""
    """What must be the same to the letter."""
    bound: Counter[str] = field(default_factory=Counter)
    """What its prose must hold, in any order: formulas, numbers, links, code."""

    @property
    def typed(self) -> Counter[str]:
        """The numbers of its prose that nothing computes."""
        return Counter({mark: n for mark, n in self.bound.items() if _DIGITS.fullmatch(mark)})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson, or what stands above them all."""

    title: str
    line: int
    units: tuple[Unit, ...]

    @property
    def signature(self) -> tuple[tuple[str, str], ...]:
        """What tells it from other steps in any language."""
        return tuple((unit.what, unit.fixed) for unit in self.units)


class UnreadableError(ValueError):
    """A file in which no units can be told apart."""

    def __init__(self, line: int, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.mend = line, problem, mend


def read_units(path: Path) -> list[Step]:
    """The steps of a lesson; what stands above them is a step, too."""
    try:
        tokens = markdown().parse(read_text(path))
    except LessonError as error:
        raise UnreadableError(error.line, error.problem, error.mend) from None
    steps = [Step("front matter", 1, tuple(_front_matter(tokens)))]
    at = 1 if tokens and tokens[0].type == "front_matter" else 0
    while at < len(tokens):
        end = at + 1
        while end < len(tokens) and not begins_step(tokens[end]):
            end += 1
        part = tokens[at:end]
        title = part[1].content if begins_step(part[0]) and len(part) > 1 else ""
        steps.append(Step(title, _line(part[0]), tuple(_units(part))))
        at = end
    return steps


def _front_matter(tokens: Sequence[Token]) -> Iterator[Unit]:
    if not tokens or tokens[0].type != "front_matter":
        raise UnreadableError(1, "The lesson has no front matter.", "Copy it from the English one.")
    try:
        node = yaml.compose(tokens[0].content)
        meta = yaml.safe_load(tokens[0].content)
    except yaml.YAMLError as error:
        line, problem, mend = why_not_yaml(error)
        raise UnreadableError(line + 1, problem, mend) from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(meta, dict):
        raise UnreadableError(1, "The front matter has no keys.", "Copy it from the English one.")
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name == "goals":
            for goal in value.value:
                yield Unit("a goal", goal.start_mark.line + 2)
            continue
        if name != "symbols":
            yield Unit(f"the key {name!r}", line, str(meta[name]))
            continue
        for entry, read in zip(value.value, meta["symbols"], strict=True):
            *fixed, meaning = [str(part) for part in read]
            what = f"the symbol {fixed[0] if fixed else meaning}"
            yield Unit(what, entry.start_mark.line + 2, " ".join(fixed), _bound(meaning))


def _units(tokens: Sequence[Token]) -> Iterator[Unit]:
    """The units of one step."""
    around: list[str] = []
    names = {
        "paragraph_open": "a paragraph", "list_item_open": "an item of a list",
        "blockquote_open": "a remark", "th_open": "a heading of a table", "td_open": "a cell",
    }  # fmt: skip
    for token in tokens:
        if token.type == "fence":
            yield from _fence(token)
        elif token.type == "math_block":
            yield Unit("the displayed formula", _line(token), _formula(token.content))
        elif token.type == "inline":
            # The outermost name says most: a remark is a paragraph, too.
            what = next((names[kind] for kind in around if kind in names), "a heading")
            yield Unit(what, _line(token), bound=Counter(_marked(token)))
        elif token.nesting > 0:
            around.append(token.type)
            if mark := mark_of(token):
                yield Unit(f"the key {{#{mark}}}", _line(token))
        elif token.nesting < 0:
            around.pop()


def _fence(token: Token) -> Iterator[Unit]:
    """The units of a fenced block: its opening line, and what it holds."""
    line, words = _line(token), token.info.split()
    kind = words[0] if words else ""
    yield Unit(f"the block ```{' '.join(words)}", line)
    try:
        if kind == "derivation":
            for offset, (latex, reason, shapes) in derivation_rows(token.content):
                fixed = f"{_formula(latex)} :: {_formula(shapes)}".removesuffix(" :: ")
                what = f"a line of the derivation {' '.join(words[1:])}"
                yield Unit(what, line + offset, fixed, _bound(reason))
        elif kind == "numbers":
            for offset, (latex, reason, _shapes) in derivation_rows(token.content):
                what = f"a row of the numbers {' '.join(words[1:])}"
                yield Unit(what, line + offset, _formula(latex), _bound(reason))
        elif kind in _IN_QUESTIONS:
            text = read_question_text(token.content)
            yield Unit(f"the text of {' '.join(words)}", line + 1, bound=_bound(text.prompt))
            for found in text.fields:
                yield _field(found, line)
        elif kind == "code":
            yield Unit(f"the caption of {' '.join(words)}", line, bound=_bound(token.content))
        elif kind == "listing":
            yield Unit("the listing", line, token.content)
        else:
            yield Unit(f"the text of {' '.join(words)}", line, bound=_bound(token.content))
    except FenceError as error:
        raise UnreadableError(line + error.offset, error.problem, error.mend) from None


def _field(found: Field, line: int) -> Unit:
    """A field of a question. The words after its kind are ids; what it is called is prose."""
    latex = LATEX_PARTS.get(found.kind, ())
    fixed = [_formula(found.part(number)) for number in latex]
    # `line "z2 =": …` names a piece of the program.
    named = f' "{found.title}"' if found.kind == "line" else ""
    what = f"the field {' '.join((found.kind, *found.words))}{named}"
    prose = (part for number, part in enumerate(found.parts) if number not in latex)
    return Unit(what, line + found.offset, " :: ".join(fixed).strip(": "), _bound(*prose))


def _bound(*texts: str) -> Counter[str]:
    """What texts of Markdown must hold in every language."""
    tokens = (token for text in texts for token in markdown().parse(text))
    return Counter(mark for token in tokens if token.type == "inline" for mark in _marked(token))


def _marked(token: Token) -> Iterator[str]:
    """The formulas, code, links and typed numbers of running text."""
    target, inside = "", ""
    for child in token.children or ():
        match child.type:
            case "math_inline":
                yield f"${_formula(child.content)}$"
            case "code_inline":
                yield f"`{child.content}`"
            case "link_open":
                target, inside = str(child.attrGet("href") or ""), ""
            case "link_close":
                yield _link(target, inside)
                target = ""
            case "text" if target:
                inside += child.content
            case "text":
                yield from _numbers(child.content)


def _link(target: str, inside: str) -> str:
    """A link as both languages write it: its words may differ, its digits may not."""
    if target.startswith("number:"):
        return f"[{inside}]({target})"
    digits = " ".join(_numbers(inside)) if target.startswith("claim:") else ""
    return f"[{digits or '…'}]({target})"


def _numbers(prose: str) -> Iterator[str]:
    """The numbers of a text, each as it is without a language: 10,000 and 1 万 are 10000."""
    for match in _NUMBER.finditer(prose):
        digits = match["digits"].replace("-", "−")
        if _GROUPS.fullmatch(digits):
            digits = re.sub(r"[^\d−]", "", digits)
        if match["scale"]:
            try:
                scaled = Decimal(digits.replace("−", "-")).scaleb(_SCALES[match["scale"]])
                digits = f"{scaled.normalize():f}".replace("-", "−")
            except InvalidOperation:  # 1.2.3
                pass
        yield digits


def _formula(latex: str) -> str:
    """A formula without its spacing, and without words that belong to a language."""
    return " ".join(_WORDS_IN_FORMULA.sub(r"\\text{}", latex).split())


def _line(token: Token) -> int:
    """The line of a token, counted from 1."""
    return (token.map[0] if token.map else 0) + 1
