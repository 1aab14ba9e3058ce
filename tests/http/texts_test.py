"""Conversations by SMS: each text in is kept once, each answer goes out once through the outbox, and its fate is known."""
# timeout: 240
import contextlib
import re
import time

import harness
from fake_at import FakeAt
from gateway import Gateway, free_port, new_number, new_session
from harness import wait_until

QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN, EXPIRED = range(7)  # enum outbox_state


@contextlib.contextmanager
def texting(*settings):
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}", *settings]) as gateway:
        yield gateway, at


def text(gateway, words, number, message_id=None, **more):
    answer = gateway.at_sms(words, number, message_id, **more)
    assert answer.status == 200, f"{answer.status}: {answer.body[:200]}"
    return answer


def states(gateway):
    connection = gateway.db()
    try:
        return [row["state"] for row in connection.execute("SELECT state FROM outbox ORDER BY id")]
    finally:
        connection.close()


def settle(gateway, *expected, seconds=20):
    wait_until(lambda: states(gateway) == list(expected), seconds, f"outbox states {expected}, they are {states(gateway)}")


def answered(gateway, at):
    """Somebody asks for the menu and gets it: their number, and what was sent to them."""
    number = new_number()
    text(gateway, "MENU", number)
    sent = at.wait_for(1)[0]
    settle(gateway, SENT)
    return number, sent


def test_a_text_is_answered_by_a_text():
    with texting() as (gateway, at):
        number = new_number()
        acknowledged = text(gateway, "MENU", number)
        assert acknowledged.body == b"", "the acknowledgement is not the place for the answer"
        sent = at.wait_for(1)[0]
        assert sent["to"] == number and sent["message"].strip(), sent
        assert sent["headers"].get("apiKey") or sent["headers"].get("apikey"), "no key was sent"
        settle(gateway, SENT)
        text(gateway, "1", number)
        assert at.wait_for(2)[1]["message"] != sent["message"]


def test_a_text_that_comes_again_is_answered_once():
    with texting() as (gateway, at):
        number, message_id = new_number(), new_session()
        for _ in range(4):
            text(gateway, "MENU", number, message_id)
        at.wait_for(1)
        time.sleep(1)
        assert len(at.sent) == 1, f"{len(at.sent)} answers to one text"
        assert gateway.count("turn") == 1
        text(gateway, "MENU", number)
        at.wait_for(2)


def test_the_same_id_from_another_sender_is_another_text():
    with texting() as (gateway, at):
        message_id = new_session()
        text(gateway, "MENU", new_number(), message_id)
        text(gateway, "MENU", new_number(), message_id)
        at.wait_for(2)


def test_two_texts_that_differ_never_merge():
    with texting() as (gateway, at):
        number = new_number()
        text(gateway, "MENU", number)
        at.wait_for(1)
        text(gateway, "1", number)
        text(gateway, "1", number)
        wait_until(lambda: gateway.count("turn") == 3, 10, "three turns")


def test_the_link_id_goes_back():
    with texting() as (gateway, at):
        text(gateway, "MENU", new_number(), linkId="03090445075804249226")
        assert at.wait_for(1)[0].get("linkId") == "03090445075804249226"


def test_delivery_reports_settle_a_text():
    with texting() as (gateway, at):
        number, sent = answered(gateway, at)
        for status in ("Success", "Buffered", "Sent"):  # late and out of order: delivered stays delivered
            assert gateway.at_report(sent["messageId"], number, status).status == 200
        settle(gateway, DELIVERED)
        assert gateway.at_report("ATXid_nobody", number).status == 200, "an unknown id is acknowledged"
        assert gateway.count("report") >= 1


def test_a_failed_delivery_is_recorded():
    with texting() as (gateway, at):
        number, sent = answered(gateway, at)
        gateway.at_report(sent["messageId"], number, "Failed", failureReason="UserInBlackList")
        settle(gateway, FAILED)


def test_refusals_are_not_repeated():
    """a bad sender, a bad number and a bad key end the text as failed, in one try"""
    for verdict in ("invalid-sender", "recipient-failed", "bad-key"):
        with texting() as (gateway, at):
            at.script(verdict)
            text(gateway, "MENU", new_number())
            settle(gateway, FAILED)
            time.sleep(1)
            assert len(at.sent) == 1, f"{verdict}: sent {len(at.sent)} times"


def test_throttling_is_waited_out():
    with texting() as (gateway, at):
        at.script("throttled", "throttled")
        text(gateway, "MENU", new_number())
        at.wait_for(3, 60)
        settle(gateway, SENT)


def test_nobody_there_is_tried_again():
    """a send that proves to have failed before it left is queued again and sent when somebody answers"""
    port = free_port()
    with FakeAt(port) as at:
        pass
    with Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        number = new_number()
        text(gateway, "MENU", number)
        wait_until(lambda: gateway.count("outbox", f"attempts > 0 AND state = {QUEUED}"), 20, "the text to wait")
        with FakeAt(port) as at:
            assert at.wait_for(1, 60)[0]["to"] == number
            settle(gateway, SENT)


