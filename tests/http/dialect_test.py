"""Two dialects that nobody speaks are connected by a .conf each, written here: screens signed and nested, texts both ways."""
# timeout: 240
import base64
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import re
import time

import harness
from fake_api import FakeApi
from gateway import ROOT, Answer, OwnChannels, Phone, Screen, new_number, new_session
from harness import wait_until

SEAL, DOOR, KEY = "a-seal-of-32-letters-or-a-few-more", "a-door-of-ours", "a-key-of-theirs"
QUEUED, SENDING, SENT, DELIVERED, FAILED = range(5)  # enum outbox_state

LANTERN = r"""
kind = "ussd";
title = "Lantern, screens";
evidence = "vendor";
sources = [ "tests/http/dialect_test.py" ];
request = {
    methods = [ "POST" ];
    encoding = "json";
    fields = {
        session = "dialog.id";
        from = [ "dialog.party.msisdn", "dialog.party.alias" ];
        to = "dialog.codes[0]";
        text = "turn.typed";
        id = "turn.mark";
        network = "header:X-Lantern-Operator";
    };
    from_format = "digits";
    new_if = "phase";
    phases = (
        { field = "turn.kind"; value = "open"; means = "new"; },
        { field = "turn.kind"; value = "gone*"; means = "close"; },
        { field = "turn.kind"; value = "slow"; means = "timeout"; }
    );
    input = "latest-after-code";
};
signature = {
    scheme = "content";
    algorithm = "hmac-sha512";
    header = "X-Lantern-Seal";
    prefix = "v1=";
    encoding = "base64url";
    signs = [ "header:X-Lantern-Time", "const:.", "body" ];
    timestamp = "header:X-Lantern-Time";
    max_age_seconds = 120;
};
reply = {
    content_type = "application/json";
    continue = "{\"turn\":{\"ref\":\"{{in.dialog.id|json}}\",\"lines\":\"{{text|json}}\"}}";
    end = "{\"turn\":{\"ref\":\"{{in.dialog.id|json}}\",\"lines\":\"{{text|json}}\"}}";
    continue_headers = ( { name = "X-Lantern-State"; value = "open"; } );
    end_headers = ( { name = "X-Lantern-State"; value = "closed"; } );
    translate = ( { text = "\n"; becomes = "|"; } );
};
acknowledge = { content_type = "application/json"; body = "{\"turn\":null}"; };
"""

HARBOUR = r"""
kind = "sms";
title = "Harbour, texts";
evidence = "vendor";
sources = [ "tests/http/dialect_test.py" ];
with = { base_url = "http://127.0.0.1:1"; };
request = {
    methods = [ "POST" ];
    encoding = "json";
    items = "mail.letters";
    fields = { from = "by.phone"; to = "/mail.box"; text = "words"; id = "mark"; };
    from_format = "plus";
};
acknowledge = { content_type = "application/json"; body = "{\"taken\":true}"; };
reports = {
    methods = [ "GET" ];
    encoding = "query";
    fields = { id = "job"; status = "fate"; reason = "why"; };
    refers_to = "vendor";
    statuses = ( { value = "HOME"; means = "delivered"; }, { value = "LOST"; means = "failed"; } );
};
send = {
    method = "POST";
    url = "{{with.base_url}}/letters?box={{from|form}}";
    headers = (
        { name = "Content-Type"; value = "application/json"; },
        { name = "X-Harbour-Key"; value = "{{secret.key}}"; }
    );
    body = "{\"to\":\"{{to_no_plus|json}}\",\"words\":\"{{text|json}}\",\"ours\":{{id|json-value}}}";
    outcomes = (
        { status = "200"; json = "jobs[*].verdict"; is = [ "GO" ]; means = "sent"; },
        { status = "200"; json = "jobs[0].verdict"; is = [ "LATER" ]; means = "throttled"; },
        { status = "200"; json = "jobs[0].verdict"; means = "rejected"; }
    );
    id = "jobs[0].ref";
};
"""

CONFIGURATION = """
dir = {{ profiles = "{folder}"; menus = "menus"; }};
channels = {{
    lantern = {{
        profile = "lantern"; service = "infoline"; code = "*77*3#"; auth = "signature"; secret = "{seal}";
    }};
    harbour = {{
        profile = "harbour"; service = "infoline"; code = "7733"; auth = "path"; secret = "{door}";
        secrets = {{ key = "{key}"; }}; with = {{ base_url = "{api}"; }};
    }};
}};
"""


class Connected(OwnChannels):
    """A gateway with these two channels and no other; `api` is where texts go."""

    def __init__(self, api="http://127.0.0.1:1"):
        self.api = api
        super().__init__()

    def write(self, folder):
        self.profiles = folder
        (folder / "lantern.conf").write_text(LANTERN)
        (folder / "harbour.conf").write_text(HARBOUR)
        return CONFIGURATION.format(folder=folder, seal=SEAL, door=DOOR, key=KEY, api=self.api)

    def send(self, method, path, body=b"", headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.webhooks, timeout=15)
        try:
            connection.request(method, path, body, dict(headers))
            reply = connection.getresponse()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()


