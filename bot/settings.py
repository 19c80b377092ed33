"""Settings from the environment, checked once at start. Only `bot.app` and the command line read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.clock import Clock, ShiftedClock, SystemClock, parse_local

Role = Literal["web", "worker", "scheduler"]
ROLES: tuple[Role, ...] = ("web", "worker", "scheduler")

# Names that other programs use too (HOST is set by some shells) are read from the environment with our prefix only.
_NAMES = ("host", "roles", "retention_days", "evidence_mb", "log_level", "log_format")
_PREFIXED = {name: f"XUEBAN_{name.upper()}" for name in _NAMES}


class SettingsError(ValueError):
    """A setting is missing or contradicts another; the message names the variable, one clear sentence a line."""


class Settings(BaseSettings):
    """Every setting, by the name of its environment variable in lower case. Secrets show in no `repr`."""

    model_config = SettingsConfigDict(extra="ignore", env_file=None, env_ignore_empty=True)

    database_url: str = Field(default="sqlite:///data/xueban.db", repr=False)
    line_channel_secret: SecretStr | None = None
    line_channel_access_token: SecretStr | None = None
    line_api_base_url: str = "https://api.line.me"
    line_data_api_base_url: str = "https://api-data.line.me"
    telegram_bot_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_base_url: str = "https://api.telegram.org"
    public_url: str = ""
    xueban_admin_password: SecretStr | None = None
    xueban_now: str = ""
    xueban_data_dir: Path = Path("data")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias=_PREFIXED["log_level"]
    )
    log_format: Literal["json", "text"] = Field(default="json", validation_alias=_PREFIXED["log_format"])
    host: str = Field(default="127.0.0.1", validation_alias=_PREFIXED["host"])
    port: int = Field(default=8080, ge=1, le=65535)
    retention_days: int = Field(default=90, ge=1, le=3650, validation_alias=_PREFIXED["retention_days"])
    evidence_mb: int = Field(default=10, ge=1, le=100, validation_alias=_PREFIXED["evidence_mb"])
    roles: Annotated[tuple[Role, ...], NoDecode] = Field(
        default=ROLES, min_length=1, validation_alias=_PREFIXED["roles"]
    )

    @model_validator(mode="before")
    @classmethod
    def _by_field_name(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments may be given by field name; the environment has only the prefixed names."""
        named = {alias: data[name] for name, alias in _PREFIXED.items() if name in data}
        return {**data, **named}

    @field_validator("roles", mode="before")
    @classmethod
    def _split_roles(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)):
            return value
        return tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator(
        "line_channel_secret", "line_channel_access_token", "telegram_bot_token", "telegram_webhook_secret"
    )
    @classmethod
    def _is_one_word(cls, value: SecretStr | None) -> SecretStr | None:
        """A secret as it was pasted, without the line end that often comes along."""
        text = value.get_secret_value().strip() if value else ""
        if not all("!" <= letter <= "~" for letter in text):
            raise ValueError("只能有英數字和半形符號，中間不能有空白")
        return SecretStr(text) if text else None

    @field_validator("line_api_base_url", "line_data_api_base_url", "telegram_api_base_url", "public_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        value = value.strip()
        if value and not _is_address(value):
            raise ValueError("要是 https://主機 這樣的網址")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if value.split(":")[0].split("+")[0] not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("要以 sqlite:/// 或 postgresql:// 開頭")
        return _readable_database(value)

    @field_validator("xueban_now")
    @classmethod
    def _is_moment(cls, value: str) -> str:
        value = value.strip()
        try:
            if value:
                parse_local(value)
        except ValueError:
            raise ValueError("要是日期或時間，例如 2025-09-05 或 2025-09-05T14:00") from None
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_telegram_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if text and (len(text) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text)):
            raise ValueError("只能是 1 到 256 個英數字、底線或減號")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        problems = list(self._contradictions())
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _contradictions(self) -> list[str]:
        found = []
        if bool(self.line_channel_secret) != bool(self.line_channel_access_token):
            missing = "LINE_CHANNEL_ACCESS_TOKEN" if self.line_channel_secret else "LINE_CHANNEL_SECRET"
            found.append(
                f"{missing}：沒有設定；LINE 要 LINE_CHANNEL_SECRET 和 LINE_CHANNEL_ACCESS_TOKEN 兩個都有才能用。"
            )
        if self.telegram_bot_token and self.public_url and not self.telegram_webhook_secret:
            found.append(
                "TELEGRAM_WEBHOOK_SECRET：沒有設定；有 PUBLIC_URL 時 Telegram 會呼叫 webhook，要靠它證明身分。"
            )
        if self.telegram_webhook_secret and not self.telegram_bot_token:
            found.append("TELEGRAM_BOT_TOKEN：沒有設定；只有 TELEGRAM_WEBHOOK_SECRET 沒有作用。")
        if len(self.roles) != len(ROLES) and self.is_sqlite:
            found.append("XUEBAN_ROLES：SQLite 只能由一個程序做全部的工作，要分工請改用 PostgreSQL。")
        return found

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is embedded."""
        return self.database_url.startswith("sqlite")

    @property
    def evidence_dir(self) -> Path:
        """Where photos and files lie; processes that share the work must share it too."""
        return self.xueban_data_dir / "evidence"

    @property
    def largest_evidence(self) -> int:
        """The largest file that is taken, in bytes."""
        return self.evidence_mb * 1024 * 1024

    @property
    def address(self) -> str:
        """The root of our own pages, for links: `PUBLIC_URL`, else this machine's own."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def line_on(self) -> bool:
        """Whether LINE is configured."""
        return self.line_channel_access_token is not None

    @property
    def telegram_on(self) -> bool:
        """Whether Telegram is configured."""
        return self.telegram_bot_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in clear, for whoever must keep them out of the log."""
        fields = (
            self.line_channel_secret,
            self.line_channel_access_token,
            self.telegram_bot_token,
            self.telegram_webhook_secret,
            self.xueban_admin_password,
        )
        password = urlsplit(self.database_url).password or ""
        # As it stands in the address, and as it is: a server or a tool may name either.
        of_database = {each for each in (password, unquote(password)) if each}
        return (*(secret.get_secret_value() for secret in fields if secret), *sorted(of_database))

    def clock(self) -> Clock:
        """The clock of this process: the system's, or one shifted to `XUEBAN_NOW` that runs on from there."""
        return ShiftedClock(self.fixed_now()) if self.xueban_now else SystemClock()

    def fixed_now(self) -> datetime:
        """`XUEBAN_NOW` as a moment."""
        return parse_local(self.xueban_now)


