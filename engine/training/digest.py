"""A fingerprint of tensors: the same numbers under the same names give the same text anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor


def sha256_of_arrays(arrays: Mapping[str, npt.NDArray[np.generic]]) -> str:
    """The sha256 over the names in sorted order, each with its shape and little-endian bytes.

    For every name it hashes the UTF-8 text `name:dtype:d0,d1,…`, a zero byte, then the values in
    row-major order.
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        shape = ",".join(map(str, arrays[name].shape))
        digest.update(f"{name}:{array.dtype.name}:{shape}\0".encode())
        digest.update(array.data.cast("B") if array.size else b"")
    return digest.hexdigest()


def sha256_of(tensors: Mapping[str, Tensor]) -> str:
    """`sha256_of_arrays` of tensors on any device."""
    return sha256_of_arrays({name: t.detach().cpu().numpy() for name, t in tensors.items()})


def to_array(tensor: Tensor) -> npt.NDArray[np.generic]:
    """A copy of a tensor as an array on the CPU, of the same shape."""
    array: npt.NDArray[np.generic] = tensor.detach().cpu().numpy().copy()
    return array
