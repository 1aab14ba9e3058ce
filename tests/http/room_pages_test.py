"""The browsing pages of the desk on the real program: sessions, transcripts, people, texts, the audit."""
# timeout: 600
import calendar
import html
import re
import sqlite3
import time

import desk
import forms
import harness
from gateway import Gateway
from infoline import ask_for_a_call, complain, reference_of, to_main

CHANNELS = "at-ussd", "at-sms", "kannel"
PIN = "7391"
HOSTILE = "\"><img src=x onerror=1> beaten"


LISTED = r'<a class="row" href="(/sessions/\d+[^"]*)"'


def words(page):
    """What a person reads of it."""
    inner = re.sub(r"(?s)^.*?<main", "<main", page.text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inner)).split())


def links(page, beginning):
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page.text) if html.unescape(link).startswith(beginning)]


def open_ok(browser, path):
    page = browser.get(path)
    assert page.status == 200, f"{path}: {page.status} {words(page)[:300]}"
    return page


def someone_asked(gateway):
    phone = gateway.phone()
    to_main(phone)
    ask_for_a_call(phone)
    return phone, reference_of(phone.screen)


def press(phone, *keys):
    for key in keys:
        phone.press(key)
    return phone.screen.text


def between_two_starts(gateway, statement, *values):
    """What no form does."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute(statement, values)
    data.close()
    gateway.start()


def pins():
    """A gateway whose service asks for PINs."""
    return Gateway(["dir.menus=tests/dialogues/services", *(f"channels.{name}.service=pin" for name in CHANNELS)])


def audit(gateway):
    """(action, object, about) of each row, by the numbers that the file holds."""
    connection = gateway.db()
    try:
        return [tuple(row) for row in connection.execute("SELECT action, object, about FROM audit ORDER BY id")]
    finally:
        connection.close()


REFUSED, VIEWED = 7, 8  # enum audit_action, enum audit_object: the file holds them for ever
REQUEST, SESSION, PERSON, PHONE = 1, 2, 3, 7


def test_a_transcript_says_what_was_typed_and_shown():
    """each step with what was typed, in words, the screen as it was, its size, and how it ended"""
    with Gateway() as gateway:
        phone, reference = someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, "/sessions")
        assert reference in words(page) and "done" in words(page)
        page = open_ok(rina, links(page, "/sessions/")[0])
        seen = words(page)
        for expected in "GSM-7", "/160", "Ask us to call you", "This screen ended the session", "Step 1", "Send", reference:
            assert expected in seen, f"{expected!r} is missing: {seen[:1500]}"
        assert re.search(r'<ol[^>]*>.*<li id="step-1"', page.text, re.S) and 'href="#step-2"' in page.text
        assert re.search(r'<pre class="phone" lang="en" dir="auto">', page.text)
        assert re.search(r"Typed: 2 Ask us to call you", seen), seen[:900]
        mine = open_ok(rina, [link for link in links(page, "/sessions/") if "words=mine" in link][0])
        assert "In my language" in words(mine)
        assert phone.number[-8:] not in forms.read(page).told


def test_a_call_that_dropped_and_the_one_that_went_on_lead_to_each_other():
    """for who browses sessions, and for nobody else who reads one of the two through a request"""
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.pick("Find services")
        phone.dial()
        phone.pick("ontinue")
        phone.press("0")
        ask_for_a_call(phone)
        other = gateway.phone()
        other.dial()
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, "/sessions?request=1")
        request, (second,) = links(page, "/requests/")[0], [link.split("?")[0] for link in rows_of(page)]
        alone, second_of_all, first = rows_of(open_ok(rina, "/sessions"))
        assert second_of_all == second, "they are listed in another order"

        def around(path):
            return dict(re.findall(r'<dt>(Continues|Continued in)</dt><dd><a href="([^"]*)">', open_ok(rina, path).text))

        met = [around(path) for path in (first, second, alone)]
        assert met == [{"Continued in": second}, {"Continues": first}, {}], met
        cook = desk.operator(gateway, "cook", "counsellor")
        through = open_ok(cook, request + "/session")
        assert "Step 1" in words(through) and not links(through, "/sessions/"), links(through, "/sessions/")


def test_a_pin_is_never_shown():
    """a PIN that was typed stands on no page: that one was typed, and nothing else"""
    with pins() as gateway:
        phone = gateway.phone()
        phone.dial()
        phone.pick("English")
        press(phone, "1", "1", PIN, "1", "00", "3", "Rahima", "1")
        reference = re.search(r"Ref ([\d ]+)", phone.screen.text).group(1).strip()
        rina = desk.operator(gateway, "rina", "supervisor")
        transcript = open_ok(rina, [link for link in links(open_ok(rina, "/sessions"), "/sessions/") if "?" not in link][0])
        assert "(PIN)" in words(transcript) and "Rahima" in words(transcript)
        person = open_ok(rina, links(transcript, "/people/")[0])
        assert re.search(r"PIN set", words(person)), words(person)
        for page in transcript, person, open_ok(rina, "/audit"), open_ok(rina, "/outbox?show=all"):
            assert not re.search(rf"(?<![0-9]){PIN}(?![0-9])", forms.read(page).told), "the PIN is on a page"
        gateway.said -= {PIN, "Rahima", reference}


def test_a_number_that_nobody_stands_behind_yet_shows_its_calls_alone():
    """a search for the number of somebody who only looked around: their sessions, nobody else's, and a line of the audit"""
    with Gateway() as gateway:
        someone_asked(gateway)
        other = gateway.phone()
        other.dial()
        rina = desk.operator(gateway, "rina", "supervisor")
        open_ok(rina, "/sessions")
        found = rina.post("/search", q=other.number)
        assert found.status == 303 and found.headers["location"].startswith("/sessions?phone="), (found.status, found.headers)
        page = open_ok(rina, found.headers["location"])
        assert len(links(page, "/sessions/")) == 1
        assert "only from one phone" in words(page) and other.number[-8:] not in forms.read(page).told
        assert audit(gateway)[-1][:2] == (VIEWED, PHONE)
        assert rina.get("/sessions?phone=99").status == 404


