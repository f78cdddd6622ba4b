"""Reading a data set in four ways: the same images, lines that are read, a process that ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.labs.reading_data import MEMORY, WAYS, Pass, Reading, State, command, way_name
from engine.labs.reading_pass import Reached, loader_batches, memory_batches, timed
from tests.cases import for_each
from tests.unit import warm


def some_images(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    images = torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8, generator=generator)
    return images, torch.arange(count)


def in_order(batches: Iterator[tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
    """All images by their label, which is their place."""
    images, labels = zip(*batches, strict=True)
    return torch.cat(images)[torch.cat(labels).argsort()]


def test_both_ways_read_every_image_once_and_give_the_same_numbers() -> None:
    images, labels = some_images(150)
    loaded = in_order(loader_batches(images, labels, 64, workers=0))
    indexed = in_order(memory_batches(images, labels, 64))
    assert loaded.shape == (150, 1, 28, 28)
    assert loaded.dtype == indexed.dtype == torch.float32
    assert torch.equal(loaded, indexed)
    assert torch.equal(loaded[:, 0] * 255, images.float())


def test_batches_are_shuffled_and_the_last_one_is_smaller() -> None:
    batches = [y for _, y in memory_batches(*some_images(150), 64)]
    assert [len(y) for y in batches] == [64, 64, 22]
    assert not torch.equal(torch.cat(batches), torch.arange(150))


def test_a_timed_pass_counts_images_and_labels() -> None:
    last = list(timed(memory_batches(*some_images(150), 64)))[-1]
    assert (last.images, last.label_sum) == (150, sum(range(150)))
    assert 0 < last.first <= last.seconds


def line(event: str, **fields: object) -> str:
    return json.dumps({"event": event, **fields})


def test_the_lines_of_the_process_fill_the_state() -> None:
    state = State(running=True)
    state = state.after(line("data", title="T", synthetic=True, images=400, trouble="None."))
    assert (state.title, state.synthetic, state.images, state.trouble) == ("T", True, 400, "None.")
    state = state.after(line("begun", way=2))
    assert state.of(2) == Pass(2, begun=True)
    state = state.after(line("reached", way=2, images=100, seconds=0.5, first=0.1, label_sum=7))
    assert state.of(2).rate == 200
    assert not state.of(2).done
    state = state.after(line("done", way=2, images=400, seconds=1.0, first=0.1, label_sum=9))
    assert state.of(2) == Pass(2, 400, 1.0, 0.1, 9, begun=True, done=True)
    assert state.fastest == 400
    state = state.after(line("failed", way=4, reason="no memory"))
    assert state.of(4).failure == "It failed: no memory"
    assert not state.is_finished
    state = state.after(line("failed", way=None, reason="The glyphs cannot be drawn."))
    assert state.trouble == "The glyphs cannot be drawn."


@for_each(
    "text", ["", "Traceback", "[1]", "{}", '{"event": "done", "way": 2}', '{"event": 7, "way": 9}']
)
def test_other_lines_change_nothing(text: str) -> None:
    state = State(running=True)
    assert state.after(text) is state


def test_the_ways_have_names() -> None:
    assert [way_name(way) for way in WAYS] == [
        "DataLoader, 0 workers",
        "DataLoader, 2 workers",
        "DataLoader, 4 workers",
        "tensors in memory",
    ]


class Forks:
    """As much of `subprocess` as starts a reading: in a fork of what has imported torchvision."""

    PIPE = subprocess.PIPE

    @staticmethod
    def Popen(words: list[str], *, env: dict[str, str], **_same: object) -> warm.Piped:  # noqa: N802
        return warm.Piped(words[1:], env)


def test_a_reading_of_the_glyphs_in_all_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One real run, with real worker processes."""
    if warm.FORKS:
        monkeypatch.setattr("engine.labs.reading_data.subprocess", Forks)
    reading = Reading(command(tmp_path, batch_size=64, limit=200))
    state = reading.follow()
    assert state.synthetic
    assert "synthetic" in state.trouble
    assert state.images == 200
    assert state.is_finished
    assert not state.running
    assert {one.failure for one in state.passes} == {""}
    assert {one.images for one in state.passes} == {200}
    assert len({one.label_sum for one in state.passes}) == 1
    assert all(0 < one.first <= one.seconds for one in state.passes)


def test_a_program_that_fails_is_told_by_its_last_words() -> None:
    words = [sys.executable, "-c", "import sys; print('{}'); sys.exit('the disk is gone')"]
    state = Reading(words).follow()
    assert state.trouble == "The reading process stopped early: the disk is gone"
    assert not state.running


def test_a_program_that_is_not_there_is_told() -> None:
    state = Reading(["/nowhere/python"]).follow()
    assert state.trouble.startswith("The reading process could not be started: ")
    assert not state.running


def test_what_was_stopped_before_it_began_never_begins() -> None:
    reading = Reading(["/nowhere/python"])
    reading.stop()
    state = reading.follow()
    assert state.stopped
    assert not state.running
    assert state.trouble == ""
    assert reading.process_id is None


def test_the_numbers_of_a_report_are_those_of_the_pass() -> None:
    assert tuple(Reached.__slots__) == ("images", "seconds", "first", "label_sum")
    assert set(Reached.__slots__) <= set(Pass.__slots__)
    assert MEMORY not in range(100)
