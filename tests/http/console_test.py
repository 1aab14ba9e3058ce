"""The operators' door over plain HTTP: signing in, locks, rights of every page, forged and hostile requests, live streams."""
# timeout: 900
import collections
import concurrent.futures
import os
import re
import socket
import sqlite3
import time
import urllib.parse

import desk
import harness
from gateway import ROOT, Gateway, get, raw

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"

# Who may what, said once more and apart from the program: console.md's roles. None: everybody, SIGNED_IN: whoever has signed in.
ROLES = ("counsellor", "supervisor", "complaints", "editor", "analyst", "channels", "admin", "auditor")
MAY = {
    "RIGHT_SIGNED_IN": set(ROLES),
    "RIGHT_QUEUE": {"counsellor", "supervisor", "complaints"},
    "RIGHT_REVEAL": {"counsellor", "supervisor", "complaints"},
    "RIGHT_SESSIONS": {"supervisor"},
    "RIGHT_PERSON": {"counsellor", "supervisor", "complaints"},
    "RIGHT_FORGET": {"supervisor", "complaints"},
    "RIGHT_REDACT": {"supervisor", "complaints"},
    "RIGHT_OUTBOX": {"supervisor", "channels"},
    "RIGHT_USERS": {"admin"},
    "RIGHT_AUDIT": {"supervisor", "admin", "auditor"},
}
Route = collections.namedtuple("Route", "method path right")


def routes():
    text = (ROOT / "gateway/console/routes.c").read_text()
    found = [Route(*each) for each in re.findall(r'\{ROUTE_(GET|POST), +"([^"]+)", +(RIGHT_\w+), +\w+\}', text)]
    assert len(found) == len(re.findall(r"\{ROUTE_", text)) > 40
    return found


def statuses(said):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", said)]


