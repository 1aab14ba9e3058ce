"""The queue and the page of a request, by plain HTTP as a browser without scripts sends it: every form, every role, hostile words."""
# timeout: 600
import collections
import datetime
import html
import json
import re
import sqlite3
import time

import desk
import forms
import harness
import infoline
from fake_at import FakeAt
from gateway import ROOT, Gateway, OwnChannels, new_number
from harness import wait_until

HOSTILE = '"><img src=x onerror=1>\'&lt;{{t}}\u202e\u09b8\u09be\u09b9\u09be\u09af\u09cd\u09af'


class TwoServices(OwnChannels):
    """The demonstration's two, each on a code of its own; infoline is the first, and its zone the desk's."""
    services = "infoline", "rohnamo"

    def write(self, folder):
        channel = ('{} = {{ profile = "africastalking-ussd"; service = "{}"; code = "{}"; auth = "path"; secret = "' + 32 * "a" + '";'
                   ' numbers = {{ country = "880"; trunk = "0"; min = 8; max = 10; }}; }};')
        return (f'dir = {{ menus = "{ROOT}/menus"; profiles = "{ROOT}/conf/aggregators"; }};\nchannels = {{\n'
                + channel.format("first", self.services[0], "*384#") + channel.format("second", self.services[1], "*385#") + "\n};\n")


class RohnamoFirst(TwoServices):
    services = "rohnamo", "infoline"


def queue(browser, query=""):
    return forms.read(browser.get("/queue" + query))


def request_link(page, reference):
    found = re.search(rf'<a href="(/requests/\d+)" class="row">{reference}</a>', page.source)
    assert found, f"the queue does not show {reference}: {page.words[:400]}"
    return found.group(1)


def opened(browser, link):
    page = forms.read(browser.get(link))
    assert page.status == 200, f"{link}: {page.status} {page.words[:300]}"
    return page


def asked(gateway, browser):
    """Somebody asks to be called; gives the way to their request and its reference."""
    phone, reference = desk.caller_who_asks(gateway)
    return phone, request_link(queue(browser), reference), reference


def in_danger(gateway, browser, *answers):
    """Somebody in danger, called at any hour of any day, or never, as they answer; gives the way to their request."""
    known = queue(browser, "?tab=danger").links
    phone = gateway.phone()
    infoline.to_main(phone)
    for answer in ("Danger now", "Call me right now", "Tell us how to call", *answers):
        phone.pick(answer)
    return next(link for link in queue(browser, "?tab=danger").links if re.fullmatch(r"/requests/\d+", link) and link not in known)


def test_a_claim_in_the_queue_leads_on():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor")
        _, link, reference = asked(gateway, rina)
        page = queue(rina, "?tab=unassigned&topic=work")
        late = forms.read(mona.get("/queue?tab=unassigned&topic=work")).form("/claim")
        form = page.form("/claim")
        answer = forms.send(rina, form)
        assert (answer.status, answer.headers["location"]) == (303, link), "without a script the next page is the request"
        assert "It is yours." in opened(rina, link).words
        assert reference in queue(rina, "?tab=mine").words
        # Who comes late stays where they were.
        after = forms.submit(mona, late)
        assert "Somebody else was first" in after.words, after.words[:300]
        assert 'aria-current="page">Unassigned' in after.source, "the tab is another now"
        # The same form once more: it is carried out once, and says the same.
        again = forms.submit(rina, form)
        assert again.status == 200 and "It is yours." in again.words
        assert gateway.count("request_step", "step = 3") == 1, "claimed twice"
        # htmx is given the row alone.
        _, other, _ = asked(gateway, rina)
        row = forms.send(rina, [f for f in queue(rina).find("/claim") if f.action.startswith(other)][0],
                         headers={"HX-Request": "true"})
        assert row.status == 200 and row.text.lstrip().startswith("<tr"), row.text[:200]
        assert "<html" not in row.text and "It is yours." in row.text
        assert "data-claimed" in row.text and '<p class="hidden"' in row.text, "the row grows and moves those below it"


def test_a_call_begins_with_its_rules():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        link = in_danger(gateway, rina, "Yes", "Hang up")
        forms.submit(rina, opened(rina, link).form("/claim"))
        page = queue(rina, "?tab=mine")
        assert f"{link}#contact" in page.links, [each for each in page.links if link in each]
        assert 'id="contact"' in opened(rina, link).source


def test_who_has_no_number_is_called_on_the_one_they_give():
    """a sender whom the network masks, in danger: from the dial to the number that they type, which stands masked till it is asked for"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        phone, other = gateway.phone("anon-5c74b588f97a"), gateway.phone().number.replace("+880", "0")
        infoline.to_main(phone)
        phone.pick("Danger now", "Call me right now", "Tell us how to call")
        assert not re.search(r"Yes\b", phone.screen.text), "this phone cannot be called"
        phone.pick("another number")
        without = request_link(queue(rina, "?tab=danger"), r"[\d ]+")
        page = opened(rina, without)
        assert not page.find("reveal") and page.words.count("No number is kept") == 3, page.words[:2500]
        phone.press(other)
        phone.pick("Hang up")
        page = opened(rina, without)
        assert "They gave another number" in page.words and "No number is kept," in page.words and "No number is kept " not in page.words
        assert other not in page.source and page.words.count(f"\u2022\u2022\u2022\u2022 {other[-2:]}") == 4, page.words[:2500]
        assert other not in queue(rina).source
        said = opened(rina, f"{without}/session")
        assert other not in said.source and f"\u2022\u2022\u2022\u2022 {other[-2:]}" in said.words, said.words[-2500:]
        answer = forms.submit(rina, page.form("reveal"), reason="2")
        assert answer.status == 200 and f'href="tel:{other}"' in answer.source, answer.words[:900]
        assert gateway.count("audit", "action = 10") == 1, "nobody can tell that it was shown"


def test_who_asked_to_stop_is_not_called():
    """the row and the page say so, the number goes to a supervisor alone, with a reason; until they write themselves"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        boss = desk.operator(gateway, "boss", "supervisor")
        link = in_danger(gateway, rina, "Yes", "Hang up")
        number = next(said for said in gateway.said if said.startswith("+880"))
        forms.submit(rina, opened(rina, link).form("/claim"))
        shows = opened(rina, link).form("reveal")
        assert ">Call<" in row_of(queue(rina), link)
        page = forms.submit(rina, opened(rina, link).form("attempt"), result="3")
        assert page.words.count("They asked us to stop calling. Do not call again") == 1 and "Safe to call: now" not in page.words
        assert not page.find("reveal") and "ask a supervisor" in page.words
        row = row_of(queue(rina), link)
        assert f'href="{link}#close">Close' in row and "do not call: they asked us to stop" in row and ">Call<" not in row, row
        for form in {**shows.fields, "reason": "1"}, {**shows.fields, "reason": "2", "override": "1"}:
            answer = rina.post(f"{link}/reveal", {**form, "version": page.form("/note").fields["version"]})
            assert answer.status in (403, 422) and number[-8:] not in forms.read(answer).told, answer.status
        assert "have asked for nothing since" in forms.submit(rina, opened(rina, link).form("attempt"), result="0").words
        forms.submit(rina, opened(rina, link).form("/release"))
        row = row_of(queue(rina), link)
        assert "/claim" in row and "do not call: they asked us to stop" in row, "it comes back as one to be called"
        bare = forms.submit(boss, opened(boss, link).form("reveal"), reason="2")
        assert bare.status == 422 and number[-8:] not in bare.told
        shown = forms.submit(boss, bare.form("reveal"), override="1")
        assert shown.status == 200 and f'href="tel:{number}"' in shown.source, "what was chosen is lost"
        forms.submit(rina, opened(rina, link).form("/claim"))
        gateway.at_sms("Please call me after all", number)
        page = opened(rina, link)
        assert "stop calling. Do not call" not in page.words and page.find("reveal") and "Safe to call: now" in page.words
        assert f'href="{link}#attention">Look' in row_of(queue(rina), link), "what they wrote is read first"
        assert forms.submit(rina, page.form("reveal"), reason="1").status == 200


def test_what_a_supervisor_decided_is_not_asked_twice():
    """the reason of a call at no safe time, that of a number and its tick, the duplicate that was chosen: there again beside a mistake"""
    with Gateway() as gateway:
        boss = desk.operator(gateway, "boss", "supervisor")
        made, number = by_hand(gateway, boss)
        link, second = link_of(made), link_of(by_hand(gateway, boss, number=number)[0])
        forms.submit(boss, opened(boss, link).form("attempt"), result="3", override="2")  # no hour of any day is safe now
        for _ in range(2):
            refused = forms.submit(boss, opened(boss, link).form("attempt"), override="3")
            assert refused.status == 422 and refused.form("attempt").fields["override"] == "3", refused.form("attempt").fields
        assert "The call is saved." in forms.submit(boss, refused.form("attempt"), result="0").words
        assert gateway.count("attempt") == 2
        for typed, kept in (({"reason": "", "override": "1"}, {"reason": "", "override": "1"}), ({"reason": "2"}, {"reason": "2", "override": None})):
            refused = forms.submit(boss, opened(boss, link).form("reveal"), **typed)
            fields = refused.form("reveal").fields
            assert refused.status == 422 and {key: fields.get(key) for key in kept} == kept, f"{typed}: {fields}"
        late = opened(boss, link).form("/merge")
        forms.submit(boss, opened(boss, link).form("/urgency"), code="1")
        refused = forms.submit(boss, late, to=second.rsplit("/", 1)[1])
        assert refused.status == 409 and refused.form("/merge").fields.get("to") == second.rsplit("/", 1)[1]


def test_what_is_over_is_not_called():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        link = in_danger(gateway, rina, "Yes", "Hang up")
        page = opened(rina, link)
        assert "Safe to call" in page.words, "an open one says when"
        forms.submit(rina, page.form("/close"), outcome="1")
        page, closed = opened(rina, link), queue(rina, "?tab=done")
        for said in page, closed:
            assert "Safe to call" not in said.words and "Closed on" in said.words, said.words[:900]
        assert re.search(r'<td class="due" data-label="Closed on"><time', re.sub(r"\s*\n\s*", "", closed.source))


def test_numbers_of_the_whole_do_not_stand_beside_a_part():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        asked(gateway, rina)
        assert re.search(r"Unassigned <span class=\"count\"><span data-count-of=\"unassigned\">1<", queue(rina, "?tab=all").source)
        assert 'data-count-of="due_hour"' in queue(rina).source
        assert "data-count-of=" not in queue(rina, "?tab=all&topic=health").source.split("<main", 1)[1]


