"""What authors work with: a phone in the terminal, the proof, the drawing of a flow, and publishing."""
# timeout: 120
import re

import harness
from gateway import Gateway


def lived(gateway, *arguments, typed=""):
    made = gateway.run("try", *arguments, stdin=typed)
    assert made.returncode == 0, f"try {arguments}: {made.returncode} {made.stderr}"
    return made.stdout


def test_what_a_phone_shows():
    """below a screen stand encoding, units of the budget, page and node, and what would be kept"""
    gateway = Gateway()
    shown = lived(gateway, "--lang", "en", typed="3\n")
    assert re.search(r"USSD, GSM-7, \d+ of 160 units, page 1 of 1, node main, language en\n  kept: the screen\n", shown), shown
    assert re.search(r"node reg\.\w+, language en\n  kept: typed \"3\" as \w+; the screen\n", shown), shown
    shown = lived(gateway, "--lang", "bn", "--channel", "sms", typed="hello\n")
    assert re.search(r"SMS, UCS-2, \d+ of 201 units, page 1 of 1, node main, language bn\n", shown), shown


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


harness.main()
