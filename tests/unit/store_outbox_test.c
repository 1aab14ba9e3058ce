/* Texts to send: fair, in order, never backwards. */
#include "store_fixture.h"
#include "store/sqlite/writer.h"

static struct outbox_row a_text(int64_t id, int64_t phone, int64_t due_at)
{
    return (struct outbox_row){.id = id,
                               .phone = phone,
                               .session = 1001,
                               .channel = SPAN("kannel"),
                               .to = SPAN("+8801712345678"),
                               .from = SPAN("16263"),
                               .text = SPAN("hidden text"),
                               .created_at = NOW,
                               .due_at = due_at,
                               .changed_at = NOW,
                               .expires_at = NOW + 1000000,
                               .segments = 2,
                               .encoding = ENCODING_UCS2,
                               .link = SPAN("03090445")};
}

static void queue(struct fixture *f, int64_t id, int64_t phone, int64_t due_at)
{
    const struct outbox_row row = a_text(id, phone, due_at);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
}

static enum outcome set_state(struct fixture *f, int64_t id, enum outbox_state to, struct span vendor_id)
{
    struct outbox_row row = a_text(id, 1, NOW);
    row.state = to;
    row.attempts = 1;
    row.vendor_id = vendor_id;
    return SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &row}});
}

static enum outbox_state state_of(struct fixture *f, int64_t id)
{
    struct outbox_row row;
    OK(store_load_outbox(f->store, id, f->arena, &row, &f->err));
    return row.state;
}

static void two_phones(struct fixture *f)
{
    fixture_someone(f);
    const struct phone_row other = a_phone(f, 2, "+8801812345678");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}}));
}

static enum outcome due(struct fixture *f, int64_t now, size_t limit, struct outbox_row **rows, size_t *count)
{
    const struct store_due wanted = {.channel = SPAN("kannel"), .now = now, .limit = limit};
    return store_load_due(f->store, &wanted, f->arena, rows, count, &f->err);
}

static void a_text_comes_back_and_is_sealed(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    struct outbox_row row;
    OK(store_load_outbox(f->store, 5001, f->arena, &row, &f->err));
    assert_span(row.to, "+8801712345678");
    assert_span(row.text, "hidden text");
    assert_span(row.from, "16263");
    assert_span(row.link, "03090445");
    assert_int_equal(row.segments, 2);
    assert_int_equal(row.encoding, ENCODING_UCS2);
    assert_int_equal(row.kind, OUTBOX_TEXT);
    assert_int_equal(row.cost_micros, 0);
    assert_span(row.channel, "kannel");
    row.state = OUTBOX_SENT;
    row.cost_micros = 1600000;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &row}}));
    OK(store_load_outbox(f->store, 5001, f->arena, &row, &f->err));
    assert_int_equal(row.cost_micros, 1600000);
    assert_string_equal(
        fixture_ask(f, "SELECT instr(text, x'68696464656e') + instr(recipient, x'38383031') FROM outbox"), "0");
    OUTCOME(store_load_outbox(f->store, 5002, f->arena, &row, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(set_state(f, 5002, OUTBOX_SENT, SPAN_NONE), OUTCOME_REFUSED);
}

static void one_a_phone_oldest_first(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    for (int64_t i = 0; i < 10; i++) {
        queue(f, 5001 + i, 1, NOW + i);
    }
    queue(f, 5020, 2, NOW + 50);
    queue(f, 5021, 2, NOW + 5000);
    struct outbox_row *rows;
    size_t count;
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, 5001);
    assert_int_equal(rows[1].id, 5020);
    assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), NOW);
    OK(due(f, NOW + 100, 1, &rows, &count));
    assert_int_equal(count, 1);
    OK(due(f, NOW - 1, 16, &rows, &count));
    assert_int_equal(count, 0);

    OK(set_state(f, 5001, OUTBOX_SENDING, SPAN_NONE)); /* the next one to this phone waits for it */
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 5020);
    OK(set_state(f, 5001, OUTBOX_SENT, SPAN("v1")));
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(rows[0].id, 5002);
}

