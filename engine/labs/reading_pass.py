"""One pass over an image set, timed in each of the ways: a separate program.

`engine.labs.reading_program` runs it in a fresh process, where worker processes can be created in
the platform's default way: an application with threads must not fork, and killing this process
group kills its workers as well. It writes one JSON object per line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import ToTensor

from engine.devices import use_one_thread
from engine.errors import UserError
from engine.language import ENGLISH, _, use

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.loading import ImageData

_REPORT_EVERY = 0.2
"""Seconds between two reports of a running pass."""


class Images(Dataset[tuple["Tensor", int]]):
    """Images as torchvision's data sets return them: one at a time, through PIL and ToTensor."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        """`images`: (N, 28, 28) uint8; `labels`: (N,) int64."""
        self.images, self.labels = images, labels
        self.transform = ToTensor()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """(1, 28, 28) float32 from 0 to 1, and the label."""
        image = Image.fromarray(self.images[index].numpy())
        return cast("Tensor", self.transform(image)), int(self.labels[index])


def loader_batches(
    images: Tensor, labels: Tensor, batch_size: int, workers: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffled batches (n, 1, 28, 28) float32 and (n,) int64 from a DataLoader."""
    loader = DataLoader(Images(images, labels), batch_size, shuffle=True, num_workers=workers)
    yield from loader


def memory_batches(
    images: Tensor, labels: Tensor, batch_size: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """The same kind of batches, by indexing the tensors in a shuffled order."""
    for places in torch.randperm(len(labels)).split(batch_size):
        yield images[places].unsqueeze(1).float() / 255, labels[places]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a pass has got."""

    images: int
    seconds: float
    first: float
    """Seconds until the first batch arrived."""
    label_sum: int
    """The sum of all labels read: the same for every way that reads each image once."""


def timed(batches: Iterator[tuple[Tensor, Tensor]]) -> Iterator[Reached]:
    """Read all batches; yields every so often, and once at the end."""
    begun = told = time.perf_counter()
    images, label_sum, first, now = 0, 0, 0.0, begun
    for _images, labels in batches:
        now = time.perf_counter()
        first = first or now - begun
        images += len(labels)
        label_sum += int(labels.sum())
        if now - told >= _REPORT_EVERY:
            told = now
            yield Reached(images, now - begun, first, label_sum)
    yield Reached(images, time.perf_counter() - begun, first, label_sum)


def _load(data_dir: Path | None, limit: int) -> tuple[ImageData, Tensor, Tensor, str]:
    """The set, as many of its training images and labels as asked for, and what went wrong."""
    from engine.labs.gallery import load_set

    data, trouble = load_set(data_dir)
    count = min(limit or len(data.train_labels), len(data.train_labels))
    return data, data.train_images[:count], data.train_labels[:count], trouble


def run(say: TextIO, data_dir: Path | None, batch_size: int, limit: int, ways: list[int]) -> None:
    """Time each way in `ways`: a number of workers, or −1 for tensors in memory."""

    def tell(**fields: object) -> None:
        say.write(json.dumps(fields) + "\n")
        say.flush()

    data, images, labels, trouble = _load(data_dir, limit)
    tell(event="data", title=data.title, synthetic=data.synthetic, images=len(labels),
         trouble=trouble)  # fmt: skip
    for way in ways:
        tell(event="begun", way=way)
        batches = (
            memory_batches(images, labels, batch_size)
            if way < 0
            else loader_batches(images, labels, batch_size, way)
        )
        reached = None
        try:
            for reached in timed(batches):
                tell(event="reached", way=way, **_fields(reached))
        except (RuntimeError, OSError) as error:
            reason = (str(error).splitlines() or [_("no reason given")])[0]
            tell(event="failed", way=way, reason=reason)
            continue
        if reached is not None:
            tell(event="done", way=way, **_fields(reached))


def _fields(reached: Reached) -> dict[str, object]:
    return {name: getattr(reached, name) for name in Reached.__slots__}


def main() -> int:
    """Read the arguments and time the ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--lang", default=ENGLISH)
    parser.add_argument("ways", type=int, nargs="+")
    arguments = parser.parse_args()
    use(arguments.lang)
    use_one_thread()
    warnings.simplefilter("ignore")  # torch warns about more workers than processors
    say = sys.stdout
    with redirect_stdout(sys.stderr):
        try:
            run(say, arguments.data_dir, arguments.batch_size, arguments.limit, arguments.ways)
        except UserError as error:
            say.write(json.dumps({"event": "failed", "way": None, "reason": str(error)}) + "\n")
    return 0
