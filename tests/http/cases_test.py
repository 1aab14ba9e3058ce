"""Requests and registrations on the real program: what stays of a call that drops, what a report says and what it does not."""
# timeout: 240
import json
import sqlite3
import time

import harness
from gateway import Gateway, Phone
from infoline import ask_for_a_call, to_main

CHANNELS = ("at-ussd", "at-sms", "kannel")


def case_gateway():
    return Gateway(["dir.menus=tests/dialogues/services", *(f"channels.{name}.service=case" for name in CHANNELS)])


def test_a_call_that_drops_half_way_is_a_request():
    """whoever says "danger" and hangs up is on the list, red; what they answer later joins it"""
    with case_gateway() as gateway:
        phone = Phone(gateway)
        phone.dial()
        phone.pick("Danger", "Call me now")
        (row,) = gateway.export("requests")
        assert (row["urgency"], row["step"], row["answers"]) == ("danger", "made", None), row
        phone.dial()
        phone.pick("Continue", "Yes", "Evening")
        assert phone.screen.text.startswith("We call by "), phone.screen.text
        (row,) = gateway.export("requests")
        assert row["step"] == "changed" and json.loads(row["answers"]) == {"alone": "yes", "when": "evening"}, row


def test_other_hours_are_another_time():
    """whoever changes their hours is told by when they are called now, and the desk is told the same; what waited for them waits no more"""
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        ask_for_a_call(phone)
        assert gateway.stop() == 0
        soon = int(time.time() * 1000) + 60000
        with sqlite3.connect(gateway.data) as data:
            data.execute("UPDATE request SET due_at = ?", (soon,))
            data.execute("INSERT INTO request_desk (request, wait_until, outcome, attempts, came_by, texted) "
                         "SELECT id, ?, 0, 0, 0, 0 FROM request", (soon * 2,))
        data.close()
        gateway.start()
        phone.dial()
        phone.pick("requests", "See or change", "waiting", "Change time", "Evening")
        assert gateway.count("request", f"due_at = {soon}") == 1
        phone.press("1")
        for _ in range(4):
            if phone.screen.open:
                phone.press("1")
        assert "we aim to call by" in phone.screen.text, phone.screen.text
        assert gateway.count("request", f"due_at > {soon} AND attention = 3") == 1
        assert gateway.count("request_desk", "wait_until IS NULL") == 1


def test_a_report_of_registrations():
    """one row each: the cycle that the sealed answer tells of, and not the answer; after a withdrawal the bare row"""
    with case_gateway() as gateway:
        phone = Phone(gateway)
        phone.dial()
        phone.pick("English", "My return", "Oman", "No pay")
        phone.press("9")
        assert "Why: No pay" in phone.screen.text, phone.screen.text
        (row,) = gateway.export("registrations")
        assert (row["cycle"], row["consent_version"], row["language"]) == ("incomplete", "3", "en"), row
        assert json.loads(row["answers"]) == {"country": "oman"} and "unpaid" not in json.dumps(row), row
        phone.pick("Take it back")
        (row,) = gateway.export("registrations")
        assert row["withdrawn_at"] and row["cycle"] is None and json.loads(row["answers"]) == {}, row
        made = gateway.run("verify")
        assert made.returncode == 0, made.stdout + made.stderr


def test_a_service_that_does_not_load():
    """without the service nobody can say what an answer tells: the export says so, with the file"""
    with case_gateway() as gateway:
        made = gateway.run("export", "registrations", "--set", "channels.at-ussd.service=nothing")
        assert made.returncode == 1 and "nothing" in made.stderr, (made.returncode, made.stderr)


harness.main()
