"""Starts real services quickly: everything is imported and warmed once, then each service is a fork that runs `serve`.

Speaks JSON lines on standard input and output:
`{"start": {"port", "env", "log", "step"?, "call"?, "lease_ms"}}` -> `{"pid"}`;
`{"start": {"remind": true, "url", "line", "now", "log", "step"?}}` -> `{"pid"}`, a process as in `tests.kill.replica`;
`{"poll": pid}` -> `{"status": null | exit code, negative for a signal}`. Ends, with its services, at end of input.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from bot import service
from bot.commands.serve import serve
from handlers.checklist import checklists
from handlers.checklist.checklists import Checklists
from knowledge.answering.engine import Answerer
from knowledge.eligibility.loader import load_checklist
from knowledge.loader import load_base
from scheduler.dispatch import Dispatcher
from tests.kill import faults, replica


def main() -> None:
    """Serve the tests until they end."""
    _warm()
    alive: set[int] = set()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            pid = os.fork()
            if pid == 0:
                run(order["start"])
            alive.add(pid)
            answer: dict[str, Any] = {"pid": pid}
        else:
            ended, status = os.waitpid(order["poll"], os.WNOHANG)
            alive.discard(ended)
            answer = {"status": os.waitstatus_to_exitcode(status) if ended else None}
        print(json.dumps(answer), flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _warm() -> None:
    """Load once what is the same in every service and never changes, and takes each of them seconds."""
    base = load_base()
    answerer = Answerer(base)
    answerer.warm()
    replace(service, "load_base", lambda: base)
    replace(service, "Answerer", lambda _base: answerer)
    replace(checklists, "load_checklist", functools.cache(load_checklist))
    Checklists(base)


def replace(module: ModuleType, name: str, other: object) -> None:
    """Put something else where a module looks up a name that it does have."""
    assert hasattr(module, name), f"{module.__name__} does not use {name} any more"
    setattr(module, name, other)


def run(order: dict[str, Any]) -> NoReturn:
    """Be the service, in the forked process; never returns."""
    status = 1
    try:
        log = os.open(Path(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if order.get("step"):
            faults.arm(order["step"], order.get("call", 1))
        if order.get("remind"):
            replica.work(order)
            os._exit(0)
        os.environ.update(order["env"])
        # The product's own argument; a minute's lease would make every restart wait for a minute.
        replace(service, "Dispatcher", functools.partial(Dispatcher, lease_ms=order["lease_ms"]))
        serve(port=order["port"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, the log shall have it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
