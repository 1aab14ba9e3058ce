"""`helpline demo`: a day of callers and operators in an empty file, through the gateway that runs; nothing of it ever leaves."""
# timeout: 600
import re
import subprocess
import threading
import time

import harness
from fake_at import FakeAt
from gateway import Gateway
from harness import wait_until

WAITING, ASSIGNED, CALLED, CLOSED, CANCELLED = range(5)  # enum request_state
QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN, EXPIRED = range(7)  # enum outbox_state
DANGER, OF_REQUEST, VIEWED = 2, 1, 8  # enum request_urgency, audit_object, audit_action
DAY_MS = 24 * 3600 * 1000


def filled(gateway, *arguments):
    made = gateway.run("demo", *arguments)
    assert made.returncode == 0, made.stderr
    gateway.said.add("+999")  # what all its numbers begin with
    return made.stdout


def rows(gateway, question):
    with gateway.db() as db:
        return [tuple(row) for row in db.execute(question)]


def check_day(gateway, seed):
    """What holds at every hour. Gives in which states requests are, and texts."""
    before = int(time.time() * 1000)
    said = filled(gateway, "--seed", seed)
    sessions = rows(gateway, "SELECT started_at, last_at, kind FROM session")
    assert 100 <= len(sessions) <= 300, len(sessions)
    assert all(before - DAY_MS - 60000 <= began <= last <= before for began, last, _ in sessions)
    assert {kind for _, _, kind in sessions} == {0, 1}, "calls and texts"
    states = dict(rows(gateway, "SELECT state, count(*) FROM request GROUP BY 1"))
    assert 20 <= sum(states.values()) <= 40, states
    assert len(rows(gateway, "SELECT DISTINCT lang FROM turn")) >= 3
    assert rows(gateway, "SELECT count(*) FROM registration") > [(5,)]
    assert rows(gateway, "SELECT count(*) FROM note") > [(2,)] and rows(gateway, "SELECT count(*) FROM attempt") > [(1,)]
    passwords = re.findall(r"^\w+ +([a-z0-9]{16})  ", said, re.M)
    assert len(set(passwords)) == gateway.count("operator") == 6, said
    assert "refused" not in said, said
    fates = dict(rows(gateway, "SELECT state, count(*) FROM outbox GROUP BY 1"))
    reported = dict(rows(gateway, "SELECT state, count(DISTINCT outbox.id) FROM outbox JOIN report ON report.outbox = outbox.id GROUP BY 1"))
    assert reported == {state: fates[state] for state in (DELIVERED, FAILED)}, (reported, fates)
    assert gateway.run("verify").returncode == 0
    assert gateway.run("verify", "--audit").returncode == 0
    gateway.said.update(passwords)
    return set(states), set(fates)


def test_a_day_fills_the_desk():
    """sessions and requests in all states within the last day, operators with passwords, a whole file and a whole audit"""
    states, fates = set(), set()
    for seed in "7", "8":  # who alone does what they do may be calling just now, and is not done: not on both days
        with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
            days_states, days_fates = check_day(gateway, seed)
            states, fates = states | days_states, fates | days_fates
            assert at.sent == []
    assert states >= {WAITING, ASSIGNED, CLOSED, CANCELLED}, states
    assert fates == {DELIVERED, FAILED, UNKNOWN}, fates


def test_the_day_keeps_the_rules_of_the_desk():
    """what somebody left lying was returned when it would have been, and nobody has a danger request that they did nothing with"""
    with Gateway() as gateway:
        filled(gateway, "--seed", "7")
        done = rows(gateway, f"""
            SELECT request.id, audit.at, word.text FROM audit JOIN request ON request.id = audit.about AND audit.object = {OF_REQUEST}
            LEFT JOIN word ON word.id = audit.detail WHERE request.urgency = {DANGER} AND audit.action <> {VIEWED} ORDER BY audit.at""")
        returned = [(request, at) for request, at, what in done if what == "returned"]
        assert returned, "nothing of the day was ever left lying"
        for request, at in returned:
            last = max(before for other, before, what in done if other == request and before < at)
            assert 15 <= (at - last) / 60000 < 17, f"returned after {(at - last) / 60000} minutes"
        held = {row[0] for row in rows(gateway, f"""
            SELECT request FROM request_desk JOIN request ON request.id = request WHERE urgency = {DANGER} AND state = {ASSIGNED}
            AND assignee IS NOT NULL AND coalesce(wait_until, 0) < {int(time.time() * 1000)}""")}
        for request in held:
            assert time.time() - max(at for other, at, _ in done if other == request) / 1000 < 20 * 60, "left lying and not returned"
        fresh = rows(gateway, f"SELECT created_at FROM request WHERE urgency = {DANGER} AND state = {WAITING} ORDER BY 1 DESC")
        assert fresh and time.time() - fresh[0][0] / 1000 < 20 * 60, "nobody is in danger now"


def test_an_empty_file_only():
    """refused where anything is, a demonstration too, and nothing is changed; without a gateway it says so"""
    with Gateway() as gateway:
        gateway.phone().dial()
        refused = gateway.run("demo")
        assert refused.returncode == 1 and "an empty one only" in refused.stderr, refused
        assert "serve --set data.path=" in refused.stderr, "no way out is said"
        assert gateway.count("session") == 1 and gateway.count("operator") == 0
    with Gateway() as gateway:
        filled(gateway)
        before = gateway.count("session")
        again = gateway.run("demo")
        assert again.returncode == 1 and "holds a demonstration already" in again.stderr, again
        assert gateway.count("session") == before
        gateway.stop()
        assert gateway.run("demo").returncode == 7
        assert gateway.run("demo", "--seed", "x").returncode == 2


def test_the_same_seed_is_the_same_day():
    """--seed gives the same callers at the same times again, another one another day"""
    days = []
    for seed in (11, 11, 12):
        with Gateway() as gateway:
            filled(gateway, "--seed", seed)
            days.append({row[0] for row in rows(gateway, "SELECT started_at FROM session")})
    same, other = len(days[0] & days[1]), len(days[0] & days[2])
    assert same > 0.8 * len(days[0]) and other < 0.1 * len(days[0]), (same, other, len(days[0]))


def test_nobody_on_a_phone_waits():
    """whoever dials while the day is laid in is answered in between: the day grows from call to call"""
    with Gateway() as gateway:
        demo = threading.Thread(target=filled, args=(gateway,))
        demo.start()
        wait_until(lambda: gateway.count("session") > 0, 60, "the day to begin")
        calls, sizes = 0, set()
        while demo.is_alive():
            assert gateway.phone().dial().open
            calls += 1
            sizes.add(gateway.count("session") - calls)
        demo.join()
        assert len(sizes) >= 5, f"{calls} calls were answered at {len(sizes)} moments of the day"


def test_no_text_leaves_afterwards():
    """a text to a number of the demonstration counts as delivered and is never handed to anybody, also after kill -9 in the middle"""
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        demo = subprocess.Popen(gateway.command("demo"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: gateway.count("outbox") > 3, 60, "texts")
        gateway.kill9()
        assert demo.wait(60) != 0
        gateway.start()
        gateway.at_sms("HELP", "+99900000017")
        gateway.at_sms("HELP", "+8801799900017")
        at.wait_for(1, 60)
        wait_until(lambda: not gateway.count("outbox", f"state IN ({QUEUED}, {SENDING})"), 60, "the outbox to be empty")
        assert [text["to"] for text in at.sent] == ["+8801799900017"], at.sent
        assert gateway.run("verify").returncode == 0


harness.main()
