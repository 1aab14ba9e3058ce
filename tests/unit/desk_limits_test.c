/* desk: the edges of what operators do with a request: the last moment and the one after, whose it is besides, what stands in the audit
 * and in the file. What each verb does at all is in desk_claims_test.c and its neighbours. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#define YEAR (366 * DAY)

/* Somebody else, on a phone of their own, asks; or the same person on it, or somebody else on the first one. */
static void another_asks(struct desk_stage *d, int64_t id, const char *reference, int64_t person, int64_t phone)
{
    struct fixture *f = d->f;
    struct request row = {.id = id,
                          .person = person,
                          .phone = phone,
                          .session = 1001,
                          .kind = SPAN("call"),
                          .created_at = d->now,
                          .due_at = d->now + DAY,
                          .changed_at = d->now,
                          .version = 1,
                          .lang = SPAN("en")};
    snprintf(row.reference, sizeof row.reference, "%s", reference);
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {.row = &row, .by = BY_PERSON}}));
}

static void another_is_there(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct phone_row phone = a_phone(f, 2, "+8801812345678");
    phone.person = 102;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN("+8801812345678")}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = d->now}}));
}

/* ---- times ---- */

static void danger_waits_for_a_day_at_most(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .urgency = URGENCY_DANGER});
    const struct desk_action base = {.verb = DESK_WAIT, .operator = d->counsellor, .object = 3002};
    const struct {
        int64_t after;
        const char *why;
    } rows[] = {{0, "why_no_such_time"},
                {1, NULL},
                {DAY, NULL},
                {DAY + 1, "why_danger_waits_a_day"},
                {YEAR, "why_danger_waits_a_day"},
                {YEAR + 1, "why_no_such_time"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_action action = base;
        action.until = d->now + rows[i].after;
        expect_act(d, action, rows[i].why ? OUTCOME_REFUSED : OUTCOME_OK, rows[i].why, (int)i);
    }
    assert_int_equal(desk_of(d, 3002, &request).wait_until, d->now + DAY);
    DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3002, .code = URGENCY_SOON);
    DO(.verb = DESK_WAIT, .operator = d->counsellor, .object = 3002, .until = d->now + YEAR);
}