def load(**overrides: object) -> Settings:
    """Read the environment. Raises `SettingsError` with one sentence for each thing that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic itself
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(item)) for item in error.errors())) from None


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, a bracket that is not closed
        return False


def _readable_database(value: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        database = make_url(value).database or ""
    except (ArgumentError, ValueError):
        raise ValueError("不是看得懂的資料庫位址，密碼裡的符號要寫成 %40 這樣的代碼") from None
    if value.startswith("sqlite") and (not database or ":memory:" in database):
        raise ValueError("SQLite 要有檔名，例如 sqlite:///data/xueban.db")
    return value


_SAYS = {
    "int_parsing": "要是整數",
    "greater_than_equal": "至少是 {ge}",
    "less_than_equal": "最多是 {le}",
    "literal_error": "只能是 {expected}",
    "too_short": "至少要有一項",
}


def _sentence(item: dict[str, Any]) -> str:
    """One thing that is wrong. The value itself is not repeated: it may be a secret."""
    message = str(item["msg"]).removeprefix("Value error, ")
    where = item["loc"]
    if not where:
        return message
    context = {name: str(value).replace("'", "") for name, value in item.get("ctx", {}).items()}
    says = _SAYS.get(str(item["type"]), "").format(**context).replace(" or ", ", ") or message
    return f"{str(where[0]).upper()}：{says}。"
