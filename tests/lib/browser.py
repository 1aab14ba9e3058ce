"""A browser without scripts: cookies, forms and links of the console's pages, by plain HTTP.

    browser = Browser(gateway)
    browser.sign_in("rina", password)       # sets up what is asked for: a new password, a second factor
    page = browser.get("/queue")            # page.status, page.text, page.forms, page.links
    page = browser.submit(page.form("/claim"), note="...")   # what the form holds and what is typed; a 303 is followed
"""
import base64
import hashlib
import hmac
import html.parser
import http.client
import re
import struct
import time
import urllib.parse

PASSWORD = "eleven quiet boats"


def totp(secret, at=None):
    """RFC 6238 with SHA-1, six digits; `secret` in base32, blanks forgiven."""
    key = base64.b32decode(re.sub(r"[^A-Z2-7]", "", secret))
    mac = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    number = struct.unpack(">I", mac[mac[19] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06d}"


class Form:
    def __init__(self, attributes):
        self.action, self.method = attributes.get("action") or "", (attributes.get("method") or "get").lower()
        self.id, self.fields, self.names, self.buttons, self.choices = attributes.get("id"), {}, set(), [], {}


class Page(html.parser.HTMLParser):
    """What a browser would know of a page: its words, forms, links and elements."""

    def __init__(self, status, headers, body, path):
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.path, self.body = status, headers, path, body.decode("utf-8", "strict")
        self.forms, self.links, self.ids, self.tags, self.words = [], [], [], [], []
        self._form, self._area, self._select, self._option, self._skip = None, None, None, None, 0
        if headers.get("content-type", "").startswith("text/html"):
            self.feed(self.body)
            self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.words))

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        self.tags.append((tag, at))
        if "id" in at:
            self.ids.append(at["id"])
        if tag == "a" and "href" in at:
            self.links.append(at["href"])
        if tag == "form":
            self._form = Form(at)
            self.forms.append(self._form)
        if tag in ("p", "li", "td", "dt", "dd", "h1", "h2", "h3", "tr", "option", "label", "br"):
            self.words.append(" ")
        if self._form is not None:
            self._field(tag, at)

    def _field(self, tag, at):
        name, form = at.get("name"), self._form
        if tag == "button":
            form.buttons.append((name, at.get("value"), at.get("formaction")))
        if name:
            form.names.add(name)
        if tag == "textarea":
            self._area = name
            form.fields[name] = ""
        if tag == "select":
            self._select = name
            form.choices[name] = []
        if tag == "option" and self._select:
            form.choices[self._select].append(at.get("value"))
            if "selected" in at or self._select not in form.fields:
                form.fields[self._select] = at.get("value")
        if tag == "input" and name:
            kind = at.get("type", "text")
            if kind in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(at.get("value", "on"))
            if kind not in ("radio", "checkbox") or "checked" in at:
                form.fields[name] = at.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._form is not None and self._area:
            self._form.fields[self._area] += data
        self.words.append(data)

    def form(self, ending):
        """The form whose action ends so, without its query, or whose id this is."""
        found = [form for form in self.forms if form.action.split("?")[0].endswith(ending) or form.id == ending]
        assert found, f"{self.path}: no form {ending}; there are {[form.action for form in self.forms]}"
        return found[0]

    def has_form(self, ending):
        return any(form.action.split("?")[0].endswith(ending) for form in self.forms)


class Browser:
    def __init__(self, gateway):
        self.gateway, self.port, self.cookies, self.secret, self.last_step = gateway, gateway.console, {}, None, 0

    # --- requests

    def request(self, method, path, body=None, headers=None):
        sent = {"Sec-Fetch-Site": "same-origin", "Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
            sent.setdefault("Origin", f"http://127.0.0.1:{self.port}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, sent)
            reply = connection.getresponse()
            for name, value in reply.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
            found = {name.lower(): value for name, value in reply.getheaders()}
            return Page(reply.status, found, reply.read(), path)
        finally:
            connection.close()

    def _keep(self, cookie):
        name, _, value = cookie.split(";")[0].partition("=")
        if not value or re.search(r"max-age=0\b", cookie, re.I):
            self.cookies.pop(name.strip(), None)
        else:
            self.cookies[name.strip()] = value.strip()

    def follow(self, page):
        for _ in range(5):
            if page.status not in (302, 303):
                return page
            page = self.request("GET", page.headers["location"])
        raise AssertionError("it goes round in circles")

    def get(self, path):
        return self.follow(self.request("GET", path))

    def post(self, path, fields, headers=None):
        """One POST that is not followed."""
        return self.request("POST", path, urllib.parse.urlencode(fields), headers)

    def submit(self, form, _button=None, _headers=None, **typed):
        fields = {name: value for name, value in {**form.fields, **typed}.items() if value is not None}
        action = form.action
        if _button:
            name, value, other = next(b for b in form.buttons if b[0] == _button)
            fields[name] = value
            action = other or action
        return self.follow(self.post(action, fields, _headers))

    # --- signing in

    def code(self):
        """A code that was not used before: a step is good for one."""
        step = max(int(time.time() // 30), self.last_step + 1)
        self.last_step = step
        return totp(self.secret, step * 30)

    def sign_in(self, name, password):
        page = self.submit(self.get("/sign-in").form("/sign-in"), name=name, password=password)
        for _ in range(6):
            if page.has_form("/sign-in/setup"):
                self.secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.body).group(1)
                page = self.submit(page.form("/sign-in/setup"), code=self.code())
            elif page.has_form("/sign-in/code"):
                page = self.submit(page.form("/sign-in/code"), code=self.code())
            elif page.has_form("/settings/password") and "current" in page.form("/settings/password").names:
                return page
            else:
                return page
        return page
