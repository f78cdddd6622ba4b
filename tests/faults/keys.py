"""Random keys, clicks and sizes over all screens; a log from which a failure can be replayed.

`python -m tests.faults.long keys --keys 10000 --seed 3` presses them, in one application after the
other; `--replay FILE` presses those of a log again. `python -m tests.faults.long sizes` resizes.

The pilots wait for what is left to do, as in the suite, and all is drawn at once, as with a
terminal. They do not wait for the timer of a new size, but have it handed on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from textual import events
from textual._xterm_parser import XTermParser
from textual.errors import NoWidget
from textual.pilot import OutOfBounds, Pilot
from textual.widget import Widget

from lessons.learner.progress import Progress
from tests.faults import opening
from tests.screens import quiet
from tests.screens.fake_session import FakeSession
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.services import real_session

PRESSED = (
    *"abcdefghijklmnoprstuvxyz0123456789", "right", "left", "up", "down", "enter", "escape", "tab",
    "shift+tab", "space", "home", "end", "pageup", "pagedown", "question_mark", "slash", "minus",
    "full_stop", "backspace", "delete", "ctrl+p", "ctrl+r", "ctrl+a", "ctrl+e", "ctrl+s", "plus",
    "less_than_sign", "greater_than_sign", "ctrl+t", "ctrl+x", "ctrl+v",
)  # fmt: skip
"""All but those that leave the program: q, w, ctrl+q, ctrl+c, ctrl+z, and ctrl+o for $EDITOR."""
CHARACTERS = {
    "space": " ", "question_mark": "?", "slash": "/", "minus": "-", "full_stop": ".", "plus": "+",
    "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip
TYPED = {
    "\t": "tab", " ": "space", "\x10": "ctrl+p", "\x11": "ctrl+q", "\x13": "ctrl+s",
    "?": "question_mark", "/": "slash", ".": "full_stop", "#": "number_sign",
}  # fmt: skip
"""What `opening` types as a terminal sends it, as keys."""
MOVING = ("playground running", "exercise testing", "rate finder")
"""Screens that go on by themselves, as those of real trainings do: their text is never the same."""
GONE = 2.0
"""Seconds after which what was to be waited for is taken to be gone."""
ANSWERS = 120.0
"""Seconds in which the application answers, however much else the machine does."""
SIZES = ((80, 24), (120, 40), (200, 60))
PER_APPLICATION = 100
OPENED = tuple(name for name in opening.OPENINGS if not opening.OPENINGS[name].state)
"""The screens on which nothing is really trained."""

Act: TypeAlias = tuple[str, object]
"""`keys` and names, `click` and shares of width and height, `size` in cells, `open` a screen,
`sent`: what a terminal sends, as it sends it."""
LEAVING = ("q", "w", "ctrl+q", "ctrl+c", "ctrl+z", "ctrl+o", "Q", "W")
"""Keys that are left out of what is sent."""
STRANGE = (
    "a9 .,-\t\n\r\x00\x07\x1b\x7f\x9bé²αΣ∂中文字한ﾊ🧠👩\u200d👧🇩🇪e\u0301\u200b\u202eﷺ"
    "\U0010fffd\ufffe𝛼"
)
"""Of what is pasted and typed: control characters, wide and combined ones, both directions."""
FINALS = "ABCDFHIJKMPQRSZcghlmnpqrtuyz~^$"
"""Ends of sequences, for those that mean something to the application and those that do not."""
TOGETHER = (1, 1, 1, 2, 3, 5, 8)
"""How many keys arrive in one piece, as from whoever types ahead, or over a slow line."""


def tutor(name: str, progress: Progress) -> TutorApp:
    """The application without a preload; with a real training only where one is to be seen."""
    found = opening.opening(name)
    return TutorApp(
        lesson=found.lesson,
        progress=progress,
        preload=None,
        make_session=real_session if found.state else lambda report: FakeSession(),
        list_devices=lambda: ["cpu"],
    )


def random_acts(seed: int, count: int, size: tuple[int, int]) -> Iterator[Act]:
    """So many keys and clicks, and now and then another size and the one of before."""
    draw = random.Random(seed)
    while count > 0:
        chance = draw.random()
        if chance < 0.1:
            yield "sent", [sent(draw, size)]
            count -= 1
        elif chance < 0.2:
            yield "click", [draw.random(), draw.random()]
            count -= 1
        elif chance < 0.22:
            yield "size", [draw.randint(1, 300), draw.randint(1, 100)]
            yield "size", list(size)
        else:
            together = min(draw.choice(TOGETHER), count)
            yield "keys", draw.choices(PRESSED, k=together)
            count -= together


def sent(draw: random.Random, size: tuple[int, int]) -> str:
    """A paste, a drag, turns of the wheel, strange characters, or sequences without a meaning."""

    def mouse(button: int, end: str = "M") -> str:
        return f"\x1b[<{button};{draw.randint(1, size[0])};{draw.randint(1, size[1])}{end}"

    def strange(most: int) -> str:
        return "".join(draw.choices(STRANGE, k=draw.randint(1, most)))

    kind = draw.choice(("paste", "drag", "wheel", "typed", "junk"))
    if kind == "paste":
        return f"\x1b[200~{strange(draw.choice((5, 40, 4000)))}\x1b[201~"
    if kind == "drag":
        button = draw.choice((0, 0, 1, 2, 4, 16))
        moves = "".join(mouse(button + 32) for _ in range(draw.randint(0, 6)))
        return mouse(button) + moves + mouse(button, draw.choice("mmmM"))
    if kind == "wheel":
        return "".join(mouse(draw.choice((64, 65, 65, 66, 67, 69))) for _ in range(8))
    if kind == "typed":
        return strange(8)
    numbers = ";".join(str(draw.choice((0, 1, 7, 27, 99, 200, 10**9))) for _ in range(3))
    return "".join(
        draw.choice(("\x1b[", "\x1b[?", "\x1b[<", "\x1b[>", "\x1bO", "\x1b]", "\x1bP", "\x1b[200~"))
        + numbers[: draw.randint(0, 9)] + draw.choice(FINALS)
        for _ in range(draw.randint(1, 5))
    )  # fmt: skip


def receive(app: TutorApp, text: str) -> None:
    """What the driver does with what it reads, without the keys that leave the program."""
    assert app._driver is not None
    parser = XTermParser()
    for event in (*parser.feed(text), *parser.feed("")):  # the end of the input, as at a pause
        if isinstance(event, events.Key) and event.key in LEAVING:
            continue
        if not isinstance(event, events.Resize):  # the terminal tells its size, not strange ones
            app._driver.process_message(event)


async def act(pilot: Pilot[None], what: str, value: object) -> None:
    """Do one thing."""
    assert isinstance(value, list)
    if what == "keys":
        for key in value:
            # As the driver does with a chunk of input: nothing is waited for in between.
            pilot.app.post_message(
                events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None))
            )
        await _drawn(pilot)
    elif what == "sent":
        assert isinstance(pilot.app, TutorApp)
        receive(pilot.app, value[0])
        await _drawn(pilot)
    elif what == "size":
        # A widget that is taken away while the pilot waits for it never answers.
        with suppress(TimeoutError):
            await asyncio.wait_for(pilot.resize_terminal(*value), GONE)
    else:
        size = pilot.app.size
        at = int(value[0] * size.width), int(value[1] * size.height)
        with suppress(OutOfBounds, NoWidget, TimeoutError):
            await asyncio.wait_for(pilot.click(offset=at), GONE)


async def _drawn(pilot: Pilot[None]) -> None:
    """Let the application do what there is to do; a widget that is taken away never says so."""
    with suppress(TimeoutError):
        await asyncio.wait_for(pilot.pause(), GONE)


async def _answers(app: TutorApp) -> None:
    """See that every key has its effect, and that the application and what it shows go on."""
    loop = asyncio.get_running_loop()
    until = loop.time() + ANSWERS
    while app.is_running and not app.typed_ahead.is_through:
        assert loop.time() < until, "a key waits for ever"
        await asyncio.sleep(0.01)
    for pump in (app, app.screen) if app.is_running and not app.is_ending else ():
        answered = asyncio.Event()

        def answer(answered: asyncio.Event = answered) -> None:
            answered.set()

        if pump.call_later(answer):
            await asyncio.wait_for(answered.wait(), ANSWERS)


async def press(name: str, size: tuple[int, int], acts: Iterable[Act], log: Path) -> int:
    """Open a screen and do all that; how much was done. Every act is in `log` before it is done."""
    done = 0
    with tempfile.TemporaryDirectory() as folder, log.open("w", encoding="utf-8") as written:
        written.write(json.dumps(["open", [name, *size]]) + "\n")
        progress = Progress(Path(folder) / "p.sqlite")
        if name == "review":
            opening.with_old_answers(progress)
        app = tutor(name, progress)
        async with app.run_test(size=size) as pilot:
            opening.opening(name).call(app)
            await _drawn(pilot)
            for what, value in acts:
                written.write(json.dumps([what, value]) + "\n")
                written.flush()
                await act(pilot, what, value)
                if what == "keys" and isinstance(value, list):
                    done += len(value)
                else:
                    done += what in ("click", "sent")
                if not app.is_running:
                    break
            await _answers(app)
        assert app.return_code in (None, 0)
    return done


def rows(app: TutorApp) -> list[str]:
    """What is drawn."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def places(app: TutorApp) -> list[str]:
    """The screen and each widget on it, with its place."""
    shown = [widget for widget in app.screen.walk_children(Widget) if widget.region]
    return [
        type(app.screen).__name__,
        *(f"{type(widget).__name__}#{widget.id} {widget.region}" for widget in shown),
    ]


