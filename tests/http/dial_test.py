"""`helpline dial` with every channel of the samples: calls and texts, those whose answers the gateway sends of itself too."""
# timeout: 600
import contextlib
import json
import re
import socket

import harness
from gateway import ROOT, Gateway, free_port, new_number
from harness import wait_until

SAMPLES = ROOT / "tests" / "aggregators" / "helpline.conf"
DELIVERED = 3


class Dialled(Gateway):
    """A gateway with all channels, which sends to where `dial` listens."""

    def __init__(self):
        super().__init__(config=SAMPLES)
        self.api = free_port()
        self.names = re.findall(r"^ {4}([\w-]+) = \{", SAMPLES.read_text(), re.M)

    def settings(self):
        own = [word for word in super().settings() if word != "--set" and not re.match(r"channels\..*\.secret=", word)]
        own.append(f"listen.public_url=http://127.0.0.1:{self.webhooks}")
        for name in self.names:
            own += [f"channels.{name}.with.base_url=http://127.0.0.1:{self.api}", f"channels.{name}.limits.ucs2=70",
                    f"channels.{name}.limits.segments=3"]
        return [word for each in own for word in ("--set", each)]

    def kinds(self):
        return {line["id"]: line["kind"] for line in map(json.loads, self.run("channels", "--json").stdout.splitlines())}

    def states(self, name):
        with contextlib.closing(self.db()) as db:
            return [row[0] for row in db.execute("SELECT o.state FROM outbox o JOIN word w ON w.id = o.channel WHERE w.text = ?", (name,))]

    def dial(self, name, keys, *options):
        number = new_number()
        self.said.add(number)
        return self.run("dial", "--listen", f"127.0.0.1:{self.api}", "--wait", "60", "--from", number, *options, name, stdin=keys)


def test_a_call_on_every_channel():
    """a call on every USSD channel shows its screens, also where the gateway has to push them"""
    with Dialled() as gateway:
        for name in (name for name, kind in gateway.kinds().items() if kind == "ussd"):
            call = gateway.dial(name, "1\n2\n")  # the same key twice at once would be a repeat where requests have no name
            assert call.returncode == 0, f"{name}: {call.stderr}"
            screens = re.split(r"\n> .*\n", call.stdout)
            assert "Find services" in screens[1], f"{name} showed no menu: {screens[1][:400]}"
            assert len(set(screens)) == 4, f"{name} showed a screen twice: {call.stdout[-600:]}"
            assert "(hung up)" in call.stdout, f"{name}: {call.stdout[-400:]}"


def test_a_text_on_every_channel():
    """a text on every SMS channel is answered by one that dial shows, and ends as delivered where the dialect has reports"""
    with Dialled() as gateway:
        for name in (name for name, kind in gateway.kinds().items() if kind == "sms"):
            texts = gateway.dial(name, "MENU\n", "--report")
            assert "1 English" in texts.stdout or "Find services" in texts.stdout, f"{name}: {texts.stdout} {texts.stderr}"
            if "(reported" not in texts.stdout:
                assert "no such address" in texts.stderr or "no report" in texts.stdout, f"{name}: {texts.stderr}"
                continue
            wait_until(lambda: gateway.states(name) == [DELIVERED], 20, lambda: f"{name} to be delivered: {gateway.states(name)}")


def test_a_send_that_would_go_elsewhere():
    """dial says so when a channel's texts would not come to it"""
    with Gateway() as gateway:
        said = gateway.run("dial", "at-sms", "--set", "channels.at-sms.send.url=http://127.0.0.1:9/elsewhere", stdin="MENU\n")
        assert said.returncode == 1 and "elsewhere" in said.stderr, said.stderr


def test_the_next_call_listens_where_the_last_one_did():
    """what dial tells to start the gateway with holds for the next call too"""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8089)) == 0:
            return  # somebody else is there: then it is any free port
    with Dialled() as gateway:
        for _ in range(5):  # another test's dial may be there for a moment
            said = [gateway.run("dial", "--wait", "0", "twilio", stdin="").stdout for _ in range(2)]
            if said[0] == said[1]:
                break
        assert said[0] == said[1] and "with.base_url=http://127.0.0.1:" in said[0], said


def test_what_dial_prints_is_what_probe_reads():
    with Dialled() as gateway:
        for name, kind in gateway.kinds().items():
            printed = gateway.run("dial", "--print", "--from", "+8801712000001", name, "--text", "1")
            read = gateway.run("probe", "--channel", name, stdin=printed.stdout)
            assert read.returncode == 0, f"{name}: {read.stdout}"
            assert json.loads(read.stdout)["kind"] == kind


def test_what_dial_refuses():
    with Dialled() as gateway:
        for words, why in ((["--event", "colse"], "nearest is close"), (["--shape", "x"], "--shape takes a number"),
                           (["--shape", "60"], "no variant 60"), (["--event", "notify"], "no such address")):
            said = gateway.run("dial", "--print", "kannel", *words)
            assert said.returncode in (1, 2) and why in said.stderr, f"{words}: {said.stderr}"


harness.main()
