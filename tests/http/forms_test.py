"""What is wrong in a form is said all at once: in a list that leads to each field, and beside each field; and everything typed stays."""
# timeout: 300
import re

import desk
import forms
import harness
from gateway import Gateway, new_number

ALERT = re.compile(r'<div class="notice danger" role="alert" tabindex="-1">(.*?)</div>', re.S)


def told(page):
    """The fields that the list leads to, in its order; each says the same itself, and no other does."""
    assert page.status == 422, f"{page.status}: {page.words[:300]}"
    lists = ALERT.findall(page.source)
    assert len(lists) == 1, f"{len(lists)} lists: {page.words[:300]}"
    said = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', lists[0])
    assert said and len(said) == lists[0].count("<li>"), lists[0]
    known = {attributes["id"]: (tag, attributes) for tag, attributes in page.tags if "id" in attributes}
    described = {name: tag for tag, attributes in page.tags for name in (attributes.get("aria-describedby") or "").split()}
    for field, words in said:
        assert field in known, f"{field}: a link that leads nowhere"
        beside = re.search(rf'<span id="{field}-wrong" class="wrong"><span aria-hidden="true">!</span> ([^<]+)</span>', page.source)
        assert beside and words.endswith(beside.group(1)), f"{field}: {words} is not said beside it"
        tag, attributes = known[field]
        if tag in ("input", "select", "textarea"):
            assert attributes.get("aria-invalid") == "true", field
            assert f"{field}-wrong" in attributes.get("aria-describedby", "").split(), field
        else:
            assert described.get(f"{field}-wrong") == "fieldset", f"{field} is described by nothing"
    wrong = [attributes.get("id") for _, attributes in page.tags if attributes.get("aria-invalid") == "true"]
    assert set(wrong) <= {field for field, _ in said}, f"{wrong} are said to be wrong, and are not in the list"
    assert all(name in known for name in described), "described by what is not there"
    return [field for field, _ in said]


def words_of(page):
    return re.findall(r'<li><a href="#[^"]+">([^<]+)</a></li>', ALERT.search(page.source).group(1))


def new_form(browser):
    page = forms.read(browser.get("/requests/new"))
    assert not ALERT.search(page.source) and "aria-invalid" not in page.source
    assert re.search(r'<form method="post" action="/requests" novalidate>', page.source), "a browser stops at the first"
    return page.form("/requests")


def own_number(gateway):
    number = new_number()
    gateway.said.add(number)
    return number


def test_a_request_by_hand():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        good = {"number": own_number(gateway), "came_by": "0", "kind": "call", "language": "en", "urgency": "1",
                "said-time": "morning", "said-who": "only_me", "may_be_texted": "1", "note": "Fell <ill> abroad"}
        bad = {"number": "", "kind": "", "language": "", "urgency": "9", "said-who": "a dog"}
        form = new_form(rina)
        good["said-who"] = next(choice for choice in form.choices["said-who"] if choice)
        good["topic"] = form.choices["topic"][1]
        page = forms.submit(rina, form, **{**good, **bad})
        assert told(page) == ["new-number", "new-kind", "new-language", "new-urgency", "new-said-who"]
        assert "What for: Choose one." in words_of(page) and "Language: Choose one." in words_of(page), words_of(page)
        kept = page.form("/requests").fields
        for name in ("came_by", "topic", "said-time", "may_be_texted", "note"):
            assert kept[name] == good[name], f"{name}: {kept[name]}"
        mended = dict(bad)
        for name, field in (("kind", "new-kind"), ("said-who", "new-said-who"), ("number", "new-number"), ("urgency", "new-urgency")):
            del mended[name]
            page = forms.submit(rina, page.form("/requests"), **{**good, **mended})
            assert field not in told(page) and len(told(page)) == len(mended), told(page)
            assert page.form("/requests").fields[name] == good[name]
        page = forms.submit(rina, page.form("/requests"), **{**good, "came_by": "7", "number": 60 * "1"})
        assert told(page) == ["new-came-by", "new-number"]
        page = forms.submit(rina, page.form("/requests"), **{**good, "came_by": "1", "number": "", "kind": ""})
        assert told(page) == ["new-kind"], "who came in person needs a number"
        # What the core alone says stands at its field, too.
        for name, value, field in (("number", "12", "new-number"), ("kind", "nonsense", "new-kind"), ("topic", "nonsense", "new-topic")):
            page = forms.submit(rina, page.form("/requests"), **{**good, name: value})
            assert told(page) == [field], f"{name}: {told(page)}"
            assert page.form("/requests").fields["note"] == good["note"]
        assert gateway.count("request") == 0
        page = forms.submit(rina, page.form("/requests"), **good)
        assert page.status == 200 and gateway.count("request") == 1
        rina.post("/settings", {"lang": "bn"})
        page = forms.submit(rina, new_form(rina), **{**good, **bad})
        assert len(told(page)) == 5 and not re.search("[A-Za-z]", "".join(words_of(page)[:4])), words_of(page)