def change_data(gateway, statement, *values):
    """As if time had gone by: between a stop and a start."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute(statement, values)
    data.close()
    gateway.start()


def audit(gateway, action):
    return gateway.count("audit", f"action = {action}")


AUDIT_SIGN_IN, AUDIT_FAILED, AUDIT_REFUSED = 1, 2, 7


def wrong_code(secret):
    """Six digits that are no code of this secret, now or soon."""
    now = int(time.time()) // 30
    near = {desk.totp(secret.replace(" ", ""), step) for step in range(now - 2, now + 20)}
    return next(code for code in ("123456", *(f"{n:06d}" for n in range(len(near)))) if code not in near)


def test_signing_in():
    """a first password is changed, a second factor set up; then both are asked for, and a cookie is new with each step"""
    with Gateway() as gateway:
        first = desk.add_user(gateway, "rina", "counsellor")
        rina = desk.Browser(gateway.console)
        assert rina.get("/queue?tab=mine").status == 303
        assert rina.page.headers["location"] == "/sign-in?back=%2Fqueue%3Ftab%3Dmine"
        rina.follow()
        page = rina.give_password("Rina ", first, back=rina.field("back"))
        assert page.status == 303 and page.headers["location"] == "/sign-in/setup?back=%2Fqueue%3Ftab%3Dmine"
        cookie = page.headers["set-cookie"]
        assert re.fullmatch(r"helpline=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict", cookie), cookie
        seen = [rina.cookies["helpline"]]
        assert rina.get("/queue").headers["location"].startswith("/sign-in/setup"), "half a sign-in opens the queue"
        page = rina.get("/sign-in/setup")
        assert re.search(r'<path d="M4 4h7v1h-7z', page.text) and "style=" not in page.text
        secret = re.search(r'<code class="number">([A-Z2-7 ]+)</code>', page.text).group(1)
        assert secret in rina.get("/sign-in/setup").text, "reloading the page changes the secret"
        assert rina.post("/sign-in/setup", code=wrong_code(secret)).status == 422
        codes = rina.set_up()
        assert len(set(codes)) == 10
        seen.append(rina.cookies["helpline"])
        assert rina.get("/queue").headers["location"] == "/settings", "a password of somebody else's is not changed first"
        rina.get("/settings")
        assert rina.post("/settings/password", password=first, new_password="short", new_password_again="short").status == 422
        rina.password = first
        rina.change_password(desk.PASSWORD)
        assert rina.get("/queue").status == 200

        other = desk.Browser(gateway.console)
        other.secret, other.used_step = rina.secret, rina.used_step
        assert other.give_password("rina", desk.PASSWORD, back="/settings").headers["location"].startswith("/sign-in/code")
        seen.append(other.cookies["helpline"])
        other.follow()
        assert other.post("/sign-in/code", code=desk.totp(rina.secret, rina.used_step)).status == 422, "a code twice"
        page = other.post("/sign-in/code", code=codes[0].upper().replace("-", " "), back="/settings")
        assert page.status == 303 and page.headers["location"] == "/settings"
        seen.append(other.cookies["helpline"])
        assert len(set(seen)) == 4, "a cookie stayed the same"
        for old in seen[:1] + seen[2:3]:
            stale = desk.Browser(gateway.console)
            stale.cookies["helpline"] = old
            assert stale.get("/settings").headers["location"].startswith("/sign-in?"), "an old cookie opens something"
        third = desk.Browser(gateway.console)
        third.give_password("rina", desk.PASSWORD)
        third.follow()
        assert third.post("/sign-in/code", code=codes[0]).status == 422, "a recovery code works twice"
        assert third.post("/sign-in/code", code=codes[1]).status == 303

        # Revoked from elsewhere, signed out here.
        page = other.get("/settings")
        assert page.text.count('action="/settings/sign-ins/') == 3
        mine = re.findall(r'this one.*?/settings/sign-ins/(\d+)', page.text, re.S)
        for each in re.findall(r'action="/settings/sign-ins/(\d+)"', page.text):
            if each not in mine[:1]:
                other.get("/settings")
                assert other.post(f"/settings/sign-ins/{each}").status == 303
        assert rina.get("/queue").status == 303 and third.get("/queue").status == 303
        assert other.get("/queue").status == 200
        left = other.cookies["helpline"]
        other.post("/sign-out")
        assert "helpline" not in other.cookies
        other.cookies["helpline"] = left
        assert other.get("/queue").status == 303
        log = gateway.log()
        for secret in (*seen, desk.PASSWORD, first, rina.secret, *codes, "rina"):
            assert secret not in log, "something secret is in the log"


def test_nobody_learns_which_name_exists():
    """no such name, a wrong password, a locked name and a disabled one: one answer, byte for byte, and as much work

    The work is counted as the gateway's own time on the processor: the clock would tell how busy the machine is."""
    with Gateway() as gateway:
        password = desk.add_user(gateway, "rina", "analyst")
        desk.add_user(gateway, "gone", "analyst")
        assert gateway.run("user", "disable", "gone").returncode == 0
        answers, work = collections.defaultdict(set), collections.Counter()

        def wrong(name, given):
            browser = desk.Browser(gateway.console)
            before = cpu_seconds(gateway.process.pid)
            page = browser.post("/sign-in", name=name, password=given)
            work[name] += cpu_seconds(gateway.process.pid) - before
            headers = {k: v for k, v in page.headers.items() if k != "date"}
            answers[name].add((page.status, page.text.replace(f'"{name}"', '"N"'), tuple(sorted(headers.items()))))
            return page

        for name in ("nobody", "gone", "niru", "rina"):
            for _ in range(5):
                assert wrong(name, "not the right one").status == 422
        bodies = {(status, text) for each in answers.values() for status, text, _ in each}
        assert len(bodies) == 1, "the answer tells something"
        desk.lock(gateway, "rina", 0)
        assert wrong("rina", password).status == 422, "the right password opens a locked name"
        assert max(work.values()) < 3 * min(work.values()), work
        assert audit(gateway, AUDIT_FAILED) == 21
        assert gateway.count("operator", f"name = 'rina' AND failures = {desk.TRIES}") == 1, "who is locked out is locked out longer by others"
        desk.lock(gateway, "rina", 3600)
        assert desk.Browser(gateway.console).give_password("rina", password).status == 303, "the wait is over"
        assert gateway.count("operator", "failures = 0") == 2