def test_each_view_is_kept_before_the_page_leaves():
    """a look at a session, a person, a request through its session leaves a line each; a list of sessions none"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, "/sessions")
        before = len(audit(gateway))
        session = [link for link in links(page, "/sessions/") if "?" not in link][0]
        request = links(page, "/requests/")[0]
        assert len(audit(gateway)) == before
        person = links(open_ok(rina, session), "/people/")[0]
        assert audit(gateway)[before:] == [(VIEWED, SESSION, int(session.split("/")[-1]))]
        open_ok(rina, person)
        open_ok(rina, person + "/forget")
        open_ok(rina, "/sessions?person=" + person.split("/")[-1])
        whom = (VIEWED, PERSON, int(person.split("/")[-1]))
        assert audit(gateway)[before + 1:] == [whom] * 3
        assert "Step 1" in words(open_ok(rina, request + "/session"))
        assert audit(gateway)[-1] == (VIEWED, REQUEST, int(request.split("/")[-1]))
        shown = words(open_ok(rina, "/audit?action=viewed"))
        assert shown.count("looked at") >= 5 and "Head of the chain" in shown and "helpline verify --audit" in shown


def test_who_may_open_what():
    """every role on every page: what the table of rights says, and a line in the audit for what was refused"""
    may = {"sessions": {"supervisor"}, "people": {"supervisor", "counsellor"},
           "outbox": {"supervisor", "channels"}, "audit": {"supervisor", "admin", "auditor"}}
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        session = [link for link in links(open_ok(rina, "/sessions"), "/sessions/") if "?" not in link][0]
        person = links(open_ok(rina, session), "/people/")[0]
        pages = {"/sessions": "sessions", session: "sessions", person: "people", "/outbox": "outbox", "/audit": "audit"}
        for role in "counsellor", "complaints", "editor", "analyst", "channels", "admin", "auditor":
            browser = desk.operator(gateway, role, role)
            for path, what in pages.items():
                before = audit(gateway)
                page = browser.get(path)
                wanted = 200 if role in may[what] else 404 if (role, what) == ("complaints", "people") else 403
                assert page.status == wanted, f"{role} at {path}: {page.status}"
                if wanted != 200:
                    assert audit(gateway)[len(before):][0][0] == REFUSED
                    assert "Ask us to call" not in page.text
            for path in person + "/forget",:
                assert browser.get(path).status == (404 if role == "complaints" else 403), f"{role} at {path}"
            if role in ("admin", "counsellor", "editor", "complaints"):
                browser.get("/settings")
                done = browser.post(person + "/forget", word="forget")
                assert done.status == (404 if role == "complaints" else 403) and gateway.count("person", "forgotten_at IS NULL") == 1, f"{role}: {done.status}"


def test_ids_of_nobody_and_of_others():
    """an id that is not there, no id, and a request that is not theirs to see: 404, all alike"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        request = links(open_ok(rina, "/sessions"), "/requests/")[0]
        for path in "/sessions/1", "/people/1", "/people/1/forget", "/requests/1/session", "/sessions/x", "/people/-1", \
                    "/sessions/99999999999999999999", "/people/0", "/sessions/01":
            assert rina.get(path).status == 404, path
        rina.get("/settings")
        for path in "/people/1/flag", "/people/1/flag-drop", "/people/1/number-changed", "/people/1/forget", "/outbox/1/dealt":
            page = rina.post(path, text="x", until="2099-01-01", sure="1", word="forget", flag="1")
            assert page.status in (404, 422), f"{path}: {page.status}"
        officer = desk.operator(gateway, "officer", "complaints")
        nobody, other = officer.get("/requests/1/session"), officer.get(request + "/session")
        assert nobody.status == other.status == 404
        assert "Step 1" not in other.text
        cook = desk.operator(gateway, "cook", "counsellor")
        assert "Step 1" in words(open_ok(cook, request + "/session")), "their own topics' is theirs to read"


