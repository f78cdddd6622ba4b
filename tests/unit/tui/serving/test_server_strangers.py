"""What the server refuses: other pages, other names, wrong tokens, files, and nonsense."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from tests.unit.tui.serving.house import house, seen, until
from tui.serving.gate import Gate
from tui.serving.sizes import MOST
from tui.serving.stores import serve_folder
from tui.serving.visit import MESSAGE_BYTES

TOKEN = "a token of some length"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Cookie": "dltutor-visitor-8000=../../../../etc"},
        {"Cookie": ""},
    ],
)
async def test_a_socket_of_another_page_starts_nothing(headers: dict[str, str]) -> None:
    async with house() as at:
        browser = at.browser()
        if "Cookie" not in headers:
            await at.get(browser, "/")
        with pytest.raises(WSServerHandshakeError) as refused:
            await at.connect(browser, **headers)
        assert refused.value.status == 403
        assert not at.nest.programs


async def test_a_socket_without_an_origin_starts_nothing() -> None:
    async with house() as at:
        browser = at.browser()
        await at.get(browser, "/")
        with pytest.raises(WSServerHandshakeError):
            await browser.ws_connect(f"{at.base}/ws")
        assert not at.nest.programs


async def test_a_name_that_was_led_here_is_not_answered() -> None:
    async with house() as at:
        assert (await at.get(at.browser(), "/", Host="evil.example")).status == 403


@pytest.mark.parametrize("path", ["/", "/static/js/textual.js", "/ws", "/download/x", "/nothing"])
async def test_without_the_token_there_is_nothing(path: str) -> None:
    async with house(Gate(is_local=False, token=TOKEN)) as at:
        for cookie in ("", f"dltutor-ticket-8000={TOKEN}", "dltutor-ticket-8000=" + "0" * 64):
            answer = await at.get(at.browser(), path, Cookie=cookie, Origin=at.base)
            assert answer.status == 401
            assert TOKEN not in await answer.text()
        assert not at.nest.programs
        assert not (serve_folder() / "visitors").exists()


async def test_the_token_is_asked_for_once_and_leaves_the_address() -> None:
    async with house(Gate(is_local=False, token=TOKEN)) as at:
        browser = at.browser()
        wrong = await at.get(browser, "/?token=wrong")
        assert (wrong.status, len(browser.cookie_jar)) == (401, 0)
        right = await browser.get(f"{at.base}/", params={"token": TOKEN}, allow_redirects=False)
        assert (right.status, right.headers["Location"]) == (303, "/")
        cookie = right.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert TOKEN not in cookie
        assert await seen(await at.come(browser))


async def test_wrong_tokens_wait_one_after_the_other() -> None:
    async with house(Gate(is_local=False, token=TOKEN), seconds=0.1) as at:
        began = time.monotonic()
        tries = [at.get(at.browser(), f"/?token={number}") for number in range(4)]
        assert {answer.status for answer in await asyncio.gather(*tries)} == {401}
        assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fapp_service.py",
        "/static//etc/passwd",
        "/static/js",
        "/static/",
        "/static/page.js%00.css",
        "/static/js/../js/textual.js%2f..",
        "/download/../../etc/passwd",
        "/download/x",
        "/.git/config",
    ],
)
async def test_no_other_file_can_be_fetched(path: str) -> None:
    async with house() as at:
        host, port = at.base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        # A browser would tidy the path up before it sends it.
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer[:80]
        assert b"import" not in answer


async def test_the_page_fetches_nothing_from_elsewhere() -> None:
    async with house() as at:
        page = await at.get(at.browser(), "/?fontsize=20")
        text = await page.text()
        assert text.replace(at.base.replace("http", "ws"), "").count("://") == 0
        assert 'data-font-size="20"' in text
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        for name in ("css/xterm.css", "page.css", "page.js"):
            found = await at.get(at.browser(), f"/static/{name}")
            assert "://" not in (await found.text()).replace("https://github.com/chjj/term.js", (
                "")).replace("http://bellard.org/jslinux/", "")  # fmt: skip


@pytest.mark.parametrize("query", ['fontsize="><script>', "fontsize=1e9", "x=%0d%0aSet-Cookie:a=b"])
async def test_a_query_changes_nothing_but_the_size_of_the_font(query: str) -> None:
    async with house() as at:
        page = await at.get(at.browser(), f"/?{query}")
        text = await page.text()
        assert "<script>" not in text
        assert "data-font-size" not in text
        assert len(page.headers.getall("Set-Cookie")) == 1


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=1000000&height=1000000", ("400", "150")),
        ("width=-5&height=0", ("80", "8")),
        ("width=$(touch x)&height=;ls", ("80", "24")),
        ("width=٣&height=1e3", ("80", "24")),
        ("", ("80", "24")),
    ],
)
async def test_the_size_of_a_window_is_a_number_within_bounds(
    query: str, size: tuple[str, str]
) -> None:
    async with house() as at:
        line = await at.come(at.browser(), query)
        await seen(line)
        environment = at.nest.programs[0].environment
        assert (environment["COLUMNS"], environment["ROWS"]) == size


async def test_nonsense_from_a_browser_is_left_out() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        nonsense: list[object] = [
            None, 7, {}, [], ["stdin"], ["stdin", 5], ["stdin", None], ["quit"], [["stdin", "a"]],
            ["resize", []], ["resize", {"width": True, "height": [1]}], ["ping", "x" * 99],
            ["deliver_chunk_request", {"key": "../../x"}], ["exit"],
        ]  # fmt: skip
        for each in nonsense:
            await line.send_json(each)
        await line.send_str("[" * 5000)
        await line.send_str("not json")
        await line.send_json(["resize", {"width": 10**6, "height": 10**6}])
        await line.send_json(["stdin", "\ud800a"])
        assert await seen(line) == b"?a"
        heard = at.nest.programs[0].heard
        sizes = [json.loads(content) for kind, content in heard if kind == "M"]
        assert sizes == [
            {"type": "resize", "width": 80, "height": 24},
            {"type": "resize", "width": MOST[0], "height": MOST[1]},
        ]
        await line.send_json(["ping", "7"])
        assert (await line.receive_json(timeout=5)) == ["pong", "7"]


async def test_a_message_that_is_too_long_ends_the_visit() -> None:
    async with house() as at:
        line = await at.come(at.browser())
        await seen(line)
        await line.send_str("x" * (MESSAGE_BYTES + 1))
        assert (await line.receive(timeout=5)).type is WSMsgType.CLOSE
        await until(lambda: not at.server.visits)
