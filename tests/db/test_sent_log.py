"""What has gone out is noted in a file, and read by the process that comes after a kill."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from db import sent_log
from db.sent_log import Entry, SentLog
from db.settings import DatabaseSettings

ONE = Entry("reminder", 7, 1, "2026-11-26T10:00:00+00:00", 101, (3, 9))
OTHER = replace(ONE, table="notification", message_id=None, shows=None)
POSTGRESQL = DatabaseSettings(url="postgresql+asyncpg://bot:word@host/tutors")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseSettings:
    if request.param == "postgresql":
        return POSTGRESQL
    return DatabaseSettings(url=f"sqlite+aiosqlite:///{tmp_path}/tutorbot.sqlite3")


def test_what_is_noted_and_not_done_is_left(settings, tmp_path):
    with sent_log.opened(settings, tmp_path) as log:
        log.note(ONE)
        log.note(OTHER)
        log.done(ONE)
    with sent_log.opened(settings, tmp_path) as log:
        assert log.left == (OTHER,)
        log.forget(OTHER)
    with sent_log.opened(settings, tmp_path) as log:
        assert log.left == ()


def test_a_claim_that_was_done_with_leaves_the_next_claim_of_the_row(settings, tmp_path):
    with sent_log.opened(settings, tmp_path) as log:
        log.note(ONE)
        log.done(ONE)
        log.note(replace(ONE, attempt=2))
    with sent_log.opened(settings, tmp_path) as log:
        assert log.left == (replace(ONE, attempt=2),)


@pytest.mark.parametrize("cut_off", [1, 5, 40])
def test_a_line_that_was_cut_off_costs_only_itself(tmp_path, cut_off):
    path = tmp_path / "log"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    log = SentLog(descriptor)
    log.note(ONE)
    log.note(OTHER)
    os.truncate(path, path.stat().st_size - cut_off)
    log.note(replace(OTHER, row_id=8))
    assert SentLog(descriptor).left == (ONE, replace(OTHER, row_id=8))
    os.close(descriptor)


def test_the_file_stays_small(settings, tmp_path):
    with sent_log.opened(settings, tmp_path) as log:
        for number in range(3000):
            log.note(replace(ONE, row_id=number))
            log.done(replace(ONE, row_id=number))
    [path] = tmp_path.glob("*.sent")
    assert path.stat().st_size < 1.1 * sent_log.LARGE


def test_nothing_is_forgotten_while_something_is_on_its_way(settings, tmp_path):
    with sent_log.opened(settings, tmp_path) as log:
        log.note(OTHER)
        for number in range(3000):
            log.note(replace(ONE, row_id=number))
            log.done(replace(ONE, row_id=number))
    with sent_log.opened(settings, tmp_path) as log:
        assert log.left == (OTHER,)


def test_processes_on_one_database_note_in_files_of_their_own(tmp_path):
    with sent_log.opened(POSTGRESQL, tmp_path) as first, sent_log.opened(POSTGRESQL, tmp_path) as second:
        first.note(ONE)
        second.note(OTHER)
        files = [path.read_text() for path in sorted(tmp_path.glob("*.sent"))]
    assert ["reminder" in text for text in files] == [True, False]
    assert ["notification" in text for text in files] == [False, True]


def test_what_several_dead_processes_left_is_taken_over_by_the_first_that_comes(tmp_path):
    with sent_log.opened(POSTGRESQL, tmp_path) as first, sent_log.opened(POSTGRESQL, tmp_path) as second:
        first.note(ONE)
        second.note(OTHER)
    with sent_log.opened(POSTGRESQL, tmp_path) as log:
        assert set(log.left) == {ONE, OTHER}
        with sent_log.opened(POSTGRESQL, tmp_path) as next_one:
            assert next_one.left == ()


def test_databases_have_files_of_their_own(tmp_path):
    with sent_log.opened(POSTGRESQL, tmp_path) as log:
        log.note(ONE)
    other = DatabaseSettings(url=POSTGRESQL.url + "2")
    with sent_log.opened(other, tmp_path) as log:
        assert log.left == ()


def test_where_no_file_can_be_it_goes_on_without(tmp_path, caplog):
    (tmp_path / "file").touch()
    with sent_log.opened(POSTGRESQL, tmp_path / "file") as log:
        log.note(ONE)
        log.done(ONE)
    assert "can't be noted" in caplog.text


def test_where_no_file_can_be_locked_it_goes_on_without(tmp_path, caplog, monkeypatch):
    def refuse(*_):
        raise OSError("no locks here")

    monkeypatch.setattr("fcntl.flock", refuse)
    with sent_log.opened(POSTGRESQL, tmp_path) as log:
        log.note(ONE)
    assert "no file can be locked" in caplog.text


def test_where_there_is_no_pread_what_was_left_is_read(settings, tmp_path, monkeypatch):
    with sent_log.opened(settings, tmp_path) as log:
        log.note(ONE)
    monkeypatch.delattr(os, "pread")
    with sent_log.opened(settings, tmp_path) as log:
        assert log.left == (ONE,)


def test_a_file_that_can_not_be_shortened_is_in_nobodys_way(settings, tmp_path, caplog, monkeypatch):
    def refuses(*_) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with sent_log.opened(settings, tmp_path) as log:
        log.note(ONE)
    monkeypatch.setattr(os, "ftruncate", refuses)
    with sent_log.opened(settings, tmp_path) as log:
        log.forget(ONE)
    assert "can't be noted: Read-only" in caplog.text
