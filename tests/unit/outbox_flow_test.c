/* outbox: channels that fail, rest and are taken over; what is too early, too late or cannot be said. The clock is the test's. */
#include "post.h"

#define BREAKER "breaker = { failures = 3; rest_seconds = 30; };"
#define REST (30 * SECOND)
#define DOWN "HTTP/1.1 503 Down\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
#define TAKEN                                                                                                          \
    {                                                                                                                  \
        SENT, 0, 0, CLOSE                                                                                              \
    }
#define SECOND_CHANNEL(key, more)                                                                                      \
    "  second = { profile = \"africastalking-sms\"; service = \"small\"; code = \"3355\"; auth = \"path\"; secret = "  \
    "\"0123456789abcdef\"; secrets = { api_key = \"" key "\"; };\n"                                                    \
    "with = { base_url = \"http://127.0.0.1:%u\"; username = \"sandbox\"; }; " more " };\n"
#define TAKEN_AS(id)                                                                                                   \
    "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":101,"       \
    "\"messageId\":\"" id "\"}]}}"
#define ROUTES "routes = ( { channels = [ \"sms\", \"second\" ]; } );\n"

/* The stage's own channel with more words, and a second one that sends to the same server. */
static void configure(struct post *p, const char *first, const char *beside)
{
    char channels[2048];
    snprintf(channels, sizeof channels, SECOND_CHANNEL("none", BREAKER), p->server.port);
    stage_configure(&p->stage, first, channels, beside);
    outbox_look_again(p->outbox);
}

static void script(struct post *p, const struct step *steps)
{
    pthread_mutex_lock(&p->server.lock);
    p->server.steps = steps;
    pthread_mutex_unlock(&p->server.lock);
}

static struct outbox_flow flow(struct post *p, const char *channel)
{
    struct outbox_flow out;
    outbox_describe_flow(p->outbox, span_of(channel), p->now, &out);
    return out;
}

static int shown(struct post *p, const char *line)
{
    struct buffer out;
    struct arena *arena = arena_create(METRICS_TEXT_MAX);
    buffer_init(&out, arena, METRICS_TEXT_MAX);
    metrics_write(&p->metrics, p->now, &out);
    assert_false(buffer_failed(&out));
    int found = strstr(arena_text(arena, buffer_span(&out)), line) != NULL;
    arena_destroy(arena);
    return found;
}

static bool has_circuit_line(struct post *p, const char *channel, int open)
{
    char line[96];
    snprintf(line, sizeof line, "helpline_channel_circuit_open{channel=\"%s\"} %d\n", channel, open);
    return shown(p, line);
}

static void settle_all(struct post *p)
{
    while (in_state(p, OUTBOX_SENDING)) {
        await(p);
        pass(p);
    }
}

static int64_t next_at(struct post *p)
{
    return outbox_next_at(p->outbox, p->stage.catalogue, p->stage.f->store, p->now);
}

static const struct step nobody_works[] = {{DOWN, 0, 0, CLOSE}, {DOWN, 0, 0, CLOSE}, {DOWN, 0, 0, CLOSE}, {0}};

/* Three texts that come to nothing, and the circuit is open. */
static void break_circuit(struct post *p)
{
    script(p, nobody_works);
    for (int64_t id = 1; id <= 3; id++)
        queue(p, id);
    pass(p);
    settle_all(p);
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_OPEN);
    assert_int_equal(flow(p, "sms").failures, 3);
    assert_true(has_circuit_line(p, "sms", 1));
}

static void a_channel_that_fails_rests_and_then_one_text_tries(void **state)
{
    struct post *p = *state;
    configure(p, BREAKER, "");
    break_circuit(p);
    for (int64_t id = 11; id <= 14; id++)
        queue(p, id);
    assert_int_equal(next_at(p), p->now); /* a look, and no text */
    assert_int_equal(pass(p), 0);
    assert_int_equal(next_at(p), NOW + REST);

    static const struct step still_down[] = {{DOWN, 0, 0, CLOSE}, {0}};
    script(p, still_down);
    p->now += REST;
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_TRYING);
    assert_int_equal(pass(p), 1);
    assert_int_equal(pass(p), 0);            /* one tries, the others wait for what it finds */
    assert_true(next_at(p) > p->now + REST); /* no time brings that about */
    settle_all(p);
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_OPEN);
    assert_int_equal(pass(p), 0);
    assert_int_equal(next_at(p), p->now + REST);

    static const struct step up_again[] = {TAKEN, TAKEN, TAKEN, TAKEN, {0}};
    script(p, up_again);
    p->now += REST;
    assert_int_equal(pass(p), 1);
    await(p);
    pass(p);
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_CLOSED);
    assert_true(has_circuit_line(p, "sms", 0));
    assert_true(in_state(p, OUTBOX_SENDING) > 1);
    settle_all(p);
}