def test_what_found_nothing_can_be_corrected():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        box = forms.read(rina.get("/search")).form("/search")
        for typed, kept in (("482 7153", "4827153"), ("her brother", "her brother"), ("+8801712345678", "")):
            page = forms.submit(rina, box, q=typed)
            assert page.find("/search")[-1].fields["q"] == kept, (typed, page.find("/search")[-1].fields)
        assert "712345678" not in page.source, "a number is said again"
        assert "Write a reference or a phone number first." in forms.submit(rina, box, q=" ").words


def test_what_is_not_theirs_is_not_there():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor", "Mona", "--topics", "health")
        boss = desk.operator(gateway, "boss", "admin")
        _, link, reference = asked(gateway, rina)
        page = queue(mona)
        assert reference not in page.words and "1 more in topics that you cannot see" in page.words, page.words[:500]
        number = link.rsplit("/", 1)[1]
        forms_of_it = [f for f in opened(rina, link).forms if f.action.startswith(link)]
        assert len(forms_of_it) >= 8, [f.action for f in forms_of_it]
        for browser, statuses in ((mona, (404,)), (boss, (403, 404))):
            browser.get("/settings")
            token = browser.token()
            assert browser.get(link).status in statuses, link
            for form in forms_of_it:
                answer = browser.post(form.action, {**form.fields, "token": token, "text": "x", "reason": "1", "result": "2"})
                assert answer.status in statuses, f"{form.action}: {answer.status}"
                assert reference not in answer.text
        theirs, gone = (re.sub(r"[0-9a-f]{20,}|\d+", "", mona.get(path).text) for path in (link, "/requests/4711"))
        assert theirs == gone, "what is somebody else's looks other than what is not there"
        before = gateway.count("audit", f"about = {number} AND action = 7")
        assert before > 0, "nothing tells that they tried"
        mona.get("/queue")
        found, missing = (mona.post("/search", q=digits) for digits in (reference, "000 001"))
        assert (found.status, missing.status) == (200, 200) and "No request and no registration" in found.text, found.status
        assert gateway.count("audit", f"about = {number} AND action = 7") == before + 1, "a search for it leaves no line"
        assert gateway.count("request_desk", "assignee != 0") == 0, "somebody changed what is not theirs"


def test_every_role_at_every_page():
    seeing = {"counsellor", "supervisor", "complaints"}
    with Gateway() as gateway:
        for role in ("counsellor", "supervisor", "complaints", "editor", "analyst", "channels", "admin", "auditor"):
            browser = desk.operator(gateway, role[:8], role)
            for path in ("/queue", "/requests/new", "/search"):
                status = browser.get(path).status
                assert status == (200 if role in seeing else 403), f"{role} {path}: {status}"
            browser.get("/settings")
            token = browser.token()
            for path in ("/filters", "/search", "/requests", "/requests/1/claim", "/requests/1/close"):
                status = browser.post(path, {"token": token}).status
                assert (status == 403) == (role not in seeing), f"{role} POST {path}: {status}"


def test_hostile_words_in_every_field():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, link, _ = asked(gateway, rina)
        page = opened(rina, link)
        for form in [f for f in page.forms if f.action.startswith("/requests/")]:
            typed = {name: HOSTILE for name in form.names if name not in ("token", "key", "version")}
            answer = forms.submit(rina, form, **typed)
            assert answer.status in (200, 404, 409, 422), f"{form.action}: {answer.status}"
            assert "<img" not in answer.source, form.action
        for name in ("note", "close", "attempt", "assign", "settle", "referral-1", "referral-", "referral-x"):
            answer = rina.post(f"{link}/draft", {"place": name, "text": HOSTILE})
            assert answer.status in (303, 404), f"{name}: {answer.status}"
            rina.get(link)
        page = opened(rina, link)
        assert "<img" not in page.source
        assert page.form("note").fields["text"] == HOSTILE, "the draft is not what was typed"
        note = forms.submit(rina, page.form("note"), text=HOSTILE)
        assert HOSTILE in note.source.replace("&quot;", '"').replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">") \
            .replace("&#39;", "'").replace("&amp;", "&") and "<img" not in note.source
        saved = forms.submit(rina, queue(rina).form("/filters"), name=HOSTILE[:20], topic=HOSTILE, tab=HOSTILE)
        assert "<img" not in saved.source and "The filter is saved." in saved.words, saved.words[:300]
        for query in ("?tab=%22%3E%3Cimg%3E", "?topic=%22%3E%3Cimg%3E&district=x", "?after=%22%3E%3Cimg%3E"):
            assert "<img" not in queue(rina, query).source
        answer = forms.submit(rina, forms.read(rina.get("/search")).form("/search"), q=HOSTILE)
        assert "<img" not in answer.source and "neither a reference" in answer.words


def test_somebody_else_was_first():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        mona = desk.operator(gateway, "mona", "supervisor")
        _, link, _ = asked(gateway, rina)
        old = opened(rina, link)
        forms.submit(mona, opened(mona, link).form("/claim"))
        forms.submit(mona, opened(mona, link).form("note"), text="Mona spoke to the embassy")
        text = "They are well.\nA second line."
        answer = forms.submit(rina, old.form("/close"), outcome="1", text=text)
        assert answer.status == 409, answer.status
        assert "Somebody changed this request while you wrote" in answer.words
        assert "Mona spoke to the embassy" in answer.words and "Mona" in answer.words
        again = answer.form("close")
        assert again.fields["text"] == text and again.fields["outcome"] == "1", again.fields
        # Nothing is lost when the window is closed now.
        assert opened(rina, link).form("close").fields["text"] == text
        done = forms.submit(rina, again)
        assert done.status == 200 and "The request is closed." in done.words, done.words[:300]
        # What was saved leaves no draft.
        assert "Save as a draft" not in done.words or opened(rina, link).find("close") == []
        reopened = forms.submit(rina, opened(rina, link).form("/reopen"))
        assert reopened.form("close").fields["text"] == "", "the draft of what was saved came back"


def test_what_came_of_a_referral_is_a_draft_of_its_own():
    """two referrals, each with its own; kept when somebody else was first, seen by a later look, gone with what is saved"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        mona = desk.operator(gateway, "mona", "supervisor")
        _, link, _ = asked(gateway, rina)
        page = opened(rina, link)
        for office in page.form("/refer").choices["office"][1:3]:
            page = forms.submit(rina, page.form("/refer"), office=office, consent="yes")
        first, second = outcomes_of(page)
        # Kept while it is typed: the page's script asks for the place that stands in the form.
        places = re.findall(r'data-place="(referral-\d+)"', page.source)
        assert places == [f"referral-{each.fields['referral']}" for each in (first, second)], places
        assert rina.post(f"{link}/draft", {"place": places[1], "text": "they are closed"}).status == 303
        forms.submit(mona, opened(mona, link).form("/claim"), take="1")
        late = forms.submit(rina, first, text="got a place")
        assert late.status == 409 and [each.fields["text"] for each in outcomes_of(late)] == ["got a place", "they are closed"]
        assert f'href="#{places[0]}"' in late.source and places[0] in late.ids(), "the way back leads nowhere"
        # The window is closed, and opened again; the queue says that there is something.
        badge = '<span class="badge">draft</span>'
        assert badge in queue(rina).source
        page = opened(rina, link)
        assert [each.fields["text"] for each in outcomes_of(page)] == ["got a place", "they are closed"]
        assert [each.fields["text"] for each in outcomes_of(opened(mona, link))] == ["", ""], "another's draft"
        page = forms.submit(rina, outcomes_of(page)[0])
        assert "The outcome is saved." in page.words and [each.fields["text"] for each in outcomes_of(page)] == ["they are closed"]
        assert gateway.count("draft") == 1
        # Somebody else says what came of the other: what was typed is still seen, until it is put away.
        forms.submit(mona, opened(mona, link).form("/settle"), text="moved to Sylhet")
        page = opened(rina, link)
        assert not page.find("/settle") and "they are closed" in page.words and "moved to Sylhet" in page.words
        page = forms.submit(rina, page.form("/draft"))
        assert "they are closed" not in page.words and gateway.count("draft") == 0 and badge not in queue(rina).source
        other, other_link, _ = asked(gateway, rina)
        assert rina.post(f"{other_link}/draft", {"place": places[0], "text": "x"}).status == 404, "a referral of another request"
        gateway.said.discard("x")


def test_an_office_is_asked_what_came_of_it():
    """the day has come: a tab, its number, the row and the page say so; another day or an outcome ends it; closing says that nobody asks"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, link, reference = asked(gateway, rina)
        page = opened(rina, link)
        assert "nobody is reminded" not in page.words
        page = forms.submit(rina, page.form("/refer"), office=page.form("/refer").choices["office"][1], consent="yes")
        assert "nobody is reminded" in page.words and not page.find("/dealt")
        day_comes(gateway)
        row = queue(rina, "?tab=trouble")
        assert reference in row.words and "Ask the office what came of it" in row.words, row.words[:400]
        assert re.search(r'data-count-of="trouble">1<', row.source)
        page = opened(rina, link)
        assert "It is time to ask an office" in page.words and "#referrals" in page.links and not page.find("/dealt")
        wrong = forms.submit(rina, later_of(page), due="2001-01-01")
        assert wrong.status == 422 and re.search(r'<details id="later-\d+"\s+open', wrong.source)
        page = forms.submit(rina, later_of(wrong), due="2099-01-01")
        assert "The day is saved." in page.words and "1 Jan 2099" in page.words
        assert reference not in queue(rina, "?tab=trouble").words
        day_comes(gateway)
        page = forms.submit(rina, outcomes_of(opened(rina, link))[0], text="got a place")
        assert "got a place" in page.words and not page.find("/settle") and reference not in queue(rina, "?tab=trouble").words


def outcomes_of(page):
    return [each for each in page.find("/settle") if "text" in each.names]


def later_of(page):
    return next(each for each in page.find("/settle") if "due" in each.names)


