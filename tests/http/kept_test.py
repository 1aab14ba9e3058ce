"""What somebody typed outlives the lock, an unlocking in another tab and the end of a sign-in, and is shown to nobody else."""
# timeout: 240
import html
import re
import sqlite3

import desk
import harness
from gateway import Gateway

REFUSED = 7  # enum audit_action
TYPED = 'rang & said: "the knife <b>"\nand wept'


def change_data(gateway, statement, *values):
    """As if time had gone by: between a stop and a start."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute(statement, values)
    data.close()
    gateway.start()


def idle(gateway):
    change_data(gateway, "UPDATE sign_in SET seen_at = seen_at - 16 * 60000")


def fill_in(browser):
    """A request by hand as it stands filled in on a page: its fields, with the token of that page."""
    browser.get("/requests/new")
    return [("token", browser.token()), ("key", browser.field("key")), ("number", ""), ("came_by", "1"), ("kind", "call"), ("language", "en"),
            ("urgency", "0"), ("note", TYPED)]


def unlock(browser):
    browser.get("/queue")
    assert browser.follow().text.count("Locked"), browser.page.status
    assert browser.post("/unlock", password=browser.password, back="/queue").status == 303


def is_shown(page):
    return TYPED in html.unescape(page.text) and "<b>" not in page.text


def offered(page):
    """Where to and what the form holds that is shown again."""
    action, form = re.search(r'<main.*?<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.S).groups()
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    fields += re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S)
    return action, [(html.unescape(name), html.unescape(value)) for name, value in fields]


def holds_nothing(page):
    return not any(word in page.text for word in ("knife", "wept"))


def sends_it_once(gateway, browser, page):
    """What was shown again is sent, and sent once more."""
    assert gateway.count("request") == 0, "it was carried out unasked"
    action, fields = offered(page)
    assert action == "/requests" and ("note", TYPED) in fields, fields
    sent = browser.post(action, fields)
    assert sent.status == 303, (sent.status, re.findall(r"<li>.*?</li>", sent.text))
    browser.post(action, fields)
    assert gateway.count("request") == 1, "it was not carried out once"
    assert is_shown(browser.get(sent.headers["location"])), "the note is not what was typed"


def test_unlocked_in_another_tab():
    """a form from before the unlocking is not carried out: it is shown with a new token, and sent by one more press, once"""
    with Gateway() as gateway:
        rina, olga = desk.operator(gateway, "rina", "counsellor"), desk.operator(gateway, "olga", "counsellor")
        first = fill_in(rina)
        theirs = fill_in(olga)[0]
        idle(gateway)
        unlock(rina)
        for forged in (theirs, ("token", "0" * 64), ("token", theirs[1][:32] + "0" * 32), ("token", "")):
            page = rina.post("/requests", [forged, *first[1:]])
            assert page.status == 403 and holds_nothing(page) and "too old" in page.text, (forged, page.status)
        page = rina.post("/requests", first)
        assert page.status == 403 and "Nothing was changed" in page.text, page.status
        sends_it_once(gateway, rina, page)


def test_locked():
    """the locked page has what was sent, sealed; a wrong password keeps it; it is shown once the right one came, also by another tab"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        first = fill_in(rina)
        idle(gateway)
        page = rina.post("/requests", first)
        assert page.status == 200 and "Locked" in page.text and "sealed" in page.text and holds_nothing(page)
        waits = {"kept": rina.field("kept"), "token": rina.token()}
        page = rina.post("/unlock", password="not the right one", **waits)
        assert page.status == 422 and rina.field("kept") == waits["kept"] and holds_nothing(page)
        other = rina.post("/unlock", password=rina.password, **waits)
        assert other.status == 200 and "Welcome back" in other.text and is_shown(other)
        page = rina.post("/unlock", password=rina.password, **waits)
        assert page.status == 403 and is_shown(page), "a locked page beside one that was unlocked"
        sends_it_once(gateway, rina, page)

        longest = "\u0995" * 7000  # as much of it as a form of 64 KiB holds
        first = [each if each[0] != "note" else ("note", longest) for each in fill_in(rina)]
        idle(gateway)
        rina.post("/requests", first)
        page = rina.post("/unlock", password=rina.password, kept=rina.field("kept"))
        assert ("note", longest) in offered(page)[1], "a long text is lost"


