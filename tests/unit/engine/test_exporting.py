"""Runs as files of other programs, read back by decoders that are written here anew."""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from engine.errors import UserError
from engine.exporting import onnx_model
from engine.exporting.onnx_model import model_of, onnx_file
from engine.exporting.parameters import parameters_file
from engine.exporting.records import crc32c, masked, record, varint
from engine.exporting.tensorboard import event_file, file_name
from engine.recipes.catalog import find_recipe, recipes
from engine.training.checkpoint import capture
from engine.training.export import export, export_files
from engine.training.loop import TrainingRun
from engine.training.snapshot import Change, Curve
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.small_images import write_small_sets
from tests.unit.engine.test_training_export import MOMENT, SNAPSHOT
from tests.unit.engine.training_fakes import FakeClock
from tests.unit.engine.training_fakes import load as load_task

ENDED = datetime(2026, 2, 3, 4, 0, tzinfo=UTC)


@for_each(
    ("data", "expected"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),  # these four: RFC 3720, appendix B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ],
)
def test_the_checksum_is_crc_32c(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


def test_a_record_as_tensorflow_writes_it() -> None:
    # A record of no bytes: both checksums are masked, and that of nothing is the mask itself.
    assert masked(0) == 0xA282EAD8
    assert (
        record(b"") == bytes(8) + struct.pack("<I", masked(crc32c(bytes(8)))) + b"\xd8\xea\x82\xa2"
    )


@for_each(
    ("value", "expected"),
    [(0, b"\0"), (1, b"\1"), (127, b"\x7f"), (128, b"\x80\1"), (300, b"\xac\2"),
     (-1, b"\xff" * 9 + b"\1")],
)  # fmt: skip
def test_whole_numbers_take_seven_bits_a_byte(value: int, expected: bytes) -> None:
    assert varint(value) == expected


def records(content: bytes) -> Iterator[bytes]:
    """The records of a file, with every checksum checked."""
    while content:
        length = content[:8]
        (size,) = struct.unpack("<Q", length)
        data, rest = content[12 : 12 + size], content[12 + size :]
        assert struct.unpack("<I", content[8:12])[0] == masked(crc32c(length))
        assert struct.unpack("<I", rest[:4])[0] == masked(crc32c(data))
        assert len(data) == size
        yield data
        content = rest[4:]


def fields(data: bytes) -> dict[int, list[Any]]:
    """The fields of a message by their numbers: whole numbers, floats and bytes."""
    found: dict[int, list[Any]] = {}

    def number() -> int:
        nonlocal data
        value = shift = 0
        while True:
            byte, data = data[0], data[1:]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while data:
        tag = number()
        value: Any
        match tag & 7:
            case 0:
                value = number()
            case 1:
                (value,), data = struct.unpack("<d", data[:8]), data[8:]
            case 2:
                size = number()
                value, data = data[:size], data[size:]
            case 5:
                (value,), data = struct.unpack("<f", data[:4]), data[4:]
            case other:
                raise AssertionError(f"wire type {other}")
        found.setdefault(tag >> 3, []).append(value)
    return found


def values(content: bytes) -> Iterator[tuple[int, float, str, dict[int, list[Any]]]]:
    """Step, time, tag and fields of every value in an event file."""
    first, *events = map(fields, records(content))
    assert first[3] == [b"brain.Event:2"]
    for event in events:
        (value,) = fields(event[5][0])[1]
        inner = fields(value)
        yield event[2][0], event[1][0], inner[1][0].decode(), inner


RUN = replace(
    SNAPSHOT,
    seconds=40.0,
    started_with={"epochs": 2, "lr": 0.5, "activation": "relu"},
    changes=(Change(235, "lr", 0.25),),
    processes=((0, 4), (100, 2)),
    losses=Curve((1, 2, 470), (2.5, 0.25, 1e300)),
    layers=("hidden 1", "output"),
)


def test_an_event_file_holds_the_curves_by_step() -> None:
    scalars: dict[str, list[Any]] = {}
    for step, _moment, tag, inner in values(event_file(RUN, ENDED)):
        if 2 in inner:
            scalars.setdefault(tag, []).append((step, inner[2][0]))
    huge = (470, math.inf)  # it has no place in 32 bits
    assert scalars["loss/update"] == [(1, 2.5), (2, 0.25), huge]
    assert "loss/update_max" not in scalars
    assert scalars["loss/train"] == [(235, pytest.approx(1 / 3)), (470, pytest.approx(0.3))]
    assert scalars["loss/test"] == [(235, pytest.approx(0.7)), (470, pytest.approx(0.6))]
    assert scalars["accuracy/train"] == [(235, 0.5)]
    assert "loss/validation" not in scalars
    assert scalars["learning_rate"] == [(0, 0.5), (235, 0.25), (470, 0.25)]
    assert scalars["gradient_norm/hidden_1"] == [(235, pytest.approx(0.1))]
    assert scalars["samples_per_second"] == [(235, 1000.0), (470, 1000.0)]


def test_an_event_file_keeps_extremes_and_what_was_not_finite() -> None:
    merged = Curve((2, 4, 5), (1.0, 2.0, 0.5), (0.5, None, 0.5), (1.5, None, 0.5), (2, 1, 1),
                   ((3, "inf"),))  # fmt: skip
    scalars: dict[str, list[Any]] = {}
    for step, _moment, tag, inner in values(event_file(replace(RUN, losses=merged), ENDED)):
        if tag.startswith("loss/update"):
            scalars.setdefault(tag, []).append((step, inner[2][0]))
    assert scalars == {
        "loss/update": [(2, 1.0), (3, math.inf), (4, 2.0), (5, 0.5)],
        "loss/update_min": [(2, 0.5), (5, 0.5)],
        "loss/update_max": [(2, 1.5), (5, 0.5)],
    }


def test_the_times_end_with_the_run() -> None:
    moments = {step: moment for step, moment, tag, _ in values(event_file(RUN, ENDED))
               if tag == "loss/train"}  # fmt: skip
    assert moments == {235: ENDED.timestamp() - 20, 470: ENDED.timestamp()}
    assert file_name(ENDED) == f"events.out.tfevents.{int(ENDED.timestamp())}.dltutor"


def test_settings_and_changes_are_texts() -> None:
    texts = {}
    for step, _moment, tag, inner in values(event_file(RUN, ENDED)):
        if tag.endswith("/text_summary"):
            plugin = fields(fields(inner[9][0])[1][0])
            tensor = fields(inner[8][0])
            assert (plugin[1], tensor[1]) == ([b"text"], [7])
            assert fields(fields(tensor[2][0])[2][0])[1] == [1]
            texts[tag, step] = tensor[8][0].decode()
    assert "| lr | 0.5 |" in texts["settings/text_summary", 0]
    assert "| processes | 4 from update 0, 2 from update 100 |" in texts["settings/text_summary", 0]
    assert texts["changes/text_summary", 235] == "lr = 0.25"


def test_the_settings_are_hparams() -> None:
    found = {}
    for _step, _moment, tag, inner in values(event_file(RUN, ENDED)):
        if tag.startswith("_hparams_/"):
            plugin = fields(fields(inner[9][0])[1][0])
            assert plugin[1] == [b"hparams"]
            found[tag.removeprefix("_hparams_/")] = fields(plugin[2][0])
    start = fields(found["session_start_info"][3][0])
    assert start[5] == [ENDED.timestamp() - 40]
    pairs = {}
    for pair in map(fields, start[1]):
        value = fields(pair[2][0])
        pairs[pair[1][0].decode()] = value[2][0] if 2 in value else value[3][0].decode()
    assert pairs == {"recipe": "mlp", "epochs": 2.0, "lr": 0.5, "activation": "relu"}
    experiment = fields(found["experiment"][2][0])
    names = [fields(info)[1][0].decode() for info in experiment[4]]
    assert names == ["recipe", "epochs", "lr", "activation"]
    assert [fields(info)[4][0] for info in experiment[4]] == [1, 3, 3, 1]
    metrics = [fields(fields(info)[1][0])[2][0].decode() for info in experiment[5]]
    assert metrics == ["loss/train", "loss/test"]
    assert fields(found["session_end_info"][4][0]) == {1: [1], 2: [ENDED.timestamp()]}


def test_a_run_without_measurements_is_a_file_too() -> None:
    bare = replace(RUN, measured=(), losses=Curve(), changes=(), started_with={}, settings={})
    assert all(2 not in inner for _step, _moment, _tag, inner in values(event_file(bare, ENDED)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        yield write_small_sets(tmp_path_factory.mktemp("sets"), patch)


def run_of(name: str, folder: Path, **given: Any) -> TrainingRun:
    recipe = find_recipe(name)
    settings = recipe.settings(given)
    run = TrainingRun(load_task(name, settings, Source("cpu", folder)), name, settings, FakeClock())
    run.name = f"{name}-1"
    return run


def outputs(run: TrainingRun) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs of the exported model, and what the trained one gives for them."""
    task: Any = run.task
    if run.recipe.startswith("two-layer"):
        x = task.data.test_x[:5]
        return x, task.predict(x)
    if run.recipe == "linear":
        return task.data.X[:5], (task.data.X[:5] @ task.w + task.b).unsqueeze(1)
    if run.recipe == "linear-concise":
        return task.data.X[:5], task.net(task.data.X[:5])
    if run.recipe == "fizzbuzz":
        return task.test_X[:5], task.model(task.test_X[:5])
    pixels = task.data.test_images[:5]
    X = task.features(pixels)
    return pixels.flatten(1) / 255, task.scores(X.flatten(1) if "concise" not in run.recipe
                                                and "module" not in run.recipe else X)  # fmt: skip


@for_each("name", [recipe.name for recipe in recipes()])
def test_the_exported_model_computes_what_the_recipe_does(folder: Path, name: str) -> None:
    run = run_of(name, folder)
    with torch.no_grad():  # biases that are 0 would hide a mistake
        for number, value in enumerate(run.task.parameters.values()):
            value.add_(0.01 * (number + 1))
    x, expected = outputs(run)
    found = model_of(capture(run), find_recipe(name))(x)
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_a_square_layer_is_not_turned_round(folder: Path) -> None:
    for name in ("mlp", "mlp-concise"):
        run = run_of(name, folder, hidden=784, activation="tanh")
        x, expected = outputs(run)
        found = model_of(capture(run), find_recipe(name))(x)
        assert torch.allclose(found, expected, atol=1e-5)


def test_parameters_are_read_back_with_their_origin(folder: Path, tmp_path: Path) -> None:
    run = run_of("softmax-concise", folder)
    path = tmp_path / "model.safetensors"
    changed = replace(capture(run), changes=(Change(1, "lr", 0.05),))
    path.write_bytes(parameters_file(changed))
    net: Any = run.task
    net.net.load_state_dict(load_file(path))
    assert {name: value.dtype for name, value in load_file(path).items()} == {
        "1.weight": torch.float32,
        "1.bias": torch.float32,
    }
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
    assert (header["run"], header["recipe"]) == ("softmax-concise-1", "softmax-concise")
    assert '"batch_size": 256' in header["settings"]
    assert '"lr": 0.1' in header["started_with"]
    assert header["changes"] == '[{"step": 1, "setting": "lr", "value": 0.05}]'


def test_onnx_says_what_it_takes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = capture(run_of("softmax", folder))
    monkeypatch.setattr(onnx_model, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="pip install onnx onnxscript"):
        onnx_file(checkpoint, find_recipe("softmax"))
    monkeypatch.setattr(onnx_model, "find_spec", lambda name: name)
    asked: list[dict[str, Any]] = []

    def exported(
        model: torch.nn.Module, args: tuple[torch.Tensor], path: Path, **more: Any
    ) -> None:
        assert model(*args).shape == (2, 10)
        asked.append(more)
        path.write_bytes(b"onnx")

    monkeypatch.setattr("torch.onnx.export", exported)
    assert onnx_file(checkpoint, find_recipe("softmax")) == b"onnx"
    assert (asked[0]["input_names"], asked[0]["output_names"]) == (["x"], ["y"])
    strange = replace(checkpoint, parameters={"kernel": checkpoint.parameters["W"]})
    with pytest.raises(UserError, match="not a chain of linear layers"):
        onnx_file(strange, find_recipe("softmax"))


@pytest.mark.skipif(find_spec("onnx") is not None, reason="the package onnx is installed")
def test_no_exporter_of_torch_does_without_onnx(tmp_path: Path) -> None:
    # If this fails, PyTorch has one, and the packages need not be asked for.
    model, sample = torch.nn.Linear(2, 1), (torch.zeros(2, 2),)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(torch.onnx.errors.OnnxExporterError, match="onnx is not installed"):
            torch.onnx.export(model, sample, tmp_path / "model.onnx", dynamo=False)
    with pytest.raises(ImportError):
        torch.onnx.export(model, sample, tmp_path / "model.onnx", dynamo=True)


WRITERS: dict[str, Callable[[Path], Path]] = {
    "csv": lambda folder: export(SNAPSHOT, folder, moment=MOMENT),
    "any": lambda folder: export_files(SNAPSHOT, folder, {"model.onnx": b"1"}, moment=MOMENT),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_an_export_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]
) -> None:
    (tmp_path / "mlp-20260203-040506").mkdir()  # another's: it is left alone
    assert write(tmp_path).name == "mlp-20260203-040506-2"
    before = sorted(tmp_path.iterdir())

    def refuse(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(UserError, match="No space left"):
        write(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
