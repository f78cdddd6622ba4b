"""Who may come in: the names that the server answers to, the token, and where a page comes from.

Pure functions over what a browser sends. A page of another site can make a browser connect to this
machine (a web socket knows no same-origin rule), and its name can be made to lead here (DNS
rebinding); so the name and the origin must be ours.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address, such as `127.0.0.1`."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


def own_names() -> frozenset[str]:
    """The names under which others on the network know this machine."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({name, short, f"{short}.local"}) if short else frozenset()


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides about each request, before anything is read or started for it."""

    is_local: bool
    """Whether the server listens on a loopback address only."""
    token: str = ""
    """What visitors must know; empty where everybody on this machine may come in."""
    public: str = ""
    """The address outside, where a proxy stands before the server: `https://class.example.org`."""
    names: frozenset[str] = field(default_factory=own_names)
    """Further names that this machine answers to, in lower case."""

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by HTTPS only."""
        return self.public.startswith("https://")

    def knows_host(self, host: str) -> bool:
        """Whether the `Host` of a request means this server, and no name that was led here."""
        if self.public and host.lower() == urlsplit(self.public).netloc.lower():
            return True
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].strip("[]").lower().rstrip(".")
        if name == "localhost" or is_loopback(name):
            return True
        if self.is_local:
            return False
        return _is_address(name) or name in self.names

    def is_own_page(self, headers: Mapping[str, str]) -> bool:
        """Whether a web socket is opened by a page of this server, and by no other one."""
        origin, host = headers.get("Origin", ""), headers.get("Host", "")
        if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        own = {f"http://{host}".lower(), f"https://{host}".lower()}
        if self.public:
            own = {self.public.lower()} | ({f"http://{host}".lower()} if host else set())
        return origin.lower() in own and self.knows_host(host)

    def is_token(self, given: str) -> bool:
        """Whether `given` is the token; the time that it takes says nothing about it."""
        return hmac.compare_digest(_digest(given), _digest(self.token))

    @property
    def ticket(self) -> str:
        """What a browser keeps in the place of the token, which cannot be read from it."""
        return hmac.new(self.token.encode(), b"dltutor serve", hashlib.sha256).hexdigest()

    def is_ticket(self, given: str) -> bool:
        """Whether the browser has shown the token before; everybody has where there is none."""
        return not self.token or hmac.compare_digest(_digest(given), _digest(self.ticket))


def _digest(text: str) -> bytes:
    # Texts of one length are compared, so the length of the token shows in no time either.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
