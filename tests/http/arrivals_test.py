"""What comes in otherwise than one whole message a request: batches, parts of long texts, dialogues whose pages are pushed."""
# timeout: 180
import json
import threading
import time

import harness
from fake_api import FakeApi
from gateway import Gateway, new_number, new_session, post
from harness import wait_until

SECRET = "0123456789abcdef0123456789abcdef"


class Api(FakeApi):
    """An aggregator's API: keeps what it is asked for, and says yes."""

    def __init__(self, said):
        super().__init__()
        self.said, self.asked = said, []

    def answer(self, asked):
        body = asked.body.decode()
        self.asked.append(json.loads(body) if body[:1] == "{" else body)
        return 200, self.said

    def wait_for(self, count):
        wait_until(lambda: len(self.asked) >= count, 20, f"{count} requests at the API, of which came {len(self.asked)}")
        return self.asked[:count]


def settings(channel, **more):
    fixed = {"enabled": "true", "auth": "path", "secret": SECRET, **more}
    return [f"channels.{channel}.{name.replace('__', '.')}={value}" for name, value in fixed.items()]


def send_json(gateway, channel, what):
    return post(gateway.webhooks, f"/in/{channel}/{SECRET}", json.dumps(what), {"Content-Type": "application/json"})


# --- several messages in one request


def result(gateway, text, message_id, number=None):
    number = number or new_number()
    gateway.said.add(number)
    return {"messageId": message_id, "from": number.lstrip("+"), "to": "2244", "text": text, "cleanText": text,
            "keyword": "", "receivedAt": "2026-09-03T06:04:45.000+0000", "smsCount": 1, "callbackData": ""}


def test_a_batch_is_kept_whole_and_each_of_it_once():
    with Api({"messages": [{"messageId": "a", "status": {"groupId": 1, "name": "PENDING_ACCEPTED"}}]}) as server:
        with Gateway(settings("infobip-sms", send__url=server.url)) as gateway:
            batch = [result(gateway, f"word{i}", f"m{i}") for i in range(5)]
            batch.append(batch[1])
            answer = send_json(gateway, "infobip-sms", {"results": batch, "messageCount": 6, "pendingMessageCount": 0})
            assert answer.status == 200, answer
            assert gateway.count("turn") == 5, "one of the six is there twice"
            more = [batch[4], result(gateway, "another", "m9")]
            again = send_json(gateway, "infobip-sms", {"results": more, "messageCount": 2, "pendingMessageCount": 0})
            assert (again.status, again.body) == (answer.status, answer.body)
            assert gateway.count("turn") == 6
            sent = server.wait_for(6)
            assert len({each["messages"][0]["destinations"][0]["to"] for each in sent}) == 6, "one answer each"


def test_batches_that_are_more_than_a_tick_takes():
    with Gateway(settings("infobip-sms", send__url="http://127.0.0.1:1/")) as gateway:
        batch = [{"messageId": f"m{i}", "from": new_number().lstrip("+"), "to": "2244", "text": "hi"} for i in range(512)]
        answers = []
        senders = [threading.Thread(target=lambda: answers.append(send_json(gateway, "infobip-sms", {"results": batch}).status))
                   for _ in range(3)]  # its acknowledgement was slow to come
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert answers == [200, 200, 200], answers
        assert gateway.count("turn") == 512 and gateway.count("outbox") == 512
        assert send_json(gateway, "infobip-sms", {"results": [*batch, batch[0]]}).status == 413, "it is refused whole"


def test_one_that_cannot_be_attributed_harms_no_other():
    with Gateway(settings("infobip-sms", send__url="http://127.0.0.1:1/")) as gateway:
        batch = [result(gateway, "hello", "m1"), {"messageId": "m2", "text": "whose is it?"}, result(gateway, "hi", "m3")]
        answer = send_json(gateway, "infobip-sms", {"results": batch, "messageCount": 3, "pendingMessageCount": 0})
        assert answer.status == 200, answer
        assert gateway.count("turn") == 2
        assert gateway.count("stray", "why = 'unreadable'") == 1


