"""A web server on this machine that stands in for where torchvision downloads from."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from torchvision import datasets

from tests.idx import SmallSet


class Mirror:
    """Serves files by their path; `requests` lists what was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.lengths: dict[str, int] = {}
        """Content-Length to claim, where it is not the true one."""
        self.requests: list[str] = []

    def serve(self, small: SmallSet, level: int = 9) -> None:
        """Serve the gzipped files of `small`."""
        for name, content in small.contents.items():
            self.files[f"/{name}.gz"] = gzip.compress(content, level)

    def stand_in(self, monkeypatch: pytest.MonkeyPatch, small: SmallSet) -> None:
        """Let torchvision name this mirror, and no other, for the set."""
        monkeypatch.setattr(getattr(datasets, small.image_set.folder), "mirrors", [self.url])


@contextmanager
def local_mirror() -> Iterator[Mirror]:
    """A mirror that answers until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mirror.requests.append(self.path)
            content = mirror.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            length = mirror.lengths.get(self.path, len(content))
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        mirror = Mirror(f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()
