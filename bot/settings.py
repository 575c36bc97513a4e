"""Settings from the environment or .env: every variable parsed and checked, all faults reported at once."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.limits import Limit
from bot.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def default_data_dir() -> Path:
    """Where this user's programs keep their data, by the rules of the operating system."""
    return Path(platformdirs.user_data_dir("madoguchi", appauthor=False))


class Settings(BaseSettings):
    """What the owner decides for one deployment. Field names, upper-cased, are the variables' names."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8-sig", extra="ignore", env_ignore_empty=True
    )

    line_channel_secret: SecretStr | None = None
    line_channel_access_token: SecretStr | None = None
    line_api_base_url: str = "https://api.line.me"
    line_data_api_base_url: str = "https://api-data.line.me"
    line_group_prefix: str = "窓口"
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_base_url: str = "https://slack.com/api/"
    slack_operator_channel: str = ""
    madoguchi_database_url: SecretStr | None = None
    madoguchi_data_dir: Path = Field(default_factory=default_data_dir)
    madoguchi_host: str = "127.0.0.1"
    madoguchi_port: int = Field(default=8080, ge=0, le=65535)
    madoguchi_customer_messages_per_minute: int = Field(default=30, ge=0)
    """0: any number."""
    madoguchi_events_per_second: int = Field(default=1000, ge=0)
    """Of all customers, in one process; what is more is not acknowledged, so that it comes again. 0: any number."""
    madoguchi_retention_days: int = Field(default=90, ge=0)
    """0: for ever."""
    madoguchi_secret_keys: SecretStr | None = None
    """Keys of Fernet with commas between, the newest first."""
    madoguchi_public_url: str = ""
    """Where this service is reached from the internet; operators' pictures are shown to customers from there."""
    madoguchi_look: bool = True
    """Whether the service looks at providers' mail servers: when customers have trouble reaching them, and every night."""
    madoguchi_discover: bool = False
    """Whether domains that no record knows are asked for their settings."""
    madoguchi_intents_dir: Path | None = None
    madoguchi_providers_dir: Path | None = None

    @field_validator("line_api_base_url", "line_data_api_base_url", "slack_api_base_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("https://api.example/ のようなアドレスを書いてください")
        return value

    @field_validator("madoguchi_public_url")
    @classmethod
    def _is_public_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("https://madoguchi.example.jp のようなアドレスを書いてください")
        return value

    @field_validator("slack_api_base_url")
    @classmethod
    def _ends_in_api(cls, value: str) -> str:
        if not value.endswith("/api/"):
            raise ValueError("/api/ で終わるアドレスを書いてください")
        return value

    @field_validator("madoguchi_data_dir", "madoguchi_intents_dir", "madoguchi_providers_dir")
    @classmethod
    def _from_home(cls, value: Path | None) -> Path | None:
        return value and value.expanduser()

    @field_validator("madoguchi_intents_dir", "madoguchi_providers_dir")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"フォルダー {value} がありません")
        return value

    @field_validator("madoguchi_database_url")
    @classmethod
    def _is_known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            ("sqlite:", "postgresql:", "postgres:")
        ):
            raise ValueError("sqlite: か postgresql: で始まるアドレスを書いてください")
        return value

    @field_validator("madoguchi_secret_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for key in value.get_secret_value().split(",") if value else ():
            if key.strip() and not _FERNET_KEY.fullmatch(key.strip()):
                raise ValueError("madoguchi keys new が作る鍵を、コンマで区切って書いてください")
        return value

    @classmethod
    def load(cls) -> Self:
        """Read the environment and .env.

        Raises:
            SettingsError: with one line for each variable that is wrong.
        """
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError([_fault(found) for found in error.errors()]) from None
        except UnicodeDecodeError:
            raise SettingsError([".env: 文字コードがUTF-8ではありません。UTF-8で保存してください"]) from None
        except OSError as error:
            raise SettingsError([f".env: 読めません（{error.strerror}）"]) from None

    @property
    def database_url(self) -> str:
        """The database's address; a SQLite file in the data folder unless told otherwise."""
        if self.madoguchi_database_url is not None:
            return self.madoguchi_database_url.get_secret_value()
        return f"sqlite:///{self.madoguchi_data_dir / 'madoguchi.sqlite3'}"

    @property
    def customer_limit(self) -> Limit | None:
        """How many events one customer may send; None: any number."""
        return _limit(self.madoguchi_customer_messages_per_minute, timedelta(minutes=1))

    @property
    def most_events(self) -> Limit | None:
        """How many events of all customers one process takes; None: any number."""
        return _limit(self.madoguchi_events_per_second, timedelta(seconds=1))

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys of encryption at rest, the newest first; none: it is stored as it is."""
        keys = self.madoguchi_secret_keys.get_secret_value() if self.madoguchi_secret_keys else ""
        return tuple(filter(None, (key.strip() for key in keys.split(","))))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, as it must never be seen in a log: the database's password by itself too."""
        held = (getattr(self, name) for name in type(self).model_fields)
        values = [value.get_secret_value() for value in held if isinstance(value, SecretStr)]
        password = urlsplit(self.database_url).password
        return (*values, *self.secret_keys, *((password,) if password else ()))

    @property
    def line_missing(self) -> tuple[str, ...]:
        """The variables that LINE still lacks; none: the channel is on."""
        return self._missing("line_channel_secret", "line_channel_access_token")

    @property
    def slack_missing(self) -> tuple[str, ...]:
        """The variables that Slack still lacks: by Socket Mode, unless a signing secret says that it calls over HTTP."""
        if self.slack_signing_secret is not None:
            return self._missing("slack_bot_token")
        return self._missing("slack_bot_token", "slack_app_token")

    def _missing(self, *names: str) -> tuple[str, ...]:
        return tuple(name.upper() for name in names if getattr(self, name) is None)


_FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


def _limit(burst: int, within: timedelta) -> Limit | None:
    return Limit(burst=burst, within=within) if burst else None


_EXPECTED = {
    "int_parsing": "数字で書いてください",
    "greater_than_equal": "{ge} 以上の数字で書いてください",
    "less_than_equal": "{le} 以下の数字で書いてください",
    "bool_parsing": "on か off で書いてください",
}
"""What is wrong, by pydantic's names for it, in the shop's language."""


def _fault(found: ErrorDetails) -> str:
    """One line for one wrong variable. The value itself is never shown: it may be a secret."""
    name = ".".join(str(part) for part in found["loc"]).upper()
    own_words = _EXPECTED.get(found["type"], "").format_map(found.get("ctx", {}))
    return f"{name}: {own_words or found['msg'].removeprefix('Value error, ')}"
