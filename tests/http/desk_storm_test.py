"""The desk under load: thirty browsers, streams that open and are torn off, reloads, callers; then it stops with all of it under way.

Under the sanitizers this is where a data race or a pointer that outlived its owner would show: `make tsan`.
"""
# timeout: 300
import http.client
import itertools
import os
import random
import re
import signal
import socket
import threading
import time

import desk
import forms
import harness
from gateway import Gateway
from load import Callers

SECONDS = float(os.environ.get("STORM_SECONDS", "8"))
OPERATORS, BROWSERS, STREAMS = 5, 30, 6
FINE = {200, 303, 404, 409, 422, 503}


class Storm:
    """Threads that go on until they are told to end; what none of them may see is kept in `odd`."""

    def __init__(self):
        self.ending, self.odd, self.done, self.threads = threading.Event(), [], itertools.count(), []

    def start(self, work, *arguments):
        def run():
            try:
                while not self.ending.is_set():
                    work(*arguments)
            except (OSError, http.client.HTTPException) as error:
                if not self.ending.is_set():
                    self.odd.append(f"{work.__name__}: {type(error).__name__} {error}")
            except Exception as error:
                self.odd.append(f"{work.__name__}: {type(error).__name__} {error}")

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self.threads), "a browser waits for ever"

    def seen(self, page, what):
        next(self.done)
        if page.status not in FINE and not self.ending.is_set():
            self.odd.append(f"{what}: {page.status} {page.text[:200]}")
        return page


def same_person(browser):
    """One more browser of somebody who has signed in."""
    other = desk.Browser(browser.port)
    other.cookies, other.name = dict(browser.cookies), browser.name
    return other


def look_around(storm, browser):
    """As an operator does: the queue, a request, something done to it, the counters."""
    page = storm.seen(browser.get("/queue?tab=all"), "queue")
    links = re.findall(r'<a href="(/requests/\d+)" class="row">', page.text)
    storm.seen(browser.get(random.choice(["/live/counts", "/search?q=hello", "/sessions", "/outbox", "/settings"])), "elsewhere")
    if not links:
        return
    link = random.choice(links)
    page = forms.read(storm.seen(browser.get(link), "request"))
    form = random.choice(page.find("/claim") + page.find("/note") + page.find("/release") + page.find("/draft")
                         + page.find("/urgency") + page.find("/reveal") or [None])
    if form:
        storm.seen(forms.send(browser, form, text="somebody was here"), form.action)


def listen(browser):
    """A stream that is read for a moment and then torn off, as when a page is left."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with socket.create_connection(("127.0.0.1", browser.port), timeout=60) as line:
        line.sendall(f"GET /live?since=1 HTTP/1.1\r\nHost: h\r\nCookie: {cookie}\r\n\r\n".encode())
        line.recv(4096)
        time.sleep(random.uniform(0, 0.4))


def hold(storm, browser):
    """A stream that stays open for as long as the gateway runs."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with socket.create_connection(("127.0.0.1", browser.port), timeout=60) as line:
        line.sendall(f"GET /live?since=1 HTTP/1.1\r\nHost: h\r\nCookie: {cookie}\r\n\r\n".encode())
        while line.recv(4096):
            pass
    if not storm.ending.is_set():
        time.sleep(0.1)


def test_a_storm():
    """thirty browsers, streams that come and go, reloads and callers at once: nothing is refused oddly, and it stops in peace"""
    with Gateway() as gateway:
        operators = [desk.operator(gateway, f"rina{i}", "supervisor") for i in range(OPERATORS)]
        for _ in range(4):
            desk.caller_who_asks(gateway)
        storm, callers = Storm(), Callers(gateway.webhooks, gateway.path("at-ussd"), 2)
        for i in range(BROWSERS):
            storm.start(look_around, storm, same_person(operators[i % OPERATORS]))
        for i in range(STREAMS):
            storm.start(listen, operators[i % OPERATORS])
            storm.start(hold, storm, operators[i % OPERATORS])
        begun = time.monotonic()

        def has_reloaded():
            gateway.process.send_signal(signal.SIGHUP)
            time.sleep(SECONDS / 10)
            gateway.metrics()
            return time.monotonic() - begun > SECONDS and gateway.log().count("reload done") > 1

        harness.wait_until(has_reloaded, 150, "two reloads")
        callers.stop()
        assert not callers.odd, callers.odd[:3]
        assert not storm.odd, storm.odd[:3]
        storm.ending.set()  # from now on a browser may find that nobody is there
        began = time.monotonic()
        code = gateway.stop(seconds=60)
        assert code == 0, f"ended with {code}: {gateway.log()[-3000:]}"
        print(f"note: {next(storm.done)} pages; stopped within {time.monotonic() - began:.1f} s")
        storm.end()
        assert gateway.run("verify", "--audit").returncode == 0


harness.main()
