"""PINs on the real program: kept nowhere, tried five times an hour, the same from every phone and channel."""
import re

import harness
from fake_at import FakeAt
from gateway import Gateway, get

CHANNELS = "at-ussd", "at-sms", "kannel"
PIN, WRONG, NEXT = "7391", "7392", "8264"


def gateway(*settings):
    return Gateway(["dir.menus=tests/dialogues/services", "log.level=debug", *(f"channels.{name}.service=pin" for name in CHANNELS),
                    *settings])


def on_main(phone):
    """Dials; past the offer and the language page."""
    phone.dial()
    for words in "English", "Start again":
        if words in phone.screen.text:
            phone.pick(words)
    assert phone.screen.text.startswith("Plain"), phone.screen.text
    return phone


def press(phone, *keys):
    for key in keys:
        phone.press(key)
    return phone.screen.text


def be_somebody(world, pin=PIN):
    """Registered with this PIN, one request open: the phone, and the request's reference."""
    phone = on_main(world.phone())
    press(phone, "1", "1", pin, "1", "00", "3", "Rahima", "1")
    return phone, re.search(r"Ref ([\d ]+)", phone.screen.text).group(1)


def everything_written(world):
    """All that anybody may read: what it logged and printed, metrics, what the verbs print, and the bytes of its files."""
    said = [world.log().encode(), world.output().encode(), get(world.console, "/metrics").body]
    for what in "turns", "sessions", "requests", "registrations", "texts", "follow-ups", "triage":
        said.append(world.run("export", what, "--format", "jsonl").stdout.encode())
    for verb in ["backup"], ["verify"], ["channels"]:
        made = world.run(*verb)
        said.append((made.stdout + made.stderr).encode())
    for file in world.folder.rglob("*"):
        if file.is_file() and "keys" not in file.name:
            said.append(file.read_bytes())
    return said


def holds(written, pin):
    """Where the PIN stands in it; but for the ids of sessions and the macs of the audit, whose random digits may be any four."""
    return re.search(rb"(?<![0-9])" + pin.encode() + rb"(?![0-9])", re.sub(rb"AT[UX]id_[0-9a-f]{32}|[0-9a-f]{64}", b"", written))


def test_a_pin_is_written_nowhere():
    """chosen, right, wrong, changed, too early, in a reference's place, garbled, dialled with the code, by text: no file, log or export has it"""
    with gateway() as world:
        phone, reference = be_somebody(world)
        assert "Not right" in press(on_main(phone), "2", WRONG)
        assert "Yours (1)" in press(phone, PIN)
        assert "Four digits" in press(on_main(phone), "5", "1", PIN)
        assert press(phone, NEXT).startswith("You")
        press(on_main(phone), PIN)  # on a page that did not ask for it
        other = on_main(world.phone())
        press(other, "4", PIN, reference, PIN, NEXT)
        assert "Yours (1)" in other.screen.text, other.screen.text
        press(on_main(phone), "2")
        world.at_ussd(f"{phone.text}*{NEXT}*\udcff".encode(errors="surrogateescape"), phone.session, phone.number)
        dialled = world.phone()
        dialled.session, dialled.text = "dialled-session-1", f"1*2*{NEXT}"
        dialled.again()
        for words in "00", "2", NEXT, NEXT, f"{NEXT}{NEXT}":
            world.at_sms(words, phone.number)
        for pin in PIN, WRONG, NEXT:
            for index, written in enumerate(everything_written(world)):
                found = holds(written, pin)
                assert not found, f"{pin} in {index}: {found.string[max(0, found.start() - 60):found.end() + 60]}"
        world.said -= {PIN, WRONG, NEXT, reference}


def test_five_tries_from_wherever():
    """on USSD, by text and from another phone it is one count; a restart does not forgive"""
    with gateway() as world:
        phone, reference = be_somebody(world)
        press(on_main(phone), "2", WRONG, WRONG)
        other = on_main(world.phone())
        press(other, "4", reference, WRONG, WRONG)
        world.kill9()
        world.start()
        for words in "00", "2", WRONG:
            world.at_sms(words, phone.number)
        assert world.count("person", "tries = 5") == 1
        assert "Wait an hour" in press(on_main(phone), "2", PIN)
        assert "Not right" in press(on_main(other), "4", reference, PIN)
        third = on_main(world.phone())
        assert "Not right" in press(third, "4", reference, PIN)
        world.said -= {PIN, WRONG, reference}


def answer_to(world, at, words, number):
    """The text that goes out when this one comes in."""
    before = len(at.sent)
    assert world.at_sms(words, number).status == 200
    return at.wait_for(before + 1)[before]["message"]


def test_what_was_opened_is_closed_on_the_other_channel():
    """a PIN given in a call opens nothing by text, though the call is gone on with there; given by text it opens"""
    with FakeAt() as at, gateway(f"channels.at-sms.send.url={at.url}") as world:
        phone, reference = be_somebody(world)
        assert "Yours (1)" in press(on_main(phone), "2", PIN)
        texts = [answer_to(world, at, words, phone.number) for words in ("hello", "1", "2", "00")]
        assert not any("Yours" in text or reference in text for text in texts), texts
        assert "Your code?" in answer_to(world, at, "2", phone.number)
        opened = answer_to(world, at, PIN, phone.number)
        assert "Yours (1)" in opened, opened
        world.said -= {PIN, reference}


harness.main()
