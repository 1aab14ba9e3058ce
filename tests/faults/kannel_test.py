"""A conversation by SMS through a real Kannel: bearerbox, smsbox and its fake phone network."""
# timeout: 300
import contextlib

import harness
import kannel
from gateway import SECRETS, Gateway, free_port, new_number
from harness import wait_until

DELIVERED = 3  # enum outbox_state


@contextlib.contextmanager
def network():
    """A gateway and a Kannel that know each other."""
    if not kannel.is_installed():
        harness.skip("kannel and kannel-extras are not installed")
    port = free_port()
    gateway = Gateway([f"channels.kannel.with.base_url=http://127.0.0.1:{port}",
                       f"channels.kannel.secrets.password={kannel.PASSWORD}"])
    gateway.more_settings.append(f"listen.public_url=http://127.0.0.1:{gateway.webhooks}")
    with gateway, kannel.Kannel(gateway.folder, gateway.webhooks, SECRETS["kannel"], sendsms=port) as phones:
        yield gateway, phones


def test_a_conversation_goes_there_and_back():
    """a phone texts, gets the menu, answers, and both answers are reported as delivered"""
    with network() as (gateway, phones):
        number = new_number()
        gateway.said.add(number)
        phones.text(number, "2233", "MENU")
        sender, to, menu = phones.wait_for(1)[0]
        assert (sender, to) == ("2233", number), (sender, to)
        assert "1 " in menu, f"no menu: {menu!r}"
        phones.text(number, "2233", "1")
        answer = phones.wait_for(2)[1][2]
        assert answer != menu
        wait_until(lambda: gateway.count("outbox", f"state = {DELIVERED}") == 2, 60, "two delivery reports")
        assert gateway.count("turn") == 2
        assert len(phones.received()) == 2, "a body of ours was texted as well"


def test_text_outside_the_alphabet_arrives():
    """Bangla digits, which Kannel passes on as UTF-16, are understood"""
    with network() as (gateway, phones):
        number = new_number()
        phones.text(number, "2233", "MENU")
        menu = phones.wait_for(1)[0][2]
        phones.text(number, "2233", "১", "ucs2")
        assert phones.wait_for(2)[1][2] != menu
        assert [row["input"] for row in gateway.export("turns")][-1] in ("১", "1")


harness.main()