def day_comes(gateway):
    """The day of the one referral, while nobody looks; the program has looked after the desk."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute("UPDATE referral SET due_at = 1")
    data.close()
    gateway.start()
    wait_until(lambda: gateway.count("request", "attention = 4") == 1, 60, "the office to be asked")


def test_what_they_write_meanwhile_is_not_closed_unread():
    """a page that is older than their words neither closes it nor says that somebody spoke with them; a note is none of that"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        phone, link, _ = asked(gateway, rina)
        old, queued = opened(rina, link), queue(rina)
        since = re.search(r"/live\?since=(\d+)", queued.source).group(1)
        assert json.loads(rina.get(f"/live/counts?since={since}").text)["new"] == 0
        gateway.at_sms("he is home, do not call", phone.number)
        gateway.at_sms("please", phone.number)
        wait_until(lambda: json.loads(rina.get(f"/live/counts?since={since}").text)["new"] == 1, 60, "news of it")
        number = forms.submit(rina, old.form("/reveal"), reason="1", override="1")
        assert phone.number[-8:] in number.source and "The person has written something new" in number.words, number.words
        noted = forms.submit(rina, old.form("note"), text="Her sister called")
        assert noted.status == 200, noted.status
        answer = forms.submit(rina, old.form("/close"), outcome="1", text="All is well")
        assert answer.status == 409 and "The person has written since" in answer.words, f"{answer.status} {answer.words[:400]}"
        said = [words for words in ("he is home, do not call", "please") if words in answer.words]
        assert len(said) == 2, f"the page shows of what they wrote {said}"
        assert answer.form("close").fields["text"] == "All is well" and answer.form("close").fields["outcome"] == "1"
        spoke = forms.submit(rina, old.form("/attempt"), result="2", override="3", text="She is fine")
        assert spoke.status == 409 and "The person has written since" in spoke.words, f"{spoke.status} {spoke.words[:400]}"
        assert spoke.form("attempt").fields["text"] == "She is fine"
        assert gateway.count("request", "state = 0 AND attention = 3") == 1 and gateway.count("attempt") == 0
        assert "please" in opened(rina, next(l for l in answer.links if l.endswith("/session?since=1"))).words
        done = forms.submit(rina, answer.form("close"))
        assert done.status == 200 and gateway.count("request", "state = 3 AND attention = 0") == 1, done.words[:300]


def test_closed_with_its_outcome_and_on_to_the_next():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, first, reference = asked(gateway, rina)
        never = in_danger(gateway, rina, "No, do not call")
        second = in_danger(gateway, rina, "Yes", "Hang up")
        for link in first, never, second:
            forms.submit(rina, opened(rina, link).form("/claim"))
        close = opened(rina, first).form("/close")
        wrong = forms.submit(rina, close, "next", outcome="", text="typed")
        assert wrong.status == 422 and wrong.form("/close").fields["text"] == "typed"
        answer = forms.send(rina, close, "next", outcome="1")
        assert (answer.status, answer.headers["location"]) == (303, second), answer.headers.get("location")
        assert "The request is closed. This is your next one." in opened(rina, second).words
        answer = forms.send(rina, opened(rina, second).form("/close"), "next", outcome="3")
        assert (answer.status, answer.headers["location"]) == (303, "/queue?tab=unassigned"), "nothing can be done with what is left"
        assert "Nothing of yours can be done now" in queue(rina, "?tab=unassigned").words
        closed = queue(rina, "?tab=done").words
        assert "Closed: Helped" in closed and "Closed: Information given" in closed, closed[:600]
        found = forms.send(rina, forms.read(rina.get("/search")).form("/search"), q=f"ref {reference.replace(' ', '-')}, please")
        assert (found.status, found.headers["location"]) == (303, first), "a reference with words around it is not found"


def test_what_is_missing_is_said_and_nothing_is_lost():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, link, _ = asked(gateway, rina)
        cases = [
            ("close", {"outcome": "", "text": "typed"}, "close-outcome"), ("note", {"text": "  "}, "note-text"),
            ("wait", {"until": "yesterday"}, "wait-until"), ("/wait", {"until": "2020-01-01T10:00"}, "wait-until"),
            ("/assign", {"to": "", "text": "typed"}, "assign-to"), ("attempt", {"text": "typed"}, "attempt-result"),
            ("reveal", {"reason": ""}, "reveal-reason"), ("/merge", {"reference": "12"}, "merge-reference"),
            ("/urgency", {"code": "9"}, "urgency-code"), ("/refer", {"office": ""}, "refer-office"),
        ]
        desk.operator(gateway, "mona", "counsellor")
        for name, typed, field in cases:
            page = opened(rina, link)
            found = page.find(name) or page.find("/" + name)
            if not found:
                raise AssertionError(f"no form {name}")
            answer = forms.submit(rina, found[0], **typed)
            assert answer.status == 422, f"{name}: {answer.status}"
            assert f"#{field}" in answer.links and field in answer.ids(), f"{name}: its mistake leads nowhere"
            assert any(("role", "alert") in known.items() for _, known in answer.tags), f"{name}: nothing tells of it"
            for key, value in typed.items():
                kept = (answer.find(name) or answer.find("/" + name))[0].fields.get(key)
                assert kept == value or key in ("outcome", "code", "to", "office", "reason"), f"{name}: {key} was {value}, is {kept}"


def while_the_hour_lasts():
    """Where pages that are read one after the other say when it is safe to call: not over the turn of an hour, when that may change."""
    left = 3600 - time.time() % 3600
    if left < 30:
        time.sleep(left)


def test_a_number_is_shown_once_and_only_when_it_is_safe():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        boss = desk.operator(gateway, "boss", "supervisor")
        phone, link, _ = asked(gateway, rina)
        while_the_hour_lasts()
        page = opened(boss, link)
        assert phone.number not in page.source and phone.number[-8:] not in page.told
        safe = "It is not safe to call now." not in page.words
        if not safe:
            assert not opened(rina, link).find("reveal"), "a form that leads nowhere"
            bare = forms.submit(boss, opened(boss, link).form("reveal"), reason="2")
            assert bare.status == 422 and phone.number not in bare.source
        shown = "helpline_desk_numbers_revealed_total"
        assert gateway.metrics()[shown] == 0, "what was refused is counted as shown"
        answer = forms.submit(boss, opened(boss, link).form("reveal"), reason="2", override=None if safe else "1")
        assert answer.status == 200, answer.status
        assert f'href="tel:{phone.number}"' in answer.source, "the number is no link to call"
        assert gateway.metrics()[shown] == 1, "nobody who watches the gateway learns of it"
        assert answer.headers["cache-control"] == "no-store"
        assert phone.number not in str(answer.headers)
        later = opened(boss, link)
        assert phone.number[-8:] not in later.told, "it is shown a second time"
        assert "saw the number" in later.words or "although it was not safe" in later.words, later.words[-800:]


def test_a_new_request_by_hand_and_the_way_back_to_it():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        number = new_number()
        gateway.said.add(number)
        page = forms.read(rina.get("/requests/new"))
        form = page.form("/requests")
        wrong = forms.submit(rina, form, number="", kind="call", language="en", note="Fell ill abroad")
        assert wrong.status == 422 and wrong.form("/requests").fields["note"] == "Fell ill abroad"
        made = forms.send(rina, wrong.form("/requests"), number=number, kind="call", language="en", note="Fell ill abroad")
        assert made.status == 303, made.text[:500]
        link = made.headers["location"]
        again = forms.send(rina, wrong.form("/requests"), number=number, kind="call", language="en", note="Fell ill abroad")
        assert again.headers.get("location") == link, "the same form made two"
        page = opened(rina, link)
        assert "Fell ill abroad" in page.words and number not in page.source
        reference = re.search(r'data-copy="(\d{3} \d{4})"', page.source).group(1)
        # Found by its reference in any groups, with and without the check digit, and by the number; never in an address.
        for typed in (reference, reference.replace(" ", ""), reference.replace(" ", "")[:6], reference[:2] + "-" + reference[2:]):
            found = forms.send(rina, forms.read(rina.get("/search")).form("/search"), q=typed)
            assert found.status == 303 and found.headers["location"] == link, f"{typed}: {found.status}"
        found = forms.send(rina, forms.read(rina.get("/search")).form("/search"), q=number)
        assert found.status == 303 and re.fullmatch(r"/people/\d+", found.headers["location"]), found.headers
        for typed in ("12345", "Rahim", "+88017000", "9999999"):
            page = forms.submit(rina, forms.read(rina.get("/search")).form("/search"), q=typed)
            assert page.status == 200 and "What may be typed" in page.words
        by_address = rina.get("/search?q=" + number.replace("+", "%2B"))
        assert by_address.status == 200 and "never in an address" in by_address.text and number not in by_address.text


def test_by_hand_it_is_asked_when_to_call():
    """What is said at the counter holds as what is said on a phone: in words, and where a number is shown."""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        number = new_number()
        gateway.said.add(number)
        form = forms.read(rina.get("/requests/new")).form("/requests")
        assert form.choices["said-time"] == ["", "morning", "midday", "afternoon", "evening", "any"], form.choices
        assert "other" not in form.choices["said-safe"] and form.fields["said-safe"] == ""
        assert "said-texts" not in form.choices, "texts are asked for twice"
        hour = time.gmtime(time.time() + 6 * 3600).tm_hour
        when, shown = ("evening", "17:00\u201320:00") if not 16 <= hour < 20 else ("morning", "08:00\u201311:00")
        typed = {"number": number, "kind": "call", "language": "en", "said-time": when, "said-answered": "hang_up"}
        for more in ({"number": ""}, {"said-who": "a dog"}):
            wrong = forms.submit(rina, form, **{**typed, **more})
            kept = wrong.form("/requests").fields
            assert wrong.status == 422 and kept["said-time"] == when and kept["said-answered"] == "hang_up", kept
            assert all(link[1:] in wrong.ids() for link in wrong.links if link.startswith("#")), "its mistake leads nowhere"
        assert "#new-said-who" in wrong.links
        page = forms.submit(rina, wrong.form("/requests"), **typed)
        assert shown in page.words and "Hang up" in page.words, page.words[:900]
        assert "They were not asked when it is safe" not in page.words
        assert "It is not safe to call now." in page.words and number[-8:] not in page.told
        link = re.search(r'action="(/requests/\d+)/reveal"', page.source).group(1)
        bare = forms.submit(rina, page.form("reveal"), reason="2")
        assert bare.status == 422 and number[-8:] not in bare.told
        mona = desk.operator(gateway, "mona", "counsellor")
        assert not opened(mona, link).find("reveal"), "a form that leads nowhere"
        rina.post("/settings", {"lang": "bn"})
        page = forms.read(rina.get("/requests/new"))
        never = forms.submit(rina, page.form("/requests"), **{**typed, "said-time": "", "said-safe": "no"})
        assert never.status == 200 and number[-8:] not in never.told


