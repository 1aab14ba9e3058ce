/* desk: what is written beside a request and a person: notes, drafts, referrals, warnings; and how it is forgotten. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

static void notes_have_versions_of_their_author(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_no_words", .verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN(" \n"));
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is well"), .flag = true);
    int64_t note = d->result.id;
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is not"), .to = note);
    REFUSED("why_no_right", .verb = DESK_NOTE, .operator = d->other, .object = 3001, .text = SPAN("No"), .to = note);
    MISSING(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("No"), .to = 5);
    assert_int_equal(count_of(d, "note WHERE clinical = 1"), 2); /* nobody said so of the second: it was of the first */
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("Calls on Friday"));
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("It is bad"), .to = d->result.id,
       .flag = true);
    assert_int_equal(count_of(d, "note WHERE clinical = 1"), 3);
    assert_int_equal(count_of(d, "note"), 4);
    assert_int_equal(count_of(d, "note WHERE instr(sealed, 'well')"), 0);
}

static void a_draft_is_kept_without_a_trace(void **state)
{
    struct desk_stage *d = *state;
    int lines = count_of(d, "audit");
    DO(.verb = DESK_DRAFT, .operator = d->counsellor, .object = 3001, .name = SPAN("note"), .text = SPAN("She sa"));
    assert_int_equal(count_of(d, "draft"), 1);
    DO(.verb = DESK_DRAFT, .operator = d->counsellor, .object = 3001, .name = SPAN("note"));
    assert_int_equal(count_of(d, "draft"), 0);
    assert_int_equal(count_of(d, "audit"), lines);
}

static void a_referral_is_settled_once(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct desk_office *offices;
    const struct service *service = d->stage.catalogue->services[0];
    size_t count = desk_offices(service, SPAN_NONE, SPAN_NONE, SPAN("en"), d->now, f->arena, &offices);
    assert_true(count > 0);
    REFUSED("why_no_such_office", .verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = SPAN("moon"));
    DO(.verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = offices[0].id, .flag = true,
       .until = d->now + 7 * DAY);
    int64_t referral = atoll(fixture_ask(d->f, "SELECT id FROM referral"));
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = referral, .text = SPAN("Went"));
    CONFLICTS("why_settled", .verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = referral);
    MISSING(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = 5);
}

/* Refers them to an office of the directory, to be asked after so many days; gives the referral. */
static int64_t refer(struct desk_stage *d, size_t office, int days)
{
    struct fixture *f = d->f;
    struct desk_office *offices;
    const struct service *service = d->stage.catalogue->services[0];
    assert_true(desk_offices(service, SPAN_NONE, SPAN_NONE, SPAN("en"), d->now, f->arena, &offices) > office);
    DO(.verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = offices[office].id, .flag = true,
       .until = d->now + days * DAY);
    return atoll(fixture_ask(d->f, "SELECT max(id) FROM referral"));
}

static enum request_attention attention_after(struct desk_stage *d, int64_t ms)
{
    struct request request;
    d->now += ms;
    tend(d);
    desk_of(d, 3001, &request);
    return request.attention;
}

#define MARK_IS(wanted, ms) assert_int_equal(attention_after(d, ms), wanted)

static void an_office_is_asked_when_its_day_has_come(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor, first = refer(d, 0, 7), second = refer(d, 1, 8);
    const uint64_t changes = desk_changes(d->desk);
    MARK_IS(ATTENTION_NONE, 7 * DAY - 1);
    assert_int_equal(desk_changes(d->desk), changes);
    MARK_IS(ATTENTION_OFFICE, 1);
    assert_int_equal(desk_changes(d->desk), changes + 1); /* whoever has the queue open hears of it */
    MARK_IS(ATTENTION_OFFICE, MINUTE);
    assert_int_equal(desk_changes(d->desk), changes + 1);
    /* Its person was spoken to: the office was not. */
    DO(.verb = DESK_ATTEMPT, .operator = who, .object = 3001, .code = ATTEMPT_SPOKE);
    MARK_IS(ATTENTION_OFFICE, 0);
    REFUSED("why_no_such_time", .verb = DESK_SETTLE_REFERRAL, .operator = who, .object = 3001, .to = first,
            .until = d->now);
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = who, .object = 3001, .to = first, .until = d->now + 7 * DAY);
    expect_detail(d, "referral_later");
    MARK_IS(ATTENTION_NONE, MINUTE);
    MARK_IS(ATTENTION_OFFICE, DAY); /* the other one */
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = who, .object = 3001, .to = second, .text = SPAN("Got a place"));
    MARK_IS(ATTENTION_NONE, DAY);
    MARK_IS(ATTENTION_OFFICE, 6 * DAY);
}

