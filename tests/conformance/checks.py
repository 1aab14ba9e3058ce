"""What every channel is tried with. A check is a function of a Dialect; its first line of documentation is its name."""
import concurrent.futures
import os
import socket
import time

from dialect import leaves, new_id, replaced

GOOD = range(200, 300)
LENGTHS_MAX = 16  # truncations of one request: steps through the lengths, the first and the last ones all; every one of one channel


def moved(dialect, before):
    return tuple(now - then for now, then in zip(dialect.counts(), before))


def taken(dialect, request):
    reply = dialect.send(request)
    assert reply.status in GOOD, f"{reply.status}: {reply.body[:120]!r}"
    return reply


def refused_or_taken(dialect, request, what):
    """Whatever was asked, the reply is one, in time, and not the gateway's own failure."""
    reply = dialect.send(request)
    assert reply.status < 500, f"{what}: {reply.status}"
    return reply


def steps(dialect, call):
    """Two requests of one person, the second one a step further."""
    if dialect.kind == "ussd":
        return call.new(), call.answer("1")
    return call.text("MENU"), call.text("1")


def check_repeats(dialect):
    """the same bytes again get the same reply and move nothing"""
    call = dialect.call()
    for request in steps(dialect, call):
        first = taken(dialect, request)
        counts = dialect.counts()
        for _ in range(2):
            again = taken(dialect, request)
            assert again == first, f"another reply: {again.body[:100]!r}, not {first.body[:100]!r}"
        assert moved(dialect, counts) == (0, 0), "a repeat was counted"


def check_copies(dialect):
    """copies that arrive at once are one step"""
    request, counts = dialect.call().first(), dialect.counts()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: dialect.send(request), range(6)))
    assert len({(reply.status, reply.body) for reply in replies}) == 1, "different replies"
    assert moved(dialect, counts)[0] == 1, f"{moved(dialect, counts)[0]} turns"


def check_late(dialect):
    """an earlier request that comes late moves nothing that has a name"""
    call = dialect.call()
    early, later = steps(dialect, call)
    first = taken(dialect, early)
    taken(dialect, later)
    counts = dialect.counts()
    late = refused_or_taken(dialect, early, "the first request, late")
    if dialect.takes_ids(early):
        assert moved(dialect, counts) == (0, 0), "it was counted again"
        assert late.body == first.body, "another reply"


def check_out_of_order(dialect):
    """what comes before its beginning is answered, and the beginning after it too"""
    call = dialect.call()
    early, later = steps(dialect, call)
    refused_or_taken(dialect, later, "what came too early")
    taken(dialect, early)
    assert dialect.kit.healthy()


def check_two_people(dialect):
    """the same words of two people are two"""
    counts = dialect.counts()
    taken(dialect, dialect.call().first())
    taken(dialect, dialect.call().first())
    assert moved(dialect, counts)[0] == 2, f"{moved(dialect, counts)[0]} turns"


def check_styles(dialect):
    """every encoding and method that the dialect has is understood"""
    tried = 0
    for shape in range(8):
        for method in ("GET", "POST"):
            call = dialect.call()
            words = ("--event", "new") if dialect.kind == "ussd" else ("--text=MENU",)
            request = call.say("--shape", str(shape), "--method", method, *words)
            if request is None:
                return
            if not request.has(call.number[1:]):
                continue  # by this method nothing of it can be said
            counts, reply = dialect.counts(), refused_or_taken(dialect, request, f"shape {shape} by {method}")
            if reply.status in GOOD:
                tried += 1
                assert moved(dialect, counts)[0] == 1, f"shape {shape} by {method} was taken and not kept"
            else:
                assert reply.status in (400, 405), f"shape {shape} by {method}: {reply.status}"
    assert tried > 0, "none was taken"


def check_plus(dialect):
    """a number with its plus, without it, and with a blank for it is one number"""
    call = dialect.call()
    request, digits = call.first(), call.number[1:]
    phones = dialect.kit.phones()
    for shape in (f"%2B{digits}", digits, f"+{digits}", f"%20{digits}"):
        plain = shape.replace("%2B", "+").replace("%20", " ")
        one = request.says(call.number, b"@").says(digits, b"@")
        is_encoded = one.kind() in ("form", "query") and "@" in one.query() + (one.body.decode("latin-1"))
        value = shape if is_encoded else plain
        taken(dialect, one.but(target=one.target.replace("@", value), body=one.body.replace(b"@", value.encode())))
    assert dialect.kit.phones() - phones == 1, f"{dialect.kit.phones() - phones} people"


def lacking(request):
    """The request without each of its facts."""
    if request.kind() == "json":
        whole = request.json()
        for path in leaves(whole):
            if path:
                yield ".".join(map(str, path)), request.with_json(replaced(whole, path, ...))
    elif request.kind() in ("form", "query"):
        pairs = request.pairs()
        for at, (name, _) in enumerate(pairs):
            yield name, request.with_pairs(pairs[:at] + pairs[at + 1:])
    elif request.kind() == "xml":
        for name, begin, end in elements(request.body):
            yield name, request.but(body=request.body[:begin] + request.body[end:])
    yield "all of it", request.with_query("").but(body=b"")


