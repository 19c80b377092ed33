"""Holds forms against the rules of their edition and, where they are at hand, against the sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.forms.loader import available, load_forms
from knowledge.forms.model import Form, Forms, Part
from knowledge.lint import lint
from knowledge.schema import Base, Entry, Problem, Programme


def lint_forms(base: Base, sources: Path | None = None, root: Path | None = None) -> list[Problem]:
    """What can't be right in the forms.

    Args:
        base: the knowledge base; what a form cites, some rule of its edition must cite too.
        sources: folder of the source texts, `<slug>.txt`; with it every citation must exist, and the sections cited
            must hold the figures of titles, labels, hints and notes.
        root: folder of the base; default the packaged one.

    Raises:
        KnowledgeError: a file can't be right in itself; it lists every problem found.
        FileNotFoundError: there is a programme whose source text is not in `sources`.
    """
    folders = () if root is None else (root / "programmes",)
    found: list[Problem] = []
    for slug, edition in available(*folders):
        forms = load_forms(slug, edition, *folders)
        programme = next((each for each in base.programmes if (each.slug, each.edition) == (slug, edition)), None)
        if programme is None:
            found.append(Problem(forms.file, 1, f"there is no programme {slug}/{edition} in the base"))
            continue
        found += uncited(forms, programme)
        found += lint(Base((replace(programme, entries=tuple(_told(forms)), gaps=()),), ()), sources, root)
    return sorted(found)


def uncited(forms: Forms, programme: Programme) -> Iterator[Problem]:
    """Citations that no rule of the edition knows."""
    known = {path for entry in programme.entries for path in entry.cite}
    for form in forms.forms:
        citing: tuple[Form | Part, ...] = (form, *form.parts)
        for each in citing:
            for path in each.cite:
                if path not in known:
                    message = f"{each.title}: no rule of the edition cites {path!r}; expected a section that one does"
                    yield Problem(forms.file, each.line, message)


def _told(forms: Forms) -> Iterator[Entry]:
    """Forms and their parts as answers, so that they are judged like them."""
    for form in forms.forms:
        said = "。".join((form.title, form.note, *_rows(form)))
        yield _entry(form, form, said)
        for part in form.parts:
            yield _entry(form, part, "。".join((part.title, part.hint, *(column.label for column in part.columns))))


def _rows(form: Form) -> Iterator[str]:
    for row in form.rows:
        yield from (row.label, row.hint, *row.options)


def _entry(form: Form, said: Form | Part, words: str) -> Entry:
    place = f"{form.what.value} {form.file}:{said.line}"
    return Entry(f"{form.what.value}-{said.line}", place, words, said.cite, (), (), form.file, said.line)
