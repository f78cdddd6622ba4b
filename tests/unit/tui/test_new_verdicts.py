"""`dltutor new` writes what the tests ask for: a picture, answers with verdicts, programs."""

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
assert main(["new", "exercise", "my-double", "--lesson", {SLUG!r}]) == 0
"""


def test_what_is_new_passes_the_tests_of_lessons_and_exercises(tmp_path: Path) -> None:
    """By the tests that every lesson must pass, in a copy that has no more of them than these."""
    copy = copy_packages(tmp_path)
    tests = copy / "tests" / "unit" / "lessons"
    (tests / "verdicts").mkdir(parents=True)
    for folder in (copy / "tests", tests.parent, tests):
        (folder / "__init__.py").touch()
    for name in ("cases.py", "unit/lessons/course.py"):
        (copy / "tests" / name).write_bytes((ROOT / "tests" / name).read_bytes())
    files = ("test_verdicts", "test_figures", "test_exercise_held_out")
    programs = ("held_out_programs.json", "right_programs.json")
    for name in (*(f"{name}.py" for name in files), *programs):
        (tests / name).write_bytes((ROOT / "tests" / "unit" / "lessons" / name).read_bytes())
    made = python(copy, "-c", PROGRAM)
    assert made.returncode == 0, made.stderr
    assert f"verdicts/{SLUG}.yaml" in made.stdout
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-k"]
    done = python(copy, *words, f"{SLUG} or my-double or has_some", str(tests))
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("........ "), done.stdout