static void what_is_settled_stays(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    static const struct {
        enum outbox_state first, then, last;
    } table[] = {
        {OUTBOX_SENT, OUTBOX_DELIVERED, OUTBOX_DELIVERED},    {OUTBOX_DELIVERED, OUTBOX_SENT, OUTBOX_DELIVERED},
        {OUTBOX_DELIVERED, OUTBOX_FAILED, OUTBOX_DELIVERED},  {OUTBOX_FAILED, OUTBOX_SENT, OUTBOX_FAILED},
        {OUTBOX_EXPIRED, OUTBOX_UNKNOWN, OUTBOX_EXPIRED},     {OUTBOX_FAILED, OUTBOX_DELIVERED, OUTBOX_DELIVERED},
        {OUTBOX_FAILED, OUTBOX_QUEUED, OUTBOX_QUEUED},        {OUTBOX_SENDING, OUTBOX_QUEUED, OUTBOX_QUEUED},
        {OUTBOX_UNKNOWN, OUTBOX_DELIVERED, OUTBOX_DELIVERED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t id = 5001 + (int64_t)i;
        queue(f, id, 1, NOW);
        OK(set_state(f, id, table[i].first, SPAN_NONE));
        OK(set_state(f, id, table[i].then, SPAN("late")));
        assert_int_equal(state_of(f, id), table[i].last);
    }
    struct outbox_row row;
    OK(store_load_outbox(f->store, 5002, f->arena, &row, &f->err));
    assert_span(row.vendor_id, "late"); /* the report was faster than the answer that names the text */
}

static void a_vendors_id_finds_its_text(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    OK(set_state(f, 5001, OUTBOX_SENT, SPAN("ATXid_1")));
    int64_t id = 7;
    OK(store_find_outbox(f->store, SPAN("kannel"), SPAN("ATXid_1"), &id, &f->err));
    assert_int_equal(id, 5001);
    OUTCOME(store_find_outbox(f->store, SPAN("other"), SPAN("ATXid_1"), &id, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(store_find_outbox(f->store, SPAN("kannel"), SPAN("ATXid_2"), &id, &f->err), OUTCOME_NOT_FOUND);
    OK(SAVE({.kind = CHANGE_REPORT, .report = {5001, NOW, DELIVERY_DELIVERED, SPAN_NONE}}));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM report"), "1");
    OUTCOME(SAVE({.kind = CHANGE_REPORT, .report = {5002, NOW, DELIVERY_DELIVERED, SPAN_NONE}}), OUTCOME_REFUSED);
}

static void what_was_being_sent_is_unknown_after_a_crash(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    queue(f, 5002, 2, NOW);
    OK(set_state(f, 5001, OUTBOX_SENDING, SPAN_NONE));
    size_t settled = 7;
    OK(store_settle_sending(f->store, NULL, NOW, &settled, &f->err));
    assert_int_equal(settled, 1);
    assert_int_equal(state_of(f, 5001), OUTBOX_UNKNOWN);
    assert_int_equal(state_of(f, 5002), OUTBOX_QUEUED);
    OK(set_state(f, 5002, OUTBOX_SENDING, SPAN_NONE));
    const char *const idempotent[] = {"never-seen", "kannel", NULL};
    OK(store_settle_sending(f->store, idempotent, NOW, &settled, &f->err));
    assert_int_equal(settled, 1);
    assert_int_equal(state_of(f, 5002), OUTBOX_QUEUED);
    struct store_sizes sizes;
    OK(store_measure(f->store, 0, &sizes, &f->err));
    assert_int_equal(sizes.outbox_oldest_at, NOW);
}

/* ---- whose turn it is ---- */

static struct outbox_row text_on(int64_t id, int64_t phone, const char *channel, int64_t due_at)
{
    struct outbox_row row = a_text(id, phone, due_at);
    row.channel = span_of(channel);
    return row;
}

static void put_row(struct fixture *f, const struct outbox_row *row)
{
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = row}}));
}

static void state_at(struct fixture *f, int64_t id, enum outbox_state to, int64_t at, int64_t due_at)
{
    struct outbox_row row;
    OK(store_load_outbox(f->store, id, f->arena, &row, &f->err));
    row.state = to;
    row.reason = to == OUTBOX_QUEUED ? REASON_UNREACHABLE : REASON_NONE;
    row.attempts += to == OUTBOX_SENDING;
    row.changed_at = at;
    row.due_at = due_at;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &row}}));
}

