"""Words taken out of a conversation, on the real program: who may, what is asked before, and that they are nowhere afterwards."""
# timeout: 300
import html
import re

import desk
import harness
import infoline
from gateway import Gateway

NAME = "Karim Mia of Savar"
REFUSED, CHANGED, REQUEST, SESSION = 7, 12, 1, 2  # enum audit_action, enum audit_object: the file holds them for ever


def words(page):
    inner = re.sub(r"(?s)^.*?<main", "<main", page.text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inner)).split())


def links(page, part):
    return [link for link in map(html.unescape, re.findall(r'href="([^"]*)"', page.text)) if part in link]


def open_ok(browser, path):
    page = browser.get(path)
    assert page.status == 200, f"{path}: {page.status} {words(page)[:300]}"
    return page


def complains(gateway, name=NAME):
    phone = gateway.phone()
    infoline.complain(phone, name)
    return phone


def ids(gateway):
    """(session, request) of what was asked for last."""
    connection = gateway.db()
    try:
        return tuple(connection.execute("SELECT session, id FROM request ORDER BY id DESC LIMIT 1").fetchone())
    finally:
        connection.close()


def lines(gateway, action):
    connection = gateway.db()
    try:
        return [tuple(row) for row in connection.execute(
            f"SELECT object, about, (SELECT text FROM word WHERE word.id = detail) FROM audit WHERE action = {action} ORDER BY id")]
    finally:
        connection.close()


def fields_of(page):
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', re.search(r'(?s)<form method="post" action="[^"]*/redact">(.*?)</form>', page.text).group(1)))


def bytes_hold(gateway, text):
    return any(text.encode() in path.read_bytes() for path in gateway.data.parent.glob(gateway.data.name + "*"))


def test_a_supervisor_takes_words_out():
    """asked once more, then gone: from the transcript, the request, the exports, the bytes of the file; who, when and how much stay"""
    with Gateway() as gateway:
        phone = complains(gateway, "Jorina 4711")
        session, request = ids(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, f"/sessions/{session}")
        asking = links(page, "/redact?")
        assert len(asking) == 1 and asking[0].startswith(f"/sessions/{session}/redact?step="), asking
        assert "Jorina 4711" in words(page)
        page = open_ok(rina, asking[0])
        assert "Jorina 4711" in words(page) and "11 characters" in words(page)
        assert 'class="danger"' in page.text and gateway.count("redaction") == 0, "nothing is done by looking"
        fields = fields_of(page)
        assert rina.post(f"/sessions/{session}/redact", {**fields, "token": "0" * 64}).status == 403
        assert gateway.count("redaction") == 0
        done = rina.post(f"/sessions/{session}/redact", fields)
        assert done.status == 303 and done.headers["location"].startswith(f"/sessions/{session}?"), (done.status, done.headers)
        assert done.headers["location"].endswith(f"#step-{fields['step']}")
        page = open_ok(rina, done.headers["location"].split("#")[0])
        assert re.search(r"11 characters taken out by Rina, ", words(page)), words(page)[-1500:]
        assert "Jorina" not in page.text and not links(page, "/redact?")
        assert lines(gateway, CHANGED)[-1] == (SESSION, session, "redacted")
        again = rina.post(f"/sessions/{session}/redact", {**fields, "list": "=" * 800})
        assert again.status == 303 and again.headers["location"].startswith(f"/sessions/{session}?from="), "a list that no address holds is left out"
        assert gateway.count("redaction") == 1, "the same form again does nothing twice"
        other = rina.post(f"/sessions/{session}/redact", {**fields, "key": "1" * 32})
        assert other.status == 409 and "already" in words(other), (other.status, words(other))
        assert rina.get(asking[0]).status == 404
        page = open_ok(rina, f"/requests/{request}")
        assert "Jorina" not in page.text and "taken out" in words(page)
        assert "took words out" in words(open_ok(rina, "/audit"))
        for what in "turns", "requests", "texts":
            assert "Jorina" not in str(gateway.export(what)), what
        screen = phone.screen.text
        assert phone.again().text == screen, "who repeats a callback gets the same"
        assert gateway.stop() == 0
        assert not bytes_hold(gateway, "Jorina"), "the bytes hold it"
        assert gateway.run("verify").returncode == 0
        gateway.start()
        assert re.search(r"11 characters taken out by Rina, ", words(open_ok(rina, f"/sessions/{session}")))


