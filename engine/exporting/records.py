"""Records as TensorFlow frames them (TFRecord), and messages as Protocol Buffers encode them.

A record is its length, 8 bytes little-endian; a checksum of these; the bytes; a checksum of those.
The checksum is CRC-32C (Castagnoli, RFC 3720 appendix B.4), rotated and shifted by a constant, so
that the checksum of data that hold checksums stays useful.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache

_POLYNOMIAL = 0x82F63B78
"""0x1EDC6F41 with its bits turned round."""
_MASK = 0xA282EAD8
_ALL = 0xFFFFFFFF
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""The wire types of Protocol Buffers."""


@cache
def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte
        for _bit in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        rows.append(value)
    return tuple(rows)


def crc32c(data: bytes) -> int:
    """The CRC-32C of `data`."""
    table, value = _table(), _ALL
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ _ALL


def masked(crc: int) -> int:
    """A checksum as it stands in a file."""
    return ((crc >> 15 | crc << 17) + _MASK) & _ALL


def record(data: bytes) -> bytes:
    """One record with its length and its two checksums."""
    length = struct.pack("<Q", len(data))
    sums = (struct.pack("<I", masked(crc32c(part))) for part in (length, data))
    return length + next(sums) + data + next(sums)


def varint(value: int) -> bytes:
    """A whole number, seven bits a byte, the low ones first; a negative one as 64 bits."""
    value &= 2**64 - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def whole(field: int, value: int) -> bytes:
    """A whole number, such as an int64 or an enum, as field number `field`."""
    return varint(field << 3 | VARINT) + varint(value)


def double(field: int, value: float) -> bytes:
    """A number in 64 bits."""
    return varint(field << 3 | FIXED64) + struct.pack("<d", value)


def single(field: int, value: float) -> bytes:
    """A number in 32 bits."""
    return varint(field << 3 | FIXED32) + struct.pack("<f", value)


def message(field: int, parts: Iterable[bytes] | bytes) -> bytes:
    """A message inside another one: the fields that it consists of, or bytes."""
    content = parts if isinstance(parts, bytes) else b"".join(parts)
    return varint(field << 3 | BYTES) + varint(len(content)) + content


def text(field: int, value: str) -> bytes:
    """A text."""
    return message(field, value.encode())
