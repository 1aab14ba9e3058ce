"""SMS texts answered a second: through the gateway, and through Kannel's own smsbox with a page that answers. Both ways the texts
go through the same bearerbox, which spools them to disk."""
import os
import pathlib
import statistics
import tempfile
import threading
import time

import kannel
from gateway import SECRETS, Gateway, free_port
from harness import wait_until

TEXTS = int(os.environ.get("BENCH_TEXTS", "10000"))
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


def rounds(bare):
    """[(through the page, through the gateway) ...], in turns. `bare` serves the page: a context that gives its port."""
    found = []
    for _ in range(ROUNDS):
        with bare() as page:
            by_page = through_page(page)
        found.append((by_page, through_gateway()))
    return found


def middle(found):
    """(texts a second through the page, through the gateway, the median ratio)"""
    pages, ours = zip(*found)
    return statistics.median(pages), statistics.median(ours), statistics.median(each[1] / each[0] for each in found)
