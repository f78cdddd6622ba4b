"""`dltutor new`: every skeleton works as it is written, and nothing is written over."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from tests.unit.copies import ROOT, copy_packages, dltutor_each, python
from tui.authoring.figure import KINDS as FIGURES
from tui.authoring.insertion import with_entry, with_import
from tui.authoring.question import KINDS
from tui.authoring.writing import LONGEST_NAME
from tui.cli import main
from tui.commands.new import _ONE_FILE

SLUG = "linear/two-paths"
LONG = "sums/sums-with-as-many-letters-as-names-may-x"
FOLDER = Path("lessons/course/linear/two_paths")

USES = """
```lab a_valley_of_losses x=2
```

```training my-line
```

```exercise my-double
```

```figure my-list mine rows=4
A list.
```
"""
"""What a lesson writes to use the new parts."""
MINE = '"mine": lambda: MyList(("a", "b"), (1.0, -2.5)),'


def long(name: str) -> str:
    """A name of the greatest length."""
    return f"{name}-{'a' * (LONGEST_NAME - len(name) - 1)}"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with one of everything that is new, written by one interpreter."""
    copy = copy_packages(tmp_path_factory.mktemp("new"))
    commands = [
        ["lesson", SLUG, "--title", "Two paths: one sum"],
        *(["question", SLUG, f"q_{kind}", "--kind", kind] for kind in KINDS),
        ["mistake", SLUG, "sum-overwritten"],
        ["question", "backprop/batches", "another", "--kind", "fill"],
        ["mistake", "backprop/forward", "sum-overwritten"],
        *(["figure", SLUG, f"f-{kind}", "--kind", kind] for kind in FIGURES),
        ["figure", "backprop/forward", "another"],
        ["code", SLUG, "first-sum"],
        ["code", SLUG, "second-sum"],
        ["code", "backprop/batches", "a-sum"],
        ["exercise", "my-double", "--lesson", SLUG],
        ["translation", SLUG, "zh"],
        ["lab", "a-valley-of-losses"],
        ["recipe", "my-line"],
        ["activation", "my-sign"],
        ["optimiser", "my-rule"],
        ["figure-kind", "my-list"],
        ["command", "say-it"],
        ["lesson", "sums/first", "--title", "First", "--chapter-title", "Sums"],
        ["lesson", LONG, "--title", "A long name"],
        *(["question", LONG, long(f"q-{kind}"), "--kind", kind] for kind in KINDS),
        *([kind, LONG, long(kind)] for kind in ("mistake", "figure", "code")),
        ["exercise", long("exercise"), "--lesson", LONG],
        *([part, long(part)] for part in _ONE_FILE),
    ]
    program = f"""
from tui.cli import main
for words in {commands!r}:
    assert main(["new", *words]) == 0, words
"""
    done = python(copy, "-c", program)
    assert done.returncode == 0, done.stderr
    (copy / "said").write_text(done.stdout, "utf-8")
    lesson, figures = copy / FOLDER / "lesson.en.md", copy / FOLDER / "figures.py"
    lesson.write_text(f"{lesson.read_text('utf-8')}{USES}", "utf-8")
    text = with_import(figures.read_text("utf-8"), "lessons.format.drawings", ["MyList"])
    figures.write_text(with_entry(text, figures, "FIGURES", MINE), "utf-8")
    return copy


def test_it_says_what_it_wrote_and_what_comes_next(written: Path) -> None:
    said = (written / "said").read_text("utf-8")
    assert said.startswith("wrote    lessons/course/linear/two_paths/__init__.py\n")
    assert "changed  lessons/course/contents.yaml\n" in said
    assert f"dltutor check {SLUG}   proves" in said
    assert "pytest tests/screens/test_lab_contract.py -k a_valley_of_losses" in said


def test_a_lesson_with_every_kind_of_question_passes_its_check(written: Path) -> None:
    checked, mutants, of_a_new_chapter, shown, long_names = dltutor_each(
        written,
        ["check", SLUG, "--json"],
        ["check", SLUG, "--mutants"],
        ["check", "sums/first"],
        ["show", SLUG],
        ["check", LONG],
    )
    found = json.loads(checked.out)
    assert found["failed"] == 0, checked
    assert "b −2.500" in shown.out
    names = {check["name"] for check in found["checks"]}
    assert names >= {f"q_{kind}" for kind in KINDS} | {"first", "first/added", "two_steps"}
    assert names >= {"programs:first_sum", "programs:second_sum", "my-double/squared"}
    assert "sum-overwritten/faulty" in names
    assert " 0 survived" in mutants.out
    assert " 0 failed" in of_a_new_chapter.out
    assert " 0 failed" in long_names.out, long_names