static void it_waits_for_a_year_at_most(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    const struct desk_action base = {.verb = DESK_WAIT, .operator = d->counsellor, .object = 3001};
    const struct {
        int64_t after;
        enum outcome outcome;
    } rows[] = {{0, OUTCOME_REFUSED}, {1, OUTCOME_OK}, {YEAR, OUTCOME_OK}, {YEAR + 1, OUTCOME_REFUSED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_action action = base;
        action.until = d->now + rows[i].after;
        assert_int_equal(act(d, action), rows[i].outcome);
    }
    assert_int_equal(desk_of(d, 3001, &request).wait_until, d->now + YEAR);
    assert_int_equal(request.next_at, d->now + YEAR);
    DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3001, .code = URGENCY_SOON);
    desk_of(d, 3001, &request);
    assert_int_equal(request.next_at, 0);
    REFUSED("why_no_such_time", .verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"),
            .until = d->now + YEAR + 1);
    DO(.verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"), .until = d->now + YEAR);
}

/* Letters, not bytes: a Bangla one has three. */
static void names_and_warnings_are_as_long_as_their_fields(void **state)
{
    struct desk_stage *d = *state;
    char text[3 * FLAG_LETTERS + 4];
    for (size_t at = 0; at < sizeof text - 3; at += 3)
        memcpy(text + at, "ক", 3);
    struct desk_action filter = {.verb = DESK_FILTER, .operator = d->counsellor, .text = SPAN("tab=all")};
    filter.name = (struct span){text, (size_t)3 * FILTER_NAME_LETTERS};
    expect_act(d, filter, OUTCOME_OK, NULL, __LINE__);
    filter.name.len += 3;
    expect_act(d, filter, OUTCOME_REFUSED, "why_filter_name", __LINE__);
    REFUSED("why_filter_name", .verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("  "), .text = filter.text);
    REFUSED("why_filter_name", .verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("\xff"),
            .text = filter.text);
    assert_int_equal(count_of(d, "saved_filter"), 1);
    struct desk_action flag = {
        .verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .until = d->now + YEAR, .text = filter.name};
    flag.text.len = (size_t)3 * FLAG_LETTERS;
    expect_act(d, flag, OUTCOME_OK, NULL, __LINE__);
    flag.text.len += 3;
    expect_act(d, flag, OUTCOME_REFUSED, "why_no_words", __LINE__);
}

/* At the minute, by urgency; the night counts in danger alone; not while it waits. */
static void what_lies_goes_back_at_its_minute(void **state)
{
    struct desk_stage *d = *state;
    const struct {
        enum request_urgency urgency;
        int minutes, wait, claimed; /* claimed: minutes after ten o'clock */
    } rows[] = {{URGENCY_DANGER, 15, 0, 0},
                {URGENCY_SOON, 60, 0, 0},
                {URGENCY_NORMAL, 240, 0, 0},
                {URGENCY_DANGER, 15, 0, 12 * 60}, /* ten in the evening */
                {URGENCY_SOON, 11 * 60 + 60, 0, 12 * 60},
                {URGENCY_DANGER, 55, 40, 0}}; /* and the shortest time more */
    const int64_t ten = d->now;
    struct request request;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t id = 3101 + (int64_t)i;
        char reference[8];
        d->now = ten + rows[i].claimed * MINUTE;
        snprintf(reference, sizeof reference, "%s",
                 (const char *[]){"2345675", "3456783", "4567891", "5678909", "6789017", "7890125"}[i]);
        somebody_asks(d, &(struct wish){.id = id, .reference = reference, .urgency = rows[i].urgency});
        DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = id);
        if (rows[i].wait)
            DO(.verb = DESK_WAIT, .operator = d->counsellor, .object = id, .until = d->now + rows[i].wait * MINUTE);
        const int64_t since = d->now;
        d->now = since + rows[i].minutes * MINUTE - MINUTE / 2;
        tend(d);
        if (!desk_of(d, id, &request).assignee)
            fail_msg("row %zu went back too early", i);
        d->now = since + rows[i].minutes * MINUTE + MINUTE / 2;
        tend(d);
        if (desk_of(d, id, &request).assignee)
            fail_msg("row %zu did not go back", i);
        assert_string_equal(fixture_ask(d->f, "SELECT by FROM request_step ORDER BY id DESC LIMIT 1"), "1");
        expect_detail(d, "returned");
        assert_int_equal(desk_of(d, id, &request).assigned_at, 0);
        assert_int_equal(request.changed_at, d->now);
        assert_int_equal(request.state, REQUEST_WAITING);
    }
}

/* ---- whose ---- */

static void only_one_persons_requests_are_merged(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    another_is_there(d);
    another_asks(d, 3002, "2345675", 102, 2);
    another_asks(d, 3003, "3456783", 101, 2); /* the same person from another phone */
    another_asks(d, 3004, "4567891", 102, 1); /* the same phone */
    REFUSED("why_not_the_same", .verb = DESK_MERGE, .operator = d->counsellor, .object = 3002, .to = 3001);
    DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3003, .code = URGENCY_SOON);
    DO(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3003, .to = 3001,
       .version = 2); /* of the one that goes */
    DO(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3004, .to = 3001);
    expect_detail(d, "merged");
    somebody_asks(d, &(struct wish){.id = 3005, .reference = "5678909", .desk = "complaints"});
    MISSING(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3001, .to = 3005);
    DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = 3004);
    assert_int_equal(desk_of(d, 3004, &request).merged_into, 0);
}

static void what_belongs_to_another_request_is_not_there(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct desk_office *offices;
    const struct service *service = d->stage.catalogue->services[0];
    assert_true(desk_offices(service, SPAN_NONE, SPAN_NONE, SPAN("en"), d->now, f->arena, &offices) > 0);
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    REFUSED("why_no_such_time", .verb = DESK_REFER, .operator = d->counsellor, .object = 3002, .name = offices[0].id,
            .until = d->now);
    DO(.verb = DESK_REFER, .operator = d->counsellor, .object = 3002, .name = offices[0].id, .flag = true,
       .until = d->now + 1);
    char wanted[160];
    snprintf(wanted, sizeof wanted, "referral WHERE operator = %lld AND consent = 1 AND due_at = %lld",
             (long long)d->counsellor, (long long)d->now + 1);
    assert_int_equal(count_of(d, wanted), 1);
    const int64_t referral = atoll(fixture_ask(f, "SELECT id FROM referral"));
    MISSING(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = referral);
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3002, .to = referral, .text = SPAN("Went"));
    struct referral row;
    OK(store_load_referral(f->store, referral, f->arena, &row, &f->err));
    assert_span(row.outcome, "Went");

    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3002, .text = SPAN("Theirs"));
    MISSING(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("Mine"), .to = d->result.id);
}

