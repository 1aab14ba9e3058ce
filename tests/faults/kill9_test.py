"""kill -9 at random instants under load: every answered step is found again, none is doubled, the rest can be sent again."""
# timeout: 1200
import os
import random
import time

import harness
from gateway import Gateway
from load import Callers

ROUNDS = int(os.environ.get("KILL_ROUNDS", "200"))
MINUTES = float(os.environ.get("SOAK_MINUTES", "60")) / 4 if os.environ.get("SOAK") else 15


def test_killed_at_random_instants():
    """answered steps survive kill -9 at random instants under load"""
    with Gateway() as gateway:
        steps = rounds = 0
        end = time.monotonic() + MINUTES * 60
        while time.monotonic() < end and (rounds < ROUNDS or os.environ.get("SOAK")):
            rounds += 1
            callers = Callers(gateway.webhooks, gateway.path("at-ussd"))
            time.sleep(random.uniform(0.01, 0.15))
            gateway.kill9()
            callers.stop()
            gateway.start()
            assert not callers.odd, f"refused: {callers.odd[:3]}"
            callers.check_kept()
            steps += callers.answered()
            kept = gateway.count("turn")
            assert kept == steps, f"round {rounds}: {kept} turns on disk for {steps} steps answered"
        assert gateway.run("verify").returncode == 0
        assert steps > rounds, f"only {steps} steps in {rounds} rounds: no load"
        print(f"note: killed {rounds} times, {steps} answered steps found again")
        assert rounds >= 200 or "KILL_ROUNDS" in os.environ, f"only {rounds} rounds in {MINUTES} minutes"


harness.main()