def test_hostile_words_stay_words():
    """what somebody texted stands on the page as text, and in no tag"""
    with Gateway() as gateway:
        number = gateway.phone().number
        assert gateway.at_sms(HOSTILE, number).status == 200
        rina = desk.operator(gateway, "rina", "supervisor")
        session = [link for link in links(open_ok(rina, "/sessions"), "/sessions/") if "?" not in link][0]
        page = open_ok(rina, session)
        assert "<img" not in page.text and "onerror=1&gt;" in page.text
        assert HOSTILE in words(page) or "onerror=1>" in html.unescape(page.text)
        for path in "/sessions?channel=%22%3E%3Cimg%20src=x%3E&from=%22%3E%3Cimg&screen=%3Cimg%3E", "/audit?who=%3Cimg%3E&from=%22%3E%3Cimg", \
                    "/outbox?state=%22%3E%3Cimg&channel=%22%3E%3Cimg", session + "?list=screen%3D%2522%253E%253Cimg%2520src%253Dx%253E", \
                    session + "?list=channel%3Dx%26%22%3E%3Cimg%3E":
            page = open_ok(rina, path)
            assert "<img" not in page.text, path
        gateway.said.discard(HOSTILE)


def test_filters_stand_in_the_address():
    """sessions by channel, language, end, day, last screen, with a request; page by page, and what is no day is told"""
    with Gateway() as gateway:
        first_day = today_here()
        for _ in range(60):
            gateway.phone().dial()
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")

        def rows(path):
            return len(re.findall(r'<th scope="row"', open_ok(rina, path).text))

        first = open_ok(rina, "/sessions")
        assert len(re.findall(r'<th scope="row"', first.text)) == 50
        older = [link for link in links(first, "/sessions?") if "below=" in link and "screen=&" in link]
        assert older and rows(older[0]) == 11
        last = open_ok(rina, older[0])
        newer = [link for link in links(last, "/sessions?") if "above=" in link and "screen=&" in link]
        back = open_ok(rina, newer[0])
        listed = LISTED
        assert "Newer" in words(last) and "Newer" not in words(first) and "Newer" not in words(back)
        assert re.findall(listed, back.text) == re.findall(listed, first.text), "the page before held other rows, or in another order"
        assert rows([link for link in links(back, "/sessions?") if "below=" in link and "screen=&" in link][0]) == 11
        assert rows("/sessions?request=1") == 1 and rows("/sessions?end=answered") == 1
        assert rows("/sessions?channel=at-sms") == 0 and rows("/sessions?channel=at-ussd&lang=en") == 1
        assert rows(f"/sessions?from={first_day}&to={today_here()}&request=1") == 1
        assert rows("/sessions?from=2020-01-01&to=2020-01-02") == 0
        page = open_ok(rina, "/sessions?from=22.11.2026")
        assert 'role="alert"' in page.text and "22.11.2026" in page.text
        by_screen = [link for link in links(open_ok(rina, "/sessions?request=1"), "/sessions?screen=") if "screen=&" not in link][0]
        assert rows(by_screen) == 1


