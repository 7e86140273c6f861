import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("TUTORBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def test_nothing_has_to_be_set():
    settings = Settings.load()
    assert settings.is_sandboxed
    assert settings.sandbox_journal == Path("data/sandbox.jsonl")


@pytest.mark.parametrize(("token", "sandboxed"), [(TOKEN, False), (f" {TOKEN}\n", False), ("", True), ("  ", True)])
def test_an_empty_token_is_none(monkeypatch, token, sandboxed):
    settings = given(monkeypatch, TELEGRAM_BOT_TOKEN=token)
    assert settings.is_sandboxed is sandboxed
    assert settings.token is None or settings.token.get_secret_value() == TOKEN


def test_the_token_is_never_shown(monkeypatch):
    assert TOKEN not in repr(given(monkeypatch, TELEGRAM_BOT_TOKEN=TOKEN))


def test_the_sandbox_and_the_real_bot_keep_separate_databases(monkeypatch):
    monkeypatch.setenv("TUTORBOT_DATA_FOLDER", "elsewhere")
    assert Settings.load().database.url == "sqlite+aiosqlite:///elsewhere/sandbox.sqlite3"
    assert given(monkeypatch, TELEGRAM_BOT_TOKEN=TOKEN).database.url == "sqlite+aiosqlite:///elsewhere/tutorbot.sqlite3"


@pytest.mark.parametrize("token", ["", TOKEN])
def test_a_database_that_was_named_is_taken(monkeypatch, token):
    url = "postgresql+asyncpg://somebody@somewhere/tutorbot"
    assert given(monkeypatch, TELEGRAM_BOT_TOKEN=token, TUTORBOT_DATABASE__URL=url).database.url == url


def test_one_setting_of_the_database_leaves_the_others(monkeypatch):
    database = given(monkeypatch, TUTORBOT_DATABASE__POOL_SIZE="3").database
    assert (database.pool_size, database.url) == (3, "sqlite+aiosqlite:///data/sandbox.sqlite3")


def test_a_file_beside_it_is_read_and_the_environment_goes_before_it(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nTUTORBOT_RATE=10\nPOSTGRES_PASSWORD=secret\n")
    settings = given(monkeypatch, TUTORBOT_RATE="20")
    assert (settings.is_sandboxed, settings.rate) == (False, 20)


def test_policies_are_settings_too(monkeypatch):
    settings = given(
        monkeypatch,
        TUTORBOT_POLICIES__REMINDERS_BEFORE='["PT2H", "PT10M"]',
        TUTORBOT_POLICIES__REQUEST_EXPIRES_AFTER="PT6H",
    )
    assert settings.policies.reminders_before == (timedelta(hours=2), timedelta(minutes=10))
    assert settings.policies.request_expires_after == timedelta(hours=6)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TUTORBOT_RATE", "abc", "valid number"),
        ("TUTORBOT_RATE", "0", "greater than 0"),
        ("TUTORBOT_SANDBOX_PORT", "99999", "65535"),
        ("TUTORBOT_LOG_LEVEL", "loud", "'DEBUG'"),
        ("TUTORBOT_API_URL", "api.telegram.org", "https://api.telegram.org"),
        ("TUTORBOT_DATABASE__POOL_SIZE", "many", "valid integer"),
        ("TUTORBOT_POLICIES__DELIVERY_ATTEMPTS", "0", "greater than or equal to 1"),
        ("TUTORBOT_POLICIES__REMINDERS_BEFORE", "PT1H", "should be JSON"),
        ("TUTORBOT_POLICIES", "{", "should be JSON"),
        ("TUTORBOT_RATES", "3", "did you mean TUTORBOT_RATE?"),
        (
            "TUTORBOT_DATABASE__URL",
            "postgresql+asyncpg://bot:pa@55:w@host/db",
            "with %40 %3A %2F for @ : / in the password",
        ),
        ("TUTORBOT_DATABASE_URL", "sqlite://", "did you mean TUTORBOT_DATABASE__URL?"),
        ("TUTORBOT_POLICIES__REMINDERS", "[]", "did you mean TUTORBOT_POLICIES__"),
        ("tutorbot_nonsense_of_some_kind", "1", "is not a setting"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, told):
    with pytest.raises(SettingsError, match=name.upper()) as refused:
        given(monkeypatch, **{name: value})
    assert told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_wrong_setting_in_the_file_is_named_too(tmp_path):
    (tmp_path / ".env").write_text("TUTORBOT_RAET=1\n")
    with pytest.raises(SettingsError, match="TUTORBOT_RAET is not a setting; did you mean TUTORBOT_RATE"):
        Settings.load()


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / ".env").write_bytes(b"TUTORBOT_RATE=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env"):
        Settings.load()
