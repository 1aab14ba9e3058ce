"""PINs on the real program: kept nowhere, tried five times an hour, the same from every phone and channel."""
import re

import harness
from gateway import Gateway, get

CHANNELS = "at-ussd", "at-sms", "kannel"
PIN, WRONG, NEXT = "7391", "7392", "8264"


def gateway():
    return Gateway(["dir.menus=tests/dialogues/services", "log.level=debug", *(f"channels.{name}.service=pin" for name in CHANNELS)])


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


def by_text(world, words, number):
    """The answer to a text, as the outbox holds it."""
    before = world.count("turn")
    world.at_sms(words, number)
    assert world.count("turn") == before + 1, f"{words!r} made no turn"


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


def holds(bytes_, pin):
    return re.search(rb"(?<![0-9])" + pin.encode() + rb"(?![0-9])", bytes_)


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
                assert not found, f"{pin} in {index}: {written[max(0, found.start() - 60):found.end() + 60]}"
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


def test_what_was_opened_is_closed_on_the_other_channel():
    """a PIN given in a call opens nothing by text, though the call is gone on with there"""
    with gateway() as world:
        phone, reference = be_somebody(world)
        assert "Yours (1)" in press(on_main(phone), "2", PIN)
        shown = reference.split()[0]
        for words in "hello", "1", "2", "00":
            answer = world.at_sms(words, phone.number)
            assert shown.encode() not in answer.body, answer.body
        texts = [line.get("text", "") for line in world.export("texts")]
        assert texts and not any(shown in text for text in texts), texts
        world.said -= {PIN, reference}


harness.main()
