"""The desk under attack: every route by every hand, other people's ids, forged forms, locks, hostile words, what is left behind."""
# timeout: 300
import collections
import html
import http.client
import os
import re
import socket
import sqlite3
import stat
import time
import urllib.parse

import desk
import harness
from gateway import ROOT, Gateway, get, raw

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
FORM = "application/x-www-form-urlencoded"
FAILED, REFUSED, VIEWED, REVEALED = 2, 7, 8, 10  # enum audit_action: the file holds them for ever
Route = collections.namedtuple("Route", "method path right answers")

# What each route asks for, said apart from the program: who asks for a page that is not in here has to say here what guards it.
# "everybody": no sign-in; "own": whoever has signed in; else the rooms that rights.c opens to roles. `about`: whose id stands in the path.
Rule = collections.namedtuple("Rule", "room about")
RULES = {
    "GET /healthz": Rule("everybody", None), "GET /metrics": Rule("everybody", None), "GET /assets/:name": Rule("everybody", None),
    "GET /": Rule("own", None),
    "GET /sign-in": Rule("everybody", None), "POST /sign-in": Rule("everybody", None),
    "GET /sign-in/code": Rule("everybody", None), "POST /sign-in/code": Rule("everybody", None),
    "GET /sign-in/setup": Rule("everybody", None), "POST /sign-in/setup": Rule("everybody", None),
    "POST /sign-out": Rule("everybody", None), "GET /unlock": Rule("everybody", None), "POST /unlock": Rule("everybody", None),
    "GET /settings": Rule("own", None), "POST /settings": Rule("own", None), "POST /settings/password": Rule("own", None),
    "POST /settings/totp": Rule("own", None), "POST /settings/recovery": Rule("own", None),
    "POST /settings/sign-ins/:id": Rule("own", "sign-in"),
    "GET /live": Rule("own", None), "GET /live/counts": Rule("own", None),
    "GET /queue": Rule("queue", None), "POST /filters": Rule("queue", None), "GET /search": Rule("queue", None),
    "POST /search": Rule("queue", None), "GET /requests/new": Rule("queue", None), "POST /requests": Rule("queue", None),
    "GET /requests/:id": Rule("queue", "request"), "GET /requests/:id/session": Rule("queue", "request"),
    **{f"POST /requests/:id/{verb}": Rule("queue", "request") for verb in (
        "claim", "release", "assign", "wait", "urgency", "attempt", "note", "draft", "count", "reply", "dealt", "refer", "settle",
        "close", "reopen", "merge")},
    "POST /requests/:id/reveal": Rule("reveal", "request"),
    "GET /sessions": Rule("sessions", None), "GET /sessions/:id": Rule("sessions", "session"),
    "GET /people/:id": Rule("person", "person"), "POST /people/:id/flag": Rule("person", "person"),
    "POST /people/:id/flag-drop": Rule("person", "person"),
    "GET /people/:id/forget": Rule("forget", "person"), "POST /people/:id/forget": Rule("forget", "person"),
    "POST /people/:id/number-changed": Rule("forget", "person"),
    "GET /outbox": Rule("outbox", None), "POST /outbox/:id/dealt": Rule("outbox", "text"),
    "GET /audit": Rule("audit", None),
    "GET /users": Rule("users", None), "GET /users/new": Rule("users", None), "POST /users/new": Rule("users", None),
    "GET /users/:id": Rule("users", "account"),
    **{f"POST /users/:id/{verb}": Rule("users", "account") for verb in ("change", "disable", "enable", "reset")},
}
RIGHTS = {"everybody": "RIGHT_NONE", "own": "RIGHT_SIGNED_IN"}
ROLES = {
    "counsellor": {"queue", "reveal", "person"}, "supervisor": {"queue", "reveal", "person", "sessions", "forget", "outbox", "audit"},
    "complaints": {"queue", "reveal", "person", "forget"}, "editor": set(), "analyst": set(), "channels": {"outbox"},
    "admin": {"users", "audit"}, "auditor": {"audit"},
}


def routes():
    text = (ROOT / "gateway/console/door/routes.c").read_text()
    found = [Route(*each) for each in re.findall(r'\{ROUTE_(GET|POST), +"([^"]+)", +(RIGHT_\w+), +(\w+)\}', text)]
    assert len(found) == len(re.findall(r"\{ROUTE_", text)) > 40
    return found


def filled(path, number=7):
    return path.replace(":id", str(number)).replace(":name", "none")


def lines(gateway, *where):
    connection = gateway.db()
    try:
        return connection.execute(f"SELECT count(*) FROM audit WHERE {' AND '.join(where) or 1}").fetchone()[0]
    finally:
        connection.close()


def rows(gateway, question):
    connection = gateway.db()
    try:
        return [tuple(row) for row in connection.execute(question)]
    finally:
        connection.close()