def test_nobody_is_called_while_their_times_are_not_known():
    """Safe at some times only, and the line dropped before they said which: in words, without a number, in both languages."""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        page, number = by_hand(gateway, rina, **{"said-safe": "times", "said-time": "evening"})
        link = link_of(page)
        between_two_starts(gateway, ("DELETE FROM answer WHERE field = (SELECT id FROM word WHERE text = 'time')",))
        page = opened(rina, link)
        assert "Do not call and do not text yet" in page.words and "whenever the desk is open" not in page.words, page.words[:900]
        assert fact(page, "Safe to call") == "no safe time known", fact(page, "Safe to call")
        assert not page.find("reveal") and number[-8:] not in page.told
        refused = forms.submit(rina, page.form("attempt"), result="0")
        assert refused.status == 422 and "No time is safe to call them." in refused.words, refused.words[:400]
        rina.post("/settings", {"lang": "bn"})
        assert "নিরাপদ সময় জানা নেই" in opened(rina, link).words


def test_by_hand_what_is_for_others_is_made_all_the_same():
    """its maker gets its reference, once, and sees nothing more of it; whose it is has it, as urgent as on a phone"""
    with Gateway() as gateway:
        head = desk.operator(gateway, "head", "supervisor")
        olga = desk.operator(gateway, "olga", "complaints")
        rina = desk.operator(gateway, "rina", "counsellor", None, "--topics", "health")
        made = 0
        for maker, kind, topic in ((olga, "danger", ""), (olga, "call", "danger"), (rina, "pay", ""), (rina, "call", "work")):
            number = new_number()
            gateway.said.add(number)
            form = forms.read(maker.get("/requests/new")).form("/requests")
            typed = {"number": number, "kind": kind, "topic": topic, "language": "en", "urgency": "0", "note": "held in a <flat>"}
            for _ in range(2):  # pressed twice
                answer = forms.send(maker, form, **typed)
                assert (answer.status, answer.headers["location"]) == (303, "/queue"), (kind, answer.status, answer.text[:300])
            made += 1
            assert gateway.count("request") == made, f"{kind}: the same form made two"
            page = queue(maker)
            told = re.search(r'role="status">([^<]+)<strong>(\d{3} \d{4})</strong>', page.source)
            assert told and "for others at the desk" in told.group(1), page.words[:600]
            assert told.group(2) not in queue(maker).source and "for others" not in queue(maker).words, "it is told twice, or listed"
            link = request_link(queue(head, "?tab=danger" if "danger" in (kind, topic) else ""), told.group(2))
            assert "held in a <flat>" in opened(head, link).words
            assert maker.get(link).status == 404
            found = forms.submit(maker, forms.read(maker.get("/search")).form("/search"), q=told.group(2))
            assert found.status == 200 and link not in found.source, "its reference opens it"
            assert forms.submit(maker, forms.read(maker.get("/search")).form("/search"), q=number).status == 200
        assert gateway.count("request", "urgency = 2") == 2
        lines = gateway.count("audit", "action = 12 AND detail = (SELECT id FROM word WHERE text = 'made')")
        assert lines == made, f"{lines} lines in the audit for {made} requests"
        rina.post("/settings", {"lang": "bn"})
        form = forms.read(rina.get("/requests/new")).form("/requests")
        page = forms.submit(rina, form, number=new_number(), kind="pay", language="en")
        assert "ডেস্কের অন্যদের জন্য" in page.words, page.words[:600]


def test_another_request_that_allows_less_is_told():
    """whoever calls about one sees what they said with another that is open and theirs to see; in both languages, and with the number"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        mona = desk.operator(gateway, "mona", "counsellor", None, "--topics", "health")
        never, then = "Another open request of theirs says: do not call.", "Another open request of theirs says: call only then:"
        page, number = by_hand(gateway, rina, topic="work", **{"said-safe": "no"})
        first, strict = link_of(page), reference_of(page)
        second = link_of(by_hand(gateway, rina, number=number, topic="health", **{"said-safe": "yes", "said-time": "any"})[0])
        while_the_hour_lasts()
        page = opened(rina, second)
        assert never in page.words and first in page.links and strict in page.words, page.words[:1500]
        assert never not in opened(mona, second).words, "of one that is not theirs to see"
        shown = page.form("reveal")
        override = {"override": "1"} if "override" in shown.names else {}
        page = forms.submit(rina, shown, reason="2", **override)
        assert number in page.source and never in page.words, page.words[:900]
        page = opened(rina, first)
        assert never not in page.words and then not in page.words, "what allows more is told"
        third = link_of(by_hand(gateway, rina, number=number, topic="health", **{"said-time": "evening"})[0])
        page = opened(mona, second)
        assert re.search(then + r" 17:00.20:00 \d{3} \d{4}", page.words) and third in page.links and never not in page.words, page.words[:1500]
        assert never in opened(rina, third).words and then not in opened(rina, third).words
        forms.submit(rina, opened(rina, first).form("/close"), outcome="1")
        assert gateway.count("request", "state = 3") == 1, "it was not closed"
        page = opened(rina, second)
        assert never not in page.words and then in page.words, "what is over binds nobody"
        rina.post("/settings", {"lang": "bn"})
        assert "শুধু এই সময়ে ফোন করা যাবে" in opened(rina, second).words


def reference_of(page):
    return re.search(r'data-copy="(\d{3} \d{4})"', page.source).group(1)


def test_by_hand_texts_are_as_they_said():
    """who wants texts only gets them, box or no box, and nothing is said to have been answered that nobody asked"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        agree = "They agree to get texts"
        for more, form, told in (({"said-safe": "sms"}, True, False), ({"said-safe": "yes"}, False, False),
                                 ({"said-safe": "yes", "may_be_texted": "1"}, True, True)):
            page, _ = by_hand(gateway, rina, **more)
            assert (agree in page.words) == told, f"{more}: {page.words[:1500]}"
            assert any(sent.action.endswith("/reply") for sent in page.forms) == form, f"{more}: the form for texts"


def test_by_hand_for_the_second_of_two_services():
    """Its words, hours and rule are its own service's, though no channel says which that is."""
    with TwoServices() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        number = new_number()
        gateway.said.add(number)
        form = forms.read(rina.get("/requests/new")).form("/requests")
        assert form.choices["service"] == ["infoline", "rohnamo"]
        typed = {"number": number, "kind": "call", "language": "en", "said-time": "morning"}
        for service, hours in (("rohnamo", "We are here Mon-Fri 8-17"), ("infoline", "We are here Sun-Thu 9-17")):
            form = forms.read(rina.get("/requests/new")).form("/requests")
            page = forms.submit(rina, form, **typed, service=service)
            assert page.status == 200, f"{service}: {page.status}"
            words = " ".join(page.words.split())
            assert hours in words and f"Service {service}" in words, f"{service}: {words[600:1500]}"


def test_their_district_stands_wherever_the_request_does():
    """in the queue, in the row that a claim swaps in, on its page; offices of it stand first, and those elsewhere are still there"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        _, link, _ = asked(gateway, rina)
        row = forms.read(rina.get("/queue"))
        assert "Sylhet" not in re.search(rf'<tr id="row-{link.rsplit("/", 1)[1]}".*?</tr>', row.source, re.S).group(0)
        far = office_areas(opened(rina, link))
        assert gateway.stop() == 0
        with sqlite3.connect(gateway.data) as data:
            data.execute("INSERT OR IGNORE INTO word (text) VALUES ('area')")
            data.execute("INSERT INTO answer (entry, field, at, value) SELECT entry, (SELECT id FROM word WHERE text = 'area'), 1, 'sylhet' FROM request")
        data.close()
        gateway.start()
        claim = queue(rina, "?district=sylhet").form("/claim")
        row = forms.send(rina, claim, headers={"HX-Request": "true"}).text
        page = opened(rina, link)
        near = office_areas(page)
        assert "Sylhet" in row and "English, Sylhet" in page.words, row
        assert "Sylhet" in near[0] and "Sylhet" not in far[0] and sorted(near) == sorted(far), (near[:3], far[:3])


def office_areas(page):
    return re.findall(r"<option[^>]*>([^<]*)</option>", re.search(r'<select id="refer-office".*?</select>', page.source, re.S).group(0))[1:]


def noon_in_a_month():
    return (datetime.date.today() + datetime.timedelta(days=30)).isoformat() + "T12:00"


def fact(page, term):
    """What stands beside a term at the head of a request's page, in words."""
    found = re.search(rf"<dt>{term}</dt><dd>(.*?)</dd>", page.source, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found.group(1))).strip() if found else None


def test_each_request_is_in_the_zone_of_its_service():
    """hours, slots, what waits, and what is typed agree; where that is not the desk's zone, it is said: infoline's is +06:00, rohnamo's +05:00"""
    noon = noon_in_a_month()
    utc = int(datetime.datetime.fromisoformat(noon + "+00:00").timestamp() * 1000)
    with TwoServices() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        for service, ahead, told in (("rohnamo", 5, "UTC+05:00"), ("infoline", 6, None)):
            page, _ = by_hand(gateway, rina, service=service, **{"said-time": "evening"})
            link, hour = link_of(page), 3600 * 1000
            hours = set(re.findall(r"<strong>(\d\d:\d\d)\D(\d\d:\d\d)</strong>", page.source)[0])
            assert hours == {"17:00", "20:00"}, hours
            safe = fact(page, "Safe to call")
            said = re.findall(r"\b\d\d:\d\d\b", safe.replace("UTC+05:00", ""))
            assert said and set(said) <= hours, f"{service}: only at {hours}, and safe {safe}"
            assert fact(page, "Times on this page") == told and ("UTC+" in safe) == bool(told)
            # What is typed, where nothing but the form says of which service it is; what is said of it then, there and in the queue.
            page = forms.submit(rina, page.form("/wait"), until=noon)
            assert gateway.count("request_desk", f"wait_until = {utc - ahead * hour}") == 1, f"{service} waits until another hour"
            waits = row_of(queue(rina, "?tab=waiting"), link)
            assert fact(page, "Due").count("12:00") == 1 and ("(UTC+05:00)" in page.words) == bool(told)
            assert waits.count(", 12:00</time>") == 1 and ("UTC+05:00" in waits) == bool(told), waits
            office = page.form("/refer").choices["office"][1]
            forms.submit(rina, page.form("/refer"), office=office, consent="yes", due=noon[:10])
            assert gateway.count("referral", f"due_at = {utc - (ahead + 12) * hour}") == 1, f"{service} asks on another day"
            # A row that was swapped in, and one behind it.
            late = forms.send(rina, queue(rina, "?tab=waiting").form("/claim"), headers={"HX-Request": "true"}).text
            assert ", 12:00</time>" in late and ("UTC+05:00" in late) == bool(told)


