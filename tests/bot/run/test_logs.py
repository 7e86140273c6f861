import io
import logging
import sys

import pytest

from bot.run import logs

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"


class Log:
    """What gets written; pytest keeps its own handlers on the root and these tests give them back."""

    def __init__(self, stderr: io.StringIO) -> None:
        self._stderr = stderr
        self.info = logging.getLogger("bot.test").info
        self.debug = logging.getLogger("bot.test").debug
        self.exception = logging.getLogger("bot.test").exception

    def lines(self) -> list[str]:
        return self._stderr.getvalue().splitlines()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    for name in logs.QUIET:
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    logs.set_up("INFO", token=TOKEN)
    return Log(stderr)


def test_a_record_is_one_line_of_keys_and_values(log):
    log.info("queue message", extra={"delivery": 7, "outcome": "sent", "note": 'two words, "quoted"'})
    [line] = log.lines()
    assert line.endswith(
        'Z level=info from=bot.test event="queue message" delivery=7 outcome=sent note="two words, \\"quoted\\""'
    )


def test_a_traceback_stays_in_its_line(log):
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it broke")
    [line] = log.lines()
    assert "ValueError: two\\nlines" in line


def test_no_token_gets_into_it(log):
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        log.exception("asking %s", TOKEN, extra={"url": f"https://api.telegram.org/bot{TOKEN}/getMe"})
    [line] = log.lines()
    assert TOKEN not in line
    assert "ValueError" in line


@pytest.mark.parametrize("noisy", ["apscheduler.scheduler", "aiohttp.access", "alembic.runtime", "telegram.ext"])
def test_libraries_are_quiet(log, noisy):
    logging.getLogger(noisy).info("chatter")
    logging.getLogger(noisy).warning("trouble")
    [line] = log.lines()
    assert "event=trouble" in line


def test_below_its_level_nothing_is_written(log):
    log.debug("a detail")
    assert log.lines() == []