static void phones(struct fixture *f, int64_t count)
{
    fixture_someone(f);
    for (int64_t id = 2; id <= count; id++) {
        char number[24];
        snprintf(number, sizeof number, "+88018%08d", (int)id);
        const struct phone_row phone = a_phone(f, id, number);
        OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    }
}

/* A channel that is held back, with more texts than a tick takes, does not stand before the others. */
static void a_full_channel_starves_no_other(void **state)
{
    struct fixture *f = *state;
    phones(f, 101);
    for (int64_t i = 0; i < 100; i++) {
        const struct outbox_row row = text_on(5001 + i, 2 + i, "held", NOW + i);
        put_row(f, &row);
    }
    queue(f, 5200, 1, NOW + 500);
    struct outbox_row *rows;
    size_t count;
    OK(due(f, NOW + 1000, 64, &rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 5200);
    assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), NOW + 500);
    assert_int_equal(store_next_due(f->store, SPAN("held"), false), NOW);
    assert_int_equal(store_next_due(f->store, SPAN("never-heard-of"), false), 0);
}

/* One at a time leaves here, each as soon as the one before is settled: who has one text waits for one other, not for fifty. */
static void fifty_to_one_phone_stand_behind_one_to_another(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    for (int64_t i = 0; i < 50; i++)
        queue(f, 5001 + i, 1, NOW);
    queue(f, 5100, 2, NOW + 10);
    static const int64_t order[] = {5001, 5100, 5002, 5003};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const int64_t now = NOW + 100 + (int64_t)i;
        struct outbox_row *rows;
        size_t count;
        OK(due(f, now, 1, &rows, &count));
        assert_int_equal(count, 1);
        assert_int_equal(rows[0].id, order[i]);
        state_at(f, rows[0].id, OUTBOX_SENDING, now, rows[0].due_at);
        state_at(f, rows[0].id, OUTBOX_SENT, now, rows[0].due_at);
    }
}

/* A text that is to be tried again later keeps those behind it, on its channel and no other. */
static void a_phone_gets_its_texts_in_order(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    queue(f, 5002, 1, NOW);
    const struct outbox_row elsewhere = text_on(5003, 1, "other", NOW);
    put_row(f, &elsewhere);
    state_at(f, 5001, OUTBOX_SENDING, NOW, NOW);
    struct outbox_row *rows;
    size_t count;
    const struct store_due other = {.channel = SPAN("other"), .now = NOW, .limit = 9};
    OK(store_load_due(f->store, &other, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 0); /* one a phone, whatever the channel */
    state_at(f, 5001, OUTBOX_QUEUED, NOW, NOW + 7000);
    OK(due(f, NOW + 100, 9, &rows, &count));
    assert_int_equal(count, 0);
    assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), NOW + 7000);
    OK(store_load_due(f->store, &other, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 1);
    OK(due(f, NOW + 7000, 9, &rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 5001);
}

/* A text that is kept for its person's hours keeps nobody behind it, goes to no back, and does not count as one that could have left;
 * once its hours have begun it is the first again. */
static void what_is_kept_for_later_stands_before_none(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *rows;
    struct store_sizes sizes;
    size_t count;
    two_phones(f);
    queue(f, 5001, 1, NOW + 9000);
    OK(store_measure(f->store, NOW, &sizes, &f->err));
    assert_int_equal(sizes.outbox_oldest_at, NOW + 9000);
    queue(f, 5002, 1, NOW);
    queue(f, 5003, 1, NOW);
    OK(store_measure(f->store, NOW, &sizes, &f->err));
    assert_int_equal(sizes.outbox_oldest_at, NOW);
    assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), NOW);
    static const struct {
        int64_t id, at, next; /* next: due after it */
    } order[] = {{5002, NOW + 10, NOW + 10},
                 {5003, NOW + 20, NOW + 9000},
                 {5001, NOW + 9000, NOW + 9000},
                 {5004, NOW + 9001, 0}};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (order[i].id == 5001)
            queue(f, 5004, 1, NOW + 8000);
        OK(due(f, order[i].at, 9, &rows, &count));
        assert_int_equal(count, 1);
        assert_int_equal(rows[0].id, order[i].id);
        state_at(f, order[i].id, OUTBOX_SENDING, order[i].at, rows[0].due_at);
        state_at(f, order[i].id, OUTBOX_SENT, order[i].at, rows[0].due_at);
        assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), order[i].next);
    }
}

