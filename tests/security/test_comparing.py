"""Timing: no secret is compared by `==`, which ends sooner the sooner two texts differ."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from linebot.v3 import webhook

import bot
import handlers

SECRET = re.compile(r"(^|_)(secret|token|password|signature|csrf|pepper|cookie|digest|hmac|code)s?$")
OF_NO_SECRET = {
    "bot/cli.py": "exit codes",
    "bot/channels/line/verdict.py": "names of refusals by LINE, HTTP status codes",
    "bot/evidence": "hashes of contents, which everybody has who has the file",
    "bot/papers/agenda.py": "hashes of what a calendar shows anyway",
    "bot/store/calendars.py": "the same, compared by the database",
}
"""Where names look like secrets and are none."""
FOLDERS = [Path(next(iter(room.__path__))) for room in (bot, handlers)]


def name_of(side: ast.expr) -> str:
    """Its last name: `a.secret.encode()` and `secrets["x"]` are secrets, `code.purpose` is not."""
    match side:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(value=inner)) | ast.Subscript(value=inner) | ast.Await(value=inner):
            return name_of(inner)
    return ""


def compared(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each comparison for equality in which something is called a secret."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            sides = [node.left, *node.comparators]
            constant = any(isinstance(side, ast.Constant) for side in sides)
            if not constant and any(SECRET.search(name_of(side).lower()) for side in sides):
                yield node.lineno, ast.unparse(node)


def test_no_secret_is_compared_by_equality() -> None:
    found = []
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            where = str(path.relative_to(folder.parent))
            if not any(where.startswith(known) for known in OF_NO_SECRET):
                tree = ast.parse(path.read_text("utf-8"))
                found += [f"{where}:{line}: {text}" for line, text in compared(tree)]
    assert not found, "use hmac.compare_digest, or say in OF_NO_SECRET why not:\n" + "\n".join(found)


def test_the_check_finds_what_it_is_for() -> None:
    bad = (
        "given == self._secret",
        "request.headers['x'].encode() != webhook_token",
        "a.signature == b",
        "csrf == visit.csrf",
    )
    for text in bad:
        assert list(compared(ast.parse(text))), text
    assert not list(compared(ast.parse("hmac.compare_digest(given, self._secret)")))


def test_every_secret_that_is_sent_to_us_is_compared_in_constant_time() -> None:
    wanted = {
        "bot/channels/telegram/channel.py": "hmac.compare_digest(",
        "bot/channels/line/channel.py": "SignatureValidator",
        "bot/console/guard.py": "hmac.compare_digest(form.get(CSRF)",
        "bot/console/sessions.py": "hmac.compare_digest(",
        "bot/console/passwords.py": "self._hasher.verify(",
    }
    for where, how in wanted.items():
        assert how in (FOLDERS[0].parent / where).read_text("utf-8"), where
    assert "compare_digest(" in inspect.getsource(webhook.SignatureValidator.validate)
