"""Run every check of a lesson: derivation lines, formulas, numbers, answers, slips, mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engine.broken import EndlessError, place_of, said_of
from engine.formulas.bench import bench_for
from engine.formulas.errors import MathSyntaxError
from engine.formulas.notation import Notation
from engine.formulas.proving import Comparison, prove_line
from engine.formulas.statements import read_lines
from lessons.format.digits import agrees, formatted, is_number, parse
from lessons.format.document import (
    Block,
    Code,
    Derivation,
    DisplayMath,
    FindMistake,
    Lesson,
    LessonError,
    Predict,
    Style,
    Text,
    WithNumbers,
    WriteExercise,
)
from lessons.format.facts import facts_of
from lessons.format.parser import running_text
from lessons.format.tables import line_of
from lessons.format.used import result_of
from lessons.judge.mistakes import said as said_of_mistake
from lessons.proof.claims import claimed, claims_of
from lessons.proof.claims import problem_of as problem_of_claim
from lessons.proof.exercises import prove_exercise
from lessons.proof.formulas import (
    Judged,
    Standing,
    Written,
    judged,
    named_numbers,
    shape_problem,
    written_in,
)
from lessons.proof.mistakes import prove_mistake
from lessons.proof.number_rows import Known, prove_numbers
from lessons.proof.places import Places
from lessons.proof.printed import NAME as PRINTED
from lessons.proof.printed import read_printed
from lessons.proof.programs import fence_name, unrecorded_names
from lessons.proof.programs import problem_of as problem_of_code
from lessons.proof.questions import formulas_of, outcomes
from lessons.proof.results import Kind, Result
from lessons.proof.run_questions import problem_of, question_rows
from lessons.proof.texts import feedback, map_texts

_SHAPE_PROBLEM = "The factor does not have the shape that is written beside it."


def run_lesson(lesson: Lesson, round_number: int = 0) -> Iterator[Result]:
    """All checks of a lesson, in its order."""
    yield from _Run(lesson, round_number).results()


class _Run:
    """One pass over a lesson."""

    def __init__(self, lesson: Lesson, round_number: int) -> None:
        self.lesson, self.round = lesson, round_number
        self.places = Places(lesson.path)
        self.facts = facts_of(lesson.slug)
        self.claim_programs = claims_of(lesson.slug)
        self.printed = read_printed(lesson.path.with_name(PRINTED))
        self.ran: set[str] = set()
        """The programs that were run so far."""
        self.known = Known()
        """The numbers that the blocks of numbers have shown so far."""
        self.judged: dict[tuple[str, bool, int], Judged] = {}
        """What came of each formula, by its LaTeX, whether it must be wrong, and its notation."""

    def results(self) -> Iterator[Result]:
        """Every check, step by step; the symbols belong to step 0."""
        for symbol in self.lesson.symbols:
            for written in written_in(symbol.meaning):
                yield self.formula(0, written, self.facts.notation)
        yield from self.numbers(0, [symbol.meaning for symbol in self.lesson.symbols], ())
        claimed: set[str] = set()
        for number, step in enumerate(self.lesson.steps, start=1):
            for written in written_in(step.title):
                yield self.formula(number, written, self.facts.notation)
            scopes = step.scopes or ("",) * len(step.blocks)
            for block, scope in zip(step.blocks, scopes, strict=True):
                yield from self.block(number, block, self.facts.scope(scope))
            texts = (step.title, *map_texts(step.blocks), *feedback(step.blocks))
            yield from self.numbers(number, texts, step.blocks)
            for result in self.claims(number, texts):
                claimed.add(result.name)
                yield result
        named_wrongly = claimed - self.claim_programs.keys()
        for name in () if named_wrongly else self.claim_programs.keys() - claimed:
            file = self.lesson.path.with_name("claims.py")
            place = f"{file.name}:{line_of(file, 'CLAIMS', name)}"
            unsaid = "No sentence of the lesson makes this claim. Mark one, or remove the claim."
            broken = Comparison("the claim", float("inf"), 0.0)
            yield self.result(0, 1, name, Kind.CLAIM, broken, place=place, problem=unsaid)
        for name, line, problem in unrecorded_names(self.lesson):
            broken = Comparison("the output", float("inf"), 0.0)
            place = f"{PRINTED}:{line}"
            yield self.result(0, 1, name, Kind.CODE, broken, place=place, problem=problem)

    def result(
        self, step: int, line: int, name: str, kind: Kind, worst: Comparison, **more: str
    ) -> Result:
        """A row from a comparison."""
        return Result(
            self.lesson.slug, step, line, name, kind, worst.residual, worst.tolerance, worst.ok,
            **more,
        )  # fmt: skip

    def unread(self, step: int, name: str, kind: Kind, error: Exception) -> Result:
        """That something in a question could not be read."""
        found = Comparison("the reading", float("inf"), 0.0)
        place = self.places.of_block(name)
        return self.result(step, 1, name, kind, found, place=place, problem=str(error))

    def block(self, step: int, block: Block, scope: Notation) -> Iterator[Result]:
        """The checks of one block."""
        slug = self.lesson.slug
        match block:
            case Derivation():
                yield from self.derivation(step, block, self.facts.scopes.get(block.name, scope))
            case WithNumbers():
                own = self.facts.scopes.get(block.names[0], scope)
                notation = self.facts.scopes.get(f"{block.names[0]}/numbers", own)
                yield from self.number_rows(step, block, notation)
            case Predict():
                notation = self.facts.scopes.get(block.name, scope)
                question = block.question
                try:
                    for line, name, is_slip, residual, tolerance, ok in question_rows(
                        block.name, question
                    ):
                        kind = Kind.SLIP if is_slip else Kind.ANSWER
                        problem = "" if ok else problem_of(question, line, is_slip)
                        place = "" if ok else self.places.of(f"```predict {block.name}")
                        yield Result(slug, step, line, name, kind, residual, tolerance, ok,
                                     place=place, problem=problem)  # fmt: skip
                except ValueError as error:
                    yield self.unread(step, block.name, Kind.ANSWER, error)
                for text in block.prompt:
                    for written in written_in(text, block.name):
                        yield self.formula(step, written, notation)
                for written in formulas_of(question, block.name, self.lesson.slug):
                    yield self.formula(step, written, notation)
                try:
                    for number, (slip, found) in enumerate(outcomes(question, notation), start=1):
                        yield self.slip(step, number, f"{block.name}/{slip}", found)
                except (ValueError, RuntimeError) as error:
                    yield self.unread(step, block.name, Kind.SLIP, error)
            case Code() if block.runs and block.target not in self.ran:
                self.ran.add(block.target)
                yield self.code(step, block)
                yield from self.texts(step, block, scope)
            case WriteExercise():
                for name, place, problem in prove_exercise(block.name):
                    found = Comparison("the tests", float("inf") if problem else 0.0, 0.0)
                    yield self.result(step, 1, name, Kind.EXERCISE, found, place=place,
                                      problem=problem)  # fmt: skip
                yield from self.texts(step, block, scope)
            case FindMistake():
                for proof in prove_mistake(block.mistake):
                    yield Result(slug, step, proof.line, proof.name, Kind.MISTAKE, proof.residual,
                                 proof.tolerance, proof.ok, place=proof.place,
                                 problem=proof.problem)  # fmt: skip
                notation = self.facts.scopes.get(block.name, scope)
                said = [running_text(t, self.lesson.slug)
                        for t in said_of_mistake(block.mistake)]  # fmt: skip
                for text in block.prompt:
                    for written in written_in(text, block.name):
                        yield self.formula(step, written, notation)
                for text in said:
                    for written in written_in(text, block.name):
                        yield self.formula(step, replace(written, line=0), notation)
            case DisplayMath():
                yield self.formula(step, Written(block.latex, block.line), scope)
            case _:
                yield from self.texts(step, block, scope)

    def texts(self, step: int, block: Block, scope: Notation) -> Iterator[Result]:
        """The formulas in the running text of a block."""
        for text in map_texts((block,)):
            for written in written_in(text):
                yield self.formula(step, written, scope)

    def code(self, step: int, block: Code) -> Result:
        """Whether a program ends, and prints what it printed when its output was kept."""
        name = fence_name(block, self.lesson.slug)
        place = self.places.of(f"```code {name} run")
        try:
            problem = problem_of_code(block, self.lesson, self.printed)
        except LessonError as error:
            place = f"{Path(error.path).name}:{error.line}"
            problem = f"{error.problem} {error.mend}"
        found = Comparison("the output", float("inf") if problem else 0.0, 0.0)
        return self.result(step, 1, name, Kind.CODE, found, place=place, problem=problem)

    def slip(self, step: int, number: int, name: str, found: Comparison) -> Result:
        """Whether a line of a slip leads where it says."""
        problem = "" if found.ok else (
            "The last side of its line, or of the right one, is not what facts.py computes."
        )  # fmt: skip
        place = "" if found.ok else self.places.of(f"```predict {name.partition('/')[0]}")
        return self.result(step, number, name, Kind.SLIP, found, place=place, problem=problem)

    def derivation(self, step: int, block: Derivation, notation: Notation) -> Iterator[Result]:
        """The lines, the shapes beside factors, and the formulas in the reasons."""
        latex = [line.latex for line in block.lines]
        try:
            lines = read_lines(latex, notation)
        except (ValueError, MathSyntaxError) as error:
            at = int(getattr(error, "line", 0))
            broken = Comparison("the reading", float("inf"), 0.0)
            yield self.result(
                step, at + 1, block.name, Kind.LINE, broken, how="unproved",
                place=self.places.at(block.lines[at].line), problem=str(error),
            )  # fmt: skip
            return
        bench = bench_for(lines, notation, block.name, self.round)
        are_proved = True
        # One by one: whoever wants to know only whether anything fails may stop there.
        for number, line in enumerate(block.lines, start=1):
            proof = prove_line(lines, number - 1, bench)
            are_proved = are_proved and proof.ok
            place = self.places.at(line.line)
            yield self.result(
                step, number, block.name, Kind.LINE, proof.worst, how=proof.how, place=place,
                problem=proof.failure,
            )  # fmt: skip
            for factor, shape in line.shapes:
                try:
                    if _unspaced(factor) not in _unspaced(line.latex):
                        raise ValueError("The line has no such factor.")
                    found = shape_problem(factor, shape, notation, bench)
                    problem = "" if found.ok else _SHAPE_PROBLEM
                except (ValueError, RuntimeError) as error:
                    found, problem = Comparison("the shape", float("inf"), 0.5), str(error)
                name = f"{block.name}/{factor}"
                yield self.result(
                    step, number, name, Kind.SHAPE, found, place=place, problem=problem
                )
            for written in written_in(line.reason, block.name):
                yield self.formula(step, written, notation, line.line)
        shown = result_of(block)  # the rail and the card at the end show it
        if shown and are_proved:
            yield self.formula(step, Written(shown, block.lines[-1].line, block.name), notation)

    def number_rows(self, step: int, block: WithNumbers, notation: Notation) -> Iterator[Result]:
        """The rows of a block of numbers, and the formulas in their reasons."""
        name = ", ".join(block.names)
        later = {b.name for s in self.lesson.steps[step - 1 :] for b in s.blocks
                 if isinstance(b, Derivation)}  # fmt: skip
        if missing := [name for name in block.names if name not in later]:
            broken = Comparison("the reading", float("inf"), 0.0)
            problem = f"No derivation {missing[0]!r} follows: name one that these numbers prepare."
            place = self.places.at(block.rows[0].line - 1)
            yield self.result(step, 1, name, Kind.NUMBERS, broken, place=place, problem=problem)
        proofs = prove_numbers(block, notation, self.known, self.round)
        for number, (row, proof) in enumerate(zip(block.rows, proofs.rows, strict=True), start=1):
            place = self.places.at(row.line)
            yield self.result(step, number, name, Kind.NUMBERS, proof.worst, place=place,
                              problem=proof.problem)  # fmt: skip
            for written in written_in(row.reason, name):
                if proofs.holds(written.latex):
                    holds = Comparison("the given values", 0.0, 0.0)
                    yield self.result(step, 1, written.latex, Kind.FORMULA, holds,
                                      how=Standing.PROVED, place=place)  # fmt: skip
                else:
                    yield self.formula(step, written, notation, row.line)

    def formula(self, step: int, written: Written, notation: Notation, line: int = 0) -> Result:
        """One formula outside of the lines of derivations."""
        known = written.latex, written.wrong, id(notation)
        if known not in self.judged:
            name = f"{self.lesson.slug}:{written.latex}"
            self.judged[known] = judged(written, notation, name, self.round)
        found = self.judged[known]
        failed = found.standing is Standing.UNPROVED
        worst = found.worst or Comparison("the reading", float("inf") if failed else 0.0, 0.0)
        line = written.line or line
        where = self.places.at(line) if line else self.places.of_block(written.where)
        if written.where:
            where = f"{where} ({written.where})"
        return Result(
            self.lesson.slug, step, 1, written.latex, Kind.FORMULA, worst.residual,
            worst.tolerance, not failed, found.standing, where, found.problem,
        )  # fmt: skip

    def numbers(
        self, step: int, texts: Sequence[Text], blocks: tuple[Block, ...]
    ) -> Iterator[Result]:
        """The numbers in texts, and those in formulas."""
        spans: list[tuple[str, str]] = []
        formulas = [block.latex for block in blocks if isinstance(block, DisplayMath)]
        for text in texts:
            for span in text:
                if span.style is Style.NUMBER:
                    spans.append((span.target, span.text))
                elif span.style is Style.MATH and "\\num" in span.text:
                    formulas.append(span.text)
        for latex in formulas:
            if "\\num" in latex:
                spans.extend(named_numbers(latex))
        for line, (name, digits) in enumerate(spans, start=1):
            compute = self.facts.number(name)
            if compute is None:
                yield Result(self.lesson.slug, step, line, name, Kind.NUMBER, float("inf"), 0.0,
                             ok=False, problem="No number has this name.")  # fmt: skip
                continue
            value = compute()
            if not is_number(digits):  # a link on a word is refused where the lesson is read
                yield Result(self.lesson.slug, step, line, name, Kind.NUMBER, float("inf"), 0.0,
                             ok=False, place=self.places.of(f"{{{name}}}{{{digits}}}"),
                             problem=f"“{digits}” is no number. Write its digits.")  # fmt: skip
                continue
            written, half_unit = parse(digits)
            ok = agrees(digits, value)
            problem = "" if ok else f"It is {formatted(digits, value)}, and the text says {digits}."
            yield Result(self.lesson.slug, step, line, name, Kind.NUMBER, abs(written - value),
                         half_unit, ok, place="" if ok else self.places.of_number(name, digits),
                         problem=problem)  # fmt: skip

    def claims(self, step: int, texts: Sequence[Text]) -> Iterator[Result]:
        """The sentences of a step that claim something."""
        file = self.lesson.path.with_name("claims.py")
        for line, name in enumerate(claimed(texts), start=1):
            place = self.places.of(f"(claim:{name})")
            try:
                problem = problem_of_claim(self.claim_programs.get(name))
            except (KeyboardInterrupt, EndlessError):
                raise
            except BaseException as error:
                path, at = place_of(error, file.is_relative_to, file)
                place, problem = f"{path.name}:{at}", f"It cannot be computed. {said_of(error)}"
            found = Comparison("the claim", float("inf") if problem else 0.0, 0.0)
            yield self.result(step, line, name, Kind.CLAIM, found, place=place, problem=problem)


def _unspaced(latex: str) -> str:
    return latex.replace(" ", "")