async def open_screen(name: str, pilot: Pilot[None], app: TutorApp) -> None:
    """Open the screen, wait for its training, and type what belongs to it."""
    found = opening.opening(name)
    found.call(app)
    await settle(pilot)
    for _ in range(6000):
        if not found.state or app.session.snapshot.state == found.state:
            break
        await pilot.pause(0.01)
    else:
        raise AssertionError(f"the training is {app.session.snapshot.state}")
    for key in found.keys:
        await pilot.press(TYPED.get(key, key))
        await settle(pilot)


async def resize(name: str, count: int, seed: int) -> list[str]:
    """Resize a screen at random and back; tell what is not as before.

    Compared is what is drawn; where that changes by itself, the places of all that is there.
    """
    is_moving = bool(opening.opening(name).state) or name in MOVING
    look = places if is_moving else rows
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        progress = Progress(Path(folder) / "p.sqlite")
        if name == "review":
            opening.with_old_answers(progress)
        app = tutor(name, progress)
        async with app.run_test(size=(80, 24)) as pilot:
            await open_screen(name, pilot, app)
            await _settled(pilot, look)
            before = look(app)
            for number in range(count):
                small = number % 3 == 0
                size = (draw.randint(1, 59), draw.randint(1, 17)) if small else (
                    draw.randint(1, 300), draw.randint(1, 100))  # fmt: skip
                await pilot.resize_terminal(*((1, 1) if number == 0 else size))
                if number % 5 == 0:
                    await pilot.pause()
            await pilot.resize_terminal(80, 24)
            await _settled(pilot, look)
            after = look(app)
            if app.has_session:
                await asyncio.to_thread(app.session.close)
    if len(before) != len(after):
        return [f"{len(before)} became {len(after)}: {sorted({*before} ^ {*after})[:4]}"]
    return [f"{b!r} became {a!r}" for b, a in zip(before, after, strict=True) if a != b][:3]


