"""Data: published image sets, the built-in glyph set, and sets made from a known rule.

Importing this never imports torch; the functions that give tensors do.
"""

from __future__ import annotations

from engine.data.content import FileState
from engine.data.fetching import DownloadCancelled, DownloadFailed, download
from engine.data.glyphs import glyph_images
from engine.data.loading import ImageData, load_images
from engine.data.progress import Progress, ProgressHandler
from engine.data.search import (
    DATA_VARIABLE,
    DataMissing,
    FoundSet,
    Search,
    default_root,
    fetch_command,
    find,
    search,
)
from engine.data.sets import IMAGE_SETS, IdxFile, ImageSet, image_set
from engine.data.verifying import DataDamaged, FileCheck, verify

__all__ = [
    "DATA_VARIABLE",
    "IMAGE_SETS",
    "DataDamaged",
    "DataMissing",
    "DownloadCancelled",
    "DownloadFailed",
    "FileCheck",
    "FileState",
    "FoundSet",
    "IdxFile",
    "ImageData",
    "ImageSet",
    "Progress",
    "ProgressHandler",
    "Search",
    "default_root",
    "download",
    "fetch_command",
    "find",
    "glyph_images",
    "image_set",
    "load_images",
    "search",
    "verify",
]
