"""What authors work with: a phone in the terminal, the proof, the drawing of a flow, and publishing."""
# timeout: 240
import fcntl
import os
import re

import harness
import small_service
from gateway import Gateway, new_number


def lived(gateway, *arguments, typed=""):
    made = gateway.run("try", *arguments, stdin=typed)
    assert made.returncode == 0, f"try {arguments}: {made.returncode} {made.stderr}"
    return made.stdout


def test_what_a_phone_shows():
    """below a screen stand encoding, units of the budget, page and node, and what would be kept"""
    gateway = Gateway()
    small = "--service", small_service.write(gateway.folder / "menus" / "small")
    shown = lived(gateway, *small, "--lang", "en", typed="2\n1\n")
    assert re.search(r"USSD, GSM-7, 40 of 160 units, page 1 of 1, node main, language en\n  kept: the screen\n", shown), shown
    assert re.search(r"node call.when, language en\n  kept: typed \"2\" as call; the screen\n", shown), shown
    assert re.search(r"typed \"1\" as morning; the screen\n  \+ open call\n  \+ answer when = morning\n", shown), shown
    shown = lived(gateway, *small, "--lang", "bn", "--channel", "sms", typed="hello\n9\n")
    assert re.search(r"SMS, UCS-2, \d+ of 201 units, page 1 of 1, node main, language bn\n", shown), shown
    assert re.search(r"node danger, .*\n  kept: typed \"9\" as danger; the screen, its values sealed\n", shown), shown


def test_a_phone_on_a_configured_channel():
    """a channel of the configuration says what a page carries and which service answers"""
    gateway = Gateway(settings=["channels.at-ussd.limits.gsm7=150"])
    assert re.search(r"USSD, GSM-7, \d+ of 150 units, page 1 of ", lived(gateway, "--channel", "at-ussd", "--lang", "en"))
    assert " of 459 units" in lived(gateway, "--channel", "at-sms", "--lang", "en", typed="hello\n")
    made = gateway.run("try", "--channel", "at-usd")
    assert made.returncode == 1 and 'no enabled channel "at-usd"; nearest is at-ussd' in made.stderr, made.stderr


def test_mistakes_of_try():
    """a time that is none, and options that a dialogue file says itself, are refused as usage"""
    gateway = Gateway()
    dialogue = "tests/dialogues/first-call-en.dialogue"
    for words, expected in [(["--as-of", "tomorrow"], "expected YYYY-MM-DD HH:MM"),
                            (["--as-of", "2026-02-30 10:00"], "expected YYYY-MM-DD HH:MM"),
                            (["--as-of", "2026-02-20 10:00", dialogue], "says its own"),
                            (["--lang", "en", dialogue], "says its own"),
                            (["--update"], "expected at least one")]:
        made = gateway.run("try", *words)
        assert made.returncode == 2 and expected in made.stderr, f"{words}: {made.returncode} {made.stderr}"


def test_another_phone_and_another_time():
    """:phone takes another phone in hand, :back is the key 0, and --as-of is when it is"""
    shown = lived(Gateway(), "--lang", "en", "--as-of", "2030-01-31 10:00", typed="2\n:back\n9\n1\n:phone sister\n:dial\n")
    assert "due 2030-01-31 10:05" in shown, shown
    assert shown.count("node main, language en") == 2 and shown.rstrip().split("\n")[-2].endswith("language -"), shown


FLOW, EN, BN = "flow/main.conf", "text/en.conf", "text/bn.conf"
PAPERS_AT_4 = [(FLOW, '{ key = "3"; id = "papers"', '{ key = "4"; id = "papers"'),
               (FLOW, 'retired = [ "7" ]', 'retired = [ "7", "3" ]')]
NO_LOANS = [(FLOW, '{ key = "1"; id = "loans"; goto = "loans"; },', ""),
            (FLOW, '{ id = "help"; kind = "page";', '{ id = "help"; kind = "page"; retired = [ "1" ];'),
            (FLOW, '{ id = "loans"; kind = "page"; parent = "help"; options = ( { key = "1"; id = "call"; goto = "call"; } ); },', ""),
            (EN, 'loans = "Loans"; ', ""), (EN, 'loans = { title = "Loans"; body = "Ask the bank."; call = "Call me"; };', "")]
