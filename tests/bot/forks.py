"""Runs `xueban …` in a process of its own without the second that a start takes: everything is imported once in a
server, and each command is a fork of it, with arguments, environment, folder and standard files of its own.

As a program it is the server: `python -m tests.bot.forks <fd of a listening socket> <fd of a pipe>`; it ends when
the other end of the pipe is closed. Each connection brings one order as JSON and receives the exit code.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

PATIENCE_SECONDS = 120


class Forker:
    """The server, as a test sees it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="xueban-forks-")
        self._address = f"{self._folder.name}/s"
        lifeline, self._alive = os.pipe()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self._address)
            listening.listen()
            fds = (listening.fileno(), lifeline)
            command = [sys.executable, "-m", "tests.bot.forks", *map(str, fds)]
            self._process = subprocess.Popen(command, pass_fds=fds, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(lifeline)

    def run(self, words: tuple[str, ...], given: bytes) -> tuple[int, bytes, bytes]:
        """Exit code, standard output and standard error of a command, run to its end."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as name:
            folder = Path(name)
            files = [folder / each for each in ("in", "out", "err")]
            files[0].write_bytes(given)
            code = self._order(words, [str(file) for file in files])
            return code, files[1].read_bytes(), files[2].read_bytes()

    def _order(self, words: tuple[str, ...], files: list[str]) -> int:
        order = {"words": words, "files": files, "environment": dict(os.environ), "folder": str(Path.cwd())}
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE_SECONDS)
            asking.connect(self._address)
            asking.sendall(json.dumps(order).encode())
            asking.shutdown(socket.SHUT_WR)
            return int(_all_of(asking))

    def close(self) -> None:
        """End the server."""
        os.close(self._alive)
        self._process.wait(10)
        self._folder.cleanup()


def _all_of(connection: socket.socket) -> bytes:
    return b"".join(iter(functools.partial(connection.recv, 65536), b""))


def _serve(listening: socket.socket, lifeline: int) -> None:
    _warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    awaited: list[socket.socket | int] = [listening, lifeline]
    while True:
        ready, _, _ = select.select(awaited, [], [])
        if lifeline in ready:
            return
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _attend(connection)
        connection.close()


def _warm() -> None:
    """Import all that any command may import."""
    import bot.app
    import bot.commands

    for module in pkgutil.iter_modules(bot.commands.__path__, "bot.commands."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def _attend(connection: socket.socket) -> NoReturn:
    """Be the one who waits for a command."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = json.loads(_all_of(connection))
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become(order["words"], order["files"], order["environment"], order["folder"])
    _, status = os.waitpid(pid, 0)
    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(words: list[str], files: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    """Be the command: as `python -m bot`, until the interpreter ends."""
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        file = os.open(path, flags | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["-m", *words]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