def test_codes_are_not_guessed():
    """wrong codes lock as wrong passwords do, and the right password buys no new tries"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        guesser = desk.Browser(gateway.console)
        for _ in range(3):
            guesser.give_password("rina", desk.PASSWORD)
            guesser.follow()
            assert guesser.post("/sign-in/code", code=wrong_code(rina.secret)).status == 422
        assert gateway.count("operator", "failures = 3") == 1
        desk.lock(gateway, "rina", 0)
        assert guesser.post("/sign-in/code", code=rina.code()).status == 422, "the right code within the wait"
        assert guesser.give_password("rina", desk.PASSWORD).status == 422, "the password within the wait"


def test_many_sign_in_at_once():
    """thirty sign in at the same moment: all get in within a few tries, and other pages answer meanwhile"""
    with Gateway() as gateway:
        password = desk.add_user(gateway, "rina", "analyst")

        def sign_in(_):
            end = time.monotonic() + 120
            while time.monotonic() < end:
                page = desk.Browser(gateway.console).give_password("rina", password)
                if page.status == 303:
                    return True
                assert page.status == 503 and "seconds" in page.text, page.status
                time.sleep(0.3)
            return False

        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            all_of_them = [pool.submit(sign_in, n) for n in range(30)]
            for _ in range(10):
                assert get(gateway.console, "/healthz").status == 200
            assert not all(each.done() for each in all_of_them), "/healthz waited for those who sign in"
            assert all(each.result() for each in all_of_them)


def test_a_password_is_asked_for_before_a_factor_changes():
    """a new password, another second step, new recovery codes: not without the password, whatever else is right"""
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)

        def account():
            with gateway.db() as db:
                return [tuple(row) for row in db.execute("SELECT password, must_change, totp, recovery FROM operator")]

        before = account()
        page = boss.get("/sign-in/setup")
        secret = re.search(r'<code class="number">([A-Z2-7 ]+)</code>', page.text).group(1).replace(" ", "")
        new, wrong = "another five words of hers", "not the right one"
        for path, fields in (("/settings/password", {"password": wrong, "new_password": new, "new_password_again": new}),
                             ("/settings/totp", {"password": wrong, "code": desk.totp(secret, int(time.time()) // 30)}),
                             ("/settings/recovery", {"recovery_password": wrong})):
            boss.get("/settings")
            for left_out in (False, True):
                given = {name: value for name, value in fields.items() if not (left_out and value == wrong)}
                page = boss.post(path, given)
                assert page.status == 422, (path, given, page.status)
                assert account() == before, (path, given)


def test_idle_locks_and_nothing_typed_is_lost():
    """after a quarter of an hour the password is asked for, and what was sent meanwhile waits; after twelve hours all of it"""
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        boss.get("/users/new")
        token = boss.token()
        change_data(gateway, "UPDATE sign_in SET seen_at = seen_at - 16 * 60000")
        old = boss.cookies["helpline"]
        page = boss.post("/users/new", [("token", token), ("name", "mina"), ("shown", 'Mi"<na>'), ("role", "editor"),
                                        ("role", "analyst")])
        assert page.status == 200 and "Locked" in page.text
        assert gateway.count("operator") == 1, "it was carried out"
        assert boss.get("/users").headers["location"] == "/unlock?back=%2Fusers"
        boss.page = page
        assert boss.post("/unlock", [(k, v) for k, v in fields_of(page)] + [("password", "not the right one")]).status == 422
        page = boss.post("/unlock", [(k, v) for k, v in fields_of(boss.page)] + [("password", boss.password)])
        assert page.status == 200 and "Welcome back" in page.text and 'action="/users/new"' in page.text
        assert gateway.count("operator") == 1, "it was sent unasked"
        assert boss.cookies["helpline"] != old, "unlocking keeps the cookie"
        page = boss.post("/users/new", fields_of(page))
        assert page.status == 200 and "A first password" in page.text, page.text[-1500:]
        assert gateway.count("operator", "name = 'mina' AND shown = 'Mi\"<na>' AND roles = 24") == 1
        assert boss.get("/users").status == 200
        change_data(gateway, "UPDATE sign_in SET created_at = created_at - 12 * 3600000")
        assert boss.get("/users").headers["location"] == "/sign-in?back=%2Fusers"


def fields_of(page):
    import html
    form = re.search(r"<main.*?<form[^>]*>(.*?)</form>", page.text, re.S).group(1)
    return [(html.unescape(name), html.unescape(value))
            for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form) if name != "username"]


def minutes_since(began):
    """How many had begun by now, on however slow a machine."""
    return 1 + int((time.time() - began) // 60)


def test_forged_forms():
    """a form without its token, with another's, from another site or another window's frame changes nothing"""
    with Gateway() as gateway:
        boss, rina = desk.first_admin(gateway), desk.operator(gateway, "rina", "counsellor")
        rina.get("/settings")
        theirs, refused, began = rina.token(), audit(gateway, AUDIT_REFUSED), time.time()
        boss.get("/settings")
        mine = boss.token()
        changes = {"lang": "bn", "theme": "dark"}
        for token in ("", "0" * 32, theirs, mine[:-1], mine + "0", mine.upper() + "x"):
            page = boss.post("/settings", {**changes, "token": token})
            assert page.status == 403 and "too old" in page.text, (token, page.status)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
                        {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
                                             "Sec-Fetch-Dest": "document"}):
            assert boss.post("/settings", {**changes, "token": mine}, headers).status == 403, headers
            assert boss.post("/sign-in", {"name": "boss", "password": boss.password}, headers).status == 403, headers
        assert gateway.count("operator", "lang = 'en' AND theme = 0") == 2
        assert boss.get("/settings", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
        assert boss.get("/settings", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate",
                        Sec_Fetch_Dest="iframe").status == 403
        link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
        stranger = desk.Browser(gateway.console)
        assert "signed in already" in stranger.get("/sign-in?back=/queue", **link).text
        page = boss.post("/settings", {**changes, "token": mine},
                         {"Sec-Fetch-Site": "same-origin", "Origin": f"http://127.0.0.1:{gateway.console}"})
        assert page.status == 303 and 'lang="bn"' in boss.follow().text
        assert refused < audit(gateway, AUDIT_REFUSED) <= refused + minutes_since(began), "kept once a minute, however often it comes"


def test_what_the_door_turns_away_is_kept():
    """a form without its token, and what another site's page asks for: a line a minute in the audit, in their name, and no use of the desk"""
    with Gateway() as gateway:
        boss, rina = desk.first_admin(gateway), desk.operator(gateway, "rina", "counsellor")
        again = desk.Browser(gateway.console)
        again.secret, again.used_step = boss.secret, boss.used_step
        again.give_password("boss", boss.password)
        again.follow()
        elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}

        def lines(name, detail):
            with gateway.db() as db:
                return [row[0] for row in db.execute(
                    "SELECT audit.peer FROM audit JOIN operator ON operator.id = audit.operator JOIN word ON word.id = audit.detail"
                    f" WHERE audit.action = {AUDIT_REFUSED} AND operator.name = ? AND word.text = ?", (name, detail))]

        def seen():
            with gateway.db() as db:
                return [tuple(row) for row in db.execute("SELECT id, seen_at FROM sign_in ORDER BY id")]

        assert again.ask("GET", "/settings", None, elsewhere).status == 403
        assert desk.Browser(gateway.console).ask("GET", "/users", None, elsewhere).status == 403
        assert audit(gateway, AUDIT_REFUSED) == 0, "of nobody, or of half a sign-in"
        boss.get("/users")
        began = time.time()
        assert boss.post("/users/new", {"name": "eve", "token": "0" * 32}).status == 403
        assert lines("boss", "old_form") == ["127.0.0.1"]
        before = seen()
        for _ in range(5):
            assert boss.ask("GET", "/audit", None, elsewhere).status == 403
        assert len(lines("boss", "old_form")) <= minutes_since(began), "kept once a minute, however often it comes"
        assert rina.ask("GET", "/queue", None, elsewhere).status == 403
        assert lines("rina", "old_form") == ["127.0.0.1"] and seen() == before
        assert "an old form, or one from elsewhere" in boss.get("/audit?action=refused").text
        for times in (1, 2):
            assert boss.get("/queue").status == 403 and len(lines("boss", "page_queue")) == times, "without the right: each time"


