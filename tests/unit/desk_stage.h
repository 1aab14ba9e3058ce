/*
 * A desk for tests: the demonstration's service, a real store, people who work there, somebody who asked for a call. Ids: phone 1, person
 * 101, session 1001, entry 2001, request 3001; operators as made. It is Monday, ten o'clock where the service is.
 */
#pragma once
#include "core_fixture.h"

#include "base/clock.h"
#include "core/desk_run.h"
#include "menu/desk.h"

#define MINUTE (60 * INT64_C(1000))
#define DAY (24 * 60 * MINUTE)
#define CALLER "+8801712345678"
#define HASH "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"

static const char desk_config[] =
    "data = { path = \"%1$s/data.db\"; keys = \"%1$s/keys\"; forgotten = \"%1$s/forgotten\"; };\n"
    "dir = { menus = \"menus\"; profiles = \"conf/aggregators\"; };\n"
    "channels = {\n"
    "  ussd = { profile = \"africastalking-ussd\"; service = \"infoline\"; code = \"*384#\"; auth = \"path\"; secret = "
    "\"0123456789abcdef\";\n"
    "    numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; };\n"
    "  sms = { profile = \"africastalking-sms\"; service = \"infoline\"; code = \"21512\"; auth = \"path\"; secret = "
    "\"0123456789abcdef\";\n"
    "    secrets = { api_key = \"none\"; }; with = { base_url = \"http://127.0.0.1:9\"; username = \"sandbox\"; };\n"
    "    numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; };\n"
    "%2$s};\n";

struct desk_stage {
    struct stage stage;
    struct fixture *f;
    struct id_source ids;
    struct desk *desk;
    int64_t now;
    struct desk_result result; /* of the last action; its text until the next */
    int64_t admin, counsellor, other, supervisor, auditor;
};

static inline struct desk_pass desk_pass(struct desk_stage *d)
{
    return (struct desk_pass){.store = d->f->store,
                              .keyring = d->f->keyring,
                              .catalogue = d->stage.catalogue,
                              .ids = &d->ids,
                              .arena = d->f->arena,
                              .now = d->now,
                              .is_local = true};
}

static inline enum outcome act(struct desk_stage *d, struct desk_action action)
{
    const struct desk_pass pass = desk_pass(d);
    return desk_act(&pass, &action, &d->result);
}

static inline void expect_act(struct desk_stage *d, struct desk_action action, enum outcome wanted, const char *why,
                              int line)
{
    enum outcome got = act(d, action);
    if (got != wanted)
        fail_msg("line %d: verb %d gave \"%s\", wanted \"%s\": %s", line, (int)action.verb, outcome_name(got),
                 outcome_name(wanted), d->result.error.text);
    if (why && (!d->result.why || strcmp(d->result.why, why) != 0))
        fail_msg("line %d: verb %d says %s, wanted %s", line, (int)action.verb, d->result.why, why);
}
#define DO(...) expect_act(d, (struct desk_action){__VA_ARGS__}, OUTCOME_OK, NULL, __LINE__)
#define REFUSED(says, ...) expect_act(d, (struct desk_action){__VA_ARGS__}, OUTCOME_REFUSED, says, __LINE__)
#define CONFLICTS(says, ...) expect_act(d, (struct desk_action){__VA_ARGS__}, OUTCOME_CONFLICT, says, __LINE__)
#define MISSING(...) expect_act(d, (struct desk_action){__VA_ARGS__}, OUTCOME_NOT_FOUND, "why_not_there", __LINE__)

static inline int count_of(struct desk_stage *d, const char *table_where)
{
    char query[400];
    snprintf(query, sizeof query, "SELECT count(*) FROM %s", table_where);
    return atoi(fixture_ask(d->f, query));
}

static inline struct request_desk desk_of(struct desk_stage *d, int64_t id, struct request *request)
{
    struct fixture *f = d->f;
    struct request_desk desk;
    OK(store_load_request(f->store, id, f->arena, request, &desk, &f->err));
    return desk;
}

/* What the newest line of the audit says besides who, what and about whom. */
static inline void expect_detail(struct desk_stage *d, const char *wanted)
{
    assert_string_equal(
        fixture_ask(d->f, "SELECT text FROM word WHERE id = (SELECT detail FROM audit ORDER BY id DESC LIMIT 1)"),
        wanted);
}

/* The program looks after what lies about; when it wants to again. */
static inline int64_t tend(struct desk_stage *d)
{
    struct fixture *f = d->f;
    int64_t next;
    const struct desk_pass pass = desk_pass(d);
    OK(desk_tend(d->desk, &pass, &next, &f->err));
    return next;
}

/* Calls in vain, by a supervisor, who may at any hour. */
static inline void nobody_answers(struct desk_stage *d, int64_t request, int times)
{
    for (int i = 0; i < times; i++)
        DO(.verb = DESK_ATTEMPT, .operator = d->supervisor, .object = request, .code = ATTEMPT_NO_ANSWER, .flag = true,
           .to = DESK_REASON_SUPERVISOR);
}

