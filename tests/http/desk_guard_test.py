"""The desk under attack: every route by every hand, other people's ids, forged forms, locks, hostile words, what is left behind."""
# timeout: 900
import collections
import concurrent.futures
import html
import http.client
import os
import re
import socket
import sqlite3
import stat
import threading
import time
import urllib.parse

import desk
import harness
import infoline
from gateway import ROOT, Gateway, get, raw, stands_in

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
    "GET /requests/:id/redact": Rule("redact", "request"), "POST /requests/:id/redact": Rule("redact", "request"),
    "GET /sessions": Rule("sessions", None), "GET /sessions/:id": Rule("sessions", "session"),
    "GET /sessions/:id/redact": Rule("sessions", "session"), "POST /sessions/:id/redact": Rule("sessions", "session"),
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
    "counsellor": {"queue", "reveal", "person"}, "supervisor": {"queue", "reveal", "person", "sessions", "forget", "redact", "outbox", "audit"},
    "complaints": {"queue", "reveal", "person", "forget", "redact"}, "editor": set(), "analyst": set(), "channels": {"outbox"},
    "admin": {"users", "audit"}, "auditor": {"audit"},
}


def routes():
    text = (ROOT / "gateway/console/routes.c").read_text()
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


def same_as_nobodys(gateway, browser, role, about, number, fields):
    """Every route about such a thing answers word for word as for an id that is not there, and leaves a line in the audit."""
    for route in routes():
        rule = RULES[f"{route.method} {route.path}"]
        if rule.about != about or rule.room not in ROLES[role] or route.path.endswith("/count"):
            continue  # /count counts characters of what was typed, whatever the number
        answers = []
        for asked in (number, number + 1):
            before = lines(gateway, f"action = {REFUSED}")
            browser.get("/settings")
            path = filled(route.path, asked)
            page = browser.get(path) if route.method == "GET" else browser.post(path, fields)
            text = re.sub(r'name="(token|key)" value="[0-9a-f]*"', "", page.text).replace(str(asked), "N")
            answers.append((page.status, re.sub(r'data-\w+="\d+"', "", text)))
            assert page.status in (404, 422), (role, route, asked, page.status)
            if asked == number and page.status == 404:
                assert lines(gateway, f"action = {REFUSED}") > before, (role, route, "no line in the audit")
        assert answers[0] == answers[1], (role, route, *(b for a, b in zip(answers[0][1].splitlines(), answers[1][1].splitlines()) if a != b))


def found_by(browser, typed):
    """What the search box answers: where it leads, and what it says beside what was typed."""
    browser.get("/search")
    page = browser.post("/search", q=typed)
    said = re.sub(r'name="(token|key)" value="[0-9a-f]*"', "", page.text)
    said = re.sub(r'(<input id="search-q"[^>]*) value="[^"]*"', r"\1", said)  # what they typed themselves
    return page.status, page.headers.get("location"), re.sub(r'data-\w+="\d+"', "", said)


def test_people_of_others():
    """a person of whom no request is theirs to see is not there for a counsellor or complaints officer: by page, form, reference and number"""
    with Gateway() as gateway:
        phone, _ = desk.caller_who_asks(gateway)
        person, request = rows(gateway, "SELECT person, id FROM request")[0]
        session = rows(gateway, "SELECT id FROM session")[0][0]
        roles = {role: desk.operator(gateway, role, role, None, *more) for role, more in {
            "counsellor": ["--topics", "health"], "complaints": [], "supervisor": [], "admin": [], "auditor": [], "channels": [],
            "editor": [], "analyst": []}.items()}
        fields = {"text": "x", "until": "2099-01-01", "sure": "1", "word": "forget", "flag": "1"}
        untouched = "phone", "renewed_at IS NOT NULL"

        # Without a request; with one of another topic; of another desk; of their own.
        steps = {
            "DELETE FROM request": {"supervisor"},
            "INSERT INTO request SELECT * FROM kept; UPDATE request SET topic = NULL, desk = NULL": {"supervisor", "counsellor"},
            "UPDATE request SET topic = (SELECT id FROM word WHERE text = 'wages')": {"supervisor"},
            "UPDATE request SET desk = (SELECT id FROM word WHERE text = 'complaints')": {"supervisor", "complaints"},
            "UPDATE request SET desk = NULL, topic = (SELECT id FROM word WHERE text = 'health')": {"supervisor", "counsellor"},
        }
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("CREATE TABLE kept AS SELECT * FROM request")
            for word in ("wages", "health", "complaints"):
                data.execute("INSERT OR IGNORE INTO word (text) VALUES (?)", (word,))
            data.execute("INSERT INTO registration (id, person, session, reference, created_at) VALUES (?, ?, ?, '1234566', 1)", (request, person, session))
        data.close()
        for change, seeing in steps.items():
            with sqlite3.connect(gateway.data) as data:
                data.executescript(change)
            data.close()
            gateway.start()
            for role, browser in roles.items():
                browser.port = gateway.console
                page = browser.get(f"/people/{person}")
                wanted = 200 if role in seeing else 404 if "person" in ROLES[role] else 403
                assert page.status == wanted, (change, role, page.status)
                if wanted == 404:
                    same_as_nobodys(gateway, browser, role, "person", person, fields)
                    assert found_by(browser, "1234566") == found_by(browser, "9999997"), (change, role)
                    assert found_by(browser, phone.number) == found_by(browser, "01799999999"), (change, role)
                elif wanted == 200:
                    assert found_by(browser, "1234566")[1] == found_by(browser, phone.number)[1] == f"/people/{person}", (change, role)
            assert gateway.count("person", "forgotten_at IS NULL") == 1 and gateway.count(*untouched) == 0 and gateway.count("person_flag") == 0
            assert gateway.stop() == 0
        gateway.start()


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
        same_as_nobodys(gateway, officer, "complaints", "request", request, fields)
        assert state == (rows(gateway, "SELECT * FROM request"), gateway.count("note"), gateway.count("draft"), gateway.count("attempt"))

        # Search says the same of a reference that is not theirs and of one that nobody has.
        answers = []
        for typed in (reference, "9999 9999"):
            officer.get("/search")
            page = officer.post("/search", q=typed)
            answers.append((page.status, page.headers.get("location")))
            assert officer.get("/search?" + urllib.parse.urlencode({"q": typed})).headers.get("location") == answers[-1][1]
        assert answers[0] == answers[1] == (200, None), answers

        # So does the field for one that is the same.
        assert by_hand(officer, "+8801799999997", kind="pay").status == 303
        own = rows(gateway, "SELECT max(id) FROM request")[0][0]
        answers = []
        for name, value in (("reference", reference), ("reference", "9999997"), ("to", request), ("to", 7)):
            officer.get(f"/requests/{own}")
            page = officer.post(f"/requests/{own}/merge", {name: value, "version": "1"})
            answers.append((page.status, re.search(r"role=\"alert\".*?</ul>", page.text, re.S).group(0).replace(str(request), "N")))
        assert len(set(answers)) == 1 and answers[0][0] == 422, set(answers)

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


