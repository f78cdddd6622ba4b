"""`dltutor predict` and `eval`: the model of a kept run is asked and measured."""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.search import SYSTEM_FOLDERS
from engine.errors import UserError
from engine.training.checkpoint_file import load, save
from engine.training.run_files import checkpoint_path, record_path
from engine.training.trained import read_pixels
from tests.idx import SmallSet
from tests.unit.tui.runs import Capture, listed, said, trained


def test_a_model_is_measured_and_asked(capsys: Capture, tmp_path: Path) -> None:
    end = trained(capsys, "softmax", "--synthetic", "--epochs", "1")
    status, out, _ = said(capsys, "eval", "softmax-1", "--json")
    found = json.loads(out)
    assert (status, found["run"], found["dataset"]) == (0, end["run"], "glyphs")
    _, out, _ = said(capsys, "runs", "show", "softmax-1", "--json")
    assert found["test_accuracy"] == json.loads(out)["measured"][-1]["test_accuracy"]
    picture = tmp_path / "page.png"
    Image.new("L", (56, 56), 255).save(picture)
    _, out, _ = said(capsys, "predict", "softmax-1", str(picture), "--json")
    (row,) = json.loads(out)
    assert (row["source"], row["right"]) == (str(picture), None)
    assert 0 < row["probability"] <= 1
    _, out, _ = said(capsys, "predict", "softmax-1", "--json")
    assert len(json.loads(out)) == 10


