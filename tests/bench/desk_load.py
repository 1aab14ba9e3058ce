"""What thirty operators at work cost the callers: the webhooks' rate, median and p99 with nobody at the desk, with thirty at a
believable pace, with thirty who never wait, and with those at another gateway on the same machine, which is the machine's share of it.

Each operator has signed in with both factors, holds a live stream, and goes round: the queue, a request, its transcript, take it,
write a note, give it back. The same operators work at both gateways: the second one begins with a copy of the first one's files.
"""
import concurrent.futures
import contextlib
import http.client
import os
import random
import re
import selectors
import shutil
import socket
import statistics
import threading
import time
import urllib.parse

import desk
from gateway import Gateway

OPERATORS = int(os.environ.get("BENCH_OPERATORS", "30"))
PAGE_SECONDS = 5  # between two pages of somebody who reads them
IDLE_SECONDS = 10
ROUNDS = 3
CONNECTIONS = 64
SETTINGS = ["data.backup_every_hours=0"]
NOBODY, PACED, FULL, ELSEWHERE = "nobody at the desk", f"{OPERATORS} operators, a page in {PAGE_SECONDS} s each", \
    f"{OPERATORS} operators who never wait", "the same at another gateway"
LINES = (NOBODY, PACED, FULL, ELSEWHERE)


class Operator(desk.Browser):
    """A browser that keeps its connection, as browsers do."""

    connection = link = None

    def use(self, port):
        self.leave()
        self.port = port

    def leave(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, method, path, body=None, headers=None, timeout=20):
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Sec-Fetch-Site": "same-origin", **(headers or {})}
        for again in (True, False):  # the gateway closes a connection on which nothing came for a while
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            try:
                self.connection.request(method, path, body, sent)
                reply = self.connection.getresponse()
                text = reply.read().decode()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.leave()
                if not again:
                    raise
        for key, value in reply.getheaders():
            if key.lower() == "set-cookie":
                self.keep(value)
        self.page = desk.Page(reply.status, {k.lower(): v for k, v in reply.getheaders()}, text)
        return self.page

    def see(self, path):
        page = self.get(path)
        assert page.status == 200, f"{path}: {page.status}"

    def act(self, what, **fields):
        """The form of the request's page that is before us, and the page that it leads to."""
        page = self.post(f"{self.link}/{what}", version=self.field("version"), key=self.field("key"), **fields)
        assert page.status == 303, f"{what}: {page.status}"
        self.see(page.headers["location"].split("#")[0])

    def round(self):
        """One step of the round at a time: each is a page or a form and what it leads to."""
        yield lambda: self.see("/queue?tab=all")
        yield lambda: self.see(self.link)
        yield lambda: self.see(self.link + "/session")
        yield lambda: (self.see(self.link), self.act("claim", take="1"))
        yield lambda: (self.see(self.link), self.act("note", text="She will be at home after six, and wants to be called then."))
        yield lambda: (self.see(self.link), self.act("release"))


def employ(gateway):
    """Operators, each with a request of their own."""
    def one(nth):
        operator = Operator(gateway.console)
        operator.sign_in(f"op{nth}", desk.add_user(gateway, f"op{nth}", "counsellor"))
        return operator
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        found = list(two.map(one, range(OPERATORS)))
    for _ in found:
        desk.caller_who_asks(gateway)
    page = found[0].get("/queue?tab=all").text
    links = list(dict.fromkeys(re.findall(r'<a href="(/requests/\d+)" class="row">', page)))
    assert len(links) >= len(found), f"{len(links)} requests for {len(found)} operators"
    for operator, link in zip(found, links):
        operator.link = link
    return found


