"""`dltutor new` writes what the tests ask of a lesson: a picture, and answers with verdicts."""

from __future__ import annotations

from pathlib import Path

from tests.unit.copies import ROOT, copy_packages, python
from tui.authoring.question import KINDS

SLUG = "linear/two-paths"

PROGRAM = f"""
from tui.cli import main
assert main(["new", "lesson", {SLUG!r}, "--title", "Two paths"]) == 0
for kind in {[*KINDS]!r}:
    assert main(["new", "question", {SLUG!r}, f"q-{{kind}}", "--kind", kind]) == 0, kind
"""


def test_each_answer_of_a_new_question_gets_the_verdict_that_is_written(tmp_path: Path) -> None:
    """By the tests that every lesson must pass, in a copy that has no more of them than these."""
    copy = copy_packages(tmp_path)
    tests = copy / "tests" / "unit" / "lessons"
    (tests / "verdicts").mkdir(parents=True)
    for folder in (copy / "tests", tests.parent, tests):
        (folder / "__init__.py").touch()
    for name in ("tests/cases.py", "tests/unit/lessons/course.py"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for name in ("test_verdicts.py", "test_figures.py"):
        (tests / name).write_bytes((ROOT / "tests" / "unit" / "lessons" / name).read_bytes())
    made = python(copy, "-c", PROGRAM)
    assert made.returncode == 0, made.stderr
    assert f"verdicts/{SLUG}.yaml" in made.stdout
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-k", SLUG, str(tests)]
    done = python(copy, *words)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("..... "), done.stdout