/* A note for counsellors is not there for an officer who may see the request, and they write none. */
static void notes_for_counsellors_are_theirs(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .desk = "complaints"});
    const int64_t officer = hire(d, "olga", ROLE_BIT(ROLE_COMPLAINTS));
    DO(.verb = DESK_NOTE, .operator = d->supervisor, .object = 3002, .text = SPAN("Hidden"), .flag = true);
    const int64_t note = d->result.id;
    assert_int_equal(count_of(d, "note WHERE clinical = 1"), 1);
    MISSING(.verb = DESK_NOTE, .operator = officer, .object = 3002, .text = SPAN("x"), .to = note);
    REFUSED("why_no_right", .verb = DESK_NOTE, .operator = officer, .object = 3002, .text = SPAN("x"), .flag = true);
    expect_detail(d, "clinical_note");
    DO(.verb = DESK_NOTE, .operator = officer, .object = 3002, .text = SPAN("x"));
    REFUSED("why_they_cannot", .verb = DESK_ASSIGN, .operator = d->supervisor, .object = 3002, .to = d->counsellor);
    DO(.verb = DESK_ASSIGN, .operator = d->supervisor, .object = 3002, .to = officer);
}

static void a_reply_beside_another_request_is_not_theirs(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .desk = "complaints"});
    another_is_there(d);
    const struct {
        int64_t phone, request;
        enum outbox_state state;
        enum outcome outcome;
    } rows[] = {{1, 3001, OUTBOX_FAILED, OUTCOME_OK},
                {1, 3002, OUTBOX_FAILED, OUTCOME_NOT_FOUND}, /* which they do not see */
                {2, 0, OUTBOX_FAILED, OUTCOME_NOT_FOUND},    /* somebody else's phone */
                {1, 3001, OUTBOX_SENT, OUTCOME_CONFLICT},
                {1, 3001, OUTBOX_DELIVERED, OUTCOME_CONFLICT},
                {1, 3001, OUTBOX_UNKNOWN, OUTCOME_OK}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outbox_row row = {.id = 6001 + (int64_t)i,
                                 .kind = OUTBOX_TEXT,
                                 .phone = rows[i].phone,
                                 .request = rows[i].request,
                                 .channel = SPAN("sms"),
                                 .to = SPAN(CALLER),
                                 .text = SPAN("Words"),
                                 .created_at = d->now,
                                 .due_at = d->now,
                                 .changed_at = d->now,
                                 .segments = 1};
        OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row}}));
        row.state = rows[i].state;
        OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&row}}));
        const struct desk_action dealt = {
            .verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_OUTBOX, .object = row.id, .to = 3001};
        if (act(d, dealt) != rows[i].outcome)
            fail_msg("row %zu: %s", i, d->result.error.text);
    }
    REFUSED("why_no_right", .verb = DESK_DEALT, .operator = d->auditor, .about = OBJECT_OUTBOX, .object = 6001);
    REFUSED("why_no_right", .verb = DESK_DEALT, .operator = d->auditor, .about = OBJECT_REQUEST, .object = 3001);
}