def guarded(page, what):
    """The headers of every answer of the console."""
    wanted = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
              "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}
    for name, value in wanted.items():
        assert page.headers.get(name) == value, f"{what}: {name}: {page.headers.get(name)}"
    kept = page.headers.get("cache-control", "")
    assert kept == "no-store" or "immutable" in kept and "/assets/" in str(what), f"{what}: {kept}"


def form(browser, path, fields, **headers):
    """A form as it is given, and no token by itself."""
    return browser.ask("POST", path, urllib.parse.urlencode(fields, errors="surrogateescape"),
                       {"Content-Type": FORM, **{k.replace("_", "-"): v for k, v in headers.items()}})


def test_every_route_has_a_rule():
    """a route that this file does not know fails; each is opened to the roles of its rule, HEAD as GET, with the headers of every page"""
    table = routes()
    assert {f"{r.method} {r.path}" for r in table} == set(RULES), \
        {f"{r.method} {r.path}" for r in table} ^ set(RULES)
    for route in table:
        room = RULES[f"{route.method} {route.path}"].room
        assert route.right == RIGHTS.get(room, "RIGHT_" + room.upper()), route
    with Gateway() as gateway:
        for role, rooms in ROLES.items():
            browser = desk.operator(gateway, role, role)
            for route in table:
                rule, path = RULES[f"{route.method} {route.path}"], filled(route.path)
                if route.method == "POST" or rule.room == "everybody" or path == "/live":
                    continue
                page = browser.get(path)
                guarded(page, (role, path))
                assert (page.status == 403) == (rule.room not in rooms | {"own"}), (role, path, page.status)
                head = browser.ask("HEAD", path)
                assert head.status == page.status and head.text == "", (role, path, head.status)
                guarded(head, (role, path, "HEAD"))


def test_forged_forms():
    """every POST: without a token, with another's, from another site, by another method: refused, and nothing is done"""
    with Gateway() as gateway:
        people = {role: desk.operator(gateway, role, role) for role in ("supervisor", "admin", "counsellor")}
        other = people["counsellor"].get("/settings") and people["counsellor"].token()
        before = rows(gateway, "SELECT id, version FROM operator ORDER BY id")
        for route in routes():
            path = filled(route.path)
            rule = RULES[f"{route.method} {route.path}"]
            if route.method == "GET":
                continue
            role = "admin" if rule.room == "users" else "supervisor"
            browser = people[role]
            browser.get("/settings")
            own = browser.token()
            assert own and own != other
            tries = [({}, {}), ({"token": other}, {}), ({"token": own[:-1]}, {}), ({"token": ""}, {}),
                     ({"token": own}, {"Sec_Fetch_Site": "cross-site"}), ({"token": own}, {"Sec_Fetch_Site": "same-site"}),
                     ({"token": own}, {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}),
                     ({"token": own}, {"Origin": "null"}), ({"token": own}, {"Origin": "https://elsewhere.example"}),
                     ({"token": own}, {"Origin": f"http://127.0.0.1:{browser.port + 1}"})]
            for fields, headers in tries:
                page = form(browser, path, fields, **headers)
                assert page.status == 403, (route, fields.keys(), headers, page.status)
                guarded(page, route)
            for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
                page = browser.ask("GET", f"{path}?_method=POST&token={own}", None, {name: "POST"})
                assert page.status in (200, 303, 403, 404, 405), (route, page.status)
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
                try:
                    assert browser.ask(method, path).status in (400, 405), (route, method)
                except (http.client.HTTPException, OSError):
                    pass  # cut off before an answer is as good
            assert browser.get("/settings").status == 200, (route, "a forged form ended the sign-in")
        assert rows(gateway, "SELECT id, version FROM operator ORDER BY id") == before
        for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
                        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors"}):
            page = people["supervisor"].get("/queue", **headers)
            assert page.status == 403 and "Content-Security-Policy".lower() in page.headers, headers