def today_here():
    """By infoline's clock."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 6 * 3600))


def rows_of(page):
    return [html.unescape(link) for link in re.findall(LISTED, page.text)]


def beside(page):
    """Where the transcript leads in the list from which it was opened: (later, earlier); None: nowhere."""
    found = {rel: html.unescape(link) for rel, link in re.findall(r'rel="(prev|next)" href="(/sessions/\d+\?list=[^"#]*)"', page.text)}
    return found.get("prev"), found.get("next")


def back_of(page):
    return html.unescape(re.search(r'<a href="([^"]*)" data-up>', page.text).group(1))


def test_a_transcript_leads_on_in_the_list_that_it_was_opened_from():
    """later and earlier session by the filter of the list, and back to it; the address is all there is to it, for who may browse"""
    with Gateway() as gateway:
        for number in range(7):
            phone = gateway.phone()
            if number % 2:
                phone.dial()
            else:
                to_main(phone)
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        everything = rows_of(open_ok(rina, "/sessions"))
        assert len(everything) == 8 and not any("?" in link for link in everything), "all sessions are no part of them"
        plain = open_ok(rina, everything[3])
        assert beside(plain) == (None, None) and "in this list" not in words(plain) and back_of(plain) == "/sessions"
        address = "/sessions?lang=en&channel=at-ussd&end=not-an-end"
        listed = rows_of(open_ok(rina, address))
        assert len(listed) == 5 and all("?list=" in link for link in listed), listed
        before = len(audit(gateway))
        link, met = listed[0], []
        while link:
            met.append(link)
            page = open_ok(rina, link + "&words=mine")
            later, link = beside(page)
            assert (later or "").replace("&words=mine", "") == (met[-2] if len(met) > 1 else ""), "the way back is another one"
            assert link is None or link.endswith("&words=mine"), "the language is forgotten on the way"
            link = link and link.replace("&words=mine", "")
        assert met == listed, "another order, or others than the list's"
        looked = [(VIEWED, SESSION, int(re.search(r"\d+", each).group())) for each in met]
        assert audit(gateway)[before:] == looked, "what was looked at is not what is in the audit"
        again = open_ok(rina, back_of(page))
        assert rows_of(again) == listed and "channel=at-ussd" in back_of(page), "the list is another one"
        middle = re.search(r"\d+", listed[2]).group()
        for place in f"below={middle}", f"above={middle}":
            page = open_ok(rina, rows_of(open_ok(rina, f"{address}&{place}"))[0])
            assert back_of(page).endswith("&" + place) and rows_of(open_ok(rina, back_of(page))), "back to another page"
        mona = desk.operator(gateway, "mona", "supervisor")
        assert beside(open_ok(mona, met[2])) == (met[1], met[3]), "an address says the same to everybody"
        for nothing in "", "%25zz", "below%3D5", "what%3Dever", "channel%3D":
            page = open_ok(rina, f"{everything[3]}?list={nothing}")
            assert beside(page) == (None, None) and back_of(page) == "/sessions", nothing
        request = links(open_ok(rina, "/sessions?request=1"), "/requests/")[0]
        through = open_ok(rina, f"{request}/session?list=lang%3Den")
        assert "list" not in "".join(links(through, "/requests/")) and "in this list" not in words(through)
        cook = desk.operator(gateway, "cook", "counsellor")
        assert cook.get(met[2]).status == 403
        assert "in this list" not in words(open_ok(cook, f"{request}/session?list=lang%3Den"))


def test_the_list_stays_while_somebody_reads_and_takes_words_out():
    """steps further on, the other language and the page that asks before words go: each leads back with the list"""
    with Gateway() as gateway:
        number = gateway.phone().number
        gateway.said.add("beaten by Jorina")
        assert gateway.at_sms("beaten by Jorina", number).status == 200
        gateway.phone().dial()
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, rows_of(open_ok(rina, "/sessions?channel=at-sms"))[0])
        own = [link for link in links(page, "/sessions/") if "#" in link or "redact" in link]
        assert len(own) >= 2 and all("list=channel%3Dat-sms" in link for link in own), own
        later = open_ok(rina, next(link for link in own if "words=mine" in link).split("#")[0].replace("from=0", "from=1"))
        own = [link for link in links(later, "/sessions/") if "#" in link]
        assert len(own) >= 2 and all("list=channel%3Dat-sms" in link for link in own), own
        assert any("words=mine" in link and "from=0" in link for link in own), "from the start, in the language that was chosen"
        asking = forms.read(open_ok(rina, next(link for link in links(page, "/sessions/") if "/redact?" in link)))
        assert any("list=channel%3Dat-sms" in link and "from=" in link for link in asking.links), "who thinks better of it leaves the list"
        done = forms.send(rina, asking.form("/redact"))
        assert done.status == 303 and "?list=channel%3Dat-sms&" in done.headers["location"], (done.status, done.headers)
        assert back_of(open_ok(rina, done.headers["location"].split("#")[0])) == "/sessions?channel=at-sms"


def test_whose_list_it_is_leaves_its_line_and_takes_its_right():
    """a session opened from the list of one person or phone: a look at these too, each time; one that is not there is refused"""
    with Gateway() as gateway:
        phone, _ = someone_asked(gateway)
        phone.dial()
        rina = desk.operator(gateway, "rina", "supervisor")
        session = rows_of(open_ok(rina, "/sessions"))[1]
        connection = gateway.db()
        person, number = connection.execute("SELECT person, phone FROM request").fetchone()
        connection.close()
        for whose, what in (f"person={person}", (VIEWED, PERSON, person)), (f"phone={number}", (VIEWED, PHONE, number)):
            listed = rows_of(open_ok(rina, "/sessions?" + whose))
            assert len(listed) == 2, whose
            before = len(audit(gateway))
            assert beside(open_ok(rina, listed[0])) == (None, listed[1]), whose
            assert audit(gateway)[before:] == [what, (VIEWED, SESSION, int(re.search(r"\d+", listed[0]).group()))], whose
        before = len(audit(gateway))
        for nobody in "person%3D99", "phone%3D99":
            assert rina.get(f"{session}?list={nobody}").status == 404, nobody
        assert not [line for line in audit(gateway)[before:] if line[0] == VIEWED], "what was refused was looked at"


def test_a_flag_is_added_and_dropped():
    """a warning stands with its day and author; what was wrong is told and what was typed stays"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        request = links(open_ok(rina, "/sessions"), "/requests/")[0]
        path = links(open_ok(rina, request), "/people/")[0]
        open_ok(rina, path)
        page = rina.post(path + "/flag", key=rina.field("key"), text="armed <b>relative</b>", until="2001-01-01")
        assert page.status == 422 and 'role="alert"' in page.text and "armed &lt;b&gt;relative" in page.text
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
        page = rina.post(path + "/flag", key=rina.field("key"), text="", until=until)
        assert page.status == 422 and until in page.text and re.search(r"<details open><summary>Add a warning", page.text)
        page = rina.post(path + "/flag", key=rina.field("key"), text="armed <b>relative</b>", until=until)
        assert page.status == 303, words(page)[:400]
        page = open_ok(rina, path)
        assert "armed <b>relative</b> Rina" in words(page), words(page)[:600]
        last_day = time.strftime("until %-d %b %Y", time.strptime(until, "%Y-%m-%d"))
        assert last_day in words(page), words(page)[:600]
        assert last_day in words(open_ok(rina, request)), "the request says another day"
        open_ok(rina, path)
        flag = re.search(r'name="flag" value="(\d+)"', page.text).group(1)
        key = re.search(r'flag-drop">.*?name="key" value="([^"]+)"', page.text, re.S).group(1)
        assert rina.post(path + "/flag-drop", key=key, flag=flag).status == 303
        after = words(open_ok(rina, path))
        assert "No warning" in after and "1 earlier warning" in after
        gateway.said.add("armed <b>relative</b>")


