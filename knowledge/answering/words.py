"""The curated vocabulary that comes with the package."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge import cache
from knowledge.answering.tokens import Vocabulary

_FILE = Path(__file__).parent.parent / "vocabulary.yaml"


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Notions, fillers and translations from `knowledge/vocabulary.yaml`."""
    data = _read()
    return Vocabulary(data["concepts"], data["fillers"], data["translations"])


def _read() -> dict[str, Any]:
    content = _FILE.read_bytes()
    fingerprint = cache.digest(content)
    for folder in cache.default_folders():
        kept = cache.read(folder, "vocabulary", fingerprint)
        if isinstance(kept, dict):
            return kept
    import yaml  # only where it is needed: it costs a cold start 20 ms

    data: dict[str, Any] = yaml.safe_load(content)
    any(cache.write(folder, "vocabulary", fingerprint, data) for folder in cache.default_folders())
    return data
