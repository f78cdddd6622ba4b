"""What answers the browser: the gate first, then the page, its files, and the visits."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.resources
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from aiohttp import WSCloseCode, WSMsgType, web
from multidict import CIMultiDict

from engine import visitor
from engine.errors import UserError
from engine.language import _, language, languages, plural
from engine.refusals import reason
from tui.serving import child, pages
from tui.serving.gate import Gate
from tui.serving.loiterers import Loiterers
from tui.serving.nest import Nest
from tui.serving.sizes import fitting, number
from tui.serving.stores import Store, is_visitor, new_visitor, private, serve_folder
from tui.serving.visit import MESSAGE_BYTES, Visit

HEARTBEAT_SECONDS = 20.0
"""A browser that does not answer for one and a half times as long is taken for gone."""
_LOOK_SECONDS = 1.0
_YEAR = 365 * 24 * 3600

NestMaker: TypeAlias = Callable[[str], Nest]
"""Makes what starts processes, for a language; tests replace it."""
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the visitors may take."""

    visitors: int
    trainings: int
    idle_seconds: float
    """How long a visit lasts in which nothing is typed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server gives to visitors, and on which port."""

    port: int
    data_dir: Path | None = None
    runs_code: bool = False
    wrong_token_seconds: float = 1.0
    """How long a wrong token waits for its answer, so that guessing takes for ever."""


