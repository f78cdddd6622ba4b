"""Programs that show sentences of `classification/fashion-mnist` to be true."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from lessons.course.classification.fashion_mnist.facts import BATCH, GREY, RATE, WHITE
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from torch import Tensor


@lru_cache(maxsize=1)
def _glyphs() -> tuple[Tensor, Tensor]:
    """A thousand built-in images, (1000, 784) numbers from 0 to 1, and their labels."""
    from engine.data.glyphs import glyph_images

    data = glyph_images(0, 1000, 10)
    return data.train_images.flatten(1).float() / WHITE, data.train_labels


def _picture() -> Picture:
    """A grey picture that holds every byte, 16 rows of 16."""
    import numpy as np
    from PIL import Image

    return Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))


def byte() -> bool:
    """torch.uint8: whole numbers from 0 to 255, one byte each."""
    import torch

    found = torch.iinfo(torch.uint8)
    return (found.min, found.max, torch.uint8.itemsize) == (0, WHITE, 1)


def colour() -> bool:
    """ToTensor on a picture in red, green and blue: (3, 28, 28)."""
    from PIL import Image
    from torchvision.transforms import ToTensor

    found = ToTensor()(Image.new("RGB", (28, 28)))
    return tuple(found.shape) == (3, 28, 28) and found.numel() == 2352


def to_tensor() -> bool:
    """ToTensor on bytes: the channel first, float32, from 0 to 1."""
    import torch
    from torchvision.transforms import ToTensor

    found = ToTensor()(_picture())
    ends = (float(found.min()), float(found.max()))
    return found.shape == (1, 16, 16) and found.dtype is torch.float32 and ends == (0.0, 1.0)


def only_bytes() -> bool:
    """ToTensor on an array of floats: 51.0 stays 51.0."""
    import numpy as np
    from torchvision.transforms import ToTensor

    return bool(ToTensor()(np.full((2, 2, 1), float(GREY)))[0, 0, 0] == GREY)


def v2_same() -> bool:
    """ToImage and ToDtype with scale=True, for every byte: as ToTensor to seven digits."""
    import torch
    from torchvision.transforms import ToTensor, v2

    new = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    return torch.allclose(new(_picture()), ToTensor()(_picture()), rtol=1e-6, atol=0)


def v2_bytes() -> bool:
    """ToImage alone gives bytes, the channel first; ToDtype without scale gives 51.0 for 51."""
    import torch
    from torchvision.transforms import v2

    image = v2.ToImage()(_picture())
    floats = v2.ToDtype(torch.float32)(image)
    same = torch.equal(floats, image.float()) and float(floats.max()) == WHITE
    return image.dtype is torch.uint8 and tuple(image.shape) == (1, 16, 16) and same


def v2_warns() -> bool:
    """v2.ToTensor() warns that it is deprecated."""
    from torchvision.transforms import v2

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        v2.ToTensor()
    return any("deprecated" in str(warning.message) for warning in told)


def resize() -> bool:
    """Resize(14) on 28 rows and 56 columns, and Resize((14, 14))."""
    from PIL import Image
    from torchvision.transforms import Resize

    wide = Image.new("L", (56, 28))
    tall = Image.new("L", (28, 56))
    return bool(
        Resize(14)(wide).size == (28, 14)
        and Resize(14)(tall).size == (14, 28)
        and Resize((14, 14))(wide).size == (14, 14)
    )


def bytes_explode() -> bool:
    """50 updates with the rate 0.1: on bytes the loss ends above its start, scaled far below."""
    from lessons.course.classification.fashion_mnist.programs import losses_of

    X, y = _glyphs()
    scaled, raw = losses_of(X, y, RATE, 50), losses_of(X * WHITE, y, RATE, 50)
    return scaled[-1] < 0.6 * scaled[0] and raw[-1] > 2 * raw[0]


def same_with_small_rate() -> bool:
    """Bytes with the rate 0.1 / 65025 have the losses of scaled pixels with the rate 0.1."""
    from lessons.course.classification.fashion_mnist.programs import losses_of

    X, y = _glyphs()
    scaled = losses_of(X, y, RATE, 20)
    raw = losses_of(X * WHITE, y, RATE / WHITE**2, 20)
    return all(abs(a - b) < 1e-3 for a, b in zip(scaled, raw, strict=True))


def large_outweighs() -> bool:
    """Two features that count alike, one 1000 times as large: only its weight gets anywhere."""
    import numpy as np

    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2)) * np.array([1000.0, 1.0])
    y = X @ np.array([0.001, 1.0])
    w = np.zeros(2)
    largest = np.linalg.eigvalsh(X.T @ X / len(y))[-1]
    for _ in range(1000):
        w -= X.T @ (X @ w - y) / len(y) / largest
    return bool(abs(w[0] / 0.001 - 1) < 0.2 and abs(w[1]) < 0.01)


def exp_overflows() -> bool:
    """float32: exp is finite at 88 and inf at 89; scores of bytes with weights near 0.05 pass it,
    those of scaled pixels do not."""
    import torch

    X, _ = _glyphs()
    W = 0.05 * torch.randn(784, 10, generator=torch.Generator().manual_seed(0))
    ends = torch.tensor([88.0, 89.0]).exp().isinf().tolist()
    return ends == [False, True] and float((X @ W).max()) < 88 and float((X * WHITE @ W).max()) > 89


def divided_twice() -> bool:
    """Divided again: largest value 1/255, no warning, and after 50 updates hardly anything."""
    from lessons.course.classification.fashion_mnist.programs import losses_of

    X, y = _glyphs()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        dark = losses_of(X / WHITE, y, RATE, 50)
    once = losses_of(X, y, RATE, 50)
    return not told and dark[0] - dark[-1] < 0.001 * (once[0] - once[-1])


def every_image_once() -> bool:
    """DataLoader with shuffle=True: each epoch has every image once, two epochs two orders."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(torch.arange(1000)), batch_size=BATCH, shuffle=True)
    epochs = [torch.cat([batch for (batch,) in loader]) for _ in range(2)]
    whole = all(torch.equal(epoch.sort().values, torch.arange(1000)) for epoch in epochs)
    return whole and not torch.equal(*epochs)


