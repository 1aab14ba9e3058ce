"""Texts that cannot simply leave: too early reports, channels that fail and those that step in, screens that come too late."""
# timeout: 240
import contextlib
import json
import time

import harness
from fake_at import FakeAt
from gateway import ROOT, Gateway, free_port, new_number, new_session, post
from harness import wait_until

QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN, EXPIRED = range(7)  # enum outbox_state

REST = 15  # seconds in which a channel that fails is left alone: longer than it takes to look at it, on however slow a machine

SECOND = """
    second = { profile = "africastalking-sms"; service = "infoline"; code = "3355"; trust = "network-only";
        secrets = { api_key = "none-yet"; }; with = { username = "sandbox"; }; send = { url = "URL"; };
        numbers = { country = "880"; trunk = "0"; min = 8; max = 10; }; };
    pushing = { profile = "hsenid-ussd"; service = "infoline"; code = "*7733#"; trust = "network-only";
        secrets = { password = "none-yet"; }; with = { base_url = "http://127.0.0.1:PORT"; application_id = "APP_1"; };
        push_expires_seconds = 2; numbers = { country = "880"; trunk = "0"; min = 8; max = 10; }; };
"""


@contextlib.contextmanager
def two_channels(*settings):
    """A gateway whose second channel steps in for the first; each sends to a fake of its own."""
    with FakeAt() as first, FakeAt() as second:
        text = (ROOT / "conf" / "helpline.conf").read_text()
        more = SECOND.replace("URL", second.url).replace("PORT", str(free_port()))
        text = text.replace("\nchannels = {\n", "\nroutes = ( { channels = [ \"at-sms\", \"second\" ]; } );\nchannels = {\n" + more)
        gateway = Gateway([f"channels.at-sms.send.url={first.url}", "channels.at-sms.breaker.failures=2",
                           f"channels.at-sms.breaker.rest_seconds={REST}", "channels.at-sms.cost.currency=KES",
                           "channels.at-sms.cost.per_segment=0.80", *settings])
        gateway.config = gateway.folder / "two.conf"
        gateway.config.write_text(text)
        gateway.config.chmod(0o600)
        with gateway:
            yield gateway, first, second


def rows(gateway, column="state"):
    connection = gateway.db()
    try:
        return [row[0] for row in connection.execute(f"SELECT {column} FROM outbox LEFT JOIN word ON word.id = channel "
                                                     "ORDER BY outbox.id")]
    finally:
        connection.close()


def settle(gateway, *expected, seconds=20):
    wait_until(lambda: rows(gateway) == list(expected), seconds, f"outbox states {expected}, they are {rows(gateway)}")


def text(gateway, number, words="MENU"):
    assert gateway.at_sms(words, number).status == 200


def test_a_report_before_the_answer_waits_for_it():
    """the report comes while the send is still being answered; then again, and once more as `sent`"""
    with two_channels() as (gateway, at, _):
        at.script("held")
        number = new_number()
        text(gateway, number)
        sent = at.wait_for(1)[0]
        assert gateway.at_report(sent["messageId"], number).status == 200
        assert gateway.count("early_report") == 1 and rows(gateway) == [SENDING]
        at.let_go()
        settle(gateway, DELIVERED)
        assert gateway.count("early_report") == 0 and gateway.count("report") == 1
        for status in ("Success", "Sent", "Buffered"):
            assert gateway.at_report(sent["messageId"], number, status).status == 200
        assert rows(gateway) == [DELIVERED]


def test_a_report_settles_a_send_that_nobody_answered():
    """where the aggregator takes an id of ours, its report finds the text although its answer to the send was lost"""
    door = "0123456789abcdef0123456789abcdef"
    with FakeAt() as at:
        settings = {"enabled": "true", "secret": door, "send.url": at.url}
        with Gateway([f"channels.infobip-sms.{name}={value}" for name, value in settings.items()]) as gateway:
            at.script("reset")
            number = new_number()
            gateway.said.add(number)
            batch = {"results": [{"messageId": "m1", "from": number[1:], "to": "2244", "text": "MENU"}]}
            json_body = {"Content-Type": "application/json"}
            assert post(gateway.webhooks, f"/in/infobip-sms/{door}", json.dumps(batch), json_body).status == 200
            settle(gateway, UNKNOWN)
            report = {"results": [{"messageId": str(rows(gateway, "outbox.id")[0]), "status": {"name": "DELIVERED_TO_HANDSET"}}]}
            assert post(gateway.webhooks, f"/dlr/infobip-sms/{door}", json.dumps(report), json_body).status == 200
            settle(gateway, DELIVERED)
            assert len(at.sent) == 1


