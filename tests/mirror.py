"""A web server on this machine that stands in for the mirrors of an image set."""

from __future__ import annotations

import gzip
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.data import IMAGE_SETS
from tests.idx import SmallSet

IMAGES = "/train-images-idx3-ubyte.gz"
"""What is asked for first."""


class Mirror:
    """Serves files by their path; `requests` lists what was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.lengths: dict[str, int] = {}
        """Content-Length to claim, where it is not the true one."""
        self.requests: list[str] = []
        self.asked_ranges: list[str | None] = []
        """The Range of each request."""
        self.headers: dict[str, str] = {}
        """Sent with every file: an ETag, a Content-Type."""
        self.redirects: dict[str, str] = {}
        """Where a path is said to be instead."""
        self.knows_ranges = True
        self.breaks: dict[str, list[int]] = {}
        """Bytes after which the connection breaks, one number for each request of a path."""
        self.drips: set[str] = set()
        """Paths of which two bytes come now and then, until the client gives up."""
        self.stalls: dict[str, int] = {}
        """Bytes of a path after which nothing comes until `released`."""
        self.released = threading.Event()
        self.chunk = 0
        """Bytes after which there is a pause of `pause` seconds; 0 where all comes in one piece."""
        self.pause = 0.005

    def serve(self, small: SmallSet, level: int = 9) -> None:
        """Serve the gzipped files of `small`."""
        for name, content in small.contents.items():
            self.files[f"/{name}.gz"] = gzip.compress(content, level, mtime=0)

    def stand_in(self, monkeypatch: pytest.MonkeyPatch, small: SmallSet) -> None:
        """Be the only mirror of the set."""
        stand_in(monkeypatch, small, self.url)


def stand_in(monkeypatch: pytest.MonkeyPatch, small: SmallSet, *urls: str) -> None:
    """Let the set have these mirrors and no other."""
    name = small.image_set.name
    monkeypatch.setitem(IMAGE_SETS, name, replace(IMAGE_SETS[name], mirrors=urls))


def folder_of(root: Path) -> Path:
    """Where the files of Fashion-MNIST are in a folder of data."""
    return root / "FashionMNIST" / "raw"


def contents(root: Path) -> dict[str, bytes]:
    """What has been fetched into a folder of data, by name."""
    return {path.name: path.read_bytes() for path in folder_of(root).iterdir()}


@contextmanager
def mirror_of(small: SmallSet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """The only mirror of a set, until the block ends."""
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.stand_in(monkeypatch, small)
        yield mirror


@contextmanager
def local_mirror(certificate: Path | None = None) -> Iterator[Mirror]:
    """A mirror that answers until the block ends; by https where it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mirror.requests.append(self.path)
            asked = self.headers.get("Range")
            mirror.asked_ranges.append(asked)
            if self.path in mirror.redirects:
                self.send_response(302)
                self.send_header("Location", mirror.redirects[self.path])
                self.end_headers()
                return
            content = mirror.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            start = self._start(asked, content)
            if start is None:
                self.send_error(416)
                return
            rest = content[start:]
            self.send_response(206 if start else 200)
            if start:
                whole = len(content)
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            self.send_header("Content-Length", str(mirror.lengths.get(self.path, len(rest))))
            for name, value in mirror.headers.items():
                self.send_header(name, value)
            self.end_headers()
            breaks = mirror.breaks.get(self.path)
            if self.path in mirror.drips:
                self._drip(rest)
            elif mirror.chunk:
                self._drip(rest, mirror.chunk, mirror.pause)
            elif self.path in mirror.stalls:
                self.wfile.write(rest[: mirror.stalls[self.path]])
                mirror.released.wait(30)
            else:
                self.wfile.write(rest[: breaks.pop(0)] if breaks else rest)

        def _start(self, asked: str | None, content: bytes) -> int | None:
            """Where to begin; None where there is nothing from there on."""
            wanted = self.headers.get("If-Range")
            current = mirror.headers.get("ETag", mirror.headers.get("Last-Modified"))
            if not asked or not mirror.knows_ranges or (wanted and wanted != current):
                return 0
            match = re.fullmatch(r"bytes=(\d+)-", asked)
            assert match
            start = int(match[1])
            return start if start < len(content) else None

        def _drip(self, content: bytes, chunk: int = 2, pause: float = 0.02) -> None:
            try:
                for place in range(0, len(content), chunk):
                    self.wfile.write(content[place : place + chunk])
                    time.sleep(pause)
            except OSError:
                return  # the client has left

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client may leave, or refuse the certificate

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        mirror = Mirror(f"{scheme}://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield mirror
        finally:
            mirror.released.set()
            server.shutdown()
            thread.join()
