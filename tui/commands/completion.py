"""`dltutor completion`: completion for the shell."""

from __future__ import annotations

import argparse

from engine.language import _
from tui.commands import Command

COMMAND = Command(
    "completion",
    _("complete commands, recipes, lessons and options in the shell"),
    place=110,
    description=_("""\
Print a script with which the shell completes commands, lessons, recipes, options, choices and runs.

bash   dltutor completion bash > ~/.local/share/bash-completion/completions/dltutor
       or in ~/.bashrc: eval "$(dltutor completion bash)"
zsh    in ~/.zshrc, after compinit: eval "$(dltutor completion zsh)"
fish   dltutor completion fish > ~/.config/fish/completions/dltutor.fish

It asks the program at each tab, so new recipes, lessons and runs are known at once.
"""),
)

_BASH = r"""# Completion of dltutor in bash.
_dltutor() {
    local program="${1/#\~\//$HOME/}" current="${COMP_WORDS[COMP_CWORD]}" value about
    [ "$current" = "=" ] && current=""
    COMPREPLY=()
    while IFS=$'\t' read -r value about; do
        if [ "$value" = "//files" ]; then
            while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
            compopt -o filenames 2>/dev/null
        else
            COMPREPLY+=("$value")
        fi
    done < <("$program" completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _dltutor dltutor
"""
_ZSH = r"""#compdef dltutor
# Completion of dltutor in zsh.
_dltutor() {
    local program="${words[1]/#\~\//$HOME/}" line value
    local -a lines values
    lines=("${(@f)$("$program" completion --words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${lines[@]}"; do
        value="${line%%$'\t'*}"
        if [[ "$value" == "//files" ]]; then
            _files
        elif [[ -n "$value" ]]; then
            values+=("${value//:/\\:}:${line#*$'\t'}")
        fi
    done
    (( ${#values} )) && _describe -t values dltutor values
}
if [[ "${funcstack[1]}" == _dltutor ]]; then
    _dltutor "$@"
else
    compdef _dltutor dltutor
fi
"""
_FISH = r"""# Completion of dltutor in fish.
function __dltutor_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
    for line in ($program completion --words $before[2..-1] "$current" 2>/dev/null)
        if string match -q '//files*' -- $line
            __fish_complete_path $current
        else
            echo $line
        end
    end
end
complete -c dltutor -f -a '(__dltutor_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
FILES = "//files"
"""Stands in the answer for the names of files, which the shell knows best."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "shell",
        nargs="?",
        choices=tuple(SCRIPTS),
        metavar="SHELL",
        help=_("your shell: one of {names}").format(names=", ".join(SCRIPTS)),
    )
    parser.set_defaults(usage=parser.format_help)


def run(args: argparse.Namespace) -> int:
    """Print a script."""
    if args.shell is None:
        print(args.usage(), end="")
    else:
        print(SCRIPTS[args.shell], end="")
    return 0


def answer(words: list[str]) -> None:
    """Print what the last of the words after `dltutor`, where the cursor is, may become.

    One offer per line: a word, a tab, a few words about it. The scripts ask for it with
    `dltutor completion --words …`.
    """
    from tui.completing import FILE, complete

    for offer in complete(words):
        value, about = (FILES, "") if offer == FILE else offer
        print(f"{value}\t{' '.join(about.split())}")