def test_by_hand_some_times_only_are_asked_for():
    """Safe at some times only, and not said at which: no request is made before the other question has an answer."""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        good = {"number": own_number(gateway), "came_by": "0", "kind": "call", "language": "en", "urgency": "0", "topic": "",
                "said-safe": "times", "said-time": "", "said-who": "woman", "note": "Her <husband> reads it"}
        page = forms.submit(rina, new_form(rina), **good)
        assert page.status == 422 and told(page) == ["new-said-time"], told(page)
        assert "ask them which" in words_of(page)[0] and words_of(page)[0].startswith("Best time?"), words_of(page)
        kept = page.form("/requests").fields
        assert all(kept[name] == value for name, value in good.items()), kept
        assert gateway.count("request") == 0
        rina.post("/settings", {"lang": "bn"})
        page = forms.submit(rina, new_form(rina), **good)
        assert told(page) == ["new-said-time"] and not re.search("[A-Za-z]", words_of(page)[0].split(":", 1)[1]), words_of(page)
        page = forms.submit(rina, page.form("/requests"), **{**good, "said-time": "evening"})
        assert page.status == 200 and gateway.count("request") == 1


def test_passing_somebody_on_and_a_warning_about_them():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        page = forms.submit(rina, new_form(rina), number=own_number(gateway), kind="call", language="en")
        form = page.form("/refer")
        office = next(choice for choice in form.choices["office"] if choice)
        wrong = forms.submit(rina, form, office="", consent=None, due="yesterday")
        assert told(wrong) == ["refer-office", "refer-consent", "refer-due"]
        assert re.search(r'<details id="refer"\s+open', wrong.source) and wrong.form("/refer").fields["due"] == "yesterday"
        wrong = forms.submit(rina, wrong.form("/refer"), office=office, consent="yes", due="2001-01-01")
        assert told(wrong) == ["refer-due"] and wrong.form("/refer").fields["office"] == office
        wrong = forms.submit(rina, wrong.form("/refer"), office="nowhere", consent="yes", due="2099-01-01")
        assert told(wrong) == ["refer-office"]
        done = forms.submit(rina, wrong.form("/refer"), office=office, consent="yes", due="2099-01-01")
        assert done.status == 200 and gateway.count("referral") == 1
        person = re.search(r'href="(/people/\d+)"', page.source).group(1)
        page = forms.read(rina.get(person))
        wrong = forms.submit(rina, page.form("/flag"), text=" ", until="2001-01-01")
        assert told(wrong) == ["flag-text", "flag-until"]
        wrong = forms.submit(rina, wrong.form("/flag"), text="Ask for Mina", until="soon")
        assert told(wrong) == ["flag-until"] and wrong.form("/flag").fields["text"] == "Ask for Mina"
        wrong = forms.submit(rina, wrong.form("/number-changed"), sure=None)
        assert told(wrong) == ["sure"]
        assert gateway.count("person_flag") == 0


