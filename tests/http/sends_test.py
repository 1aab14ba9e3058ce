"""What the profiles send, and what they make of the answers: every SMS dialect against an answering machine on loopback."""
# timeout: 240
import base64
import collections
import json
import re
import urllib.parse

import harness
from fake_api import FakeApi
from gateway import ROOT, OwnChannels, raw
from harness import wait_until

SAMPLES = ROOT / "tests" / "aggregators"
QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN = range(6)  # enum outbox_state

# Of each profile: the sender and the id in its sample text.http (None: it has none), where the text and our id are in what is
# sent, what else is sent, and answers with the state that they lead to.
Dialect = collections.namedtuple("Dialect", "sender mark text ours sent answers")
GONE = (400, "no", FAILED)
DIALECTS = {
    "messagebird": Dialect("18885551515", "b6aae1b5dfb2427a8f7ea6a717ba31a9", "body", "reference",
                           {"recipients": ["{digits}"], "originator": "18005551515", "authorization": "AccessKey sample-key"},
                           [(201, {"id": "b1"}, SENT), (422, {"errors": [{"code": 9}]}, FAILED), GONE, (500, "", UNKNOWN)]),
    "plivo": Dialect("60124361111", "7a242edc-2f57-11e7-98c9-06ab0bf64327", "text", None,
                     {"src": "2020", "dst": "{digits}", "authorization": "Basic " + base64.b64encode(
                         b"MAXXXXXXXXXXXXXXXXXX:sample-token").decode()},
                     [(202, {"message_uuid": ["p1"]}, SENT), (401, {"error": "failed"}, FAILED), (202, {"missing": 1}, UNKNOWN)]),
    "playmobile": Dialect("998999999999", "1107962", "messages.0.sms.content.text", "messages.0.message-id",
                          {"messages.0.recipient": "{digits}", "messages.0.sms.originator": "1122",
                           "authorization": "Basic " + base64.b64encode(b"helpline:sample-password").decode()},
                          [(200, "Request is received", SENT), (400, {"error_code": 100}, FAILED)]),
    "globe": Dialect("639171234567", None, "message", None,
                     {"address": "{digits}", "passphrase": "sample-passphrase", "app_id": "app-id", "app_secret": "sample-app-secret"},
                     [(201, {}, SENT), (403, [{"Response": "101"}], FAILED)]),
    "macrokiosk": Dialect("60124361111", "abc1234", "text", None,
                          {"user": "helpline", "pass": "sample-password", "to": "{digits}", "from": "2020", "servid": "service-id"},
                          [(200, {"MsgID": "m1"}, SENT), (401, {"error": "failed"}, FAILED), (200, {"missing": 1}, UNKNOWN)]),
    "m3tech": Dialect("923161909799", None, "SMS", "MsgId",
                      {"UserId": "helpline", "Password": "sample-password", "MobileNo": "{digits}", "MsgHeader": "8585",
                       "AuthKey": "m3-Tech"},
                      [(200, [{"Response": "0"}], SENT), (200, [{"Response": "101"}], FAILED), (403, "", FAILED)]),
    "dartmedia": Dialect("6289881134560", "foo", "message", "messageid",
                         {"userid": "helpline", "password": "sample-password", "sendto": "{digits}", "original": "2020", "dcs": "0"},
                         [(200, "000", SENT), (200, "001", FAILED), (200, "101", FAILED), (200, "?", UNKNOWN)]),
    "kaleyra": Dialect("919876543210", "90e74b4c-8865-4a96-85b6-44a1b2c3d448", "body", None,
                       {"to": "+{digits}", "sender": "HELPLN", "type": "TXN", "api-key": "sample-key"},
                       [(202, {"id": "k1"}, SENT), (400, {"error": {"to": "invalid number"}}, FAILED)]),
    "sparrow": Dialect("9779812345678", None, "text", None, {"token": "sample-token", "from": "5001", "to": "{digits}"},
                       [(200, {"count": 1, "response_code": 200}, SENT), (403, {"response_code": 1002}, FAILED),
                        (403, {"response_code": 1013}, FAILED)]),
    "jasmin": Dialect("21620203060", "16fd2706-8baf-433b-82eb-8c7fada847da", None, None,
                      {"username": "helpline", "password": "sample-password", "to": "{digits}", "from": "20203050", "dlr": "yes"},
                      [(200, 'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"', SENT), (412, 'Error "No route found"', FAILED),
                       (403, 'Error "Cannot charge submit_sm"', FAILED)]),
    "yo": Dialect("256772123456", None, "sms_content", None,
                  {"ybsacctno": "account", "password": "sample-password", "origin": "8484", "destinations": "{digits}"},
                  [(200, "ybs_autocreate_status=OK", SENT),
                   (200, "ybs_autocreate_status=ERROR&ybs_autocreate_message=256772%3ABLACKLISTED", FAILED),
                   (200, "ybs_autocreate_status=ERROR", FAILED), (200, "?", UNKNOWN)]),
    "d7networks": Dialect("971576545600", "d9835609-a4e0-10ea-a26a-eeafbe700fef", "messages.0.content", None,
                          {"messages.0.recipients": ["+{digits}"], "message_globals.originator": "SMSInfo",
                           "authorization": "Bearer sample-token"},
                          [(200, {"request_id": "d1", "status": "accepted"}, SENT), (401, {"detail": {}}, FAILED)]),
    "generic-form-sms": Dialect("8801712345678", "a1", "text", "id", {"to": "+{digits}", "from": "2233"},
                                [(200, "OK v1", SENT), (402, "", FAILED), (200, "?", UNKNOWN)]),
    "generic-json-sms": Dialect("8801712345678", "a1", "text", "id", {"to": "+{digits}", "authorization": "Bearer sample-token"},
                                [(200, {"id": "v1", "status": "queued"}, SENT), (200, {"status": "no"}, FAILED)]),
    "generic-xml-sms": Dialect("8801712345678", "a1", None, None, {"authorization": "Bearer sample-token"},
                               [(200, '<result status="ok"/>', SENT), (200, '<result status="refused"/>', FAILED)]),
}


