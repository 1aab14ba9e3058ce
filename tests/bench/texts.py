"""SMS texts answered a second: through the gateway, and through Kannel's own smsbox with a page that answers. All ways the texts
go through the same bearerbox, which spools them to disk. The gateway asks for delivery reports, two a text here, and each is one
more file in that spool and one more request of smsbox: so the page that it is compared with asks for the same ones."""
import os
import pathlib
import statistics
import tempfile
import threading
import time

import kannel
from gateway import SECRETS, Gateway, free_port
from harness import wait_until

TEXTS = int(os.environ.get("BENCH_TEXTS", "5000"))
ROUNDS = 3


def answered_a_second(centre):
    """From the first text that leaves a phone to the last answer that reaches one."""
    network = kannel.Network(centre.smsc)
    numbers = [f"+88017{index:08d}" for index in range(TEXTS)]
    started = time.monotonic()
    sender = threading.Thread(target=lambda: [network.text(number, "2233", "MENU") for number in numbers], daemon=True)
    sender.start()
    wait_until(lambda: len(network.arrived) >= TEXTS, 300, "the answers")
    took = time.monotonic() - started
    sender.join()
    assert max(network.arrived.values()) == 1, "an answer came twice"
    network.close()
    return TEXTS / took


def through_page(page):
    """Kannel alone: smsbox asks a page that says the same to everybody, and texts its words."""
    with tempfile.TemporaryDirectory() as folder, \
            kannel.Kannel(pathlib.Path(folder), page, "", service=kannel.PAGE, store="spool") as centre:
        return answered_a_second(centre)


def through_gateway():
    """smsbox asks the gateway, which keeps each step and sends the menu by sendsms."""
    port = free_port()
    gateway = Gateway([f"channels.kannel.with.base_url=http://127.0.0.1:{port}",
                       f"channels.kannel.secrets.password={kannel.PASSWORD}",
                       "channels.kannel.sends_per_second=1000", "channels.kannel.sends_in_flight=100"])
    with gateway, kannel.Kannel(gateway.folder, gateway.webhooks, SECRETS["kannel"], sendsms=port, store="spool") as centre:
        rate = answered_a_second(centre)
        assert gateway.count("turn") == TEXTS, "not every text is on disk"
        return rate


def round_of(bare):
    """(through a page without delivery reports, a page with them, the gateway). `bare` serves a page: a context that gives its port."""
    with bare() as page:
        without = through_page(page)
    with bare("--reports") as page:
        reported = through_page(page)
    return without, reported, through_gateway()


def measure(bare):
    """The three of round_of(), and the gateway's share of the page with reports: medians of rounds in turns."""
    found = [round_of(bare) for _ in range(ROUNDS)]
    return *map(statistics.median, zip(*found)), statistics.median(ours / reported for _, reported, ours in found)