def test_a_warning_ends_on_the_same_day_on_every_page():
    """it is a day of the desk's, wherever the request's service is: an hour to the east that day is over"""
    last = datetime.date.today() + datetime.timedelta(days=30)
    with RohnamoFirst() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        page, number = by_hand(gateway, rina, service="infoline")
        person = next(link for link in page.links if re.fullmatch(r"/people/\d+", link))
        forms.submit(rina, forms.read(rina.get(person)).form("/flag"), text="their brother picks up", until=last.isoformat())
        for path in person, link_of(page):
            words = opened(rina, path).words
            assert f"until {last.day} {last:%b %Y}" in words[words.index("their brother"):][:200], words[words.index("their brother"):][:200]


def test_who_allows_texts_again_after_a_stop_is_told_of_in_words():
    """the panel of the reply says when a text leaves, or nothing: never a warning without words"""
    with Gateway() as gateway:
        boss = desk.operator(gateway, "boss", "supervisor")
        phone = gateway.phone()
        infoline.to_main(phone)
        for key in "2", "2", "3", "3", "1":  # SMS only
            phone.press(key)
        link = request_link(queue(boss), infoline.reference_of(phone.screen))
        forms.submit(boss, opened(boss, link).form("attempt"), result="3", override="2")
        assert not opened(boss, link).find("/reply")
        gateway.at_sms("START", phone.number)
        page = opened(boss, link)
        assert page.find("/reply"), "they want texts again"
        leaves = re.search(r'<p id="reply-leaves">(.*?)</p>', page.source, re.S)
        assert not leaves or re.sub(r"<[^>]*>", "", leaves.group(1)).strip(), "a warning without words"


def test_the_history_says_to_whom_and_why_it_waits_no_longer():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor", "Rina R")
        desk.operator(gateway, "mona", "counsellor", "Mona M")
        phone, link, _ = asked(gateway, rina)
        forms.submit(rina, opened(rina, link).form("/claim"))

        def give_to(shown):
            page = opened(rina, link)
            forms.submit(rina, page.form("/assign"), to=re.search(rf'<option value="(\d+)"[^>]*>{shown}\b', page.source).group(1))

        give_to("Mona M")
        assert "Handed over to Mona M" in opened(rina, link).words
        give_to("Rina R")
        assert "Given to Rina R" in opened(rina, link).words
        forms.submit(rina, opened(rina, link).form("/wait"), until=noon_in_a_month())
        gateway.at_sms("They came back and took it", phone.number)
        page = opened(rina, link)
        assert "the person: Wrote something: work on it goes on" in page.words, page.words[-900:]
        rina.post("/settings", {"lang": "bn"})
        words = opened(rina, link).words
        assert "Mona M-\u0995\u09c7" in words and "\u0995\u09be\u099c \u0986\u09ac\u09be\u09b0 \u099a\u09b2\u09ac\u09c7" in words, words[-900:]


def in_hours(hours):
    """A time ahead as a form of infoline's requests has it: its zone is +06:00."""
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + (6 + hours) * 3600))


def said_until(page):
    """Until when the notice on top says that it waits, as the page writes times."""
    found = re.search(r'class="notice flash" role="status">([^<]*)<strong>(<time.*?</time>)</strong>', page.source)
    assert found, page.words[:600]
    return found.group(1).strip(), found.group(2)


def test_danger_is_never_long_out_of_sight():
    """three calls in vain put it off for an hour, nobody may for more than a day; its tab shows it meanwhile, behind what is to be done"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        link = in_danger(gateway, rina, "Yes", "Hang up")
        page = opened(rina, link)
        assert "After 3 more calls that reach nobody, the request waits for an hour" in page.words, page.words[:2500]
        for result in "0", "1":
            page = forms.submit(rina, page.form("attempt"), result=result)
            assert "It waits until" not in page.words and "The call is saved." in page.words, page.words[:600]
        page = forms.submit(rina, page.form("attempt"), result="0")
        said, until = said_until(page)
        assert said == "The call is saved. It waits until" and until in page.source.split("<dt>Due</dt>")[1][:600], f"{said} {until}"
        assert gateway.count("request_desk", "wait_until = (SELECT max(at) FROM attempt) + 60 * 60 * 1000") == 1
        assert "It waits until" not in opened(rina, link).words, "it is said once"
        danger = queue(rina, "?tab=danger")
        assert "Waits until" in row_of(danger, link) and "Danger 0" in danger.words, danger.words[:600]
        assert link not in queue(rina, "?tab=all").links and link in queue(rina, "?tab=waiting").links
        other = in_danger(gateway, rina, "Yes", "Hang up")
        danger = queue(rina, "?tab=danger")
        rows = [known for known in danger.links if known in (link, other)]
        assert rows == [other, link] and "Danger 1" in danger.words, f"{rows} {danger.words[:600]}"
        late = in_hours(25)
        for lang, words in (("en", "24 hours at most"), ("bn", "\u09b8\u09b0\u09cd\u09ac\u09cb\u099a\u09cd\u099a \u09e8\u09ea \u0998\u09a3\u09cd\u099f\u09be")):
            rina.post("/settings", {"lang": lang})
            refused = forms.submit(rina, opened(rina, other).form("/wait"), until=late)
            assert refused.status == 422 and words in refused.words and "#wait-until" in refused.links, refused.words[:600]
            assert refused.form("/wait").fields["until"] == late
        rina.post("/settings", {"lang": "en"})
        assert opened(rina, other).form("/wait").fields["until"] <= in_hours(2), "what is offered is not soon"
        then = in_hours(23)
        said, until = said_until(forms.submit(rina, refused.form("/wait"), until=then))
        assert said == "It is set to wait. It waits until" and then[-5:] in until, f"{said} {until}"


def test_what_they_said_is_written_down_at_any_time():
    """they may have called: that they spoke or asked to stop is taken where nobody may call, and nobody is told to wait for a time"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        boss = desk.operator(gateway, "boss", "supervisor")
        link = in_danger(gateway, rina, "No, do not call")
        for browser in rina, boss:
            page = opened(browser, link)
            assert "No time is safe to call them." in page.words, page.words[:2500]
            assert "Wait for the safe time" not in page.words and "not safe to call now" not in page.words, page.words[:2500]
            assert "reaches nobody" not in page.words and "reach nobody" not in page.words, page.words[:2500]
        for result in "0", "1":
            refused = forms.submit(rina, opened(rina, link).form("attempt"), result=result, text="typed")
            assert refused.status == 422 and "Wait for the time" not in refused.words, refused.words[:600]
            assert refused.form("attempt").fields["text"] == "typed"
        for result in "2", "3":
            page = forms.submit(rina, opened(rina, link).form("attempt"), result=result)
            assert "The call is saved." in page.words, page.words[:600]
        later, _ = by_hand(gateway, rina, **{"said-time": "morning" if 16 <= time.gmtime(time.time() + 6 * 3600).tm_hour < 21 else "evening"})
        assert "Wait for the safe time" in later.words and "No time is safe" not in later.words, later.words[:2500]
        refused = forms.submit(rina, later.form("attempt"), result="0")
        assert refused.status == 422 and "not safe to call now" in refused.words, refused.words[:400]
        assert "The call is saved." in forms.submit(rina, refused.form("attempt"), result="2").words
        assert gateway.count("attempt") == 3 and gateway.count("audit", "action = 11") == 0
        assert "No text may be sent: they said STOP, or asked us to stop." in page.words
        assert "This number gets no texts: they said STOP, or asked us to stop." in page.words and "has said STOP" not in page.words


def test_of_the_one_text_only_who_may_get_it_is_spoken():
    """three calls in vain: what follows is said of who may be called, the text of who allows texts, and nothing where they want none"""
    rests, texts = "the request waits until the next safe day", "one text without details is sent"
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        for more, is_told, may_text in (({"may_be_texted": "1"}, True, True), ({}, True, False),
                                        ({"may_be_texted": "1", "said-safe": "no"}, False, False)):
            page, _ = by_hand(gateway, rina, **more)
            assert (rests in page.words, texts in page.words) == (is_told, may_text), f"{more}: {page.words[:2500]}"
        page, _ = by_hand(gateway, rina, may_be_texted="1")
        page = forms.submit(rina, page.form("attempt"), result="3")
        assert rests not in page.words and texts not in page.words, page.words[:2500]


def test_from_claim_to_close():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        mona = desk.operator(gateway, "mona", "counsellor")
        _, link, reference = asked(gateway, rina)
        page = forms.submit(rina, opened(rina, link).form("/claim"))
        page = forms.submit(rina, page.form("/urgency"), code="2")
        assert reference in queue(mona, "?tab=danger").words
        page = forms.submit(rina, page.form("/urgency"), code="0")
        history = page.words[page.words.index("History"):]
        assert re.search("The urgency was changed from Normal to Danger.*The urgency was changed from Danger to Normal", history), history
        page = forms.submit(rina, page.form("/urgency"), code="2")
        page = forms.submit(rina, page.form("note"), text="first words")
        edit = next(l for l in page.links if "?edit=" in l)
        page = forms.read(rina.get(edit.split("#")[0]))
        assert page.form("note").fields["text"] == "first words"
        page = forms.submit(rina, page.form("note"), text="better words")
        assert "edited" in page.words and "replaced" in page.words
        page = forms.submit(rina, page.form("note"), text="only for us", clinical="1")
        page = forms.submit(rina, page.form("attempt"), result="2", override="2", text="spoke an hour")
        assert "We spoke" in page.words and "spoke an hour" in page.words
        office = page.form("/refer").choices["office"][1]
        page = forms.submit(rina, page.form("/refer"), office=office, consent="yes")
        assert "they agree" in page.words and page.find("/settle"), page.words[:300]
        page = forms.submit(rina, page.form("/settle"), text="got a place")
        assert "got a place" in page.words
        to = next(v for v in page.form("/assign").choices["to"] if v)
        page = forms.submit(rina, page.form("/assign"), to=to, text="please ring on Sunday")
        assert "It was handed over." in page.words and "please ring on Sunday" in page.words
        page = opened(mona, link)
        assert "Rina" in page.words and "first words" in page.words
        page = forms.submit(mona, page.form("/wait"), until=in_hours(23))
        assert reference in queue(mona, "?tab=waiting").words and reference not in queue(mona, "?tab=all").words
        page = forms.submit(mona, opened(mona, link).form("close"), outcome="1", text="all well")
        assert "Closed: Helped" in page.words, page.words[:600]
        assert reference in queue(mona, "?tab=done").words
        page = forms.submit(mona, page.form("/reopen"))
        assert reference in queue(mona, "?tab=all").words