def test_a_flag_ends_after_its_last_day():
    """a warning whose days are over warns no more: neither on the person's page nor beside a request; it is told as an earlier one"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        request = links(open_ok(rina, "/sessions"), "/requests/")[0]
        path = links(open_ok(rina, request), "/people/")[0]
        open_ok(rina, path)
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
        assert rina.post(path + "/flag", key=rina.field("key"), text="armed relative", until=until).status == 303
        assert "armed relative" in words(open_ok(rina, request)) and "No warning" not in words(open_ok(rina, path))
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("UPDATE person_flag SET at = at - 7 * 86400000, until = until - 7 * 86400000")
        data.close()
        gateway.start()
        assert "armed relative" not in words(open_ok(rina, request))
        after = words(open_ok(rina, path))
        assert "No warning" in after and "1 earlier warning" in after and "armed relative" in after
        assert "flag-drop" not in rina.page.text, "what is over is not ended once more"
        gateway.said.add("armed relative")


def test_forgetting_takes_its_word():
    """the page says what goes and what stays; without its word nothing goes, with it the person is gone, and the transcript says so"""
    with Gateway() as gateway:
        phone, reference = someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        session = [link for link in links(open_ok(rina, "/sessions"), "/sessions/") if "?" not in link][0]
        path = links(open_ok(rina, session), "/people/")[0]
        page = open_ok(rina, path + "/forget")
        assert "What goes" in words(page) and "What stays" in words(page) and "1 request" in words(page)
        page = rina.post(path + "/forget", key=rina.field("key"), word="forgte")
        assert page.status == 422 and 'value="forgte"' in page.text and 'role="alert"' in page.text
        assert gateway.count("person", "forgotten_at IS NULL") == 1
        page = rina.post(path + "/forget", key=rina.field("key"), word=" Forget ")
        assert page.status == 303, words(page)[:400]
        assert gateway.count("person", "forgotten_at IS NULL") == 0
        assert rina.page.headers["location"] == "/queue", "of who is gone there is no page"
        after = rina.follow()
        assert after.status == 200 and "They are forgotten" in words(after), words(after)[:400]
        assert gateway.run("verify", "--forgotten", reference).returncode == 0
        transcript = open_ok(rina, session)
        assert "gone" in words(transcript) and reference not in words(transcript)


def test_forgetting_leaves_what_is_still_open():
    """with a request that stays, the page of the person is there until it is closed, and says so"""
    with Gateway() as gateway:
        complain(gateway.phone(), "Jorina Khatun")
        rina = desk.operator(gateway, "rina", "supervisor")
        path = links(open_ok(rina, links(open_ok(rina, "/sessions"), "/requests/")[0]), "/people/")[0]
        assert "1 request stays" in words(open_ok(rina, path + "/forget"))
        assert rina.post(path + "/forget", key=rina.field("key"), word="forget").status == 303
        after = rina.follow()
        assert after.status == 200 and "Asked to be forgotten" in words(after) and "They are forgotten" not in words(after)
        gateway.said.add("Jorina Khatun")


def test_a_number_that_changed_hands():
    """only with its tick; then the number counts as new"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        path = links(open_ok(rina, links(open_ok(rina, "/sessions"), "/requests/")[0]), "/people/")[0]
        open_ok(rina, path)
        page = rina.post(path + "/number-changed", key=rina.field("key"))
        assert page.status == 422 and gateway.count("phone", "renewed_at IS NOT NULL") == 0
        page = rina.post(path + "/number-changed", key=rina.field("key"), sure="1")
        assert page.status == 303 and gateway.count("phone", "renewed_at IS NOT NULL") == 1
        assert "Counts as new since" in words(open_ok(rina, path))


