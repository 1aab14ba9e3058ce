"""What the gateway promises to everyone who dials, tried over HTTP on the real program."""
# timeout: 240
import re
import threading

import harness
from gateway import Gateway, new_session, read_screen
from infoline import ask_for_a_call, to_main


def test_every_answered_step_is_on_disk():
    """every answered step is in the file the moment its answer arrives, also after kill -9"""
    with Gateway() as gateway:
        phone = gateway.phone()
        shown = [to_main(phone)]
        for key in ("1", "1", "0", "00"):
            shown.append(phone.press(key))
        gateway.kill9()
        turns = gateway.count("turn")
        assert turns == phone.text.count("*") + 2, f"{turns} turns for {phone.text!r}"
        exported = " ".join(str(value) for row in gateway.export("turns") for value in row.values())
        for screen in shown:
            first = screen.text.split("\n")[0]
            assert first in exported, f"not exported: {first!r}"


def test_the_same_callback_again_gets_the_same_bytes():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        replies = [(phone.text, phone.screen.raw)]
        for key in ("1", "2", "0"):
            phone.press(key)
            replies.append((phone.text, phone.screen.raw))
            assert phone.again().raw == replies[-1][1], f"another reply to {phone.text!r}"
        turns = gateway.count("turn")
        for text, raw in replies:  # any earlier step too
            again = read_screen(gateway.at_ussd(text, phone.session, phone.number)).raw
            assert again == raw, f"another reply to the earlier {text!r}"
        assert gateway.count("turn") == turns, "a repeat made a turn"
        before = phone.press("00").raw
        assert phone.again().raw == before


def test_a_repeat_after_a_restart_gets_the_same_bytes():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.press("1")
        gateway.kill9()
        gateway.start()
        before = phone.screen.raw
        assert phone.again().raw == before
        assert phone.press("1").raw != before


def test_a_request_is_made_once_however_often_it_is_sent():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        ask_for_a_call(phone)
        done = phone.screen
        assert not done.open and re.search(r"\bRef [\d ]{6,9}", done.text), f"no reference on: {done.text!r}"
        for _ in range(3):
            assert phone.again().raw == done.raw
        assert gateway.count("request") == 1


def test_many_copies_at_once_are_one_step():
    """copies of one callback that arrive at the same time are one step, and all get the same bytes"""
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        text, replies = phone.text + "*1", []
        threads = [threading.Thread(target=lambda: replies.append(gateway.at_ussd(text, phone.session, phone.number).body))
                   for _ in range(12)]
        turns = gateway.count("turn")
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(replies) == 12 and len(set(replies)) == 1, f"{len(set(replies))} different replies"
        assert gateway.count("turn") == turns + 1


def test_an_answer_with_stars_is_not_split():
    """the answer is what follows the text seen before, so one that holds stars reaches the menu whole"""
    with Gateway() as gateway:
        phone = gateway.phone()
        main = to_main(phone)
        stars = phone.press("**")
        assert stars.open and stars.text != main.text, "no line that says what to type"
        assert phone.press("1").raw != stars.raw, "the answer after stars was not understood"
        rows = [row for row in gateway.export("turns") if "**" in str(row.get("input"))]
        assert rows, "the stars were not kept as they were typed"


def test_an_empty_answer_shows_the_same_page():
    with Gateway() as gateway:
        phone = gateway.phone()
        main = to_main(phone)
        same = read_screen(gateway.at_ussd(phone.text, phone.session, phone.number))
        bare = read_screen(gateway.at_ussd(phone.text + "*", phone.session, phone.number))
        assert same.raw == main.raw
        assert bare.open and main.text.split("\n")[-1] in bare.text, f"another page: {bare.text!r}"


def test_an_unknown_session_is_replayed():
    """cumulative text of a session that was never seen walks the same way, and only its last part has effects"""
    with Gateway() as gateway:
        first = gateway.phone()
        to_main(first)
        first.press("1")
        walked = first.press("1")
        other = gateway.phone()
        other.session, other.text = new_session(), first.text
        assert other.again().text == walked.text, "the replay ended elsewhere"
        before = other.screen.raw
        assert other.again().raw == before, "the replay's repeat differs"
        assert gateway.count("request") == 0


def test_a_replayed_request_is_made_once():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        ask_for_a_call(phone)
        made = gateway.count("request")
        read_screen(gateway.at_ussd(phone.text, new_session(), phone.number))
        assert gateway.count("request") <= made + 1
        assert made == 1