def flat(value, path=""):
    """{"a.0.b": 1} of nested JSON; lists of words stay lists."""
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        pairs = enumerate(value)
    else:
        return {path: value}
    return {k: v for name, inner in pairs for k, v in flat(inner, f"{path}.{name}".lstrip(".")).items()}


class Machine(FakeApi):
    """Answers each channel's sends, at /CHANNEL/..., as it is told; records them as one dict of all that was said."""

    def __init__(self):
        super().__init__()
        self.sent, self.answers = collections.defaultdict(list), {}

    def answer(self, asked):
        path, _, query = asked.path.partition("?")
        body = asked.body.decode()
        said = {k.lower(): v for k, v in asked.headers.items()}
        said.update(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if body.startswith("{"):
            said.update(flat(json.loads(body)))
        elif not body.startswith("<"):
            said.update(urllib.parse.parse_qsl(body, keep_blank_values=True))
        channel = path.split("/")[1]
        answer = self.answers[channel][:2]  # before anybody sees that it was sent, and tells another
        self.sent[channel].append({**said, "path": path, "body": said.get("body", body)})
        return answer


class Sending(OwnChannels):
    """The channels of the samples, with the machine behind them."""

    def __init__(self, machine):
        self.machine = machine
        super().__init__()

    def write(self, folder):
        text, channels = (SAMPLES / "helpline.conf").read_text(), []
        for name in DIALECTS:
            body = re.search(rf"^    {name} = \{{\n(.*?)^    \}};", text, re.M | re.S).group(1)
            base = f'with = {{ base_url = "http://127.0.0.1:{self.machine.port}/{name}"; }};'
            room = "limits = { segments = 3; ucs2 = 70; };"  # some carry less than the texts of the sample service need
            channels.append(f"    {name} = {{\n{body}        {base}\n        {room}\n    }};\n")
        return ('listen = { public_url = "https://helpline.example.org"; };\n'
                "channels = {\n" + "".join(channels) + "};\n")

    def text(self, name, turn):
        """The dialect's sample from another sender with another id. Gives the sender's digits."""
        dialect, request = DIALECTS[name], sample(name)
        digits = f"{dialect.sender[:-4]}{1000 + 37 * turn % 9000}"
        self.said.add(f"+{digits}")
        request = request.replace(dialect.sender.encode(), digits.encode())
        if dialect.mark:
            request = request.replace(dialect.mark.encode(), f"{dialect.mark[:-1]}{turn % 10}".encode())
        answer = raw(self.webhooks, request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        assert b" 200 " in answer.split(b"\r\n")[0], f"{name}: {answer[:200]}"
        return digits

    def state_of_the_last(self):
        connection = self.db()
        try:
            row = connection.execute("SELECT state, attempts, vendor_id FROM outbox ORDER BY id DESC LIMIT 1").fetchone()
            return tuple(row) if row else (None, 0, None)
        finally:
            connection.close()


def sample(name):
    return (SAMPLES / name / ("xml.http" if name == "playmobile" else "text.http")).read_bytes()


def check_sent(name, said, digits):
    dialect = DIALECTS[name]
    for key, value in dialect.sent.items():
        wanted = json.loads(json.dumps(value).replace("{digits}", digits))
        assert said.get(key) == wanted, f"{name}: {key} is {said.get(key)!r}, not {wanted!r}"
    if dialect.text:
        assert len(said[dialect.text]) > 20, f"{name}: no text in {dialect.text}"
    if dialect.ours:
        assert re.fullmatch(r"\d+", str(said[dialect.ours])), f"{name}: our id is {said[dialect.ours]!r}"
    assert "{{" not in json.dumps(said), f"{name}: a place in the template was left open"


def test_each_dialect():
    """each dialect's texts are what the vendor wants, and its answers mean what the profile says"""
    turns = iter(range(1, 1000))
    with Machine() as machine, Sending(machine) as gateway:
        for name, dialect in DIALECTS.items():
            for answer in dialect.answers:
                machine.answers[name] = answer
                rows = gateway.count("outbox")
                digits = gateway.text(name, next(turns))
                wait_until(lambda: gateway.count("outbox") == rows + 1, 10, f"{name}: an answer in the outbox")
                wait_until(lambda: gateway.state_of_the_last()[0] not in (QUEUED, SENDING), 10, f"{name}: {answer} to be read")
                state, attempts, _ = gateway.state_of_the_last()
                assert (state, attempts) == (answer[2], 1), f"{name}: {answer[:2]} leads to {state} after {attempts}"
                check_sent(name, machine.sent[name][-1], digits)


def test_where_reports_go():
    """where the vendor is told where reports go, the address is ours, with the secret and our id, and it is read there"""
    with Machine() as machine, Sending(machine) as gateway:
        for name, field in (("jasmin", "dlr-url"), ("kaleyra", "callback"), ("plivo", "url"), ("d7networks", "message_globals.report_url"),
                            ("generic-form-sms", "report_url")):
            machine.answers[name] = DIALECTS[name].answers[0]
            gateway.text(name, len(name))
            wait_until(lambda: machine.sent[name], 10, f"{name} to send")
            told = machine.sent[name][-1][field]
            told = json.loads(told)["url"] if told.startswith("{") else told
            door = f"https://helpline.example.org/dlr/{name}" + ("" if name == "plivo" else "/sample-secret")
            assert told.startswith(door), f"{name}: {told}"
            if name in ("jasmin", "kaleyra"):
                assert re.search(r"\?ref=\d+$", told), told


def test_too_fast_is_tried_again():
    with Machine() as machine, Sending(machine) as gateway:
        for turn, name in enumerate(DIALECTS):
            machine.answers[name] = (429, "slowly", QUEUED)
            gateway.text(name, turn + 1)
        for name, dialect in DIALECTS.items():
            wait_until(lambda: machine.sent[name], 10, f"{name} to send")
            machine.answers[name] = dialect.answers[0]
        for name in DIALECTS:
            wait_until(lambda: len(machine.sent[name]) >= 2, 30, f"{name} to send again")
        wait_until(lambda: gateway.count("outbox", f"state = {SENT}") == len(DIALECTS), 20, "all to be sent")


harness.main()