def test_a_report_that_nobody_claims_is_kept_for_a_while():
    with two_channels() as (gateway, _, __):
        assert gateway.at_report("ATXid_of_nobody", new_number()).status == 200
        assert gateway.count("early_report") == 1 and gateway.count("stray") == 0


def test_a_wait_that_was_asked_for_is_kept():
    with two_channels() as (gateway, at, _):
        at.pause = 4  # without a Retry-After it tries again after three seconds at the most
        at.script("throttled")
        text(gateway, new_number())
        first, second = at.wait_for(2, 60)
        assert second["when"] - first["when"] > at.pause - 0.05, "Retry-After is not heeded"
        settle(gateway, SENT)


def test_the_second_channel_takes_over_and_the_first_comes_back():
    with two_channels() as (gateway, at, second):
        at.script("broken", "broken")
        for _ in range(2):
            text(gateway, new_number())
        settle(gateway, UNKNOWN, UNKNOWN)
        shown = gateway.metrics()
        assert shown['helpline_channel_circuit_open{channel="at-sms"}'] == 1
        assert shown['helpline_channel_circuit_open{channel="second"}'] == 0
        told = gateway.run("channels").stdout
        assert "circuit open, 2 failures in a row" in told and "HTTP 500: unknown" in told, told
        number = new_number()
        text(gateway, number)
        taken = second.wait_for(1)[0]
        assert taken["to"] == number and taken["from"] == "3355" and not taken.get("linkId"), taken
        settle(gateway, UNKNOWN, UNKNOWN, SENT)
        assert rows(gateway, "word.text") == ["at-sms", "at-sms", "second"] and len(at.sent) == 2
        time.sleep(REST)
        text(gateway, new_number())
        at.wait_for(3)
        settle(gateway, UNKNOWN, UNKNOWN, SENT, SENT)
        shown = gateway.metrics()
        assert shown['helpline_channel_circuit_open{channel="at-sms"}'] == 0
        assert shown['helpline_text_cost_total{channel="at-sms",currency="KES"}'] > 0
        channels = {line["id"]: line for line in map(json.loads, gateway.run("channels", "--json").stdout.splitlines())}
        assert channels["at-sms"]["texts"]["circuit"] == "closed" and channels["at-sms"]["texts"]["currency"] == "KES"
        assert channels["at-ussd"]["texts"] is None


def test_fifty_texts_to_one_do_not_stand_before_one_to_another():
    with two_channels("channels.at-sms.sends_per_second=2", "channels.at-sms.sends_in_flight=1") as (gateway, at, _):
        many, one = new_number(), new_number()
        for _ in range(20):
            text(gateway, many)
        text(gateway, one)
        gone = len(at.sent)
        wait_until(lambda: one in [sent["to"] for sent in at.sent], 20, "the one")
        before = [sent["to"] for sent in at.sent].index(one)
        assert before <= gone + 4, f"{before - gone} texts to another went before it"


def test_a_screen_that_comes_too_late_is_not_pushed():
    """nobody is there to take it; when it could leave, whoever asked has long gone"""
    with two_channels() as (gateway, _, __):
        body = {"version": "1.0", "applicationId": "APP_1", "message": "*7733#", "requestId": "r1", "sessionId": new_session(),
                "ussdOperation": "mo-init", "sourceAddress": "tel:" + new_number()[1:], "encoding": "440"}
        answer = post(gateway.webhooks, "/in/pushing", json.dumps(body), {"Content-Type": "application/json"})
        assert answer.status == 200 and json.loads(answer.body)["statusCode"] == "S1000", answer
        settle(gateway, EXPIRED)
        assert rows(gateway, "kind") == [1] and rows(gateway, "reason") == [5]
        assert rows(gateway, "expires_at - created_at") == [2000]


harness.main()