def test_different_sessions_never_mix():
    with Gateway() as gateway:
        one, two = gateway.phone(), gateway.phone()
        to_main(one), to_main(two)
        mixed = [(one.press("1").raw, two.press("2").raw), (one.press("1").raw, two.press("1").raw)]
        for index, first in enumerate("12"):
            alone = gateway.phone()
            to_main(alone)
            assert [alone.press(first).raw, alone.press("1").raw] == [pair[index] for pair in mixed]
        assert mixed[0][0] != mixed[0][1] and mixed[1][0] != mixed[1][1]


def test_an_empty_text_starts_anew_only_after_an_answer():
    """the first callback again is a repeat; after an answer an empty text with the same session id starts anew"""
    with Gateway() as gateway:
        phone = gateway.phone()
        first = phone.dial()
        assert phone.again().raw == first.raw
        assert gateway.count("session") == 1
        phone.press(phone.keys()[0])
        phone.dial(phone.session)
        assert gateway.count("session") == 2


def test_a_drop_is_not_an_end():
    """dialling again offers to continue where it stopped"""
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        stopped = phone.pick("Find services")
        offer = phone.dial()
        assert offer.open and "ontinue" in offer.text, f"no offer: {offer.text!r}"
        assert phone.pick("ontinue").text == stopped.text


def test_an_offer_survives_a_restart():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.pick("Find services")
        gateway.stop()
        gateway.start()
        assert "ontinue" in phone.dial().text


def test_danger_is_two_keys_away():
    """someone in danger sees a number in two keys from the first dial"""
    with Gateway() as gateway:
        phone = gateway.phone()
        phone.dial()
        phone.press(phone.key("English"))
        screen = phone.pick("anger")
        assert re.search(r"\d{3,}", screen.text), f"no number on: {screen.text!r}"


def test_no_text_is_promised_that_cannot_come():
    """where no channel sends texts, or the sender is a token, the page of an office says so instead of promising one"""
    with Gateway(["channels.at-sms.enabled=false", "channels.kannel.enabled=false"]) as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.pick("Find services", "Work", "Skills", "SMS me")
        assert "cannot" in phone.screen.text, phone.screen.text
    with Gateway() as gateway:
        phone = gateway.phone("b7c1f0a9d2e34455b7c1f0a9d2e34455")
        to_main(phone)
        phone.pick("Find services", "Work", "Skills", "SMS me")
        assert "cannot" in phone.screen.text and gateway.count("outbox") == 0, phone.screen.text


def test_bad_input_gets_the_page_again():
    """input that is no option shows the page again with one short line, and the third time offers a call"""
    with Gateway() as gateway:
        phone = gateway.phone()
        main = to_main(phone)
        options = [line for line in main.text.split("\n") if re.match(r"\d+ ", line)]
        again = phone.press("77")
        assert again.open and options[0] in again.text and again.text != main.text
        phone.press("78")
        assert "call" in phone.press("79").text.lower()


def test_forgiving_input():
    with Gateway() as gateway:
        walked = None
        for typed in ("1", "1.", " 1 ", "#1", "১", "١", "１"):
            phone = gateway.phone()
            to_main(phone)
            walked = walked or phone.press("1").text
            if typed != "1":
                assert phone.press(typed).text == walked, f"{typed!r} was not understood as 1"


def test_an_end_notification_closes_the_session():
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.press("1")
        for status in ("Incomplete", "Incomplete"):
            answer = gateway.at_end(phone.session, phone.number, status)
            assert answer.status == 200, f"{answer.status}: {answer.body[:200]}"
        assert gateway.count("session", "ended_at IS NOT NULL") == 1
        bare = gateway.at_end(new_session(), phone.number, "Failed", errorMessage="Timed out")
        assert bare.status == 200, "a notification of an unknown session is acknowledged"


def test_numbers_survive():
    """numbers are found again whatever they lead with, and no two are one"""
    with Gateway() as gateway:
        for number in ("+8801712000001", "+880171200001", "+25471200000"):
            gateway.said.add(number)
            phone = gateway.phone(number)
            to_main(phone)
        assert gateway.count("phone") == 3
        assert gateway.count("phone", "typeof(lookup) = 'blob'") == 3


def test_leading_zeros_and_plus_survive():
    """the number to call back leaves the export as the channel gave it, a plus and leading zeros too"""
    with Gateway(["channels.at-ussd.numbers.country=254"]) as gateway:
        for number, exported in (("+0712000001", "+0712000001"), ("00254712000002", "+254712000002"),
                                 ("0712000003", "+254712000003"), ("071200000312", "071200000312")):
            gateway.said.add(number)
            phone = gateway.phone(number)
            to_main(phone)
            ask_for_a_call(phone)
            assert gateway.export("requests")[-1]["number"] == exported, number


harness.main()
