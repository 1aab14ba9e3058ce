"""Callbacks that are wrong: who sent them gets a 4xx that names the field, and nothing stored is lost."""
# timeout: 240
import json
import re
import socket
import time
import urllib.parse

import harness
from gateway import SECRETS, Gateway, get, new_number, new_session, post, raw

FORM = "application/x-www-form-urlencoded"


def whole():
    return {"sessionId": new_session(), "phoneNumber": new_number(), "serviceCode": "*384*123#", "networkCode": "47001",
            "text": ""}


def refused(answer, *statuses):
    assert answer.status in statuses, f"status {answer.status}, not {statuses}: {answer.body[:200]}"
    return answer.body.decode()


def test_a_missing_field_is_named():
    with Gateway() as gateway:
        for name in ("sessionId", "phoneNumber"):
            fields = whole()
            del fields[name]
            said = refused(post(gateway.webhooks, gateway.path("at-ussd"), fields), 400)
            assert name in said, f"{name} is not named: {said!r}"
        fields = {"to": "21512", "text": "MENU", "id": new_session(), "date": "2026-09-03 06:04:45"}
        said = refused(post(gateway.webhooks, gateway.path("at-sms"), fields), 400)
        assert "from" in said, said
        assert gateway.count("turn") == 0


def test_an_empty_number_is_named():
    with Gateway() as gateway:
        said = refused(post(gateway.webhooks, gateway.path("at-ussd"), {**whole(), "phoneNumber": ""}), 400)
        assert "phoneNumber" in said, said


def test_a_masked_sender_is_somebody():
    """a sender that is no number is an identity of its own: it is served, and two are two"""
    with Gateway() as gateway:
        for masked in ("anon-8f3a91c2", "anon-77aa00ff"):
            gateway.said.add(masked)
            answer = post(gateway.webhooks, gateway.path("at-ussd"), {**whole(), "phoneNumber": masked})
            assert answer.status == 200 and answer.body.startswith(b"CON "), answer
        assert gateway.count("phone") == 2


def test_missing_optional_fields_are_fine():
    with Gateway() as gateway:
        for name in ("networkCode", "serviceCode"):
            fields = whole()
            del fields[name]
            answer = post(gateway.webhooks, gateway.path("at-ussd"), fields)
            assert answer.status == 200 and answer.body.startswith(b"CON "), f"without {name}: {answer}"
        fields = {**whole(), "a-new-field": "1", "cost": "BDT 0.1"}
        assert post(gateway.webhooks, gateway.path("at-ussd"), fields).status == 200


def test_wrong_secrets():
    """a wrong secret, a missing one and an unknown channel are refused, and say nothing about which it was"""
    with Gateway() as gateway:
        right = SECRETS["at-ussd"]
        for path in ("/in/at-ussd", "/in/at-ussd/", f"/in/at-ussd/{right[:-1]}", f"/in/at-ussd/{right}0",
                     f"/in/at-ussd/{right}/", f"/in/at-ussd/{right.upper()}", f"/in/at-ussd/{SECRETS['at-sms']}"):
            said = refused(post(gateway.webhooks, path, whole()), 401, 403, 404)
            assert right not in said
        for path in ("/", "/in", "/in/", "/in/nobody/" + right, "/out/at-ussd/" + right, "/healthz", "/metrics",
                     "/in/../in/at-ussd/" + right, "//in/at-ussd/" + right):
            refused(post(gateway.webhooks, path, whole()), 400, 404)
        assert gateway.count("turn") == 0


def test_methods():
    with Gateway() as gateway:
        path = gateway.path("at-ussd")
        answer = get(gateway.webhooks, path + "?" + urllib.parse.urlencode(whole()))
        refused(answer, 405)
        for method in ("DELETE", "TRACE", "OPTIONS", "PATCH"):
            said = raw(gateway.webhooks, f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                                         "Connection: close\r\n\r\n".encode())
            assert re.match(rb"HTTP/1.1 (405|400|501) ", said), f"{method}: {said[:60]}"


