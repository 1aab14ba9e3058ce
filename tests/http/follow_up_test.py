"""Follow-ups on the real program: the timer, the text that leaves by itself, the answer that comes back, and who gets none."""
# timeout: 240
import pathlib
import re
import shutil
import sqlite3
import tempfile

import harness
from fake_at import FakeAt
from gateway import ROOT, Gateway, Phone
from harness import wait_until

WAITING, ASKED, ANSWERED, STOPPED = range(4)  # enum follow_up_state
MILD = ["3", "1", "1", "1", "1", "1", "4", "9", "1", "3", "9", "9"]  # registers, each question's first or shortest answer


def at_any_hour(folder):
    """The services, with nights as polite as days: the test runs when it runs."""
    menus = pathlib.Path(folder) / "menus"
    shutil.copytree(ROOT / "menus", menus)
    conf = menus / "infoline" / "service.conf"
    text, changed = re.subn(r"polite = \{[^}]*\}", 'polite = { from = "00:00"; to = "24:00"; }', conf.read_text())
    assert changed == 1
    conf.write_text(text)
    return menus


def registered(gateway, agrees):
    phone = Phone(gateway)
    phone.dial()
    phone.press("1")
    for key in MILD:
        if re.search(r"1, 3, 6", phone.screen.text):
            break
        phone.press(key)
    phone.press("1" if agrees else "2")
    while phone.screen.open and not re.search(r"Ref", phone.screen.text):
        phone.press("2")  # no PIN
    return phone


def rows(gateway, question):
    with sqlite3.connect(f"file:{gateway.data}?mode=ro", uri=True) as db:
        return [row[0] for row in db.execute(question)]


def make_due(gateway):
    """A month goes by: the times in the file, while nobody writes it."""
    gateway.stop()
    with sqlite3.connect(gateway.data) as db:
        db.execute("UPDATE follow_up SET due_at = 1000 * strftime('%s') - 60000 WHERE month = 1")
        db.execute("UPDATE phone SET last_at = last_at - 24 * 3600000")  # who spoke to us just now is not interrupted
    gateway.start()


def test_the_text_leaves_by_itself():
    """a month later one text leaves to who agreed, once, also after kill -9, and the answer to it is taken as one"""
    with tempfile.TemporaryDirectory() as folder, FakeAt() as at:
        with Gateway([f"dir.menus={at_any_hour(folder)}", f"channels.at-sms.send.url={at.url}"]) as gateway:
            phone, other = registered(gateway, True), registered(gateway, False)
            assert sorted(rows(gateway, "SELECT month FROM follow_up")) == [1, 3, 6, 12]
            make_due(gateway)
            at.wait_for(1)
            assert at.sent[0]["to"] == phone.number and not re.search(r"return|abroad|work", at.sent[0]["message"]), at.sent
            wait_until(lambda: rows(gateway, "SELECT state FROM follow_up WHERE month = 1") == [ASKED], 20, "asked")
            gateway.kill9()
            gateway.start()
            assert rows(gateway, "SELECT count(*) FROM session WHERE kind = 1") == [1]
            gateway.at_sms("1", phone.number)
            at.wait_for(2)
            assert "money" in at.sent[1]["message"], at.sent[1]["message"]
            assert other.number not in [text["to"] for text in at.sent]


def test_stop_is_heard():
    """whoever said STOP meanwhile is asked nothing"""
    with tempfile.TemporaryDirectory() as folder, FakeAt() as at:
        with Gateway([f"dir.menus={at_any_hour(folder)}", f"channels.at-sms.send.url={at.url}"]) as gateway:
            phone = registered(gateway, True)
            gateway.at_sms("STOP", phone.number)
            at.wait_for(1)
            make_due(gateway)
            wait_until(lambda: rows(gateway, "SELECT state FROM follow_up WHERE month = 1") != [WAITING], 20, "a decision")
            assert rows(gateway, "SELECT state FROM follow_up WHERE month = 1") == [STOPPED]
            assert len(at.sent) == 1


harness.main()
