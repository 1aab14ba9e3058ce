"""How long the pages of the operators' desk take with a million sessions in the data file, and with a thousandth of that.

Both files are made by `make bench-data` (desk_data.c) and stay. First what it takes to read a page's rows (desk_pages.c), then the page
as a browser gets it, from two gateways in turns: medians, and the large over the small.
"""
import http.client
import os
import pathlib
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import time
import urllib.parse

from gateway import Gateway
from harness import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
FOLDER = BUILD / "bench"
PAGES = BUILD / "tests" / "bench" / "desk_pages"
COOKIE = "helpline=" + "be9c0000" * 8  # as desk_data.c signed it in
NAMES = ("small", "large")
ROUNDS = 60
HUNDREDTH = 100
BOUND = 1.5
# Files that were made a while ago stay as they are.
SETTINGS = ["data.backup_every_hours=0", "retention.sessions_days=3650", "retention.requests_days=3650",
            "retention.texts_days=3650"]


def is_there():
    return all((FOLDER / f"{name}.db").exists() for name in NAMES)


def reading():
    """(page, microseconds of the small file, of the large one) for each: its rows alone."""
    said = subprocess.run([PAGES, FOLDER], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return [(page, float(small), float(large)) for page, small, large in (line.split("\t") for line in said.splitlines())]


# --- in a browser

class Desk:
    """A gateway on one of the files, and a supervisor's browser."""

    def __init__(self, name):
        self.folder = FOLDER / f"desk-{name}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.gateway = Gateway(SETTINGS, folder=self.folder)
        self.browser = None
        self.gateway.data, self.gateway.keys = FOLDER / f"{name}.db", FOLDER / "keys"
        self.refresh()
        self.gateway.keygen()
        self.gateway.spawn()

    def refresh(self):
        """What was made days ago has been idle for too long: signed in just now."""
        now = int(time.time() * 1000)
        with sqlite3.connect(self.gateway.data) as db:
            db.execute("UPDATE sign_in SET created_at = ?, seen_at = ?, ended_at = NULL, locked = 0", (now, now))
            rows = list(db.execute("SELECT id, reference, person FROM request ORDER BY random() LIMIT ?", (ROUNDS,)))
            self.requests = [random.choice(rows) for _ in range(ROUNDS)]
            nths = list(db.execute("SELECT (SELECT count(*) FROM phone AS p WHERE p.id <= phone.id) FROM phone "
                                   "WHERE person IS NOT NULL ORDER BY random() LIMIT ?", (ROUNDS,)))
            self.numbers = [f"+88017{random.choice(nths)[0] * 37 % 100000000:08d}" for _ in range(ROUNDS)]
            sessions = list(db.execute("SELECT id FROM session ORDER BY random() LIMIT ?", (ROUNDS,)))
            self.sessions = [random.choice(sessions)[0] for _ in range(ROUNDS)]
            deep = min(HUNDREDTH * 50, db.execute("SELECT count(*) FROM session").fetchone()[0] - 60)
            self.below = db.execute("SELECT id FROM session ORDER BY id DESC LIMIT 1 OFFSET ?", (deep,)).fetchone()[0]
        db.close()

    def wait(self):
        wait_until(self.gateway.is_up, 120, "the gateway to have checked its data file")

    def sign_in(self):
        self.browser = http.client.HTTPConnection("127.0.0.1", self.gateway.console, timeout=30)
        self.token = self.find_token(self.get("/queue"))

    @staticmethod
    def find_token(page):
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found, "no form carries a token"
        return found.group(1)

    def ask(self, method, path, body=None):
        headers = {"Cookie": COOKIE, "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.browser.request(method, path, body, headers)
        reply = self.browser.getresponse()
        text = reply.read().decode()
        if reply.status == 303:
            return self.ask("GET", reply.getheader("Location"))
        assert reply.status == 200, f"{method} {path}: {reply.status}: {text[:300]}"
        return text

    def get(self, path):
        return self.ask("GET", path)

    def search(self, typed):
        return self.ask("POST", "/search", urllib.parse.urlencode({"token": self.token, "q": typed}))

    def stop(self):
        if self.browser:
            self.browser.close()
        self.gateway.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


PAGES_OF_A_BROWSER = {
    "queue": lambda desk, nth: desk.get("/queue?tab=all"),
    "search by reference, and the request": lambda desk, nth: desk.search(desk.requests[nth][1]),
    "search by phone, and what is found": lambda desk, nth: desk.search(desk.numbers[nth]),
    "sessions, first page": lambda desk, nth: desk.get("/sessions"),
    "sessions, hundredth page": lambda desk, nth: desk.get(f"/sessions?below={desk.below}"),
    "transcript": lambda desk, nth: desk.get(f"/sessions/{desk.sessions[nth]}"),
}


def time_of(desk, page, nth):
    begun = time.perf_counter()
    page(desk, nth)
    return (time.perf_counter() - begun) * 1e6


def in_a_browser():
    """The same, of whole pages: signed in, read, written, sent, and looking at somebody kept in the audit before it is shown."""
    desks = [Desk(name) for name in NAMES]
    try:
        for desk in desks:
            desk.wait()
        for desk in desks:
            desk.sign_in()
        found = []
        for name, page in PAGES_OF_A_BROWSER.items():
            for nth in range(ROUNDS):  # what is measured is no disk
                for desk in desks:
                    page(desk, nth)
            laps = [[time_of(desk, page, nth) for desk in desks] for nth in range(ROUNDS)]
            found.append((name, *(statistics.median(lap[at] for lap in laps) for at in (0, 1))))
        return found
    finally:
        for desk in desks:
            desk.stop()