def elements(body):
    """(name, begin, end) of the elements that hold text."""
    import re
    for found in re.finditer(rb"<(\w[\w-]*)(?: [^>]*)?>[^<]*</\1>", body):
        yield found.group(1).decode(), found.start(), found.end()


def check_missing(dialect):
    """each field left out: an answer, and at most one turn"""
    for name, request in lacking(dialect.call().first()):
        counts = dialect.counts()
        refused_or_taken(dialect, request, f"without {name}")
        assert moved(dialect, counts)[0] <= 1, f"without {name} there are {moved(dialect, counts)[0]} turns"


def of_other_types(request):
    if request.kind() == "json":
        whole = request.json()
        for path in leaves(whole):
            for value in (7, True, None, [], {"x": ["y"]}, "", "x" * 3000):
                yield ".".join(map(str, path)), request.with_json(replaced(whole, path, value))
    elif request.kind() == "xml":
        for name, begin, end in elements(request.body):
            for value in (b"", b"<a><b>1</b></a>", b"<![CDATA[x]]>", b"x" * 3000):
                tag = name.encode()
                yield name, request.but(body=request.body[:begin] + b"<" + tag + b">" + value + b"</" + tag + b">"
                                        + request.body[end:])
    else:
        pairs = request.pairs()
        for at, (name, _) in enumerate(pairs):
            for value in ("", "-1", "%7B%22a%22%3A1%7D", "a%0D%0Ab%3A%20c", "x" * 3000):
                yield name, request.with_pairs(pairs[:at] + [(name, value)] + pairs[at + 1:])
            yield name, request.with_pairs(pairs + [(name, "another")])


def check_types(dialect):
    """values of other types, empty, long and repeated: always an answer"""
    for name, request in of_other_types(dialect.call().first()):
        refused_or_taken(dialect, request, f"another type of {name}")
    assert dialect.kit.healthy()


def check_secret(dialect):
    """with a wrong secret, and with none, nothing is taken"""
    call = dialect.call()
    options = ["--from", call.number, "--session", call.session, *(["--event", "new"] if dialect.kind == "ussd" else ["--text=MENU"])]
    wrong = dialect.request(*options, settings=[f"channels.{dialect.name}.secret=0123456789abcdef0123456789abcdef"])
    right, counts = dialect.request(*options), dialect.counts()
    if wrong is None or (wrong.target.partition("?")[0], wrong.headers) == (right.target.partition("?")[0], right.headers) \
            and wrong.kind() == right.kind() and wrong.pairs() == right.pairs():
        return "the channel is known by its network"
    reply = dialect.send(wrong)
    assert reply.status in (401, 403), f"{reply.status} for a wrong secret"
    assert moved(dialect, counts) == (0, 0), "it was kept"
    return None


def check_signature(dialect):
    """a request that was changed after it was signed is not taken"""
    if dialect.name not in dialect.kit.signed:
        return "the channel's requests are not signed"
    call, counts = dialect.call(), dialect.counts()
    request = call.first(message="message-in-the-head")
    other = request.says(call.number[-6:], b"000000")
    other = other.but(headers=[(name, value.replace("in-the-head", "by-somebody")) for name, value in other.headers])
    assert other.bytes() != request.bytes(), "nothing was found to change"
    assert dialect.send(other).status in (401, 403), "it was taken"
    assert moved(dialect, counts) == (0, 0), "it was kept"
    taken(dialect, request)
    return None


