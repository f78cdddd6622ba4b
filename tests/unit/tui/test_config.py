"""The file of preferences: what is right in it counts, what is wrong is a sentence."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.cases import for_each
from tui.bindings import all_bindings
from tui.cli import main
from tui.config import Config, clashes, config_path, problems_of, read_config
from tui.keymap import usual_key


def written(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert read_config(tmp_path / "none.toml") == Config()


def test_what_is_right_counts(tmp_path: Path) -> None:
    text = """
    [keys]
    "lesson.next" = "n, right"
    lesson.back = "p"
    [screen]
    theme = "dltutor-light"
    reduced_motion = true
    low_bandwidth = "on"
    """
    config = read_config(written(text, tmp_path), ["lesson.next", "lesson.back"], ["dltutor-light"])
    assert config.keys == {"lesson.next": "n,right", "lesson.back": "p"}
    assert (config.theme, config.reduced_motion) == ("dltutor-light", True)
    assert config.saves_bandwidth({})
    assert config.problems == ()


@for_each(
    ("text", "said"),
    [
        ("[keys", "not TOML"),
        ("[key]\n", "There is no table [key]"),
        ('[keys]\n"lesson.nex" = "n"', "Did you mean lesson.next?"),
        ('[keys]\n"zzz" = "n"', "`dltutor config show` lists them all."),
        ('[keys]\n"lesson.next" = 3', "write the keys as one text"),
        ('[keys]\n"lesson.next" = ""', "write the keys as one text"),
        ('[keys]\n"lesson.next" = "rigth"', "no key 'rigth'. Did you mean right?"),
        ('[keys]\n"lesson.next" = "n,crtl+n"', "no key 'crtl+n'."),
        ('[keys]\n"lesson.next" = "f99"', "no key 'f99'."),
        ("keys = 3", "[keys] is not a table"),
        ("screen = 3", "[screen] is not a table"),
        ("[screen]\ncolour = 1", "there is no such setting"),
        ("[screen]\nreduced_motion = 1", "true or false"),
        ("[screen]\ntheme = true", "a text in quotes"),
        ('[screen]\nlow_bandwidth = "never"', "auto, on, off"),
        ('[screen]\ntheme = "nosuch"', "there is no theme 'nosuch'"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_the_rest_still_counts(
    text: str, said: str, tmp_path: Path
) -> None:
    path = written(f"{text}\n", tmp_path)
    config = read_config(path, ["lesson.next"], ["dltutor-dark"])
    assert said in " ".join(config.problems)
    more = '[screen]\nreduced_motion = true\n[keys]\n"lesson.next" = "n"\n"nosuch" = "x"\n'
    both = read_config(written(more, tmp_path), ["lesson.next"])
    assert both.keys == {"lesson.next": "n"}
    assert both.reduced_motion
    assert len(both.problems) == 1


def test_bytes_that_are_no_text_are_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert read_config(path).problems


def test_ssh_saves_bandwidth_unless_told_otherwise() -> None:
    line = {"SSH_CONNECTION": "1"}
    assert Config().saves_bandwidth(line)
    assert not Config().saves_bandwidth({})
    assert not Config(low_bandwidth="off").saves_bandwidth(line)


def test_two_actions_on_one_key_clash_only_in_one_place() -> None:
    keys = {"lesson.next": "n,right", "lesson.back": "n", "home.down": "n"}
    places = [{"lesson.next", "lesson.back"}, {"home.down"}]
    told = ["The key n would call both lesson.back and lesson.next."]
    assert clashes(keys, places) == told
    assert clashes(keys, [*places, *places]) == told


@for_each(
    ("keys", "told"),
    [
        ({"lesson.next": "left", "lesson.back": "right"}, []),
        ({"app.theme": "g"}, ["The key g would call both app.theme and lesson.contents."]),
        ({"lab.full_screen": "v"}, ["The key v would call both lab.full_screen and stepper.view."]),
        (
            {"lesson.find": "ctrl+p"},
            ["The key ctrl+p would call both app.palette"],
        ),
        ({"nosuch.key": "n"}, ["nosuch.key: there is no such binding."]),
    ],
)
def test_keys_are_compared_with_all_that_stand_in_the_same_place(
    keys: dict[str, str], told: list[str]
) -> None:
    found = problems_of(Config(keys=keys))
    assert bool(found) is bool(told)
    for each in told:
        assert any(problem.startswith(each) for problem in found), found


@for_each(
    ("written", "key"),
    [
        ("n", "n"), ("N", "N"), ("shift+n", "N"), ("Ctrl+N", "ctrl+n"), ("ctrl-n", "ctrl+n"),
        ("^r", "ctrl+r"), ("→", "right"), ("esc", "escape"), ("⏎", "enter"),
        ("PageDown", "pagedown"), ("?", "question_mark"), ("-", "minus"), ("ctrl++", "ctrl+plus"),
        ("F5", "f5"), ("é", "é"), ("comma", "comma"), ("nn", None),
        ("crtl+n", None), ("f30", None), ("", None),
    ],
)  # fmt: skip
def test_keys_may_be_written_as_people_and_the_program_write_them(
    written: str, key: str | None
) -> None:
    assert usual_key(written) == key


def test_the_keys_that_all_bindings_come_with_are_known() -> None:
    for name, binding in all_bindings().items():
        for key in binding.key.split(","):
            assert usual_key(key), f"{name}: {key}"


def test_what_show_prints_can_be_used_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "show"]) == 0
    shown = capsys.readouterr().out
    keys = tomllib.loads(shown)["keys"]
    assert {"lesson.next", "app.theme", "training.start"} <= set(keys) or "lesson.next" in keys
    config = read_config(written(shown, tmp_path), all_bindings(), ["dltutor-dark"])
    assert config.problems == ()


def test_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "path"]) == 0
    assert capsys.readouterr().out.strip() == str(config_path())
    assert main(["config", "check"]) == 0
    config_path().parent.mkdir(parents=True)
    config_path().write_text('[keys]\n"lesson.next" = "left"\n')
    capsys.readouterr()
    assert main(["config", "check", "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem == "The key left would call both lesson.back and lesson.next."
    assert main(["config"]) == 0
