"""What the command line says about a mistake: a sentence of ours, never one of argparse."""

from __future__ import annotations

import json

import pytest

from tests.cases import for_each
from tui.cli import main, parser_of
from tui.commands import commands
from tui.parsing import Parser


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is printed about a mistake, with exit status 2."""
    try:
        status = main(list(words))
    except SystemExit as ended:
        status = int(str(ended.code))
    out, err = capsys.readouterr()
    assert (status, bool(out)) == (2, "--json" in words[1:])
    assert err.startswith("dltutor: ")
    if out:
        assert json.loads(out) == {"error": err.removeprefix("dltutor: ").rstrip()}
    assert err.count("\n") == 1
    for word in ("usage:", "error:", "arguments are", "choose from", "Traceback"):
        assert word not in err
    return err


@for_each(
    ("words", "sentence"),
    [
        (
            ["train"],
            "This is missing: RECIPE. Write `dltutor train RECIPE`; `dltutor train --help` says",
        ),
        (["runs", "export"], "This is missing: RUN. Write `dltutor runs export RUN [DIR]`;"),
        (["show"], "This is missing: LESSON. Write `dltutor show LESSON`;"),
        (["predict"], "This is missing: RUN. Write `dltutor predict RUN [IMAGE]`;"),
        (["data", "fecth"], "'fecth' is not possible for ACTION. Did you mean fetch? Choose one"),
        (["data", "burn"], "for ACTION. Choose one of list, fetch, verify."),
        (["runs", "lst"], "'lst' is not possible for ACTION. Did you mean list? Choose one of"),
        (["new", "qestion"], "Did you mean question? Choose one of lesson, question"),
        (["config", "chek"], "Did you mean check?"),
        (["completion", "basch"], "Did you mean bash? Choose one of bash, zsh, fish."),
        (["trace", "--bias", "frozn"], "'frozn' is not possible for --bias. Did you mean frozen?"),
        (["train", "mlp", "--epcohs", "3"], "There is no option --epcohs. Did you mean --epochs?"),
        (["train", "--epcohs", "3", "mlp"], "There is no option --epcohs. Did you mean --epochs?"),
        (["train", "mlp", "--learning-rate=1"], "no option --learning-rate. Did you mean --lr?"),
        (["train", "mlp", "--batchsize", "1"], "Did you mean --batch-size?"),
        (
            ["train", "mlp", "--zebra"],
            "no option --zebra. `dltutor train --help` lists the options.",
        ),
        (["lessons", "--jsn"], "There is no option --jsn. Did you mean --json?"),
        (["runs", "list", "--jsno"], "There is no option --jsno. Did you mean --json?"),
        (["lessons", "all"], "The argument 'all' is one too many. `dltutor lessons --help` shows"),
        (["train", "mlp", "--lr"], "A value is missing after --lr: `--lr X`."),
        (["train", "mlp", "--de"], "A value is missing after --device: `--device NAME`."),
        (["trace", "--updates", "x"], "--updates takes a whole number, not 'x'."),
        (["trace", "--lr", "fast"], "--lr takes a number, not 'fast'."),
        (["lockstep", "linear", "--steps", "0"], "--steps: '0' is not a whole number above 0."),
        (["lockstep", "linear", "--precision", "float46"], "not possible for --precision."),
        (
            ["train", "mlp", "--s", "1"],
            "--s may mean any of --seed, --synthetic. Write more of it.",
        ),
        (["train", "mlp", "--json=1"], "--json takes no value; leave '1' out."),
        (["progress", "--json", "--markdown"], "--markdown and --json exclude each other."),
        (["train", "softmx"], "There is no recipe 'softmx'. Did you mean softmax? The recipes are"),
        (["lockstep", "linaer", "linear"], "Did you mean linear?"),
        (["sweep", "zebra"], "There is no recipe 'zebra'. The recipes are linear,"),
        (["train", "mlp", "--activation", "rleu"], "Did you mean relu? Choose one of relu, sigm"),
        (["train", "mlp", "--activation", "zebra"], "“activation”. Choose one of relu, sigmoid"),
        (["train", "softmax", "--hidden", "9"], "'softmax' has no setting 'hidden'. It has epochs"),
        (["config", "shwo"], "'shwo' is not possible for ACTION. Did you mean show? Choose"),
        (["train", "linear", "--device", "gpu"], "There is no device 'gpu'. Choose auto, cpu"),
        (["trian", "softmax", "--epochs", "1"], "Did you mean `dltutor train`?"),
        (["--json", "lessons"], "Did you mean `dltutor lessons`?"),
        (["delats"], "There is no lesson 'delats'. Did you mean backprop/deltas?"),
        (["zebra"], "There is no lesson 'zebra'. `dltutor lessons` lists them."),
        (["show", "backprop/forwrad"], "Did you mean backprop/forward?"),
        (["judge", "backprop/deltas", "half_gnoe", "a"], "Did you mean half_gone?"),
        (["judge", "backprop/deltas", "zebra", "a"], "Its questions are half_gone,"),
        (["data", "list", "FashionMNIST"], "Did you mean fashion-mnist?"),
        (["data", "list", "mnsit"], "There is no data set 'mnsit'. Did you mean mnist?"),
        (["predict", "softmax-1", "x.png", "--device"], "A value is missing after --device"),
        (["runs", "resume", "a-1", "--seed", "3"], "`dltutor runs resume --help` lists the"),
        (["runs", "export", "a-1", "--json", "b", "c"], "'c' is one too many. `dltutor runs exp"),
        (["data", "--json"], "This is missing: ACTION. Write `dltutor data ACTION`;"),
        (["config", "--json"], "This is missing: ACTION. Write `dltutor config ACTION`;"),
        (["exercise", "--json"], "This is missing: ACTION. Write `dltutor exercise ACTION`;"),
        # More digits than a float has, or than Python reads.
        (["train", "mlp", "--epochs", "9" * 23], "9" * 23 + " is out of bounds for the setting"),
        (["train", "mlp", "--seed", "9" * 400], "9" * 400 + " is out of bounds for the setting"),
        (["train", "mlp", "--hidden", "9" * 5000], "“hidden units” must be a whole number"),
        (["train", "mlp", "--nproc", "9" * 5000], "64 processes on one machine, not 999999999"),
        (["train", "linear", "--device", "cuda:" + "9" * 5000], "device"),
        (["sweep", "linear", "--seeds", "9" * 30], "That is " + "9" * 30 + " trainings, and a"),
        (["lockstep", "linear", "linear", "--nproc", "9" * 5000], "numbers from 2 to 64,"),
    ],
)
def test_a_mistake(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sentence in said(capsys, *words)


def test_a_run_that_is_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no run is kept yet" in said(capsys, "runs", "show", "linear-1")
    assert main(["train", "linear", "--epochs", "1", "--device", "cpu", "-q"]) == 0
    linear = capsys.readouterr().out.strip()
    assert f"Did you mean {linear}?" in said(capsys, "runs", "show", "liner-1")
    assert f"The latest is {linear}." in said(capsys, "eval", "zebra")


@for_each("name", commands())
def test_no_command_shows_what_argparse_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with an option that does not exist, and with what is missing."""
    text = said(capsys, name, "--no-such-option")
    assert "There is no option --no-such-option." in text or "This is missing: " in text