static void only_failures_in_a_row_count(void **state)
{
    struct post *p = *state;
    static const struct step steps[] = {{DOWN, 0, 0, CLOSE},
                                        {"", 0, 0, RESET},
                                        {REFUSED_ONE, 0, 0, CLOSE},
                                        {BUSY, 0, 0, CLOSE},
                                        {LATER, 0, 0, CLOSE},
                                        {DOWN, 0, 0, CLOSE},
                                        {0}};
    static const unsigned failures[] = {1, 2, 0,
                                        1, 1, 2}; /* a refusal is an answer; a wait that was asked for is neither */
    configure(p, BREAKER, "");
    script(p, steps);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        queue(p, (int64_t)i + 1);
        pass(p);
        settle_all(p);
        assert_int_equal(flow(p, "sms").failures, failures[i]);
        assert_int_equal(flow(p, "sms").circuit, CIRCUIT_CLOSED);
    }
}

/* What a channel cannot send stands in nobody else's way, however much it is. */
static void a_channel_at_rest_starves_no_other(void **state)
{
    struct post *p = *state;
    configure(p, BREAKER, "");
    break_circuit(p);
    for (int64_t id = 101; id <= 180; id++)
        queue(p, id);
    static const struct step steps[] = {TAKEN, {0}};
    script(p, steps);
    p->now += 5;
    queue_on(p, 200, "second");
    pass(p);
    settle_all(p);
    assert_int_equal(column(p, 200, "state"), OUTBOX_SENT);
    assert_int_equal(in_state(p, OUTBOX_QUEUED), 80);
}

static const char *text_column(struct post *p, int64_t id, const char *name)
{
    char query[160];
    snprintf(query, sizeof query, "SELECT %s FROM outbox JOIN word ON word.id = channel WHERE outbox.id = %d", name,
             (int)id);
    return fixture_ask(p->stage.f, query);
}

static void the_next_channel_of_the_route_takes_over(void **state)
{
    struct post *p = *state;
    configure(p, BREAKER, ROUTES);
    break_circuit(p); /* rows 1 to 3: answered with 503, so nobody knows whether they left */
    assert_int_equal(in_state(p, OUTBOX_UNKNOWN), 3);
    queue(p, 11);
    static const struct step steps[] = {TAKEN, {0}};
    script(p, steps);
    assert_int_equal(pass(p), 1); /* it moves */
    assert_string_equal(text_column(p, 11, "word.text"), "second");
    assert_string_equal(text_column(p, 11, "sender"), "3355");
    assert_string_equal(text_column(p, 11, "link"), "");
    assert_int_equal(next_at(p), p->now);
    assert_int_equal(pass(p), 1); /* and leaves */
    settle_all(p);
    assert_int_equal(column(p, 11, "state"), OUTBOX_SENT);
    assert_int_equal(flow(p, "second").circuit, CIRCUIT_CLOSED);
}

/* Only what never left, or provably came to nothing, may be sent by somebody else. */
static void what_may_have_arrived_stays_with_its_channel(void **state)
{
    struct post *p = *state;
    static const struct {
        unsigned attempts;
        enum outbox_reason reason;
        const char *channel;
    } table[] = {{0, REASON_NONE, "second"},
                 {1, REASON_THROTTLED, "second"},
                 {2, REASON_UNREACHABLE, "second"},
                 {1, REASON_UNKNOWN, "sms"}};
    struct fixture *f = p->stage.f;
    configure(p, BREAKER, ROUTES);
    break_circuit(p);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t id = 11 + (int64_t)i;
        struct outbox_row row;
        queue(p, id);
        OK(store_load_outbox(f->store, id, f->arena, &row, &f->err));
        row.attempts = table[i].attempts;
        row.reason = table[i].reason;
        OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &row}}));
    }
    assert_int_equal(pass(p), 3);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(text_column(p, 11 + (int64_t)i, "word.text"), table[i].channel);
    script(p, (const struct step[]){TAKEN, TAKEN, TAKEN, {0}});
    pass(p);
    settle_all(p);
    assert_int_equal(pass(p), 0);
    assert_int_equal(next_at(p), NOW + REST); /* the one that stays does not make the loop turn */
}

static void a_channel_switched_off_hands_over_what_waits(void **state)
{
    struct post *p = *state;
    queue(p, 1);
    configure(p, "enabled = false;", ROUTES);
    static const struct step steps[] = {TAKEN, {0}};
    script(p, steps);
    assert_int_equal(pass(p), 1);
    assert_string_equal(text_column(p, 1, "word.text"), "second");
    pass(p);
    settle_all(p);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
}