static struct outbox_row a_push(int64_t id, int64_t session, enum outbox_kind kind)
{
    struct outbox_row row = text_on(id, 1, "pushing", NOW);
    row.session = session;
    row.kind = kind;
    row.to = SPAN("tel:opaque");
    row.expires_at = NOW + 20000;
    return row;
}

static bool is_over(struct fixture *f, int64_t id)
{
    struct outbox_row *rows;
    size_t count;
    const struct store_due wanted = {.channel = SPAN("pushing"), .pushes = true, .now = NOW, .limit = 9};
    OK(store_load_due(f->store, &wanted, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, id);
    return rows[0].session_is_over;
}

static void end_session(struct fixture *f, int64_t id, enum end_cause cause)
{
    struct session session = a_session(f, id, 1, "s2");
    session.ended_at = NOW;
    session.cause = cause;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, false}}));
}

/* A push waits in a line of its own, and knows when its session has ended: but our own last page ends it and is to be seen. */
static void a_push_is_over_with_its_session(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum outbox_kind kind;
        enum end_cause cause;
        bool is_over;
    } table[] = {{OUTBOX_PUSH, END_NONE, false},      {OUTBOX_PUSH, END_CLOSED, true},
                 {OUTBOX_PUSH, END_TIMEOUT, true},    {OUTBOX_PUSH, END_ANSWERED, true},
                 {OUTBOX_PUSH_END, END_NONE, false},  {OUTBOX_PUSH_END, END_ANSWERED, false},
                 {OUTBOX_PUSH_END, END_CLOSED, true}, {OUTBOX_PUSH_END, END_ABORTED, true}};
    two_phones(f);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t id = 5001 + (int64_t)i, session = 1100 + (int64_t)i;
        const struct session row = a_session(f, session, 1, "s2");
        const struct outbox_row push = a_push(id, session, table[i].kind);
        OK(SAVE({.kind = CHANGE_SESSION, .session = {&row, true}}, {.kind = CHANGE_OUTBOX, .outbox = {.row = &push}}));
        if (table[i].cause)
            end_session(f, session, table[i].cause);
        assert_int_equal(is_over(f, id), table[i].is_over);
        state_at(f, id, OUTBOX_EXPIRED, NOW, NOW);
    }
}

static void a_push_waits_for_no_text(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    struct outbox_row text = text_on(5001, 1, "pushing", NOW);
    put_row(f, &text);
    state_at(f, 5001, OUTBOX_SENDING, NOW, NOW);
    text = text_on(5002, 1, "pushing", NOW);
    put_row(f, &text);
    const struct outbox_row first = a_push(5003, 1001, OUTBOX_PUSH), next = a_push(5004, 1001, OUTBOX_PUSH_END);
    put_row(f, &first);
    put_row(f, &next);
    assert_false(is_over(f, 5003));
    assert_int_equal(store_next_due(f->store, SPAN("pushing"), true), NOW);
    assert_int_equal(store_next_due(f->store, SPAN("pushing"), false), 0);
    state_at(f, 5003, OUTBOX_SENDING, NOW, NOW);
    assert_int_equal(store_next_due(f->store, SPAN("pushing"), true), 0); /* pages keep their order */
}