def test_back_leads_nowhere_else():
    """where a sign-in comes back to is a page of ours"""
    with Gateway() as gateway:
        password = desk.add_user(gateway, "rina", "analyst")
        for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: 1", "javascript:alert(1)", "/nothing",
                     "/\r\nX: 1", "/assets/x", "/live", "queue", "/sign-out", "/" + "a" * 5000, "/queue\"><script>"):
            page = desk.Browser(gateway.console).give_password("rina", password, back=back)
            assert page.status == 303 and page.headers["location"] == "/", (back, page.headers.get("location"))
            assert "x" not in page.headers


def test_every_page_for_every_role():
    """each route of the table, asked for by each role and by nobody: let in or refused as the roles say, and refusals are kept"""
    with Gateway() as gateway:
        people = {role: desk.operator(gateway, role, role) for role in ROLES}
        quiet = ("/sign-in", "/unlock", "/sign-out", "/settings/", "/live")
        nobody = desk.Browser(gateway.console)
        refusals = 0
        for route in routes():
            path = route.path.replace(":id", "7").replace(":name", "none")
            method = nobody.get if route.method == "GET" else nobody.post
            page = method(path)
            if route.right == "RIGHT_NONE":
                assert page.status != 403, (route, page.status)
            elif route.path.startswith("/live"):
                assert page.status == 401, (route, page.status)
            else:
                assert page.status == 303 and page.headers["location"].startswith("/sign-in"), (route, page.status)
            for role, browser in people.items():
                if route.right == "RIGHT_NONE" or route.path.startswith(quiet):
                    continue
                browser.get("/settings")
                page = (browser.get if route.method == "GET" else browser.post)(path)
                if role in MAY[route.right]:
                    assert page.status in (200, 303, 404, 409, 422), (route, role, page.status)
                    assert page.headers.get("location", "").startswith("/sign-in") is False
                else:
                    refusals += 1
                    assert page.status == 403 and "not yours" in page.text, (route, role, page.status)
        assert refusals > 150 and audit(gateway, AUDIT_REFUSED) >= refusals, (refusals, audit(gateway, AUDIT_REFUSED))