def cuts(length):
    step = 1 if os.environ.get("CHANNEL") else max(1, length // LENGTHS_MAX)
    return sorted({*range(0, length, step), *range(max(0, length - 4), length)})


def check_truncations(dialect):
    """cut at any byte: an answer, and never a turn more than for the whole"""
    request = dialect.call().first()
    for length in cuts(len(request.body)):
        refused_or_taken(dialect, request.but(body=request.body[:length]), f"cut at byte {length}")
    query = request.query()
    for length in cuts(len(query)):
        refused_or_taken(dialect, request.with_query(query[:length]), f"query cut at byte {length}")
    assert dialect.kit.healthy()


def check_cut_connection(dialect):
    """a connection that ends within the body leaves nothing behind"""
    request, counts = dialect.call().first(), dialect.counts()
    whole = request.bytes()
    for part in (len(whole) - 1, len(whole) - max(1, len(request.body) // 2)):
        with socket.create_connection(("127.0.0.1", dialect.kit.webhooks), timeout=5) as connection:
            connection.sendall(whole[:part])
    time.sleep(0.05)
    assert moved(dialect, counts) == (0, 0), "it was kept"
    taken(dialect, request)


def check_megabyte(dialect):
    """a body of 1 MB is refused, and nobody waits for it"""
    request, counts = dialect.call().first(), dialect.counts()
    filler = b'{"a":"' + b"x" * 1000000 + b'"}' if request.kind() == "json" else b"a=" + b"x" * 1000000
    huge = request.but(method="POST", body=filler)
    reply = dialect.kit.send_some(huge.head(), huge.body)
    assert reply is None or 400 <= reply.status < 500, f"{reply.status}"
    assert moved(dialect, counts) == (0, 0), "it was kept"
    taken(dialect, request)


def check_slow(dialect):
    """a body that comes in small pieces is read like any other"""
    request, counts = dialect.call().first(), dialect.counts()
    whole = request.bytes()
    third = max(1, len(whole) // 3)
    pieces = [whole[:third], whole[third:2 * third], whole[2 * third:-1], whole[-1:]]
    reply = dialect.kit.send_slowly(pieces, 0.08)
    assert reply.status in GOOD, f"{reply.status}"
    assert moved(dialect, counts)[0] == 1


def check_bytes(dialect):
    """text in no character set is kept or refused, never lost in an error"""
    call = dialect.call()
    request = call.answer("1", "bytes-here") if dialect.kind == "ussd" else call.text("bytes-here")
    for junk in (b"%FF%FE", b"\xff\xfe", b"%C3%28", b"\xed\xa0\x80", b"%00", b"\x00"):
        one = request.says("bytes-here", junk)
        if b"\0" in one.target.encode("latin-1") or any(byte > 126 for byte in one.target.encode("latin-1")):
            continue  # no request line of HTTP
        refused_or_taken(dialect, one, f"the bytes {junk!r}")
    assert dialect.kit.healthy()


def check_unknown_session(dialect):
    """a session that nobody saw begin is answered, and one that ends is no turn"""
    call = dialect.call()
    if dialect.kind == "ussd":
        counts, answer = dialect.counts(), call.answer("1")
        dialect.send(answer)
        if answer.has(call.number[1:]):  # some dialects name the caller only once, and then nobody can be answered
            assert moved(dialect, counts)[0] >= 1, "nothing was kept of it"
    counts = dialect.counts()
    for event in ("close", "abort", "timeout", "fail", "ask", "notify") if dialect.kind == "ussd" else ():
        request = dialect.call().end(event)
        if request is not None:
            taken(dialect, request)
    for event in ("sent", "delivered", "failed"):
        request = dialect.request("--event", event, "--id", "7" * 12)
        if request is not None:
            taken(dialect, request)
    assert moved(dialect, counts) == (0, 0), "an end or a report was taken for an answer"


def check_ends(dialect):
    """each way of ending a session ends it, once"""
    ends = 0
    for event in ("close", "abort", "timeout", "fail", "notify"):
        call = dialect.call()
        request = call.end(event)
        if request is None:
            continue
        ends += 1
        taken(dialect, call.new())
        counts, opened = dialect.counts(), dialect.kit.open_sessions(dialect.name)
        first = taken(dialect, request)
        assert taken(dialect, request).body == first.body, f"{event}: another reply to the same"
        assert moved(dialect, counts) == (0, 0), f"{event} was taken for an answer"
        assert dialect.kit.open_sessions(dialect.name) == opened - 1, f"after {event} the session is still open"
    return None if ends else "the dialect has no word for an end"


def check_distinct_texts(dialect):
    """two texts with names of their own are two, whatever they say"""
    call = dialect.call()
    if not dialect.takes_ids(call.text("MENU")):
        return "the dialect gives texts no name"
    counts = dialect.counts()
    taken(dialect, call.text("MENU", message=new_id("message")))
    taken(dialect, call.text("MENU", message=new_id("message")))
    assert moved(dialect, counts)[0] == 2, f"{moved(dialect, counts)[0]} turns"
    return None


# Those that change a request after it was made: for a signed channel they are done without its signature.
CHANGING = [check_plus, check_missing, check_types, check_truncations, check_bytes]
PLAIN = [check_repeats, check_copies, check_late, check_out_of_order, check_two_people, check_styles, check_secret,
         check_signature, check_cut_connection, check_megabyte, check_slow, check_unknown_session]
OF_USSD = [check_ends]
OF_SMS = [check_distinct_texts]


class Restart:
    """kill -9 in between: the same bytes get the same reply, nothing is doubled, and the next step is another one"""

    def __init__(self, dialect):
        self.dialect = dialect
        call = dialect.call()
        self.first, self.last = steps(dialect, call)
        self.next = call.answer("1", "2") if dialect.kind == "ussd" else call.text("2")

    def begin(self):
        """Until the check no more than repeat_ms may go by, for all channels together: the requests are made before."""
        taken(self.dialect, self.first)
        self.reply, self.counts = taken(self.dialect, self.last), self.dialect.counts()
        return self

    def check(self):
        again = taken(self.dialect, self.last)
        assert again.body == self.reply.body, f"another reply: {again.body[:100]!r}, not {self.reply.body[:100]!r}"
        assert moved(self.dialect, self.counts) == (0, 0), "the repeat was counted"
        taken(self.dialect, self.next)
        assert moved(self.dialect, self.counts)[0] == 1, "the next step was not"
