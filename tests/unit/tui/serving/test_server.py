"""The server without a process behind it: who gets in, what is passed on, how visits end."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError
from aiohttp.client import ClientWebSocketResponse

from tests.unit.tui.serving.house import LIMITS, house, seen, until
from tui.serving.stores import serve_folder


async def test_a_visit_passes_on_keys_and_screens() -> None:
    async with house() as at:
        line = await at.come(at.browser(), "width=100&height=30")
        home = (await seen(line)).decode()
        assert home.startswith(str(serve_folder() / "visitors"))
        await line.send_json(["stdin", "∂\x1b[C"])
        assert await seen(line) == "∂\x1b[C".encode()
        program = at.nest.programs[0]
        assert program.environment["COLUMNS"] == "100"
        assert program.environment["ROWS"] == "30"


async def test_each_visitor_has_a_store_that_only_we_can_enter() -> None:
    async with house() as at:
        homes = [(await seen(await at.come(at.browser()))).decode() for _ in range(2)]
        assert homes[0] != homes[1]
        for folder in (serve_folder(), *(serve_folder() / "visitors").iterdir()):
            assert folder.stat().st_mode & 0o777 == 0o700
        variables = at.nest.programs[0].environment
        named = [variables[f"XDG_{kind}_HOME"] for kind in ("DATA", "CONFIG", "CACHE", "STATE")]
        assert all(name.startswith(homes[0]) for name in named)


async def test_what_one_types_reaches_nobody_else() -> None:
    async with house() as at:
        one, other = await at.come(at.browser()), await at.come(at.browser())
        await seen(one), await seen(other)
        nasty = "\x1b]52;c;ZXZpbA==\x07\x1b[48;9;1000000;0;0t\x1b]0;title\x07"
        await one.send_json(["stdin", nasty])
        assert await seen(one) == nasty.encode()
        await other.send_json(["stdin", "x"])
        assert await seen(other) == b"x"
        assert [program.typed() for program in at.nest.programs] == [nasty.encode(), b"x"]


async def test_the_path_that_is_shown_does_not_hold_the_secret() -> None:
    async with house() as at:
        browser = at.browser()
        home = (await seen(await at.come(browser))).decode()
        (cookie,) = browser.cookie_jar
        assert cookie.value not in home


async def test_reloading_opens_the_same_store_and_ends_the_visit_before() -> None:
    async with house() as at:
        browser = at.browser()
        first = await at.come(browser)
        home = await seen(first)
        second = await at.come(browser)
        assert await seen(second) == home
        closed = await first.receive(timeout=5)
        assert closed.type is WSMsgType.CLOSE
        assert "another window" in str(closed.extra)
        assert at.nest.programs[0].child.ended.is_set()
        assert len(at.server.visits) == 1


async def test_a_visit_that_is_abandoned_ends() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        await line.close()
        await until(lambda: at.nest.programs[0].child.ended.is_set() and not at.server.visits)


async def test_a_program_that_ends_closes_the_page() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        at.nest.programs[0].tell(type="exit")
        assert (await line.receive(timeout=5)).type is WSMsgType.CLOSE
        await until(lambda: not at.server.visits)


async def test_whoever_types_nothing_is_let_go() -> None:
    async with house(limits=replace(LIMITS, idle_seconds=0.3)) as at:
        line = await at.come(at.browser())
        await seen(line)
        closed = await line.receive(timeout=5)
        assert "Nothing was typed" in str(closed.extra)


async def test_no_more_visitors_than_allowed() -> None:
    async with house(limits=replace(LIMITS, visitors=2)) as at:
        lines = [await at.come(at.browser()) for _ in range(2)]
        late = at.browser()
        page = await at.get(late, "/")
        assert page.status == 503
        assert "2 visitors are here" in await page.text()
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.connect(late, Cookie=f"dltutor-visitor-8000={'b' * 32}")
        assert refused.value.status == 503
        assert len(at.nest.programs) == 2
        await lines[0].close()
        await until(lambda: len(at.server.visits) == 1)
        assert (await at.get(late, "/")).status == 200


async def test_a_hundred_sockets_of_one_browser_are_one_visit() -> None:
    async with house() as at:
        browser = at.browser()
        await at.get(browser, "/")
        tries = [at.connect(browser) for _ in range(100)]
        lines = await asyncio.gather(*tries, return_exceptions=True)
        kept = [line for line in lines if isinstance(line, ClientWebSocketResponse)]
        await until(lambda: sum(not p.child.ended.is_set() for p in at.nest.programs) == 1)
        assert len(at.server.visits) == 1
        assert len(kept) < 100
        refused = {line.status for line in lines if isinstance(line, WSServerHandshakeError)}
        assert refused == {409}


async def test_only_addresses_of_the_web_are_opened() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        program = at.nest.programs[0]
        program.tell(type="open_url", url="javascript:alert(1)", new_tab=False)
        program.tell(type="open_url", url="file:///etc/passwd", new_tab=False)
        program.tell(type="open_url", url="https://pytorch.org", new_tab=False)
        assert (await line.receive_json(timeout=5))[1]["url"] == "https://pytorch.org"


async def test_a_file_reaches_the_visitor_to_whom_it_was_offered() -> None:
    from textual._binary_encode import dump

    async with house() as at:
        browser, other = at.browser(), at.browser()
        line = await at.come(browser)
        await at.come(other)
        await seen(line)
        program = at.nest.programs[0]
        program.tell(type="deliver_file_start", key="k1", path='/x/a";b\r\n.zip')
        assert (await line.receive_json(timeout=5)) == ["deliver_file_start", "k1"]
        assert (await at.get(other, "/download/k1")).status == 404

        async def deliver() -> None:
            for chunk in (b"PK", b"rest", b""):
                asked = len(program.heard)
                await until(lambda: len(program.heard) > asked)  # noqa: B023 - awaited at once
                program.say(b"P", dump(("deliver_chunk", "k1", chunk)))

        sending = asyncio.create_task(deliver())
        await asyncio.sleep(0)
        answer = await at.get(browser, "/download/k1")
        assert await answer.read() == b"PKrest"
        await sending
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a__b__.zip"'
        assert (await at.get(browser, "/download/k1")).status == 404


async def test_a_process_that_cannot_be_started_is_a_sentence() -> None:
    async with house() as at:
        at.nest.refuses = "There is no memory left."
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.come(at.browser())
        assert refused.value.status == 503
        assert not at.server.visits
        at.nest.refuses = ""
        assert await seen(await at.come(at.browser()))


async def test_stopping_ends_every_visit_with_a_sentence() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        stopping = asyncio.create_task(at.server.application.shutdown())
        closed = await line.receive(timeout=5)
        assert "being stopped" in str(closed.extra)
        await stopping
        assert at.nest.programs[0].child.ended.is_set()
