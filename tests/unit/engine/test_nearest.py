"""The name that a mistyped word was meant to be."""

from __future__ import annotations

from engine.nearest import did_you_mean, nearest
from engine.recipes.catalog import recipes
from tests.cases import for_each
from tui.commands import commands

RECIPES = [recipe.name for recipe in recipes()]
LESSONS = ["backprop/forward", "backprop/deltas", "linear/from-scratch", "mlp/from-scratch"]


@for_each(
    ("word", "meant"),
    [
        ("trian", "train"),  # two letters turned round
        ("tarin", "train"),
        ("trin", "train"),  # one left out
        ("traain", "train"),  # one twice
        ("trsin", "train"),  # one wrong
        ("TRAIN", "train"),
        ("--train", "train"),
        ("nwe", "new"),
        ("evl", "eval"),
        ("lessosn", "lessons"),
        ("lesson", "lessons"),
        ("run", "runs"),
        ("lockstpe", "lockstep"),
        ("recipies", "recipes"),
        ("compl", "completion"),
        ("confg", "config"),
    ],
)
def test_a_command(word: str, meant: str) -> None:
    assert nearest(word, commands())[:1] == [meant]


@for_each(
    ("word", "meant"),
    [
        ("softmx", ["softmax"]),
        ("sofmtax", ["softmax"]),
        ("mpl", ["mlp"]),
        ("two_layer_nn", ["two-layer-nn"]),
        ("two layer nn", ["two-layer-nn"]),
        ("soft", ["softmax", "softmax-concise"]),
        ("softmax-consice", ["softmax-concise"]),
        ("fizbuzz", ["fizzbuzz"]),
        ("FizzBuzz", ["fizzbuzz"]),
        ("mnist", ["mnist-mlp", "mnist-mlp-module"]),
    ],
)
def test_a_recipe(word: str, meant: list[str]) -> None:
    assert nearest(word, RECIPES) == meant


@for_each(
    ("word", "meant"),
    [
        ("backprop/forwrd", ["backprop/forward"]),
        ("bakprop/deltas", ["backprop/deltas"]),
        ("delats", ["backprop/deltas"]),
        ("deltas", ["backprop/deltas"]),
        ("from_scratch", ["linear/from-scratch", "mlp/from-scratch"]),
    ],
)
def test_a_lesson(word: str, meant: list[str]) -> None:
    assert nearest(word, LESSONS) == meant


@for_each("word", ["", "-", "x", "zebra", "nosuch", "hello", "42", "quux", "banana"])
def test_what_is_far_off_gets_no_guess(word: str) -> None:
    assert nearest(word, [*commands(), *RECIPES, *LESSONS]) == []
    assert did_you_mean(word, [*commands(), *RECIPES, *LESSONS]) == ""


def test_another_word_for_a_name_offers_the_name() -> None:
    meant = {"learning rate": "lr", "batch size": "batch_size"}
    known = ["lr", "batch_size", *meant]
    assert did_you_mean("learning_rate", known, meant) == "Did you mean lr?"
    assert did_you_mean("batchsize", known, meant) == "Did you mean batch_size?"
    assert did_you_mean("epoch", known, meant) == ""


def test_several_are_joined() -> None:
    assert did_you_mean("soft", RECIPES) == "Did you mean softmax or softmax-concise?"
