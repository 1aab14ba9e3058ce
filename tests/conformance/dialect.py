"""A channel as its aggregator sees it: raw requests, as `helpline dial --print` makes them, and what can be done to them.

    dialect = Dialect(kit, "at-ussd", "ussd")
    call = dialect.call()                  # a caller with a number and a session of its own
    reply = dialect.send(call.new())
    reply = dialect.send(call.answer("1", "3"))
"""
import collections
import http.client
import itertools
import json
import re
import urllib.parse

from gateway import new_number

Reply = collections.namedtuple("Reply", "status headers body")
_ids = itertools.count(1)


def new_id(word):
    return f"{word}-{next(_ids):08d}"


class Request:
    """One request; changed copies are made by `but`."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body

    @classmethod
    def parse(cls, raw):
        head, body = raw.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        headers = [tuple(line.split(": ", 1)) for line in lines[1:] if not line.startswith(("Host:", "Content-Length:"))]
        return cls(method, target, headers, body)

    def but(self, **changes):
        return Request(*(changes.get(name, getattr(self, name)) for name in ("method", "target", "headers", "body")))

    def head(self, length=None):
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: conformance", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.method != "GET":
            lines.append(f"Content-Length: {len(self.body) if length is None else length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def bytes(self):
        return self.head() + self.body

    def has(self, words):
        return words.encode() in self.bytes()

    # --- what it says, and other things that it could say

    def query(self):
        return self.target.partition("?")[2]

    def with_query(self, query):
        return self.but(target=self.target.partition("?")[0] + ("?" + query if query else ""))

    def kind(self):
        """json, xml, form or query: where its facts are."""
        body = self.body.lstrip()[:1]
        if body in (b"{", b"["):
            return "json"
        return "xml" if body == b"<" else "form" if self.body else "query"

    def pairs(self):
        text = self.body.decode("latin-1") if self.kind() == "form" else self.query()
        return [tuple((pair.split("=", 1) + [""])[:2]) for pair in text.split("&") if pair]

    def with_pairs(self, pairs):
        text = "&".join(f"{name}={value}" for name, value in pairs)
        return self.but(body=text.encode("latin-1")) if self.kind() == "form" else self.with_query(text)

    def json(self):
        return json.loads(self.body)

    def with_json(self, value):
        return self.but(body=json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def says(self, old, new):
        """The same with other words, wherever they stand, plain or percent-encoded; as bytes."""
        def swap(data):
            quoted = urllib.parse.quote(old, safe="").encode()
            return data.replace(quoted, new).replace(old.encode(), new)
        target = swap(self.target.encode("latin-1")).decode("latin-1")
        return self.but(target=target, body=swap(self.body))


def leaves(value, path=()):
    """The paths of what a JSON value holds."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not items:
        yield path
    for key, inner in items:
        yield from leaves(inner, path + (key,))


def replaced(value, path, new):
    """A copy with something else at `path`; without it where `new` is Ellipsis."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and new is ...:
        del copy[path[0]]
    else:
        copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


class Call:
    """Somebody with a number: on USSD one session, on SMS one text after another."""

    def __init__(self, dialect, number=None):
        self.dialect, self.number, self.session = dialect, number or new_number(), new_id("session")

    def say(self, *options, number=None, message=None):
        return self.dialect.request("--from", number or self.number, "--session", self.session,
                                    "--id", message or new_id("message"), *options)

    def new(self, **more):
        return self.say("--event", "new", **more)

    def answer(self, *typed, **more):
        return self.say(*(f"--text={each}" for each in typed), **more)

    def text(self, words, **more):
        return self.say(f"--text={words}", **more)

    def end(self, event, **more):
        return self.say("--event", event, **more)

    def first(self, **more):
        """Whatever this channel's people begin with."""
        return self.new(**more) if self.dialect.kind == "ussd" else self.text("MENU", **more)


class Dialect:
    def __init__(self, kit, name, kind):
        self.kit, self.name, self.kind = kit, name, kind

    def call(self, number=None):
        return Call(self, number)

    def request(self, *options, settings=()):
        """None where the dialect has no such request."""
        more = [word for each in settings for word in ("--set", each)]
        made = self.kit.run_raw("dial", "--print", *options, *more, self.name)
        if made.returncode == 1 and b"no word for" in made.stderr or b"no such address" in made.stderr:
            return None
        if made.returncode == 1 and (b"no variant" in made.stderr or b"only the aggregator can sign" in made.stderr):
            return None
        assert made.returncode == 0, f"dial --print: {made.stderr.decode(errors='replace')[:300]}"
        return Request.parse(made.stdout)

    def send(self, request, timeout=15):
        return self.kit.send(request.bytes(), timeout)

    def counts(self):
        """How many turns and texts of this channel are kept."""
        return self.kit.counts(self.name)

    def takes_ids(self, request):
        return re.search(rb"message-\d{8}", request.bytes()) is not None


def read_reply(connection):
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders() if name.lower() != "date"}
        return Reply(response.status, headers, response.read())
    finally:
        response.close()