/* Whoever closes a request has decided that nobody asks, until it is open again. */
static void what_is_closed_asks_no_office(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor, referral = refer(d, 0, 7);
    DO(.verb = DESK_CLOSE, .operator = who, .object = 3001, .code = CLOSED_REFERRED);
    MARK_IS(ATTENTION_NONE, 7 * DAY);
    CONFLICTS("why_not_open", .verb = DESK_SETTLE_REFERRAL, .operator = who, .object = 3001, .to = referral,
              .until = d->now + DAY);
    DO(.verb = DESK_REOPEN, .operator = who, .object = 3001);
    MARK_IS(ATTENTION_OFFICE, 0);
    DO(.verb = DESK_CLOSE, .operator = who, .object = 3001, .code = CLOSED_REFERRED);
    MARK_IS(ATTENTION_NONE, MINUTE);
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = who, .object = 3001, .to = referral, .text = SPAN("Went there"));
}

static void drafts_of_referrals_are_of_the_same_request(void **state)
{
    struct desk_stage *d = *state;
    const int64_t referral = refer(d, 0, 7), who = d->counsellor;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    const struct span its = arena_format(d->f->arena, DRAFT_OF_REFERRAL "%lld", (long long)referral);
    DO(.verb = DESK_DRAFT, .operator = who, .object = 3001, .name = its, .text = SPAN("They s"));
    MISSING(.verb = DESK_DRAFT, .operator = who, .object = 3002, .name = its, .text = SPAN("They s"));
    MISSING(.verb = DESK_DRAFT, .operator = who, .object = 3001, .name = SPAN(DRAFT_OF_REFERRAL "5"));
    MISSING(.verb = DESK_DRAFT, .operator = who, .object = 3001, .name = SPAN(DRAFT_OF_REFERRAL "x"));
    assert_int_equal(count_of(d, "draft"), 1);
}

static void a_flag_is_raised_and_dropped(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_no_such_time", .verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"));
    DO(.verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"), .until = d->now + DAY);
    int64_t flag = d->result.id;
    MISSING(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = flag, .to = 102);
    DO(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = flag, .to = 101);
    assert_int_equal(count_of(d, "person_flag WHERE dropped_at IS NOT NULL"), 1);
    MISSING(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = 5);
}

static void somebody_is_forgotten(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is well"));
    REFUSED("why_no_right", .verb = DESK_FORGET, .operator = d->counsellor, .object = 101);
    DO(.verb = DESK_FORGET, .operator = d->supervisor, .object = 101);
    assert_int_equal(count_of(d, "request"), 0);
    assert_int_equal(count_of(d, "note"), 0);
    assert_int_equal(count_of(d, "phone WHERE number IS NOT NULL"), 0);
    MISSING(.verb = DESK_FORGET, .operator = d->supervisor, .object = 101);
    assert_int_equal(count_of(d, "audit WHERE action = 13 AND about = 101"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(notes_have_versions_of_their_author), ON_A_DESK(a_draft_is_kept_without_a_trace),
        ON_A_DESK(a_referral_is_settled_once),          ON_A_DESK(an_office_is_asked_when_its_day_has_come),
        ON_A_DESK(what_is_closed_asks_no_office),       ON_A_DESK(drafts_of_referrals_are_of_the_same_request),
        ON_A_DESK(a_flag_is_raised_and_dropped),        ON_A_DESK(somebody_is_forgotten),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
