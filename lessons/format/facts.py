"""The facts of a lesson: its notation, numbers and answers, in the module beside its text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from engine.formulas.notation import Notation
from lessons.format.computed import checked_numbers, checked_question
from lessons.format.document import LessonError
from lessons.format.tables import in_module, table
from lessons.format.text_file import read_text
from lessons.format.trouble import in_file
from lessons.judge.kinds import kind_of
from lessons.judge.values import Number, QuestionValues, ways


@dataclass(frozen=True)
class Facts:
    """What the text of a lesson speaks of; all names are local to the lesson."""

    notation: Notation
    scopes: Mapping[str, Notation] = field(default_factory=dict)
    """By the name of a derivation, a question, a mistake, or of a `scope` fence."""
    numbers: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    """What computes the numbers that the text names."""
    questions: Mapping[str, QuestionValues] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    """The program of each mistake; the module itself is imported when one is run."""
    without_numbers: Mapping[str, str] = field(default_factory=dict)
    """The derivations that no block of numbers prepares, and why they need none."""

    def scope(self, *names: str) -> Notation:
        """The notation of the first name that has one of its own; else the lesson's."""
        for name in names:
            if name in self.scopes:
                return self.scopes[name]
        return self.notation

    def number(self, name: str) -> Callable[[], float] | None:
        """What computes the number that a text names; None where nothing does.

        A question's name stands for its answer, `question/slip` for what the slip leads to.
        """
        if name in self.numbers:
            return self.numbers[name]
        question, _, slip = name.partition("/")
        values = self.questions.get(question)
        if not isinstance(values, Number):
            return None
        if not slip:
            return values.answer
        return ways(values.slips[slip])[0] if slip in values.slips else None


def package_of(slug: str) -> str:
    """The package of a lesson: `lessons.course.CHAPTER.LESSON`."""
    chapter, _, lesson = slug.replace("-", "_").partition("/")
    return f"lessons.course.{chapter}.{lesson}"


@lru_cache(maxsize=64)
def facts_of(slug: str) -> Facts:
    """The facts of a lesson; without a module they are empty.

    Raises:
        LessonError: one of its modules cannot be imported.
    """
    return facts_in(lesson_module(slug, "facts"), _mistakes(slug))


def facts_in(module: ModuleType | None, mistakes: Mapping[str, str]) -> Facts:
    """The facts that a module holds; raises LessonError where a value is of the wrong kind."""
    notation = getattr(module, "NOTATION", None) or Notation()
    if not isinstance(notation, Notation):
        problem = f"NOTATION is {kind_of(notation)}."
        raise in_module(module, "NOTATION", problem, 'Write NOTATION = Notation().drawn("x").')
    scopes = table(
        module,
        "SCOPES",
        "scope",
        'Write SCOPES = {"name": NOTATION.given(x=2.0)}.',
        lambda value: isinstance(value, Notation),
    )
    numbers = table(module, "NUMBERS", "number", 'Write NUMBERS = {"name": lambda: 3.0}.', callable)
    questions = table(
        module,
        "QUESTIONS",
        "question",
        'Write QUESTIONS = {"name": Number(…)}, or Choice(…), Sign(…), Shape(…), Order(…), '
        "Fill(…).",
        lambda value: isinstance(value, QuestionValues),
    )
    without = table(
        module,
        "WITHOUT_NUMBERS",
        "reason",
        'Write WITHOUT_NUMBERS = {"derivation": "why it needs none"}.',
        lambda value: isinstance(value, str),
    )
    return Facts(
        notation,
        scopes,
        checked_numbers(module, numbers),
        {name: checked_question(module, name, values) for name, values in questions.items()},
        mistakes,
        without,
    )


def lesson_module(slug: str, name: str) -> ModuleType | None:
    """One of the modules of a lesson; None without one. Raises LessonError if it is broken."""
    path = module_path(slug, name)
    if path is None:
        return None
    try:
        return import_module(f"{package_of(slug)}.{name}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Null bytes are a ValueError in early versions of Python 3.11.
        if isinstance(error, SyntaxError) or "null bytes" in str(error):
            read_text(path)  # says the line where it is the encoding
        raise in_file(error, path.parent, path) from error


def module_path(slug: str, name: str) -> Path | None:
    """The file of one of the modules of a lesson, found without importing it; None without one."""
    package = package_of(slug)
    if "/" not in slug:
        return None
    spec = None
    for part in (package.rpartition(".")[0], package, f"{package}.{name}"):
        spec = find_spec(part)
        if spec is None:
            return None
    return Path(spec.origin) if spec is not None and spec.origin else None


def _mistakes(slug: str) -> dict[str, str]:
    """Names and programs of the mistakes, read from the source: their programs import torch."""
    path = module_path(slug, "mistakes")
    if path is None:
        return {}
    try:
        body = ast.parse(read_text(path), str(path)).body
    except SyntaxError as error:
        raise in_file(error, path.parent, path) from error
    for node in body:
        if not isinstance(node, ast.AnnAssign | ast.Assign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if [ast.unparse(target) for target in targets] != ["MISTAKES"]:
            continue
        try:
            assert isinstance(node.value, ast.Dict)
            return {
                str(ast.literal_eval(key)): str(ast.literal_eval(value.args[0]))
                for key, value in zip(node.value.keys, node.value.values, strict=True)
                if key is not None and isinstance(value, ast.Call)
            }
        except (AssertionError, ValueError, IndexError):
            raise LessonError(
                path,
                node.lineno,
                "MISTAKES cannot be read without running it.",
                'Write it as {"name": MistakeValues("program", evidence)}.',
            ) from None
    return {}