def starts_anew() -> bool:
    """iter(loader) begins a new epoch; next on one iterator goes on, up to StopIteration."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(torch.arange(10)), batch_size=4)
    firsts = [next(iter(loader))[0].tolist() for _ in range(2)]
    batches = iter(loader)
    read = [next(batches)[0].tolist() for _ in range(3)]
    try:
        next(batches)
    except StopIteration:
        return firsts == [[0, 1, 2, 3]] * 2 and read == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    return False


def same_numbers() -> bool:
    """An image from the data set and the same one from memory: equal to the last bit."""
    import torch

    from engine.labs.reading_pass import Images, loader_batches, memory_batches

    images = torch.arange(28 * 28 * 40).reshape(40, 28, 28).to(torch.uint8)
    labels = torch.arange(40)
    data = Images(images, labels)
    shapes = []
    for batches in (memory_batches(images, labels, 16), loader_batches(images, labels, 16, 0)):
        read = list(batches)
        shapes.append([tuple(X.shape) for X, _ in read])
        for X, y in read:
            if not all(torch.equal(x, data[int(i)][0]) for x, i in zip(X, y, strict=True)):
                return False
    return shapes[0] == shapes[1]


def memory_is_faster() -> bool:
    """2000 images: a pass from memory takes less than a third of a DataLoader alone."""
    import torch

    from engine.labs.reading_pass import loader_batches, memory_batches

    images, labels = torch.zeros(2000, 28, 28, dtype=torch.uint8), torch.zeros(2000)

    def seconds(way: str) -> float:
        started = perf_counter()
        batches = (
            memory_batches(images, labels, BATCH)
            if way == "memory"
            else loader_batches(images, labels, BATCH, 0)
        )
        assert sum(len(y) for _, y in batches) == 2000
        return perf_counter() - started

    return min(seconds("memory") for _ in range(3)) < seconds("loader") / 3


def no_workers() -> bool:
    """DataLoader without num_workers: 0, and the data set is read in this very process."""
    import os

    from torch.utils.data import DataLoader, Dataset

    class Readers(Dataset[int]):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> int:
            return os.getpid()

    loader = DataLoader(Readers())
    return loader.num_workers == 0 and {int(batch) for batch in loader} == {os.getpid()}


def start_methods() -> bool:
    """The start method that this Python uses by default is the one in the table."""
    if sys.platform in ("win32", "darwin"):
        wanted = "spawn"
    else:
        wanted = "forkserver" if sys.version_info >= (3, 14) else "fork"
    return multiprocessing.get_all_start_methods()[0] == wanted


_PROGRAM = """
import multiprocessing

def work():
    print("worked")

def main():
    worker = multiprocessing.get_context("spawn").Process(target=work)
    worker.start()
    worker.join()

"""


@lru_cache(maxsize=2)
def run_program(*, guard: bool) -> str:
    """Run a program that spawns a worker; all that it and the worker print, errors too."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        last = 'if __name__ == "__main__":\n    main()\n' if guard else "main()\n"
        path.write_text(_PROGRAM + last, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False
        )
    return done.stdout + done.stderr


def guard() -> bool:
    """A program that spawns a worker works with the guard, and stops with an error without it."""
    return run_program(guard=True).strip() == "worked" and "RuntimeError" in run_program(
        guard=False
    )


def lambdas() -> bool:
    """A lambda cannot be pickled, a torchvision transform can."""
    from torchvision.transforms import ToTensor

    pickle.dumps(ToTensor())
    try:
        pickle.dumps(lambda x: x)
    except (pickle.PicklingError, AttributeError):
        return True
    return False


def too_many() -> bool:
    """A DataLoader with far more workers than processors warns."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        DataLoader(TensorDataset(torch.zeros(1)), num_workers=100_000)
    return any("worker" in str(warning.message) for warning in told)


CLAIMS: Mapping[str, Claim] = {
    "byte": byte,
    "colour": colour,
    "to-tensor": to_tensor,
    "only-bytes": only_bytes,
    "v2-same": v2_same,
    "v2-bytes": v2_bytes,
    "v2-warns": v2_warns,
    "resize": resize,
    "bytes-explode": bytes_explode,
    "same-with-small-rate": same_with_small_rate,
    "large-outweighs": large_outweighs,
    "exp-overflows": exp_overflows,
    "divided-twice": divided_twice,
    "every-image-once": every_image_once,
    "starts-anew": starts_anew,
    "same-numbers": same_numbers,
    "memory-is-faster": memory_is_faster,
    "no-workers": no_workers,
    "start-methods": start_methods,
    "guard": guard,
    "lambdas": lambdas,
    "too-many": too_many,
}