def test_accounts():
    """an administrator adds, changes, disables and resets; the last one stays; what somebody typed comes back with a refusal"""
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        boss.get("/users/new")
        page = boss.post("/users/new", [("name", "Not A Name!"), ("shown", "M"), ("role", "editor"), ("topic", "work")])
        assert page.status == 422 and 'value="Not A Name!"' in page.text and "a-z" in page.text
        assert re.search(r'name="role" value="editor" checked', page.text)
        page = boss.post("/users/new", [("name", "boss"), ("shown", "M"), ("role", "editor")])
        assert page.status == 409 and 'value="boss"' in page.text and "has this name already" in page.text
        boss.get("/users/new")
        page = boss.post("/users/new", [("name", "mina"), ("shown", "Mina"), ("role", "counsellor"), ("language", "bn")])
        password = re.findall(r"<dd><code>([^<]+)</code></dd>", page.text)
        assert password[0] == "mina", page.text

        def last_signed_in(name):
            row = re.search(rf'(?s)<td data-label="[^"]*">{name}</td>.*?</tr>', boss.get("/users").text).group(0)
            return re.search(r'<td data-label="Last signed in">(.*?)</td>', row).group(1)

        assert last_signed_in("mina") == "never" and "<time" in last_signed_in("boss")
        mina = desk.Browser(gateway.console).sign_in("mina", password[1])
        assert mina.get("/queue").status == 200
        assert re.search(r"<time [^>]*>(now|\d+ min ago)</time>", last_signed_in("mina")), last_signed_in("mina")
        listed = boss.get("/users")
        assert "Mina" in listed.text and "Counsellor" in listed.text
        number = re.search(r'href="/users/(\d+)">Mina', listed.text).group(1)
        boss.get(f"/users/{number}")
        version = boss.field("version")
        page = boss.post(f"/users/{number}/change", [("shown", "Mina K"), ("role", "analyst"), ("version", version)])
        assert page.status == 303
        assert mina.get("/settings").status == 303, "other roles and the same sign-in"
        boss.get(f"/users/{number}")
        page = boss.post(f"/users/{number}/change", [("shown", "Late"), ("role", "analyst"), ("version", version)])
        assert page.status == 409 and 'value="Late"' in page.text
        said = re.findall(r"<section[^>]*>(.*?)</section>", page.text.split('id="conflict"')[1], re.S)
        assert "Mina K" in said[0] and "Late" not in said[0] and "Analyst" in said[0], "what is there now"
        assert "Late" in said[1] and "Mina K" not in said[1], "what was typed"
        late = boss.field("version")
        for wrong in [("shown", ""), ("role", "analyst")], [("shown", "Later"), ("role", "analyst"), ("topic", "nonsense")]:
            page = boss.post(f"/users/{number}/change", [*wrong, ("version", version)])
            assert page.status == 422 and boss.field("version") == version, "it told of no change, and the next press would overwrite it"
        boss.get(f"/users/{number}")
        page = boss.post(f"/users/{number}/change", [("shown", "Mina L"), ("role", "analyst"), ("version", late)])
        assert page.status == 303 and "Mina L" in boss.get("/users").text, "sent again, by who has seen it"
        boss.get(f"/users/{number}")
        assert boss.post(f"/users/{number}/disable").status == 303
        assert mina.give_password().status == 422
        boss.get(f"/users/{number}")
        assert boss.post(f"/users/{number}/enable").status == 303
        boss.get(f"/users/{number}")
        page = boss.post(f"/users/{number}/reset")
        fresh = re.findall(r"<dd><code>([^<]+)</code></dd>", page.text)[1]
        assert mina.give_password().status == 422, "the old password after a reset"
        assert desk.Browser(gateway.console).give_password("mina", fresh).status == 303
        mine = re.search(r'href="/users/(\d+)">Boss', boss.get("/users").text).group(1)
        boss.get(f"/users/{mine}")
        assert boss.post(f"/users/{mine}/disable").status == 422 and "last administrator" in boss.page.text
        assert boss.get("/users/999").status == 404