class Server:
    """The application behind the address; `application` is what aiohttp serves."""

    def __init__(
        self, gate: Gate, limits: Limits, offer: Offer, make_nest: NestMaker | None = None
    ) -> None:
        """Creates the folders for visitors; raises OSError where they cannot be."""
        self.gate, self.limits, self.offer = gate, limits, offer
        self._make_nest = make_nest or self._real_nest
        self.folder = private(serve_folder())
        private(self.folder / "trainings")
        self.visits: dict[str, Visit] = {}
        """The visits that are alive, by the secret of their visitor."""
        self._beginning: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._latest: dict[str, int] = {}
        """How many visits each visitor has asked for: only the last one is of interest."""
        self._nests: dict[str, Nest] = {}
        self._is_closing = False
        self._guessing = asyncio.Lock()
        self.loiterers = Loiterers()
        static = Path(str(importlib.resources.files("textual_serve"))) / "static"
        self._files = pages.files(static)
        self._ticket = f"dltutor-ticket-{offer.port}"
        self._visitor = f"dltutor-visitor-{offer.port}"
        self.application = web.Application(
            middlewares=[self._guard],
            client_max_size=4096,
            # A browser that floods the server with keys is not listened to after its visit.
            handler_args={"max_line_size": 4096, "lingering_time": 1.0},
        )
        self.application.add_routes(
            [
                web.get("/", self._course),
                web.get("/ws", self._connect),
                web.get("/static/{name:.+}", self._static),
                web.get("/download/{key}", self._download),
            ]
        )
        self.application.on_startup.append(self._open)
        self.application.on_shutdown.append(self._close)

    async def _open(self, _application: web.Application) -> None:
        # The course is imported before the first visitor comes.
        self._warming = asyncio.create_task(self._warm())
        self._idling = asyncio.create_task(self._end_idle())

    async def _warm(self) -> None:
        with contextlib.suppress(UserError, OSError):  # the first visitor is told
            await self._nest(language()).start()

    async def _close(self, _application: web.Application) -> None:
        """End all visits, each of which saves what it has, and the nurseries."""
        self._is_closing = True
        self._idling.cancel()
        said = _("The server is being stopped. What you did is saved.")
        visits = [visit.end(said) for visit in self.visits.values()]
        await asyncio.gather(*visits, return_exceptions=True)
        nests = [nest.close() for nest in self._nests.values()]
        await asyncio.gather(*nests, return_exceptions=True)
        self._warming.cancel()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let nobody past who may not come in; every answer says what a browser must not do."""
        self.loiterers.has_asked(request)
        try:
            answer = await self._guarded(request, handler)
        except web.HTTPException as error:
            answer = _said(_("There is nothing here."), error.status)
        if not answer.prepared:
            answer.headers.update(pages.HEADERS)
        return answer

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self.gate.knows_host(request.headers.get("Host", "")):
            return _said(_("This server is not known by the name that the address says."), 403)
        if self.gate.token and request.path == "/" and "token" in request.query:
            return await self._enter(request.query["token"])
        if not self.gate.is_ticket(request.cookies.get(self._ticket, "")):
            said = _("This course is open to those who know its token.")
            return _html(pages.ask_for_token(said), 401)
        return await handler(request)

    async def _enter(self, token: str) -> web.Response:
        """Give the browser a ticket in the place of the token, and take it out of the address."""
        if not self.gate.is_token(token):
            async with self._guessing:  # one after the other, whoever asks
                await asyncio.sleep(self.offer.wrong_token_seconds)
            return _html(pages.ask_for_token(_("That is not the token. Try again.")), 401)
        answer = web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
        self._set_cookie(answer, self._ticket, self.gate.ticket)
        return answer

    def _set_cookie(self, answer: web.Response, name: str, value: str) -> None:
        answer.set_cookie(
            name, value, max_age=_YEAR, httponly=True, samesite="Lax", path="/",
            secure=self.gate.is_secure,
        )  # fmt: skip

    async def _course(self, request: web.Request) -> web.Response:
        """The page with the terminal; whoever is new gets a store."""
        secret = self._secret(request)
        if secret not in self.visits and self._is_full():
            return _said(self._full(), 503)
        scheme = "wss" if self.gate.is_secure else "ws"
        size = number(request.query.get("fontsize"), 0)
        page = pages.course(
            f"{scheme}://{request.headers['Host']}/ws", min(max(size, 6), 40) if size else 0
        )
        answer = _html(page)
        self._set_cookie(answer, self._visitor, secret or new_visitor())
        return answer

    def _secret(self, request: web.Request) -> str:
        given = request.cookies.get(self._visitor, "")
        return given if is_visitor(given) else ""

    def _is_full(self) -> bool:
        return len(self.visits.keys() | self._beginning) >= self.limits.visitors

    def _full(self) -> str:
        count = self.limits.visitors
        return plural(
            "{count} visitor is here, and there is no room for more. Try again in a few minutes.",
            "{count} visitors are here, and there is no room for more. Try again in a few minutes.",
            count,
        )

    async def _static(self, request: web.Request) -> web.Response:
        """A file of the page, by its whole name."""
        found = self._files.get(request.match_info["name"])
        if found is None:
            return _said(_("There is nothing here."), 404)
        content, kind = found
        answer = web.Response(
            body=content, content_type=kind, headers={"Cache-Control": "private, max-age=3600"}
        )
        answer.enable_compression()
        return answer

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file that the visitor's own process offers."""
        visit = self.visits.get(self._secret(request))
        key = request.match_info["key"]
        found = visit.downloads.find(key) if visit else None
        if visit is None or found is None:
            return _said(_("There is nothing here."), 404)
        headers = CIMultiDict(pages.HEADERS)
        headers["Content-Type"] = "application/octet-stream"
        headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        async for chunk in visit.downloads.fetch(key):
            await answer.write(chunk)
        await answer.write_eof()
        return answer

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        """Begin a visit, if all is as it should be; the last one of a visitor ends the others."""
        secret = self._secret(request)
        if not self.gate.is_own_page(request.headers) or not secret:
            return _said(_("Only the page of this server can begin a visit."), 403)
        if not web.WebSocketResponse().can_prepare(request):
            return _said(_("There is nothing here."), 400)
        mine = self._latest[secret] = self._latest.get(secret, 0) + 1
        lock = self._locks.setdefault(secret, asyncio.Lock())
        try:
            async with lock:
                if self._latest[secret] != mine:
                    return _said(_("The course was opened in another window."), 409)
                before = self.visits.get(secret)
                if before is not None:
                    await before.end(_("The course was opened in another window."))
                if self._is_full():
                    return _said(self._full(), 503)
                if self._is_closing:
                    return _said(_("The server is being stopped."), 503)
                self._beginning.add(secret)
                try:
                    visit = await self._begin(secret, request)
                except (UserError, OSError) as error:
                    return _said(reason(error), 503)
                finally:
                    self._beginning.discard(secret)
                self.visits[secret] = visit
            try:
                return await self._serve(visit, request)
            finally:
                await visit.end()
                if self.visits.get(secret) is visit:
                    del self.visits[secret]
                    await asyncio.to_thread(Store(secret).forget_if_empty)
        finally:
            if self._latest.get(secret) == mine and secret not in self.visits:
                self._locks.pop(secret, None)
                self._latest.pop(secret, None)

    async def _begin(self, secret: str, request: web.Request) -> Visit:
        store = Store(secret)
        store.make()
        columns, rows = fitting(
            number(request.query.get("width"), 80), number(request.query.get("height"), 24)
        )
        environment = store.environment() | {
            "COLUMNS": str(columns),
            "ROWS": str(rows),
            visitor.VARIABLE: "1",
            child.TURNS: f"{self.limits.trainings}:{self.folder / 'trainings'}",
            "DLTUTOR_DATA": os.environ.get("DLTUTOR_DATA", "") or str(_images()),
        }
        if self.offer.runs_code:
            environment[visitor.CODE_VARIABLE] = "1"
        if self.offer.data_dir is not None:
            environment[child.DATA_DIR] = str(self.offer.data_dir)
        chosen = store.language()
        nest = self._nest(chosen if chosen in languages() else language())
        visit = Visit(nest, await nest.open(environment, store.log))
        await visit.begin()
        return visit

    def _nest(self, code: str) -> Nest:
        if code not in self._nests:
            self._nests[code] = self._make_nest(code)
        return self._nests[code]

    def _real_nest(self, code: str) -> Nest:
        return Nest(code, self.folder, trains=self.limits.trainings > 0)

    async def _serve(self, visit: Visit, request: web.Request) -> web.WebSocketResponse:
        """Pass everything on in both directions, until one side has enough."""
        line = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, max_msg_size=MESSAGE_BYTES, compress=False
        )
        await line.prepare(request)
        showing = asyncio.create_task(visit.show(line.send_bytes, line.send_str))
        hearing = asyncio.create_task(_hear(line, visit))
        hung_up = asyncio.create_task(visit.hung_up.wait())
        tasks = (showing, hearing, hung_up)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # Saving goes on while the browser is told; a browser that does not listen is left.
            ending = asyncio.create_task(visit.end())
            reason = visit.reason.encode()[:120].decode(errors="ignore")
            with contextlib.suppress(TimeoutError, ConnectionError):
                closing = line.close(code=WSCloseCode.OK, message=reason.encode())
                await asyncio.wait_for(closing, 2.0)
            await ending
        return line

    async def _end_idle(self) -> None:
        """End the visits in which nobody types any more."""
        while True:
            await asyncio.sleep(min(_LOOK_SECONDS, self.limits.idle_seconds / 4))
            late = time.monotonic() - self.limits.idle_seconds
            for visit in list(self.visits.values()):
                if visit.heard < late:
                    visit.hang_up(_("Nothing was typed for a long time. What you did is saved."))


async def _hear(line: web.WebSocketResponse, visit: Visit) -> None:
    """Pass on what the browser sends, until it leaves."""
    async for message in line:
        if message.type != WSMsgType.TEXT:
            return
        answer = await visit.take(message.data)
        if answer is not None:
            await line.send_str(answer)


def _images() -> Path:
    """The image sets of whoever serves: nobody downloads them again."""
    from engine.data.search import default_root

    return default_root()


def _html(text: str, status: int = 200) -> web.Response:
    answer = web.Response(text=text, status=status, content_type="text/html")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(text: str, status: int) -> web.Response:
    return _html(pages.message(text), status)