def complain(phone):
    """From the main menu to the reference of a complaint, by the first key of each page."""
    phone.pick("Pay owed")
    for _ in range(20):
        if not phone.screen.open:
            return
        phone.press((phone.keys() or ["Gulf Star Travel"])[0])


def words(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def lasting_words(page):
    """Without when it is safe to call, which is another time after midnight."""
    text, found = re.subn(r'(?s)<td class="when".*?</td>', "", page.text)
    assert found == page.text.count('<tr id="row-'), page.text
    return words(page._replace(text=text))


def test_a_complaint_is_told_to_nobody_else():
    """of a complaint a counsellor learns nothing, beside the queue, in counters, in what its person said; nor an officer of counsellors' """
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        officer = desk.operator(gateway, "officer", "complaints")
        head = desk.operator(gateway, "head", "supervisor")
        phone, _ = desk.caller_who_asks(gateway)
        asked = rows(gateway, "SELECT id FROM request")[0][0]
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:  # so that no hour that turns meanwhile tells another time
            data.execute("UPDATE request SET due_at = ?", (int((time.time() + 10.5 * 86400) * 1000),))
        data.close()
        gateway.start()
        quiet = {path: lasting_words(rina.get(path)) for path in ("/queue?tab=all", "/queue?tab=all&lang=en", "/queue?tab=danger", "/queue?tab=overdue")}
        counts = rina.get("/live/counts?since=1").text
        time.sleep(0.05)
        infoline.to_main(phone)
        complain(phone)
        reference = infoline.reference_of(phone.screen)
        complaint = rows(gateway, f"SELECT id FROM request WHERE id <> {asked}")[0][0]
        time.sleep(1.1)  # counters are read at most once a second
        for path, before in quiet.items():
            assert lasting_words(rina.get(path)) == before, f"{path} tells of a complaint"
            assert "you cannot see" not in officer.get(path).text, f"{path} tells an officer of what is the counsellors'"
        assert rina.get("/live/counts?since=1").text == counts
        assert found_by(rina, reference)[1] is None and rina.get(f"/requests/{complaint}").status == 404

        # What the person said since, and in the same conversation: only what was said to this desk.
        of_complaint = ("leave that job", "agent or company", "Send this complaint", "Time limits", reference, reference.replace(" ", ""), "not yours to see")
        infoline.to_main(phone)
        phone.pick("My requests")
        for path in (f"/requests/{asked}/session?since=1", f"/requests/{asked}/session", f"/requests/{asked}", f"/people/{rows(gateway, 'SELECT person FROM request')[0][0]}"):
            said = words(rina.get(path))
            assert rina.page.status == 200, path
            for each in of_complaint:
                assert each not in said, f"{path} tells of a complaint: {each}"
        assert rina.get(f"/requests/{asked}/session?since=1").status == 200 and "leave that job" not in rina.page.text
        assert "Best time" in words(rina.get(f"/requests/{asked}/session")), "what was said to this desk is missing"
        theirs = words(officer.get(f"/requests/{complaint}/session"))
        assert officer.page.status == 200 and "leave that job" in theirs and "What about?" not in theirs, theirs
        assert "leave that job" in words(head.get(f"/requests/{complaint}/session"))

        # Two in one conversation: the same.
        both = gateway.phone()
        infoline.to_main(both)
        both.pick("Pay owed")
        both.press("1")
        both.press("1")
        both.press("1")
        for _ in range(12):  # back out of it, and ask for a call
            if "Ask us to call you" in both.screen.text:
                break
            both.press("00" if re.search(r"^00 ", both.screen.text, re.M) else "0")
        infoline.ask_for_a_call(both)
        asked = rows(gateway, "SELECT max(id) FROM request")[0][0]
        said = words(rina.get(f"/requests/{asked}/session"))
        assert rina.page.status == 200 and "Best time" in said
        assert not [each for each in of_complaint if each in said], said
        steps = [int(n) for n in re.findall(r'id="step-(\d+)"', rina.page.text)]
        assert steps == list(range(1, len(steps) + 1)), "the numbers of steps tell that some are left out"


def test_an_address_that_is_too_long_to_come_back_to():
    """who asks for a page by an address that grows past a header when it is written into another one signs in, and begins anew"""
    with Gateway() as gateway:
        stranger = desk.Browser(gateway.console)
        where = "/queue?tab=mine&" + "=" * 1000  # a place to come back to has up to 1,024 bytes, each "=" takes three
        assert len(where) < 1024
        page = stranger.get(where)
        assert page.status == 303 and page.headers["location"] == "/sign-in", page
        page = stranger.get(where, HX_Request="true", HX_Current_URL=f"http://127.0.0.1:{gateway.console}{where}")
        assert page.status == 401 and page.headers["hx-redirect"] == "/sign-in", page
        first = desk.add_user(gateway, "rina", "counsellor")
        page = stranger.give_password("rina", first, back=where)
        assert page.status == 303 and page.headers["location"] == "/sign-in/setup", page
        stranger.follow()
        stranger.set_up(back=where)
        stranger.get("/settings")
        stranger.change_password(desk.PASSWORD)
        stranger.post("/sign-out")
        page = stranger.give_password(back=where)
        assert page.status == 303 and page.headers["location"] == "/sign-in/code", page
        stranger.follow()
        page = stranger.post("/sign-in/code", code=stranger.code(), back=where)
        assert page.status == 303 and page.headers["location"] == where, "as it is, it fits"


def test_one_key_hides_nothing():
    """a form that is sent again with its key leaves a line each time: for the page about somebody, for a search, for every refusal"""
    with Gateway() as gateway:
        phone, _ = desk.caller_who_asks(gateway)
        person, request = rows(gateway, "SELECT person, id FROM request")[0]
        rina = desk.operator(gateway, "rina", "counsellor")
        searched = 9  # AUDIT_SEARCHED
        for path, fields, status, action, about in (
                (f"/people/{person}/flag", {"text": "", "until": "2099-01-01"}, 422, VIEWED, person),
                (f"/requests/{request}/note", {"text": " "}, 422, VIEWED, request),
                ("/search", {"q": phone.number}, 303, searched, None)):
            for time_round in (1, 2, 3):
                rina.get("/settings")
                page = rina.post(path, {**fields, "key": "5" * 32})
                assert page.status == status, (path, page.status)
                found = lines(gateway, f"action = {action}", f"about = {about}" if about else "1")
                assert found == time_round, f"{path}: {time_round} times sent, {found} lines"
        before = lines(gateway, f"action = {REFUSED}")
        rina.get("/settings")
        token = rina.token()
        for sent, path in enumerate(("/people/5/forget", "/people/6/forget", "/people/6/forget", "/outbox/7/dealt"), 1):
            assert rina.post(path, token=token, key="5" * 32).status == 403
            assert lines(gateway, f"action = {REFUSED}") == before + sent, f"{path}: a refusal is not kept"


def by_hand(browser, number, note="rang us", **more):
    """A request by hand for this number; the answer."""
    browser.get("/requests/new")
    return browser.post("/requests", {"number": number, "came_by": "0", "kind": "call", "language": "en", "urgency": "0", "note": note,
                                      "key": browser.field("key"), **more})


def test_by_hand_opens_nobodys_past():
    """who types a number they know at "new request" sees what they made and nothing that was kept before; the audit tells it apart"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor", None, "--topics", "health")
        mina = desk.operator(gateway, "mina", "counsellor", None, "--topics", "work")
        head = desk.operator(gateway, "head", "supervisor")
        phone, old = desk.caller_who_asks(gateway)  # about work
        person = rows(gateway, "SELECT person FROM request")[0][0]
        assert rina.get(f"/people/{person}").status == 404 and mina.get(f"/people/{person}").status == 200
        said = [by_hand(rina, number, topic="health") for number in (phone.number, "+8801799999998")]
        assert [page.status for page in said] == [303, 303]
        known, new = (int(page.headers["location"].rsplit("/", 1)[1]) for page in said)
        assert rows(gateway, f"SELECT person FROM request WHERE id = {known}")[0][0] == person
        somebody = rows(gateway, f"SELECT person FROM request WHERE id = {new}")[0][0]

        # What was made is there, and leads nowhere further; who was not known before is theirs.
        assert rina.get(f"/requests/{known}").status == 200 and f"/people/{person}" not in rina.page.text
        assert old not in words(rina.page) and not stands_in(old.replace(" ", ""), rina.page.text)
        assert rina.get(f"/people/{person}").status == 404
        rina.get("/settings")
        assert rina.post(f"/people/{person}/flag", text="x", until="2099-01-01").status in (404, 422)
        assert gateway.count("person_flag") == 0
        assert rina.get(f"/requests/{new}").status == 200 and f"/people/{somebody}" in rina.page.text
        assert rina.get(f"/people/{somebody}").status == 200
        assert found_by(rina, phone.number)[1] == f"/requests/{known}", "their own request is not found by its number"
        assert found_by(rina, "+8801799999998")[1] == f"/people/{somebody}"
        assert found_by(rina, old)[1] is None
        assert mina.get(f"/people/{person}").status == 200 and head.get(f"/people/{person}").status == 200
        assert "0 more" not in mina.page.text

        # Nor is it a key to what they say from now on.
        infoline.to_main(phone)
        assert rina.get(f"/requests/{known}/session?since=1").status == 404, "a number that was typed once is listened to"
        asked = rows(gateway, "SELECT min(id) FROM request")[0][0]
        assert mina.get(f"/requests/{asked}/session?since=1").status == 200

        # Closed or not, by whomever: it opens nothing.
        assert by_hand(mina, "+8801799999998", topic="work").status == 303
        assert mina.get(f"/people/{somebody}").status == 404, "a request by hand opened what was kept before it"
        told = [row[0] for row in rows(gateway, "SELECT word.text FROM audit JOIN word ON word.id = audit.detail WHERE word.text LIKE 'made%' ORDER BY audit.id")]
        assert told == ["made_known", "made", "made_known"], told


def lock(gateway, *names):
    """As if somebody had tried passwords for these names all night: the next may be tried in an hour."""
    for name in names:
        assert desk.Browser(gateway.console).post("/sign-in", name=name, password="guess after guess").status == 422
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute("UPDATE operator SET failures = 40 WHERE failures > 0")
    data.close()
    gateway.start()


def test_nobody_is_locked_out_by_others():
    """who tries passwords for a name keeps its owner out of no browser that was theirs; that browser has a wait of its own"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        rina.post("/sign-out")
        assert re.search(r"helpline-known-[0-9a-f]{8}", str(rina.cookies))
        mina = desk.add_user(gateway, "mina", "analyst")
        lock(gateway, "rina", "mina")
        stranger = desk.Browser(gateway.console)
        assert stranger.post("/sign-in", name="rina", password=rina.password).status == 422, "the lock does not hold elsewhere"
        page = rina.give_password()
        assert page.status == 303, "a stranger locked her out"
        rina.follow()
        assert rina.post("/sign-in/code", code=rina.code()).status == 303 and rina.get("/queue").status == 200

        # The cookie is hers alone, and no other opens by it.
        lock(gateway, "rina")
        forged = desk.Browser(gateway.console)
        forged.cookies = {k: v for k, v in rina.cookies.items() if "known" in k}
        assert forged.post("/sign-in", name="mina", password=mina).status == 422
        name, value = next(iter(forged.cookies.items()))
        until = int(value[32:44])
        assert 89 * 86400 < until - time.time() <= 90 * 86400, "the cookie is good for another time than it says"
        for broken in (value[:32] + f"{until + 86400:012d}" + value[44:], value[:32] + value[44:], value[:32] + "0" * 32, value[:-1] + ("0" if value[-1] != "0" else "1"), "0" * 64, ""):
            forged.cookies = {name: broken}
            assert forged.post("/sign-in", name="rina", password=rina.password).status == 422, broken

        # A thief of the cookie has no more tries than anybody.
        kept = {k: v for k, v in rina.cookies.items() if "known" in k}

        def tried_by_thief(password):
            thief = desk.Browser(gateway.console)
            thief.cookies = dict(kept)
            return thief.post("/sign-in", name="rina", password=password).status

        for guess in range(8):
            assert tried_by_thief(f"guess {guess}") == 422
            if tried_by_thief(rina.password) == 422:
                break
        assert 1 <= guess < 7, f"{guess}: a known browser may try for ever"
        found = {row[0] for row in rows(gateway, f"SELECT word.text FROM audit JOIN word ON word.id = audit.detail WHERE action = {FAILED}")}
        assert {"password", "not_let_in"} <= found, found
        assert gateway.run("user", "enable", "mina").returncode == 0
        assert desk.Browser(gateway.console).give_password("mina", mina).status == 303, "whoever keeps accounts cannot open the lock"


def test_whose_tries_are_whose():
    """one address that tries closes that address for the name, and the owner signs in with a new browser from any other; many close it"""
    with Gateway(["listen.trusted_proxies=127.0.0.1/32"]) as gateway:
        first = desk.add_user(gateway, "mina", "analyst")

        def tried_from(address, password, **more):
            browser = desk.Browser(gateway.console)
            return browser.post("/sign-in", {"name": "mina", "password": password}, {"X-Forwarded-For": address}).status

        def is_network_closed():
            """By now, or by a few more wrong tries from its other addresses, on however slow a machine: each of them doubles the wait."""
            for guess in range(6):
                if tried_from("2001:db8:7:1:ffff::1", first) == 422:
                    return True
                assert tried_from(f"2001:db8:7:1:eeee::{guess:x}", f"one more guess {guess}") == 422
            return False

        for each in range(12):
            assert tried_from(f"2001:db8:7:1::{each:x}", f"guess {each}") == 422
        assert gateway.count("operator", "failures BETWEEN 3 AND 11") == 1, "none of these had to wait"
        assert is_network_closed(), "the same network has tries left"
        assert tried_from("198.51.100.7", first) == 303, "who tried elsewhere keeps her out"
        for each in range(30):
            assert tried_from(f"203.0.113.{each}", f"guess {each}") == 422
        assert gateway.count("operator", "failures BETWEEN 20 AND 29") == 1
        desk.lock(gateway, "mina", 0)
        assert tried_from("198.51.100.7", first) == 422, "from many addresses a name is tried without end"


class Flood:
    """Connections from one address that try passwords without end, for a name that is not there."""

    def __init__(self, gateway, address, connections=8):
        self.port, self.address, self.ending, self.said = gateway.console, address, threading.Event(), collections.Counter()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(connections)]

    def run(self):
        while not self.ending.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
            connection.request("POST", "/sign-in", "name=nobody&password=a+guess+and+another", {"Content-Type": FORM})
            self.said[connection.getresponse().status] += 1
            connection.close()

    def goes_on(self):
        """From here on, too: once more one was turned away, and one was tried."""
        before = dict(self.said)
        harness.wait_until(lambda: all(self.said[status] > before.get(status, 0) for status in (422, 503)), 60, "the flood")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.goes_on()
        return self

    def __exit__(self, kind, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(60)
        assert kind or set(self.said) == {422, 503}, self.said


def test_a_flood_keeps_nobody_out():
    """who tries without end from one address holds up nobody elsewhere, and at that address neither unlocking nor a browser that is known"""
    with Gateway() as gateway:
        mina, first = desk.operator(gateway, "mina", "analyst"), desk.add_user(gateway, "nina", "analyst")
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("UPDATE sign_in SET seen_at = seen_at - 16 * 60000")
        data.close()
        gateway.start()
        with Flood(gateway, "127.0.0.2") as flood:
            for _ in range(6):
                assert desk.Browser(gateway.console).give_password("nina", first).status == 303, "from another address, anew"
                flood.goes_on()
        with Flood(gateway, "127.0.0.1") as flood:
            assert mina.get("/settings").status == 303 and "Locked" in mina.follow().text
            assert mina.post("/unlock", password=mina.password).status == 303, "unlocking"
            for _ in range(6):
                flood.goes_on()
                mina.get("/settings")
                assert mina.post("/sign-out").status == 303
                assert mina.give_password().status == 303, "signing in where she did before"


def test_who_is_let_in_again_waits_nowhere():
    """`user enable`, `user reset` and an administrator's button end the waits of a name, in the running gateway"""
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        passwords = {name: desk.add_user(gateway, name, "analyst") for name in ("mina", "nina", "lina")}

        def tried(name, password):
            return desk.Browser(gateway.console).post("/sign-in", name=name, password=password).status

        def five_wrong_counted():
            left = [name for name in passwords if not gateway.count("operator", f"name = '{name}' AND failures >= 5")]
            for name in left:
                assert tried(name, "a guess and another") == 422
            return not left

        # Then nobody at this address is let in for eight seconds, which are not waited for.
        harness.wait_until(five_wrong_counted, 120, "five wrong tries")
        told = gateway.run("user", "reset", "nina")
        assert told.returncode == 0, told.stderr
        passwords["nina"] = re.search(r"^ +([a-z0-9]{16})$", told.stdout, re.M).group(1)
        assert tried("nina", passwords["nina"]) == 303, "user reset leaves her waiting"
        assert gateway.run("user", "enable", "mina").returncode == 0
        assert tried("mina", passwords["mina"]) == 303, "user enable leaves her waiting"
        link = re.search(r'href="(/users/\d+)">Lina', boss.get("/users").text).group(1)
        boss.get(link)
        page = boss.post(f"{link}/reset")
        passwords["lina"] = re.search(r"<dd><code>([a-z0-9]{16})</code>", page.text).group(1)
        assert tried("lina", passwords["lina"]) == 303, "a new first password leaves her waiting"


HEADERS = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
           "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
           "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
                                      "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}


def test_headers_on_every_answer():
    """every route, for somebody, for nobody and asked wrongly, and what is refused before one: policy, no sniffing, no frame, not kept"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor,admin")
        desk.caller_who_asks(gateway)
        ids = {kind: rows(gateway, f"SELECT id FROM {kind}")[0][0] for kind in ("request", "person", "session")}
        rina.get("/queue")
        asset = re.search(r'href="(/assets/app[^"]*\.css)"', rina.page.text).group(1)
        kept = {k: v for k, v in rina.cookies.items()}

        def check(page, what, is_asset=False):
            for name, value in HEADERS.items():
                assert page.headers.get(name) == value, f"{what}: {name}: {page.headers.get(name)}"
            wanted = "public, max-age=31536000, immutable" if is_asset else "no-store"
            assert page.headers.get("cache-control") == wanted, f"{what}: {page.headers.get('cache-control')}"
            assert "server" not in page.headers and "access-control-allow-origin" not in page.headers, what

        tried = 0
        for route in routes():
            kind = "session" if "sessions/" in route.path else "person" if "people" in route.path else "request"
            path = route.path.replace(":id", str(ids[kind])).replace(":name", asset.rsplit("/", 1)[1])
            for cookies in (kept, {}):
                browser = desk.Browser(gateway.console)
                browser.cookies = dict(cookies)
                if path == "/live" and cookies:
                    continue  # it does not end: below
                page = browser.get(path) if route.method == "GET" else browser.post(path)
                check(page, f"{route.method} {path} {page.status}", path == asset)
                page = browser.post(path) if route.method == "GET" else browser.get(path)
                check(page, f"not {route.method} {path} {page.status}", path == asset and page.status in (200, 304))
                tried += 2
        assert tried > 200
        stranger = desk.Browser(gateway.console)
        for path in ("/nothing", "/assets/nothing", "/requests/1", "/queue?a=%ff", "/%00", "/sessions/1"):
            check(stranger.get(path), path)
        for headers in ({"Host": "rebound.example"}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            check(stranger.get("/sign-in", **headers), str(headers))
        for method, body, headers in (("PUT", "", {}), ("OPTIONS", "", {}), ("POST", "{}", {"Content-Type": "application/json"}),
                                      ("POST", "a=" + "x" * 70000, {"Content-Type": "application/x-www-form-urlencoded"})):
            check(stranger.ask(method, "/sign-in", body, headers), method)
        cookies = "; ".join(f"{k}={v}" for k, v in kept.items())
        said = raw(gateway.console, f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode(), 1, first=60).decode().lower()
        assert said.startswith("http/1.1 200")
        for name, value in {**HEADERS, "cache-control": "no-store"}.items():
            assert f"{name}: {value}".lower() in said, f"the stream: {name}"


def test_the_desk_is_measured():
    """/metrics counts open requests by urgency, who is signed in, streams, what waits and refused sign-ins; it names nobody"""
    with Gateway() as gateway:
        def number(name):
            found = re.findall(rf"^helpline_desk_{name}(?:{{[^}}]*}})? (\d+)$", get(gateway.console, "/metrics").body.decode(), re.M)
            assert found, f"{name} is not measured"
            return sum(map(int, found))

        assert number("requests_open") == number("operators") == number("sign_ins_refused_total") == number("actions_waiting") == 0
        rina = desk.operator(gateway, "rina", "counsellor")
        desk.caller_who_asks(gateway)
        rina.get("/queue")
        assert desk.Browser(gateway.console).give_password("rina", "not the right one").status == 422
        assert desk.Browser(gateway.console).give_password("nobody", "not the right one").status == 422
        assert number("operators") == 1 and number("sign_ins_refused_total") == 2
        harness.wait_until(lambda: number("requests_open") == 1, 20, "the request to be counted")
        assert number("requests_overdue") == 0
        cookies = "; ".join(f"{k}={v}" for k, v in rina.cookies.items())
        with socket.create_connection(("127.0.0.1", gateway.console)) as stream:
            stream.sendall(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode())
            assert stream.recv(100).startswith(b"HTTP/1.1 200")
            assert number("streams") == 1
        rina.post("/sign-out")
        assert number("operators") == 0 and "rina" not in get(gateway.console, "/metrics").body.decode()


def test_stopping_is_quiet():
    """who acts while the gateway stops is told that it is restarted, and nothing is written into the log as an error"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        desk.caller_who_asks(gateway)
        request = rows(gateway, "SELECT id FROM request")[0][0]
        cookies, looked, told = dict(rina.cookies), [], []

        def look():
            browser = desk.Browser(gateway.console)
            browser.cookies = dict(cookies)
            try:
                for _ in range(2000):
                    page = browser.get(f"/requests/{request}")
                    looked.append(page.status)
                    if page.status != 200:
                        told.append(page)
            except OSError:
                pass
            except http.client.HTTPException:
                pass

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            looking = [pool.submit(look) for _ in range(6)]
            harness.wait_until(lambda: len(looked) > 30, 60, "all to look")
            assert gateway.stop() == 0
            for each in looking:
                each.result()
        assert "visit_failed" not in gateway.log(), "what is no fault is logged as one"
        assert all(page.status == 503 and "restarted" in page.text for page in told), [page.status for page in told]
        gateway.start()


BAD = ("%00", "%ff%fe", "%ed%a0%80", "x" * 30000, "y" * 1500, "%22%3E%3Cimg%20src=x%20onerror=1%3E", "-9223372036854775809", "18446744073709551616",
       "%E2%80%AE%E2%80%8B", "%E0%A6%95" * 100, "9" * 400, "%0d%0aX:1")
# What would end a sign-in, an account or somebody, and a stream that does not end: tried with accounts and people to throw away.
BY_THEMSELVES = {"GET /live", "GET /sign-in", "POST /sign-in", "GET /sign-in/code", "POST /sign-in/code", "GET /sign-in/setup", "POST /sign-in/setup",
                 "POST /sign-out", "GET /unlock", "POST /unlock", "POST /settings/password", "POST /settings/totp", "POST /settings/recovery",
                 "POST /settings/sign-ins/:id", "POST /users/:id/disable", "POST /people/:id/forget"}


def field_names():
    """Every name that a form has or a page asks for, but for those that stop a form before its page."""
    console = ROOT / "gateway/console"
    code = "".join(path.read_text() for path in console.rglob("*.c"))
    found = set(re.findall(r'visit_(?:field|query)(?:_id)?\(\w+, "(\w+)"\)', code)) | set(re.findall(r'count, SPAN\("(\w+)"\)', code))
    found |= {name for path in console.rglob("*.html") for name in re.findall(r'name="(\w+)"', path.read_text())}
    assert {"text", "q", "back", "new_password", "recovery_password", "word", "step", "list", "number", "district", "role", "shown"} <= found, found
    return sorted(found - {"token", "later", "kept"})


NAMES = field_names()


def filled_with(bad, most, but=()):
    """Queries or forms, as many as it takes for every field to have this value in one of them."""
    names = ["text"] if len(bad) > 10000 else [name for name in NAMES if name not in but]
    each = max(1, min(FIELDS, most // (len(bad) + 20)))
    return ["&".join(f"{name}={bad}" for name in names[at:at + each]) for at in range(0, len(names), each)]


ADDRESS, BODY, FIELDS = 12000, 60000, 50  # bytes that the console takes of either, and fields


def check_whole(page, what):
    assert page.status < 500 and "<img" not in page.text and "x" not in page.headers, (*what, page.status)
    assert page.headers.get("content-security-policy") == POLICY, (*what, page.status)


def test_hostile_fields():
    """NULs, no UTF-8, thousands of letters, numbers past all bounds, markup, line ends, in every field of every route: no page breaks"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor,admin")
        desk.caller_who_asks(gateway)
        ids = {kind: rows(gateway, f"SELECT id FROM {kind}")[0][0] for kind in ("request", "person", "session")}
        desk.add_user(gateway, "mina", "analyst")
        ids["account"] = rows(gateway, "SELECT id FROM operator WHERE name = 'mina'")[0][0]
        done = 0
        for route in routes():
            rule = RULES[f"{route.method} {route.path}"]
            if f"{route.method} {route.path}" in BY_THEMSELVES:
                continue
            path = filled(route.path, ids.get(rule.about, 7))
            rina.get("/settings")
            token = rina.token()
            for bad in BAD:
                if route.method == "GET":
                    for query in filled_with(bad, ADDRESS):
                        check_whole(rina.get(f"{path}?{query}"), (route, bad[:20]))
                    continue
                # All at once; without what makes a form one of before; as a page sends it that is locked; with what was sealed.
                bodies = filled_with(bad, BODY) + filled_with(bad, BODY, ("version", "key"))
                for body in bodies + [f"text={bad}&later=1", f"later={bad}", f"kept={bad}"]:
                    page = rina.ask("POST", path, f"token={token}&{body}", {"Content-Type": FORM})
                    check_whole(page, (route, bad[:20]))
                    done += page.status in (200, 303)
        assert done > 300, f"only {done} forms came to anything"
        assert gateway.healthy() and rina.get("/settings").status == 200
        gateway.said.clear()


# Of the forms of people who come and go; with one of them right, the others are looked at.
USUAL = ("name", "password", "recovery_password", "new_password", "new_password_again", "code", "back", "word")


def person_by_hand(head, number):
    """Somebody new, to be forgotten; their id."""
    page = by_hand(head, f"+88017{number:08d}")
    assert page.status == 303, page.status
    return int(re.search(r'href="/people/(\d+)', head.get(page.headers["location"]).text).group(1))


def test_hostile_fields_where_one_comes_and_goes():
    """the same where people sign in and out, change their own account, end others' and forget people: nothing breaks, and all still works"""
    with Gateway() as gateway:
        boss, head = desk.first_admin(gateway), desk.operator(gateway, "head", "supervisor")
        tess = desk.operator(gateway, "tess", "analyst")  # no second factor: signs in by a password alone
        tess_id = rows(gateway, "SELECT id FROM operator WHERE name = 'tess'")[0][0]
        locked = [desk.Browser(gateway.console) for bad in BAD for _ in filled_with(bad, BODY, USUAL)]
        for browser in locked:
            assert browser.give_password("tess", tess.password).status == 303
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("UPDATE sign_in SET seen_at = seen_at - 16 * 60000")
        data.close()
        gateway.start()
        assert all(browser.get("/settings").headers["location"].startswith("/unlock") for browser in locked)
        for browser in (boss, head, tess):
            assert browser.get("/unlock").status == 200 and browser.post("/unlock", password=browser.password).status == 303
        cora = desk.operator(gateway, "cora", "counsellor")
        half = desk.Browser(gateway.console)  # cora's password, and no code yet
        assert half.give_password("cora", cora.password).headers["location"].startswith("/sign-in/code")
        bare = desk.Browser(gateway.console)  # has no second factor yet
        assert bare.give_password("sera", desk.add_user(gateway, "sera", "counsellor")).headers["location"].startswith("/sign-in/setup")
        mina = desk.add_user(gateway, "mina", "analyst") and rows(gateway, "SELECT id FROM operator WHERE name = 'mina'")[0][0]
        people = iter(range(10_000_000, 20_000_000))
        right = {"password": desk.PASSWORD, "recovery_password": desk.PASSWORD}

        def whole(who):
            if who.get("/settings").status != 200:
                assert gateway.run("user", "enable", who.name).returncode == 0  # whatever wait there was is over
                assert who.give_password().status == 303, (who.name, who.password[:50], words(who.page)[-300:])
                assert who.get("/settings").status == 200, (who.name, who.page.headers)
            return who

        def at(who, path):
            assert who.get(path).status == 200, path
            return who

        def other_sign_in():
            again = desk.Browser(gateway.console)
            assert gateway.run("user", "enable", "tess").returncode == 0
            assert again.give_password("tess", tess.password).status == 303
            return rows(gateway, f"SELECT max(id) FROM sign_in WHERE operator = {tess_id}")[0][0]

        # Who asks, where, and what of the form is as it should be, so that the rest of it is looked at.
        ready = {
            "GET /sign-in": lambda: (desk.Browser(gateway.console), "/sign-in", {}),
            "POST /sign-in": lambda: (at(desk.Browser(gateway.console), "/sign-in"), "/sign-in", {"name": "tess", "password": tess.password}),
            "GET /sign-in/code": lambda: (half, "/sign-in/code", {}),
            "POST /sign-in/code": lambda: (at(half, "/sign-in/code"), "/sign-in/code", {}),
            "GET /sign-in/setup": lambda: (bare, "/sign-in/setup", {}),
            "POST /sign-in/setup": lambda: (at(bare, "/sign-in/setup"), "/sign-in/setup", {}),
            "POST /sign-out": lambda: (whole(tess), "/sign-out", {}),
            "GET /unlock": lambda: (locked[0], "/unlock", {}),
            "POST /unlock": lambda: (at(locked.pop(), "/unlock"), "/unlock", {"password": tess.password}),
            "POST /settings/password": lambda: (whole(tess), "/settings/password", {"password": tess.password}),
            "POST /settings/totp": lambda: (whole(cora), "/settings/totp", right),
            "POST /settings/recovery": lambda: (whole(cora), "/settings/recovery", right),
            "POST /settings/sign-ins/:id": lambda: (whole(tess), f"/settings/sign-ins/{other_sign_in()}", {}),
            "POST /users/:id/disable": lambda: (at(boss, f"/users/{mina}"), f"/users/{mina}/disable", {}),
            "POST /people/:id/forget": lambda: (head, f"/people/{person_by_hand(head, next(people))}/forget", {"word": "forget"}),
        }
        assert set(ready) == BY_THEMSELVES - {"GET /live"}
        did = collections.Counter()
        for what, prepare in ready.items():
            for bad in BAD:
                if what.startswith("GET"):
                    browser, path, _ = prepare()
                    for query in filled_with(bad, ADDRESS):
                        check_whole(browser.get(f"{path}?{query}"), (what, bad[:20]))
                    continue
                for body in filled_with(bad, BODY, USUAL):
                    browser, path, good = prepare()
                    rest = "".join(f"&{name}={bad}" for name in USUAL if name not in good and len(bad) < 10000)
                    page = browser.ask("POST", path, f"token={browser.token() or ''}&{urllib.parse.urlencode(good)}{rest}&{body}", {"Content-Type": FORM})
                    check_whole(page, (what, bad[:20]))
                    did[what] += page.status in (200, 303)
                    if what == "POST /settings/password" and page.status == 303:
                        tess.password = urllib.parse.unquote(bad)
        without_code = {"POST /sign-in/code", "POST /sign-in/setup", "POST /settings/totp"}
        assert all((did[what] == 0) == (what in without_code) for what in ready if "POST" in what), did
        cookies = "; ".join(f"{k}={v}" for k, v in whole(tess).cookies.items())
        for bad in BAD:
            said = raw(gateway.console, f"GET /live?{filled_with(bad, ADDRESS)[0]} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode(), 1, first=60).decode()
            assert re.match(r"HTTP/1.1 (200|400) ", said) and POLICY in said, (bad[:20], said[:200])
        assert gateway.run("user", "enable", "cora").returncode == 0
        half.secret, half.used_step = cora.secret, cora.used_step
        assert half.get("/sign-in/code").status == 200 and half.post("/sign-in/code", code=half.code()).status == 303
        assert gateway.healthy()
        gateway.said.clear()


def test_forms_that_come_twice():
    """a new account by a form that is sent twice: one account, and no password is shown that opens nothing; a number is asked for anew"""
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        boss.get("/users/new")
        fields = [("name", "mina"), ("shown", "Mina"), ("role", "analyst"), ("key", boss.field("key")), ("token", boss.token())]
        first = boss.post("/users/new", fields)
        password = re.findall(r"<dd><code>([^<]+)</code></dd>", first.text)[1]
        again = boss.post("/users/new", fields)
        assert again.status == 303 and "<code>" not in again.text, "a password that is nobody's"
        assert "shown then" in html.unescape(boss.follow().text)
        assert desk.Browser(gateway.console).give_password("mina", password).status == 303
        number = rows(gateway, "SELECT max(id) FROM operator")[0][0]
        boss.get(f"/users/{number}")
        fields = [("key", "0123456789abcdef" * 2), ("token", boss.token())]
        assert boss.post(f"/users/{number}/reset", fields).status == 200
        assert boss.post(f"/users/{number}/reset", fields).status == 303

        # What somebody says of themselves is said anew by the page before, with its key.
        boss.get("/settings")
        fields = [("lang", "en"), ("key", boss.field("key")), ("token", boss.token())]
        for theme, kept in (("dark", 2), ("light", 1), ("dark", 2)):
            assert boss.post("/settings", [*fields, ("theme", theme)]).status == 303
            assert gateway.count("operator", f"name = 'boss' AND theme = {kept}") == 1, "it was said to be saved, and was not"


def left_to_read(gateway):
    """All that the gateway leaves where others may read: its log, what machines ask for, its arguments, the names of its files."""
    return "\n".join((gateway.log(), get(gateway.console, "/metrics").body.decode(), get(gateway.console, "/healthz").body.decode(),
                      open(f"/proc/{gateway.process.pid}/cmdline", errors="replace").read(),
                      "\n".join(str(path) for path in gateway.folder.rglob("*"))))


def test_nothing_lies_about():
    """passwords, cookies, codes, hashes: in no log, no argument, in the file only as hashes; files are their owner's; a thief of the
    file finds no words of anybody's"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        first = desk.add_user(gateway, "gone", "analyst")
        phone, reference = desk.caller_who_asks(gateway)
        request = rows(gateway, "SELECT id FROM request")[0][0]
        rina.get(f"/requests/{request}")
        secret_words = "she hides at her aunt's house"
        fields = {"text": secret_words, "key": rina.field("key"), "version": rina.field("version") or "1"}
        assert rina.post(f"/requests/{request}/note", fields).status == 303
        rina.get(f"/requests/{request}")
        rina.post(f"/requests/{request}/draft", text=secret_words + " too", place="note")
        rina.get("/queue")
        rina.post("/search", q=phone.number)
        cookies = [v for v in rina.cookies.values() if len(v) >= 64]
        assert len(cookies) == 2, {name: len(value) for name, value in rina.cookies.items()}
        for path in gateway.folder.rglob("*"):
            mode = stat.S_IMODE(path.lstat().st_mode)
            if path.name.startswith(("helpline.db", "keys")) or path.is_socket():
                assert not mode & 0o077, f"{path.name}: {mode:o}"
        left = left_to_read(gateway)
        assert gateway.stop() == 0
        left += gateway.log()
        lying = b"".join(path.read_bytes() for path in gateway.folder.rglob("helpline.db*") if path.is_file())
        for what in (first, desk.PASSWORD, rina.secret, *cookies, secret_words, phone.number[1:], phone.number[-9:]):
            assert what.encode() not in lying, "something secret lies in the file"
            assert what not in left, "something secret may be read"
        gateway.said.discard(secret_words)
        gateway.start()


def test_tampering_is_found():
    """whatever is changed in the audit, the proof says so: an operator swapped, a line taken out, one put in, the tail cut off"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        desk.operator(gateway, "mina", "supervisor")
        desk.caller_who_asks(gateway)
        request = rows(gateway, "SELECT id FROM request")[0][0]
        for _ in range(3):
            rina.get(f"/requests/{request}")
        assert gateway.stop() == 0
        heads = re.findall(r"audit head when=stop rows=(\d+) last=\d+ mac=([0-9a-f]{32})", gateway.log())
        whole = gateway.data.read_bytes()
        other = {"-wal", "-shm"}

        def proof(*statements):
            gateway.data.write_bytes(whole)
            for end in other:
                gateway.data.with_name(gateway.data.name + end).unlink(missing_ok=True)
            data = sqlite3.connect(gateway.data)
            for statement in statements:
                data.execute(statement)
            data.commit()
            data.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            data.close()
            return gateway.run("verify", "--audit", "--head", heads[-1][1])

        assert proof().returncode == 0, proof().stderr
        last = "(SELECT max(id) FROM audit)"
        middle = "(SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 6)"
        for what, statement in {
            "another operator": f"UPDATE audit SET operator = (SELECT max(id) FROM operator WHERE id <> audit.operator) WHERE id = {last}",
            "nobody": f"UPDATE audit SET operator = NULL WHERE id = {last}",
            "another time": f"UPDATE audit SET at = at + 1 WHERE id = {middle}",
            "another thing done": f"UPDATE audit SET action = 1 WHERE id = {last}",
            "another request": f"UPDATE audit SET about = about + 1 WHERE id = {last}",
            "no address": f"UPDATE audit SET peer = NULL WHERE id = {middle}",
            "another word": f"UPDATE audit SET detail = 1 WHERE id = {middle}",
            "the word itself": "UPDATE word SET text = 'nothing' WHERE id = (SELECT detail FROM audit WHERE detail IS NOT NULL LIMIT 1)",
            "taken out": f"DELETE FROM audit WHERE id = {middle}",
            "the first": "DELETE FROM audit WHERE id = (SELECT min(id) FROM audit)",
            "the last": f"DELETE FROM audit WHERE id = {last}",
            "the tail": f"DELETE FROM audit WHERE id > {middle}",
            "all": "DELETE FROM audit",
        }.items():
            found = proof(statement)
            assert found.returncode == 2 or found.returncode == 1, f"{what}: {found.returncode} {found.stdout} {found.stderr}"
            assert "whole" not in found.stdout, f"{what}: {found.stdout}"
        gateway.data.write_bytes(whole)
        gateway.start()


harness.main()
