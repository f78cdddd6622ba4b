from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.cases import for_each
from tui.cli import main

Answer = dict[str, object]


@pytest.fixture
def trace(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    def run(*words: str) -> Answer:
        assert main(["trace", *words, "--json"]) == 0
        return cast("Answer", json.loads(capsys.readouterr().out))

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., str]:
    def run(*words: str, file: str | bytes | None = None) -> str:
        path = tmp_path / "weights.json"
        if isinstance(file, bytes):
            path.write_bytes(file)
        elif file is not None:
            path.write_text(file)
        weights = [] if file is None else ["--weights", str(path)]
        assert main(["trace", *weights, *words]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("dltutor: ")
        return captured.err

    return run


def _part(answer: Answer, *path: str) -> object:
    found: object = answer
    for key in path:
        found = cast("dict[str, object]", found)[key]
    return found


def test_json_has_the_promised_keys(trace: Callable[..., Answer]) -> None:
    answer = trace()
    assert list(answer) == [
        "layers", "activation", "x", "target", "lr", "bias_mode", "forward", "loss", "deltas",
        "gradients", "max_abs_difference", "updated", "loss_after", "operations",
    ]  # fmt: skip
    assert answer["layers"] == [2, 2, 2]
    assert answer["activation"] == "sigmoid"
    assert answer["bias_mode"] == "per-unit"
    assert list(cast("dict[str, object]", answer["gradients"])) == ["manual", "autograd", "central"]
    operations = cast("list[dict[str, object]]", answer["operations"])
    assert list(operations[0]) == [
        "phase", "symbol", "formula", "substitution", "value", "depends_on",
    ]  # fmt: skip
    assert operations[0]["formula"] == "z_h1 = w1·x1 + w2·x2 + b_h1"
    assert operations[0]["substitution"] == "z_h1 = 0.15·0.05 + 0.2·0.1 + 0.35"
    assert operations[0]["depends_on"] == ["w1", "x1", "w2", "x2", "b_h1"]


def test_json_numbers(trace: Callable[..., Answer]) -> None:
    answer = trace("--bias", "frozen")
    assert _part(answer, "loss", "total") == pytest.approx(0.298371109, abs=5e-10)
    assert answer["loss_after"] == pytest.approx(0.291027774, abs=5e-10)
    a = cast("list[list[float]]", _part(answer, "forward", "a"))
    assert a[0] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert a[1] == pytest.approx([0.751365070, 0.772928465], abs=5e-10)
    assert cast("float", _part(answer, "max_abs_difference", "manual_autograd")) < 1e-15
    assert cast("float", _part(answer, "max_abs_difference", "manual_central")) < 1e-9
    assert _part(answer, "updated", "b") == [[0.35, 0.35], [0.6, 0.6]]
    W = cast("list[list[list[float]]]", _part(answer, "gradients", "manual", "W"))
    assert W[1][0] == pytest.approx([0.082167041, 0.082667628], abs=5e-10)


def test_updates_are_made_before_the_report(trace: Callable[..., Answer]) -> None:
    first = trace("--bias", "shared")
    second = trace("--bias", "shared", "--updates", "1")
    assert _part(second, "loss", "total") == first["loss_after"]
    assert [len(b) for b in cast("list[list[float]]", _part(first, "updated", "b"))] == [1, 1]


def test_options_win_over_the_file(trace: Callable[..., Answer], tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    path.write_text(
        json.dumps(
            {
                "W": [[[0.1, -0.2, 0.3]], [[2]]],
                "b": [0.5, [0.25]],
                "x": [1, 2, 3],
                "target": [0],
                "activation": ["relu", "identity"],
                "lr": 0.1,
                "bias_mode": "shared",
            }
        )
    )
    answer = trace("--weights", str(path), "--lr", "0.25", "--x=-1,0.5,1e-1")
    assert answer["layers"] == [3, 1, 1]
    assert answer["activation"] == ["relu", "identity"]
    assert answer["lr"] == 0.25
    assert answer["x"] == [-1.0, 0.5, 0.1]
    z = 0.1 * -1 + -0.2 * 0.5 + 0.3 * 0.1 + 0.5
    assert _part(answer, "forward", "z") == [pytest.approx([z]), pytest.approx([2 * z + 0.25])]


def test_other_widths_are_drawn_from_the_seed(trace: Callable[..., Answer]) -> None:
    first = trace("--layers", "2,3,1", "--seed", "5")
    assert first == trace("--layers", "2,3,1", "--seed", "5")
    assert first["updated"] != trace("--layers", "2,3,1", "--seed", "6")["updated"]
    assert first["layers"] == [2, 3, 1]


def test_text_report_says_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--bias", "frozen"]) == 0
    text = capsys.readouterr().out
    assert "biases frozen, learning rate 0.5, before the first update." in text
    assert "∂E/∂w5 = δ_o1·out_h1" in text
    assert "= 0.138498562·0.593269992" in text
    assert text.count(" agree\n") == 12
    assert "differ\n" not in text
    assert text.endswith("E was 0.298371109; after the update it is 0.291027774.\n")


@for_each(
    ("words", "sentence"),
    [
        (["--layers", "2"], "at least an input and an output layer"),
        (["--layers", "2,0,1"], "of at least one unit"),
        (["--layers", "2,−1"], "of at least one unit"),
        (["--layers", "2,two"], "--layers takes whole numbers separated by commas"),
        (["--layers", "1000,1000"], "too many to write out"),
        (["--x", "1"], "x has 1 number, but this network needs 2: one per input."),
        (["--x", "a,b"], "--x takes numbers separated by commas"),
        (["--x", "nan,1"], "x contains nan"),
        (["--target", "1,inf"], "target contains inf"),
        (["--lr", "-1"], "The learning rate -1 cannot be used."),
        (["--lr", "nan"], "The learning rate nan cannot be used."),
        (["--activation", "swish"], "There is no activation function 'swish'."),
        (["--activation", "relu,relu,relu"], "3 activation functions for 2 layers"),
        (["--updates", "-1"], "The number of updates cannot be -1."),
        (["--updates", "999999999999"], "updates”. Give a value from 0 to 1000000."),
        (["--seed", "-1"], "The seed must be a whole number, 0 or more, not -1."),
        (["--weights", "missing.json"], "There is no file 'missing.json'."),
        (["--weights", "."], "is a folder"),
        (["--activation", "identity", "--lr", "1e200"], "too large"),
        (["--activation", "identity", "--lr", "1e9", "--updates", "99"], "Update "),
    ],
)
def test_bad_options_get_a_sentence(
    words: list[str], sentence: str, refused: Callable[..., str]
) -> None:
    assert sentence in refused(*words)


@for_each(
    ("file", "sentence"),
    [
        ("{", "is not JSON: line 1, column 2"),
        ("[1]", "contains no JSON object"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        ('{"weights": 1}', "The key 'weights' is not known. The keys are layers,"),
        ('{"layers": 3}', "layers takes a list in square brackets, not 3."),
        ('{"layers": [2, 2.5]}', "layers takes whole numbers"),
        ('{"layers": [2, true]}', "layers takes whole numbers"),
        ('{"W": [[[1, 2], [3]], [[1]]]}', "W (layer 1) needs rows of the same length"),
        ('{"W": [[], [[1]]]}', "W (layer 1) needs rows of the same length"),
        ('{"W": []}', "W has 0 entries, but this network needs 2"),
        ('{"W": [[[1, 2]], [[1, 2]]]}', "W (layer 2) needs 1 row of 1 number"),
        ('{"W": [[["a"]]]}', 'W (layer 1, row 1) takes numbers, not "a".'),
        ('{"W": [[[NaN]]]}', "W (layer 1) contains nan"),
        ('{"W": [[[1e999]]]}', "W (layer 1) contains inf"),
        (f'{{"x": [1, {"9" * 400}]}}', "x contains a number that is too large"),
        ('{"layers": [2, 2], "W": [[[1, 2]]]}', "The shapes of W mean layers of 2, 1 units, but"),
        ('{"b": [[1, 2]]}', "b has 1 entry, but this network needs 2"),
        ('{"b": [[1, 2], [3]]}', "b (layer 2) has 1 number, but this network needs 2: one"),
        ('{"b": [1, 2]}', "b (layer 1) takes a list in square brackets, not 1."),
        ('{"b": [[1, 2], [3, 3]], "bias_mode": "shared"}', "b (layer 1) contains different"),
        ('{"bias_mode": "thawed"}', 'There is no bias mode "thawed". Choose one of frozen,'),
        ('{"activation": 1}', "activation takes a list in square brackets, not 1."),
        ('{"activation": [1, 2]}', "activation takes names such as 'sigmoid'"),
        ('{"lr": "fast"}', 'lr takes numbers, not "fast".'),
        ('{"x": null}', "x takes a list in square brackets, not null."),
    ],
)
def test_bad_files_get_a_sentence(
    file: str | bytes, sentence: str, refused: Callable[..., str]
) -> None:
    assert sentence in refused(file=file)
