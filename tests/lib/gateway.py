"""The real program on free ports in a folder of its own, and a phone to talk to it with.

    with Gateway() as gateway:
        phone = gateway.phone()
        screen = phone.dial()            # "CON ..." is screen.open, screen.text
        screen = phone.pick("English")   # presses the key that stands before these words
        phone.press("2")

Leaving the block stops the gateway in peace and then looks through everything it logged for the numbers and words that the
phones said: none may be there. HELPLINE names the program (default build/helpline).
"""
import collections
import http.client
import itertools
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

from harness import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("HELPLINE", str(ROOT / "build" / "helpline"))
CONFIG = ROOT / "conf" / "helpline.conf"
SECRETS = {name: f"{index:032x}" for index, name in enumerate(("at-ussd", "at-sms", "kannel"), 0xFACE0)}
USSD_CODE, SMS_CODE = "*384*123#", "21512"

Answer = collections.namedtuple("Answer", "status headers body")
Screen = collections.namedtuple("Screen", "open text raw")

_ports = itertools.count(21000 + os.getpid() * 37 % 900 * 8)
_claims = []  # a socket for each port that was given, for as long as this process lives
_numbers = itertools.count(int.from_bytes(os.urandom(3), "big") % 9000 + 1)
_sessions = itertools.count(1)


def free_port():
    """A port of TCP that nobody listens on. Its namesake of UDP, which nothing here uses, stays taken: so no other test is given it
    before our gateway listens, or while it starts anew."""
    for port in _ports:
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                claim.bind(("127.0.0.1", port))
                probe.bind(("127.0.0.1", port))
                _claims.append(claim)
                return port
            except OSError:
                claim.close()
    raise AssertionError("no free port")


def new_number():
    """A number that no other test uses, shaped like a Bangladeshi mobile number, and odd enough to be found in a log."""
    return f"+88017{next(_numbers):04d}{os.getpid() % 10000:04d}"


def new_session():
    return f"ATUid_{os.getpid():08x}{time.time_ns():016x}{next(_sessions):08x}"


def post(port, path, fields, headers=None, timeout=15):
    """One POST of a form on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    body = fields if isinstance(fields, (bytes, str)) else urllib.parse.urlencode(fields)
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    try:
        connection.request("POST", path, body, sent)
        reply = connection.getresponse()
        return Answer(reply.status, dict((k.lower(), v) for k, v in reply.getheaders()), reply.read())
    finally:
        connection.close()


def get(port, path, timeout=15):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return Answer(reply.status, dict((k.lower(), v) for k, v in reply.getheaders()), reply.read())
    finally:
        connection.close()


def raw(port, data, timeout=30, first=None):
    """Sends bytes as they are and returns all that comes back until the other side closes or is silent for `timeout`; where something
    has to come, `first` is how long its beginning may take."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        try:
            s.sendall(data)
        except OSError:
            pass  # refused before it was all sent: what was answered counts
        received = b""
        try:
            s.settimeout(first or timeout)
            while piece := s.recv(65536):
                received += piece
                s.settimeout(timeout)
        except OSError:
            pass
        return received


def read_screen(answer):
    text = answer.body.decode()
    assert answer.status == 200, f"status {answer.status}: {text[:200]}"
    assert text[:4] in ("CON ", "END "), f"neither CON nor END: {text[:40]!r}"
    return Screen(text.startswith("CON "), text[4:], answer.body)


class Phone:
    """A phone that talks the dialect of Africa's Talking: its text holds every answer so far, joined by stars."""

    def __init__(self, gateway, number=None):
        self.gateway, self.number = gateway, number or new_number()
        self.session, self.text, self.screen = None, "", None
        gateway.said.add(self.number)

    def dial(self, session=None):
        self.session, self.text = session or new_session(), ""
        return self.again()

    def press(self, key):
        self.text = f"{self.text}*{key}" if self.text else str(key)
        if len(str(key)) > 3:
            self.gateway.said.add(str(key))
        return self.again()

    def again(self):
        """Sends what was sent last once more."""
        self.screen = read_screen(self.gateway.at_ussd(self.text, self.session, self.number))
        return self.screen

    def key(self, words):
        found = re.search(rf"^(\S+) .*{re.escape(words)}", self.screen.text, re.M)
        assert found, f"no option {words!r} on: {self.screen.text!r}"
        return found.group(1)

    def pick(self, *words):
        for each in words:
            self.press(self.key(each))
        return self.screen

    def keys(self):
        """The keys of the options on the screen."""
        return re.findall(r"^(\d{1,2}) \S", self.screen.text, re.M)


