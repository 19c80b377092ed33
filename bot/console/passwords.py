"""The first admin's password: checked against a slow hash, in the same time whether or not one is set."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_A_TIME = 2
"""Each check takes 64 MB for a moment."""


class Passwords:
    """`configured`: in clear, or an argon2 hash, which begins with `$argon2`; empty where none is set."""

    def __init__(self, configured: str) -> None:
        self._configured = configured
        self._hash = ""
        self._hasher = PasswordHasher()
        self._room = asyncio.Semaphore(AT_A_TIME)

    @property
    def is_set(self) -> bool:
        """Whether anybody can sign in by password."""
        return bool(self._configured)

    async def is_right(self, given: str) -> bool:
        """Whether it is the password; never where none is set."""
        async with self._room:
            return await asyncio.to_thread(self._check, given)

    def _check(self, given: str) -> bool:
        try:
            # Looked at even where no password is set, so that the time taken tells nothing.
            self._hasher.verify(self._known(), given)
        except (VerificationError, InvalidHashError):
            return False
        return True

    def _known(self) -> str:
        """The hash to check against, made once."""
        if not self._hash:
            is_hash = self._configured.startswith("$argon2")
            plain = self._configured or secrets.token_urlsafe(16)
            self._hash = self._configured if is_hash else self._hasher.hash(plain)
        return self._hash
