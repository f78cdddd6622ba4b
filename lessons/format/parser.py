"""Markdown to `Lesson`: front matter, steps as second-level headings, blocks as fences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from engine.language import ENGLISH
from lessons.format.document import (
    Block,
    DisplayMath,
    Heading,
    ItemList,
    Lesson,
    LessonError,
    Paragraph,
    Span,
    Step,
    Style,
    Symbol,
    Table,
    Text,
)
from lessons.format.facts import facts_of
from lessons.format.fence import Fence, FenceError
from lessons.format.fences import read_fence
from lessons.format.figures import drawing_for
from lessons.format.slugs import slugged
from lessons.format.step_keys import (
    begins_step,
    key_of,
    outlines,
    step_key_plugin,
    translated_keys,
)
from lessons.format.wide import closed_up
from lessons.format.yaml_file import read_yaml

_KEYS = {"minutes": int, "picture": str, "needs": list, "goals": list, "symbols": list}


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """The reader of Markdown as lessons write it: with tables, front matter and dollar maths."""
    reader = MarkdownIt("commonmark").enable("table")
    front_matter_plugin(reader)
    dollarmath_plugin(reader, allow_space=False, double_inline=False)
    step_key_plugin(reader)
    return reader


def parse_lesson(
    text: str,
    path: Path | str,
    slug: str,
    title: str,
    troubles: list[LessonError] | None = None,
) -> Lesson:
    """Read one lesson.

    Where `troubles` are collected, a block that cannot be read becomes a remark that says why.

    Raises:
        LessonError: with file, line and mend.
    """
    return _Reader(text, Path(path), slug, troubles).lesson(title)


def running_text(text: str, slug: str = "") -> Text:
    """Read one paragraph of Markdown that stands outside of a lesson: feedback, answers.

    Its numbers are those of the lesson `slug`. Raises LessonError.
    """
    reader = _Reader("", Path("text"), slug)
    return tuple(span for part in reader.paragraphs(text) for span in part)


def step_keys(path: Path, text: str) -> tuple[str, ...]:
    """The keys of the steps of the lesson in `path`, which holds `text`, in order.

    Those of a translation are read from the English file beside it.
    """
    own = [*outlines(markdown().parse(text))]
    english = _english_of(path)
    if english is None:
        return tuple(step.key for step in own)
    source = [*outlines(markdown().parse(english.read_text("utf-8")))]
    return tuple(translated_keys(source, own))


def _english_of(path: Path) -> Path | None:
    """The English file of a translated lesson, where there is one."""
    english = path.with_name(f"lesson.{ENGLISH}.md")
    is_translation = path.name.startswith("lesson.") and path.name != english.name
    return english if is_translation and english.exists() else None


class _Reader:
    """Walks the tokens of one document once."""

    def __init__(
        self, text: str, path: Path, slug: str, troubles: list[LessonError] | None = None
    ) -> None:
        self.path, self.slug, self.troubles = path, slug, troubles
        self.tokens: Sequence[Token] = markdown().parse(text)
        self.at = 0
        self.keys = step_keys(self.path, text) if _english_of(self.path) else None
        """The keys of the steps of a translation."""

    def fail(self, line: int, problem: str, mend: str) -> LessonError:
        return LessonError(self.path, line, problem, mend)

    def lesson(self, title: str) -> Lesson:
        meta = self.front_matter()
        symbols = tuple(self.symbols(cast("list[object]", meta.get("symbols", []))))
        return Lesson(
            slug=self.slug,
            title=title,
            minutes=cast("int", meta["minutes"]),
            needs=tuple(str(need) for need in cast("list[object]", meta.get("needs", []))),
            goals=tuple(str(goal) for goal in cast("list[object]", meta.get("goals", []))),
            steps=tuple(self.steps()),
            symbols=symbols,
            path=self.path,
            picture=self.picture(meta),
        )

    def picture(self, meta: dict[str, object]) -> str:
        """The name of the figure in the front matter, which the lesson must have."""
        name = str(meta.get("picture", ""))
        try:
            if name:
                drawing_for(self.slug, name)
        except FenceError as error:
            lines = self.tokens[0].content.splitlines()
            line = next((n for n, text in enumerate(lines, 2) if text.startswith("picture")), 1)
            raise self.fail(line, error.problem, error.mend) from None
        return name

    def front_matter(self) -> dict[str, object]:
        mend = "Begin the file with front matter between --- lines: minutes, needs, goals, symbols."
        if not self.tokens or self.tokens[0].type != "front_matter":
            raise self.fail(1, "The lesson has no front matter.", mend)
        self.at = 1
        try:
            meta = read_yaml(self.tokens[0].content)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = 2 + (mark.line if mark else 0)
            raise self.fail(line, "The front matter is not YAML.", "Mend its syntax.") from None
        if not isinstance(meta, dict):
            raise self.fail(1, "The front matter has no keys.", mend)
        for key, value in meta.items():
            if key not in _KEYS:
                known = ", ".join(_KEYS)
                raise self.fail(1, f"The key {key!r} is not known.", f"The keys are {known}.")
            if not isinstance(value, _KEYS[key]):
                wanted = _KEYS[key].__name__
                raise self.fail(1, f"The key {key!r} is no {wanted}.", "Mend its value.")
        for key in ("minutes",):
            if key not in meta:
                raise self.fail(1, f"The front matter has no {key!r}.", mend)
        return meta

    def symbols(self, entries: list[object]) -> Iterator[Symbol]:
        for entry in entries:
            if not (isinstance(entry, list) and len(entry) in (2, 3)):
                raise self.fail(
                    1,
                    f"The symbol {entry!r} cannot be read.",
                    "Write a list of two: LaTeX and meaning. The notation knows the shape.",
                )
            latex, *shape, meaning = (str(part) for part in entry)
            declared = shape[0] if shape else self.declared_shape(latex)
            yield Symbol(latex, declared, self.paragraphs(meaning)[0])

    def declared_shape(self, latex: str) -> str:
        """The shape of a symbol as the notation of the lesson declares it; empty for a number."""
        return facts_of(self.slug).notation.shape_of(latex)

    def steps(self) -> Iterator[Step]:
        keys: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if not begins_step(token):
                raise self.fail(
                    _line(token),
                    "Text stands outside of a step.",
                    "Begin a step with a second-level heading, `## Title`.",
                )
            key = self.step_key(keys) if self.keys is None else self.keys[len(keys)]
            keys.append(key)
            title = self.inline(self.tokens[self.at + 1])
            self.at += 3
            blocks: list[Block] = []
            scopes: list[str] = []
            for block, scope in self.blocks():
                blocks.append(block)
                scopes.append(scope)
            yield Step(title, key, tuple(blocks), _line(token), tuple(scopes))
        if not keys:
            raise self.fail(1, "The lesson has no steps.", "Begin a step with `## Title`.")

    def step_key(self, known: Sequence[str]) -> str:
        """The key of the step that begins here, which none of the `known` steps may have."""
        heading = self.tokens[self.at]
        key = key_of(heading, self.tokens[self.at + 1])
        if not key:
            problem = "The title has no letter or digit to make the key of the step from."
            mend = "Write a key behind it: `## Title {#some-key}`."
        elif key != slugged(key):
            problem = f"The mark {{#{key}}} is not a key."
            mend = "Use lower-case letters, digits and single hyphens: `{#some-key}`."
        elif key in known:
            problem = f"Two steps have the key {key!r}."
            mend = "Give the new one another title, or a key of its own: `## Title {#some-key}`."
        else:
            return key
        error = self.fail(_line(heading), problem, mend)
        if self.troubles is None:
            raise error
        self.troubles.append(error)
        return key

    def blocks(self) -> Iterator[tuple[Block, str]]:
        """The blocks of a step, each with the scope that its formulas are read in."""
        scope = ""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if begins_step(token):
                return
            start = self.at
            try:
                if token.type == "fence" and token.info.split()[:1] == ["scope"]:
                    scope = self.scope(token)
                    self.at += 1
                    continue
                block = self.block(token)
            except LessonError as error:
                block = self.trouble(error, start)
            yield block, scope

    def trouble(self, error: LessonError, start: int) -> Block:
        """A remark in place of the block that begins at a token; raises where none are wanted."""
        if self.troubles is None:
            raise error
        self.troubles.append(error)
        depth: int = self.tokens[start].nesting
        self.at = start
        while depth > 0:
            self.at += 1
            depth += self.tokens[self.at].nesting
        self.at += 1
        return Paragraph((Span(f"✗ {error}", Style.STRONG),), quoted=True)

    def scope(self, token: Token) -> str:
        """The name in a `scope` fence; an empty one goes back to the lesson's notation."""
        words = token.info.split()[1:]
        facts = facts_of(self.slug)
        known = facts.scopes
        if len(words) > 1 or token.content.strip() or (words and words[0] not in known):
            raise self.fail(
                _line(token),
                f"The scope {' '.join(words)!r} is not known.",
                f"Name one of SCOPES in the facts of the lesson: {', '.join(known) or 'none'}.",
            )
        return words[0] if words else ""

    def block(self, token: Token) -> Block:
        line = _line(token)
        match token.type:
            case "paragraph_open":
                return Paragraph(self.paragraph())
            case "heading_open" if token.tag == "h3":
                text = self.inline(self.tokens[self.at + 1])
                self.at += 3
                return Heading(text)
            case "math_block":
                self.at += 1
                return DisplayMath(token.content.strip(), line)
            case "fence":
                self.at += 1
                return self.fence(token)
            case "bullet_list_open":
                return ItemList(self.items("bullet_list_close"))
            case "ordered_list_open":
                start = int(token.attrGet("start") or 1)
                return ItemList(self.items("ordered_list_close"), start)
            case "blockquote_open":
                self.at += 1
                text = self.paragraph()
                self.expect("blockquote_close", "A remark has one paragraph.")
                return Paragraph(text, quoted=True)
            case "table_open":
                return self.table()
            case _:
                raise self.fail(
                    line,
                    f"Markdown of the kind {token.type!r} has no place in a lesson.",
                    "Use paragraphs, lists, tables, maths and fenced blocks.",
                )

    def expect(self, kind: str, mend: str) -> None:
        token = self.tokens[self.at]
        if token.type != kind:
            raise self.fail(_line(token), f"Here stands an unexpected {token.type!r}.", mend)
        self.at += 1

    def paragraph(self) -> Text:
        self.expect("paragraph_open", "Write plain paragraphs here.")
        text = self.inline(self.tokens[self.at])
        self.at += 2
        return text

    def items(self, closing: str) -> tuple[Text, ...]:
        found = []
        self.at += 1
        while self.tokens[self.at].type != closing:
            self.expect("list_item_open", "A list holds items only.")
            found.append(self.paragraph())
            self.expect("list_item_close", "Write one paragraph an item, without inner lists.")
        self.at += 1
        return tuple(found)

    def table(self) -> Table:
        rows: list[tuple[Text, ...]] = []
        cells: list[Text] = []
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            if token.type == "inline":
                cells.append(self.inline(token))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
            self.at += 1
        self.at += 1
        return Table(rows[0], tuple(rows[1:]))

    def fence(self, token: Token) -> Block:
        line = _line(token)
        words = token.info.split()
        if not words:
            raise self.fail(line, "The fenced block has no kind.", "Write its kind after ```.")
        fence = Fence(tuple(words[1:]), token.content, self.slug, line, self.paragraphs)
        try:
            return read_fence(words[0], fence)
        except FenceError as error:
            raise self.fail(line + error.offset, error.problem, error.mend) from None

    def paragraphs(self, text: str, line: int = 1) -> tuple[Text, ...]:
        """Running text that stands outside of the document's own flow: captions, reasons.

        It begins in that line of the file.
        """
        found = [token for token in markdown().parse(text) if token.type == "inline"]
        for token in found:
            token.map = [at + line - 1 for at in token.map or (0, 1)]
        return tuple(map(self.inline, found))

    def inline(self, token: Token) -> Text:
        spans: list[Span] = []
        styles: list[Style] = []
        target = ""
        line = _line(token)
        for child in token.children or ():
            style = styles[-1] if styles else Style.PLAIN
            match child.type:
                case "text":
                    number = facts_of(self.slug).number(target) if style is Style.NUMBER else None
                    spans.append(Span(child.content, style, target, compute=number))
                case "softbreak":
                    line += 1
                    spans.append(Span(" ", style, target))
                case "hardbreak":
                    spans.append(Span("\n", style, target))
                case "code_inline":
                    spans.append(Span(child.content, Style.CODE))
                case "math_inline":
                    spans.append(Span(child.content, Style.MATH, line=line))
                case "strong_open":
                    styles.append(Style.STRONG)
                case "em_open":
                    styles.append(Style.EMPHASIS)
                case "link_open":
                    style, target = self.link(child, token)
                    styles.append(style)
                case "strong_close" | "em_close" | "link_close":
                    styles.pop()
                    target = "" if child.type == "link_close" else target
                case _:
                    raise self.fail(
                        _line(token),
                        f"{child.type!r} has no place in running text.",
                        "Use bold, emphasis, code, maths and links.",
                    )
        return closed_up([span for span in spans if span.text])

    def link(self, child: Token, token: Token) -> tuple[Style, str]:
        href = str(child.attrGet("href") or "")
        kind, _, target = href.partition(":")
        if kind == "number":
            if facts_of(self.slug).number(target) is None:
                raise self.fail(
                    _line(token),
                    f"No number of the lesson is called {target!r}.",
                    "Write what computes it into NUMBERS of facts.py.",
                )
            return Style.NUMBER, target
        if kind == "claim":
            return Style.CLAIM, target
        if kind == "lesson":
            return Style.LESSON, target
        raise self.fail(
            _line(token),
            f"The link {href!r} leads nowhere.",
            "Link to number:NAME, claim:NAME or lesson:SLUG.",
        )


def _line(token: Token) -> int:
    """The line of a token, counted from 1."""
    return (token.map[0] if token.map else 0) + 1
