"""The conformance kit: every channel of a configuration on the real program, spoken to as its aggregator would, and worse.

CHANNEL=NAME tries one channel only, CONFIG=FILE another configuration than that of the samples; a channel that these do not have is
looked up in conf/helpline.conf. Nothing is sent to anybody: what
the gateway sends goes to a server here that takes everything.
"""
# timeout: 900
import concurrent.futures
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

import checks
from dialect import Dialect, read_reply
from fake_api import FakeApi
from gateway import ROOT, Gateway

SAMPLES = ROOT / "tests" / "aggregators" / "helpline.conf"
OURS = ROOT / "conf" / "helpline.conf"
CHANNEL = os.environ.get("CHANNEL") or None
AT_ONCE = 4
SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00"


class Api(FakeApi):
    """The sending side of all aggregators: says yes and forgets."""

    def answer(self, asked):
        return 200, {}


def blocks(text):
    """{channel: its group} as the configuration is written."""
    inside = text[re.search(r"^channels\s*[=:]", text, re.M).start():]
    return dict(re.findall(r"^ {4}([\w-]+)\s*[=:]\s*\{(.*?)^ {4}\}", inside, re.M | re.S))


def config_with(channel):
    """The configuration that was named, or else the one that has this channel."""
    if os.environ.get("CONFIG"):
        return pathlib.Path(os.environ["CONFIG"])
    return OURS if channel and channel not in blocks(SAMPLES.read_text()) and channel in blocks(OURS.read_text()) else SAMPLES


CONFIG = config_with(CHANNEL)


def made_up(name, group):
    """Settings for the secrets that nobody has made yet: a channel can be tried before it has an account."""
    for key, file in re.findall(r'(\w+)\s*=\s*"@([^"]+)"', group):
        if not (ROOT / file).exists() and key in ("secret", "public_key"):
            yield f"channels.{name}.{key}={SECRET}"
        elif not (ROOT / file).exists():
            yield f"channels.{name}.secrets.{key}={SECRET}"


class Kit(Gateway):
    """The gateway with the channels that are tried, and requests to it as raw bytes."""

    def __init__(self, api):
        super().__init__(config=CONFIG)
        self.api, groups = api, blocks(CONFIG.read_text())
        self.groups = groups
        self.names = [name for name in groups if CHANNEL in (None, name)]
        self.others = [name for name in groups if name not in self.names]
        self.signed = {name for name in self.names if re.search(r'auth\s*=\s*"signature"', groups[name])}
        self.unsigned = False

    def settings(self):
        own = [word for word in super().settings() if word != "--set" and not re.match(r"channels\..*\.secret=", word)]
        for name in self.names:
            own += [f"channels.{name}.with.base_url=http://127.0.0.1:{self.api.port}", f"channels.{name}.enabled=true",
                    f"channels.{name}.accept_unverified=true"]
            own += made_up(name, self.groups[name])
            if CONFIG == SAMPLES:  # whatever the service that answers has to say fits
                own += [f"channels.{name}.limits.ucs2=70", f"channels.{name}.limits.segments=3"]
                own += [f"channels.{name}.repeat_ms=60000"]  # a restart with all of them takes its time
            if self.unsigned and name in self.signed:
                own += [f"channels.{name}.auth=path", f"channels.{name}.secret={SECRET}"]
        own += [f"channels.{name}.enabled=false" for name in self.others]
        return [word for each in own for word in ("--set", each)]

    def run_raw(self, verb, *arguments):
        return subprocess.run(self.command(verb, *arguments), capture_output=True, timeout=30, cwd=ROOT)

    # --- requests

    def connect(self, timeout=15):
        return socket.create_connection(("127.0.0.1", self.webhooks), timeout=timeout)

    def send(self, data, timeout=15):
        with self.connect(timeout) as connection:
            connection.sendall(data)
            return read_reply(connection)

    def send_slowly(self, pieces, pause):
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            return read_reply(connection)

    def send_some(self, head, body):
        """The reply, also when it comes before all was sent; None when the connection was closed on us."""
        with self.connect() as connection:
            try:
                connection.sendall(head + body)
            except OSError:
                pass
            try:
                return read_reply(connection)
            except OSError:
                return None
            except Exception as broken:  # http.client has an exception of its own for a connection that ends
                if "RemoteDisconnected" in type(broken).__name__ or "BadStatusLine" in type(broken).__name__:
                    return None
                raise

    # --- what is kept

    def ask(self, sql, *values):
        connection = self.db()
        try:
            return connection.execute(sql, values).fetchone()[0]
        finally:
            connection.close()

    def counts(self, channel):
        turns = self.ask("SELECT count(*) FROM turn t JOIN session s ON s.id = t.session JOIN word w ON w.id = s.channel "
                         "WHERE w.text = ?", channel)
        texts = self.ask("SELECT count(*) FROM outbox o JOIN word w ON w.id = o.channel WHERE w.text = ?", channel)
        return turns, texts

    def open_sessions(self, channel):
        return self.ask("SELECT count(*) FROM session s JOIN word w ON w.id = s.channel "
                        "WHERE w.text = ? AND s.ended_at IS NULL", channel)

    def phones(self):
        return self.ask("SELECT count(*) FROM phone")