def test_an_account():
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        form = forms.read(boss.get("/users/new")).form("/users/new")
        topic = form.choices["topic"][0]
        wrong = forms.submit(boss, form, name="Not A Name!", shown=" ", topic=topic)
        assert told(wrong) == ["name", "shown", "roles"]
        kept = wrong.form("/users/new").fields
        assert kept["name"] == "Not A Name!" and kept["topic"] == topic
        wrong = forms.submit(boss, wrong.form("/users/new"), name="boss", shown="Mina", role="counsellor", topic=topic)
        assert wrong.status == 409 and 'href="#name"' in wrong.source and 'id="name-wrong"' in wrong.source
        wrong = forms.submit(boss, wrong.form("/users/new"), name="mina", shown=81 * "M", topic="nonsense")
        assert told(wrong) == ["shown"], "roles stay"
        wrong = forms.submit(boss, wrong.form("/users/new"), shown="Mina", topic="nonsense")
        assert told(wrong) == ["topics"], "the core knows the topics"
        assert gateway.count("operator") == 1
        made = forms.submit(boss, wrong.form("/users/new"), topic=topic)
        assert made.status == 200 and gateway.count("operator") == 2
        mina = re.search(r'href="(/users/\d+)">Mina', boss.get("/users").text).group(1)
        wrong = forms.submit(boss, forms.read(boss.get(mina)).form("/change"), shown="", role=None)
        assert told(wrong) == ["shown", "roles"] and gateway.count("operator", "shown = 'Mina'") == 1


def test_a_password():
    with Gateway() as gateway:
        boss = desk.first_admin(gateway)
        form = forms.read(boss.get("/settings")).form("/settings/password")
        old = boss.password
        for typed, fields in (((old, "dRei45", "dRei456"), ["new_password", "new_password_again"]),
                              ((old, old, "aNother1one"), ["new_password", "new_password_again"]),
                              ((old, "dRei45", "dRei45"), ["new_password"]),
                              (("nOt the old one", "lOng enough by far", "nOt the same"), ["new_password_again"])):
            wrong = forms.submit(boss, form, **dict(zip(("password", "new_password", "new_password_again"), typed)))
            assert told(wrong) == fields, f"{fields}: {told(wrong)}"
            assert not any(word in wrong.source for word in typed), "a password comes back"
        assert gateway.count("operator", "failures > 0") == 0, "a try was spent on a new one that cannot be had"
        wrong = forms.submit(boss, form, password="not the old one", new_password="long enough by far", new_password_again="long enough by far")
        assert told(wrong) == ["password"]
        wrong = forms.submit(boss, forms.read(boss.get("/settings")).form("/settings"), lang="xx")
        assert told(wrong) == ["lang"]


LONGEST = 4000  # TYPED_SIGNS_MAX
BOXES = {"note": ("note-text", {}), "attempt": ("attempt-text", {"result": "0"}), "assign": ("assign-text", {}),
         "close": ("close-text", {"outcome": "1"})}
TOO_LONG = "The text is too long: split it in two."


def lengths(page):
    """Of every box of several lines, what it says of itself."""
    return [attributes.get("maxlength") for tag, attributes in page.tags if tag == "textarea"]


def refused_lines(gateway):
    return gateway.count("audit", "action = 7")


def is_kept(page, form, text, name="text"):
    """Shown again in its box."""
    return page.status == 422 and page.form(form).fields[name].removeprefix("\n") == text


def is_refused_at(page, field):
    known = next(attributes for _, attributes in page.tags if attributes.get("id") == field)
    return words_of(page) == [TOO_LONG] and f'<a href="#{field}">' in page.source and known.get("aria-invalid") == "true"


def fill_in(page, place):
    form, more = page.form("/" + place), dict(BOXES[place][1])
    for choice in ("to", "override"):  # at no hour of the day is it outside of what a supervisor may
        if choice in form.choices:
            more[choice] = next(each for each in form.choices[choice] if each)
    return form, more


def check_boxes(gateway, rina, link, text):
    """`text` is as long as a box says; as it comes from a form, with CR LF."""
    typed = text.replace("\r\n", "\n")
    for place, (field, _) in BOXES.items():
        kept = rina.post(f"{link}/draft", {"place": place, "text": text})
        assert kept.status == 303, (place, kept.status)
        page = forms.read(rina.get(link))
        form, more = fill_in(page, place)
        assert form.fields["text"].removeprefix("\n") == typed, f"{place}: the draft is not what was typed"
        notes = gateway.count("note")
        wrong = forms.submit(rina, form, **more, text=text + "x")
        assert is_refused_at(wrong, field) and is_kept(wrong, "/" + place, typed + "x"), (place, wrong.status, wrong.words[:300])
        assert gateway.count("note") == notes
        done = forms.submit(rina, wrong.form("/" + place), **more, text=text)
        assert done.status == 200 and gateway.count("note") == notes + 1, (place, done.status, done.words[:300])


