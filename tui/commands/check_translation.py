"""What `dltutor check --lang` says about a translation, beside the proofs of its lessons."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import UserError
from engine.language import ENGLISH, catalogue_file
from engine.refusals import reason
from lessons.format.catalog import catalog
from lessons.format.document import LessonError
from lessons.proof.catalogue import Catalogue, CatalogueProblem, catalogue_of
from lessons.proof.translations import Difference, differences, title_differences


def differing(slugs: Sequence[str], language: str) -> tuple[list[Difference], list[str]]:
    """Where translations differ from the English lessons, and the lessons that can be proved."""
    if language == ENGLISH:
        return [], list(slugs)
    contents, english = catalog(language), catalog(ENGLISH)
    found = list(title_differences(contents.folder, language))
    readable: list[str] = []
    for slug in slugs:
        here, there = contents.entry(slug).path, english.entry(slug).path
        assert here is not None, "the lesson is translated"
        if there is None:
            mend = "Write lesson.en.md first."
            found.append(Difference(slug, here, 1, "There is no English lesson beside it.", mend))
            continue
        found += differences(slug, there, here)
        try:
            contents.load(slug)
        except LessonError as error:
            unread = Difference(slug, here, error.line, error.problem, error.mend)
            if not any((one.line, one.problem) == (error.line, error.problem) for one in found):
                found.append(unread)
        else:
            readable.append(slug)
    return found, readable


def texts_of(language: str) -> Catalogue:
    """How the texts of a language stand; raises UserError where its catalogue is broken."""
    try:
        return catalogue_of(language)
    except (OSError, ValueError) as error:
        raise UserError(
            f"The catalogue {catalogue_file(language, '.po')} cannot be read: {reason(error)}. "
            "`pybabel init` and `pybabel update` write one; see CONTRIBUTING.md."
        ) from error


def difference_row(found: Difference) -> dict[str, object]:
    """A difference as JSON."""
    return {
        "lesson": found.lesson,
        "place": f"{found.path.name}:{found.line}",
        "problem": found.problem,
        "mend": found.mend,
    }


def catalogue_row(texts: Catalogue) -> dict[str, object]:
    """How the texts stand, as JSON."""

    def row(found: CatalogueProblem) -> dict[str, object]:
        place = f"{found.path.name}:{found.line}"
        return {"place": place, "problem": found.problem, "mend": found.mend}

    return {
        "messages": texts.messages,
        "translated": texts.translated,
        "fuzzy": texts.fuzzy,
        "missing": texts.missing,
        "obsolete": texts.obsolete,
        "problems": [row(found) for found in texts.problems],
    }


def summary(texts: Catalogue, found: Sequence[Difference]) -> str:
    """Two lines: the lessons, and the texts."""
    entries = [entry for entry in catalog(texts.language).entries() if entry.is_written]
    done = sum(not entry.only_english for entry in entries)
    return (
        f"{texts.language}: {done} of {len(entries)} lessons translated, "
        f"{len(found)} differences from English\n"
        f"catalogue: {texts.translated} of {texts.messages} texts translated, {texts.fuzzy} fuzzy, "
        f"{texts.missing} not yet in the .po, {texts.obsolete} no longer in the sources, "
        f"{len(texts.problems)} problems"
    )
