"""What people write, however long and in whatever script, on the pages that show it: texts.mjs, in a real browser."""
# timeout: 900
import os
import sys

import chromium
import desk
from gateway import Gateway
from infoline import ask_for_a_call, to_main

TEXTS = {
    "10,000 letters": ("he keeps my passport and pays nothing " * 300)[:10000],
    "one word": "W" * 500,
    "right to left": "لم يدفع صاحب العمل راتبي منذ أربعة أشهر " * 8,
    "combining marks": "algo ক্ষ্ম্র্য " + "Z\u0335\u0335\u0335\u0335" * 60,
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 60,
}


def main():
    if chromium.is_missing():
        return 1
    with Gateway() as gateway:
        phone, reference = desk.caller_who_asks(gateway)
        to_main(phone)
        ask_for_a_call(phone)  # twice: a search for the number has two rows
        for text in TEXTS.values():
            answer = gateway.at_sms(text, phone.number)
            assert answer.status == 200, answer.status
        return chromium.run("texts.mjs", gateway, {"rina": "supervisor"}, texts=TEXTS, number=phone.number, reference=reference)


code = main()
sys.stdout.flush()
os._exit(code)
