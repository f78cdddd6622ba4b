"""Completion in the shell: what may stand at the cursor, and the script of bash in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.data import IMAGE_SETS
from engine.recipes.catalog import recipes
from engine.training.run_files import record_path
from lessons.format.catalog import catalog
from tests.cases import for_each
from tui.cli import main
from tui.commands import commands
from tui.commands.completion import SCRIPTS
from tui.completing import FILE, complete

RECIPES = [recipe.name for recipe in recipes()]
LESSONS = [entry.slug for entry in catalog().entries() if entry.is_written]


def words(*typed: str) -> list[str]:
    return [word for word, _about in complete(typed)]


def keep(*names: str) -> None:
    """Leave records of runs of these names."""
    for name in names:
        record_path(name).parent.mkdir(parents=True, exist_ok=True)
        record_path(name).write_text("{}")


@for_each("name", commands())
def test_every_command_and_its_options_are_offered(name: str) -> None:
    assert name in words(name[:2])
    assert "--help" in words(name, "-")
    assert "--lang" in words(name, "--l")


@for_each(
    ("typed", "offered"),
    [
        (["train", ""], RECIPES),
        (["train", "two-layer-n"], ["two-layer-numpy", "two-layer-nn"]),
        (["--lang", "zh", "sweep", "mlp-"], ["mlp-concise"]),
        (["show", ""], LESSONS),
        (["practice", "backprop/d"], ["backprop/deltas"]),
        (["backprop/d"], ["backprop/deltas"]),
        (["check", "backprop/deltas", "linear/m"], ["linear/model"]),
        (["train", "mlp", "--activation", ""], ["relu", "sigmoid", "tanh"]),
        (["train", "--activation", "r", "mlp"], ["mlp", "mlp-concise"]),
        (["train", "--activation", "r"], ["relu"]),
        (["train", "mlp", "--activation=s"], ["--activation=sigmoid"]),
        (["train", "mlp", "--activation", "=", "s"], ["sigmoid"]),
        (["train", "mlp", "--activation", "="], ["relu", "sigmoid", "tanh"]),
        (["train", "mlp", "--act"], ["--activation"]),
        (["train", "softmax", "--act"], []),
        (["train", "mlp", "--activation", "relu", "--act"], []),
        (["train", "mnist-mlp", "--init", "s"], ["small_normal", "standard_normal"]),
        (["sweep", "mlp", "--optimizer", "sgd,a"], ["sgd,adam"]),
        (["train", "mlp", "--device", "c"], ["cpu", "cuda"]),
        (["lockstep", "linear", "linear-"], ["linear-concise"]),
        (["runs", "re"], ["resume", "replay"]),
        (["runs", "resume", "--ep"], ["--epochs"]),
        (["runs", "list", "fizz"], ["fizzbuzz"]),
        (["data", ""], ["list", "fetch", "verify"]),
        (["data", "fetch", ""], list(IMAGE_SETS)),
        (["new", "q"], ["question"]),
        (["new", "question", "x", "y", "--kind", "s"], ["sign", "shape"]),
        (["judge", "backprop/deltas", "half"], ["half_gone"]),
        (["practice", "backprop/deltas", "--from", "half"], ["half_gone"]),
        (["lessons", "--lang", ""], ["en", "zh"]),
        (["lessons", "--lang=z"], ["--lang=zh"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["nosuch", "x", ""], ["-h", "--help", "--data-dir", "--lang", "-V", "--version"]),
    ],
)
def test_what_is_offered(typed: list[str], offered: list[str]) -> None:
    assert words(*typed) == offered


@for_each(
    "typed",
    [
        ["train", "mlp", "--export", ""],
        ["train", "mlp", "--data-dir", "/t"],
        ["predict", "softmax-1", ""],
        ["--data-dir", ""],
        ["preview", ""],
    ],
)
def test_files_are_left_to_the_shell(typed: list[str]) -> None:
    assert complete(typed) == [FILE]


@pytest.mark.parametrize("command", [["predict"], ["eval"], ["runs", "show"], ["runs", "rm", "x"]])
def test_kept_runs_are_offered_the_latest_first(command: list[str]) -> None:
    keep("softmax-2", "softmax-10", "softmax-concise-1", "linear-3")
    assert words(*command, "soft") == ["softmax-10", "softmax-2", "softmax-concise-1"]


def test_what_is_offered_comes_with_words_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "--words", "train", "softm"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "softmax\tSoftmax regression from scratch"
    assert second.startswith("softmax-concise\t")


def test_words_of_the_line_do_not_count_for_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["completion", "--words", "lessons", "--lang", "f"]) == 0
    assert capsys.readouterr() == ("", "")


def test_without_a_shell_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion"]) == 0
    assert "~/.bashrc" in capsys.readouterr().out


def in_bash(*typed: str, folder: Path) -> list[str]:
    """What bash offers for these words, by the script as the program prints it."""
    program = f"""
        dltutor() {{ {sys.executable} -m tui.cli "$@"; }}
        source <(dltutor completion bash)
        [ "$(complete -p dltutor)" = "complete -F _dltutor dltutor" ] || echo not registered
        cd "$1"; shift
        COMP_WORDS=(dltutor "$@"); COMP_CWORD=$#
        _dltutor dltutor "${{!#}}" x
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", program, "bash", str(folder), *typed],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_offers_it(tmp_path: Path) -> None:
    assert in_bash("train", "mlp", "--activation", "", folder=tmp_path) == [
        "relu", "sigmoid", "tanh",
    ]  # fmt: skip
    (tmp_path / "my images.png").touch()
    (tmp_path / "other").mkdir()
    assert in_bash("predict", "softmax-1", "m", folder=tmp_path) == ["my images.png"]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_has_the_grammar_of_its_shell(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    assert main(["completion", shell]) == 0
    script = tmp_path / shell
    script.write_text(capsys.readouterr().out)
    subprocess.run([shell, "-n", str(script)], check=True, timeout=60)