async def _settled(pilot: Pilot[None], look: Callable[[TutorApp], list[str]]) -> None:
    """Wait until the background has delivered, and what is looked at stays the same."""
    app = pilot.app
    assert isinstance(app, TutorApp)
    seen: list[str] = []
    for _ in range(100):
        await settle(pilot)
        await pilot.pause(0.02)
        now = look(app)
        if len(rows(app)) == app.size.height and now == seen:
            return
        seen = now


def main(words: list[str]) -> int:
    """Press many keys; print where it failed, and where the log is."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long keys")
    parser.add_argument("screens", nargs="*")
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--logs", type=Path, default=Path(tempfile.gettempdir()) / "dltutor-keys")
    parser.add_argument("--replay", type=Path)
    args = parser.parse_args(words)
    quiet.install()
    args.logs.mkdir(parents=True, exist_ok=True)
    if args.replay:
        acts = [json.loads(line) for line in args.replay.read_text("utf-8").splitlines()]
        name, *size = acts[0][1]
        done = asyncio.run(press(name, tuple(size), acts[1:], args.logs / "replayed"))
        print(f"{done} acts, nothing raised")
        return 0
    names = args.screens or [*OPENED, *(name for name in opening.names() if name[:3] == "lab")]
    total = lost = number = 0
    while total < args.keys:
        name, size = names[number % len(names)], SIZES[number % len(SIZES)]
        seed = args.seed * 1000 + number
        log = args.logs / f"{seed}.jsonl"
        count = min(PER_APPLICATION, args.keys - total)
        try:
            total += asyncio.run(press(name, size, random_acts(seed, count, size), log))
            log.unlink()
            print(f"{total} keys and clicks", flush=True)
        except Exception:
            lost += 1
            print(f"LOST {name} at {size}, log {log}:", file=sys.stderr)
            print("".join(traceback.format_exc().splitlines(True)[-12:]), file=sys.stderr)
            sys.stderr.flush()
        number += 1
    print(f"{total} keys and clicks in {number} applications, {lost} lost")
    return int(lost > 0)


def main_sizes(words: list[str]) -> int:
    """Resize every screen and every lab."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long sizes")
    parser.add_argument("screens", nargs="*")
    parser.add_argument("--sizes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(words)
    quiet.install()
    names = args.screens or opening.names()
    lost = 0
    for name in names:
        try:
            troubles = asyncio.run(resize(name, args.sizes, args.seed))
        except Exception:
            troubles = ["".join(traceback.format_exc().splitlines(True)[-8:])]
        lost += bool(troubles)
        print(f"{'LOST' if troubles else 'ok  '} {name} {'; '.join(troubles)}", flush=True)
    print(f"{len(names)} screens, {args.sizes} sizes each, {lost} lost")
    return int(lost > 0)