def processor_seconds(gateway):
    fields = open(f"/proc/{gateway.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Streams(threading.Thread):
    """A live stream for each of them, read by one thread."""

    def __init__(self, operators):
        super().__init__(daemon=True)
        self.over, self.ready = threading.Event(), selectors.DefaultSelector()
        self.sockets = [self.open(each) for each in operators]

    def open(self, operator):
        stream = socket.create_connection(("127.0.0.1", operator.port), timeout=20)
        cookies = "; ".join(f"{k}={v}" for k, v in operator.cookies.items())
        stream.sendall(f"GET /live?since=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode())
        assert stream.recv(4096).startswith(b"HTTP/1.1 200"), "no stream"
        self.ready.register(stream, selectors.EVENT_READ)
        return stream

    def run(self):
        while not self.over.is_set():
            for key, _ in self.ready.select(0.2):
                if not key.fileobj.recv(65536):
                    self.ready.unregister(key.fileobj)

    def close(self):
        self.over.set()
        self.join()
        for each in self.sockets:
            each.close()


@contextlib.contextmanager
def at_work(operators, gateway, pause):
    """They work until the block is left. Gives a list that grows by one a step, by the seconds that it took."""
    over, took, wrong = threading.Event(), [], []

    def work(operator):
        try:
            over.wait(random.random() * pause)
            while not over.is_set():
                for step in operator.round():  # a round is brought to its end: what was taken is given back
                    begun = time.perf_counter()
                    step()
                    took.append(time.perf_counter() - begun)
                    over.wait(random.random() * 2 * pause)
        except (AssertionError, OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))

    for operator in operators:
        operator.use(gateway.console)
    streams = Streams(operators)
    threads = [threading.Thread(target=work, args=(each,), daemon=True) for each in operators]
    for each in (streams, *threads):
        each.start()
    try:
        yield took
    finally:
        over.set()
        for each in threads:
            each.join()
        streams.close()
    assert not wrong, f"{len(wrong)} of {len(operators)} operators could not work: {wrong[0]}"


def copy_of(gateway):
    """Another gateway that begins where this one, which is stopped, has ended."""
    other = Gateway(SETTINGS)
    for name in ("data", "keys"):
        shutil.copy(getattr(gateway, name), getattr(other, name))
    return other


def shifts(operators, here, other):
    return {NOBODY: lambda: contextlib.nullcontext([]), PACED: lambda: at_work(operators, here, PAGE_SECONDS),
            FULL: lambda: at_work(operators, here, 0), ELSEWHERE: lambda: at_work(operators, other, 0)}


def callers(dial, operators, here, other, seconds):
    """{line: [(rate, p50, p99, pages a second, processor seconds a step) a round]}"""
    found = {line: [] for line in LINES}
    tag = 0
    for _ in range(ROUNDS):
        for line, shift in shifts(operators, here, other).items():
            tag += 1
            with shift() as took:
                begun, used = len(took), processor_seconds(here)
                rate, p50, p99, requests = dial(here, CONNECTIONS, tag, seconds)
                found[line].append((rate, p50, p99, (len(took) - begun) / seconds, (processor_seconds(here) - used) / requests))
    return found


def alone(operators, here, seconds):
    """(processor seconds a second while they only listen, the same a step when nobody calls, seconds of a step: median, 99 of 100)"""
    for each in operators:
        each.use(here.console)
    streams = Streams(operators)
    streams.start()
    time.sleep(1)
    used = processor_seconds(here)
    time.sleep(IDLE_SECONDS)
    idle = (processor_seconds(here) - used) / IDLE_SECONDS
    streams.close()
    with at_work(operators, here, 0) as took:
        begun, used = len(took), processor_seconds(here)
        time.sleep(seconds)
        steps, used = took[begun:], processor_seconds(here) - used
    return idle, used / len(steps), statistics.median(steps), statistics.quantiles(steps, n=100)[98]


def measure(dial, seconds):
    """(callers(), alone())"""
    with Gateway(SETTINGS) as here:
        operators = employ(here)
        here.stop()
        other = copy_of(here)
        here.start()
        with other:
            return callers(dial, operators, here, other, seconds), alone(operators, here, seconds)