class Gateway:
    def __init__(self, settings=(), folder=None, program=PROGRAM, config=CONFIG, env=None):
        self.own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="helpline-"))
        self.program, self.config, self.env = program, config, env or {}
        self.webhooks, self.console = free_port(), free_port()
        self.data, self.keys = self.folder / "helpline.db", self.folder / "keys"
        self.log_path, self.out_path = self.folder / "log", self.folder / "out"
        self.more_settings, self.process = list(settings), None
        self.said = set()  # what must never be seen in a log

    # --- its life

    def settings(self):
        fixed = {
            "listen.webhooks": f"127.0.0.1:{self.webhooks}",
            "listen.console": f"127.0.0.1:{self.console}",
            "listen.control": self.folder / "control.sock",
            "data.path": self.data,
            "data.keys": self.keys,
            "data.forgotten": self.folder / "forgotten",
            "data.backups": self.folder / "backups",
            **{f"channels.{name}.secret": secret for name, secret in SECRETS.items()},
        }
        if self.config == CONFIG:  # what a test has no FakeAt for goes to nobody
            fixed["channels.at-sms.with.base_url"] = "http://127.0.0.1:1"
        pairs = [f"{name}={value}" for name, value in fixed.items()] + self.more_settings
        return [word for pair in pairs for word in ("--set", pair)]

    def command(self, verb, *arguments):
        return [self.program, verb, "--config", str(self.config), *self.settings(), *map(str, arguments)]

    def run(self, verb, *arguments, stdin=None, timeout=300):
        """Runs another verb on this gateway's files. Gives CompletedProcess with text."""
        return subprocess.run(self.command(verb, *arguments), input=stdin, capture_output=True, text=True,
                              timeout=timeout, cwd=ROOT, env={**os.environ, **self.env})

    def keygen(self):
        if not self.keys.exists():
            made = self.run("keygen")
            assert made.returncode == 0, f"keygen: {made.stderr}"

    def spawn(self):
        """Starts it without waiting for anything."""
        with open(self.log_path, "ab") as log, open(self.out_path, "ab") as out:
            self.process = subprocess.Popen(self.command("serve"), stdin=subprocess.DEVNULL, stdout=out, stderr=log,
                                            cwd=ROOT, env={**os.environ, **self.env})
        return self

    def start(self):
        self.keygen()
        self.spawn()
        wait_until(self.is_up, 120, f"the gateway to listen; it said: {self.log()[-600:]}")
        return self

    def is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the gateway ended with {self.process.returncode}: {self.log()[-800:]}")
        try:
            return get(self.console, "/healthz", 2).status == 200
        except OSError:
            return False

    def stop(self, signal_number=signal.SIGTERM, seconds=60):
        """Ends it in peace and gives its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is not None:
            return self.process.returncode
        self.process.send_signal(signal_number)
        return self.process.wait(seconds)

    def kill9(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        try:
            code = self.stop()
            if kind is None:
                assert code in (0, -signal.SIGKILL, None), f"the gateway ended with {code}: {self.log()[-1500:]}"
                self.assert_private()
            else:
                print("the gateway's log ends so:\n    " + self.log()[-1500:].replace("\n", "\n    "))
        finally:
            if self.process and self.process.poll() is None:
                self.kill9()
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    # --- talking to it

    def path(self, channel, door="in"):
        return f"/{door}/{channel}/{SECRETS[channel]}"

    def phone(self, number=None):
        return Phone(self, number)

    def at_ussd(self, text, session, number, **more):
        fields = {"sessionId": session, "phoneNumber": number, "serviceCode": USSD_CODE, "networkCode": "47001",
                  "text": text, **more}
        return post(self.webhooks, self.path("at-ussd"), fields)

    def at_end(self, session, number, status="Success", **more):
        fields = {"date": "2026-09-29 12:00:00", "sessionId": session, "serviceCode": USSD_CODE, "networkCode": "47001",
                  "phoneNumber": number, "status": status, "cost": "BDT 0.10", "durationInMillis": "12345",
                  "hopsCount": "3", "input": "", "lastAppResponse": "", **more}
        return post(self.webhooks, self.path("at-ussd", "notify"), fields)

    def at_sms(self, text, number, message_id=None, **more):
        self.said.add(number)
        fields = {"from": number, "to": SMS_CODE, "text": text, "date": "2026-09-03T06:04:45Z",
                  "id": message_id or new_session().replace("ATUid", "ATXid"), "linkId": "", "networkCode": "47001", **more}
        return post(self.webhooks, self.path("at-sms"), fields)

    def at_report(self, message_id, number, status="Success", **more):
        fields = {"id": message_id, "status": status, "phoneNumber": number, "networkCode": "47001", **more}
        return post(self.webhooks, self.path("at-sms", "dlr"), fields)

    def metrics(self):
        """{name with its labels: value} of /metrics."""
        answer = get(self.console, "/metrics")
        assert answer.status == 200, f"/metrics: {answer.status}"
        lines = (line.rsplit(" ", 1) for line in answer.body.decode().split("\n") if line and line[0] != "#")
        return {name: float(value) for name, value in lines}

    def healthy(self):
        return get(self.console, "/healthz").status == 200

    # --- looking behind it

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def output(self):
        return self.out_path.read_text(errors="replace") if self.out_path.exists() else ""

    def db(self):
        """A read-only connection to its data, beside it."""
        connection = sqlite3.connect(f"file:{self.data}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        return connection

    def count(self, table, where="1"):
        connection = self.db()
        try:
            return connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
        finally:
            connection.close()

    def export(self, what):
        """The lines of `helpline export WHAT --format jsonl`, read."""
        import json
        made = self.run("export", what, "--format", "jsonl")
        assert made.returncode == 0, f"export {what}: {made.stderr}"
        return [json.loads(line) for line in made.stdout.split("\n") if line]

    def assert_private(self):
        """No number and no word that a phone said is in the log, in what it printed, or among the metrics' labels."""
        seen = (self.log() + self.output()).replace(str(self.folder), "")  # whose name is eight letters at random
        for word in self.said:
            for form in {word, word.lstrip("+"), word[-8:]} if word.startswith("+") and len(word) > 8 else {word}:
                assert not stands_in(form, seen), f"the log holds {form[:3]}..., which a phone said"


def stands_in(word, text):
    """Whether a text holds a word; a few digits only where they are no part of something longer, and more only outside of ids and macs:
    among enough of these, any four stand, and any eight now and then."""
    if word.isdigit() and len(word) < 8:
        return re.search(f"(?<![0-9a-f]){word}(?![0-9a-f])", text)
    if word.isdigit() and word in text:
        return any(len(found) < 16 for found in re.findall(f"[0-9a-f]*{word}[0-9a-f]*", text))
    return word in text


class OwnChannels(Gateway):
    """A gateway with channels of a configuration of its own, and no other. `write` is given a folder that goes with the gateway, for
    whatever profiles it wants there, and returns the configuration."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="helpline-channels-")
        folder = pathlib.Path(self.scratch.name)
        config = folder / "own"
        config.write_text(self.write(folder))
        super().__init__(config=config)

    def settings(self):
        pairs = [pair for pair in super().settings()[1::2] if not pair.startswith("channels.")]
        return [word for pair in pairs for word in ("--set", pair)]

    def __exit__(self, *how):
        super().__exit__(*how)
        self.scratch.cleanup()