/* ---- too early ---- */

static void a_report_before_the_aggregators_id_is_known_waits_for_it(void **state)
{
    struct post *p = *state;
    static const struct {
        const char *id, *answer;
        enum delivery said[2];
        enum outbox_state state;
        enum outbox_reason reason;
    } table[] = {{"a", TAKEN_AS("a"), {DELIVERY_DELIVERED, DELIVERY_NONE}, OUTBOX_DELIVERED, REASON_NONE},
                 {"b", TAKEN_AS("b"), {DELIVERY_DELIVERED, DELIVERY_SENT}, OUTBOX_DELIVERED, REASON_NONE},
                 {"c", TAKEN_AS("c"), {DELIVERY_FAILED, DELIVERY_NONE}, OUTBOX_FAILED, REASON_UNREACHABLE},
                 {"d", TAKEN_AS("d"), {DELIVERY_SENT, DELIVERY_NONE}, OUTBOX_SENT, REASON_NONE}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t id = 1 + (int64_t)i;
        script(p, (const struct step[]){{table[i].answer, 0, 150, CLOSE}, {0}});
        queue(p, id);
        pass(p);
        for (size_t k = 0; k < 2 && table[i].said[k]; k++) {
            const struct inbound report = report_of(table[i].id, table[i].said[k]);
            pass_with(p, &report);
        }
        assert_int_equal(column(p, id, "state"), OUTBOX_SENDING);
        await(p);
        pass(p);
        assert_int_equal(column(p, id, "state"), table[i].state);
        assert_int_equal(column(p, id, "reason"), table[i].reason);
        assert_string_equal(fixture_ask(p->stage.f, "SELECT count(*) FROM early_report"), "0");
        char query[96];
        snprintf(query, sizeof query, "SELECT count(*) FROM report WHERE outbox = %d", (int)id);
        assert_string_equal(fixture_ask(p->stage.f, query), "1");
    }
}

/* The answer and the report are on the loop's table together: the answer's id is in no file yet. */
static void a_report_in_the_tick_of_its_answer_finds_it(void **state)
{
    struct post *p = *state;
    script(p, (const struct step[]){TAKEN, {0}});
    queue(p, 1);
    pass(p);
    await(p);
    const struct inbound report = report_of("ATXid_1", DELIVERY_DELIVERED);
    pass_with(p, &report);
    assert_int_equal(column(p, 1, "state"), OUTBOX_DELIVERED);
    assert_string_equal(fixture_ask(p->stage.f, "SELECT count(*) FROM early_report"), "0");
    assert_true(shown(p, "helpline_texts_sent_total 1\n")); /* once */
}

/* ---- tokens ---- */

#define TOKEN_WORDS(more)                                                                                              \
    "token = { method = \"POST\"; url = \"{{with.base_url}}/token\"; body = \"grant_type=client_credentials\"; "       \
    "headers = ( { name = \"Content-Type\"; value = \"application/x-www-form-urlencoded\"; } ); };\n"                  \
    "send = { headers = ( { name = \"Content-Type\"; value = \"application/x-www-form-urlencoded\"; }, { name = "      \
    "\"Authorization\"; value = \"Bearer {{token}}\"; } ); outcomes = ( { status = \"401\"; means = "                  \
    "\"unauthorized\"; }, { status = \"201\"; means = \"sent\"; } ); }; " more
#define TOKEN(name, seconds)                                                                                           \
    {                                                                                                                  \
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"access_token\":\"" name "\",\"expires_in\":" seconds "}", 0,   \
            0, CLOSE                                                                                                   \
    }
