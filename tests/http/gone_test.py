"""Somebody is forgotten, and the rest goes by its age: nothing is left of it in the file, while the gateway runs and after it."""
# timeout: 240
import re
import sqlite3

import harness
from gateway import Gateway, stands_in
from harness import wait_until
from infoline import ask_for_a_call, reference_of, to_main

DAY = 86400000


def someone_asked(gateway):
    phone = gateway.phone()
    to_main(phone)
    ask_for_a_call(phone)
    return phone, reference_of(phone.screen)


def delete_everything(phone):
    phone.dial()
    phone.pick("Settings")
    phone.pick("Delete")
    return phone.press("1")


def test_nothing_is_left_of_who_deletes_everything():
    """`verify --forgotten` finds what is there before, and nothing after, beside the running gateway and without it"""
    with Gateway() as gateway:
        phone, reference = someone_asked(gateway)
        before = gateway.run("verify", "--forgotten", reference)
        assert before.returncode == 1 and "request" in before.stderr, before.stderr
        assert not any(stands_in(written, before.stderr) for written in (reference, reference.replace(" ", "")))
        gone = delete_everything(phone)
        assert "elete" in gone.text, gone.text
        for written in (reference, reference.replace(" ", "")):
            after = gateway.run("verify", "--forgotten", written)
            assert after.returncode == 0, after.stderr
            assert len(after.stdout.strip().split("\n")) == 1, after.stdout
        assert gateway.count("person") == gateway.count("request") == gateway.count("answer") == 0
        assert gateway.count("turn", "shown IS NOT NULL OR sealed IS NOT NULL") == 0
        assert gateway.count("phone", "person IS NOT NULL OR number IS NOT NULL") == 0
        gateway.stop()
        assert gateway.run("verify", "--forgotten", reference).returncode == 0
        assert gateway.run("verify").returncode == 0


def set_pin(phone, pin):
    to_main(phone)
    phone.pick("Settings")
    phone.pick("PIN")
    phone.pick("Set a PIN")
    return phone.press(pin)


def ask_after(gateway, reference, pin=None):
    """From another phone, by reference and PIN."""
    other = gateway.phone()
    to_main(other)
    other.pick("My requests")
    other.pick("Reference")
    other.press(reference)
    return other.press(pin) if pin else other.screen


def test_who_asked_after_them_leaves_no_reference_behind():
    """neither who gave the PIN, nor who gave a wrong one or hung up before; nor who asks once they are gone"""
    with Gateway() as gateway:
        phone, reference = someone_asked(gateway)
        assert "PIN saved" in set_pin(phone, "4711").text, phone.screen.text
        digits = reference.replace(" ", "")
        assert reference in ask_after(gateway, digits, "4711").text
        assert "Not right" in ask_after(gateway, digits, "1111").text
        ask_after(gateway, digits)
        phone.dial()
        phone.pick("Settings")
        phone.pick("Delete")
        phone.press("4711")
        assert "Deleted" in phone.press("1").text, phone.screen.text
        after = gateway.run("verify", "--forgotten", reference)
        assert after.returncode == 0, after.stderr
        assert "Not right" in ask_after(gateway, digits, "4711").text
        after = gateway.run("verify", "--forgotten", reference)
        assert after.returncode == 0, after.stderr
        gateway.stop()
        assert gateway.run("verify").returncode == 0


def test_a_mistyped_reference_is_refused():
    with Gateway() as gateway:
        _, reference = someone_asked(gateway)
        wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
        said = gateway.run("verify", "--forgotten", wrong)
        assert said.returncode == 2 and "mistyped" in said.stderr, said.stderr


def test_who_was_forgotten_stays_so_after_a_crash():
    with Gateway() as gateway:
        phone, reference = someone_asked(gateway)
        delete_everything(phone)
        gateway.kill9()
        gateway.start()
        after = gateway.run("verify", "--forgotten", reference)
        assert after.returncode == 0, after.stderr


def make_older(gateway, days):
    with sqlite3.connect(gateway.data) as db:
        for table, column in (("session", "last_at"), ("phone", "last_at"), ("message", "at")):
            db.execute(f"UPDATE {table} SET {column} = {column} - ?", (days * DAY,))
    db.close()


def test_what_is_old_goes_by_itself():
    """after its days a session only counts: `retention` says so before, the metrics after"""
    with Gateway() as gateway:
        phone = gateway.phone()
        to_main(phone)
        phone.press("1")
        gateway.stop()
        make_older(gateway, 31)
        due = dict(line.split() for line in gateway.run("retention").stdout.strip().split("\n") if len(line.split()) == 2)
        assert due["sessions"] == "1", due
        assert gateway.count("turn", "input IS NOT NULL") > 0
        gateway.start()
        wait_until(lambda: gateway.count("session", "phone IS NOT NULL") == 0, 30)
        wait_until(lambda: gateway.count("phone") == 0, 30)
        assert gateway.count("turn", "input IS NOT NULL") == 0
        assert gateway.count("turn", "node IS NOT NULL") > 0
        assert gateway.metrics()['helpline_retention_rows_total{class="sessions"}'] == 1
        to_main(gateway.phone(phone.number))
        gateway.stop()
        assert gateway.run("verify").returncode == 0


harness.main()