static inline int64_t hire(struct desk_stage *d, const char *name, role_set roles)
{
    const struct operator user = {.name = span_of(name), .shown = span_of(name), .roles = roles};
    DO(.verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH), .peer = SPAN("control"));
    return d->result.id;
}

static inline void hire_all(struct desk_stage *d)
{
    d->admin = hire(d, "ada", ROLE_BIT(ROLE_ADMIN));
    d->counsellor = hire(d, "cora", ROLE_BIT(ROLE_COUNSELLOR));
    d->other = hire(d, "omar", ROLE_BIT(ROLE_COUNSELLOR));
    d->supervisor = hire(d, "sue", ROLE_BIT(ROLE_SUPERVISOR));
    d->auditor = hire(d, "audrey", ROLE_BIT(ROLE_AUDITOR));
}

struct wish { /* what somebody asked for */
    int64_t id;
    const char *reference, *kind, *topic, *desk, *safe, *time, *texts;
    enum request_urgency urgency;
};

/* Another request of the same person. */
static inline void somebody_asks(struct desk_stage *d, const struct wish *wish)
{
    struct fixture *f = d->f;
    const int64_t entry = wish->id - 1000;
    const struct answer safe = {.field = SPAN("safe"), .value = span_of(wish->safe ? wish->safe : "yes")};
    const struct answer when = {.field = SPAN("time"), .value = span_of(wish->time ? wish->time : "any")};
    const struct answer texts = {.field = SPAN("texts"), .value = span_of(wish->texts ? wish->texts : "not asked")};
    struct request row = {.id = wish->id,
                          .person = 101,
                          .phone = 1,
                          .session = 1001,
                          .entry = entry,
                          .kind = span_of(wish->kind ? wish->kind : "call"),
                          .topic = span_of(wish->topic),
                          .desk = span_of(wish->desk),
                          .urgency = wish->urgency,
                          .created_at = d->now,
                          .due_at = d->now + DAY,
                          .changed_at = d->now,
                          .version = 1,
                          .lang = SPAN("en")};
    snprintf(row.reference, sizeof row.reference, "%s", wish->reference);
    OK(SAVE({.kind = CHANGE_ENTRY,
             .entry = {.id = entry, .session = 1001, .person = 101, .at = d->now, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {.entry = entry, .person = 101, .at = d->now, .row = &safe}},
            {.kind = CHANGE_ANSWER, .answer = {.entry = entry, .person = 101, .at = d->now, .row = &when}},
            {.kind = CHANGE_ANSWER, .answer = {.entry = entry, .person = 101, .at = d->now, .row = &texts}},
            {.kind = CHANGE_REQUEST, .request = {.row = &row, .by = BY_PERSON}}));
}

static inline void somebody_is_there(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct phone_row phone = a_phone(f, 1, CALLER);
    struct session session = a_session(f, 1001, 1, "s1");
    phone.person = 101;
    phone.lang = SPAN("en");
    phone.first_at = phone.last_at = session.started_at = session.last_at = d->now;
    session.channel = SPAN("ussd");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN(CALLER)}},
            {.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_PERSON, .person = {.id = 101, .phone = 1, .at = d->now}}));
}

/* The demonstration's service is loaded and proven once for all tests of a program: under the sanitizers that takes seconds. */
static struct stage desk_service;

static inline void load_desk_with(const char *channels)
{
    char text[4096];
    assert_int_equal(fixture_setup((void **)&desk_service.f), 0);
    const char *dir = desk_service.f->dir;
    snprintf(text, sizeof text, desk_config, dir, channels);
    snprintf(desk_service.config, sizeof desk_service.config, "%s/helpline.conf", dir);
    stage_write(dir, "helpline.conf", text);
    chmod(desk_service.config, 0600);
    stage_load(&desk_service);
}

static inline int load_desk_service(void **state)
{
    (void)state;
    load_desk_with("");
    return 0;
}

static inline int drop_desk_service(void **state)
{
    (void)state;
    stage_close(&desk_service);
    return 0;
}

static inline int open_desk_stage(void **state)
{
    struct desk_stage *d = calloc(1, sizeof *d);
    assert_int_equal(fixture_setup((void **)&d->stage.f), 0);
    d->f = d->stage.f;
    struct fixture *f = d->f;
    (void)catalogue_hold(desk_service.catalogue); /* stage_close lets go of it */
    d->stage.catalogue = desk_service.catalogue;
    assert_true(clock_read(SPAN("2026-09-21 10:00"), 360, &d->now));
    OK(desk_create(&d->desk, &f->err));
    somebody_is_there(d);
    somebody_asks(d, &(struct wish){.id = 3001, .reference = "1234566", .topic = "wages"});
    hire_all(d);
    *state = d;
    return 0;
}

static inline int close_desk_stage(void **state)
{
    struct desk_stage *d = *state;
    desk_free(d->desk);
    stage_close(&d->stage);
    free(d);
    return 0;
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk_stage, close_desk_stage)