def test_every_box_takes_as_many_signs_in_every_script():
    """what maxlength lets one type is saved from each, in Bangla as in English, line ends and all; one sign more is refused and stays"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        desk.operator(gateway, "olga", "counsellor")
        filled = {"came_by": "1", "number": "", "kind": "call", "language": "en"}
        for sign, signs in (("a", 1), ("\u0995", 1), ("\U0001f600", 2), ("\u0995\r\n", 2)):
            text = sign * (LONGEST // signs)
            page = forms.submit(rina, new_form(rina), **filled, note=text + "x")
            assert lengths(page) == [str(LONGEST)] and told(page) == ["new-note"] and words_of(page) == [TOO_LONG]
            assert is_kept(page, "/requests", text.replace("\r\n", "\n") + "x", "note")
            page = forms.submit(rina, page.form("/requests"), **filled, note=text)
            assert page.status == 200 and text.replace("\r\n", "\n") in page.source, "the note is not what was typed"
            assert len(lengths(page)) >= 4 and set(lengths(page)) == {str(LONGEST)}, lengths(page)
            check_boxes(gateway, rina, page.form("/note").action.removesuffix("/note"), text)


def test_a_draft_that_is_too_long():
    """a page that keeps it by itself hears so and leaves no line in the audit; who pressed the button is shown what they typed"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        page = forms.submit(rina, new_form(rina), came_by="1", number="", kind="call", language="en")
        form, lines = page.form("note"), refused_lines(gateway)
        text = "\u0995" * LONGEST + "x"
        draft = form.action.replace("/note", "/draft")
        assert rina.post(draft, {"place": "note", "text": text[:-1]}, {"HX-Request": "true"}).status == 200
        for place in ("note", "reply", "close"):
            answer = rina.post(draft, {"place": place, "text": text, "token": form.fields["token"]}, {"HX-Request": "true"})
            assert answer.status == 422 and answer.text == "too long\n", (place, answer.status, answer.text[:100])
        wrong = forms.submit(rina, form, button="place", text=text)
        assert is_kept(wrong, "note", text) and words_of(wrong) == [TOO_LONG]
        assert refused_lines(gateway) == lines, "each of them is in the audit"
        kept = forms.read(rina.get(draft.replace("/draft", "")))
        assert kept.form("note").fields["text"] == text[:-1], "what was kept before is lost"


def test_a_form_that_is_too_long_to_be_taken():
    """who has signed in sees a page of the desk that says what to do, in their language; anybody else one line"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        page = forms.submit(rina, new_form(rina), came_by="1", number="", kind="call", language="en")
        form, lines = page.form("note"), gateway.count("audit")
        for text in ("\u0995" * 7990, "x" * 300000):
            page = forms.submit(rina, form, text=text)
            assert page.status == 413 and "One box takes 4,000 signs" in page.words.replace("4000", "4,000"), page.words[:300]
            assert "What you sent is too long" in page.words and "Nothing was changed." in page.words and "/" in page.links
            assert "default-src 'none'" in page.headers["content-security-policy"] and page.headers["cache-control"] == "no-store"
        assert gateway.count("note") == 0 and gateway.count("audit") == lines
        rina.post("/settings", {"lang": "bn"})
        assert "\u09ea\u09e6\u09e6\u09e6" in forms.submit(rina, form, text="x" * 70000).words.replace(",", ""), rina.page.text[:300]
        foreign = rina.post(form.action, {"text": "x" * 70000}, {"Origin": "https://evil.example"})
        assert foreign.status == 413 and foreign.text == "the form is too large\n", foreign.text[:100]
        nobody = desk.Browser(gateway.console)
        assert nobody.post(form.action, {"text": "x" * 70000}).text == "the form is too large\n" and nobody.page.status == 413
        nobody.cookies = {name: "0" * 64 for name in rina.cookies}
        assert nobody.post(form.action, {"text": "x" * 70000}).text == "the form is too large\n", "a sign-in that is none"
        assert gateway.healthy()


harness.main()