def request(gateway, headers, body="", method="POST", path="/sign-in", version="HTTP/1.1"):
    return f"{method} {path} {version}\r\nHost: localhost\r\n{FORM}{headers}\r\n{body}".encode()


def test_hostile_frames():
    """lengths that contradict each other, bodies without end, odd paths and headers: refused, and nothing behind them is a request"""
    with Gateway() as gateway:
        body = "name=rina&password=not+the+right+one"
        n = len(body)
        second = request(gateway, f"Content-Length: {n}\r\n", body)
        for headers in (f"Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n", f"Transfer-Encoding: chunked\r\nContent-Length: {n}\r\n",
                        f"Content-Length: {n}\r\nContent-Length: 0\r\n", f"Content-Length: {n}\r\nContent-Length: {n}\r\n",
                        f"Content-Length: {n}, {n}\r\n", f"Content-Length : {n}\r\n", f"Content-Length: +{n}\r\n",
                        "Content-Length: -1\r\n", "Content-Length: 0x10\r\n", "Content-Length: 18446744073709551617\r\n",
                        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
                        "Transfer-Encoding: chunked\r\n", ""):
            found = statuses(raw(gateway.console, request(gateway, headers, body) + second, timeout=1))
            assert all(code >= 400 for code in found) and len(set(found)) <= 1, f"{headers!r}: {found}"
        big = "name=" + "x" * 70000
        assert statuses(raw(gateway.console, request(gateway, f"Content-Length: {len(big)}\r\n", big), timeout=2, first=60))[:1] == [413]
        for path in ("/sign-in%00", "/sign-in%zz", "*", "http://[", "sign-in", "/" + "a" * 40000, "/sign-in?a=%00", "/%2e%2e/etc"):
            found = statuses(raw(gateway.console, request(gateway, "Content-Length: 0\r\nConnection: close\r\n", path=path), timeout=2))
            assert all(400 <= code < 500 for code in found), f"{path[:30]!r}: {found}"
        for junk in (b"\x16\x03\x01\x02\x00\x01", b"\x00" * 4096, b"GET\r\n\r\n", b"\xff" * 70000):
            raw(gateway.console, junk, timeout=0.5)
            assert gateway.healthy()
        assert audit(gateway, AUDIT_FAILED) == 0, "one of them was taken for a sign-in"
        for name in ("a" * 5000, "x" * 60000, "রিনা", "rina'; DROP TABLE operator; --", '"><img src=x onerror=1>'):
            page = desk.Browser(gateway.console).post("/sign-in", name=name, password="p")
            assert page.status == 422 and "<img" not in page.text
        many = "&".join(f"a{i}=1" for i in range(65))
        assert statuses(raw(gateway.console, request(gateway, f"Content-Length: {len(many)}\r\nConnection: close\r\n", many))) == [400]


