"""HTTP that is hostile, broken or slow, and bounds that are reached."""
# timeout: 240
import concurrent.futures
import re
import signal
import socket
import struct
import time
import urllib.parse

import harness
from gateway import Gateway, get, new_number, new_session, post, raw, read_screen

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


def body_of(text="", session=None, number=None):
    return urllib.parse.urlencode({"sessionId": session or new_session(), "phoneNumber": number or new_number(),
                                   "serviceCode": "*384*123#", "text": text})


def request(gateway, headers, body="", method="POST", path=None, version="HTTP/1.1"):
    return (f"{method} {path or gateway.path('at-ussd')} {version}\r\nHost: helpline\r\n{FORM}{headers}\r\n"
            f"{body}").encode()


def statuses(said):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", said)]


def test_requests_that_could_be_smuggled():
    """lengths that contradict each other are refused, and nothing behind them is taken for a second request"""
    with Gateway() as gateway:
        body = body_of()
        second = request(gateway, f"Content-Length: {len(body)}\r\n", body).decode()
        n = len(body)
        shapes = {
            "Content-Length and Transfer-Encoding": f"Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding and Content-Length": f"Transfer-Encoding: chunked\r\nContent-Length: {n}\r\n",
            "two Content-Lengths": f"Content-Length: {n}\r\nContent-Length: 0\r\n",
            "the same Content-Length twice": f"Content-Length: {n}\r\nContent-Length: {n}\r\n",
            "a list of lengths": f"Content-Length: {n}, {n}\r\n",
            "a blank before the colon": f"Content-Length : {n}\r\n",
            "a length with a sign": f"Content-Length: +{n}\r\n",
            "a negative length": "Content-Length: -1\r\n",
            "a length in hex": "Content-Length: 0x10\r\n",
            "a length that overflows": "Content-Length: 18446744073709551617\r\n",
            "gzip, chunked": "Transfer-Encoding: gzip, chunked\r\n",
            "chunked twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "identity": "Transfer-Encoding: identity\r\n",
            "xchunked": "Transfer-Encoding: xchunked\r\n",
            "no length at all": "",
        }
        for what, headers in shapes.items():
            said = raw(gateway.webhooks, request(gateway, headers, body) + second.encode(), timeout=1.5)
            found = statuses(said)
            assert all(code >= 400 for code in found), f"{what}: {found}"
            # libmicrohttpd 0.9.75 says the head of its own refusals twice; two different ones would be two answers.
            assert len(set(found)) <= 1, f"{what}: {found}"
        assert gateway.count("turn") == 0
        said = raw(gateway.webhooks, request(gateway, f"Content-Length: {n}\r\nConnection: close\r\n", body))
        assert statuses(said) == [200]


def test_chunked_bodies():
    with Gateway() as gateway:
        body = body_of()
        chunks = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in (body[:7], body[7:40], body[40:])) + "0\r\n\r\n"
        headers = "Transfer-Encoding: chunked\r\nConnection: close\r\n"
        assert statuses(raw(gateway.webhooks, request(gateway, headers, chunks))) == [200]
        for broken in ("zz\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "ffffffffffffffff1\r\nabc"):
            found = statuses(raw(gateway.webhooks, request(gateway, headers, broken), timeout=1.5))
            assert all(code >= 400 for code in found), f"{broken!r}: {found}"
        assert gateway.count("turn") == 1


def test_bodies_over_the_cap():
    """a body over the cap is 413, told by its length or only by its bytes"""
    with Gateway() as gateway:
        big = "text=" + "x" * 70000
        said = raw(gateway.webhooks, request(gateway, f"Content-Length: {len(big)}\r\n", big), timeout=2, first=60)
        assert statuses(said)[:1] == [413], said[:80]
        said = raw(gateway.webhooks, request(gateway, "Content-Length: 100000000000\r\n"), timeout=2, first=60)
        assert statuses(said)[:1] == [413], said[:80]
        chunks = "".join("2000\r\n" + "x" * 8192 + "\r\n" for _ in range(10)) + "0\r\n\r\n"
        said = raw(gateway.webhooks, request(gateway, "Transfer-Encoding: chunked\r\n", chunks), timeout=2)
        assert statuses(said)[:1] in ([413], []), said[:80]
        assert gateway.count("turn") == 0 and gateway.healthy()


def test_paths_and_headers():
    with Gateway() as gateway:
        body, path = body_of(), gateway.path("at-ussd")
        length = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        for odd in (path + "%00", path.replace("/in", "/in%00"), path + "%zz", "*", "http://[", path[1:], "/" + "a" * 40000):
            found = statuses(raw(gateway.webhooks, request(gateway, length, body, path=odd), timeout=2))
            assert all(400 <= code < 500 for code in found), f"{odd[:30]!r}: {found}"
        for odd in ("X-A\x01: 1\r\n", "X Y: 1\r\n", "X\tY: 1\r\n", "A: " + "b" * 40000 + "\r\n",
                    "".join(f"X-{i}: 1\r\n" for i in range(2000))):
            found = statuses(raw(gateway.webhooks, request(gateway, odd + length, body), timeout=2))
            assert all(400 <= code < 500 for code in found), f"{odd[:30]!r}: {found}"
        assert gateway.count("turn") == 0
        assert gateway.healthy()


def test_nonsense_before_http():
    with Gateway() as gateway:
        for junk in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"\x00" * 4096, b"GET\r\n\r\n", b"\r\n" * 2000,
                     b"POST  / HTTP/9.9\r\n\r\n", b"\xff" * 70000):
            raw(gateway.webhooks, junk, timeout=0.5)
            assert gateway.healthy()


