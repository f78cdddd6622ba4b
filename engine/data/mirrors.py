"""Getting one file from one mirror: whole, or the rest of what has arrived before.

What has arrived is kept on disk. Where the connection breaks, the rest is asked for by its range;
a mirror that does not know ranges, or whose file has changed since, sends it from the start.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import re
import ssl
import textwrap
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from engine.data import pace
from engine.data.content import ContentError, is_web_page, other_file, read_stream
from engine.data.parts import Part
from engine.data.sets import IdxFile, known_file
from engine.language import _

_CHUNK = 1 << 16
_SLACK = 1 << 16
"""Bytes by which a compressed file may exceed its content before it is refused."""
LONGEST_REASON = 300
"""Characters of what is said about a mirror."""
_ATTEMPTS = 5
"""How often a mirror is asked for the rest after its connection broke, if each time some came."""
_PARTIAL, _RANGE_REFUSED = 206, 416

Report: TypeAlias = Callable[[int, int | None], None]
"""Told the bytes that have arrived, and how many there are where the mirror says so."""


class MirrorFailed(Exception):  # noqa: N818 - says what happened
    """A mirror does not give the file; the text says why, as the end of a sentence.

    It may quote the mirror: without what a terminal would obey, and not at length.
    """

    def __init__(self, text: str) -> None:
        printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
                            for letter in text)  # fmt: skip
        super().__init__(textwrap.shorten(printable, LONGEST_REASON, placeholder=" …"))


class _Broken(Exception):  # noqa: N818
    """The connection ended early; the text says why."""


class _Wrong(MirrorFailed):
    """What has arrived is not the file."""


def receive(url: str, file: IdxFile, folder: Path, report: Report) -> bytearray:
    """The decompressed content of `file`, which lies gzipped at `url`.

    Raises MirrorFailed, PartTaken, Unwritable, and what `report` raises. Where it ends early, what
    has arrived stays in `folder` for the next time.
    """
    with Part(folder, file, url) as part:
        pieced, attempts = part.size > 0, 1
        while True:
            before = part.size
            try:
                _receive_rest(url, file, part, report)
                content = _unpack(part, file)
            except _Wrong:
                # The pieces may be of two versions of the file: once more in one piece.
                if not pieced:
                    part.remove()
                    raise
                pieced = False
                part.restart("")
            except _Broken as broken:
                if part.size == before or attempts == _ATTEMPTS:
                    text = _("the connection broke ({reason})")
                    raise MirrorFailed(text.format(reason=broken)) from broken
                pieced, attempts = True, attempts + 1
            else:
                part.remove()
                return content


def _receive_rest(url: str, file: IdxFile, part: Part, report: Report) -> None:
    """Let the mirror send what is missing; raises MirrorFailed, _Wrong and _Broken."""
    try:
        with pace.open_url(_request(url, part), pace.Pace()) as response:
            total = _begin(response, part)
            report(part.size, total)
            limit = file.size + _SLACK
            while part.size <= limit and (chunk := response.read1(_CHUNK)):
                if part.size == 0:
                    _refuse_strange(chunk, response)
                part.append(chunk)
                report(part.size, total)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _RANGE_REFUSED:
            return  # there is no more of it: what has arrived is all, or of another version
        answer = f"{error.code} {error.reason}"
        raise MirrorFailed(_("it answered {answer}").format(answer=answer)) from error
    except urllib.error.URLError as error:
        raise MirrorFailed(_unreachable(error.reason)) from error
    except pace.TooSlow as error:
        text = _("it sent less than {rate:g} bytes per second").format(rate=pace.SLOWEST)
        raise MirrorFailed(text) from error
    except TimeoutError as error:
        text = _("it sent nothing for {seconds:g} seconds").format(seconds=pace.SILENCE)
        raise MirrorFailed(text) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Broken(_reason(error)) from error
    except ValueError as error:  # it sends us on to an address that is none
        raise MirrorFailed(_unreachable(error)) from error
    if total is not None and part.size < total:
        text = _("it ended after {done} of {total} bytes")
        raise _Broken(text.format(done=part.size, total=total))


def _request(url: str, part: Part) -> urllib.request.Request:
    """For the whole file, or for the rest of it if the mirror still has the same version."""
    request = urllib.request.Request(url, headers={"User-Agent": "dltutor"})
    if part.size:
        request.add_header("Range", f"bytes={part.size}-")
        if part.validator:
            request.add_header("If-Range", part.validator)
    return request


def _begin(response: http.client.HTTPResponse, part: Part) -> int | None:
    """Get the part ready for what comes; the bytes of the whole file, where the mirror says so."""
    if response.status == _PARTIAL:
        text = response.headers.get("Content-Range", "")
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", text.strip())
        if match is None or int(match[1]) != part.size:
            raise _Wrong(_("it sent another piece of the file than the one asked for"))
        return int(match[2]) if match[2] != "*" else None
    length = response.headers.get("Content-Length", "")
    etag = response.headers.get("ETag", "")
    # A weak ETag does not promise the same bytes.
    part.restart(etag if etag.startswith('"') else response.headers.get("Last-Modified", ""))
    return int(length) if length.isdecimal() else None


def _refuse_strange(start: bytes, response: http.client.HTTPResponse) -> None:
    """Raise _Wrong where a file that begins like this cannot be the one wanted."""
    if is_web_page(start) or response.headers.get_content_type() == "text/html":
        raise _Wrong(
            _("it sent a web page instead of the file; some networks do so until you log in")
        )
    if not b"\x1f\x8b".startswith(start[:2]):
        raise _Wrong(_("what it sent is damaged or cut short: it is no gzip file"))


def _unpack(part: Part, file: IdxFile) -> bytearray:
    """The content of what has arrived; raises _Wrong where it is not the published one."""
    if not part.size:
        raise _Wrong(_("it sent an empty file"))
    try:
        with part.unpacked() as stream:
            return read_stream(stream, file, file.name)
    except ContentError as error:
        raise _Wrong(_told_apart(part, file) or str(error).rstrip(".")) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _Wrong(_("what it sent is damaged or cut short")) from error


def _told_apart(part: Part, file: IdxFile) -> str | None:
    """Which of the published files has arrived instead of `file`, where it is one."""
    try:
        with part.unpacked() as stream:
            known = known_file(hashlib.sha256(stream.read(1 << 26)).hexdigest())
    except (OSError, EOFError, zlib.error):
        return None
    if known is None:
        return None
    subject = _("what it sent as {name}").format(name=file.name)
    return str(other_file(subject, file, known)).rstrip(".")


def _unreachable(reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        text = _(
            "its certificate is not valid ({reason}): the clock of this machine may be wrong, or"
            " something between here and there reads along"
        )
        return text.format(reason=reason.verify_message)
    return _("it cannot be reached ({reason})").format(reason=_reason(reason))


def _reason(error: object) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or "SSL"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def host(mirror: str) -> str:
    """The name of a mirror, to show."""
    return urlsplit(mirror).netloc or mirror