def test_the_outbox_shows_neither_words_nor_numbers():
    """texts and their fate: no word of theirs, no number; what failed waits for somebody and is dealt with"""
    with Gateway() as gateway:
        number = gateway.phone().number
        assert gateway.at_sms("MENU", number).status == 200
        harness.wait_until(lambda: gateway.count("outbox") > 0, 60, "an answer in the outbox")
        rina = desk.operator(gateway, "rina", "supervisor")
        page = open_ok(rina, "/outbox?show=all")
        assert len(re.findall(r'<th scope="row"', page.text)) == 1, words(page)
        assert number[-8:] not in forms.read(page).told and "InfoLine" not in words(page)
        assert "at-sms" in words(page)
        for name, roles, told in (("kim", "channels", []), ("lina", "channels,counsellor", ["open the request"]),
                                  ("rina", None, ["open the request", "open the session"])):
            browser = desk.operator(gateway, name, roles) if roles else rina
            page = open_ok(browser, "/outbox?show=all")
            found = [place for place in ("open the request", "open the session") if place in words(page)]
            assert found == told, f"{name}: {found}"
            assert "open the session" in told or not links(page, "/sessions/"), f"{name}: a link to a session that they may not open"


def test_a_text_leads_to_its_request_and_session_for_who_may_go_there():
    """a role that keeps the channels sees what became of texts and nothing of whom they are for"""
    with Gateway() as gateway:
        _, reference = someone_asked(gateway)
        assert gateway.at_sms("MENU", gateway.phone().number).status == 200
        harness.wait_until(lambda: gateway.count("outbox") == 1, 60, "an answer in the outbox")
        between_two_starts(gateway, "UPDATE outbox SET request = (SELECT id FROM request)")
        for role, sees in ("supervisor", True), ("channels", False):
            page = open_ok(desk.operator(gateway, role, role), "/outbox?show=all")
            assert page.text.count('<tr id="text-') == 1, role
            led = [len(links(page, to)) for to in ("/requests/", "/sessions/")]
            assert led == ([1, 1] if sees else [0, 0]) and (reference in words(page)) == sees, f"{role}: {led}"


def test_what_was_dealt_with_leaves_the_part_of_the_outbox_that_was_looked_at():
    """"dealt with" comes back to the same filter and page, done or refused"""
    with Gateway() as gateway:
        for _ in range(2):
            assert gateway.at_sms("MENU", gateway.phone().number).status == 200
        harness.wait_until(lambda: gateway.count("outbox") == 2, 60, "answers in the outbox")
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("UPDATE outbox SET state = 4")
            last = data.execute("SELECT max(id) FROM outbox").fetchone()[0]
        data.close()
        gateway.start()
        keeper = desk.operator(gateway, "kim", "channels")
        for part in "show=all&state=failed&channel=at-sms", f"show=trouble&state=failed&channel=at-sms&below={last + 1}":
            page = open_ok(keeper, "/outbox?" + part)
            form = re.search(r'(?s)action="(/outbox/\d+/dealt)">(.*?)</form>', page.text)
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(2)))
            fields.pop("token")
            done = keeper.post(form.group(1), fields)
            assert done.status == 303 and done.headers["location"] == "/outbox?" + part, (done.status, done.headers)
            assert "below" in part or "Dealt with" in words(open_ok(keeper, done.headers["location"]))
        assert gateway.count("outbox", "dealt_at IS NOT NULL") == 2
        for part, found in (("show=all&state=failed", 2), ("show=all&state=sent", 0), ("show=all&state=failed&channel=kannel", 0), ("show=trouble", 0)):
            assert len(re.findall(r'<th scope="row"', open_ok(keeper, "/outbox?" + part).text)) == found, part
        keeper.get("/outbox?show=all")
        hostile = keeper.post("/outbox/7/dealt", show="all", channel='"><img src=x>&show=trouble#', below="x")
        assert hostile.status == 404 and "<img" not in hostile.text


