"""An HTTP client that gives up a server which sends too slowly.

The timeout of a socket ends a silence only: a server that sends two bytes a second, even within its
headers, would keep the program waiting for hours. Here every byte that arrives is counted.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
import urllib.request
from collections.abc import Callable
from typing import Any, cast

SILENCE = 20.0
"""Seconds without a byte after which a server is given up."""
SLOWEST = 1000.0
"""Bytes per second below which a server is given up."""
WINDOW = 20.0
"""Seconds over which that rate is measured."""


class TooSlow(Exception):  # noqa: N818 - says what happened
    """A server sends fewer bytes per second than anyone would wait for."""


class Pace:
    """Measures a rate over windows of time spent waiting, not that spent on what was received."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waited = 0.0
        self._received = 0

    def wait_for(self, receive: Callable[[], int | None]) -> int | None:
        """The number of bytes that `receive` got; raises TooSlow at the end of a slow window."""
        began = self._clock()
        count = receive()
        self._waited += self._clock() - began
        self._received += count or 0
        if self._waited >= WINDOW:
            if self._received < SLOWEST * self._waited:
                raise TooSlow
            self._waited, self._received = 0.0, 0
        return count


class _PacedStream(io.RawIOBase):
    """What a socket receives, counted."""

    def __init__(self, raw: io.RawIOBase, pace: Pace) -> None:
        super().__init__()
        self._raw = raw
        self._pace = pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        return self._pace.wait_for(lambda: cast("int | None", self._raw.readinto(buffer)))

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_url(request: urllib.request.Request, pace: Pace) -> http.client.HTTPResponse:
    """Send `request` by HTTP or HTTPS, through a proxy where the environment names one.

    Raises what `urllib.request.urlopen` raises, and TooSlow; so does reading the response.
    """

    class Response(http.client.HTTPResponse):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.fp = io.BufferedReader(_PacedStream(self.fp.detach(), pace))

    class Plain(http.client.HTTPConnection):
        response_class = Response

    class Secure(http.client.HTTPSConnection):
        response_class = Response

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, req, context=ssl.create_default_context())

    opener = urllib.request.build_opener(PlainHandler, SecureHandler)
    return cast("http.client.HTTPResponse", opener.open(request, timeout=SILENCE))
