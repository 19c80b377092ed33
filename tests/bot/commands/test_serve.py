"""`xueban serve` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.bot.shell import Run, refused


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def status_of(url: str) -> int:
    """Its HTTP status; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_service_serves_and_ends_well_when_told_to(xueban: Run, how: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        while service.poll() is None and not status_of(f"http://127.0.0.1:{port}/livez"):
            time.sleep(0.05)
        assert status_of(f"http://127.0.0.1:{port}/readyz") == 200
        assert status_of(f"http://127.0.0.1:{port}/") == 200
        assert "不能用" in refused(xueban("serve", "--port", str(port)))
        service.send_signal(how)
        out, log = service.communicate(timeout=25)
    finally:
        service.kill()
        service.wait()
    assert service.returncode == 0
    assert out == b""
    events = [json.loads(line) for line in log.splitlines()]
    assert [event for event in events if event["level"] not in ("info", "warning")] == []
    assert any(event["event"] == "app.clock_is_shifted" for event in events)
