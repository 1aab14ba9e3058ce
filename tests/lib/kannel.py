"""A real Kannel on loopback: bearerbox and smsbox of Debian's kannel, fakesmsc of kannel-extras as the phone network.

    with Kannel(gateway.folder, gateway.webhooks, secret) as kannel:
        kannel.text("+8801712000001", "2233", "MENU")     # a phone texts our code
        kannel.wait_for(1)[0]                             # what phones got: (from, to, text)

Phones can also be a Network (the protocol of fakesmsc, any number of phones at once) or an HttpSmsc (an SMS centre that bearerbox
talks to over HTTP, with smsc = http).
"""
import collections
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.parse

from fake_api import FakeApi
from gateway import free_port
from harness import wait_until

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
PROGRAMS = ("/usr/sbin/bearerbox", "/usr/sbin/smsbox", FAKESMSC)
PASSWORD = "kannel-password"

CONFIG = """
group = core
admin-port = {admin}
admin-password = {password}
admin-allow-ip = "127.0.0.1"
smsbox-port = {smsbox}
smsbox-interface = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 1
store-type = {store}
store-location = "{folder}/store"

{smsc_group}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
http-request-retry = 1000
http-queue-delay = 1
log-file = "{folder}/smsbox.log"
log-level = 1

group = sendsms-user
username = helpline
password = {password}
user-allow-ip = "127.0.0.1"

{service}
"""

OURS = """
group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "http://127.0.0.1:{webhooks}/in/kannel?secret={secret}&from=%p&to=%P&text=%b&id=%I&ts=%T&coding=%c&charset=%C&smsc=%i"
"""

# What Kannel does by itself: the page's words are the answer, its headers may ask for delivery reports.
PAGE = """
group = sms-service
keyword = default
catch-all = true
max-messages = 1
accept-x-kannel-headers = true
get-url = "http://127.0.0.1:{webhooks}/in?from=%p&to=%P&text=%b"
"""


FAKE = """
group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1
"""

# bearerbox as the client of an SMS centre that speaks sendsms: it calls {centre} with texts and listens on {smsc} for theirs.
HTTP = """
group = smsc
smsc = http
smsc-id = centre
system-type = kannel
port = {smsc}
connect-allow-ip = 127.0.0.1
smsc-username = centre
smsc-password = centre-password
send-url = "http://127.0.0.1:{centre}/send"
"""


def is_installed():
    return all(os.path.exists(program) for program in PROGRAMS)


class Kannel:
    """Asks a gateway that is away a thousand times, a second apart: a text that smsbox has given up is lost, and not by us."""

    def __init__(self, folder, webhooks, secret, sendsms=None, centre=None, service=OURS, store="file"):
        self.folder = folder / "kannel"
        (self.folder / "store").mkdir(parents=True) if store == "spool" else self.folder.mkdir()
        self.admin, self.smsbox, self.smsc, self.sendsms = (free_port() for _ in range(4))
        self.sendsms = sendsms or self.sendsms
        self.config = self.folder / "kannel.conf"
        group = HTTP.format(smsc=self.smsc, centre=centre) if centre else FAKE.format(smsc=self.smsc)
        self.config.write_text(CONFIG.format(
            smsc_group=group, store=store, service=service.format(webhooks=webhooks, secret=secret), admin=self.admin,
            smsbox=self.smsbox, sendsms=self.sendsms, folder=self.folder, password=PASSWORD))
        self.processes, self.phones, self.restarts = [], [], 0

    def spawn(self, name, *words, **more):
        out = open(self.folder / f"{name}.out", "wb")
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   cwd=self.folder, **more)
        self.processes.append(process)
        return process

    def has_port(self, port):
        hexadecimal = f":{port:04X} 00000000:0000 0A"
        with open("/proc/net/tcp") as tcp:
            return any(hexadecimal in line for line in tcp)

    def __enter__(self):
        self.spawn("bearerbox", "/usr/sbin/bearerbox", str(self.config))
        wait_until(lambda: self.has_port(self.smsbox) and self.has_port(self.smsc), 60, "bearerbox to listen")
        self.box = self.spawn("smsbox", "/usr/sbin/smsbox", str(self.config))
        wait_until(lambda: self.has_port(self.sendsms), 60, "smsbox to listen")
        return self

    def tend(self):
        """Starts smsbox again when it has ended, as its own watchdog, run_kannel_box, does. True, for wait_until."""
        if self.box.poll() is not None:
            self.restarts += 1
            self.box = self.spawn("smsbox", "/usr/sbin/smsbox", str(self.config))
        return True

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def text(self, sender, code, words, kind="text"):
        """A phone texts `words`; with kind ucs2 they travel as UTF-16. One phone is on the network at a time: the last."""
        if self.phones:
            self.phones[-1].send_signal(signal.SIGTERM)
            self.phones[-1].wait(5)
        if kind == "ucs2":
            words = "".join(f"%{byte:02x}" for byte in words.encode("utf-16-be"))
        # fakesmsc ends as soon as it has sent all: a second message an hour later keeps it on the network.
        self.phones.append(self.spawn(f"phone{len(self.phones) + 1:03}", FAKESMSC, "-H", "127.0.0.1", "-r", str(self.smsc),
                                      "-i", "3600", "-m", "2", f"{sender} {code} {kind} {words}"))

    def received(self):
        """(from, to, text) of what phones got. Its protocol has lines: what does not look like a message goes on the last."""
        found = []
        for path in sorted(self.folder.glob("phone*.out")):
            for line in re.findall(r"Got message \d+: <(.*)>$", path.read_text(errors="replace"), re.M):
                fields = re.match(r"(\S+) (\S+) (text|ucs2|data|udh\S*) (.*)", line)
                if fields:
                    sender, to, kind, words = fields.groups()
                    words = urllib.parse.unquote_to_bytes(words).decode("utf-16-be") if kind == "ucs2" else words
                    found.append((sender, to, words))
                elif found:
                    found[-1] = (*found[-1][:2], found[-1][2] + "\n" + line)
        return found

    def wait_for(self, count, seconds=60):
        wait_until(lambda: len(self.received()) >= count, seconds,
                   f"{count} texts on phones, not {len(self.received())}; smsbox said: {self.log('smsbox')[-600:]}")
        return self.received()

    def log(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


class Network:
    """Any number of phones on bearerbox's fake centre at once. Its protocol has a message a line: `from to text words`."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.arrived = collections.Counter()  # texts by the number that got them
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.socket.makefile(errors="replace"):
            fields = re.match(r"\d+ (\+?\d{8,}) (text|ucs2|data) ", line)  # other lines are the rest of a page
            if fields:
                self.arrived[fields.group(1)] += 1

    def text(self, sender, code, words):
        self.socket.sendall(f"{sender} {code} text {words}\n".encode())

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.reader.join(10)
        self.socket.close()


class HttpSmsc(FakeApi):
    """An SMS centre over HTTP: keeps what bearerbox sends, with the address at which it wants to be told about each."""

    def __init__(self, port):
        super().__init__(port)
        self.sent = []
        self.__enter__()

    def answer(self, asked):
        self.sent.append(urllib.parse.parse_qsl(asked.path.split("?", 1)[1], keep_blank_values=True, encoding="latin-1"))
        return 202, "0: Accepted for delivery", {"Content-Type": "text/plain"}
