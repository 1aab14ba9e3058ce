"""Requests and registrations on the real program: what stays of a call that drops, what a report says and what it does not."""
import json

import harness
from gateway import Gateway, Phone

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