static void what_is_overdue_is_found_whatever_its_channel(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    const struct outbox_row push = a_push(5001, 1001, OUTBOX_PUSH);
    put_row(f, &push);
    queue(f, 5002, 1, NOW);
    struct outbox_row *rows;
    size_t count;
    assert_int_equal(store_next_expiry(f->store), NOW + 20001);
    OK(store_load_overdue(f->store, NOW + 20000, 9, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 0);
    OK(store_load_overdue(f->store, NOW + 20001, 9, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 5001);
    OK(store_load_overdue(f->store, NOW + 2000000, 9, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 2);
    OK(store_load_overdue(f->store, NOW + 2000000, 1, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 1);
}

static void another_channel_takes_what_waits(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    struct outbox_row row = text_on(5001, 1, "second", NOW);
    row.from = SPAN("21512");
    row.changed_at = NOW + 5;
    const uint64_t before = store_outbox_changes(f->store);
    OK(SAVE({.kind = CHANGE_OUTBOX_ROUTE, .outbox = {.row = &row}}));
    assert_true(store_outbox_changes(f->store) > before);
    OK(store_load_outbox(f->store, 5001, f->arena, &row, &f->err));
    assert_span(row.channel, "second");
    assert_span(row.from, "21512");
    assert_span(row.link, NULL);
    assert_span(row.text, "hidden text");
    state_at(f, 5001, OUTBOX_SENDING, NOW, NOW);
    OUTCOME(SAVE({.kind = CHANGE_OUTBOX_ROUTE, .outbox = {.row = &row}}), OUTCOME_REFUSED);
}

/* ---- reports that came too early ---- */

static enum outcome come_early(struct fixture *f, const char *id, enum delivery delivery, int64_t at)
{
    return SAVE({.kind = CHANGE_EARLY_REPORT,
                 .early = {.channel = SPAN("kannel"), .vendor_id = span_of(id), .at = at, .delivery = delivery}});
}

static void the_more_telling_early_report_is_kept(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum delivery first, then, kept;
    } table[] = {
        {DELIVERY_SENT, DELIVERY_DELIVERED, DELIVERY_DELIVERED},
        {DELIVERY_DELIVERED, DELIVERY_SENT, DELIVERY_DELIVERED},
        {DELIVERY_DELIVERED, DELIVERY_FAILED, DELIVERY_DELIVERED},
        {DELIVERY_FAILED, DELIVERY_SENT, DELIVERY_FAILED},
        {DELIVERY_FAILED, DELIVERY_DELIVERED, DELIVERY_DELIVERED},
        {DELIVERY_EXPIRED, DELIVERY_FAILED, DELIVERY_FAILED},
        {DELIVERY_UNKNOWN, DELIVERY_SENT, DELIVERY_SENT},
    };
    struct early_report early;
    OUTCOME(store_find_early(f->store, SPAN("kannel"), SPAN("v0"), f->arena, &early, &f->err), OUTCOME_NOT_FOUND);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char id[8];
        snprintf(id, sizeof id, "v%zu", i);
        OK(come_early(f, id, table[i].first, NOW));
        OK(come_early(f, id, table[i].then, NOW + 1));
        OK(store_find_early(f->store, SPAN("kannel"), span_of(id), f->arena, &early, &f->err));
        assert_int_equal(early.delivery, table[i].kept);
    }
    OUTCOME(store_find_early(f->store, SPAN("other"), SPAN("v0"), f->arena, &early, &f->err), OUTCOME_NOT_FOUND);
    OK(SAVE({.kind = CHANGE_EARLY_CLAIMED, .early = {.channel = SPAN("kannel"), .vendor_id = SPAN("v0")}}));
    OUTCOME(store_find_early(f->store, SPAN("kannel"), SPAN("v0"), f->arena, &early, &f->err), OUTCOME_NOT_FOUND);
}

static void what_nobody_claims_goes_some_at_a_time(void **state)
{
    struct fixture *f = *state;
    size_t pruned = 7;
    for (int i = 0; i < 501; i++) {
        char id[16];
        snprintf(id, sizeof id, "v%d", i);
        OK(come_early(f, id, DELIVERY_SENT, NOW + i));
    }
    OK(store_prune_early(f->store, NOW, &pruned, &f->err));
    assert_int_equal(pruned, 0);
    OK(store_prune_early(f->store, NOW + 501, &pruned, &f->err));
    assert_int_equal(pruned, 500);
    assert_string_equal(fixture_ask(f, "SELECT vendor_id FROM early_report"), "v500");
    OK(store_prune_early(f->store, NOW + 501, &pruned, &f->err));
    assert_int_equal(pruned, 1);
}

/* ---- the request that a text answers ---- */

static void make_request(struct fixture *f, int64_t id, const char *reference)
{
    struct request request = {.id = id,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .kind = SPAN("call"),
                              .created_at = NOW,
                              .changed_at = NOW,
                              .version = 1};
    memcpy(request.reference, reference, sizeof request.reference);
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
}

static int attention_of(struct fixture *f, int64_t request)
{
    char query[96];
    snprintf(query, sizeof query, "SELECT attention FROM request WHERE id = %d", (int)request);
    return atoi(fixture_ask(f, query));
}

static void a_request_is_marked_by_its_answer(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum outbox_state states[3];
        enum request_attention then[3];
    } table[] = {
        {{OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_DELIVERED}, {0, ATTENTION_TEXT_FAILED, ATTENTION_NONE}},
        {{OUTBOX_UNKNOWN, OUTBOX_SENT, OUTBOX_DELIVERED}, {ATTENTION_TEXT_UNKNOWN, 0, 0}},
        {{OUTBOX_UNKNOWN, OUTBOX_FAILED, OUTBOX_SENT}, /* sent does not undo failed, nor what follows from it */
         {ATTENTION_TEXT_UNKNOWN, ATTENTION_TEXT_FAILED, ATTENTION_TEXT_FAILED}},
        {{OUTBOX_EXPIRED, OUTBOX_UNKNOWN, OUTBOX_DELIVERED}, {ATTENTION_TEXT_FAILED, ATTENTION_TEXT_FAILED, 0}},
        {{OUTBOX_SENT, OUTBOX_DELIVERED, OUTBOX_FAILED}, {0, 0, 0}},
    };
    two_phones(f);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t request = 5000 + 10 * (int64_t)i, text = request + 1;
        char reference[REFERENCE_DIGITS + 1];
        snprintf(reference, sizeof reference, "%07zu", i);
        make_request(f, request, reference);
        queue(f, text, 1, NOW);
        for (size_t k = 0; k < 3; k++) {
            OK(set_state(f, text, table[i].states[k], SPAN_NONE));
            assert_int_equal(attention_of(f, request), table[i].then[k]);
        }
    }
    assert_string_equal(fixture_ask(f, "SELECT max(version) FROM request"), "1"); /* nobody's conflict */
}