static void nobody_looks_at_what_is_not_theirs(void **state)
{
    struct desk_stage *d = *state;
    const struct {
        int64_t who;
        enum audit_object about;
        int64_t object;
        bool may;
    } rows[] = {{d->counsellor, OBJECT_OUTBOX, 0, false},   {d->supervisor, OBJECT_OUTBOX, 0, true},
                {d->supervisor, OBJECT_OPERATOR, 0, false}, {d->admin, OBJECT_OPERATOR, 0, true},
                {d->auditor, OBJECT_PERSON, 101, false},    {d->counsellor, OBJECT_PERSON, 101, true},
                {d->auditor, OBJECT_PHONE, 1, false},       {d->auditor, OBJECT_REQUEST, 3001, false},
                {d->admin, OBJECT_SESSION, 1001, false},    {d->supervisor, OBJECT_NONE, 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int seen = count_of(d, "audit WHERE action = 8"), refused = count_of(d, "audit WHERE action = 7");
        const struct desk_action look = {
            .verb = DESK_VIEW, .operator = rows[i].who, .about = rows[i].about, .object = rows[i].object};
        if ((act(d, look) == OUTCOME_OK) != rows[i].may)
            fail_msg("row %zu", i);
        assert_int_equal(count_of(d, "audit WHERE action = 8"), seen + rows[i].may);
        assert_int_equal(count_of(d, "audit WHERE action = 7"), refused + !rows[i].may);
    }
}

/* ---- words ---- */

static void texts_and_drafts_have_a_longest(void **state)
{
    struct desk_stage *d = *state;
    static char words[TYPED_SIGNS_MAX + 1];
    memset(words, 'a', sizeof words);
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    const struct desk_action base = {.operator = d->counsellor, .object = 3002, .name = SPAN("note")};
    const struct {
        enum desk_verb verb;
        size_t len;
        const char *why;
    } rows[] = {{DESK_REPLY, 6 * 153, NULL},
                {DESK_REPLY, 6 * 153 + 1, "why_text_too_long"},
                {DESK_ATTEMPT, TYPED_SIGNS_MAX + 1, "why_note_too_long"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_action action = base;
        action.verb = rows[i].verb;
        action.operator = rows[i].verb == DESK_ATTEMPT ? d->supervisor : d->counsellor;
        action.flag = rows[i].verb == DESK_ATTEMPT;
        action.to = rows[i].verb == DESK_ATTEMPT ? DESK_REASON_ASKED : 0;
        action.text = (struct span){words, rows[i].len};
        expect_act(d, action, rows[i].why ? OUTCOME_REFUSED : OUTCOME_OK, rows[i].why, (int)i);
    }
    REFUSED("why_text_too_long", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("\xff"));
    REFUSED("why_filter_name", .verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("A"), .text = {words, 501});
    DO(.verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("A"), .text = {words, 500});
    REFUSED("why_not_a_choice", .verb = DESK_SETTINGS, .operator = d->counsellor, .name = SPAN("bn"),
            .code = THEME_DARK + 1);
    assert_int_equal(count_of(d, "attempt"), 0);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "saved_filter WHERE operator = %lld", (long long)d->counsellor);
    assert_int_equal(count_of(d, wanted), 1);
}

/* So many UTF-16 units of this sign, and an "a" where one is left over. */
static struct span typed(const char *sign, size_t units)
{
    static char text[3 * TYPED_SIGNS_MAX + 8];
    const size_t bytes = strlen(sign), each = bytes > 3 ? 2 : 1;
    size_t len = 0;
    for (size_t i = 0; i < units / each; i++, len += bytes)
        memcpy(text + len, sign, bytes);
    if (units % each)
        text[len++] = 'a';
    return (struct span){text, len};
}

static int64_t refer(struct desk_stage *d)
{
    struct desk_office *offices = NULL;
    const struct service *service = d->stage.catalogue->services[0];
    assert_true(desk_offices(service, SPAN_NONE, SPAN_NONE, SPAN("en"), d->now, d->f->arena, &offices) > 0);
    DO(.verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = offices[0].id, .flag = true,
       .until = d->now + DAY);
    return atoll(fixture_ask(d->f, "SELECT max(id) FROM referral"));
}

/* Each keeps what a box lets one type, and refuses one sign more. */
static void type_in_every_box(struct desk_stage *d, const char *sign)
{
    struct desk_new_request made = {.kind = SPAN("call"), .lang = SPAN("en")};
    const struct desk_action boxes[] = {
        {.verb = DESK_DRAFT, .operator = d->counsellor, .object = 3001, .name = SPAN("note")},
        {.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001},
        {.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_SPOKE},
        {.verb = DESK_ASSIGN, .operator = d->supervisor, .object = 3001, .to = d->counsellor},
        {.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = refer(d)},
        {.verb = DESK_NEW, .operator = d->counsellor, .made = &made},
        {.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_HELPED}};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        struct desk_action action = boxes[i];
        const int lines = count_of(d, "audit");
        action.text = made.note = typed(sign, TYPED_SIGNS_MAX + 1);
        expect_act(d, action, OUTCOME_REFUSED, "why_note_too_long", (int)i);
        assert_int_equal(count_of(d, "audit"),
                         lines + (action.verb != DESK_DRAFT)); /* pages keep drafts by themselves */
        action.text = made.note = typed(sign, TYPED_SIGNS_MAX);
        expect_act(d, action, OUTCOME_OK, NULL, (int)i);
    }
    DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = 3001);
}