def test_slow_senders():
    """connections that send a byte now and then are closed in the end and slow nobody"""
    with Gateway() as gateway:
        whole = request(gateway, "Content-Length: 30\r\n", "name=rina&password=not-the-one")
        slow = [socket.create_connection(("127.0.0.1", gateway.console)) for _ in range(40)]
        for index, s in enumerate(slow):
            s.sendall(whole[:1 + index * (len(whole) - 2) // 40])
        began = time.monotonic()
        while time.monotonic() - began < 36:
            time.sleep(3)
            for index, s in enumerate(slow):
                try:
                    s.send(whole[-1:] if index == 99 else b"x" if index % 2 else b"")
                except OSError:
                    pass
            assert gateway.healthy()
        for s in slow:
            s.settimeout(60)
            try:
                assert not s.recv(65536).startswith(b"HTTP/1.1 2")
            except socket.timeout:
                raise AssertionError("a slow connection was kept for ever") from None
            except OSError:
                pass
            s.close()


def test_assets():
    """immutable under names with a hash, gzipped when that is taken, unchanged when they are there already"""
    with Gateway() as gateway:
        browser = desk.Browser(gateway.console)
        paths = set(re.findall(r'"(/assets/[^"]+)"', browser.get("/sign-in").text))
        assert len(paths) >= 4
        for path in paths:
            assert re.fullmatch(r"/assets/[a-z.-]+\.[0-9a-f]{12}\.(js|css|svg)", path), path
            page = browser.get(path)
            assert page.status == 200 and "immutable" in page.headers["cache-control"] and page.text
            assert browser.get(path, If_None_Match=page.headers["etag"]).status == 304
            plain = page.text
            import gzip
            import http.client
            connection = http.client.HTTPConnection("127.0.0.1", gateway.console)
            for taken in "br, gzip", "gzip;q=0.5", "gzip; q=0.001", "GZIP;q=1", "gzip;q=0", "gzip;q=0.0", "gzip; Q=0.000", "br":
                connection.request("GET", path, headers={"Accept-Encoding": taken})
                reply = connection.getresponse()
                packed = reply.read()
                is_packed = reply.getheader("Content-Encoding") == "gzip"
                takes = "br" != taken and not re.search(r"(?i)q=[0.]+$", taken)
                assert is_packed == takes if path.endswith((".css", ".js")) else takes or not is_packed, f"{path}: {taken}"
                if is_packed:
                    assert gzip.decompress(packed).decode() == plain and len(packed) < len(plain)
            connection.close()
        for path in ("/assets/app.css", "/assets/", "/assets/../routes.c", "/assets/%2e%2e/x"):
            assert browser.get(path).status == 404, path


def test_behind_tls():
    """with listen.console_url of https cookies are Secure and belong to the host alone, and the Origin is that of the address"""
    with Gateway(["listen.console_url=https://desk.example.org"]) as gateway:
        password = desk.add_user(gateway, "rina", "analyst")
        rina = desk.Browser(gateway.console)
        page = rina.post("/sign-in", {"name": "rina", "password": password}, {"Origin": "https://desk.example.org"})
        cookies = page.headers["set-cookie"].split("\n")
        assert any(re.fullmatch(r"__Host-helpline=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure", each) for each in cookies), cookies
        assert all(each.startswith("__Host-") and "; HttpOnly; SameSite=Strict; Secure" in each for each in cookies), cookies
        assert rina.get("/settings").status == 200
        rina.cookies = {"helpline": rina.cookies["__Host-helpline"]}
        assert rina.get("/settings").status == 303, "a cookie of an insecure name counts"


# --- live

class Listener:
    def __init__(self, browser, path="/live"):
        self.socket = socket.create_connection(("127.0.0.1", browser.port), timeout=60)
        cookie = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
        self.heard = b""

    def until(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.heard:
            self.socket.settimeout(max(0.1, end - time.monotonic()))
            try:
                piece = self.socket.recv(65536)
            except socket.timeout:
                piece = b""
            if not piece:
                raise AssertionError(f"{words!r} was not heard: {self.heard[-400:]!r}")
            self.heard += piece
        return self.heard

    def forget(self):
        self.heard = b""

    def is_over(self, seconds=60):
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except socket.timeout:
            return False
        except OSError:
            return True


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_live_streams():
    """a new request is heard of within seconds, by thirty at once; between events nothing is used; the stream ends with the sign-in"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        rina.get("/live/counts")
        import json
        newest = json.loads(rina.page.text)["newest"]
        listeners = [Listener(rina, f"/live?since={newest or 1}") for _ in range(30)]
        for each in listeners:
            assert b"event: counts" in each.until(b"\nevent: counts\ndata: {")
            assert b"text/event-stream" in each.heard
            each.forget()
        desk.caller_who_asks(gateway)
        for each in listeners:
            each.until(b'"unassigned":1')
            each.until(b'"new":1')
            each.forget()
        time.sleep(2)
        began = cpu_seconds(gateway.process.pid)
        time.sleep(6)
        used = cpu_seconds(gateway.process.pid) - began
        assert used < 6 / 4, f"{used:.2f} s of processor in 6 s of silence: something turns for ever"
        listeners[0].until(b": still here")
        assert json.loads(rina.get(f"/live/counts?since={newest or 1}").text)["new"] == 1
        streams = int(re.search(r"LIVE_STREAMS (\d+)", (ROOT / "gateway/console/door/live.h").read_text()).group(1))
        full = [Listener(rina) for _ in range(streams - 30)]
        for each in full:
            each.until(b"event: counts")
        assert Listener(rina).until(b"\r\n\r\n").startswith(b"HTTP/1.1 503 ")
        assert rina.get("/queue").status == 200 and gateway.healthy()
        for each in full:
            each.socket.close()
        rina.post("/sign-out")
        listeners[0].until(b"event: over")
        assert listeners[1].is_over(), "a stream outlives its sign-in"


def test_who_else_looks():
    """two who have one request open hear of each other"""
    with Gateway() as gateway:
        rina, mina = (desk.operator(gateway, name, "supervisor") for name in ("rina", "mina"))
        desk.caller_who_asks(gateway)
        connection = gateway.db()
        number = connection.execute("SELECT id FROM request").fetchone()[0]
        connection.close()
        first = Listener(rina, f"/live?request={number}")
        first.until(b'"viewing":[]')
        second = Listener(mina, f"/live?request={number}")
        second.until(b'"viewing":["Rina"]')
        first.until(b'"viewing":["Mina"]')


def test_stopping_under_streams():
    """the gateway stops in peace with streams open, and they are told"""
    with Gateway(["limits.drain_seconds=600"]) as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        listeners = [Listener(rina) for _ in range(20)]
        for each in listeners:
            each.until(b"event: counts")
        assert gateway.stop(seconds=60) == 0, "it waits for streams, which have no end of their own"
        assert all(each.is_over() for each in listeners)


harness.main()