def test_the_pages_in_bangla():
    """an operator whose pages are Bangla reads no English word of ours, and local digits"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor", None, "--lang", "bn")
        for path, word in {"/sessions": "কীভাবে শেষ", "/outbox": "ব্যবস্থা নেওয়ার কিছু নেই", "/audit": "শিকলের শেষ সারি"}.items():
            page = open_ok(rina, path)
            assert word in words(page) and '<html lang="bn"' in page.text, path
        transcript = open_ok(rina, [link for link in links(open_ok(rina, "/sessions"), "/sessions/") if "?" not in link][0])
        assert "ধাপ ১" in words(transcript)
        assert re.search(r'<pre class="phone" lang="en"', transcript.text), "as it was shown"


def three_of_one_person(gateway, day=86400000):
    """Somebody's three requests from one session: of work, of health, and for the complaints desk; with a registration and two
    follow-ups, one of them answered. Gives the way to each, and to the person."""
    phones = [someone_asked(gateway)[0] for _ in range(3)]
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        rows = data.execute("SELECT id, person, phone, session FROM request ORDER BY id").fetchall()
        ids, (_, person, phone, session) = [row[0] for row in rows], rows[0]
        word = lambda text: data.execute("INSERT INTO word (text) VALUES (?) ON CONFLICT (text) DO UPDATE SET text = text RETURNING id", (text,)).fetchone()[0]
        data.execute("UPDATE request SET person = ?, phone = ?, session = ?, entry = NULL", (person, phone, session))
        data.execute("UPDATE request SET topic = ? WHERE id = ?", (word("health"), ids[1]))
        data.execute("UPDATE request SET topic = ?, kind = ?, desk = ? WHERE id = ?", (word("pay"), word("pay"), word("complaints"), ids[2]))
        now = int(time.time() * 1000)
        data.execute("INSERT INTO registration (id, reference, person, session, created_at, consent_version) VALUES (77, '1234566', ?, ?, ?, '2')",
                     (person, session, now))
        data.execute("INSERT INTO follow_up VALUES (71, ?, ?, 77, 1, ?, 2, ?, ?)", (person, phone, now - 9 * day, now - day, session))
        data.execute("INSERT INTO follow_up VALUES (72, ?, ?, 77, 6, ?, 0, ?, NULL)", (person, phone, now + 99 * day, now))
        data.execute("UPDATE session SET started_at = last_at - 90000, ended_at = last_at WHERE id = ?", (session,))
    data.close()
    gateway.start()
    assert phones
    return [f"/requests/{each}" for each in ids], f"/people/{person}", f"/sessions/{session}"


def test_a_person_is_shown_to_each_as_far_as_it_is_theirs():
    """of other topics it is told that there is more, of a complaint nothing; sessions only to who browses them"""
    with Gateway() as gateway:
        (work, health, complaint), person, session = three_of_one_person(gateway)
        lina = desk.operator(gateway, "lina", "counsellor", None, "--topics", "work")
        rina = desk.operator(gateway, "rina", "supervisor")
        tom = desk.operator(gateway, "tom", "complaints")
        for browser, theirs, told in ((lina, {work}, "1 more is not yours to see."), (rina, {work, health, complaint}, None), (tom, {complaint}, None)):
            page = open_ok(browser, person)
            shown = {link for link in links(page, "/requests/") if re.fullmatch(r"/requests/\d+", link)}
            assert shown == theirs, f"{browser.name}: {shown}"
            assert (told or "not yours to see") in words(page) if told else "not yours to see" not in words(page), browser.name
            browses = browser is rina
            assert bool(links(page, "/sessions")) == browses, f"{browser.name}: {links(page, '/sessions')}"
            assert "Registration 123 4566" in words(page) and "version 2" in words(page)
            asked = re.search(r'(?s)<section aria-labelledby="follow-ups">.*?</section>', page.text).group(0)
            months = re.findall(r'<th scope="row"[^>]*>(\d+)</th>', asked)
            assert months == ["1", "6"] and ">answered<" in asked and ">not due yet<" in asked, asked
            assert asked.count("<time") == 3, "two that are due, one answered"
        nora = desk.operator(gateway, "nora", "counsellor", None, "--topics", "money")
        assert nora.get(person).status == 404
        assert audit(gateway)[-1] == (REFUSED, PERSON, int(person.split("/")[-1])), "nothing tells that they asked"
        page = open_ok(lina, work + "/session")
        shown = {link for link in links(page, "/requests/") if re.fullmatch(r"/requests/\d+", link)}
        assert not shown & {health, complaint} and "1 request of it is not yours to see." in words(page), words(page)[:600]
        assert lina.get(health + "/session").status == lina.get(complaint + "/session").status == 404
        forget = words(open_ok(rina, person + "/forget"))
        assert "2 requests" in forget and "1 request stays until it is closed" in forget and "2 follow-ups" in forget, forget[:900]
        listed = open_ok(rina, "/sessions?person=" + person.split("/")[-1])
        row = next(each for each in re.findall(r"(?s)<tr>.*?</tr>", listed.text) if f'"{session}?list=' in each)
        assert "1 min 30 s" in html.unescape(re.sub(r"<[^>]*>", "", row)), row
        node, shown = re.search(r'href="/sessions\?screen=([^"&]+)[^>]*>([^<]*)<', row).groups()
        assert node != html.unescape(shown), "a screen is called by its name in the flow"


def test_a_long_transcript_goes_on_where_it_stopped():
    """every step once, page after page, with the gap to the one before; a beginning that is none begins at the first"""
    with Gateway() as gateway:
        gateway.phone().dial()
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            columns = [row[1] for row in data.execute("PRAGMA table_info(turn)")]
            copied = ", ".join({"number": "n", "at": "at + n * 1000"}.get(name, name) for name in columns)
            data.execute(f"WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 449) "
                         f"INSERT INTO turn ({', '.join(columns)}) SELECT {copied} FROM turn, more")
            session = data.execute("SELECT session FROM turn LIMIT 1").fetchone()[0]
        data.close()
        gateway.start()
        rina = desk.operator(gateway, "rina", "supervisor")

        def steps(path):
            return [int(number) for number in re.findall(r'<li id="step-(\d+)"', open_ok(rina, path).text)]

        assert steps(f"/sessions/{session}") == list(range(1, 401))
        later = html.unescape(re.search(r'rel="next" href="([^"]*)"', rina.page.text).group(1)).split("#")[0]
        assert steps(later) == list(range(401, 451)), "steps are lost, or shown twice"
        assert words(rina.page).count("after 1 s") == 50 and 'rel="next"' not in rina.page.text, words(rina.page)[:600]
        for none in "-1", "x", "0", "65536", "99999999999":
            assert steps(f"/sessions/{session}?from={none}")[:1] == [1], none


def test_the_audit_by_who_and_what():
    """one operator's lines, one kind of line; what was chosen stays chosen; only what is there is a link, for who may go there"""
    with Gateway() as gateway:
        someone_asked(gateway)
        rina = desk.operator(gateway, "rina", "supervisor")
        boss = desk.operator(gateway, "boss", "admin")
        open_ok(rina, links(open_ok(rina, "/sessions"), "/requests/")[0])
        assert boss.get("/queue").status == 403
        whole = open_ok(rina, "/audit")
        ids = {name: number for number, name in re.findall(r'<option value="(\d+)">(\w+)</option>', re.search(r'(?s)<select id="who".*?</select>', whole.text).group(0))}
        assert set(ids) == {"Rina", "Boss"}, ids

        def rows(path):
            page = open_ok(rina, path)
            return [re.sub(r"(?s)<[^>]*>", "|", row) for row in re.findall(r'(?s)<tr id="row-.*?</tr>', page.text)]

        for name, number in ids.items():
            theirs, others = rows(f"/audit?who={number}"), set(ids) - {name}
            assert theirs and all(f"|{name}|" in row for row in theirs) and not any(f"|{other}|" in row for row in theirs for other in others)
            assert f'<option value="{number}" selected>{name}' in rina.page.text
        looked = rows("/audit?action=viewed&object=request")
        assert looked and all("looked at" in row and "|request " in row for row in looked), looked
        assert not re.search(r'href="/\w+/0"', open_ok(rina, "/audit").text)
        assert links(rina.page, "/requests/") and not links(rina.page, "/users/")
        assert links(open_ok(boss, "/audit"), "/users/") and not links(boss.page, "/requests/")
        refused = next(row for row in re.findall(r'(?s)<tr id="row-.*?</tr>', boss.page.text) if "badge warn" in row)
        assert "Boss" in refused, refused


