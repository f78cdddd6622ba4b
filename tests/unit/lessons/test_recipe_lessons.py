"""The lesson of a recipe is the first one that trains it; the engine knows of none."""

from __future__ import annotations

from engine.recipes.catalog import recipes
from lessons.format.recipe_lessons import lesson_of


def test_every_recipe_has_a_lesson() -> None:
    found = {recipe.name: lesson_of(recipe.name) for recipe in recipes()}
    assert None not in found.values()
    assert found["mlp"] == "mlp/from-scratch"
    assert found["mlp-concise"] == "mlp/concise"
    assert len(set(found.values())) == len(found)


def test_a_recipe_that_no_lesson_trains_has_none() -> None:
    assert lesson_of("no such recipe") is None
