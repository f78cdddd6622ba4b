"""The parser of the command line: its help and its errors are sentences in the learner's language.

argparse words its errors for programmers, in English. `error` reads what it says and says it anew.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from engine.language import _
from engine.naming import typed


class RefusedError(SystemExit):
    """What the words say cannot be done; `sentence` has been said on stderr."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in the language in use."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        # Without a prefix, this is how argparse finds the name of a subcommand.
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Wrapped, but `two-layer-nn` stays in one piece."""
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language in use; the parsers of its subcommands do, too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **options}, add_help=False)
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.also_called: dict[str, str] = {}
        """Other words for options, for whoever writes one of them: `--learning-rate`: `--lr`."""
        self.on_spare: Callable[[str], str] = lambda _word: ""
        """What to say about an argument that is one too many; empty for the usual sentence."""
        self.add_argument("-h", "--help", action="help", help=_("show this help and exit"))

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does, but what is left over is told apart."""
        found, left = self.parse_known_args(args, namespace)
        if left:
            self.refuse(left, _chosen(self, found))
        return found

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does, but options may stand between arguments: `predict RUN --json IMAGE`."""
        words = sys.argv[1:] if args is None else args
        return super().parse_known_args(self._options_first(words), namespace)

    def _options_first(self, words: Sequence[str]) -> list[str]:
        """The words with all options before the arguments, each in their order.

        argparse fills an argument that may be left out or repeated before the first option that
        comes, and takes what is behind that for one too many.
        """
        if not any(action.nargs in ("?", "*", "+") for action in self._get_positional_actions()):
            return list(words)
        options: list[str] = []
        others: list[str] = []
        takes_value = False
        for place, word in enumerate(words):
            if word == "--":
                others += words[place:]
                break
            is_option = re.match(r"--?[A-Za-z]", word) is not None
            (options if is_option or takes_value else others).append(word)
            takes_value = is_option and self._takes_the_next(word)
        # The last option must not take an argument for the value that it lacks.
        return list(words) if takes_value else options + others

    def _takes_the_next(self, word: str) -> bool:
        """Whether the value of an option is the word behind it."""
        known = self._option_string_actions
        # argparse takes the beginning of a long option for the option, too.
        begun = [name for name in known if word.startswith("--") and name.startswith(word)]
        meant = [word] if word in known else begun
        return len({known[name] for name in meant}) == 1 and known[meant[0]].nargs is None

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """A number may have the minus sign that the program shows, and that people copy."""
        is_number = action.type in (int, float)
        return super()._get_value(action, typed(arg_string) if is_number else arg_string)

    def refuse(self, words: Sequence[str], prog: str = "") -> NoReturn:
        """Say what is wrong with words that are no argument, and exit.

        `prog` is the command that was written, where it is one of the subcommands.
        """
        prog = prog or self.prog
        option = next((word for word in words if re.match(r"--?[A-Za-z]", word)), None)
        if option is None:
            text = _(
                "The argument {word!r} is one too many. `{prog} --help` shows what can be given."
            )
            usual = text.format(word=words[0], prog=prog)
            self._leave(self.on_spare(words[0]) or usual)
        name = option.partition("=")[0]
        elsewhere = [parser.prog for parser in _parsers(self) if name in _options(parser)]
        if elsewhere:
            text = _("{name} is not possible here: it belongs to {commands}.")
            commands = ", ".join(f"`{prog}`" for prog in elsewhere)
            self._leave(text.format(name=name, commands=commands))
        text = _("There is no option {name}.").format(name=name)
        known = [word for parser in _parsers(self) for word in _options(parser)]
        near = _offer(name, [*known, *self.also_called], self.also_called)
        help_text = _("`{prog} --help` lists the options.").format(prog=prog)
        self._leave(f"{text} {near or help_text}")

    def error(self, message: str) -> NoReturn:
        """Say what argparse says in a sentence, and exit with status 2."""
        self._leave(self._sentence(message))

    def has_option(self, name: str) -> bool:
        """Whether it has an option of this name, or one of its subcommands does."""
        return any(name in _options(parser) for parser in _parsers(self))

    def _leave(self, sentence: str) -> NoReturn:
        self._print_message(f"dltutor: {sentence}\n", sys.stderr)
        raise RefusedError(sentence)

    def _sentence(self, message: str) -> str:
        """What argparse means. Its messages vary a little from one Python to the next."""
        readers = (
            (r"the following arguments are required: (?P<names>.+)", self._missing),
            (r"argument (?P<name>.+?): invalid choice: (?P<value>'.*?'|\S+?)\W.*", self._no_choice),
            (r"argument (?P<name>.+?): invalid (?P<kind>\w+) value: (?P<value>.+)", self._no_value),
            (r"argument (?P<name>.+?): expected .*", self._no_argument),
            (r"ambiguous option: (?P<value>\S+) could match (?P<names>.+)", _ambiguous),
            (r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)", _together),
            (r"argument (?P<name>.+?): ignored explicit argument (?P<value>.+)", _no_value_taken),
            (r"one of the arguments (?P<names>.+) is required", _one_needed),
            (r"argument (?P<name>.+?): (?P<text>.+)", _said_by_a_type),
        )
        for pattern, reader in readers:
            match = re.fullmatch(pattern, message, re.DOTALL)
            if match:
                return reader(**match.groupdict())
        return message

    def _missing(self, names: str) -> str:
        positionals = [action for action in self._actions if not action.option_strings]
        optional = {_name(action) for action in positionals if action.nargs in ("?", "*")}
        usage = [self.prog]
        usage += [
            f"[{_name(action)}]" if _name(action) in optional else _name(action)
            for action in positionals
        ]
        # argparse names those that can be left out, too.
        missing = [name for name in names.split(", ") if name not in optional]
        text = _("This is missing: {names}. Write `{usage}`; `{prog} --help` says more.")
        return text.format(names=", ".join(missing), usage=" ".join(usage), prog=self.prog)

    def _no_choice(self, name: str, value: str) -> str:
        action = self._action(name)
        choices = list(map(str, action.choices or ())) if action else []
        word = value.strip("'\"")
        parts = [
            _("{value} is not possible for {name}.").format(value=repr(word), name=name),
            _offer(word, choices),
            _("Choose one of {choices}.").format(choices=", ".join(choices)),
        ]
        return " ".join(filter(None, parts))

    def _no_value(self, name: str, kind: str, value: str) -> str:
        texts = {
            "int": _("{name} takes a whole number, not {value}."),
            "float": _("{name} takes a number, not {value}."),
        }
        text = texts.get(kind)
        if text is not None:
            return text.format(name=name, value=value)
        return self._no_choice(name, value)

    def _no_argument(self, name: str) -> str:
        action = self._action(name)
        value = action.metavar if action and isinstance(action.metavar, str) else "VALUE"
        option = name.rpartition("/")[2]
        return _("A value is missing after {name}: `{usage}`.").format(
            name=option, usage=f"{option} {value}"
        )

    def _action(self, name: str) -> argparse.Action | None:
        """The action that argparse calls by this name."""
        for action in self._actions:
            if name in ("/".join(action.option_strings), action.metavar, action.dest):
                return action
        return None


def _name(action: argparse.Action) -> str:
    return action.metavar if isinstance(action.metavar, str) else action.dest


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser, and those of its subcommands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _parsers(below)


def _chosen(parser: argparse.ArgumentParser, found: argparse.Namespace) -> str:
    """How the command is called that was written: `dltutor runs export`."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = action.choices.get(getattr(found, action.dest, None) or "")
            return parser.prog if below is None else _chosen(below, found)
    return parser.prog


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The options that the help shows."""
    for action in parser._actions:
        if action.help is not argparse.SUPPRESS:
            yield from action.option_strings


def _ambiguous(value: str, names: str) -> str:
    return _("{value} may mean any of {names}. Write more of it.").format(value=value, names=names)


def _together(name: str, other: str) -> str:
    text = _("{name} and {other} exclude each other. Give one of them.")
    return text.format(name=name, other=other)


def _no_value_taken(name: str, value: str) -> str:
    return _("{name} takes no value; leave {value} out.").format(name=name, value=value)


def _one_needed(names: str) -> str:
    return _("Give one of {names}.").format(names=", ".join(names.split()))


def _said_by_a_type(name: str, text: str) -> str:
    return f"{name}: {text.rstrip('.')}."


def _offer(word: str, known: Iterable[str], meant: Mapping[str, str] | None = None) -> str:
    from engine.nearest import did_you_mean

    return did_you_mean(word, known, meant)
