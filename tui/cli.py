"""The `dltutor` command. Imports nothing heavy before it must: no textual, no torch."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from engine import language
from engine.errors import UserError
from engine.language import _
from engine.version import VERSION
from tui import labs
from tui.commands import commands
from tui.figures import registry as figures
from tui.streams import open_closed, shown, silence
from tui.terminal import settle

if TYPE_CHECKING:
    import argparse

    from engine.playground.points import Points
    from engine.playground.settings import Settings
    from tui.parsing import Parser


class CommandModule(Protocol):
    """What the module of a command offers, beside its declaration."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `dltutor`; the exit status: 0, 1 a failed run, 2 bad usage, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    open_closed()
    settle(os.environ)
    for stream in (sys.stdout, sys.stderr):
        # A sign that the terminal lacks is no error; some streams cannot be told so (ESPIPE).
        with contextlib.suppress(OSError):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
    try:
        status = _answer(words)
        sys.stdout.flush()
        return status
    except UserError as error:
        from engine.ranks.place import speaks

        if speaks():
            _say(str(error))
            _tell_readers(words, str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe left (`dltutor lessons | head`): nothing is wrong.
        silence(sys.stdout)
        return 0
    except OSError as error:
        # A full disk, a folder that refuses: nobody should see a traceback because of that.
        if error.filename is not None:  # else it is the output itself that refuses
            _tell_readers(words, _refusal(error))
        silence(sys.stdout)
        _say(_refusal(error))
        return 1
    except SystemExit as ending:
        # argparse has printed a help or an error; what is still buffered must not fail later.
        _tell_readers(words, getattr(ending, "sentence", ""))
        _flush_or_silence()
        raise
    except BaseException as error:
        from tui.stopped import stopped_in_part

        said = stopped_in_part(error)
        if not said:
            raise
        _say(said)
        _tell_readers(words, said)
        return 1


def _answer(words: list[str]) -> int:
    if words in (["--version"], ["-V"]):
        print(f"dltutor {VERSION}")
        return 0
    if words[:2] == ["completion", "--words"]:
        # What the script of a shell asks: these words are not for this program.
        _choose_language(None)
        import_module("tui.commands.completion").answer(words[2:])
        return 0
    option, words = _without_language(words)
    _choose_language(option)
    return _run(words, option)


def _say(text: str) -> None:
    """Write a sentence to stderr, if there is one that can be written to."""
    try:
        # A path or a name from a file may hold escape sequences.
        told = "\n".join(map(shown, text.split("\n")))
        print(f"dltutor: {told}", file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def _tell_readers(words: Sequence[str], text: str) -> None:
    """Print an error as JSON, too, where a program reads the answer."""
    if not text or not _asks_for_json(words):
        return
    import json

    try:
        print(json.dumps({"error": text}), flush=True)
    except OSError:
        silence(sys.stdout)


def _asks_for_json(words: Sequence[str]) -> bool:
    """Whether the words ask for JSON, and their command has it."""
    _option, words = _without_language(words)
    name, rest = "".join(words[:1]), words[1:]
    given = rest[: rest.index("--")] if "--" in rest else rest
    # argparse takes the beginning of a long option for the option, too.
    if not any(len(word) > len("--") and "--json".startswith(word) for word in given):
        return False
    try:
        return name in commands() and parser_of(name, rest)[1].has_option("--json")
    except BaseException:  # a command whose file is broken has no options, whatever it raises
        return False


def _refusal(error: OSError) -> str:
    """What the system refused, in a sentence."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return _("The output cannot be written: {reason}.").format(reason=reason)
    text = _("The system refuses {path}: {reason}.")
    return text.format(path=shown(os.fsdecode(error.filename)), reason=reason)


def _flush_or_silence() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)


def _without_language(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """What `--lang` says, wherever it stands, and the other words; None where it is left out."""
    found, others = None, list(words)
    place = 0
    while place < len(others) and others[place] != "--":
        name, equals, value = others[place].partition("=")
        # argparse takes the beginning of a long option for the option, too.
        if name not in ("--lang", "--lan") or (not equals and place + 1 == len(others)):
            place += 1
            continue
        found = value if equals else others.pop(place + 1)
        del others[place]
    return found, others


def _choose_language(option: str | None) -> None:
    """Choose the language of everything, before any module is imported that holds texts."""
    setting = None
    # The option and the variable decide without the file.
    if option is None and not os.environ.get(language.VARIABLE):
        from lessons.learner.stored import stored_setting

        setting = stored_setting(language.SETTING)
    try:
        language.use(language.chosen(option, setting))
    except LookupError:
        known = ", ".join(f"{code} ({language.name_of(code)})" for code in language.languages())
        raise UserError(
            f"There is no translation into {option!r}. Give --lang one of these: {known}."
        ) from None


def _run(words: list[str], lang: str | None) -> int:
    """Run what the words say; `lang` is the value of `--lang`, which is no longer among them."""
    labs.declare()
    figures.declare()
    if not words:  # the usual start needs no parser, and no list of the commands
        return _start()
    import argparse

    if words[0] in commands():
        command, parser = parser_of(words[0], words[1:])
        named = argparse.Namespace(lang=lang)
        args = parser.parse_args(_join_negatives(words[1:]), named)
        args.command_words = [*words, *(["--lang", lang] if lang else [])]  # for other processes
        return command.run(args)
    parser = overview_parser()
    args, left = parser.parse_known_args(words)
    slug = None if args.lesson is None else _slug(args.lesson)
    if left:
        parser.refuse(left)
    return _start(slug, args.data_dir)


def parser_of(name: str, words: Sequence[str]) -> tuple[CommandModule, Parser]:
    """The module of a command, and a parser for its arguments `words`."""
    # Imported late: most starts have no words to parse.
    from engine.broken import load_part
    from tui.parsing import Parser

    found = commands()[name]
    command = cast("CommandModule", load_part(found.module, ("run",)))
    parser = Parser(
        prog=f"dltutor {found.command.name}",
        description=found.command.description or command.__doc__,
    )
    # A command may declare other arguments where it knows the words, such as a recipe.
    declare_for = getattr(command, "add_arguments_for", None)
    if declare_for is None:
        load_part(found.module, ("add_arguments",))
        command.add_arguments(parser)
    else:
        declare_for(parser, words)
    _add_language(parser)
    return command, parser


def _join_negatives(words: Sequence[str]) -> list[str]:
    """`--x -0.5,0.1` as `--x=-0.5,0.1`: argparse takes the number for an option otherwise."""
    joined: list[str] = []
    for word in words:
        # What follows `--` is no option's value.
        takes_value = "--" not in joined and bool(re.fullmatch("--[^=]+", ["", *joined][-1]))
        if takes_value and re.match(r"-[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _add_language(parser: argparse.ArgumentParser) -> None:
    """Declare `--lang` for the help; `_without_language` has read it already."""
    codes = ", ".join(language.languages())
    parser.add_argument(
        "--lang",
        metavar="CODE",
        help=_(
            "language of all text: {codes} (default: $DLTUTOR_LANG, else the one chosen in the "
            "command palette, else that of the terminal)"
        ).format(codes=codes),
    )


def overview_parser() -> Parser:
    """The parser where no command is given."""
    from tui.parsing import Parser

    width = max(map(len, commands()))
    overview = "\n".join(
        f"  {name:<{width}}  {found.command.help}" for name, found in commands().items()
    )
    parser = Parser(
        prog="dltutor",
        usage="dltutor [LESSON] [--data-dir DIR] [--lang CODE]\n       dltutor COMMAND [...]",
        description=_(
            "A terminal tutor for the fundamentals of deep learning.\n"
            "Without a command it opens its screens: at LESSON, else where you left off."
        ),
        epilog=_("commands:\n{overview}\n\n`dltutor COMMAND --help` says more about each.").format(
            overview=overview
        ),
    )
    parser.add_argument(
        "lesson",
        nargs="?",
        metavar="LESSON",
        help=_("the lesson to open, such as backprop/deltas (default: where you left off)"),
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=_("folder that holds FashionMNIST/ and MNIST/"),
    )
    _add_language(parser)
    parser.add_argument(
        "-V",
        "--version",
        action="version",
        version=f"dltutor {VERSION}",
        help=_("show the version and exit"),
    )
    return parser


def _slug(word: str) -> str:
    """The slug of the lesson that is meant; a mistyped command is told apart from a lesson."""
    from engine.nearest import nearest
    from lessons.format.catalog import COURSE, UnknownLessonError, catalog
    from lessons.proof.supervised import told_in

    try:
        with told_in(catalog().entry(word).path or COURSE):
            return catalog().load(word).slug
    except UnknownLessonError:
        lessons = [entry.slug for entry in catalog().entries()]
        near = nearest(word, [*commands(), *lessons], most=1)
        if not near or near[0] not in commands():
            raise
        raise UserError(
            _("There is no command and no lesson '{word}'. Did you mean `dltutor {near}`?").format(
                word=word, near=near[0]
            )
        ) from None


def open_playground(settings: Settings, read: Points | None) -> int:
    """Open the screens at the playground; `read` are the points of a file."""
    return _start(playground=(settings, read))


def _start(
    slug: str | None = None,
    data_dir: Path | None = None,
    playground: tuple[Settings, Points | None] | None = None,
) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(
            _(
                "The screens need a terminal, but the input or the output is not one. "
                "`dltutor show LESSON` prints a lesson anywhere."
            )
        )
    if os.environ.get("TERM") == "dumb":
        raise UserError(
            _(
                "This terminal cannot draw screens (TERM=dumb). "
                "`dltutor show LESSON` prints a lesson as plain text."
            )
        )
    gc.disable()  # until the first frame: what is imported now stays
    from tui.app import TutorApp
    from tui.config import read_config

    app = TutorApp(lesson=slug, data_dir=data_dir, config=read_config(), playground=playground)
    try:
        app.run()
    except Exception as error:
        if not app.is_ending:
            raise
        app.note_fault(error)
        app.end_work()  # the fault may have come before it
    if app.fault_note is not None:
        text = _("Something went wrong while dltutor ended. Your progress is saved. See {path}.")
        _say(text.format(path=app.fault_note))
    return _leave(app.return_code or 0)


def _leave(status: int) -> int:
    """End at once where background work is still under way; everything of the learner is saved.

    A daemon thread that imports torch or computes while the interpreter is taken down aborts the
    process now and then (SIGABRT).
    """
    if not any(thread.daemon for thread in threading.enumerate()):
        return status
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