def test_a_picture_is_asked_about_without_the_images_of_the_training(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    SmallSet.make("fashion-mnist", train=300, test=60).register(monkeypatch).write(tmp_path)
    where = ("--data-dir", str(tmp_path))
    trained(capsys, "softmax", "--epochs", "1", *where)
    picture = tmp_path / "page.png"
    Image.linear_gradient("L").save(picture)
    with_data = said(capsys, "predict", "softmax-1", str(picture), "--json", *where)
    assert with_data[0] == 0
    labels = next(tmp_path.glob("FashionMNIST/raw/train-labels*"))
    labels.write_bytes(labels.read_bytes()[:-1])
    assert said(capsys, "predict", "softmax-1", str(picture), "--json") == with_data
    assert said(capsys, "predict", "softmax-1", str(picture), *where)[0] == 2, "it was named"
    tmp_path.joinpath("FashionMNIST").rename(tmp_path / "moved")
    assert said(capsys, "predict", "softmax-1", str(picture), "--json") == with_data
    for words in (("predict", "softmax-1"), ("eval", "softmax-1")):
        status, _, err = said(capsys, *words)
        assert (status, "Fashion-MNIST is not on this machine" in err) == (2, True)
        assert f"The run found its images in {tmp_path}, but they are not there" in err


def test_the_folder_of_the_images_is_remembered(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    small = SmallSet.make("fashion-mnist", train=300, test=60).register(monkeypatch)
    small.write(tmp_path / "images")
    monkeypatch.chdir(tmp_path)
    trained(capsys, "softmax", "--epochs", "1", "--data-dir", "images")
    monkeypatch.chdir("/")
    folder = str(tmp_path / "images")
    assert f"Fashion-MNIST in {folder}\n" in said(capsys, "runs", "show", "softmax-1")[1]
    for words in (("predict",), ("eval",), ("runs", "replay"), ("runs", "resume")):
        assert said(capsys, *words, "softmax-1", *(["--epochs", "2"] if "resume" in words else ()),
                    "--json")[0] == 0  # fmt: skip
    more = ("train", "softmax", "--resume", "--epochs", "3", "--json")
    assert said(capsys, *more)[0] == 0
    for run in ("softmax-1", "softmax-2"):
        shown = json.loads(said(capsys, "runs", "show", run, "--json")[1])
        assert shown["data_dir"] == folder
    record_path("softmax-1").unlink()  # as if it had been killed: the checkpoint says it, too
    (tmp_path / "images").rename(tmp_path / "moved")
    assert f"{folder}, not there any longer" in said(capsys, "runs", "show", "softmax-1")[1]
    for words in (("runs", "resume"), ("runs", "replay"), ("eval",)):
        status, _, err = said(capsys, *words, "softmax-1")
        assert (status, f"The run found its images in {folder}, but they" in err) == (2, True)
        assert "glyph set" not in err
    monkeypatch.setenv("DLTUTOR_DATA", str(tmp_path / "moved"))
    for words in (("runs", "replay"), ("eval",)):
        assert said(capsys, *words, "softmax-1")[0] == 0


def test_a_run_that_is_measured_or_repeated_on_other_data_says_so(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(2):
        small = SmallSet.make("fashion-mnist", train=300, test=60, seed=seed)
        small.register(monkeypatch).write(tmp_path / str(seed))
        if seed == 0:
            trained(capsys, "softmax", "--epochs", "1", "--data-dir", str(tmp_path / "0"))
            words = ("eval", "softmax-1", "--json", "--data-dir")
            assert said(capsys, *words, str(tmp_path / "0"))[2] == ""
    status, out, err = said(capsys, *words, str(tmp_path / "1"))
    assert (status, json.loads(out)["test_samples"]) == (0, 60)
    assert err == "dltutor: The data at hand are not those on which softmax-1 was trained.\n"
    again = ("runs", "replay", "softmax-1", "--json", "--data-dir")
    status, out, err = said(capsys, *again, str(tmp_path / "1"))
    assert (status, list(json.loads(out))) == (2, ["error"])
    assert "softmax-1 was trained on different data (Fashion-MNIST)." in err
    assert [row["run"] for row in listed(capsys)] == ["softmax-1"]


def test_a_model_whose_recipe_has_other_shapes_now_gets_a_sentence(capsys: Capture) -> None:
    trained(capsys, "linear", "--epochs", "1")
    path = checkpoint_path("linear-1")
    found = load(path)
    save(replace(found, parameters={**found.parameters, "w": np.zeros((3, 1), np.float32)}), path)
    status, _, err = said(capsys, "eval", "linear-1")
    assert (status, "shapes of the parameters" in err) == (2, True)


def test_what_cannot_be_predicted_gets_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    trained(capsys, "linear", "--epochs", "1")
    status, _, err = said(capsys, "predict", "linear-1")
    assert (status, "does not classify images" in err) == (2, True)
    trained(capsys, "softmax", "--synthetic", "--epochs", "1")
    text, pipe = tmp_path / "text.png", tmp_path / "pipe"
    text.write_text("no picture")
    os.mkfifo(pipe)
    for path in (text, pipe, tmp_path, tmp_path / "missing.png"):
        status, _, err = said(capsys, "predict", "softmax-1", str(path))
        assert (status, "cannot be read as an image" in err) == (2, True)
    picture = tmp_path / "a\x1b[31m picture.png"
    Image.new("L", (28, 28)).save(picture)
    status, out, _ = said(capsys, "predict", "softmax-1", str(picture))
    assert (status, "a\\x1b[31m picture.png" in out) == (0, True)


@pytest.mark.parametrize("trouble", [RuntimeError("no frame"), MemoryError(), KeyError(7)])
def test_what_the_reader_of_a_format_raises_gets_a_sentence(
    trouble: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise trouble

    path = tmp_path / "picture.avif"
    path.write_bytes(b"")
    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(UserError, match=r"picture\.avif cannot be read as an image"):
        read_pixels(path)


def test_many_pixels_are_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "panorama.png"
    Image.new("L", (100, 100)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 9_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_pixels(path).shape == (28, 28)


@pytest.mark.parametrize("ground", ["paper", "transparent", "16 bits", "fractions", "dark"])
def test_a_picture_is_light_on_dark_whatever_it_is_drawn_on(ground: str, tmp_path: Path) -> None:
    path = tmp_path / "digit.png"
    stroke = [(0, y) for y in range(20, 36)]
    picture = Image.new("RGBA", (56, 56), (255, 255, 255, 0 if ground == "transparent" else 255))
    for x in range(24, 32):
        for _zero, y in stroke:
            picture.putpixel((x, y), (0, 0, 0, 255))
    grey = np.asarray(picture.convert("L"), dtype=np.uint16)
    match ground:
        case "transparent":
            picture.save(path)
        case "16 bits":
            Image.fromarray(grey * 257).save(path)
        case "fractions":
            path = path.with_suffix(".tiff")
            Image.fromarray(grey.astype(np.float32) / 255).save(path)
        case "dark":
            Image.fromarray((255 - grey).astype(np.uint8)).save(path)
        case _:
            picture.convert("RGB").save(path)
    pixels = read_pixels(path)
    assert pixels.shape == (28, 28)
    assert (int(pixels[14, 14]), int(pixels[2, 2])) == (255, 0)


def test_a_photograph_is_held_as_its_camera_was(tmp_path: Path) -> None:
    path = tmp_path / "photograph.png"
    picture = Image.new("L", (28, 28), 0)
    picture.paste(255, (0, 0, 28, 4))  # along the upper edge as it is stored
    turned = picture.getexif()
    turned[0x0112] = 6  # to be turned clockwise
    picture.save(path, exif=turned)
    pixels = read_pixels(path)
    assert [int(pixels[14, 27]), int(pixels[1, 14])] == [255, 0]


def test_a_damaged_note_of_the_camera_takes_nothing_from_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "photograph.jpg"
    picture = Image.new("L", (28, 28), 0)
    picture.paste(255, (0, 0, 28, 4))
    note = picture.getexif()
    note[0x0112], note[0x010E] = 6, "abc"
    picture.save(path, exif=note)
    content = path.read_bytes()
    # What was a description is said to be a height.
    text = content.index(b"\x01\x0e\x00\x02")
    path.write_bytes(content[: text + 1] + b"\x01" + content[text + 2 :])
    assert int(read_pixels(path)[1, 14]) > 200


def test_infinite_shades_are_white_and_no_trouble(tmp_path: Path) -> None:
    shades = np.zeros((28, 28), np.float32)
    shades[12:16] = np.inf
    path = tmp_path / "measured.tiff"
    Image.fromarray(shades).save(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels = read_pixels(path)
    assert [int(pixels[14, 14]), int(pixels[2, 2])] == [255, 0]
