"""Callers at random: threads that dial and press keys that the screens offer, and remember every answer they got."""
import http.client
import random
import threading
import urllib.parse

from gateway import USSD_CODE, new_number, new_session, post

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}

DELETED = ("Deleted.", "Mucha holo.", "মুছেছি")  # how the page "forgotten" begins in menus/infoline/text/


class Call:
    """One session as a caller saw it: what was answered, by its text, and what was sent without an answer."""

    def __init__(self):
        self.session, self.number = new_session(), new_number()
        self.answers, self.unanswered = {}, None
        self.text, self.over = "", False

    def fields(self, text):
        return urllib.parse.urlencode({"sessionId": self.session, "phoneNumber": self.number, "serviceCode": USSD_CODE,
                                       "networkCode": "47001", "text": text})

    def take(self, text, body):
        """An answer came: remember it, and press something that it offers."""
        self.answers[text], self.unanswered = body, None
        self.over = not body.startswith(b"CON ") or text.count("*") > 9
        lines = body[4:].decode().split("\n")
        keys = [line.split(" ", 1)[0].rstrip(".") for line in lines if line[:1].isdigit()]
        key = random.choice(keys or ["1", "7", "Comilla"])
        self.text = f"{text}*{key}" if text else key


class Callers:
    """Threads that call until they are told to stop or the gateway is gone."""

    def __init__(self, port, path, count=6):
        self.port, self.path, self.calls, self.odd = port, path, [], []
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def work(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self.stopping.is_set():
            call = Call()
            with self.lock:
                self.calls.append(call)
            while not call.over and not self.stopping.is_set():
                call.unanswered = call.text
                try:
                    connection.request("POST", self.path, call.fields(call.text), HEADERS)
                    reply = connection.getresponse()
                    body = reply.read()
                except (OSError, http.client.HTTPException):
                    return
                if reply.status != 200:
                    with self.lock:
                        self.odd.append((reply.status, body[:80]))
                    return
                call.take(call.text, body)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def answered(self):
        return sum(len(call.answers) for call in self.calls)

    def send_again(self, call, text):
        return post(self.port, self.path, call.fields(text))

    def check_kept(self):
        """Every answer is given again byte for byte, and what was left without one is answered now."""
        for call in self.calls:
            # An empty text starts a session anew once an answer was given, also one that we saw no reply to: no repeat then.
            again_from = [text for text in call.answers if text or (len(call.answers) == 1 and call.unanswered is None)]
            if call.unanswered is not None:
                text = call.unanswered
                again = self.send_again(call, text)
                assert again.status == 200, f"{again.status} for a step that had no answer"
                call.take(text, again.body)
                again_from.append(text)
            if again_from and call.answers[again_from[-1]].decode().split(" ", 1)[-1].startswith(DELETED):
                again_from = again_from[-1:]  # all but the answer that says so was forgotten
            for text in {random.choice(again_from), again_from[-1]} if again_from else ():
                again = self.send_again(call, text)
                assert again.body == call.answers[text], \
                    f"step {text!r} was answered {call.answers[text]!r} and is now {again.body!r}"