def test_offices_are_told_apart_and_danger_is_said_once():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        form = forms.read(rina.get("/requests/new")).form("/requests")
        number = new_number()
        gateway.said.add(number)
        danger = {"number": number, "kind": "danger", "topic": "danger", "urgency": "2", "language": "en"}
        page = forms.submit(rina, form, **danger)
        once = r"Danger(?!\W+Danger)"
        offices = re.findall(r"<option[^>]*>([^<]*)</option>", re.search(r'<select id="refer-office".*?</select>', page.source, re.S).group(0))
        assert len(offices) > 15 and len(set(offices)) == len(offices), sorted(o for o in offices if offices.count(o) > 1)
        assert "Health line \u00b7 Clinic and medicine \u00b7 whole country \u00b7 16263 \u00b7 24 hours" in offices, offices
        said = referred_to_two_of_a_name(rina, page)
        assert len(set(said)) == 2 and all(matter for _, matter in said), said
        history = opened(rina, link_of(page)).words
        assert all(f"Referred to {name} \u00b7 {matter}" in history for name, matter in said), history[-1500:]
        other = forms.submit(rina, forms.read(rina.get("/requests/new")).form("/requests"), number=number, kind="call",
                             topic="certificate", language="en")
        offices = re.findall(r"<option[^>]*>([^<]*)</option>", re.search(r'<select id="refer-office".*?</select>', other.source, re.S).group(0))
        assert all("Skills certificate" not in office for office in offices), "they are all for what was asked"
        person = next(link for link in other.links if link.startswith("/people/"))
        for shown in (other, forms.read(rina.get(person))):
            said = re.findall(r"[^.]{0,40}Danger, Danger|Danger Danger[^.]{0,40}", shown.words)
            assert not said and re.search(once, shown.words), said


def referred_to_two_of_a_name(browser, page):
    """Two offices of one name, chosen one after the other; gives the name and the matter of each, as the page says what it saved."""
    chosen = collections.defaultdict(list)
    for value, words in re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)<', re.search(r'<select id="refer-office".*?</select>', page.source, re.S).group(0)):
        chosen[words.split(" \u00b7 ")[0]].append((value, words))
    offices = next(same for same in chosen.values() if len(same) > 1)[:2]
    for value, _ in offices:
        page = forms.submit(browser, page.form("/refer"), office=value, consent="yes")
    said = re.findall(r'<li id="referral-\d+">\s*<p><strong>([^<]*)</strong>(?: <span class="muted">([^<]*)</span>)?', page.source)
    assert all(any(words.startswith(f"{name} \u00b7 {matter} \u00b7 ") for name, matter in said) for _, words in offices), (said, offices)
    return [(html.unescape(name), html.unescape(matter)) for name, matter in said]


def test_texts_are_counted_and_refused_where_they_are_not_allowed():
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, link, _ = asked(gateway, rina)
        page = opened(rina, link)
        assert not page.find("/reply") and "They do not allow texts" in page.words
        answer = rina.post(f"{link}/reply", {"text": "hello", "version": page.form("note").fields["version"]})
        assert answer.status == 422, answer.status
        page = forms.read(answer)
        assert "hello" in page.words, "what was typed is gone"
        form = forms.read(rina.get("/requests/new")).form("/requests")
        number = new_number()
        gateway.said.add(number)
        forms.submit(rina, form, number=number, kind="call", language="bn", may_be_texted="1")
        page = forms.read(rina.page)
        reply = page.form("/reply")
        for text, encoding, units, texts in (("hello", "GSM-7", "5 of 160 signs", "1 text"), ("\u09b8\u09be" * 40, "UCS-2", "80 of 134 signs", "2 texts"),
                                             ("a" * 161, "GSM-7", "161 of 306 signs", "2 texts")):
            shown = forms.submit(rina, reply, button="count", text=text)
            assert shown.status == 200 and f"{encoding} {units}, {texts}" in shown.words, shown.words[:900]
            assert shown.form("/reply").fields["text"] == text
            part = rina.post(reply.action.replace("/reply", "/count"), {"text": text})
            assert encoding in part.text and texts in forms.read(part).words and "<html" not in part.text
        for text, is_too_many in (("a" * 6 * 153, False), ("a" * (6 * 153 + 1), True), ("\u0995" * 6 * 67, False), ("\u0995" * (6 * 67 + 1), True),
                                  (" \u2019" + "a" * (6 * 153 - 1) + "\n", False)):
            part = rina.post(reply.action.replace("/reply", "/count"), {"text": text})
            assert ("At most 6 texts are sent at once" in part.text) == is_too_many, (text[:9], part.text)
            shown = forms.submit(rina, reply, button="count", text=text)
            assert ("At most 6 texts are sent at once" in shown.words) == is_too_many, text[:9]
            if is_too_many:
                assert forms.submit(rina, shown.form("/reply"), text=text).status == 422, "it is sent"
        assert gateway.count("outbox") == 0, "counting sent something"
        offered = re.findall(r'<li><span class="text" lang="(\w+)" dir="auto">([^<]*)</span> <button type="submit" name="put"', page.source)
        assert len(offered) >= 5 and all(lang == "bn" and re.search(r"[\u0980-\u09ff]{3}", words) for lang, words in offered), offered
        put = forms.submit(rina, reply, button="put")
        assert put.form("/reply").fields["text"] == html.unescape(offered[0][1]), "no canned reply was put in, or another one"
        sent = forms.submit(rina, reply, text="We ring you tomorrow.")
        assert sent.status == 200 and "The text is on its way." in sent.words and "We ring you tomorrow." in sent.words
        again = forms.submit(rina, reply, text="We ring you tomorrow.")
        assert gateway.count("outbox") == 1, "sent twice"
        wait_until(lambda: gateway.count("outbox", "state = 2") == 1, 60, "it to be sent")
        mona = desk.operator(gateway, "mona", "counsellor")
        page = forms.submit(mona, opened(mona, link_of(again)).form("/reply"), text="Or the day after.")
        texts = r"Texts about this request [^:]*:\d\d {} [^:]*Or the day after\. [^:]*:\d\d Rina [^:]*We ring you tomorrow\."
        assert re.search(texts.format("Mona"), page.words), page.words[-2500:]
        wait_until(lambda: gateway.count("outbox", "state = 2") == 2, 60, "hers to be sent")
        # As if the program had sent hers.
        between_two_starts(gateway, ("INSERT INTO word (id, text) SELECT max(id) + 1, 'texted_after_three_calls' FROM word",),
                           ("UPDATE audit SET action = 16, operator = NULL, detail = (SELECT max(id) FROM word) WHERE id = (SELECT max(id) "
                            "FROM audit WHERE detail = (SELECT id FROM word WHERE text = 'reply'))",))
        page = opened(rina, link_of(page))
        assert re.search(texts.format("by itself, after calls in vain"), page.words), page.words[-2500:]


def test_a_text_waits_until_it_is_safe():
    """before it is sent and after, the page says when it leaves; so does the outbox; and who holds the phone meanwhile gets none"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        hour = time.gmtime(time.time() + 6 * 3600).tm_hour
        when, begins = ("evening", "17:00") if hour < 15 else ("morning", "09:00")  # hours away from now
        page, _ = by_hand(gateway, rina, may_be_texted="1", **{"said-time": when})
        link = link_of(page)
        leaves = rf"It leaves (?:(?:today|tomorrow) at {begins}, when it is safe\.|when it is safe, at {begins} on \d+ \w+ \d+)"
        assert re.search(leaves, page.words), page.words[:2500]
        sent = forms.submit(rina, page.form("/reply"), text="We ring you tomorrow.")
        assert "The text is kept. It leaves when it is safe" in sent.words and "The text is on its way." not in sent.words
        assert re.search(rf"Waits to be sent until it is safe: [^<]*{begins}", sent.words), sent.words[-2500:]
        waits = "state = 0 AND attempts = 0 AND created_at < due_at AND due_at < expires_at AND expires_at <= due_at + 4 * 3600 * 1000"
        assert gateway.count("outbox", waits) == gateway.count("outbox") == 1
        listed = forms.read(rina.get("/outbox?show=all"))
        assert re.search(rf"until it is safe: [^<]*{begins}", listed.words), listed.words
        anytime, _ = by_hand(gateway, rina, may_be_texted="1")
        assert "It leaves" not in anytime.words and "on its way" in forms.submit(rina, anytime.form("/reply"), text="Now").words


def test_a_new_word_is_read_by_whoever_has_the_request():
    """a counsellor browses no sessions, and still reads what its person wrote since"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        phone, link, _ = asked(gateway, rina)
        said = "the landlord came again"
        gateway.at_sms(said, phone.number)
        since = next(l for l in opened(rina, link).links if l.endswith("/session?since=1"))
        assert said in rina.get(since).text and said not in rina.get(link + "/session").text
        assert not re.search(r'href="/sessions/', rina.page.text)


