"""Listen, say where, and serve until a signal says that it is enough."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from aiohttp import web

from engine.errors import UserError
from engine.folders import expanded
from engine.language import _
from tui.serving.gate import Gate, is_loopback, new_token
from tui.serving.server import Limits, Offer, Server
from tui.serving.stores import serve_folder
from tui.streams import shown

TOKEN_VARIABLE = "DLTUTOR_TOKEN"
SHORT = 16
"""A token of fewer characters can be guessed."""


def serve(args: argparse.Namespace) -> int:
    """Serve as the arguments say; the exit status."""
    with listen(args.host, args.port) as line:
        address, port = line.getsockname()[:2]
        gate = gate_of(args, address)
        _use_many_files()
        offer = Offer(port, _folder(args.data_dir), args.run_code)
        limits = Limits(args.visitors, args.trainings, args.idle * 60)
        server = Server(gate, limits, offer)
        _keep_quiet(serve_folder() / "problems.log")
        return asyncio.run(_serve(server, line, address_to_open(gate, address, port)))


def listen(host: str, port: int) -> socket.socket:
    """A socket that waits for browsers; raises UserError where there can be none."""
    try:
        found = socket.getaddrinfo(
            host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError):
        told = _("There is no address {host}. Give --host the address of this machine.")
        raise UserError(told.format(host=shown(host))) from None
    family, _type, _protocol, _name, address = found[0]
    try:
        return socket.create_server(address, family=family, backlog=128)
    except OSError as error:
        raise UserError(_refusal(error, host, port)) from None


def _refusal(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            told = _(
                "Port {port} of {host} is taken by another program. Give another one with --port,"
                " or --port 0 for any."
            )
        case errno.EADDRNOTAVAIL:
            told = _(
                "{host} is not an address of this machine. Give --host one of its own, or 0.0.0.0"
                " for all."
            )
        case errno.EACCES | errno.EPERM:
            told = _("Port {port} needs rights that you lack. Give --port a number above 1023.")
        case _other:
            told = _("Nothing can be served at {host}, port {port}: {reason}.")
    return told.format(host=shown(host), port=port, reason=error.strerror or error)


def gate_of(args: argparse.Namespace, address: str) -> Gate:
    """Who may come in; raises UserError where the arguments make no sense."""
    public = (args.public_url or "").rstrip("/")
    parts = urlsplit(public)
    if public and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path):
        told = _("--public-url is an address such as https://class.example.org, not {url}.")
        raise UserError(told.format(url=shown(public)))
    token = os.environ.get(TOKEN_VARIABLE, "") if args.token is None else args.token
    if args.token is not None and not token.strip():
        raise UserError(_("The token is empty. Leave --token out, and one is made."))
    is_local = is_loopback(address) and not public
    if not is_local and not token:
        token = new_token()
    elif token and len(token) < SHORT and not is_local:
        told = _("dltutor: the token is short; one of {count} characters cannot be guessed.")
        print(told.format(count=SHORT), file=sys.stderr)
    return Gate(is_local, token, public)


def address_to_open(gate: Gate, address: str, port: int) -> str:
    """What to open in a browser."""
    host = _reached(address)
    base = gate.public or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"{base}/?token={quote(gate.token, safe='')}" if gate.token else f"{base}/"


def _reached(address: str) -> str:
    """The address under which other machines reach this one, where it listens on all."""
    if address not in ("0.0.0.0", "::"):
        return address
    # Nothing is sent: the system only says which of its addresses it would use.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _folder(given: Path | None) -> Path | None:
    return expanded(given).absolute() if given is not None else None


def _use_many_files() -> None:
    """A visitor takes four descriptors, and the usual bound is 1024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, _soft), hard))


class _Harmless(logging.Formatter):
    """A request is not ours: what it holds must not reach a terminal that shows the log."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(shown, super().format(record).split("\n")))


def _keep_quiet(path: Path) -> None:
    """Complaints of the server go to a file, never to the terminal."""
    handler = logging.FileHandler(path, "w", encoding="utf-8", delay=True)
    handler.setFormatter(_Harmless("%(asctime)s %(name)s: %(message)s"))
    for name in ("aiohttp", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.WARNING)


async def _serve(server: Server, line: socket.socket, address: str) -> int:
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(number: int) -> None:
        if stopped.done():  # asked twice: visits have no more time to save
            os._exit(128 + number)
        stopped.set_result(number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(each, stop, each)
    runner = web.AppRunner(server.application, access_log=None, shutdown_timeout=20.0)
    await runner.setup()
    try:
        await web.SockSite(runner, line).start()
        assert runner.server is not None
        watching = asyncio.create_task(server.loiterers.watch(runner.server))
        print(_("Open {address} · ctrl+c ends").format(address=address), flush=True)
        number = await stopped
        watching.cancel()
    finally:
        await runner.cleanup()
    return 130 if number == signal.SIGINT else 0
