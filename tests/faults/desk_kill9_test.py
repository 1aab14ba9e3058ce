"""kill -9 between an operator's action and its answer: the same form again gets the first answer, and nothing is done twice."""
# timeout: 400
import http.client
import os
import random
import re
import sqlite3
import threading
import time

import desk
import forms
import harness
from gateway import Gateway

ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))
MINUTES = 4


class Sending(threading.Thread):
    """Sends a form as a browser would, and keeps the answer if one comes."""

    def __init__(self, browser, form, typed):
        super().__init__(daemon=True)
        self.answer, self.browser, self.form, self.typed = None, browser, form, typed
        self.start()

    def run(self):
        try:
            self.answer = forms.send(self.browser, self.form, **self.typed)
        except (OSError, http.client.HTTPException):
            pass


def send_and_kill(gateway, browser, form, typed):
    """Kills it as soon as another connection sees that something was committed, or at a random instant."""
    with sqlite3.connect(f"file:{gateway.data}?mode=ro", uri=True) as watch:
        before = watch.execute("PRAGMA data_version").fetchone()
        sending = Sending(browser, form, typed)
        until = time.monotonic() + random.choice([5, 5, random.uniform(0, 0.02)])
        while sending.answer is None and time.monotonic() < until:
            if watch.execute("PRAGMA data_version").fetchone() != before:
                break
        gateway.kill9()
    watch.close()
    sending.join(30)
    return sending.answer


def test_killed_between_commit_and_answer():
    """an action that was committed and not answered is answered when it is sent again, with what was said the first time, and done once"""
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        _, reference = desk.caller_who_asks(gateway)
        link = re.search(rf'<a href="(/requests/\d+)" class="row">{reference}</a>', rina.get("/queue?tab=all").text).group(1)
        forms.submit(rina, forms.read(rina.get(link)).form("/claim"))
        unanswered = lost = rounds = 0
        end = time.monotonic() + MINUTES * 60
        while (rounds < ROUNDS or not unanswered) and time.monotonic() < end:
            rounds += 1
            form = forms.read(rina.get(link)).form("/note")
            typed = {"text": f"round {rounds}"}
            notes, lines = gateway.count("note"), gateway.count("audit")
            answer = send_and_kill(gateway, rina, form, typed)
            gateway.start()
            was_kept = gateway.count("note") - notes
            assert was_kept in (0, 1)
            if answer:
                assert answer.status == 303 and was_kept == 1, f"answered with {answer.status} and not kept"
            else:
                unanswered += was_kept
                lost += 1 - was_kept
            again = forms.send(rina, form, **typed)
            assert again.status == 303, f"round {rounds}: {again.status} {again.text[:300]}"
            assert again.headers["location"] == f"{link}#note"
            kept = gateway.count("note") - notes
            assert kept == 1, f"round {rounds}: the note was kept {kept} times"
            assert gateway.count("audit") > lines, "no line in the audit"
            texts = forms.read(rina.get(link)).source.count(typed["text"] + "<")
            assert texts == 1, f"round {rounds}: the page shows it {texts} times"
        print(f"note: killed {rounds} times; {unanswered} actions were kept without an answer, {lost} were not kept")
        assert unanswered >= 1, "none was killed between its commit and its answer"
        gateway.stop()
        proof = gateway.run("verify", "--audit")
        assert proof.returncode == 0, proof.stdout + proof.stderr


harness.main()