static void the_longest_is_counted_in_signs(void **state)
{
    struct desk_stage *d = *state;
    type_in_every_box(d, "a");
    type_in_every_box(d, "\u0995");
    type_in_every_box(d, "\U0001F600");
    assert_int_equal(count_of(d, "note"), 3 * 5);
}

/* What it costs as it is sent counts: without the blanks around it, and with a curly quote for a straight one. */
static void a_reply_is_measured_as_it_is_sent(void **state)
{
    struct desk_stage *d = *state;
    char text[6 * 153 + 8];
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    memset(text, 'a', sizeof text);
    memcpy(text, " \u2019", 4);
    text[6 * 153 + 3] = '\n';
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = {text, 6 * 153 + 4});
    REFUSED("why_text_too_long", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002,
            .text = {text + 1, 6 * 153 + 4});
    assert_int_equal(count_of(d, "outbox WHERE segments = 6"), 1);
}

/* ---- by hand ---- */

static void by_hand_it_is_the_same_as_by_phone(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    struct desk_new_request made = {.kind = SPAN("call"), .topic = SPAN("wages"), .came_by = CONTACT_WALK_IN};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    const struct request_desk desk = desk_of(d, d->result.id, &request);
    assert_int_equal(desk.came_by, CONTACT_WALK_IN);
    assert_true(request.due_at > d->now);
    assert_int_equal(count_of(d, "entry WHERE closed_at IS NOT NULL AND state = 1"), 1);
    assert_int_equal(count_of(d, "request_step WHERE request = (SELECT max(id) FROM request) AND by = 2"), 1);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "audit WHERE action = 12 AND about = %lld", (long long)request.id);
    assert_int_equal(count_of(d, wanted), 1);
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* another one at the counter */
    assert_int_equal(count_of(d, "phone"), 3);
    assert_int_equal(count_of(d, "(SELECT DISTINCT person FROM request)"), 3);
    made.kind = SPAN("pay");
    DO(.verb = DESK_NEW, .operator = d->supervisor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_span(request.desk, "complaints");
    made.kind = SPAN("call");
    made.urgency = (enum request_urgency)(URGENCY_DANGER + 1);
    REFUSED("why_not_a_choice", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
}

/* Somebody in danger is not turned away by who may not see them afterwards, nor a complaint by the counsellor who hears it. */
static void what_is_for_others_is_made_all_the_same(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    const int64_t officer = hire(d, "olga", ROLE_BIT(ROLE_COMPLAINTS));
    const struct operator cora = {.shown = SPAN("Cora"), .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("health")};
    DO(.verb = DESK_USER_CHANGE, .object = d->counsellor, .user = &cora);
    const struct {
        int64_t operator;
        const char *kind, *topic;
        bool is_theirs;
    } rows[] = {{officer, "danger", "danger", false},       {officer, "pay", NULL, true},
                {d->counsellor, "pay", NULL, false},        {d->counsellor, "call", "wages", false},
                {d->counsellor, "call", "health", true},    {d->counsellor, "concern", NULL, false},
                {d->supervisor, "concern", "survey", true}, {d->supervisor, "pay", NULL, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct desk_new_request made = {
            .number = SPAN("01799999994"), .kind = span_of(rows[i].kind), .topic = span_of(rows[i].topic)};
        const struct desk_action hand = {
            .verb = DESK_NEW, .operator = rows[i].operator, .made = &made, .key = {{(unsigned char)('a' + i)}}};
        char wanted[120], reference[REFERENCE_SHOWN];
        for (int again = 0; again < 2; again++) { /* the same form is carried out once */
            expect_act(d, hand, OUTCOME_OK, NULL, __LINE__);
            assert_int_equal(d->result.object, rows[i].is_theirs ? d->result.id : 0);
            assert_int_equal(count_of(d, "request"), 2 + i);
            if (again)
                assert_span(d->result.text, reference);
            snprintf(reference, sizeof reference, "%.*s", SPAN_ARG(d->result.text));
        }
        const int64_t id = d->result.id;
        assert_int_equal(desk_of(d, id, &request).made_by, rows[i].operator);
        assert_string_equal(request.reference, reference);
        snprintf(wanted, sizeof wanted, "audit WHERE action = 12 AND about = %lld AND operator = %lld", (long long)id,
                 (long long)rows[i].operator);
        assert_int_equal(count_of(d, wanted), 1);
        expect_act(d, (struct desk_action){.verb = DESK_CLAIM, .operator = rows[i].operator, .object = id},
                   rows[i].is_theirs ? OUTCOME_OK : OUTCOME_NOT_FOUND, NULL, __LINE__);
    }
    const struct desk_new_request made = {.kind = SPAN("call")};
    REFUSED("why_no_right", .verb = DESK_NEW, .operator = d->auditor, .made = &made);
}

/* ---- once ---- */

static void an_answer_given_again_is_the_same(void **state)
{
    struct desk_stage *d = *state;
    struct desk_action claim = {
        .verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001, .version = 1, .key = {"a form's key"}};
    assert_int_equal(act(d, claim), OUTCOME_OK);
    assert_int_equal(act(d, claim), OUTCOME_OK); /* although its version is old by now */
    assert_int_equal(d->result.version, 2);
    assert_int_equal(d->result.id, 3001);
    claim.verb = DESK_RELEASE; /* another button with the same key is another form */
    claim.version = 2;
    assert_int_equal(act(d, claim), OUTCOME_OK);
    assert_int_equal(d->result.version, 3);
}

/* Of what they may not, what they wanted; else why not. */
static void the_audit_says_why_not(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "no"});
    REFUSED("why_no_right", .verb = DESK_CLOSE, .operator = d->auditor, .object = 3001, .peer = SPAN("192.0.2.9"));
    expect_detail(d, "closed");
    REFUSED("why_never_safe", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    expect_detail(d, "never_safe");
    REFUSED("why_no_reason", .verb = DESK_REVEAL, .operator = d->supervisor, .object = 3001, .flag = true);
    REFUSED("why_no_reason", .verb = DESK_ATTEMPT, .operator = d->supervisor, .object = 3002, .flag = true);
    REFUSED("why_no_reason", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = DESK_REASON_COUNT);
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = DESK_REASON_ASKED);
    expect_detail(d, "they_asked");
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLAIM, .operator = d->supervisor, .object = 3001, .flag = true);
    expect_detail(d, "taken");
    assert_int_equal(count_of(d, "audit WHERE peer = '192.0.2.9'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(names_and_warnings_are_as_long_as_their_fields),
        ON_A_DESK(danger_waits_for_a_day_at_most),
        ON_A_DESK(it_waits_for_a_year_at_most),
        ON_A_DESK(what_lies_goes_back_at_its_minute),
        ON_A_DESK(only_one_persons_requests_are_merged),
        ON_A_DESK(what_belongs_to_another_request_is_not_there),
        ON_A_DESK(notes_for_counsellors_are_theirs),
        ON_A_DESK(a_reply_beside_another_request_is_not_theirs),
        ON_A_DESK(nobody_looks_at_what_is_not_theirs),
        ON_A_DESK(texts_and_drafts_have_a_longest),
        ON_A_DESK(the_longest_is_counted_in_signs),
        ON_A_DESK(a_reply_is_measured_as_it_is_sent),
        ON_A_DESK(by_hand_it_is_the_same_as_by_phone),
        ON_A_DESK(what_is_for_others_is_made_all_the_same),
        ON_A_DESK(an_answer_given_again_is_the_same),
        ON_A_DESK(the_audit_says_why_not),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