def test_signed_out():
    """over after twelve hours, or revoked: what was sent waits sealed while they sign in; who signs in as somebody else is not shown it"""
    for end in ("created_at = created_at - 12 * 3600000", "ended_at = seen_at"):
        with Gateway() as gateway:
            rina, olga = desk.operator(gateway, "rina", "counsellor"), desk.operator(gateway, "olga", "counsellor")
            first = fill_in(rina)
            change_data(gateway, f"UPDATE sign_in SET {end} WHERE operator = (SELECT id FROM operator WHERE name = 'rina')")
            page = rina.post("/requests", first)
            assert page.status == 200 and "not signed in any more" in page.text and holds_nothing(page)
            kept = rina.field("kept")
            page = rina.post("/unlock", kept=kept)
            assert page.status == 200 and rina.field("kept") == kept, "it waits no longer"
            page = olga.post("/unlock", kept=kept, token="")
            assert page.status == 403 and holds_nothing(page), "somebody else was shown it"
            page = olga.post("/requests", first)
            assert page.status == 403 and holds_nothing(page), "who goes back in that browser was shown it"
            rina.give_password()
            rina.follow()
            assert rina.post("/unlock", kept=kept).status == 200 and holds_nothing(rina.page), "half a sign-in was shown it"
            assert rina.post("/sign-in/code", code=rina.code(), token=rina.get("/sign-in/code") and rina.token()).status == 303
            for broken in (kept[:-1], kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:], "A", "%"):
                page = rina.post("/unlock", kept=broken, token="")
                assert page.status == 403 and holds_nothing(page), broken[:10]
            page = rina.post("/unlock", kept=kept, token="")
            assert page.status == 403 and is_shown(page)
            sends_it_once(gateway, rina, page)
            assert gateway.count("draft") == 0, "the gateway kept what nobody was there for"


def test_a_page_that_locks_itself():
    """a page sends what stands in it when its time is over: never carried out, whether the desk is locked by then or somebody was here"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        first = [*fill_in(rina), ("later", "1")]
        page = rina.post("/requests", first)
        assert page.status == 200 and is_shown(page) and ("later", "1") not in offered(page)[1]
        page = rina.post("/requests", [("token", "0" * 64), *first[1:]])
        assert page.status == 403 and holds_nothing(page)
        idle(gateway)
        page = rina.post("/requests", first)
        assert "Locked" in page.text and holds_nothing(page)
        page = rina.post("/unlock", password=rina.password, kept=rina.field("kept"))
        assert ("later", "1") not in offered(page)[1]
        sends_it_once(gateway, rina, page)


def test_passwords_are_not_kept():
    """a form with a password or a code in it is not taken along"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        rina.get("/settings")
        token = rina.token()
        idle(gateway)
        fields = {"password": rina.password, "new_password": "none that was", "new_password_again": "none that was"}
        for path, more in (("/settings/password", fields), ("/settings/recovery", {"recovery_password": rina.password}),
                           ("/settings/totp", {"password": rina.password, "code": "123456"})):
            page = rina.post(path, token=token, **more)
            assert page.status == 303 and page.headers["location"] == "/unlock", (path, page.status)


def test_a_page_that_stands_open_is_no_use():
    """what a page asks by itself keeps nobody in: the desk locks under an open page; what htmx sends then leads to the unlocking"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        desk.caller_who_asks(gateway)
        rina.get("/queue")
        token = rina.token()
        change_data(gateway, "UPDATE sign_in SET seen_at = seen_at - 10 * 60000")
        seen = lambda: gateway.db().execute("SELECT seen_at, locked FROM sign_in WHERE ended_at IS NULL").fetchall()
        before = [tuple(row) for row in seen()]
        for _ in range(2):
            assert rina.get("/live/counts").status == 200
        assert [tuple(row) for row in seen()] == before, "asking for the counters was use"
        change_data(gateway, "UPDATE sign_in SET seen_at = seen_at - 6 * 60000")
        assert rina.get("/live/counts").status == 401
        number = gateway.db().execute("SELECT id FROM request").fetchone()[0]
        page = rina.post(f"/requests/{number}/claim", {"token": token}, {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{rina.port}/queue?tab=all"})
        assert page.status == 401 and page.headers["hx-redirect"] == "/unlock?back=%2Fqueue%3Ftab%3Dall", (page.status, page.headers)
        assert gateway.count("request_desk", "assignee IS NOT NULL") == 0, "it was carried out"
        unlock(rina)
        assert [tuple(row) for row in seen()] > before, "who unlocks is here"


harness.main()