static void only_the_open_request_of_the_text_is_marked(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW); /* before any request: the answer to none */
    make_request(f, 5002, "0000001");
    make_request(f, 5003, "0000002");
    queue(f, 5004, 1, NOW);
    queue(f, 5005, 1, NOW);
    OK(set_state(f, 5001, OUTBOX_FAILED, SPAN_NONE));
    assert_string_equal(fixture_ask(f, "SELECT sum(attention) FROM request"), "0");
    OK(set_state(f, 5004, OUTBOX_FAILED, SPAN_NONE));
    assert_int_equal(attention_of(f, 5002), 0);
    assert_int_equal(attention_of(f, 5003), ATTENTION_TEXT_FAILED);
    OK(set_state(f, 5005, OUTBOX_DELIVERED, SPAN_NONE));
    assert_int_equal(attention_of(f, 5003), ATTENTION_TEXT_FAILED); /* the other text still did not arrive */
    OK(set_state(f, 5004, OUTBOX_DELIVERED, SPAN_NONE));
    assert_int_equal(attention_of(f, 5003), 0);

    struct request closed = {.id = 5003, .version = 1, .state = REQUEST_CLOSED, .changed_at = NOW};
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&closed}}));
    struct outbox_row later = text_on(5006, 1, "kannel", NOW);
    later.created_at++; /* what is asked for in the session then is no answer to it */
    put_row(f, &later);
    OK(set_state(f, 5006, OUTBOX_FAILED, SPAN_NONE));
    assert_int_equal(attention_of(f, 5003), 0);
}