def test_a_new_word_in_the_conversation_that_made_the_request_is_read():
    """by SMS a page of numbers does not end it: what comes behind it is the same conversation, begun before the request"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        number, said = new_number(), "he is at the door"
        for text in "hello", "1", "9", "1":
            gateway.at_sms(text, number)
        link = next(link for link in queue(rina, "?tab=danger").links if re.fullmatch(r"/requests/\d+", link))
        assert gateway.count("session") == 1
        gateway.at_sms(said, number)
        assert gateway.count("session") == 1, "it is another conversation"
        since = next(l for l in opened(rina, link).links if l.endswith("/session?since=1"))
        page = opened(rina, since)
        assert said in page.words and "hello" not in page.words, page.words
        assert "hello" in opened(rina, next(l for l in page.links if "from=0" in l)).words


def test_saved_filters_are_shared_by_address():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor")
        page = queue(rina, "?tab=unassigned&topic=work&language=bn")
        saved = forms.submit(rina, page.form("/filters"), name="Work, Bangla")
        link = next(l for l in saved.links if "topic=work" in l and "language=bn" in l and "tab=unassigned" in l)
        shared = queue(mona, link[len("/queue"):])
        assert 'value="work" selected' in shared.source and "Work, Bangla" not in shared.words
        drop = next(f for f in saved.find("/filters") if "drop" in f.fields)
        assert "Work, Bangla" not in forms.submit(rina, drop).words.replace("Keep these", "")


def test_a_filter_has_a_name_of_forty_letters():
    """letters, not bytes; a longer one, or none, is asked for again with what was typed and chosen still there, and nothing is saved"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        longest = "ক" * 40
        saved = forms.submit(rina, queue(rina, "?tab=all&topic=work").form("/filters"), name=longest)
        assert longest in saved.words and gateway.count("saved_filter") == 1
        for name in (longest + "খ", "<i>" * 14, "  "):
            answer = forms.submit(rina, queue(rina, "?tab=mine&topic=work").form("/filters"), name=name)
            assert answer.status == 422 and "name of up to 40 letters" in answer.words, (name, answer.status)
            again = answer.form("/filters")
            assert again.fields["name"] == name.strip() and again.fields["topic"] == "work" and again.fields["tab"] == "mine", again.fields
            assert "<i>" not in answer.source and 'href="#filter-name"' in answer.source and "<details open>" in answer.source
        assert gateway.count("saved_filter") == 1
        drop = next(f for f in saved.find("/filters") if "drop" in f.fields)
        assert longest not in forms.submit(rina, drop).words and gateway.count("saved_filter") == 0


def test_how_a_request_came_is_a_filter_like_the_others():
    """dialled, texted or written down by hand: in the address, over pages, in what is saved, and where nothing is left"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor")
        dialled, texted = asked(gateway, rina)[1], asked(gateway, rina)[1]
        written = {link_of(by_hand(gateway, rina)[0]) for _ in range(52)}
        between_two_starts(gateway, ("UPDATE session SET kind = 1 WHERE id = (SELECT session FROM request WHERE id = ?)", (texted.split("/")[-1],)))

        def shown(page):
            return {link for link in page.links if re.fullmatch(r"/requests/\d+", link)}

        for channel, theirs in ("ussd", dialled), ("sms", texted):
            page = queue(rina, f"?tab=all&channel={channel}")
            assert shown(page) == {theirs}, (channel, shown(page))
            assert page.form("/queue").fields["channel"] == channel and "data-count-of=" not in page.source.split("<main", 1)[1]
            assert all(f"channel={channel}" in form.action for form in page.find("/claim")), "a claim that came too late forgets it"
        first = queue(rina, "?tab=all&channel=hand")
        after = next(link for link in first.links if "after=" in link)
        second = queue(rina, after[len("/queue"):])
        assert len(shown(first)) == 50 and shown(first) | shown(second) == written, "not every one, or others"
        for page in first, second:
            parts = re.findall(r'href="(/queue\?[^"]*)"', page.source.split("<main", 1)[1])
            assert len(parts) >= 12 and [link for link in parts if "channel=hand" not in link] == ["/queue?tab=all"], parts  # no filter at all
        saved = forms.submit(rina, first.form("/filters"), name="On paper")
        link = saved.links[[words for words in re.findall(r"(?s)<a [^>]*>(.*?)</a>", saved.source)].index("On paper")]
        shared = queue(mona, link[len("/queue"):])
        assert shown(shared) == shown(first) and shared.form("/queue").fields["channel"] == "hand"
        assert "No request matches these filters." in queue(mona, "?tab=mine&channel=hand").words
        assert len(shown(queue(rina, "?tab=all&channel=pigeon"))) == 50 and "No request matches" not in rina.page.text


def test_words_of_notes_are_found_where_the_setting_is_on():
    with Gateway(["desk.search_notes=true"]) as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        _, link, reference = asked(gateway, rina)
        search = forms.read(rina.get("/search")).form("/search")
        forms.submit(rina, opened(rina, link).form("note"), text="Her brother keeps the passport")
        found = forms.submit(rina, search, q="brother passport")
        assert link in found.links and reference in found.words, found.words[:400]
        none = forms.submit(rina, search, q="brother visa")
        assert link not in none.links and "has all these words" in none.words


def by_hand(gateway, browser, **more):
    """A request made at the counter; gives the page of it and the number."""
    number = new_number()
    gateway.said.add(number)
    form = forms.read(browser.get("/requests/new")).form("/requests")
    page = forms.submit(browser, form, **{"number": number, "kind": "call", "language": "en", **more})
    assert page.status == 200, page.words[:400]
    return page, number


def link_of(page):
    return re.search(r'action="(/requests/\d+)/note"', page.source).group(1)


def between_two_starts(gateway, *statements):
    """What no form does."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        for statement in statements:
            data.execute(*statement)
    data.close()
    gateway.start()


def test_who_cannot_be_texted_is_told_why():
    """STOP, no number, closed: no form, its reason, and what is sent nevertheless is refused; what did not arrive is dealt with"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        made = [by_hand(gateway, rina, may_be_texted="1") for _ in range(4)]
        stopped, unknown, closed, failed = (link_of(page) for page, _ in made)
        assert all(page.find("/reply") for page, _ in made)
        forms.submit(rina, made[2][0].form("/close"), outcome="1")
        for words in "It was one.", "It was two.", "It was three.", "It was four.":
            sent = forms.submit(rina, opened(rina, failed).form("/reply"), text=words)
            assert "The text is on its way." in sent.words, sent.words[:500]
        numbers = {link: int(link.rsplit("/", 1)[1]) for link in (stopped, unknown, failed)}
        of_request = "(SELECT phone FROM request WHERE id = ?)"
        between_two_starts(
            gateway, (f"UPDATE phone SET opted_out = 1 WHERE id = {of_request}", (numbers[stopped],)),
            (f"UPDATE phone SET number = NULL WHERE id = {of_request}", (numbers[unknown],)),
            ("UPDATE outbox SET state = 3 + (SELECT count(*) FROM outbox AS o WHERE o.id < outbox.id)",))
        texts = gateway.count("outbox")
        for link, why in ((stopped, "No text may be sent: they said STOP, or asked us to stop."), (unknown, "No number is kept, so nothing can be texted."),
                          (closed, "The request is closed: open it again to reply.")):
            page = opened(rina, link)
            assert not page.find("/reply") and page.words.count(why) == 1, f"{why}: {page.words[:1500]}"
            form = page.find("/note")[0]
            answer = rina.post(f"{link}/reply", {"text": "hello", "version": form.fields["version"], "key": form.fields["key"]})
            assert answer.status == (409 if link == closed else 422), f"{why} {answer.status}"
            assert gateway.count("outbox") == texts, why
        form = opened(rina, closed).form("/note")
        answer = rina.post(f"{closed}/reveal", {"reason": "1", "override": "1", "version": form.fields["version"], "key": form.fields["key"]})
        assert answer.status == 409 and made[2][1][-8:] not in forms.read(answer).told, answer.status
        page = opened(rina, unknown)
        assert not page.find("reveal") and "\u2022\u2022" not in page.words
        for left in 3, 2, 1, 0:
            page = opened(rina, failed)
            in_trouble = [form for form in page.find("/dealt") if "outbox" in form.fields]
            assert page.find("/reply") and len(in_trouble) == left, "of one that arrived and three that did not"
            if left:
                assert forms.submit(rina, in_trouble[0]).status == 200


def test_a_reply_that_fails_after_it_was_closed_is_looked_at():
    """who answered it does not keep the outbox: it stands in their queue until somebody has dealt with it"""
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        mona = desk.operator(gateway, "mona", "counsellor")
        page, number = by_hand(gateway, mona, may_be_texted="1")
        link = link_of(page)
        assert "The text is on its way." in forms.submit(mona, page.form("/reply"), text="Come to the office.").words
        wait_until(lambda: gateway.count("outbox", "state = 2 AND vendor_id IS NOT NULL") == 1, 60, "the reply to be sent")
        forms.submit(mona, opened(mona, link).form("/close"), outcome="1")
        assert link not in queue(mona, "?tab=trouble").links and mona.get("/outbox").status != 200
        with sqlite3.connect(gateway.data) as data:
            (sent,), = data.execute("SELECT vendor_id FROM outbox")
        data.close()
        gateway.at_report(sent, number, "Failed")
        wait_until(lambda: gateway.count("request", "state = 3 AND attention = 1") == 1, 60, "the mark of the closed request")
        to_look_at = queue(mona, "?tab=trouble")
        assert link in to_look_at.links and f"{link}#attention" in to_look_at.links, to_look_at.words
        wait_until(lambda: json.loads(mona.get("/live/counts?since=1").text)["trouble"] == 1, 60, "the counter")
        page = opened(mona, link)
        assert "A text about this request did not arrive." in page.words
        forms.submit(mona, page.form("/dealt"))
        assert link not in queue(mona, "?tab=trouble").links and gateway.count("outbox", "dealt_at IS NOT NULL") == 1


def test_the_number_is_masked_beside_what_shows_it():
    """danger is called at any hour: the button says the last digits and no more, and shows the number for a reason alone"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        page, number = by_hand(gateway, rina, kind="danger", topic="danger", urgency="2")
        assert f"Show \u2022\u2022\u2022\u2022 {number[-2:]}" in page.words, page.words[:1200]
        assert f"\u2022 {number[-3:]}" not in page.words and number[-8:] not in page.told, "more than the last two"
        for reason in "", "0", "99", "x":
            bare = forms.submit(rina, page.form("reveal"), reason=reason)
            assert bare.status == 422 and number[-8:] not in bare.told, reason
        for calls, says in ((0, "After 3 more calls"), (1, "After 2 more calls"), (2, "After 1 more call")):
            page = opened(rina, link_of(page))
            assert says in page.words, f"{calls} calls: {page.words[:1500]}"
            page = forms.submit(rina, page.form("attempt"), result="1")
        answer = forms.submit(rina, opened(rina, link_of(page)).form("reveal"), reason="1", override="1")
        assert answer.status == 200 and f'href="tel:{number}"' in answer.source, answer.words[:900]


