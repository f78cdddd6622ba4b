"""Run the code that readers can run: it must end, and print the same as before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.broken import EndlessError, place_of
from lessons.format.document import Code, Lesson
from lessons.format.facts import package_of
from lessons.format.lesson_error import LessonError
from lessons.format.source import SourceError, load_source, run_source
from lessons.format.translated import english_of
from lessons.format.trouble import in_file
from lessons.proof.printed import NAME, change, left_over


def programs_of(lesson: Lesson) -> Iterator[Code]:
    """The blocks that can be run, each program once."""
    seen: set[str] = set()
    for step in lesson.steps:
        for block in step.blocks:
            if isinstance(block, Code) and block.runs and block.target not in seen:
                seen.add(block.target)
                yield block


def fence_name(block: Code, slug: str) -> str:
    """The name that the fence gives the program: `programs:NAME` for one of the lesson's own."""
    return block.target.removeprefix(f"{package_of(slug)}.")


def output_of(block: Code, lesson: Lesson) -> str:
    """What the program prints.

    Raises:
        LessonError: it stops with an error; the place is a line of the program.
    """
    try:
        return run_source(block.target)
    except (KeyboardInterrupt, EndlessError):
        raise
    except BaseException as error:
        shown = load_source(block.target)
        folder, path, line = shown.path.parent, shown.path, shown.first_line
        if isinstance(error, SourceError):  # a whole sentence
            path, line = place_of(error, lambda file: file.is_relative_to(folder), path, line)
            raise LessonError(path, line, str(error), "Fix it and check again.") from error
        raise in_file(error, folder, path, line) from error


def unrecorded_names(lesson: Lesson) -> Iterator[tuple[str, int, str]]:
    """What is recorded for no program: the name, its line in `printed.txt`, and what to do.

    A translation may lack a block. What is recorded is that of the English lesson.
    """
    if english_of(lesson.path) is not None:
        return
    blocks = {fence_name(block, lesson.slug): block for block in programs_of(lesson)}
    recorded = {name for name, block in blocks.items() if not block.varies}
    for name, line in left_over(lesson.path.with_name(NAME), recorded):
        why = f"No block `code {name} run` shows this program"
        if name in blocks:
            why = "The output of this program varies, and is not compared"
        yield name, line, f"{why}. Remove its output with `dltutor check --record {lesson.slug}`."


def problem_of(block: Code, lesson: Lesson, printed: Mapping[str, str]) -> str:
    """Why the output is not what readers should see; empty where it is.

    Raises:
        LessonError: the program stops with an error.
    """
    output = output_of(block, lesson)
    name = fence_name(block, lesson.slug)
    if not output.strip():
        return (
            "It prints nothing itself, and what a function that it calls prints is not shown. "
            "Print what the reader should see, or remove `run`."
        )
    if block.varies:
        return ""
    record = f"`dltutor check --record {lesson.slug}`"
    if name not in printed:
        return f"Its output is not recorded yet. Read it, then run {record}."
    changed = change(printed[name], output)
    return changed and (
        f"{changed}\nIf this is intended, check that the text around it still holds, then run "
        f"{record}. If it depends on the machine, write `run varies`."
    )
