"""20,000 texts both ways through a real Kannel while the gateway is killed five times: none is lost, none is answered twice."""
# timeout: 1200
import os
import threading
import time

import harness
import kannel
from gateway import SECRETS, Gateway, free_port
from harness import wait_until

TEXTS = int(os.environ.get("KANNEL_TEXTS", "20000"))
KILLS = 5
AHEAD = 1000  # texts on their way; while the gateway is away smsbox asks for all of them at once, a connection for each
QUEUED, SENDING, FAILED, UNKNOWN = 0, 1, 4, 5  # enum outbox_state


def one_number(gateway, statement):
    connection = gateway.db()
    try:
        return connection.execute(statement).fetchone()[0]
    finally:
        connection.close()


def send_all(gateway, network, numbers):
    for index, number in enumerate(numbers):
        if index % 100 == 0:
            wait_until(lambda sent=index: gateway.count("turn") > sent - AHEAD, 600, "texts to be stored before more are sent")
        network.text(number, "2233", "MENU")


def kill_in_between(gateway, centre):
    """Kills and starts the gateway each time that another sixth of the texts has come in."""
    for kill in range(1, KILLS + 1):
        wait_until(lambda kill=kill: centre.tend() and gateway.count("turn") >= TEXTS * kill // (KILLS + 1), 300, f"kill {kill}")
        gateway.kill9()
        time.sleep(0.3)  # Kannel finds nobody there, and has to come again
        gateway.start()


def settled(gateway):
    return gateway.count("outbox", f"state IN ({QUEUED}, {SENDING})") == 0


def test_texts_survive_kills():
    """every text is stored once with one answer; every answer arrived once or stands as unknown"""
    if not kannel.is_installed():
        harness.skip("kannel and kannel-extras are not installed")
    port = free_port()
    gateway = Gateway([f"channels.kannel.with.base_url=http://127.0.0.1:{port}",
                       f"channels.kannel.secrets.password={kannel.PASSWORD}",
                       "channels.kannel.sends_per_second=1000", "channels.kannel.sends_in_flight=100"])
    gateway.more_settings.append(f"listen.public_url=http://127.0.0.1:{gateway.webhooks}")
    numbers = [f"+88017{index:08d}" for index in range(TEXTS)]
    with gateway, kannel.Kannel(gateway.folder, gateway.webhooks, SECRETS["kannel"], sendsms=port) as centre:
        network = kannel.Network(centre.smsc)
        started = time.monotonic()
        sender = threading.Thread(target=send_all, args=(gateway, network, numbers), daemon=True)
        sender.start()
        kill_in_between(gateway, centre)
        sender.join(300)
        wait_until(lambda: centre.tend() and gateway.count("turn") >= TEXTS, 300,
                   lambda: f"all texts to be stored: {gateway.count('turn')} are; smsbox was started again {centre.restarts} times")
        wait_until(lambda: centre.tend() and settled(gateway), 300, "every answer to be sent or given up")
        took = time.monotonic() - started
        wait_until(lambda: sum(network.arrived.values()) + gateway.count("outbox", f"state = {UNKNOWN}") >= TEXTS, 60,
                   lambda: f"the answers to arrive: {sum(network.arrived.values())} did")
        assert gateway.count("turn") == TEXTS, "a text was stored twice"
        assert one_number(gateway, "SELECT count(DISTINCT phone) FROM session") == TEXTS, "a text has no session"
        assert gateway.count("outbox") == TEXTS, "not one answer a text"
        assert one_number(gateway, "SELECT count(DISTINCT phone) FROM outbox") == TEXTS, "an answer is doubled"
        unknown = gateway.count("outbox", f"state = {UNKNOWN}")
        missing = sum(number not in network.arrived for number in numbers)
        doubled = [number for number, count in network.arrived.items() if count > 1]
        assert gateway.count("outbox", f"state = {FAILED}") == 0, "an answer failed"
        assert not doubled, f"{len(doubled)} people got two answers"
        assert missing <= unknown, f"{missing} answers did not arrive and only {unknown} stand as unknown"
        network.close()
        print(f"note: {TEXTS} texts both ways in {took:.0f} s with {KILLS} kills; {missing} answers did not arrive, "
              f"{unknown} stand as unknown; smsbox was started again {centre.restarts} times")


harness.main()
