"""Dockerfile and compose.yaml, read: there is no container engine here, so nothing is built or run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from bot import cli
from bot.settings import ROLES, Settings, load

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "db"}
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
OUTSIDE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}
"""Names that other programs read."""
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "XUEBAN_BIND"}


def environment_names() -> set[str]:
    """The names under which settings are read."""
    return {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}


def steps(keyword: str) -> list[str]:
    """What stands behind a keyword, line by line."""
    return [line.removeprefix(keyword).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{keyword} ")]


def parsed(words: list[str]) -> dict[str, Any]:
    """The options of a command line of ours; ends the test for one that is none."""
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    name, *rest = words
    with group.commands[name].make_context(name, rest) as made:
        return dict(made.params)


def bound(text: str) -> bool:
    """Whether a value comes from outside: `${NAME…}`, or holds no secret at all."""
    return not re.search(r"(password|secret|token)\s*[:=]\s*\S", re.sub(r"\$\{[^}]*\}", "", text), re.IGNORECASE)


@pytest.mark.parametrize("service", sorted(OURS))
def test_every_process_is_started_by_a_command_line_that_there_is(service: str) -> None:
    options = parsed(OURS[service]["command"])
    assert load(roles=options["roles"], database_url="postgresql://db/x").roles == (options["roles"],)


def test_together_they_do_all_of_the_work_as_often_as_promised() -> None:
    count = {parsed(each["command"])["roles"]: each.get("deploy", {}).get("replicas", 1) for each in OURS.values()}
    assert count == {"web": 2, "worker": 2, "scheduler": 1}
    assert set(count) == set(ROLES)


def test_two_at_one_door_have_a_port_each() -> None:
    (ports,) = OURS["web"]["ports"]
    first, last = re.search(r":-127\.0\.0\.1:(\d+)-(\d+)\}:8080$", ports).groups()  # type: ignore[union-attr]
    assert int(last) - int(first) + 1 == OURS["web"]["deploy"]["replicas"]
    assert all("ports" not in OURS[name] for name in OURS if name != "web")


@pytest.mark.parametrize("service", sorted(COMPOSE["services"]))
def test_every_service_is_watched_and_restarted(service: str) -> None:
    found = COMPOSE["services"][service]
    assert found["healthcheck"]["test"][0] == "CMD"
    assert found["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", sorted(OURS))
def test_ours_wait_for_the_database_share_the_files_and_may_do_little(service: str) -> None:
    found = OURS[service]
    assert found["depends_on"]["db"]["condition"] == "service_healthy"
    assert found["volumes"] == ["files:/data"]
    assert found["environment"]["XUEBAN_DATA_DIR"] == "/data"
    assert (found["cap_drop"], found["read_only"]) == (["ALL"], True)
    assert int(found["stop_grace_period"].removesuffix("s")) > 25


def test_every_volume_that_is_used_is_declared() -> None:
    used = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("service", sorted(OURS))
def test_every_variable_is_one_that_the_settings_know(service: str) -> None:
    assert set(OURS[service]["environment"]) <= environment_names()


def test_the_image_sets_only_what_somebody_reads() -> None:
    named = {name for line in steps("ENV") for name in re.findall(r"([A-Z_]+)=", line)}
    assert named <= environment_names() | OUTSIDE


def test_the_example_names_nothing_that_nobody_reads() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    assert named <= environment_names() | COMPOSE_ONLY
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert wanted <= named


def test_no_secret_stands_in_either_file() -> None:
    assert all(bound(line) for line in (ROOT / "compose.yaml").read_text(encoding="utf-8").splitlines())
    assert all(bound(line) for line in DOCKERFILE.splitlines())
    assert "${POSTGRES_PASSWORD:?" in OURS["web"]["environment"]["DATABASE_URL"]
    assert not re.search(r"^COPY .*\.env", DOCKERFILE, re.MULTILINE)


def test_what_builds_stays_behind_and_what_runs_is_not_root() -> None:
    bases = steps("FROM")
    assert len(bases) == 2
    assert bases[0].endswith("AS build")
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert "COPY --from=build" in last
    assert "pip install" not in last
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["xueban"]
    assert last.index("USER xueban") < last.index("ENTRYPOINT")


def test_the_image_is_watched_and_starts_by_a_command_line_that_there_is() -> None:
    (health,) = steps("HEALTHCHECK")
    assert "/livez" in health
    assert json.loads(steps("ENTRYPOINT")[0]) == ["xueban"]
    parsed(json.loads(steps("CMD")[-1]))


def test_the_clients_of_postgresql_are_of_the_servers_release() -> None:
    server = COMPOSE["services"]["db"]["image"].split(":")[1]
    assert f"postgresql-client-{server}" in DOCKERFILE


def test_every_folder_that_the_package_needs_is_copied_and_is_there() -> None:
    copied = {line.split()[0].rstrip("/") for line in steps("COPY") if line.endswith("/") and "--from" not in line}
    assert {name for name in copied if (ROOT / name).is_dir()} == {"bot", "handlers", "knowledge", "scheduler"}
