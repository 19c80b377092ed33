"""Which errors are told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.failures import BadInputError, explain, first_line
from bot.settings import SettingsError
from knowledge.schema import KnowledgeError, Problem


@pytest.mark.parametrize(
    "error", [BadInputError("第 1 行不對。"), SettingsError("PORT：要是整數。"), KnowledgeError([Problem("a", 1, "b")])]
)
def test_our_own_refusals_say_it_themselves(error: Exception) -> None:
    assert explain(error) == str(error)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "nothing", "沒有這個檔案"), (tmp_path, "這是資料夾")):
        with pytest.raises(OSError, match=r".") as caught:
            path.open()
        assert explain(caught.value) == f"檔案 {path} 打不開：{why}。"


def test_a_database_that_fails_is_told_without_what_was_written(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as caught:
        connection.execute(text("INSERT INTO questions VALUES (:q)"), {"q": "my question"})
    engine.dispose()
    said = explain(caught.value)
    assert said
    assert "no such table" in said
    assert "my question" not in said
    assert "\n" not in said


def test_a_fault_of_our_own_is_not_hidden() -> None:
    class Model(BaseModel):
        number: int

    with pytest.raises(ValidationError) as caught:
        Model(number="x")
    for error in (caught.value, RuntimeError("bug"), KeyError("bug"), ValueError("bug")):
        assert explain(error) is None


def test_an_error_without_words_is_told_by_its_type() -> None:
    assert first_line(TimeoutError()) == "TimeoutError"
    assert first_line(ValueError("one.\ntwo")) == "one"
