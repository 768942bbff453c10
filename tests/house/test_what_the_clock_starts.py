"""What runs by the clock in a process that serves goes on after the database was away for a while."""

import asyncio
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

import main
from data.base import environment, jobs
from data.base.database import close_database, open_database
from data.base.jobs import Job


async def test_jobs_go_on_after_the_database_was_away(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, 'JOBS_EVERY_SECONDS', 0.05)
    folder, away, has_run = tmp_path / 'data', tmp_path / 'away', threading.Event()
    folder.mkdir()
    shutil.copy(sqlite_template, folder / 'doorstep.db')
    environment.load(data=folder)
    open_database(environment.current().database)
    main.wire()
    jobs.forget_all()
    jobs.declare(Job(name='ring', every=timedelta(days=1), work=has_run.set))
    folder.rename(away)
    with structlog.testing.capture_logs() as lines:
        running = asyncio.create_task(main.run_jobs())
        async with asyncio.timeout(10):
            while not any(line['event'] == 'jobs not readable' for line in lines):
                assert not running.done()
                await asyncio.to_thread(has_run.wait, 0.05)
    away.rename(folder)
    assert await asyncio.to_thread(has_run.wait, 10)
    running.cancel()
    close_database()
