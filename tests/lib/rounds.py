"""Somebody who goes through all of the desk that they can reach: every link, and every form, empty and filled in.

    rina = rounds.Walker(gateway.console).sign_in("rina", password)
    rina.look()      # by links, from the first page on, and first what is in trouble: a few that may be anywhere in the queue
    rina.press()     # the forms of what was seen and of what came then; last those that take the desk away from whoever presses
    rina.pages       # {what it is: the page}
    rina.asked       # {("GET", "/requests/:id"), ("POST", "/requests/:id/note"), ...}: the routes that were asked for
    rina.secrets     # every cookie, password and code that was hers
"""
import collections
import datetime
import re
import urllib.parse

import desk
import forms
from gateway import new_number

WORDS = "a blue goat went over the hill"  # what is typed where anything may be
LOOKS, KEPT = 10, 2                       # pages of one kind that are looked at, and that are kept
STARTS = "/queue?tab=trouble", "/"
PRESSES = 3                               # closed, then opened again, then closed
LAST = ("/settings/totp", "/sign-in/setup", "/settings/recovery", "/settings/sign-ins/:id", "/sign-out")


def route_of(address):
    return re.sub(r"/\d+(?=/|$)", "/:id", address.split("#")[0].split("?")[0])


def kind_of(address):
    """Addresses of one kind ask for the same page in the same way."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    told = sorted(f"{name}={query[name][0]}" if name in ("tab", "show") else name for name in query)
    return route_of(address) + ("?" + "&".join(told) if told else "")


def links_of(page):
    found = [page.headers["location"]] if page.status == 303 else forms.read(page).links
    return [link.split("#")[0] for link in found if link.startswith("/") and not link.startswith("/assets/")]


class Walker(desk.Browser):
    """`knows`: what to type into fields of a name."""

    def __init__(self, port, **knows):
        super().__init__(port, "who walks through")
        self.knows = {"number": new_number(), "consent": "yes", **knows}
        self.pages, self.asked, self.secrets = {}, set(), set()
        self.forms, self.pressed = {}, set()  # (route, names, button): a page that has it

    def ask(self, method, path, *more, **others):
        page = super().ask(method, path, *more, **others)
        self.asked.add((method, route_of(path)))
        self.secrets |= {*self.cookies.values(), self.password} - {None}
        assert page.status < 500, f"{self.name}: {method} {route_of(path)}: {page.status}"
        self.secrets.update(re.findall(r'<code class="number">([a-z0-9-]+)</code>', page.text))  # recovery codes
        if page.text.startswith("<!doctype"):
            self.saw(method, path.split("#")[0], page)
        return page

    def saw(self, method, path, page):
        kind = f"{method} {kind_of(path)} {page.status}"
        if sum(what.startswith(kind) for what in self.pages) < KEPT:
            self.pages[f"{kind} {len(self.pages)}"] = page
        for form in forms.read(page).forms if method == "GET" else ():
            for button in [None, *(name for name, _, _ in form.buttons if name)]:
                if form.method == "post":
                    self.forms.setdefault((route_of(form.action), tuple(sorted(form.names)), button), path)

    def code(self):
        """Of the app that this page would set up, if it would."""
        shown = re.search(r'<code class="number">([A-Z2-7 ]{16,})</code>', self.page.text)
        if shown:
            self.secret, self.used_step = shown.group(1).replace(" ", ""), 0
            self.secrets |= {self.secret, shown.group(1)}
        return super().code()

    def look(self):
        waiting, seen, counts = collections.deque(STARTS), set(STARTS), collections.Counter()
        while waiting:
            address = waiting.popleft()
            counts[kind_of(address)] += 1
            if counts[kind_of(address)] <= LOOKS:
                new = [link for link in links_of(self.get(address)) if link not in seen]
                seen.update(new)
                waiting.extend(new)
        return self

    # --- forms

    def press(self):
        for _ in range(PRESSES):
            self.press_those(lambda route: route not in LAST)
        for last in LAST:
            self.press_those(lambda route: route == last)
        return self

    def press_those(self, wanted):
        for each, address in list(self.forms.items()):
            if wanted(each[0]) and each not in self.pressed:
                if self.send(address, *each, is_empty=True):
                    self.pressed.add(each)
                    self.send(address, *each, is_empty=False)
                else:  # somebody was quicker; another page may have it
                    self.forms.pop(each, None)

    def send(self, address, route, names, button, is_empty):
        """The page is asked for anew, so that its form is as fresh as it would be. Gives whether it still has it."""
        for form in forms.read(self.get(address)).forms:
            if route_of(form.action) == route and tuple(sorted(form.names)) == names:
                forms.send(self, form, button, **({} if is_empty else self.typed(form)))
                self.follow(1)
                return True
        return False

    def typed(self, form):
        """Something in every field that somebody sees."""
        return {name: self.in_field(name, form.types[name], [choice for choice in form.choices.get(name, ()) if choice])
                for name in form.names if form.types[name] != "hidden"}

    def in_field(self, name, kind, choices):
        later = datetime.date.today() + datetime.timedelta(days=2)  # tomorrow may have begun where the service is
        if name in self.knows:
            return self.knows[name]
        if choices:
            return choices[-1]
        if kind in ("date", "datetime-local"):
            return f"{later}T12:00" if kind == "datetime-local" else str(later)
        if kind == "password":
            return self.password
        return self.code() if name == "code" else WORDS