def test_a_note_for_counsellors_stays_one():
    """what was ticked is ticked again beside a mistake; a draft is not overwritten by the note that it would replace"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, link, _ = asked(gateway, rina)
        refused = forms.submit(rina, opened(rina, link).form("note"), text=" ", clinical="1")
        assert refused.status == 422 and refused.form("note").fields.get("clinical") == "1", "it would be saved for everybody"
        assert "clinical" not in opened(rina, link).form("note").fields
        page = forms.submit(rina, opened(rina, link).form("note"), text="first words")
        assert "edited" not in page.words and "replaced" not in page.words
        edit = next(l for l in page.links if "?edit=" in l).split("#")[0]
        assert forms.read(rina.get(edit)).form("note").fields["text"] == "first words"
        rina.get(link)
        assert rina.post(f"{link}/draft", {"place": "note", "text": "half a word"}).status == 303
        page = forms.read(rina.get(edit))
        assert page.form("note").fields["text"] == "half a word" and page.form("note").fields["replaces"]
        after = forms.submit(rina, page.form("note"), text="better words")
        assert after.words.count("edited") == 1 and after.words.count("replaced") == 1
        marked = forms.submit(rina, opened(rina, link).form("note"), text="for us alnoe", clinical="1")
        edit = [l for l in marked.links if "?edit=" in l][-1].split("#")[0]
        page = forms.read(rina.get(edit))
        assert page.form("note").fields["text"] == "for us alnoe" and page.form("note").fields["clinical"] == "1"
        assert gateway.count("note", "clinical = 1") == 1
        forms.submit(rina, page.form("note"), text="for us alone", clinical=None)
        assert gateway.count("note", "clinical = 1") == 2, "its correction is for everybody"


def test_it_is_handed_to_who_may_see_it():
    """not to whoever has it, nor to who would not see it; who speaks the language comes first, and who chose none speaks all"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        for name, roles, more in (("lina", "counsellor", ("--languages", "bn")), ("nadia", "counsellor", ("--languages", "bn,en")),
                                  ("mona", "counsellor", ("--topics", "health")), ("tom", "complaints", ()), ("ada", "admin", ())):
            desk.add_user(gateway, name, roles, None, *more)
        _, link, _ = asked(gateway, rina)

        def offered(page):
            shown = re.search(r'(?s)<select id="assign-to".*?</select>', page.source).group(0)
            return re.findall(r'<option value="\d+">([^<]*)</option>', shown)

        assert offered(opened(rina, link)) == ["Nadia (English)", "Rina (English)", "Lina"], offered(opened(rina, link))
        page = forms.submit(rina, opened(rina, link).form("/claim"))
        assert offered(page) == ["Nadia (English)", "Lina"], offered(page)
        form = page.form("/assign")
        mona = gateway.db().execute("SELECT id FROM operator WHERE name = 'mona'").fetchone()[0]
        assert forms.submit(rina, form, to=str(mona)).status == 422
        assert gateway.count("request_desk", f"assignee = {mona}") == 0


def test_two_of_one_person_become_one():
    """chosen from what its person asked for besides, or by reference; never with itself or with what is not there"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        first, number = by_hand(gateway, rina)
        second, third = (by_hand(gateway, rina, number=number)[0] for _ in range(2))
        links = [link_of(page) for page in (first, second, third)]
        assert len(set(links)) == 3
        ids = [link.rsplit("/", 1)[1] for link in links]
        assert "Or the reference of another request" not in first.words and "The reference of another request" in first.words
        assert "Or the reference of another request" in third.words, "beside the others of this person"
        reference = re.search(r'data-copy="(\d{3} \d{4})"', first.source).group(1)
        offered = opened(rina, links[1]).form("/merge").choices["to"]
        assert sorted(offered) == sorted([ids[0], ids[2]]), offered
        for typed in {"to": ids[1]}, {"reference": re.search(r'data-copy="(\d{3} \d{4})"', second.source).group(1)}, \
                {"reference": "000 0017"}, {"to": "4711"}:
            wrong = forms.submit(rina, opened(rina, links[1]).form("/merge"), **typed)
            assert wrong.status in (404, 422) and gateway.count("request_desk", "merged_into IS NOT NULL") == 0, typed
        merged = forms.submit(rina, opened(rina, links[1]).form("/merge"), to=ids[0])
        assert links[0] in [l.split("#")[0] for l in merged.links] and not merged.find("reopen") and not merged.find("/close")
        merged = forms.submit(rina, opened(rina, links[2]).form("/merge"), reference=reference.replace(" ", "-"))
        assert gateway.count("request_desk", f"merged_into = {ids[0]}") == 2, merged.words[:400]
        assert "to" not in opened(rina, links[0]).form("/merge").choices or ids[0] not in opened(rina, links[0]).form("/merge").choices["to"]


def row_of(page, link):
    """What the queue says of one request."""
    found = re.search(rf'(?s)<tr id="row-{link.rsplit("/", 1)[1]}".*?</tr>', page.source)
    assert found, f"{link} is not in the queue: {page.words[:400]}"
    return found.group(0)


def test_a_row_offers_what_comes_next():
    """nobody's: claim; mine: call when that is safe; another's: open; and says since when it should have been done"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor")
        link = link_of(by_hand(gateway, rina, kind="danger", topic="danger", urgency="2")[0])
        for browser in rina, mona:
            row = row_of(queue(browser), link)
            assert f'action="{link}/claim' in row and ">Call<" not in row and ">New<" in row, row
        forms.submit(rina, opened(rina, link).form("/claim"))
        mine, hers = row_of(queue(rina), link), row_of(queue(mona), link)
        assert f'href="{link}#contact">Call' in mine and ">me<" in mine and "/claim" not in mine, mine
        assert f'class="button quiet" href="{link}">Open' in hers and "Rina" in hers and "/claim" not in hers, hers
        assert ">Assigned<" in mine and ">Assigned<" in hers
        assert opened(rina, link).find("/release") and not opened(mona, link).find("/release"), "it is taken from who has it"
        forms.submit(rina, opened(rina, link).form("/close"), outcome="1")
        over = row_of(queue(rina, "?tab=done"), link)
        assert "Closed: Helped" in over and ">Open<" in over and "Overdue" not in over, over
        forms.submit(rina, opened(rina, link).form("/reopen"))
        assert "Open again" in row_of(queue(rina), link)
        _, other, _ = asked(gateway, rina)
        number = int(other.rsplit("/", 1)[1])
        for minutes, badge in ((-1, "Overdue"), (58, "badge warning"), (62, None), (0, "no time set")):
            at = (int(time.time()) + minutes * 60) * 1000 if minutes else None
            between_two_starts(gateway, ("UPDATE request SET due_at = ? WHERE id = ?", (at, number)))
            row = row_of(queue(rina), other)
            said = [each for each in ("Overdue", "badge warning", "no time set") if each in row]
            assert said == ([badge] if badge else []), f"{minutes} minutes: {said} {row}"


def test_where_it_stands_is_said_the_same_everywhere():
    """the queue, its own page, its person's page and the page of another request: that it waits, that it is overdue"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        page, number = by_hand(gateway, rina)
        link, beside = link_of(page), link_of(by_hand(gateway, rina, number=number)[0])
        person = next(each for each in page.links if each.startswith("/people/"))
        late = ("UPDATE request SET due_at = 1000 WHERE id = ?", (int(link.rsplit("/", 1)[1]),))

        def said_at(path):
            line = re.search(rf'(?s)<(li|tr)>(?:(?!</\1>).)*href="{link}".*?</\1>', opened(rina, path).source).group(0)
            return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", line))

        forms.submit(rina, opened(rina, link).form("/claim"))
        between_two_starts(gateway, late)
        assert "Overdue" in said_at(person) and "Assigned" in said_at(person), said_at(person)
        assert "Assigned" in said_at(beside), said_at(beside)
        page = forms.submit(rina, opened(rina, link).form("/wait"), until=noon_in_a_month())
        assert fact(page, "Status") == "Waiting" and ", 12:00" in fact(page, "Due")
        for path in person, beside:
            assert "Waiting" in said_at(path) and "Assigned" not in said_at(path), said_at(path)
        assert fact(page, "Due") in said_at(person) and "Overdue" not in said_at(person), said_at(person)
        forms.submit(rina, opened(rina, link).form("/close"), outcome="1")
        assert "Closed" in said_at(person) and fact(page, "Due") not in said_at(person), said_at(person)


def test_who_chose_no_language_is_said_to_have_chosen_none():
    """danger comes before the choice: in the queue, at the request, and where it is said what they read"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        desk.operator(gateway, "mona", "counsellor")
        phone = gateway.phone()
        phone.dial()
        for answer in "Danger now", "Call me right now", "Tell us how to call", "SMS only":
            phone.pick(answer)
        link = next(each for each in queue(rina, "?tab=danger").links if re.fullmatch(r"/requests/\d+", each))
        assert gateway.count("request", "lang IS NULL") == 1
        assert re.search(r'data-label="Language"><span class="muted">not chosen<', row_of(queue(rina), link)), row_of(queue(rina), link)
        forms.submit(rina, opened(rina, link).form("/claim"))
        page = opened(rina, link)
        assert fact(page, "Language") == "not chosen"
        assert page.find("/reply") and "They read" not in page.words and ">Mona</option>" in page.source, page.words[:2500]


def test_a_row_says_what_they_asked_for_and_that_something_is_half_written():
    """a woman, a man or anyone; a draft is told to who wrote it and nobody else; a request by hand says how it came"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "counsellor")
        mona = desk.operator(gateway, "mona", "counsellor")
        woman, anyone = (by_hand(gateway, rina, **said)[0] for said in ({"said-who": "woman", "came_by": "1"}, {"came_by": "0"}))
        for page, asked_for, way in (woman, "A woman", "Came in person"), (anyone, "anyone", "Phone call"):
            row = row_of(queue(rina), link_of(page))
            cell = re.search(r'(?s)<td class="asked" data-label="Asked for">(.*?)</td>', row).group(1)
            assert re.sub("<[^>]*>", "", cell) == asked_for, cell
            assert f"({way})" in page.words, page.words[:600]
        link = link_of(woman)
        draft = '<span class="badge">draft</span>'
        assert draft not in row_of(queue(rina), link)
        opened(rina, link)
        assert rina.post(f"{link}/draft", {"place": "note", "text": "half a word"}).status == 303
        assert draft in row_of(queue(rina), link) and draft not in row_of(queue(rina), link_of(anyone))
        assert draft not in row_of(queue(mona), link), "what she has not sent is told to others"
        forms.submit(rina, opened(rina, link).form("note"), text="a whole word")
        assert draft not in row_of(queue(rina), link), "it is sent, and said to be half written"


harness.main()
