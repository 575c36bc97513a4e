"""Settings: every fault at once, in the shop's language, and never the value."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import Settings


@pytest.fixture(name="told")
def _told(monkeypatch, tmp_path):
    """What is said of the variables that are set."""
    monkeypatch.chdir(tmp_path)

    def told(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError) as raised:
            Settings.load()
        return list(raised.value.faults)

    return told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MADOGUCHI_PORT", "eighty", "数字で書いてください"),
        ("MADOGUCHI_PORT", "70000", "65535 以下の数字で書いてください"),
        ("MADOGUCHI_RETENTION_DAYS", "-1", "0 以上の数字で書いてください"),
        ("MADOGUCHI_LOOK", "maybe", "on か off で書いてください"),
        ("MADOGUCHI_INTENTS_DIR", "none", "フォルダー none がありません"),
        ("MADOGUCHI_PUBLIC_URL", "my.shop", "https://madoguchi.example.jp のような"),
        ("SLACK_API_BASE_URL", "https://x.test/", "/api/ で終わる"),
        ("MADOGUCHI_DATABASE_URL", "mysql://x", "sqlite: か postgresql: で始まる"),
        ("MADOGUCHI_SECRET_KEYS", "secret", "madoguchi keys new が作る鍵"),
    ],
)
def test_a_wrong_value_is_told_in_words(told, name, value, words):
    [fault] = told(**{name: value})

    assert fault.startswith(f"{name}: ")
    assert words in fault


def test_all_faults_are_told_at_once_and_no_secret_is_shown(told):
    faults = told(MADOGUCHI_PORT="eighty", MADOGUCHI_SECRET_KEYS="not-to-be-seen")

    assert len(faults) == 2
    assert "not-to-be-seen" not in "".join(faults)


def test_a_folder_may_be_named_from_home(monkeypatch, tmp_path):
    (tmp_path / "shop").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MADOGUCHI_INTENTS_DIR", "~/shop")
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", "~/data")

    settings = Settings.load()

    assert settings.madoguchi_intents_dir == tmp_path / "shop"
    assert settings.madoguchi_data_dir == tmp_path / "data"