# --- parts of a long text

VONAGE_OK = {"message-count": "1", "messages": [{"status": "0", "message-id": "a"}]}


def send_part(gateway, number, reference, part, total, text, message_id=None):
    fields = {"msisdn": number.lstrip("+"), "to": "2277", "messageId": message_id or new_session(), "text": text,
              "type": "text", "keyword": "X", "message-timestamp": "2026-09-03 06:04:45", "concat": "true",
              "concat-ref": reference, "concat-total": total, "concat-part": part}
    gateway.said.add(number)
    gateway.said.add(text)
    answer = post(gateway.webhooks, f"/in/vonage/{SECRET}", fields)
    assert answer.status == 200, answer
    return answer


def test_parts_are_one_text_through_kills_in_between():
    with Api(VONAGE_OK) as server, Gateway(settings("vonage", send__url=server.url)) as gateway:
        number, ids = new_number(), [new_session() for _ in range(3)]
        texts = ["the first piece, ", "the second piece, ", "the third piece"]
        for part in (3, 1, 2):
            send_part(gateway, number, "7", part, 3, texts[part - 1], ids[part - 1])
            server.wait_for(1 if part == 2 else 0)  # a kill while a text leaves makes its fate unknown: not this test's
            gateway.kill9()
            gateway.spawn()
            wait_until(gateway.is_up, 30, "the gateway to come back")
            send_part(gateway, number, "7", part, 3, texts[part - 1], ids[part - 1])  # its answer may have been lost
        assert gateway.count("part") == 0
        turns = gateway.export("turns")
        assert [turn["input"] for turn in turns] == ["".join(texts)], turns
        time.sleep(0.5)
        assert len(server.asked) == 1 and gateway.count("outbox") == 1, "one text, one answer"


def test_what_came_is_taken_in_after_a_while_and_after_a_restart():
    with Api(VONAGE_OK) as server, Gateway(settings("vonage", send__url=server.url, join_seconds=2)) as gateway:
        number = new_number()
        send_part(gateway, number, "7", 1, 2, "only this piece")
        wait_until(lambda: gateway.count("turn") == 1, 20, "the piece to be taken in")
        assert gateway.count("part") == 0
        server.wait_for(1)  # a kill while its answer leaves would leave that unsent
        send_part(gateway, number, "8", 2, 2, "and this one")
        gateway.kill9()
        time.sleep(2.5)
        gateway.spawn()
        wait_until(lambda: gateway.is_up() and gateway.count("turn") == 2, 60, "the other one, although it went down in between")
        assert [turn["input"] for turn in gateway.export("turns")] == ["only this piece", "and this one"]
        server.wait_for(2)


# --- pages that are pushed


def hsenid(gateway, session, text, operation, number, request_id=None):
    gateway.said.add(number)
    return send_json(gateway, "hsenid-ussd", {
        "applicationId": "APP_000001", "version": "1.0", "sessionId": session, "ussdOperation": operation,
        "sourceAddress": f"tel:{number.lstrip('+')}", "vlrAddress": "tel:1", "message": text, "encoding": "440",
        "requestId": request_id or new_session()})


def test_a_dialogue_whose_pages_are_pushed():
    answer = {"statusCode": "S1000", "statusDetail": "Success", "requestId": "r1", "version": "1.0"}
    with Api(answer) as server, Gateway(settings("hsenid-ussd", push__url=server.url)) as gateway:
        number, session, first = new_number(), "1330929317043", new_session()
        said = hsenid(gateway, session, "*141#", "mo-init", number, first)
        assert (said.status, json.loads(said.body)["statusCode"]) == (200, "S1000"), said
        page = server.wait_for(1)[0]
        assert page["ussdOperation"] == "mt-cont" and page["sessionId"] == session, page
        assert page["destinationAddress"] == f"tel:{number.lstrip('+')}", page
        assert "\n1 " in page["message"], page
        assert hsenid(gateway, session, "*141#", "mo-init", number, first).body == said.body
        hsenid(gateway, session, "1", "mo-cont", number)
        pages = server.wait_for(2)
        assert pages[1]["message"] != pages[0]["message"], "the repeat pushed nothing, the answer the next page"
        wait_until(lambda: gateway.count("outbox", "kind = 1 AND state = 2") == 2, 20, "both pages to be sent")
        assert len(server.asked) == gateway.count("outbox") == 2