def test_a_doubtful_send_is_never_repeated():
    """a connection that dies after the request may have sent it: the text is unknown, and is not sent again"""
    with texting() as (gateway, at):
        at.script("reset")
        text(gateway, "MENU", new_number())
        settle(gateway, UNKNOWN)
        time.sleep(2)
        assert len(at.sent) == 1, f"sent {len(at.sent)} times"


def ask_to_be_called(gateway, at, number, *last_verdicts):
    """A conversation by text that ends in a request; the answer that says so meets these verdicts."""
    page, sent = "", 0
    for _ in range(14):
        key = re.search(r"^(\S+) (Ask us to call|No\b.*)" if "danger" in page.lower() else r"^(\d{1,2}) \S", page, re.M)
        if "1 Send" in page:
            at.script(*last_verdicts)
        text(gateway, key.group(1) if key else "MENU", number)
        sent += 1
        page = at.wait_for(sent)[-1]["message"]
        if "Ref" in page:
            return
    raise AssertionError(f"no request was made: {page}")


def test_an_operator_sees_whose_answer_did_not_arrive():
    """`export requests` names those whose answer failed or is in doubt, `export texts` says what became of each text"""
    for verdict, state, attention in (("ok", SENT, None), ("invalid-sender", FAILED, "answer_failed"),
                                      ("reset", UNKNOWN, "answer_unknown")):
        with texting() as (gateway, at):
            number = new_number()
            ask_to_be_called(gateway, at, number, verdict)
            wait_until(lambda: states(gateway)[-1] == state, 10, f"the answer to be {state}, it is {states(gateway)[-1]}")
            assert [each["attention"] for each in gateway.export("requests")] == [attention]
            texts = gateway.export("texts")
            assert len(texts) == len(at.sent) and {each["number"] for each in texts} == {number}
            assert texts[-1]["state"] == ("sent", "failed", "unknown")[(SENT, FAILED, UNKNOWN).index(state)], texts[-1]
            assert texts[-1]["encoding"] == "gsm7" and texts[-1]["said"] == at.sent[-1]["message"], texts[-1]


def test_a_reused_connection_that_dies_does_not_double():
    """libcurl sends a POST again by itself when a kept connection dies; here it must not"""
    with texting() as (gateway, at):
        number, _ = answered(gateway, at)
        at.script("reset")
        text(gateway, "1", number)
        settle(gateway, SENT, UNKNOWN)
        time.sleep(2)
        assert len(at.sent) == 2, f"{len(at.sent)} sends for two texts"


def test_a_crash_while_sending_leaves_it_unknown():
    """what was being sent when the machine died is unknown at the next start, not sent again; a late report settles it"""
    with texting() as (gateway, at):
        at.script("hang")
        number = new_number()
        text(gateway, "MENU", number)
        at.wait_for(1)
        assert states(gateway) == [SENDING], "sending is on disk before the request leaves"
        gateway.kill9()
        gateway.start()
        settle(gateway, UNKNOWN)
        time.sleep(1)
        assert len(at.sent) == 1


def test_what_was_queued_is_sent_after_a_crash():
    with texting() as (gateway, at):
        at.script("throttled")
        text(gateway, "MENU", new_number())
        at.wait_for(1)
        gateway.kill9()
        gateway.start()
        wait_until(lambda: states(gateway)[0] in (SENT, UNKNOWN), 40, "the text to be settled")


def test_a_broken_answer_is_no_success():
    with texting() as (gateway, at):
        at.script("nonsense", "broken")
        text(gateway, "MENU", new_number())
        at.wait_for(1)
        text(gateway, "MENU", new_number())
        at.wait_for(2)
        wait_until(lambda: SENDING not in states(gateway) and len(states(gateway)) == 2, 15, "both to be settled")
        assert SENT not in states(gateway)[:1], states(gateway)


def test_stop_is_honoured():
    """STOP is confirmed once, and then answers come only to what the person sends"""
    with texting() as (gateway, at):
        number = new_number()
        text(gateway, "MENU", number)
        at.wait_for(1)
        text(gateway, " stop ", number)
        at.wait_for(2)
        time.sleep(1)
        assert len(at.sent) == 2
        assert gateway.count("phone", "opted_out = 1") == 1


def test_a_drop_goes_on_by_text():
    """a call that dropped can be continued by text"""
    with texting() as (gateway, at):
        phone = gateway.phone()
        phone.dial()
        phone.pick("English", "Find services")
        text(gateway, "MENU", phone.number)
        assert at.wait_for(1)[0]["message"]
        connection = gateway.db()
        try:
            assert connection.execute("SELECT count(*) FROM phone").fetchone()[0] == 1, "one phone, two channels"
        finally:
            connection.close()


def test_numbers_are_sealed_on_disk():
    with texting() as (gateway, at):
        number, _ = answered(gateway, at)
        gateway.stop()
        everything = b"".join(path.read_bytes() for path in gateway.folder.glob("helpline.db*"))
        for hidden in (number.encode(), number[1:].encode(), number[-8:].encode()):
            assert hidden not in everything, "the number is readable in the data file"


harness.main()