def test_the_audit_by_days():
    """from a day, until a day, both: to the millisecond, by the service's clock"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        midnight = (calendar.timegm((2026, 3, 5, 0, 0, 0)) - 6 * 3600) * 1000
        ids = [row["id"] for row in gateway.db().execute("SELECT id FROM audit ORDER BY id")]
        early, late = ids[:2]
        between_two_starts(gateway, "UPDATE audit SET at = ? + (id = ?) - 1 WHERE id IN (?, ?)", midnight, late, early, late)
        for days, found in (("from=2026-03-05&to=2026-03-05", {late}), ("from=2026-03-04&to=2026-03-04", {early}), ("to=2026-03-04", {early}),
                            ("from=2026-03-04&to=2026-03-05", {early, late}), ("from=2026-03-06&to=2026-03-07", set()),
                            ("from=2026-03-05", set(ids) - {early}), ("from=2026-03-04", set(ids))):
            shown = {int(number) for number in re.findall(r'<tr id="row-(\d+)"', open_ok(rina, "/audit?" + days).text)}
            assert shown & set(ids) == found, f"{days}: {shown}, not {found}"
        for wrong in "from=5.3.2026", "to=2026-02-30", "from=2026-03-06&to=2026-03-05":
            assert 'role="alert"' in open_ok(rina, "/audit?" + wrong).text, wrong


if __name__ == "__main__":
    harness.main()
