"""What a browser's test asks of the world outside of it, by GET: somebody calls, the gateway stops, an operator is disabled.

    with Hand(gateway) as hand:
        ... plan["hand"] = hand.url        # await hand("call"), hand("disable/rina")
"""
import sqlite3

import desk
import infoline
from fake_api import FakeApi

REVEALED = 10  # enum audit_action


class Hand(FakeApi):
    def __init__(self, gateway):
        super().__init__()
        self.gateway = gateway
        self.writer = None

    def answer(self, asked):
        verb, _, name = asked.path[1:].partition("/")
        return 200, getattr(self, "do_" + verb)(*([name] if name else [])) or ""

    def do_call(self):
        """Somebody asks to be called: their reference."""
        return desk.caller_who_asks(self.gateway)[1]

    def do_danger(self):
        """Somebody presses the key of danger, and that they are to be called at once."""
        phone = self.gateway.phone()
        infoline.to_main(phone)
        phone.pick("Danger now", "Call me right now")

    def do_stop(self):
        assert self.gateway.stop() == 0

    def do_start(self):
        self.gateway.start()

    def do_hold(self):
        """Somebody else writes into the data file: nothing can be saved until they let go of it."""
        self.writer = sqlite3.connect(self.gateway.data, check_same_thread=False, isolation_level=None)
        self.writer.execute("BEGIN IMMEDIATE")

    def do_release(self):
        self.writer.close()

    def do_idle(self, name):
        """A quarter of an hour in which this operator did nothing."""
        self.do_stop()
        with sqlite3.connect(self.gateway.data) as data:
            data.execute("UPDATE sign_in SET seen_at = seen_at - 16 * 60000"
                         " WHERE operator = (SELECT id FROM operator WHERE name = ?)", (name,))
        data.close()
        self.do_start()

    def do_revealed(self):
        """How often a number was shown."""
        return str(self.gateway.count("audit", f"action = {REVEALED}"))

    def do_disable(self, name):
        assert self.gateway.run("user", "disable", name).returncode == 0
