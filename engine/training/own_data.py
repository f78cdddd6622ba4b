"""The images of a kept run: the folder in which it found them is noted, and searched again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.data import IMAGE_SETS, DataMissing
from engine.data.search import search
from engine.folders import expanded
from engine.training import plain
from engine.training.task import Source, Task


def folder_of(task: Task, source: Source) -> str:
    """The folder to note: the one that was named; empty where none was, or none was needed."""
    if source.data_dir is None or task.synthetic or task.dataset_name not in IMAGE_SETS:
        return ""
    try:
        return plain.text(str(expanded(source.data_dir).absolute()))
    except ValueError:
        return ""  # a name that no terminal can show


def still_holds(folder: str, dataset: str) -> bool:
    """Whether the images that a run found in `folder` are still there."""
    return dataset in IMAGE_SETS and search(dataset, Path(folder)).found is not None


@contextmanager
def own_data(source: Source, dataset: str, folder: str) -> Iterator[Source]:
    """Inside, the source leads to the images of a run that found them in `folder`.

    A folder that is named now comes first; where the images are gone from `folder`, the usual
    places are searched. No glyph set is offered where they are missing: a kept run needs its own.
    """
    gone = False
    if folder and source.data_dir is None and dataset in IMAGE_SETS:
        gone = not still_holds(folder, dataset)
        source = source if gone else replace(source, data_dir=Path(folder))
    try:
        yield source
    except DataMissing as missing:
        raise missing.of_a_run(folder if gone else "") from None