def test_slow_senders_harm_nobody():
    """connections that send nothing, or a byte now and then, do not slow others and are closed in the end"""
    with Gateway(["limits.idle_seconds=10"]) as gateway:
        body = body_of()
        whole = request(gateway, f"Content-Length: {len(body)}\r\n", body)
        slow = [socket.create_connection(("127.0.0.1", gateway.webhooks)) for _ in range(50)]
        for index, s in enumerate(slow):
            s.sendall(whole[: index * len(whole) // 50])
        phone = gateway.phone()
        phone.dial()
        for s in slow:
            s.setblocking(False)
            try:
                assert not s.recv(65536), "a half request was answered"
                raise AssertionError("a call was answered only when the slow ones had been cut off")
            except BlockingIOError:
                pass
        for s in slow:
            s.settimeout(60)
            try:
                assert not s.recv(65536).startswith(b"HTTP/1.1 200"), "a half request was answered as a whole"
            except socket.timeout:
                raise AssertionError("a silent connection was kept for ever") from None
            except OSError:
                pass
            finally:
                s.close()
        assert gateway.count("turn") == 1


def test_a_client_that_is_gone_leaves_a_step_that_can_be_repeated():
    """clients that reset while their request is parked: the step stands, the repeat gets it, and the gateway goes on"""
    with Gateway() as gateway:
        phones = [gateway.phone() for _ in range(30)]
        for phone in phones:
            phone.session = new_session()
            body = body_of("", phone.session, phone.number)
            s = socket.create_connection(("127.0.0.1", gateway.webhooks))
            s.sendall(request(gateway, f"Content-Length: {len(body)}\r\n", body))
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
        for phone in phones:
            assert phone.again().open
        assert gateway.count("session") == 30, "a repeat made a second session"
        assert gateway.count("turn") == 30


def test_many_requests_on_one_connection():
    """pipelined requests are answered in their order"""
    with Gateway() as gateway:
        session, number = new_session(), new_number()
        texts = ["", "1", "1*1", "1*1*0"]
        alone = []
        for text in texts:
            alone.append(gateway.at_ussd(text, session, number).body)
        session, number = new_session(), new_number()
        data = b""
        for index, text in enumerate(texts):
            body = body_of(text, session, number)
            close = "Connection: close\r\n" if index + 1 == len(texts) else ""
            data += request(gateway, f"Content-Length: {len(body)}\r\n{close}", body)
        said = raw(gateway.webhooks, data)
        assert statuses(said) == [200] * 4, statuses(said)
        place = 0
        for text, body in zip(texts, alone):
            place = said.find(body, place) + 1
            assert place, f"the answer to {text!r} is another, or not in its place"


def test_a_bound_that_is_reached_says_when_to_come_back():
    """more requests at once than may be parked get 503 with Retry-After, the others are answered and kept"""
    with Gateway(["limits.max_parked=16"]) as gateway:
        gateway.process.send_signal(signal.SIGSTOP)  # so that all of them wait when the loop looks
        held = []
        for _ in range(200):
            body = body_of()
            s = socket.create_connection(("127.0.0.1", gateway.webhooks))
            s.sendall(request(gateway, f"Content-Length: {len(body)}\r\nConnection: close\r\n", body))
            held.append(s)
        gateway.process.send_signal(signal.SIGCONT)
        answers = []
        for s in held:
            s.settimeout(60)
            answers.append(s.recv(65536))
            s.close()
        served = sum(answer.startswith(b"HTTP/1.1 200") for answer in answers)
        sent_away = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503")]
        assert served + len(sent_away) == 200, {answer[:12] for answer in answers}
        assert served >= 16 and sent_away, f"{served} answered, {len(sent_away)} sent away"
        assert all(re.search(rb"\r\nRetry-After: \d+\r\n", answer) for answer in sent_away), sent_away[0]
        assert gateway.count("turn") == served, f"{served} answered, {gateway.count('turn')} kept"
        assert gateway.metrics()['helpline_errors_total{kind="full"}'] == len(sent_away)


def test_many_connections_at_once():
    with Gateway() as gateway:
        held = [socket.create_connection(("127.0.0.1", gateway.webhooks)) for _ in range(300)]
        phone = gateway.phone()
        assert phone.dial().open
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            answers = list(pool.map(lambda _: read_screen(gateway.at_ussd("", new_session(), new_number())), range(500)))
        assert len(answers) == 500 and gateway.count("turn") == 501
        for s in held:
            s.close()


def test_idle_connections_keep_nobody_out():
    """one client that keeps every connection open leaves room: near the bound each is closed behind its answer"""
    with Gateway(["listen.max_connections=40", "limits.idle_seconds=600"]) as gateway:
        held, answers = [], []
        for _ in range(80):
            body = body_of()
            s = socket.create_connection(("127.0.0.1", gateway.webhooks), timeout=60)
            s.sendall(request(gateway, f"Content-Length: {len(body)}\r\n", body))
            answers.append(s.recv(65536))
            held.append(s)
        assert statuses(b"".join(answers)) == [200] * 80, statuses(b"".join(answers))
        closed = [b"Connection: close" in answer for answer in answers]
        assert closed.index(True) == 29 and all(closed[29:]), f"the first closed is {closed.index(True)} of {sum(closed)}"
        assert gateway.phone().dial().open
        for s in held:
            s.close()


def test_the_console_holds_under_load():
    """/healthz and /metrics answer on their own listener, also with 300 connections, and only there"""
    with Gateway() as gateway:
        held = [socket.create_connection(("127.0.0.1", gateway.console)) for _ in range(300)]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda n: get(gateway.console, ("/healthz", "/metrics")[n % 2]), range(200)))
        assert {answer.status for answer in answers} == {200}
        assert get(gateway.console, "/nothing").status == 404
        assert post(gateway.console, gateway.path("at-ussd"), body_of()).status in (404, 405)
        for s in held:
            s.close()


harness.main()