# --- what was not understood


def test_a_refused_request_leaves_its_shape_and_no_word():
    with Gateway() as gateway:
        number, word = new_number(), "unspeakable"
        gateway.said |= {number, word}
        post(gateway.webhooks, "/in/at-ussd/not-the-secret", {"phoneNumber": number, "text": word, word: "x"})
        post(gateway.webhooks, gateway.path("at-ussd"), {"phoneNumbr": number, "text": word, "sessionId": "s"})
        line = next(json.loads(each) for each in gateway.run("channels", "--json").stdout.split("\n")
                    if '"at-ussd"' in each)
        assert line["auth_failures"] == 1, line
        assert line["last_refused"].startswith("POST /in/at-ussd/*\n"), line
        assert "aaaaaaaaaa=%9A9999999999999&text=aaaaaaaaaaa&sessionId=a" in line["last_refused"].replace("%9a", "%9A"), line
        shown = gateway.run("channels").stdout
        assert "    | POST /in/at-ussd/*" in shown, shown
        for secret in (number[1:], number[-8:], word, "not-the-secret", gateway.path("at-ussd").rsplit("/", 1)[1]):
            assert secret not in shown and secret not in json.dumps(line), secret


def test_where_the_signature_stood_is_shown():
    """of a request whose signature does not fit, the sample shows that there was one, and where"""
    settings_ = ["channels.twilio.enabled=true", f"channels.twilio.secret={SECRET}", "channels.vonage.enabled=true",
                 f"channels.vonage.secret={SECRET}"]
    with Gateway(settings_) as gateway:
        post(gateway.webhooks, "/in/twilio", {"Body": "unspeakable"}, {"X-Twilio-Signature": "nobodyknows="})
        post(gateway.webhooks, "/in/vonage", {"text": "unspeakable", "timestamp": "1", "sig": "nobodyknows"})
        shown = gateway.run("channels").stdout
        assert "X-Twilio-Signature: aaaaaaaaaaa=" in shown and "&timestamp=9&sig=aaaaaaaaaaa" in shown, shown
        assert "unspeakable" not in shown and "nobodyknows" not in shown, shown


def test_a_wrong_address_is_seen():
    """whoever entered a wrong address at the aggregator sees it at the channel, and no word of what came"""
    with Gateway() as gateway:
        for path, right in ((f"/in/kannel/{SECRET}", "/in, /dlr, each with /kannel behind it"),
                            ("/notify/at-sms/xyzzy", "/in, /dlr, each with /at-sms/SECRET behind it"),
                            ("/dlr/at-ussd", "/in, /notify, each with /at-ussd/SECRET behind it")):
            assert post(gateway.webhooks, path, {"text": "unspeakable"}).status == 404
            line = next(each for each in map(json.loads, gateway.run("channels", "--json").stdout.splitlines())
                        if each["id"] == path.split("/")[2])
            assert right in line["last_error"] and line["auth_failures"] == line["received"] == 0, line
            assert line["last_refused"].startswith(f"POST {'/'.join(path.split('/')[:3])}"), line
            assert SECRET not in str(line) and "xyzzy" not in str(line) and "unspeakable" not in str(line), line
        assert post(gateway.webhooks, "/unspeakable/kannel/x", {"text": "x"}).status == 404
        assert "unspeakable" not in gateway.run("channels").stdout
        made = gateway.run("probe", "--channel", "kannel", stdin=f"GET /in/kannel/{SECRET} HTTP/1.1\nHost: x\n\n")
        assert "/in, /dlr, each with /kannel behind it" in made.stdout, made.stdout


harness.main()