def test_ids_of_others():
    """what is not theirs to see is not there, word for word, by page and by form; that they asked is kept"""
    with Gateway() as gateway:
        _, reference = desk.caller_who_asks(gateway)
        boss = desk.first_admin(gateway)
        head = desk.operator(gateway, "head", "supervisor")
        head_sign_in = rows(gateway, "SELECT max(id) FROM sign_in")[0][0]
        officer = desk.operator(gateway, "officer", "complaints")  # callers who ask for a call are the counsellors'
        request = rows(gateway, "SELECT id FROM request")[0][0]
        fields = {"text": "x", "to": request, "until": "2099-01-01", "result": "1", "reason": "1", "outcome": "1", "urgency": "1",
                  "code": "1", "place": "note", "office": "x", "referral": "1", "operator": "1", "name": "x", "number": reference}
        state = rows(gateway, "SELECT * FROM request"), gateway.count("note"), gateway.count("draft"), gateway.count("attempt")
        for route in routes():
            rule = RULES[f"{route.method} {route.path}"]
            if rule.about != "request":
                continue
            answers = []
            for number in (request, 7):
                before = lines(gateway, f"action = {REFUSED}")
                officer.get("/settings")
                path = filled(route.path, number)
                page = officer.get(path) if route.method == "GET" else officer.post(path, fields)
                answers.append((page.status, re.sub(r'name="(token|key)" value="[0-9a-f]*"', "", page.text).replace(str(number), "N")))
                if route.path.endswith("/count"):
                    continue  # counts characters of what was typed, whatever the number
                assert page.status in (404, 422), (route, number, page.status)
                assert "3 Rahman" not in page.text
                if number == request and page.status == 404:
                    assert lines(gateway, f"action = {REFUSED}") > before, (route, "no line in the audit")
            assert answers[0] == answers[1], (route, answers[0][0], answers[1][0])
        assert state == (rows(gateway, "SELECT * FROM request"), gateway.count("note"), gateway.count("draft"), gateway.count("attempt"))

        # Search says the same of a reference that is not theirs and of one that nobody has.
        answers = []
        for typed in (reference, "9999 9999"):
            officer.get("/search")
            page = officer.post("/search", q=typed)
            answers.append((page.status, page.headers.get("location")))
            assert officer.get("/search?" + urllib.parse.urlencode({"q": typed})).headers.get("location") == answers[-1][1]
        assert answers[0] == answers[1] == (200, None), answers

        # Sign-ins, by others and by who keeps accounts; accounts that are not there.
        officer.get("/settings")
        known, unknown = officer.post(f"/settings/sign-ins/{head_sign_in}"), officer.get("/settings") and officer.post("/settings/sign-ins/7")
        assert known.status == unknown.status == 404 and head.get("/queue").status == 200
        boss.get("/users")
        for verb in "change", "disable", "enable", "reset":
            boss.get("/users")
            assert boss.post(f"/users/{request}/{verb}", shown="x", role="admin").status == 404, verb

        # Who looks at a request is told to who may see it.
        head.get(f"/requests/{request}")
        assert "Head" not in officer.get(f"/live/counts?request={request}").text
        head.get(f"/live/counts?request={request}")
        assert "Officer" not in head.page.text, "somebody who may not see it stands beside it"


def hammer(gateway, name, count=6):
    stranger = desk.Browser(gateway.console)
    for _ in range(count):
        page = stranger.post("/sign-in", name=name, password="guess after guess")
        assert page.status == 422
    return page


def test_nobody_is_locked_out_by_others():
    """who tries passwords for a name keeps its owner out of no browser that was theirs; that browser has a wait of its own"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        rina.post("/sign-out")
        assert re.search(r"helpline-known-[0-9a-f]{8}", str(rina.cookies))
        hammer(gateway, "rina", 7)
        stranger = desk.Browser(gateway.console)
        assert stranger.post("/sign-in", name="rina", password=rina.password).status == 422, "the lock does not hold elsewhere"
        page = rina.give_password()
        assert page.status == 303, "a stranger locked her out"
        rina.follow()
        assert rina.post("/sign-in/code", code=rina.code()).status == 303 and rina.get("/queue").status == 200

        # The cookie is hers alone, and no other opens by it.
        mina = desk.add_user(gateway, "mina", "analyst")
        hammer(gateway, "mina", 7)
        forged = desk.Browser(gateway.console)
        forged.cookies = {k: v for k, v in rina.cookies.items() if "known" in k}
        assert forged.post("/sign-in", name="mina", password=mina).status == 422
        name, value = next(iter(forged.cookies.items()))
        for broken in (value[:32] + "0" * 32, value[:-1] + ("0" if value[-1] != "0" else "1"), "0" * 64, ""):
            forged.cookies = {name: broken}
            hammer(gateway, "rina", 1)
            assert forged.post("/sign-in", name="rina", password=rina.password).status == 422, broken

        # A thief of the cookie has no more tries than anybody.
        thief = desk.Browser(gateway.console)
        thief.cookies = {name: value}
        for k, v in rina.cookies.items():
            if "known" in k:
                thief.cookies[k] = v
        seen = [thief.post("/sign-in", name="rina", password=f"guess {i}").status for i in range(6)]
        assert set(seen) == {422}
        assert thief.post("/sign-in", name="rina", password=rina.password).status == 422, "a known browser may try for ever"
        found = {row[0] for row in rows(gateway, f"SELECT word.text FROM audit JOIN word ON word.id = audit.detail WHERE action = {FAILED}")} \
            if gateway.count("sqlite_master", "name = 'word'") else set()
        assert not found or {"password", "not_let_in"} <= found, found
        assert gateway.run("user", "enable", "mina").returncode == 0
        assert desk.Browser(gateway.console).give_password("mina", mina).status == 303, "whoever keeps accounts cannot open the lock"


harness.main()
