"""Kannel with an SMS centre over HTTP: UCS-2 texts as the centre has them, and delivery reports that come late, failed, and twice."""
# timeout: 300
import contextlib
import urllib.parse

import harness
import kannel
from gateway import SECRETS, Gateway, free_port, get, new_number
from harness import wait_until

SENT, DELIVERED, FAILED = 2, 3, 4  # enum outbox_state
ON_THE_WAY, ARRIVED, LOST = 8, 1, 2  # Kannel's values of %d


class Centre:
    """The gateway, Kannel, and the centre behind it."""

    def __init__(self, gateway, box, smsc):
        self.gateway, self.box, self.smsc = gateway, box, smsc

    def text(self, sender, words, unicode=False):
        """A phone texts us: the centre hands it to bearerbox as a sendsms request."""
        self.gateway.said.add(sender)
        fields = {"username": "centre", "password": "centre-password", "from": sender, "to": "2233"}
        if unicode:
            fields.update({"text": words.encode("utf-16-be"), "charset": "UTF-16BE", "coding": "2"})
        else:
            fields.update({"text": words})
        answer = get(self.box.smsc, "/sendsms?" + urllib.parse.urlencode(fields))
        assert answer.status in (200, 202), f"bearerbox took it with {answer.status}: {answer.body[:100]}"

    def wait_for(self, count):
        """The fields of the last of `count` texts that were sent to phones."""
        wait_until(lambda: len(self.smsc.sent) >= count, 60, f"{count} texts at the centre, not {len(self.smsc.sent)}")
        return dict(self.smsc.sent[count - 1])

    def report(self, sent, value):
        """The centre tells what became of a text, at the address that came with it."""
        url = urllib.parse.urlsplit(sent["dlr-url"].replace("%d", str(value)).replace("%T", "1790000000"))
        answer = get(url.port, f"{url.path}?{url.query}")
        assert answer.status == 200 and answer.body == b"", f"a report got {answer.status}: {answer.body[:80]}"

    def states(self):
        connection = self.gateway.db()
        try:
            return [row[0] for row in connection.execute("SELECT state FROM outbox ORDER BY id")]
        finally:
            connection.close()


@contextlib.contextmanager
def network():
    if not kannel.is_installed():
        harness.skip("kannel is not installed")
    sendsms, send = free_port(), free_port()
    gateway = Gateway([f"channels.kannel.with.base_url=http://127.0.0.1:{sendsms}",
                       f"channels.kannel.secrets.password={kannel.PASSWORD}"])
    gateway.more_settings.append(f"listen.public_url=http://127.0.0.1:{gateway.webhooks}")
    smsc = kannel.HttpSmsc(send)
    try:
        with gateway, kannel.Kannel(gateway.folder, gateway.webhooks, SECRETS["kannel"], sendsms=sendsms, centre=send) as box:
            yield Centre(gateway, box, smsc)
    finally:
        smsc.close()


def test_native_script_both_ways():
    """Bangla typed on a phone is understood, and a page in Bangla reaches the centre as UTF-16 that reads the same"""
    with network() as centre:
        number = new_number()
        centre.text(number, "MENU")
        centre.wait_for(1)
        centre.text(number, "বাংলা", unicode=True)
        sent = centre.wait_for(2)
        assert sent.get("coding") == "2", f"not sent as UCS-2: {sent.keys()}"
        page = sent["text"].encode("latin-1").decode("utf-16-be")
        assert any("ঀ" <= letter <= "৿" for letter in page), "no Bangla letter on the page"
        assert centre.gateway.export("turns")[-1]["input"] == "বাংলা"


def test_reports_late_failed_and_repeated():
    """a report decides whenever it comes; `sent` after `delivered` changes nothing, nor does the same one twice"""
    with network() as centre:
        for index in range(3):
            centre.text(new_number(), "MENU")
            centre.wait_for(index + 1)
        first, second, third = (dict(sent) for sent in centre.smsc.sent)
        wait_until(lambda: centre.states() == [SENT] * 3, 60, f"three texts sent, not {centre.states()}")
        centre.report(first, ARRIVED)
        centre.report(first, ON_THE_WAY)
        centre.report(second, ON_THE_WAY)
        centre.report(second, LOST)
        centre.report(second, LOST)
        assert centre.states() == [DELIVERED, FAILED, SENT], centre.states()
        centre.gateway.kill9()
        centre.gateway.start()
        centre.report(third, ARRIVED)  # long after, and after a restart
        centre.report(first, ARRIVED)
        assert centre.states() == [DELIVERED, FAILED, DELIVERED], centre.states()
        assert centre.gateway.count("stray") == 0


harness.main()