def test_a_message_that_is_not_known_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Parser(prog="x").error("something new")
    assert capsys.readouterr().err == "dltutor: something new\n"


@for_each("form", ["(choose from 'a', 'b')", "(choose from a, b)"])
@for_each("more", ["", ", maybe you meant 'a'?"])
def test_the_wording_of_other_pythons_is_understood(
    form: str, more: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Parser(prog="x")
    parser.add_argument("letter", choices=["alpha", "beta"])
    with pytest.raises(SystemExit):
        parser.error(f"argument letter: invalid choice: 'alhpa'{more} {form}")
    assert "Did you mean alpha? Choose one of alpha, beta." in capsys.readouterr().err


@for_each("name", ["data", "runs", "new", "config", "completion", "exercise"])
def test_without_an_action_a_command_shows_its_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name]) == 0
    assert f"usage: dltutor {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["-V"], ["--version"]])
def test_version(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("dltutor 0.")


def test_a_number_may_have_a_minus_sign() -> None:
    parser = Parser()
    parser.add_argument("--lr", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--name")
    found = parser.parse_args(["--lr", "1e−6", "--seed=−3", "--name", "a−b"])
    assert (found.lr, found.seed, found.name) == (1e-6, -3, "a−b")


@for_each(
    ("words", "wanted"),
    [
        (["predict", "a-1", "--json", "x.png", "--device", "cpu", "y.png"], ["x.png", "y.png"]),
        (["predict", "--dev=cpu", "a-1", "--js", "--data", "d", "--", "--json"], ["--json"]),
        (["predict", "--json", "--data-dir", "d", "a-1"], []),
        (["runs", "rm", "b-1", "--json", "b-2"], ["b-1", "b-2"]),
        (["runs", "export", "a-1", "--format", "onnx", "d"], "d"),
        (["data", "verify", "--data-dir", "d", "mnist"], "mnist"),
        (["check", "a", "--round", "1", "b"], ["a", "b"]),
    ],
)
def test_options_may_stand_between_arguments(words: list[str], wanted: object) -> None:
    found = vars(parser_of(words[0], words[1:])[1].parse_args(words[1:]))
    last = next(found[name] for name in ("images", "runs", "folder", "name", "lessons")
                if name in found)  # fmt: skip
    assert (list(map(str, last)) if isinstance(last, list) else str(last)) == wanted
    assert found.get("run", "a-1") == "a-1"