def sealed(body, at=None, key=SEAL):
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha512).digest()
    seal = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return {"Content-Type": "application/json", "X-Lantern-Time": stamp, "X-Lantern-Seal": f"v1={seal}",
            "X-Lantern-Operator": "47001"}


class LanternPhone(Phone):
    marks = itertools.count(1000)

    def body(self, kind, typed):
        return json.dumps({"dialog": {"id": self.session, "party": {"msisdn": self.number.lstrip("+")}, "codes": ["*77*3#"]},
                           "turn": {"mark": next(self.marks), "kind": kind, "typed": typed}}, ensure_ascii=False).encode()

    def turn(self, kind, typed):
        self.last = self.body(kind, typed)
        return self.again()

    def dial(self, session=None):
        self.session = session or new_session()
        return self.turn("open", "*77*3#")

    def press(self, key):
        if len(str(key)) > 3:
            self.gateway.said.add(str(key))
        return self.turn("say", str(key))

    def again(self):
        answer = self.gateway.send("POST", "/in/lantern", self.last, sealed(self.last))
        assert answer.status == 200, answer
        turn = json.loads(answer.body)["turn"]
        if turn is None:
            return None
        assert turn["ref"] == self.session and "\n" not in turn["lines"], turn
        state = answer.headers["x-lantern-state"]
        assert state in ("open", "closed"), state
        self.screen = Screen(state == "open", turn["lines"].replace("|", "\n"), answer.body)
        return self.screen


class Harbour(FakeApi):
    """The other side of the SMS dialect: records letters, gives the scripted verdicts, then GO."""

    def __init__(self, *verdicts):
        super().__init__()
        self.letters, self.verdicts = [], list(verdicts)

    def answer(self, asked):
        letter = json.loads(asked.body)
        verdict = self.verdicts.pop(0) if self.verdicts else "GO"
        self.letters.append({**letter, "path": asked.path, "key": asked.headers["X-Harbour-Key"], "verdict": verdict})
        return 200, {"jobs": [{"ref": f"h-{len(self.letters)}", "verdict": verdict}]}

    def wait_for(self, count):
        wait_until(lambda: len(self.letters) >= count, 15, f"{count} letters, not {len(self.letters)}")
        return self.letters


@contextlib.contextmanager
def harboured(*verdicts):
    with Harbour(*verdicts) as harbour, Connected(f"http://127.0.0.1:{harbour.port}") as gateway:
        yield gateway, harbour


class Ticketed(Harbour):
    """A Harbour that gives tickets for its door: one is good for some letters."""

    def __init__(self, letters_each):
        super().__init__()
        self.letters_each, self.tickets, self.refused = letters_each, [], 0

    def answer(self, asked):
        if asked.path == "/ticket":
            credentials = base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).decode()
            assert (credentials, asked.body) == (f"us:{KEY}", b"grant=ours")
            self.tickets.append(f"ticket-{len(self.tickets) + 1}")
            return 200, {"access_token": self.tickets[-1], "expires_in": 3600}
        used = sum(letter["ticket"] == self.tickets[-1] for letter in self.letters) if self.tickets else 0
        ticket = asked.headers["Authorization"].removeprefix("Bearer ")
        if not self.tickets or ticket != self.tickets[-1] or used >= self.letters_each:
            self.refused += 1
            return 401, {}
        answer = super().answer(asked)
        self.letters[-1]["ticket"] = ticket
        return answer


TICKETS = r"""
token = {
    method = "POST";
    url = "{{with.base_url}}/ticket";
    basic = { user = "us"; password = "{{secret.key}}"; };
    body = "grant=ours";
};
"""


def letters(gateway, *written):
    """Posts one request with these (number, words, mark)."""
    for number, _, _ in written:
        gateway.said.add(number)
    body = {"mail": {"box": "7733", "letters": [{"by": {"phone": n}, "words": w, "mark": m} for n, w, m in written]}}
    return gateway.send("POST", f"/in/harbour/{DOOR}", json.dumps(body).encode(), {"Content-Type": "application/json"})


def states(gateway):
    connection = gateway.db()
    try:
        return [row["state"] for row in connection.execute("SELECT state FROM outbox ORDER BY id")]
    finally:
        connection.close()


def settle(gateway, *expected):
    wait_until(lambda: states(gateway) == list(expected), 20, f"outbox states {expected}, they are {states(gateway)}")