def test_a_complaints_officer_takes_words_out_of_what_is_theirs():
    """through their request and in no other way; what is not theirs is not there; counsellors and others have no right"""
    with Gateway() as gateway:
        caller = gateway.phone()
        infoline.to_main(caller)
        infoline.ask_for_a_call(caller)
        other_session, other_request = ids(gateway)
        complains(gateway)
        session, request = ids(gateway)
        assert request != other_request
        officer = desk.operator(gateway, "olga", "complaints")
        page = open_ok(officer, f"/requests/{request}/session")
        asking = links(page, "/redact?")
        assert len(asking) == 1 and asking[0].startswith(f"/requests/{request}/redact?"), asking
        fields = fields_of(open_ok(officer, asking[0]))
        step = fields["step"]
        for path in (f"/requests/{other_request}/redact?step={step}&session={session}", f"/requests/{request}/redact?step={step}",
                     f"/requests/{request}/redact?step={step}&session={other_session}", f"/requests/1/redact?step={step}&session={session}",
                     *(f"/requests/{request}/redact?session={session}&step={bad}" for bad in ("0", "999", "x", "", "1"))):
            assert officer.get(path).status == 404, path
        assert officer.get(f"/sessions/{session}/redact?step={step}").status == 403
        open_ok(officer, asking[0])
        for path, wanted in {f"/requests/{other_request}/redact": 404, "/requests/1/redact": 404, f"/sessions/{session}/redact": 403}.items():
            refused = officer.post(path, {**fields, "token": officer.token() or fields["token"]})
            assert refused.status == wanted, (path, refused.status, words(refused))
        refused = officer.post(f"/requests/{request}/redact", {**fields, "session": other_session})
        assert refused.status == 404, "somebody else's conversation through one's own request"
        assert officer.post(f"/requests/{request}/redact", {**fields, "step": "1"}).status in (403, 422), "there are no words at the first step"
        for role in "counsellor", "admin", "auditor", "channels", "editor", "analyst":
            browser = desk.operator(gateway, role, role)
            assert browser.get(asking[0]).status == 403, role
            browser.get("/settings")
            assert browser.post(f"/requests/{request}/redact", {**fields, "token": browser.token()}).status == 403, role
        cook = desk.operator(gateway, "cook", "counsellor")
        assert not links(open_ok(cook, f"/requests/{other_request}/session"), "/redact?"), "no button in vain"
        assert gateway.count("redaction") == 0
        done = officer.post(f"/requests/{request}/redact", fields)
        assert done.status == 303 and done.headers["location"].startswith(f"/requests/{request}/session"), (done.status, done.headers)
        page = open_ok(officer, done.headers["location"].split("#")[0])
        assert "18 characters taken out by Olga" in words(page) and NAME not in words(page)
        assert lines(gateway, CHANGED)[-1] == (REQUEST, request, "redacted")
        open_ok(officer, "/settings")
        officer.post("/settings", lang="bn", theme="0")
        assert "Olga ১৮টি অক্ষর সরিয়েছেন" in words(open_ok(officer, f"/requests/{request}/session"))


def test_what_was_texted_goes_from_answers_by_text_too():
    """a text of somebody's own words in a conversation that goes on: taken out, and the next text is answered as if nothing had been"""
    with Gateway() as gateway:
        number = gateway.phone().number
        gateway.said.add("Jorina Begum")
        assert gateway.at_sms("call me about Jorina Begum", number, "m-1").status == 200
        harness.wait_until(lambda: gateway.count("turn") > 0, 60, "a turn")
        connection = gateway.db()
        session = connection.execute("SELECT max(id) FROM session").fetchone()[0]
        connection.close()
        rina = desk.operator(gateway, "rina", "supervisor")
        asking = links(open_ok(rina, f"/sessions/{session}"), "/redact?")
        assert asking
        fields = fields_of(open_ok(rina, asking[0]))
        assert rina.post(f"/sessions/{session}/redact", fields).status == 303
        page = open_ok(rina, f"/sessions/{session}")
        assert "Jorina" not in page.text and "26 characters taken out by Rina" in words(page)
        turns = gateway.count("turn")
        assert gateway.at_sms("call me about Jorina Begum", number, "m-1").status == 200
        assert gateway.count("turn") == turns, "the same message again moves nothing"
        assert gateway.at_sms("MENU", number, "m-2").status == 200
        harness.wait_until(lambda: gateway.count("turn") > turns, 60, "a turn more")
        assert "Jorina" not in open_ok(rina, f"/sessions/{session}").text


if __name__ == "__main__":
    harness.main()