def test_what_is_added_to_lessons_that_are_there_passes_too(written: Path) -> None:
    (done,) = dltutor_each(written, ["check", "backprop/batches", "backprop/forward", "--json"])
    found = json.loads(done.out)
    assert found["failed"] == 0
    names = {(check["lesson"], check["name"]) for check in found["checks"]}
    assert ("backprop/batches", "another") in names
    assert ("backprop/forward", "sum-overwritten/faulty") in names
    assert ("backprop/batches", "programs:a_sum") in names


def test_a_translation_has_what_the_english_lesson_has(written: Path) -> None:
    english = written / FOLDER / "lesson.en.md"
    (written / FOLDER / "lesson.zh.md").write_bytes(english.read_bytes())  # with what it uses
    (done,) = dltutor_each(written, ["check", "--lang", "zh", SLUG, "--json"])
    found = json.loads(done.out)
    assert (found["failed"], found["translation"]) == (0, [])


def test_an_optimiser_rule_is_offered_moves_and_goes_on_from_what_it_remembers(
    written: Path,
) -> None:
    program = """
import torch
from engine.recipes.catalog import find_recipe
from engine.recipes.rules import rule_class
choices = [find_recipe(name).hyperparameter("optimizer").choices for name in ("mlp", "mlp-concise")]
assert ["my-rule" in names for names in choices] == [True, False], choices
assert find_recipe("mlp").usual_rate({"optimizer": "my-rule"}) == 0.001
made = rule_class("my-rule")
w, v = torch.tensor([3.0], requires_grad=True), torch.tensor([3.0], requires_grad=True)
one, other = made({"w": w}), made({"w": v})
for _ in range(3):
    (w**2).sum().backward()
    one.step(0.5)
other.restore(one.state())
print(w.item(), other.memory["velocity/w"] == one.memory["velocity/w"])
"""
    done = python(written, "-c", program)
    assert done.stdout == "1.5 tensor([True])\n", done.stderr


def test_the_lesson_stands_at_the_end_of_its_chapter(written: Path) -> None:
    text = (written / "lessons/course/contents.yaml").read_text("utf-8")
    assert text.startswith("# The order of chapters")
    linear = next(chapter for chapter in yaml.safe_load(text) if chapter["slug"] == "linear")
    assert list(linear["lessons"].items())[-1] == ("two-paths", "Two paths: one sum")


def test_what_is_written_is_clean(written: Path) -> None:
    tools = (["check", "--no-cache"], ["format", "--check", "--no-cache"])
    new = new_in(written)  # each file is looked at by itself
    for words in tools:
        done = python(written, "-m", "ruff", *words, *new, new=True)
        assert done.returncode == 0, done.stdout


def test_what_is_written_is_typed(written: Path, pytestconfig: pytest.Config) -> None:
    """mypy keeps what it knows of other packages from run to run; PyTorch would take too long."""
    new = new_in(written)
    assert {Path(path).name for path in new} > {
        "my_line.py",
        "a_valley_of_losses.py",
        "my_list.py",
        "facts.py",
    }
    wrong = written / "wrong.py"
    wrong.write_text("from engine.recipes.my_line import RECIPE\n\nnumber: int = RECIPE.name\n")
    settings = written / "typed.toml"
    skipped = '[[tool.mypy.overrides]]\nmodule = ["torch.*"]\nfollow_imports = "skip"\n'
    text = (written / "pyproject.toml").read_text("utf-8")
    settings.write_text(f"{text}\n{skipped}", "utf-8")
    cache = pytestconfig.cache
    kept = os.devnull if cache is None else str(cache.mkdir("mypy"))
    words = ["--config-file", settings.name, "--cache-dir", kept, "--follow-imports=silent"]
    done = python(written, "-m", "mypy", *words, *new, wrong.name, new=True)
    wrong.unlink()
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 1, done.stdout
    assert errors[0].startswith("wrong.py:3: error: Incompatible types in assignment")


def new_in(written: Path) -> list[str]:
    """The files of Python that are not what they are here."""
    here = {path: ROOT / path.relative_to(written) for path in written.rglob("*.py")}
    return [
        str(path.relative_to(written))
        for path, same in here.items()
        if not (same.exists() and filecmp.cmp(path, same))
    ]


def test_a_recipe_trains_an_activation_computes_and_a_command_runs(written: Path) -> None:
    trained, traced, said = dltutor_each(
        written,
        ["train", "my-line", "--json", "--device", "cpu"],
        ["trace", "--activation", "my_sign"],
        ["say-it", "hello"],
    )
    assert json.loads(trained.out.splitlines()[-1])["status"] == "finished"
    assert "|0.3775|" in traced.out
    assert said.out == "hello\n"