#define NO_TOKEN                                                                                                       \
    {                                                                                                                  \
        "HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 0, 0, CLOSE                               \
    }
#define DENIED                                                                                                         \
    {                                                                                                                  \
        "HTTP/1.1 401 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 0, 0, CLOSE                               \
    }

static bool last_request_has(struct post *p, const char *words)
{
    pthread_mutex_lock(&p->server.lock);
    bool has = strstr(p->server.last, words) != NULL;
    pthread_mutex_unlock(&p->server.lock);
    return has;
}

/* Passes, with what is on its way awaited in between, until nothing moves by itself. */
static void run(struct post *p, int requests)
{
    int before = atomic_load(&p->server.requests);
    pass(p);
    for (int i = 0; i < 20 && atomic_load(&p->server.requests) < before + requests; i++) {
        if (next_at(p) != p->now)
            await(p);
        pass(p);
    }
    settle_all(p);
    assert_int_equal(atomic_load(&p->server.requests), before + requests);
}

static void a_token_is_asked_for_once_and_kept_until_shortly_before_its_end(void **state)
{
    struct post *p = *state;
    configure(p, TOKEN_WORDS(""), "");
    script(p, (const struct step[]){TOKEN("first", "1000"), TAKEN, TAKEN, TOKEN("second", "1000"), TAKEN, {0}});
    queue(p, 1);
    run(p, 2);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
    assert_int_equal(column(p, 1, "attempts"), 1);
    assert_true(last_request_has(p, "Authorization: Bearer first\r\n"));
    p->now += 900 * SECOND; /* a minute before its end is soon enough to ask, a tenth of a life is what it takes here */
    queue(p, 2);
    run(p, 1);
    assert_true(last_request_has(p, "Authorization: Bearer first\r\n"));
    p->now += 60 * SECOND;
    queue(p, 3);
    run(p, 2);
    assert_true(last_request_has(p, "Authorization: Bearer second\r\n"));
    assert_int_equal(in_state(p, OUTBOX_SENT), 3);
}

static void a_token_that_is_refused_is_renewed_and_the_text_goes_again(void **state)
{
    struct post *p = *state;
    configure(p, TOKEN_WORDS(""), "");
    script(p, (const struct step[]){TOKEN("old", "3600"), DENIED, TOKEN("new", "3600"), TAKEN, {0}});
    queue(p, 1);
    run(p, 4);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
    assert_int_equal(column(p, 1, "attempts"), 2);
    assert_true(last_request_has(p, "Authorization: Bearer new\r\n"));
    assert_int_equal(flow(p, "sms").failures, 0);
}

static void who_refuses_every_token_is_not_asked_without_end(void **state)
{
    struct post *p = *state;
    configure(p, TOKEN_WORDS(BREAKER), "");
    script(p, (const struct step[]){TOKEN("a", "3600"), DENIED, TOKEN("b", "3600"), DENIED, {0}});
    queue(p, 1);
    run(p, 4);
    assert_int_equal(column(p, 1, "state"), OUTBOX_QUEUED);
    pass(p);
    assert_true(next_at(p) >= p->now + SECOND);
    assert_int_equal(flow(p, "sms").failures, 1);
}

static void no_token_lets_texts_wait_and_opens_the_circuit(void **state)
{
    struct post *p = *state;
    configure(p, TOKEN_WORDS(BREAKER), "");
    script(p, (const struct step[]){NO_TOKEN, NO_TOKEN, NO_TOKEN, TOKEN("late", "0"), TAKEN, {0}});
    queue(p, 1);
    for (unsigned i = 0; i < 3; i++) {
        pass(p);
        while (flow(p, "sms").failures == i) {
            await(p);
            pass(p);
        }
        assert_int_equal(column(p, 1, "attempts"), 0); /* it was not the text that failed */
        assert_true(next_at(p) >= p->now + SECOND);
        p->now = next_at(p);
    }
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_TRYING); /* `now` is when it has rested */
    run(p, 2);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
    assert_int_equal(flow(p, "sms").circuit, CIRCUIT_CLOSED);
}

/* ---- what cannot be said, and what it costs ---- */

/* A text that cannot stand where its profile puts it. Nothing leaves, nothing waits, and the channel did nothing wrong. */
static void what_cannot_be_said_in_http_has_failed(void **state)
{
    struct post *p = *state;
    struct fixture *f = p->stage.f;
    struct outbox_row row;
    configure(p, "send = { headers = ( { name = \"X-Text\"; value = \"{{text}}\"; } ); };", "");
    queue(p, 1);
    OK(store_load_outbox(f->store, 1, f->arena, &row, &f->err));
    row.id = 2;
    row.phone = 1;
    row.text = SPAN("a\x7f"
                    "b");
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
    script(p, (const struct step[]){TAKEN, {0}});
    for (int i = 0; i < 4 && in_state(p, OUTBOX_QUEUED) + in_state(p, OUTBOX_SENDING); i++) {
        pass(p);
        if (i == 0)
            await(p);
    }
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
    assert_int_equal(column(p, 2, "state"), OUTBOX_FAILED);
    assert_int_equal(column(p, 2, "reason"), REASON_REJECTED);
    assert_int_equal(flow(p, "sms").in_flight, 0);
    assert_int_equal(flow(p, "sms").failures, 0);
}

/* A sender with less room than the outbox believes: what it has none for leaves later, and has not been tried in vain. */
static void what_the_sender_has_no_room_for_waits(void **state)
{
    struct post *p = *state;
    struct error err;
    const struct sender_config narrow = {1, 1, 500, 700, true};
    outbox_free(p->outbox);
    sender_close(p->sender);
    if (sender_open(&narrow, &p->sender, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    p->outbox = outbox_create(p->sender, 16);
    script(p, (const struct step[]){{SENT, 0, 100, CLOSE}, TAKEN, TAKEN, TAKEN, {0}});
    for (int64_t id = 1; id <= 4; id++)
        queue(p, id);
    assert_int_equal(pass(p), 4);
    pass(p);
    int waiting = in_state(p, OUTBOX_QUEUED);
    assert_true(waiting > 0);
    for (int i = 0; i < 10 && in_state(p, OUTBOX_SENT) < 4; i++) {
        settle_all(p);
        p->now += 3 * SECOND;
        pass(p);
    }
    assert_int_equal(in_state(p, OUTBOX_SENT), 4);
    assert_int_equal(atomic_load(&p->server.requests), 4);
}

static void what_was_taken_over_is_charged_once(void **state)
{
    struct post *p = *state;
    struct fixture *f = p->stage.f;
    configure(p, "cost = { currency = \"KES\"; per_segment = \"0.80\"; };", "");
    script(p, (const struct step[]){TAKEN, {REFUSED_ONE, 0, 0, CLOSE}, {0}});
    queue(p, 1);
    struct outbox_row row;
    OK(store_load_outbox(f->store, 1, f->arena, &row, &f->err));
    row.id = 2;
    row.phone = 1;
    row.segments = 3;
    row.encoding = ENCODING_UCS2;
    pass(p);
    settle_all(p);
    queue(p, 3);
    pass(p);
    settle_all(p);
    assert_int_equal(column(p, 1, "cost"), 800000);
    assert_int_equal(column(p, 3, "cost"), 0);
    script(p, (const struct step[]){TAKEN, {0}});
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
    pass(p);
    settle_all(p);
    assert_int_equal(column(p, 2, "cost"), 2400000);
    const struct inbound report = report_of("ATXid_1", DELIVERY_DELIVERED);
    pass_with(p, &report);
    assert_true(shown(p, "helpline_text_segments_total{channel=\"sms\",encoding=\"gsm7\"} 1\n"));
    assert_true(shown(p, "helpline_text_segments_total{channel=\"sms\",encoding=\"ucs2\"} 3\n"));
    assert_true(shown(p, "helpline_text_cost_total{channel=\"sms\",currency=\"KES\"} 3.200000\n"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_post, close_post)

/* STOP came between queueing and leaving. */
static void what_was_refused_meanwhile_does_not_leave(void **state)
{
    struct post *p = *state;
    struct fixture *f = p->stage.f;
    struct phone_row phone = a_phone(f, 101, "+8801700000001");
    struct outbox_row row = {.id = 1,
                             .phone = 101,
                             .channel = SPAN("sms"),
                             .to = SPAN("+8801700000001"),
                             .text = SPAN("hello"),
                             .created_at = p->now,
                             .due_at = p->now,
                             .changed_at = p->now,
                             .expires_at = p->now + HOUR,
                             .segments = 1,
                             .unasked = true};
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
    phone.opted_out = true;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    pass(p);
    assert_int_equal(in_state(p, OUTBOX_SENDING), 0);
    OK(store_load_outbox(f->store, 1, f->arena, &row, &f->err));
    assert_int_equal(row.state, OUTBOX_FAILED);
    assert_int_equal(row.reason, REASON_REFUSED);
    assert_int_equal(row.attempts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_channel_that_fails_rests_and_then_one_text_tries),
        CASE(only_failures_in_a_row_count),
        CASE(a_channel_at_rest_starves_no_other),
        CASE(the_next_channel_of_the_route_takes_over),
        CASE(what_may_have_arrived_stays_with_its_channel),
        CASE(a_channel_switched_off_hands_over_what_waits),
        CASE(a_report_before_the_aggregators_id_is_known_waits_for_it),
        CASE(a_report_in_the_tick_of_its_answer_finds_it),
        CASE(a_token_is_asked_for_once_and_kept_until_shortly_before_its_end),
        CASE(a_token_that_is_refused_is_renewed_and_the_text_goes_again),
        CASE(who_refuses_every_token_is_not_asked_without_end),
        CASE(no_token_lets_texts_wait_and_opens_the_circuit),
        CASE(what_cannot_be_said_in_http_has_failed),
        CASE(what_the_sender_has_no_room_for_waits),
        CASE(what_was_taken_over_is_charged_once),
        CASE(what_was_refused_meanwhile_does_not_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
