"""Operators go through all of the desk: every page and every button answers, and nothing of anybody is in the log afterwards."""
# timeout: 300
import re
import sqlite3

import desk
import harness
import infoline
import rounds
from fake_at import FakeAt
from gateway import Gateway, ROOT

OTHERS = {"neela": "editor", "mohsin": "analyst", "shaila": "channels", "torun": "auditor"}
ASKED_BY_PAGES = {("GET", "/live"), ("GET", "/assets/:name"), ("POST", "/requests/:id/count")}  # the browser's tests have them


def routes():
    text = (ROOT / "gateway/console/routes.c").read_text()
    return set(re.findall(r'\{ROUTE_(GET|POST), +"([^"]+)"', text))


def in_their_own_words(gateway):
    """A complaint and a text, newer than the day's, of which at some hours none is among the first that somebody looks at."""
    infoline.complain(gateway.phone(), "Karim Mia of Savar")
    said = "call me about Jorina Begum"
    gateway.said.add(said)
    assert gateway.at_sms(said, gateway.phone().number).status == 200


def people(gateway):
    """Those of the demonstration, whose office changes other users, and then one of each role that it has nobody of."""
    played = gateway.run("demo", "--seed", "7", timeout=120)
    assert played.returncode == 0, played.stderr
    in_their_own_words(gateway)
    yield from re.findall(r"^(\w+) +([a-z0-9]{16})  ", played.stdout, re.M)
    for name, role in OTHERS.items():
        yield name, desk.add_user(gateway, name, role)


def typed_by_callers_and_operators():
    """The sentences of the day: texts, answers, notes."""
    day = (ROOT / "menus/infoline/demo/day.conf").read_text()
    return {words for words in re.findall(r'"(?::text )?([^":\n]{12,})"', day) if " " in words}


def a_quarter_of_an_hour(gateway):
    """Goes by: between a stop and a start."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute("UPDATE sign_in SET seen_at = seen_at - 16 * 60000")
    data.close()
    gateway.start()


def leave(walker):
    """Past the idle lock, and out."""
    walker.get("/settings")
    assert walker.page.headers["location"].startswith("/unlock"), f"{walker.name}: {walker.page.status}"
    walker.follow()
    assert walker.post("/unlock", password=walker.password, back="/settings").status == 303
    walker.get("/settings")
    assert walker.post("/sign-out").status == 303


def test_all_of_the_desk():
    """every route is reached, none breaks, and the log has no number, note, answer, name, password, code or cookie"""
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        walkers = []
        for name, password in people(gateway):
            walkers.append(rounds.Walker(gateway.console).sign_in(name, password).look().press().sign_in())
            for path in ("/live/counts", "/healthz", "/metrics", "/search"):
                walkers[-1].get(path)
        a_quarter_of_an_hour(gateway)
        leave(walkers[-1])
        left = routes() - set().union(*(walker.asked for walker in walkers)) - ASKED_BY_PAGES
        assert not left, f"nobody came to {sorted(left)}"
        sentences = typed_by_callers_and_operators()
        assert len(sentences) > 20, sentences
        gateway.said |= sentences | {rounds.WORDS, "+999", desk.PASSWORD}
        for walker in walkers:
            gateway.said |= {walker.name, walker.knows["number"], *walker.secrets}
        assert gateway.stop() == 0
        number = re.search(r"(?<![0-9a-f])9990\d{8}(?![0-9a-f])", gateway.log() + gateway.output())
        assert not number, "somebody of the demonstration, without the plus"


harness.main()
