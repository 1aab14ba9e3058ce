"""A name server that never answers: texts wait, calls do not notice."""
# timeout: 300
import os
import time

import harness
import silent_net
from gateway import Gateway, new_number

HANGS_FOR = 30  # seconds that the resolver waits, as many as it can be told


def test_a_name_server_that_hangs():
    """calls are answered at once while a look-up hangs, the text is kept to be sent again, and a stop is not held up"""
    if os.geteuid() != 0:
        harness.skip("a network of one's own needs root")
    silent = silent_net.enter()
    slow = {"RES_OPTIONS": f"timeout:{HANGS_FOR} attempts:1"}
    gateway = Gateway(["channels.at-sms.with.base_url=https://texts.helpline-test.example", "limits.drain_seconds=1"], env=slow)
    with gateway:
        assert gateway.at_sms("MENU", new_number()).status == 200
        silent.settimeout(60)
        silent.recv(4096)  # the look-up has begun
        slowest = 0.0
        for _ in range(60):
            started = time.monotonic()
            gateway.phone().dial()
            slowest = max(slowest, time.monotonic() - started)
            time.sleep(0.05)
        assert slowest < HANGS_FOR / 2, f"a call took {slowest:.2f} s: it waited for the look-up"
        states = [row["state"] for row in gateway.db().execute("SELECT state FROM outbox")]
        assert states in ([0], [1]), f"outbox states {states}: neither waiting nor under way"
        gateway.stop(seconds=HANGS_FOR)
    silent.close()


harness.main()
