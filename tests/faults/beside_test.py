"""Other programs at the data file while the gateway runs: the sqlite3 tool, exports, a backup, a copy being made."""
# timeout: 400
import shutil
import subprocess
import time

import harness
from gateway import Gateway
from load import Callers

TOOL = shutil.which("sqlite3")


def beside(gateway, act, seconds=4):
    """Load for some seconds with `act` again and again beside it, then kill -9, and everything answered must be there."""
    before = gateway.count("turn")
    callers = Callers(gateway.webhooks, gateway.path("at-ussd"))
    begun, times = time.monotonic(), 0
    while time.monotonic() < begun + seconds or (callers.answered() <= 50 and time.monotonic() < begun + 60):
        act()
        times += 1
    gateway.kill9()
    callers.stop()
    gateway.start()
    assert not callers.odd, callers.odd[:3]
    assert callers.answered() > 50, f"only {callers.answered()} steps: nothing ran beside {times} runs"
    callers.check_kept()
    kept = gateway.count("turn") - before
    assert kept == callers.answered(), f"{kept} turns for {callers.answered()} answered steps, {times} runs beside"
    assert gateway.run("verify").returncode == 0


def test_the_sqlite3_tool():
    """the sqlite3 tool opens, reads and closes the file beside the gateway: nothing answered is lost"""
    if not TOOL:
        harness.skip("sqlite3 is not installed")

    def read():
        made = subprocess.run([TOOL, str(gateway.data), "SELECT count(*) FROM turn; PRAGMA quick_check;"],
                              capture_output=True, text=True, timeout=30)
        assert made.returncode == 0 and "ok" in made.stdout, made

    with Gateway() as gateway:
        beside(gateway, read)


def test_exports_beside():
    with Gateway() as gateway:
        beside(gateway, lambda: gateway.export("turns"))


def test_backups_beside():
    """backups made under load verify and hold whole conversations"""
    with Gateway(["data.backup_every_hours=0"]) as gateway:  # one of its own would be in the way
        copies = iter(range(1000))

        def backup():
            path = gateway.folder / f"copy{next(copies)}.db"
            made = gateway.run("backup", path)
            assert made.returncode == 0, made.stderr
            if TOOL:
                made = subprocess.run([TOOL, str(path), "PRAGMA integrity_check; PRAGMA journal_mode;"],
                                      capture_output=True, text=True)
                assert made.stdout.split() == ["ok", "delete"], made

        beside(gateway, backup)


def test_a_reader_that_never_ends():
    """a program that holds the file open in a long read does not stop the gateway, nor what it commits"""
    with Gateway() as gateway:
        gateway.phone().dial()
        reader = gateway.db()
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turn").fetchone()
        beside(gateway, lambda: time.sleep(0.2), 3)
        reader.close()


harness.main()