ASKED_ELSE = [(FLOW, '{ key = "2"; id = "evening"; }', '{ key = "2"; id = "evening"; }, { key = "3"; id = "night"; }'),
              (EN, 'evening = "Evening"; }', 'evening = "Evening"; night = "Night"; }')]


class Services(Gateway):
    """A gateway whose channels all serve the small service, from a folder of its own."""

    def __init__(self, settings=()):
        super().__init__()
        self.menus = self.folder / "menus"
        self.more_settings = [f"dir.menus={self.menus}", *settings,
                              *(f"channels.{name}.service=small" for name in ("at-ussd", "at-sms", "kannel"))]
        small_service.write(self.menus / "small")

    def publish(self, *changes, back=False, options=("--yes",)):
        if back:
            return self.run("publish", "--back", "small", *options)
        fresh = self.folder / "fresh"
        os.system(f"rm -rf '{fresh}'")
        small_service.write(fresh, *changes)
        return self.run("publish", fresh, *options)

    def serves(self):
        """What lies in the folders below dir.menus, hidden ones too."""
        return sorted(os.listdir(self.menus))

    def text(self, folder="small"):
        return (self.menus / folder / EN).read_text()


def published(made):
    assert made.returncode == 0, f"{made.returncode}: {made.stdout} {made.stderr}"
    return made.stdout


def test_publishing_is_shown_first():
    """a difference is shown as screens and keys; --dry-run and nobody's consent change nothing"""
    services = Services()
    for options, code in (["--dry-run"], 0), ([], 1):
        made = services.publish(*PAPERS_AT_4, (EN, "Ask the bank.", "Ask us."), options=options)
        assert made.returncode == code, made
        assert "  main: changed\n    - 3 Papers -> papers\n    + 4 Papers -> papers\n" in made.stdout, made.stdout
        assert "  loans: changed\n    - Ask the bank.\n    + Ask us.\n" in made.stdout, made.stdout
        assert "small: 4 screens changed, 0 new, 0 gone\n" in made.stdout, made.stdout
        assert services.serves() == ["small"] and "Ask the bank." in services.text()


def test_what_must_not_be_published():
    """keys that would mean something else, what does not hold, and a folder that is no service, are refused with their place"""
    services = Services()
    for changes, expected in [
        ([(FLOW, 'id = "papers"; goto', 'id = "pages"; goto'), (EN, 'papers = "Papers"', 'pages = "Papers"'),
          (BN, "papers =", "pages =")], r'fresh/flow/main.conf:10: key 3 of "main" meant "papers" and would mean "pages"'),
        ([(FLOW, '{ key = "3"; id = "papers"; goto = "papers"; },', ""), (EN, 'papers = "Papers"; ', ""), (BN, 'papers = "কাগজ"; ', ""),
          (FLOW, '{ id = "papers"; kind = "page"; },', ""), (EN, 'papers = { title = "Papers"; body = "Keep your passport."; };', "")],
         r'fresh/flow/main.conf:7: key 3 of "main", "papers", is gone: expected retired = \[ "3" \]'),
        ([(FLOW, 'retired = [ "7" ]; ', "")], r'key 7 of "main" was retired: expected it to stay'),
        ([(FLOW, 'retired = [ "7" ]; ', ""), (FLOW, '{ key = "3"; id = "papers"; goto = "papers"; }',
                                              '{ key = "3"; id = "papers"; goto = "papers"; }, { key = "7"; id = "more"; goto = "help"; }'),
          (EN, 'papers = "Papers"; ', 'papers = "Papers"; more = "More help"; ')], r'key 7 of "main" was retired and would mean something again'),
        ([(FLOW, 'goto = "papers"', 'goto = "paper"')], r'fresh/flow/main.conf:10: .*"paper"'),
        ([("service.conf", 'name = "small"', 'name = "../x"')], r'a service cannot be called'),
        ([("service.conf", 'name = "small";', "")], r"expected a `name`"),
    ]:
        made = services.publish(*changes)
        assert made.returncode == 1 and re.search(expected, made.stderr), f"{expected}: {made.returncode} {made.stdout} {made.stderr}"
        assert services.serves() == ["small"] and services.text() == small_service.FILES[EN], services.serves()
    for operand in services.folder, services.folder / "none":
        made = services.run("publish", operand, "--yes")
        assert made.returncode == 1 and "expected a service's folder" in made.stderr, made.stderr
    made = services.publish(back=True)
    assert made.returncode == 1 and "nothing was published before" in made.stderr, made.stderr