/* It was answered and closed, and then the answer did not arrive: nobody would look. Whoever took it back waits for none. */
static void what_was_on_its_way_when_it_was_closed_is_still_its_answer(void **state)
{
    static const struct {
        enum request_state is;
        enum request_attention then;
    } table[] = {{REQUEST_CLOSED, ATTENTION_TEXT_FAILED}, {REQUEST_CANCELLED, ATTENTION_NONE}};
    struct fixture *f = *state;
    two_phones(f);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t id = 5001 + 10 * (int64_t)i;
        char reference[8];
        snprintf(reference, sizeof reference, "%07d", (int)i);
        make_request(f, id, reference);
        queue(f, id + 1, 1, NOW);
        const struct request over = {.id = id, .version = 1, .state = table[i].is, .changed_at = NOW + 1};
        OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&over}}));
        OK(set_state(f, id + 1, OUTBOX_SENT, SPAN_NONE));
        assert_int_equal(attention_of(f, id), ATTENTION_NONE);
        OK(set_state(f, id + 1, OUTBOX_FAILED, SPAN_NONE));
        assert_int_equal(attention_of(f, id), table[i].then);
        OK(set_state(f, id + 1, OUTBOX_DELIVERED, SPAN_NONE));
        assert_int_equal(attention_of(f, id), ATTENTION_NONE);
    }
    make_request(f, 5041, "0000007");
    queue(f, 5042, 1, NOW);
    OK(set_state(f, 5042, OUTBOX_SENDING, SPAN_NONE));
    const struct request over = {.id = 5041, .version = 1, .state = REQUEST_CLOSED, .changed_at = NOW + 1};
    size_t settled;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&over}}));
    OK(store_settle_sending(f->store, NULL, NOW, &settled, &f->err));
    assert_int_equal(attention_of(f, 5041), ATTENTION_TEXT_UNKNOWN);
}

static void a_crash_marks_what_nobody_can_vouch_for(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    make_request(f, 5001, "0000001");
    queue(f, 5002, 1, NOW);
    OK(set_state(f, 5002, OUTBOX_SENDING, SPAN_NONE));
    size_t settled;
    const char *const idempotent[] = {"kannel", NULL};
    OK(store_settle_sending(f->store, idempotent, NOW, &settled, &f->err));
    assert_int_equal(attention_of(f, 5001), 0);                            /* it goes again */
    assert_string_equal(fixture_ask(f, "SELECT reason FROM outbox"), "6"); /* but may have arrived */
    OK(set_state(f, 5002, OUTBOX_SENDING, SPAN_NONE));
    OK(store_settle_sending(f->store, NULL, NOW, &settled, &f->err));
    assert_int_equal(attention_of(f, 5001), ATTENTION_TEXT_UNKNOWN);
}

/* Whoever takes a request back waits for nothing any more; what they wrote before they did is read all the same. */
static void who_takes_it_back_waits_for_no_text(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum request_state to;
        enum request_attention before, after;
    } table[] = {{REQUEST_CANCELLED, ATTENTION_TEXT_FAILED, ATTENTION_NONE},
                 {REQUEST_CANCELLED, ATTENTION_TEXT_UNKNOWN, ATTENTION_NONE},
                 {REQUEST_CANCELLED, ATTENTION_OFFICE, ATTENTION_NONE},
                 {REQUEST_CANCELLED, ATTENTION_NEW_WORD, ATTENTION_NEW_WORD},
                 {REQUEST_CLOSED, ATTENTION_TEXT_FAILED, ATTENTION_TEXT_FAILED}};
    two_phones(f);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct request row = {
            .id = 5001 + (int64_t)i, .person = 101, .phone = 1, .session = 1001, .kind = SPAN("call"), .version = 1};
        row.created_at = row.changed_at = NOW;
        snprintf(row.reference, sizeof row.reference, "00000%02zu", i);
        row.attention = table[i].before;
        OK(SAVE({.kind = CHANGE_REQUEST, .request = {.row = &row, .by = BY_PERSON}}));
        row.state = table[i].to;
        OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {.row = &row, .by = BY_PERSON}}));
        assert_int_equal(attention_of(f, row.id), table[i].after);
    }
}

