"""Finds and loads the forms of an edition: read, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge.files import PROGRAMMES, editions, label
from knowledge.forms.model import Forms
from knowledge.forms.reading import read_forms


def available(root: Path = PROGRAMMES) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every forms file, in order."""
    return editions("forms.yaml", root)


def load_forms(slug: str, edition: str, root: Path = PROGRAMMES) -> Forms:
    """The forms of an edition; one without a file has none.

    Raises:
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    path = root / slug / edition / "forms.yaml"
    if (slug, edition) not in available(root):
        return Forms(slug, edition, (), label(path))
    return read_forms(path.read_bytes(), label(path), slug, edition)