def test_publishing_without_a_gateway():
    """without a running gateway it is done all the same, and said; --back exchanges again, and again; `check` leaves the old one out"""
    services = Services()
    shown = published(services.publish((EN, "Ask the bank.", "Ask us.")))
    assert "no gateway runs" in shown and services.serves() == ["small", "small.previous"], shown
    assert "Ask us." in services.text() and "Ask the bank." in services.text("small.previous")
    shown = published(services.publish((EN, "Ask the bank.", "Ask him.")))
    assert "Ask him." in services.text() and "Ask us." in services.text("small.previous")
    for now, before in ("Ask us.", "Ask him."), ("Ask him.", "Ask us."):
        published(services.publish(back=True))
        assert now in services.text() and before in services.text("small.previous") and len(services.serves()) == 2
    checked = services.run("check")
    assert re.search(r"^small +2 ", checked.stdout, re.M) and "small.previous" not in checked.stdout + checked.stderr, checked


def test_one_publish_at_a_time():
    """two at a time are refused, what a publish that was cut off left behind is told, a half copy is of no account"""
    services = Services()
    folder = os.open(services.menus, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    made = services.publish()
    assert made.returncode == 1 and "another publish is at work" in made.stderr, made.stderr
    os.close(folder)
    (services.menus / ".small.new" / "flow").mkdir(parents=True)
    published(services.publish())
    (services.menus / ".small.swap").mkdir()
    made = services.publish()
    assert made.returncode == 1 and "left from a publish that was cut off" in made.stderr, made.stderr
    assert services.serves() == [".small.swap", "small", "small.previous"]


def test_a_new_service():
    """a service that was not there before is published too, and what is no file is not copied"""
    services = Services()
    os.rename(services.menus / "small", services.folder / "fresh")
    made = services.run("publish", f"{services.folder}/fresh/", "--yes")
    assert "small is a new service" in published(made) and services.serves() == ["small"], made
    os.symlink("/etc/passwd", services.folder / "fresh" / "text" / "xx.conf")
    made = services.run("publish", services.folder / "fresh", "--yes")
    assert made.returncode == 1 and "neither a file nor a folder" in made.stderr, made.stderr
    assert services.serves() == ["small"], services.serves()


def test_a_drawing_of_the_flow():
    """check --graph draws every service; Graphviz accepts it; without Graphviz the DOT is there and that is said"""
    services = Services()
    made = services.run("check", "--graph", services.folder / "drawn", "--lang", "bn")
    assert "small.svg" in made.stdout and (services.folder / "drawn" / "small.svg").read_text().count("<g id=\"node") == 13, made
    assert "ছোট" in (services.folder / "drawn" / "small.dot").read_text()
    (services.folder / "drawn" / "small.svg").unlink()
    services.env = {"PATH": "/nonexistent"}
    made = services.run("check", "--graph", services.folder / "drawn")
    assert "no SVG, because Graphviz's `dot` is not installed" in made.stdout, made.stdout
    assert os.listdir(services.folder / "drawn") == ["small.dot"]
    gateway = Gateway()
    made = gateway.run("check", "--graph", gateway.folder / "drawn")
    assert made.returncode == 0 and "infoline.svg" in made.stdout, made.stderr


def test_an_old_directory():
    """offices that were not verified for 90 days are listed, as a warning; --strict makes them findings"""
    gateway = Gateway()
    made = gateway.run("check", "--as-of", "2030-01-01")
    assert made.returncode == 0 and re.search(r"^stale: menus/infoline/directory/\w+\.conf:\d+: the office", made.stdout, re.M), made
    made = gateway.run("check", "--as-of", "2030-01-01", "--strict")
    assert made.returncode == 1 and re.search(r"^menus/infoline/directory/\w+\.conf:\d+: the office", made.stderr, re.M), made
    made = gateway.run("check", "--as-of", "2030-13-01")
    assert made.returncode == 2 and "expected a day" in made.stderr, made


def test_what_the_gateway_refuses():
    """what the running gateway refuses is put back, and calls go on with what was served"""
    services = Services(settings=["channels.at-ussd.limits.gsm7=70"])
    with services:
        services.more_settings.remove("channels.at-ussd.limits.gsm7=70")
        phone = services.phone()
        phone.dial()
        made = services.publish((EN, "Sent. Ref {ref}, by {due}", "Sent. Ref {ref}, by {due}. This is longer than the gateway's own channel may carry."))
        assert made.returncode == 1 and "the version before is in its place again" in made.stdout, made
        assert services.serves() == ["small"] and services.text() == small_service.FILES[EN]
        assert "Small" in phone.press("1").text
        services.more_settings.append("channels.at-ussd.limits.gsm7=70")


def test_live_sessions_across_a_publish():
    """calls under way go on with the new version: what stayed the same as before, what changed with its new screen and one line"""
    services = Services()
    with services:
        at_main, at_loans, at_form, at_help, waiting = (services.phone() for _ in range(5))
        for phone in at_main, at_loans, at_form, at_help, waiting:
            phone.dial()
            phone.press("1")
        at_help.press("1")
        at_loans.press("1"), at_loans.press("1")
        at_form.press("2")
        shown = published(services.publish(*PAPERS_AT_4, *NO_LOANS, *ASKED_ELSE, (EN, 'title = "Help"', 'title = "Help for you"')))
        assert "the running gateway serves it" in shown, shown

        screen = at_main.press("3")  # meant papers when it was shown
        assert screen.text.startswith("The menu changed.\nSmall\n") and "4 Papers" in screen.text, screen.text
        assert at_main.again().raw == screen.raw  # a repeat gets the same bytes
        assert "Keep your passport." in at_main.press("4").text

        screen = at_loans.press("1")  # the page is gone: the nearest on the way to it
        assert screen.text.startswith("The menu changed.\nHelp for you\n") and "Loans" not in screen.text, screen.text

        screen = at_form.press("1")  # the question has one more answer: nothing was taken for granted
        assert screen.text.startswith("The menu changed.\nWhen?\n") and "3 Night" in screen.text, screen.text
        assert "Call: Night" in at_form.press("3").text
        assert "Sent." in at_form.press("1").text

        assert at_help.press("9").text.startswith("The menu changed.\n")  # its keys changed: danger is one more away
        assert "Call 999" in at_help.press("9").text

        published(services.publish(back=True))
        assert "Keep your passport." not in waiting.press("4").text
        assert "Keep your passport." in waiting.press("3").text


def test_a_conversation_by_text_across_a_publish():
    """an SMS session stands where it was; a page that is gone leads to the nearest that is left"""
    services = Services()
    with services:
        number = new_number()
        for text in "hello", "1", "1", "1":  # a language, help, loans
            assert services.at_sms(text, number).status == 200
        published(services.publish(*NO_LOANS))
        assert services.at_sms("1", number).status == 200
        assert services.at_sms("9", number).status == 200
        turns = [turn["node"] for turn in services.export("turns")]
        assert turns == ["lang", "main", "help", "loans", "help", "danger"], turns


def test_words_alone_move_nobody():
    """a new wording takes effect under calls and texts without a line about it"""
    services = Services()
    with services:
        phone = services.phone()
        phone.dial(), phone.press("1"), phone.press("1")
        published(services.publish((EN, "Ask the bank.", "Ask us."), (EN, 'loans = "Loans"', 'loans = "Money"')))
        assert phone.press("1").text.startswith("Loans\nAsk us.\n"), phone.screen.text


harness.main()