/* The statements that run in every tick find their rows by an index that leaves few of them, and need no sorting. */
static void what_waits_is_found_by_its_index(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum sql_id id;
        const char *step;
    } table[] = {
        {SQL_TEXT_DUE, "SEARCH row USING INDEX outbox_text_due (channel=? AND due_at<?)"},
        {SQL_TEXT_DUE, "SEARCH o USING INDEX outbox_waiting (phone=? AND rowid<?)"},
        {SQL_TEXT_NEXT_DUE, "SEARCH row USING INDEX outbox_text_due (channel=?)"},
        {SQL_PUSH_DUE, "SEARCH row USING INDEX outbox_push_due (channel=? AND due_at<?)"},
        {SQL_PUSH_NEXT_DUE, "SEARCH row USING INDEX outbox_push_due (channel=?)"},
        {SQL_OUTBOX_TURN, "SEARCH o USING INDEX outbox_waiting (phone=?)"},
        {SQL_OUTBOX_OVERDUE, "SEARCH outbox USING INDEX outbox_expires (expires_at<?)"},
        {SQL_OUTBOX_NEXT_EXPIRY, "INDEX outbox_expires"},
        {SQL_REQUEST_ATTEND, "SEARCH r USING COVERING INDEX request_session (session=?"},
        {SQL_REQUEST_ATTEND_SENDING, "SEARCH r USING COVERING INDEX request_session (session=?"},
        {SQL_EARLY_PRUNE, "SEARCH early_report USING COVERING INDEX early_report_at (at<?)"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *plan = fixture_plan(f, sqlite3_sql(sql_start(f->store, table[i].id).stmt));
        if (!strstr(plan, table[i].step) || strstr(plan, "TEMP B-TREE"))
            fail_msg("case %zu: %s", i, plan);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

static void queue_unasked(struct fixture *f, int64_t id, int64_t phone)
{
    struct outbox_row row = a_text(id, phone, NOW);
    row.unasked = true;
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
}

/* What nobody asked for is refused when it is queued, and stays known; what was asked for goes. */
static void who_said_stop_gets_nothing_unasked(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *rows, row;
    size_t count;
    two_phones(f);
    queue_unasked(f, 5001, 1);
    struct phone_row phone = a_phone(f, 2, "+8801812345678");
    phone.opted_out = true;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    queue_unasked(f, 5002, 2);
    queue(f, 5003, 2, NOW);
    OK(store_load_outbox(f->store, 5002, f->arena, &row, &f->err));
    assert_int_equal(row.state, OUTBOX_FAILED);
    assert_int_equal(row.reason, REASON_REFUSED);
    assert_true(row.unasked);
    assert_string_equal(outbox_reason_words[row.reason], "refused");
    OK(due(f, NOW, 10, &rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, 5001);
    assert_true(rows[0].unasked && !rows[0].phone_opted_out);
    assert_int_equal(rows[1].id, 5003);
    assert_true(!rows[1].unasked && rows[1].phone_opted_out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_text_comes_back_and_is_sealed),
        TEST(one_a_phone_oldest_first),
        TEST(what_is_settled_stays),
        TEST(a_vendors_id_finds_its_text),
        TEST(what_was_being_sent_is_unknown_after_a_crash),
        TEST(a_full_channel_starves_no_other),
        TEST(fifty_to_one_phone_stand_behind_one_to_another),
        TEST(a_phone_gets_its_texts_in_order),
        TEST(what_is_kept_for_later_stands_before_none),
        TEST(a_push_is_over_with_its_session),
        TEST(a_push_waits_for_no_text),
        TEST(what_is_overdue_is_found_whatever_its_channel),
        TEST(another_channel_takes_what_waits),
        TEST(the_more_telling_early_report_is_kept),
        TEST(what_nobody_claims_goes_some_at_a_time),
        TEST(a_request_is_marked_by_its_answer),
        TEST(only_the_open_request_of_the_text_is_marked),
        TEST(what_was_on_its_way_when_it_was_closed_is_still_its_answer),
        TEST(a_crash_marks_what_nobody_can_vouch_for),
        TEST(who_takes_it_back_waits_for_no_text),
        TEST(what_waits_is_found_by_its_index),
        TEST(who_said_stop_gets_nothing_unasked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
