"""Show a lesson file as `show` does, and show it again whenever it is saved.

FILE is the lesson.en.md of a lesson, the folder of a lesson, or any Markdown file if --slug names
the lesson whose facts.py it uses. For a block that cannot be read, an error is shown in its place,
with the file, the line and how to fix it. The file and the Python files of its lesson are watched;
ctrl+c quits.

With --once, or if the output is not a terminal, the lesson is printed once. The exit status is 1 if
something is wrong.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine.errors import UserError
from engine.language import _
from tui.commands import Command
from tui.commands.show import NARROWEST, WIDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lessons.format.document import Lesson, LessonError

COMMAND = Command("preview", _("show a lesson file while you edit it"), place=46)

INTERVAL = 0.3
"""Seconds between two checks of the files."""
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="the file, such as lessons/course/backprop/deltas/lesson.en.md",
    )
    parser.add_argument(
        "--slug",
        default="",
        metavar="LESSON",
        help="the lesson whose facts.py it uses, such as backprop/deltas (default: its own)",
    )
    parser.add_argument(
        "--width",
        type=int,
        metavar="N",
        help=f"columns to use, {NARROWEST} or more (default: as the terminal has, at most 100)",
    )
    parser.add_argument(
        "--step", type=int, metavar="N", help="show only the N-th step (default: all)"
    )
    parser.add_argument(
        "--once", action="store_true", help="print it once, and exit with 1 if something is wrong"
    )


def run(args: argparse.Namespace) -> int:
    """Draw the lesson, once or whenever it changes."""
    from lessons.format.fresh import files_of, slug_of

    path: Path = args.file.resolve()  # errors are looked for in its folder
    if path.is_dir():
        path = path / "lesson.en.md"
    if not path.is_file():
        raise UserError(f"There is no file {path}. Give the path of a lesson.en.md.")
    slug = args.slug or slug_of(path)
    if "/" not in slug:
        raise UserError(
            f"{path} is not in the folder of a lesson. Name the lesson whose facts it uses: "
            "--slug CHAPTER/NAME."
        )
    if args.width is not None and args.width < NARROWEST:
        raise UserError(
            f"{args.width} columns are too narrow for formulas. Use {NARROWEST} or more."
        )
    if args.once or not sys.stdout.isatty():
        drawn = page(path, slug, width_of(args), args.step)
        print("\n".join(drawn.lines))
        for trouble in drawn.troubles:
            print(f"dltutor: {trouble}", file=sys.stderr)
        return 1 if drawn.troubles else 0
    before: object = None
    while True:
        now = (width_of(args), stamps(files_of(path, slug)))
        # An editor may remove the file for a moment while it saves.
        if now != before and path.exists():
            before = now
            try:
                drawn = page(path, slug, now[0], args.step)
            except UserError as error:  # the step is gone for now
                drawn = Page([], [str(error)])
            lines = [*drawn.lines, "", *_footer(path, drawn.troubles)]
            print(_CLEAR + "\n".join(lines), flush=True)
            if drawn.uses_torch:
                import torch  # noqa: F401  # the next one begins with it
        time.sleep(INTERVAL)


def width_of(args: argparse.Namespace) -> int:
    """The width that was asked for, or that of the terminal."""
    given: int | None = args.width
    if given:
        return min(given, WIDEST)
    return max(NARROWEST, min(shutil.get_terminal_size().columns, 100))


def stamps(files: list[Path]) -> dict[Path, tuple[int, int]]:
    """When the files were written, and their sizes."""
    found = {}
    for file in files:
        try:
            at = file.stat()
        except OSError:
            continue
        found[file] = at.st_mtime_ns, at.st_size
    return found


class Page(NamedTuple):
    """A lesson as it is drawn."""

    lines: list[str]
    troubles: list[str]
    """What is wrong with it."""
    uses_torch: bool = False


def page(path: Path, slug: str, width: int, step: int | None = None) -> Page:
    """The lesson in a file, read in a process of its own, which its code may end.

    Raises:
        UserError: the lesson has no such step.
    """
    from lessons.proof.apart import EndedError, apart

    try:
        return apart(lambda: _read(path, slug, width, step))
    except EndedError as error:
        return _only(
            f"{path}: The process that read this lesson was ended ({error}) by the lesson's code, "
            "or by the system. Look for `os.kill` and `os.abort` in its Python files, and for what "
            "takes too much memory.",
            width,
        )


def _read(path: Path, slug: str, width: int, step: int | None) -> Page:
    from lessons.format.document import LessonError
    from lessons.format.fresh import read_again
    from lessons.format.trouble import in_file
    from lessons.proof.supervised import supervised

    try:
        with supervised():
            lesson, found = read_again(path, slug)
            lines, troubles = _drawn(lesson, found, path, width, step)
            return Page(lines, troubles, "torch" in sys.modules)
    except LessonError as error:
        return _only(str(error), width)
    except UserError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return _only(str(in_file(error, path.parent, path)), width)


def _only(trouble: str, width: int) -> Page:
    """In place of a lesson that cannot be drawn, why not."""
    from tui.page.lines import Ink, line_text, wrap

    return Page([line_text(line) for line in wrap([(f"✗ {trouble}", Ink.BAD)], width)], [trouble])


def _drawn(
    lesson: Lesson, found: list[LessonError], path: Path, width: int, step: int | None
) -> tuple[list[str], list[str]]:
    """The lines of a lesson that could be read, with what was found wrong while it was."""
    from dataclasses import replace

    from engine.formulas.errors import MathSyntaxError
    from lessons.format.document import Block
    from lessons.format.trouble import in_file
    from tui.commands.check_parts import refuse_undrawable
    from tui.page.lesson import block_lines, lesson_lines
    from tui.page.lines import Ink, InkLine, line_text, wrap

    troubles = [str(error) for error in found]
    troubles += map(str, _missing(lesson))

    def draw(block: Block, columns: int) -> list[InkLine]:
        try:
            return block_lines(block, columns)
        except MathSyntaxError as error:
            troubles.append(f"{path}:{_line_of(block)}: {error}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the code of the lesson may raise anything
            troubles.append(str(in_file(error, path.parent, path)))
        return wrap([(f"✗ {troubles[-1]}", Ink.BAD)], width)

    if step is not None:
        if not 1 <= step <= len(lesson.steps):
            raise UserError(f"There is no step {step}. The lesson has {len(lesson.steps)}.")
        lesson = replace(lesson, steps=(lesson.steps[step - 1],))
    lines = [line_text(line) for line in lesson_lines(lesson, width, draw)]
    try:
        refuse_undrawable(lesson)  # what is drawn without a curve
    except UserError as error:
        if str(error) not in troubles:
            troubles.append(str(error))
    return lines, troubles


def _missing(lesson: Lesson) -> Iterator[LessonError]:
    """Why the numbers of the text that are missing in it cannot be computed, each reason once."""
    from lessons.format.document import LessonError
    from lessons.proof.texts import map_texts

    told: set[str] = set()
    for step in lesson.steps:
        spans = [span for text in map_texts(step.blocks) for span in text]
        for compute in filter(None, (span.compute for span in spans)):
            try:
                compute()
            except LessonError as error:
                if str(error) not in told:
                    yield error
                told.add(str(error))


def _line_of(block: object) -> int:
    """The line of the first formula of a block if it is known, otherwise 1."""
    found = getattr(block, "line", 0)
    for part in (*getattr(block, "lines", ()), *getattr(block, "text", ())):
        found = found or getattr(part, "line", 0)
    return found or 1


def _footer(path: Path, troubles: list[str]) -> list[str]:
    about = f"{path} · {time.strftime('%H:%M:%S')} · "
    if not troubles:
        return [f"{about}no errors; to prove it, run `dltutor check` · ctrl+c quits"]
    return [*(f"✗ {trouble}" for trouble in troubles), f"{about}ctrl+c quits"]
