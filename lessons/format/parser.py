"""Markdown to `Lesson`: front matter, steps as second-level headings, blocks as fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from markdown_it.token import Token

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
    Table,
    Text,
)
from lessons.format.facts import facts_of
from lessons.format.fence import Fence, FenceError
from lessons.format.fences import read_fence
from lessons.format.front_matter import front_matter, picture_of, symbols_of
from lessons.format.markdown import line_of, markdown
from lessons.format.running import RunningReader
from lessons.format.slugs import slugged
from lessons.format.step_keys import begins_step, key_of, outlines, translated_keys
from lessons.format.text_file import read_text
from lessons.format.translated import english_of

_NAMED = ("derivation", "predict", "mistake")
"""The kinds of blocks that the Python files of a lesson know by name."""


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
        LessonError: with the file, the line and what to do.
    """
    return _Reader(text, Path(path), slug, troubles).lesson(title)


def running_text(text: str, slug: str = "") -> Text:
    """Read one paragraph of Markdown that stands outside of a lesson: feedback, answers.

    Its numbers are those of the lesson `slug`. Raises LessonError.
    """
    reader = RunningReader(Path("text"), slug, quotes=True)
    return tuple(span for part in reader.paragraphs(text) for span in part)


def step_keys(path: Path, text: str) -> tuple[str, ...]:
    """The keys of the steps of the lesson in `path`, which holds `text`, in order.

    Those of a translation are read from the English file beside it.
    """
    own = [*outlines(markdown().parse(text))]
    english = english_of(path)
    if english is None:
        return tuple(step.key for step in own)
    source = [*outlines(markdown().parse(read_text(english)))]
    return tuple(translated_keys(source, own))