def say(ok, name, why=""):
    print(f"{'ok' if ok else 'not ok'} {name}{': ' if why else ''}{' '.join(str(why).split())[:300]}", flush=True)
    return ok


def attempt(name, check, *arguments):
    """True, and a line; a check that gives a text says why it does not apply."""
    try:
        why = check(*arguments)
    except Exception as error:  # a check that fails must not hide those after it
        return say(False, name, f"{type(error).__name__}: {error}")
    return say(True, name, f"({why})" if why else "")


def try_channel(dialect, what):
    good = True
    for check in what:
        good &= attempt(f"{dialect.name}: {check.__doc__}", check, dialect)
    return good


def try_all(kit, dialects, checks_of):
    """Channels side by side, each one's checks one behind the other; what counts people runs alone."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return all(list(pool.map(lambda each: try_channel(each, checks_of(each)), dialects)))


def checks_of(dialect):
    if dialect.kit.unsigned:
        return [check for check in checks.CHANGING if check is not checks.check_plus]
    own = checks.OF_USSD if dialect.kind == "ussd" else checks.OF_SMS
    changing = [] if dialect.name in dialect.kit.signed else checks.CHANGING
    return [check for check in checks.PLAIN + own + changing if check is not checks.check_plus]


def before_restart(dialect, act):
    """What it gives; None, and a line, when it fails."""
    try:
        return act(dialect)
    except Exception as error:
        say(False, f"{dialect.name}: before the restart", error)
        return None


def only_here(kit, dialect):
    """A configuration of one's own may hold real keys: what would be sent has to come here."""
    request = kit.run_raw("dial", "--print", "--event", "send", dialect.name)
    return request.returncode != 0 or f"Host: 127.0.0.1:{kit.api.port}\r\n".encode() in request.stdout


def run(kit):
    listed = kit.run("channels", "--json").stdout.splitlines()
    kinds = {line["id"]: line["kind"] for line in map(json.loads, listed)}
    dialects = [Dialect(kit, name, kinds[name]) for name in kit.names if name in kinds]
    away = [each.name for each in dialects if not only_here(kit, each)]
    if away:
        return say(False, f"{', '.join(away)}: its send does not begin with with.base_url, so it would leave this machine")
    good = try_all(kit, dialects, checks_of)
    numbered = [each for each in dialects if each.name not in kit.signed]
    for dialect in numbered:
        good &= try_channel(dialect, [checks.check_plus])
    made = [before_restart(each, checks.Restart) for each in dialects]
    begun = [each for each in made if each and before_restart(each.dialect, lambda _, each=each: each.begin())]
    kit.kill9()
    kit.unsigned = False
    kit.start()
    for each in begun:
        good &= attempt(f"{each.dialect.name}: {checks.Restart.__doc__}", each.check)
    if kit.signed:
        kit.stop()
        kit.unsigned = True
        kit.start()
        signed = [each for each in dialects if each.name in kit.signed]
        good &= try_all(kit, signed, checks_of)
        for dialect in signed:
            good &= try_channel(dialect, [checks.check_plus])
    return good and len(begun) == len(dialects)


def main():
    with Api() as api:
        kit = Kit(api)
        if CHANNEL and CHANNEL not in kit.names:
            print(f"not ok {CHANNEL}: there is no such channel in {CONFIG.relative_to(ROOT) if CONFIG.is_relative_to(ROOT) else CONFIG}")
            return False
        with kit:
            return run(kit)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
