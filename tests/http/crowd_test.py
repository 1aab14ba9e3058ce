"""The console at its bounds: as many streams and connections as it takes, and one more of each; calls are answered all the while."""
# timeout: 300
import json
import os
import re
import resource
import socket
import time

import desk
import harness
from gateway import Gateway, ROOT

IDLE_SECONDS = 20


def bound(path, pattern):
    return int(re.search(pattern, (ROOT / path).read_text()).group(1))


STREAMS = bound("gateway/console/door/live.h", r"LIVE_STREAMS (\d+)")
CONNECTIONS = bound("gateway/console/console.c", r"CONNECTIONS_MAX = (\d+)")


def ask(browser, path, rest=""):
    line = socket.create_connection(("127.0.0.1", browser.port), timeout=60)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{browser.port}\r\nCookie: {cookie}\r\n{rest}\r\n".encode())
    return line


def until(line, words):
    heard = b""
    while words not in heard:
        piece = line.recv(65536)
        assert piece, f"{words!r} was not heard: {heard[-300:]!r}"
        heard += piece
    return heard


def listening(browser, count):
    lines = [ask(browser, "/live?since=1") for _ in range(count)]
    for line in lines:
        until(line, b"event: counts")
    return lines


def cpu_seconds(gateway):
    fields = open(f"/proc/{gateway.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_streams_cost_nothing_between_events():
    """two hundred streams of which nothing is to be told: hardly any processor, and each is told at once when something is"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        lines = listening(rina, 200)
        time.sleep(2)
        began = cpu_seconds(gateway)
        time.sleep(IDLE_SECONDS)
        used = cpu_seconds(gateway) - began
        print(f"note: {used:.2f} s of processor in {IDLE_SECONDS} s of 200 silent streams", flush=True)
        assert used < IDLE_SECONDS / 4, f"{used:.1f} s: something turns for ever"
        desk.caller_who_asks(gateway)
        for line in lines:
            until(line, b'"new":1')
            line.close()


def test_one_stream_too_many():
    """the last stream that there is room for, and one more: it is told so, and asking by and by answers; a place is free again later"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        lines = listening(rina, STREAMS)
        refused = until(ask(rina, "/live?since=1"), b"\r\n\r\n")
        assert b" 503 " in refused and b"retry-after: 20" in refused.lower(), refused
        desk.caller_who_asks(gateway)
        # What is counted may be a second old.
        harness.wait_until(lambda: json.loads(rina.get("/live/counts?since=1").text)["new"] == 1, 60, "the new one to be counted")
        until(lines[0], b'"new":1')
        for line in lines[:10]:
            line.close()
        harness.wait_until(lambda: b" 200 " in until(ask(rina, "/live?since=1"), b"\r\n\r\n"), 40, "a place")


def test_one_connection_too_many():
    """every connection is taken: who has one is answered, calls are answered, and whoever comes then gets in once one is given back"""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * CONNECTIONS)), hard))
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        lines = listening(rina, STREAMS)
        mine = ask(rina, "/settings")
        until(mine, b"</html>")
        idle = [socket.create_connection(("127.0.0.1", gateway.console)) for _ in range(CONNECTIONS)]
        mine.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{rina.port}\r\n\r\n".encode())
        assert b" 200 " in until(mine, b"ok")
        slowest = 0
        for _ in range(20):
            began = time.monotonic()
            assert gateway.phone().dial().open
            slowest = max(slowest, time.monotonic() - began)
        print(f"note: a call took {slowest:.2f} s at most", flush=True)
        desk.caller_who_asks(gateway)
        for line in lines:
            until(line, b'"new":1')
        for line in idle:
            line.close()
        harness.wait_until(gateway.is_up, 60, "a connection")
        assert rina.get("/queue").status == 200


harness.main()