def test_the_solution_of_an_exercise_passes_and_its_slip_is_recognised(written: Path) -> None:
    program = """
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import check, code_of
exercise = find_exercise("my-double")
assert len(exercise.text.hints) >= 2
code = vars(code_of(exercise))
assert check(exercise, code).passed
report = check(exercise, {**code, **code["SLIPS"]["squared"]})
assert report.slip == "squared", report
"""
    done = python(written, "-c", program)
    assert done.returncode == 0, done.stderr


def test_a_lab_keeps_to_the_contract(written: Path) -> None:
    for folder in ("tests", "tests/screens"):
        (written / folder).mkdir()
        for file in (ROOT / folder).glob("*.py"):
            shutil.copy(file, written / folder)
    words = (
        "-m",
        "pytest",
        "tests/screens/test_lab_contract.py",
        "-k",
        "a_valley_of_losses or every_key",
    )
    done = python(written, *words)
    assert done.returncode == 0, done.stdout


def test_nothing_is_written_over(written: Path) -> None:
    def state() -> dict[str, str]:
        return {str(path): path.read_text("utf-8") for path in written.rglob("lessons/**/*.py")}

    before = state()
    cases = (
        (["lesson", SLUG, "--title", "Again"], "already"),
        (["question", SLUG, "first"], "already"),
        (["mistake", SLUG, "sum-overwritten"], "already"),
        (["figure", SLUG, "f-curve"], "already"),
        (["code", SLUG, "first-sum"], "already"),
        (["translation", SLUG, "zh"], "already"),
        (["exercise", "my-double", "--lesson", SLUG], "already"),
        (["lab", "a-valley-of-losses"], "already"),
        (["lab", "base"], "tui/labs/base.py already exists"),
        (["recipe", "my-line"], "already"),
        (["activation", "my-sign"], "already"),
        (["optimiser", "my-rule"], "already"),
        (["optimiser", "adam"], "already"),
        (["figure-kind", "my-list"], "already"),
        (["figure-kind", "drawing"], "drawings.py already has Drawing"),
        (["command", "say-it"], "already"),
    )
    found = dltutor_each(written, *(["new", *words] for words, _ in cases))
    for (words, said), done in zip(cases, found, strict=True):
        assert done.status == 2, words
        assert said in done.err, words
    assert state() == before


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9"])
@pytest.mark.parametrize("what", ["chapter", "lesson", "exercise", *_ONE_FILE])
def test_no_file_gets_a_name_that_windows_keeps_for_a_device(
    what: str, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.authoring.writing.Plan.write", lambda _: None)
    words = {
        "chapter": ["lesson", f"{name}/one", "--title", "x", "--chapter-title", "x"],
        "lesson": ["lesson", f"linear/{name}", "--title", "x"],
        "exercise": ["exercise", name, "--lesson", "linear/model"],
    }
    assert main(["new", *words.get(what, [what, name])]) == 2
    assert f"name {name!r} is not valid. Windows keeps it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lesson", "two-paths", "--title", "x"], "is not CHAPTER/NAME"),
        (["lesson", "linear/lambda", "--title", "x"], "The lesson name 'lambda' is not valid"),
        (["lesson", "linear/Two", "--title", "x"], "The lesson name 'Two' is not valid"),
        (["lesson", "linear/two_paths", "--title", "x"], "with hyphens: linear/two-paths"),
        (["lesson", "linear/two-paths"], "needs a title"),
        (["lesson", "sums/first", "--title", "x"], "There is no chapter 'sums'"),
        (["lesson", "lineer/one", "--title", "x"], "There is no chapter 'lineer'"),
        (["question", "linear/nothing", "q"], "There is no lesson"),
        (["lab", "a b"], "The lab name 'a b' is not valid"),
        (["lab", "a" * 41], "has 41 characters. Use at most 40."),
        (["lab", "make-lab"], "tui/labs/__init__.py already defines 'make_lab'."),
        (["activation", "none"], "Python cannot read what engine/activations/none.py would hold"),
        (["activation", "np"], "engine/activations/__init__.py already defines 'np'. Choose"),
        (["optimiser", "tensor"], "engine/recipes/rules/tensor.py would define 'Tensor' twice."),
        (["figure-kind", "ink-line"], "tui/figures/ink_line.py would define 'InkLine' twice."),
        (["exercise", "cases", "--lesson", "linear/model"], "exercise.py would define 'cases' tw"),
        (["code", "backprop/chain-rule", "print"], "'print' is a name of Python's own. Choose"),
        (["translation", "linear/model", "de"], "no translation of the program into 'de', only"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_copy_that_cannot_be_written_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert main(["new", "command", "say-it"]) == 2
    said = capsys.readouterr().err
    assert "is not writable (Permission denied). Clone the repository" in said
    assert not (ROOT / "tui/commands/say_it.py").exists()
