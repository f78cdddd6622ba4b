"""A headless Chromium, driven over its DevTools protocol with aiohttp's web socket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, WSMsgType
from aiohttp.client import ClientWebSocketResponse

_SEQUENCE = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07)")
_KEYS = {
    "Enter": (13, "\r"), "ArrowRight": (39, ""), "ArrowLeft": (37, ""), "ArrowDown": (40, ""),
    "Tab": (9, ""), "Escape": (27, ""), "Backspace": (8, ""),
}  # fmt: skip
CONTROL = 2


def program() -> str | None:
    """Where Chromium is; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


class Chromium:
    """One page of one browser; `text` is what the terminal in it was sent since the last key."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1280, 800)) -> None:
        self.text = ""
        self.requested: list[str] = []
        """The address of everything that the page has asked for."""
        self.complaints: list[str] = []
        """What the page wrote to its console as an error."""
        self._folder, self._size = folder, size
        self._numbers = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._heard = asyncio.Event()

    async def __aenter__(self) -> Chromium:
        found = program()
        assert found
        width, height = self._size
        self._process = subprocess.Popen(
            [found, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--disable-sync",
             "--disable-dev-shm-usage", "--disable-component-update", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
             f"--user-data-dir={self._folder / 'profile'}", f"--window-size={width},{height}",
             "--remote-debugging-port=0", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._session = ClientSession()
        port = await self._port()
        async with self._session.get(f"http://127.0.0.1:{port}/json") as answer:
            pages = await answer.json()
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self._line: ClientWebSocketResponse = await self._session.ws_connect(
            address, max_msg_size=0
        )
        self._listening = asyncio.create_task(self._listen())
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        return self

    async def _port(self) -> int:
        path = self._folder / "profile" / "DevToolsActivePort"
        for _number in range(600):
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int(path.read_text().splitlines()[0])
            await asyncio.sleep(0.05)
        raise AssertionError("Chromium did not start")

    async def __aexit__(self, *_error: object) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.ask("Browser.close"), 5)
        self._listening.cancel()
        await self._session.close()
        try:
            await asyncio.to_thread(self._process.wait, 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _listen(self) -> None:
        async for message in self._line:
            if message.type is not WSMsgType.TEXT:
                return
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
                continue
            given = said.get("params", {})
            match said["method"]:
                case "Network.webSocketFrameReceived" if given["response"]["opcode"] == 2:
                    data = base64.b64decode(given["response"]["payloadData"])
                    self.text += _SEQUENCE.sub(b"", data).decode("utf-8", "replace")
                    self._heard.set()
                case "Network.requestWillBeSent":
                    self.requested.append(given["request"]["url"])
                case "Network.webSocketCreated":
                    self.requested.append(given["url"])
                case "Log.entryAdded" if given["entry"]["level"] == "error":
                    self.complaints.append(given["entry"]["text"])
                case "Runtime.exceptionThrown":
                    self.complaints.append(str(given["exceptionDetails"].get("exception")))

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._numbers += 1
        number = self._numbers
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._line.send_json({"id": number, "method": method, "params": params})
        found = await asyncio.wait_for(answer, 30)
        assert "error" not in found, found
        result: dict[str, Any] = found["result"]
        return result

    async def open(self, address: str) -> None:
        """Load a page."""
        self.text = ""
        await self.ask("Page.navigate", url=address)

    async def evaluate(self, source: str) -> Any:
        """The value of a JavaScript expression in the page."""
        found = await self.ask("Runtime.evaluate", expression=source, returnByValue=True)
        return found["result"].get("value")

    async def press(self, *keys: str, control: bool = False) -> None:
        """Press and let go of keys, by their names."""
        self.text = ""
        for key in keys:
            code, text = _KEYS.get(key, (ord(key.upper()) if len(key) == 1 else 0, key))
            about = {
                "key": key, "windowsVirtualKeyCode": code, "modifiers": CONTROL if control else 0
            }  # fmt: skip
            shown = {} if control or not text else {"text": text}
            await self.ask("Input.dispatchKeyEvent", type="keyDown", **about, **shown)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", **about)

    async def type(self, text: str) -> None:
        """Type a text, as a keyboard or a paste does."""
        self.text = ""
        await self.ask("Input.insertText", text=text)

    async def see(self, *wanted: str, seconds: float = 40.0) -> str:
        """Wait until the terminal was sent one of these texts; which one."""
        until = time.monotonic() + seconds
        while True:
            for each in wanted:
                if each in self.text:
                    return each
            left = until - time.monotonic()
            assert left > 0, f"no {wanted} in {self.text[-3000:]}; {self.complaints}"
            self._heard.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._heard.wait(), min(left, 1.0))

    async def picture(self, path: Path) -> bytes:
        """What is shown, as a PNG file."""
        await asyncio.sleep(0.5)  # the terminal draws a frame later
        found = await self.ask("Page.captureScreenshot", format="png")
        data = base64.b64decode(found["data"])
        path.write_bytes(data)
        return data


def colours(picture: bytes) -> int:
    """How many pixels of a picture are in the colours of a curve, neither grey nor dark."""
    import io

    import numpy as np
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
    return int(((pixels.max(axis=2) - pixels.min(axis=2) > 60) & (pixels.max(axis=2) > 120)).sum())