def test_bodies_that_are_no_form():
    with Gateway() as gateway:
        path = gateway.path("at-ussd")
        for body in (b"text=%zz", b"text=%", b"text=%4", b"sessionId=a%00b&phoneNumber=1", b"\xff\xfe\x00",
                     b"{\"sessionId\":1}", b"", b"&" * 200 + b"a=1", b"=" * 100, b"a=1&" * 100):
            answer = post(gateway.webhooks, path, body)
            assert 400 <= answer.status < 500, f"{answer.status} for {body[:20]!r}"
        answer = post(gateway.webhooks, path, json.dumps(whole()).encode(), {"Content-Type": "application/json"})
        assert 400 <= answer.status < 500, f"{answer.status} for JSON"
        assert gateway.healthy()


def test_text_in_no_character_set_is_kept_and_answered():
    """an answer whose bytes are no UTF-8 is stored, flagged and answered with the same page"""
    with Gateway() as gateway:
        phone = gateway.phone()
        phone.dial()
        turns = gateway.count("turn")
        fields = {**whole(), "sessionId": phone.session, "phoneNumber": phone.number, "text": ""}
        body = urllib.parse.urlencode(fields)[: -len("text=")] + "text=%ff%fe"
        answer = post(gateway.webhooks, gateway.path("at-ussd"), body.encode())
        assert answer.status == 200 and answer.body.startswith(b"CON "), f"{answer.status} {answer.body[:100]}"
        assert gateway.count("turn") + gateway.count("stray") > turns, "it is nowhere in the file"


def test_long_answers():
    with Gateway() as gateway:
        phone = gateway.phone()
        phone.dial()
        for length in (161, 1000, 4000):
            answer = gateway.at_ussd("x" * length, phone.session, phone.number)
            assert answer.status in (200, 400, 413), f"{answer.status} for {length}"
        assert gateway.healthy()


def test_every_truncation_of_a_callback():
    """every truncation of a body is answered with a page or a 4xx, never with a 5xx, and the whole one works afterwards"""
    with Gateway() as gateway:
        samples = {
            "at-ussd": {**whole(), "text": "1*2"},
            "at-sms": {"from": new_number(), "to": "21512", "text": "MENU please", "date": "2026-09-03T06:04:45Z",
                       "id": new_session(), "linkId": "0309", "networkCode": "47001"},
        }
        for channel, fields in samples.items():
            for field in ("phoneNumber", "from"):
                gateway.said.add(fields.get(field, "+88099999999999"))
            body = urllib.parse.urlencode(fields).encode()
            for length in range(len(body) + 1):
                answer = post(gateway.webhooks, gateway.path(channel), body[:length])
                assert answer.status < 500, f"{channel}: {answer.status} after {length} bytes"
            assert answer.status == 200, f"{channel}: {answer.status} for the whole"
        assert gateway.healthy()


def test_every_truncation_of_a_request():
    """every truncation of the raw request leaves the gateway well; no half request is taken for a whole one"""
    with Gateway() as gateway:
        body = urllib.parse.urlencode(whole())
        request = (f"POST {gateway.path('at-ussd')} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
                   f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}").encode()
        half = []
        for length in range(len(request)):
            s = socket.create_connection(("127.0.0.1", gateway.webhooks))
            s.sendall(request[:length])
            s.shutdown(socket.SHUT_WR)
            half.append(s)
        time.sleep(2)
        for s in half:
            s.setblocking(False)
            try:
                said = s.recv(65536)
            except OSError:
                said = b""
            assert not said.startswith(b"HTTP/1.1 200"), "a half request was answered as a whole one"
            s.close()
        assert gateway.count("turn") == 0
        assert raw(gateway.webhooks, request).startswith(b"HTTP/1.1 200")
        assert gateway.count("turn") == 1


def test_errors_are_counted():
    with Gateway() as gateway:
        before = sum(v for k, v in gateway.metrics().items() if k.startswith("helpline_errors"))
        post(gateway.webhooks, "/in/at-ussd/" + "0" * 32, whole())
        fields = whole()
        del fields["sessionId"]
        post(gateway.webhooks, gateway.path("at-ussd"), fields)
        after = sum(v for k, v in gateway.metrics().items() if k.startswith("helpline_errors"))
        assert after >= before + 2, f"{before} to {after}"


harness.main()