class _Reader(RunningReader):
    """Walks the tokens of one document once."""

    def __init__(
        self, text: str, path: Path, slug: str, troubles: list[LessonError] | None = None
    ) -> None:
        super().__init__(path, slug)
        self.troubles = troubles
        left_out: dict[str, dict[str, dict[str, list[int]]]] = {}
        self.tokens: Sequence[Token] = markdown().parse(text, left_out)
        self.unshown = [found["map"][0] + 1 for found in left_out.get("references", {}).values()]
        """The lines that Markdown takes for the address of a link elsewhere, and does not show."""
        self.lines = text.split("\n")
        self.at = 0
        self.names: set[str] = set()
        """The names of the blocks so far that other places refer to."""
        self.keys = step_keys(self.path, text) if english_of(self.path) else None
        """The keys of the steps of a translation."""

    def lesson(self, title: str) -> Lesson:
        meta = front_matter(self, self.tokens)
        self.at = 1
        for line in self.unshown:
            problem = "This line is not shown: Markdown takes it for the address of a link."
            self.report(self.fail(line, problem, "Write a link as [text](lesson:SLUG)."))
        symbols = tuple(symbols_of(self, self.tokens[0], meta))
        return Lesson(
            slug=self.slug,
            title=title,
            minutes=cast("int", meta["minutes"]),
            needs=tuple(str(need) for need in cast("list[object]", meta.get("needs", []))),
            goals=tuple(str(goal) for goal in cast("list[object]", meta.get("goals", []))),
            steps=tuple(self.steps()),
            symbols=symbols,
            path=self.path,
            picture=picture_of(self, self.tokens[0], meta),
        )

    def steps(self) -> Iterator[Step]:
        keys: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if not begins_step(token):
                raise self.fail(
                    line_of(token),
                    "Text stands outside of a step.",
                    "Begin a step with a second-level heading, `## Title`.",
                )
            if token.markup == "-":
                problem = "The line of `-` below makes this text the title of a step."
                self.report(
                    self.fail(line_of(token), problem, "Write `## Title`, or take that line out.")
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
            yield Step(title, key, tuple(blocks), line_of(token), tuple(scopes))
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
        self.report(self.fail(line_of(heading), problem, mend))
        return key

    def report(self, error: LessonError) -> None:
        """Collect an error where that is wanted, or raise it."""
        if self.troubles is None:
            raise error
        self.troubles.append(error)

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
        self.report(error)
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
        self.refuse_unclosed(token, line_of(token))
        if token.content.strip():
            problem = "A block ```scope holds nothing: what follows it is in the scope."
            raise self.fail(line_of(token), problem, "Write ``` on the line below it.")
        if len(words) > 1 or (words and words[0] not in known):
            raise self.fail(
                line_of(token),
                f"The scope {' '.join(words)!r} is not known.",
                f"Name one of SCOPES in the facts of the lesson: {', '.join(known) or 'none'}.",
            )
        return words[0] if words else ""

    def block(self, token: Token) -> Block:
        line = line_of(token)
        match token.type:
            case "heading_open" if token.tag == "h3":
                text = self.inline(self.tokens[self.at + 1])
                self.at += 3
                return Heading(text)
            case "paragraph_open":
                self.refuse_almost(line)
                return Paragraph(self.paragraph())
            case "heading_open":
                raise self.fail(
                    line,
                    f"A heading with {token.markup!r} has no place here.",
                    "Write `## Title` for a step, `### Title` for a heading inside of it.",
                )
            case "math_block":
                self.refuse_undrawable(token.content.strip(), line)
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
                text = self.paragraph(token)
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

    def refuse_almost(self, line: int) -> None:
        """Refuse a paragraph that was meant to be something else."""
        text = self.tokens[self.at + 1].content
        if re.match(r"#+\w", text):
            raise self.fail(
                line,
                "A heading needs a space after its # signs.",
                "Write `## Title` for a step, `### Title` for a heading inside of it.",
            )
        if text.startswith("|"):
            raise self.fail(
                line,
                "This table cannot be read.",
                "The line below the headings needs one column for each: `|---|---|`.",
            )

    def expect(self, kind: str, mend: str) -> None:
        token = self.tokens[self.at]
        if token.type != kind:
            raise self.fail(line_of(token), f"An unexpected {token.type!r} stands here.", mend)
        self.at += 1

    def paragraph(self, holder: Token | None = None) -> Text:
        """The text of one paragraph, alone or in a list item or a remark."""
        if holder is not None and self.tokens[self.at].type == holder.type.replace("open", "close"):
            problem = f"This {'remark' if holder.type.startswith('block') else 'item'} is empty."
            raise self.fail(
                line_of(holder), problem, "Write its text behind the sign, or remove it."
            )
        self.expect("paragraph_open", "Write plain paragraphs here.")
        text = self.inline(self.tokens[self.at])
        self.at += 2
        return text

    def items(self, closing: str) -> tuple[Text, ...]:
        found = []
        self.at += 1
        while self.tokens[self.at].type != closing:
            self.expect("list_item_open", "A list holds items only.")
            found.append(self.paragraph(self.tokens[self.at - 1]))
            self.expect("list_item_close", "Write one paragraph per item, without inner lists.")
        self.at += 1
        return tuple(found)

    def table(self) -> Table:
        rows: list[tuple[Text, ...]] = []
        cells: list[Text] = []
        start = self.at
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            if token.type == "inline":
                cells.append(self.inline(token))
            elif token.type == "tr_open":
                self.refuse_uneven(line_of(token), line_of(self.tokens[start]))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
            self.at += 1
        self.at += 1
        return Table(rows[0], tuple(rows[1:]))

    def refuse_uneven(self, line: int, head: int) -> None:
        """Refuse a row with other than the cells of its head: Markdown drops those, or adds some.

        Markdown separates cells at each stroke without a backslash, in code and formulas, too.
        """
        row, first = (
            len(
                re.split(
                    r"(?<!\\)\|", self.lines[at - 1].strip().removeprefix("|").removesuffix("|")
                )
            )
            for at in (line, head)
        )
        if row != first:
            raise self.fail(
                line,
                f"This row has {row} cells, and the head of its table {first}.",
                "Write one cell for each column; a stroke inside of one is `\\|`.",
            )

    def fence(self, token: Token) -> Block:
        line = line_of(token)
        words = token.info.split()
        if not words:
            mend = "Write its kind after ```. If it is to end a block, see how that one begins."
            raise self.fail(line, "The fenced block has no kind.", mend)
        self.refuse_unclosed(token, line)
        if words[0] in _NAMED:
            self.refuse_second(" ".join(words[:2]), line)
        fence = Fence(tuple(words[1:]), token.content, self.slug, line, self.paragraphs)
        try:
            return read_fence(words[0], fence)
        except FenceError as error:
            raise self.fail(line + error.offset, error.problem, error.mend) from None

    def refuse_second(self, named: str, line: int) -> None:
        """Refuse a block whose kind and name another one has, before what else is wrong with it."""
        if named in self.names:
            raise self.fail(
                line,
                f"There are two blocks ```{named}.",
                "Give one of them another name, here and in the Python files of the lesson.",
            )
        self.names.add(named)

    def refuse_unclosed(self, token: Token, line: int) -> None:
        """Refuse a fenced block that goes on to the next one, or to the end of the file."""
        begun = next(
            (n for n, text in enumerate(token.content.split("\n"), line + 1)
             if re.match(rf"{token.markup}\w", text)), 0
        )  # fmt: skip
        last = self.lines[token.map[1] - 1] if token.map else token.markup
        if begun or set(last.strip()) != set(token.markup):
            where = f"line {begun} begins another one" if begun else "the file ends"
            raise self.fail(
                line,
                f"The block ```{token.info.strip()} is not closed before {where}.",
                f"Write {token.markup} on a line of its own at its end.",
            )
