"""An operator's browser at the desk, without a script in it: cookies, forms, codes by the clock.

    with Gateway() as gateway:
        admin = desk.first_admin(gateway)          # made on the command line, signed in
        rina = desk.operator(gateway, "rina", "counsellor")
        page = rina.get("/queue")                  # page.status, page.text, page.headers
        rina.post("/settings", lang="bn")          # with the token of the page before
"""
import base64
import collections
import hashlib
import hmac
import html
import http.client
import re
import sqlite3
import struct
import time
import urllib.parse

import infoline

Page = collections.namedtuple("Page", "status headers text")
PASSWORD = "four words nobody says"
CODE_TAKES = 10  # seconds that may go by until a code is looked at


def totp(secret, step):
    """RFC 6238, six digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Browser:
    """One browser. Follows no redirect by itself; `follow` does."""

    def __init__(self, port, agent="a test"):
        self.port, self.agent, self.cookies, self.page = port, agent, {}, None
        self.secret, self.used_step, self.name, self.password = None, 0, None, None

    def connect(self, timeout):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers=None, timeout=60):
        connection = self.connect(timeout)
        sent = {"User-Agent": self.agent, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            reply = connection.getresponse()
            text = reply.read().decode()
            for key, value in reply.getheaders():
                if key.lower() == "set-cookie":
                    self.keep(value)
            got = {k.lower(): v for k, v in reply.getheaders()}
            got["set-cookie"] = "\n".join(reply.headers.get_all("Set-Cookie") or [])
            self.page = Page(reply.status, got, text)
            return self.page
        finally:
            connection.close()

    def keep(self, set_cookie):
        pair, *rest = set_cookie.split("; ")
        name, value = pair.split("=", 1)
        if "Max-Age=0" in rest:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, **headers):
        return self.ask("GET", path, None, {k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields=None, headers=None, **more):
        """`fields` may be a list of pairs. The token of the last page goes with it unless one is given."""
        pairs = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
        pairs += list(more.items())
        if not any(name == "token" for name, _ in pairs):
            pairs.append(("token", self.token() or ""))
        return self.ask("POST", path, urllib.parse.urlencode(pairs),
                        {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def follow(self, limit=5):
        while self.page.status == 303 and limit:
            limit -= 1
            self.get(self.page.headers["location"])
        return self.page

    def token(self):
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page.text if self.page else "")
        return found.group(1) if found else None

    def field(self, name):
        """The value of the first field of this name on the page."""
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.page.text)
        return html.unescape(found.group(1)) if found else None

    # --- signing in

    def give_password(self, name=None, password=None, back=""):
        self.name, self.password = name or self.name, password or self.password
        return self.post("/sign-in", name=self.name, password=self.password, back=back)

    def code(self):
        """The next code that was not used yet. A step ahead is taken, too, and one behind where it is good for a while; beyond them
        it waits."""
        now = time.time()
        step = max(int(now + CODE_TAKES) // 30 - 1, self.used_step + 1)
        time.sleep(max(0, (step - 1) * 30 + 0.1 - now))
        self.used_step = step
        return totp(self.secret, step)

    def set_up(self, path="/sign-in/setup", **more):
        """The page of setting up is before us: scans it and enters a code. Gives the recovery codes."""
        self.secret = re.search(r'<code class="number">([A-Z2-7 ]+)</code>', self.page.text).group(1).replace(" ", "")
        self.used_step = 0
        page = self.post(path, code=self.code(), **more)
        assert page.status == 200, f"setting up: {page.status}"
        return re.findall(r'<code class="number">([a-z0-9-]+)</code>', page.text)

    def sign_in(self, name=None, password=None):
        """All of it; a first password is changed, a second factor set up where it is asked for."""
        page = self.give_password(name, password)
        assert page.status == 303, f"{self.name}: {page.status} {page.text[:300]}"
        if page.headers["location"].startswith("/sign-in/setup"):
            self.follow()
            self.set_up()
        elif page.headers["location"].startswith("/sign-in/code"):
            self.follow()
            page = self.post("/sign-in/code", code=self.code())
            assert page.status == 303, f"the code of {self.name}: {page.status}"
        self.get("/settings")
        if "new_password" in self.page.text and self.password != PASSWORD:
            self.change_password(PASSWORD)
        return self

    def change_password(self, new):
        page = self.post("/settings/password", password=self.password, new_password=new, new_password_again=new)
        assert page.status == 303, f"changing the password: {page.status} {page.text[:300]}"
        self.password = new
        return self.follow()


TRIES = 30  # wrong ones in a row: minutes of waiting, on however slow a machine


def lock(gateway, name, seconds_ago):
    """As if so many wrong tries had come for this name, the last one so long ago."""
    gateway.stop()
    connection = sqlite3.connect(gateway.data)
    connection.execute("UPDATE operator SET failures = ?, failed_at = ? WHERE name = ?", (TRIES, int((time.time() - seconds_ago) * 1000), name))
    connection.commit()
    connection.close()
    gateway.start()


def add_user(gateway, name, roles, shown=None, *more):
    """`helpline user add`; gives the first password, which the program made up."""
    made = gateway.run("user", "add", name, "--shown", shown or name.title(), "--role", roles, *more)
    assert made.returncode == 0, f"user add: {made.stderr}"
    return re.search(r"^\s{4}(\S+)$", made.stdout, re.M).group(1)


def operator(gateway, name, roles, shown=None, *more):
    """One of them, signed in, with a password of their own and a second factor where their roles need one."""
    return Browser(gateway.console).sign_in(name, add_user(gateway, name, roles, shown, *more))


def first_admin(gateway, name="boss"):
    return operator(gateway, name, "admin")


def caller_who_asks(gateway):
    """A new number that asked to be called; gives the phone, which knows its number, and the reference that it was told."""
    phone = gateway.phone()
    infoline.to_main(phone)
    infoline.ask_for_a_call(phone)
    return phone, infoline.reference_of(phone.screen)


def caller_in_danger(gateway, *answers):
    """Somebody in danger: called at any hour of any day, or never, as they answer."""
    phone = gateway.phone()
    infoline.to_main(phone)
    for answer in ("Danger now", "Call me right now", "Tell us how to call", *answers):
        phone.pick(answer)
    return {"number": phone.number, "reference": infoline.reference_of(phone.screen)}