def test_only_a_conf():
    """no file of ours and no code names the two dialects"""
    for folder in ("conf", "gateway", "include", "menus"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert not re.search(rb"lantern|harbour", path.read_bytes(), re.I), path


def test_the_configuration_holds():
    gateway = Connected()
    gateway.keygen()
    checked = gateway.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    gateway.scratch.cleanup()


def test_from_the_first_screen_to_a_request():
    with Connected() as gateway:
        phone = LanternPhone(gateway)
        assert phone.dial().open
        phone.pick("English", "call you")
        for _ in range(12):
            if not phone.screen.open:
                break
            no = re.search(r"^(\S+) No\b", phone.screen.text, re.M)
            phone.press(no.group(1) if no and "danger" in phone.screen.text.lower() else (phone.keys() or ["1"])[0])
        assert not phone.screen.open and re.search(r"\bRef [\d ]{6,9}", phone.screen.text), phone.screen.text
        assert gateway.count("request") == 1
        assert gateway.export("requests")[-1]["number"] == phone.number
        done = phone.screen.raw
        assert phone.again().raw == done and gateway.count("request") == 1, "a repeat moves nothing"


def test_leaving_is_told():
    with Connected() as gateway:
        phone = LanternPhone(gateway)
        phone.dial()
        phone.pick("English", "Find services")
        assert phone.turn("gone, network", "") is None
        assert "ontinue" in phone.dial().text, "a drop is not an end"


def test_what_is_not_sealed_is_refused():
    with Connected() as gateway:
        phone = LanternPhone(gateway)
        phone.session = new_session()
        body = phone.body("open", "*77*3#")
        right = sealed(body)
        wrong = [{}, sealed(body, key="another-seal-of-32-letters-or-more"), sealed(body + b" "), sealed(body, time.time() - 600),
                 sealed(body, time.time() + 600), {**right, "X-Lantern-Seal": right["X-Lantern-Seal"][3:]},
                 {**right, "X-Lantern-Time": right["X-Lantern-Time"] + "0"}]
        for headers in wrong:
            answer = gateway.send("POST", "/in/lantern", body, headers)
            assert answer.status in (401, 403), (headers, answer)
        assert gateway.count("turn") == 0
        assert gateway.send("POST", "/in/lantern", body, right).status == 200


def test_letters_are_answered_by_letters():
    with harboured() as (gateway, harbour):
        one, two = new_number(), new_number()
        taken = letters(gateway, (one, "MENU", "m1"), (two, "MENU", "m2"))
        assert taken.status == 200 and json.loads(taken.body) == {"taken": True}, taken
        sent = harbour.wait_for(2)
        assert {letter["to"] for letter in sent} == {one[1:], two[1:]}, sent
        for letter in sent:
            assert letter["key"] == KEY and letter["path"] == "/letters?box=7733" and letter["words"].strip(), letter
            assert isinstance(letter["ours"], int), letter
        settle(gateway, SENT, SENT)
        letters(gateway, (one, "MENU", "m1"))
        time.sleep(1)
        assert len(harbour.letters) == 2, "a repeat is not answered twice"


def test_their_fate_is_told():
    with harboured() as (gateway, harbour):
        one, two = new_number(), new_number()
        letters(gateway, (one, "MENU", "m1"), (two, "MENU", "m2"))
        harbour.wait_for(2)
        settle(gateway, SENT, SENT)
        for query in ("job=h-1&fate=HOME", "job=h-2&fate=LOST&why=9", "job=h-1&fate=LOST", "job=h-9&fate=HOME", "job=h-1&fate=?"):
            assert gateway.send("GET", f"/dlr/harbour/{DOOR}?{query}").status == 200, query
        settle(gateway, *(DELIVERED if n == 1 else FAILED for n in fates(gateway)))
        assert sorted(states(gateway)) == [DELIVERED, FAILED]


def fates(gateway):
    """The number of the job of each row, in order."""
    connection = gateway.db()
    try:
        return [int(row["vendor_id"][2:]) for row in connection.execute("SELECT vendor_id FROM outbox ORDER BY id")]
    finally:
        connection.close()


def test_a_token_is_fetched_kept_and_renewed():
    """OAuth client credentials: one token for many letters, another one when it is refused, and no letter twice"""
    dialect = HARBOUR.replace('headers = (', 'headers = ( { name = "Authorization"; value = "Bearer {{token}}"; },', 1)
    dialect = dialect.replace("outcomes = (", 'outcomes = ( { status = "401"; means = "unauthorized"; },', 1) + TICKETS
    with Ticketed(2) as harbour:
        gateway = Connected(f"http://127.0.0.1:{harbour.port}")
        (gateway.profiles / "harbour.conf").write_text(dialect)
        with gateway:
            for mark in range(3):
                letters(gateway, (new_number(), "MENU", f"m{mark}"))
                harbour.wait_for(mark + 1)
            settle(gateway, SENT, SENT, SENT)
            assert harbour.tickets == ["ticket-1", "ticket-2"] and harbour.refused == 1, (harbour.tickets, harbour.refused)
            assert len(harbour.letters) == 3
            assert not any(word in gateway.log() for word in (KEY, *harbour.tickets))


def test_later_is_tried_again_and_no_is_not():
    with harboured("LATER", "GO", "NO") as (gateway, harbour):
        number = new_number()
        letters(gateway, (number, "MENU", "m1"))
        harbour.wait_for(2)
        settle(gateway, SENT)
        letters(gateway, (number, "1", "m2"))
        harbour.wait_for(3)
        settle(gateway, SENT, FAILED)
        time.sleep(1)
        assert len(harbour.letters) == 3


harness.main()
