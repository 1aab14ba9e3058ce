/* Data files to look at: FOLDER/large.db with a million sessions and ten million turns, FOLDER/small.db with a thousandth of it, both
 * with the keys FOLDER/keys. Made through store_save like everything else that is ever in such a file, in large batches, the same each
 * time but for keys and ids. README.md says what is in it and in which proportion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "store/desk.h"

#define DAY INT64_C(86400000)
#define MINUTE INT64_C(60000)
#define DAYS 20    /* fifty thousand sessions a day; less than retention leaves */
#define BATCH 2000 /* sessions a transaction */
#define OPERATORS 30
#define NODES 120
#define SCREENS 600
#define TOPICS 12
#define AREAS 64
#define CACHE_BYTES ((size_t)256 << 20)
/* What the browser of desk_times.py shows; it makes the sign-in young again. These files are nobody's. */
#define COOKIE "be9c0000be9c0000be9c0000be9c0000be9c0000be9c0000be9c0000be9c0000"

struct caller {
    int64_t phone, person;
    bool registered;
};

struct making {
    struct store *store;
    struct keyring *keyring;
    struct arena *arena; /* of one batch */
    struct change *changes;
    size_t change_count, change_room;
    struct id_source ids;
    uint64_t random;
    struct caller *callers;
    size_t caller_count, session_count, sessions, serial, requests, open_from;
    int64_t begin, now, operators[OPERATORS];
    struct span nodes[NODES], screens[SCREENS], topics[TOPICS], areas[AREAS];
};

static void require(enum outcome outcome, const struct error *err)
{
    if (outcome != OUTCOME_OK) {
        fprintf(stderr, "desk_data: %s\n", err->text);
        exit(EXIT_FAILURE);
    }
}

/* xorshift64: the same in every run. */
static size_t below(struct making *to, size_t bound)
{
    to->random ^= to->random << 13;
    to->random ^= to->random >> 7;
    to->random ^= to->random << 17;
    return (size_t)(to->random % bound);
}

static int64_t new_id(struct making *to)
{
    return id_next(&to->ids, to->now);
}

static void *keep(struct making *to, const void *row, size_t bytes)
{
    return memcpy(arena_alloc_raw(to->arena, bytes), row, bytes);
}
#define KEEP(to, type, ...) ((type *)keep((to), &(type)__VA_ARGS__, sizeof(type)))

static void add(struct making *to, struct change change)
{
    if (to->change_count == to->change_room) {
        to->change_room = to->change_room ? 2 * to->change_room : 1024;
        to->changes = realloc(to->changes, to->change_room * sizeof *to->changes);
        if (!to->changes)
            abort();
    }
    to->changes[to->change_count++] = change;
}

static void save(struct making *to)
{
    struct error err;
    size_t failed_at = 0;
    require(store_save(to->store, to->changes, to->change_count, &failed_at, &err), &err);
    require(store_checkpoint(to->store, true, &err), &err);
    to->change_count = 0;
    arena_reset(to->arena);
}

/* Serial numbers without a repeat, in no order that anybody sees. */
static void next_reference(struct making *to, char out[REFERENCE_DIGITS + 1])
{
    char six[16];
    snprintf(six, sizeof six, "%06zu", (to->serial++ * 700001) % 1000000);
    reference_complete(six, out);
}

/* ---- who works there ---- */

static struct operator an_operator(struct making *to, int nth)
{
    const struct span name = arena_format(to->arena, "operator%d", nth);
    return (struct operator){.id = to->operators[nth],
                             .name = name,
                             .shown = name,
                             .lang = SPAN("en"),
                             .totp = SPAN("01234567890123456789"),
                             .created_at = to->now,
                             .roles = nth % 5 ? ROLE_BIT(ROLE_COUNSELLOR) : ROLE_BIT(ROLE_SUPERVISOR)};
}

static void make_operators(struct making *to)
{
    for (int i = 0; i < OPERATORS; i++) {
        to->operators[i] = new_id(to);
        const struct operator row = an_operator(to, i);
        add(to, (struct change){.kind = CHANGE_OPERATOR, .operator = {keep(to, &row, sizeof row)}});
    }
    struct sign_in row = {.id = new_id(to), .operator = to->operators[0], .created_at = to->now, .seen_at = to->now};
    keyring_lookup(to->keyring, SPAN("sign-in"), SPAN(COOKIE), &row.token);
    add(to, (struct change){.kind = CHANGE_SIGN_IN, .sign_in = {keep(to, &row, sizeof row)}});
    save(to);
}

static void audit(struct making *to, enum audit_action action, int64_t request, int64_t who, int64_t at,
                  struct span detail)
{
    add(to, (struct change){.kind = CHANGE_AUDIT,
                            .audit = {KEEP(to, struct audit_row,
                                           {.id = new_id(to),
                                            .at = at,
                                            .operator = who,
                                            .action = action,
                                            .object = OBJECT_REQUEST,
                                            .object_id = request,
                                            .detail = detail,
                                            .peer = SPAN("10.0.0.7")})}});
}

/* ---- who calls ---- */

static struct caller *find_caller(struct making *to)
{
    if (to->caller_count && below(to, 5) > 1)
        return &to->callers[below(to, to->caller_count)];
    struct caller *caller = &to->callers[to->caller_count++];
    const struct span number = arena_format(to->arena, "+88017%08zu", to->caller_count * 37 % 100000000);
    struct phone_row row = {.id = new_id(to), .lang = SPAN("bn"), .first_at = to->now, .last_at = to->now};
    keyring_lookup(to->keyring, SPAN("phone"), number, &row.lookup);
    add(to, (struct change){.kind = CHANGE_PHONE, .phone = {keep(to, &row, sizeof row), number}});
    caller->phone = row.id;
    return caller;
}

static void know(struct making *to, struct caller *caller)
{
    if (caller->person)
        return;
    caller->person = new_id(to);
    add(to, (struct change){.kind = CHANGE_PERSON, .person = {caller->person, caller->phone, to->now}});
}

/* ---- what is said ---- */

static void make_turns(struct making *to, int64_t session, const struct caller *caller, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct turn turn = {.session = session,
                            .number = i,
                            .at = to->now + i * INT64_C(9000),
                            .node = to->nodes[below(to, NODES)],
                            .lang = SPAN("bn"),
                            .skeleton = to->screens[below(to, SCREENS)],
                            .flags = i + 1 == count ? TURN_ENDS : 0};
        if (i) {
            turn.asked = to->nodes[below(to, NODES)];
            turn.input = arena_format(to->arena, "%zu", 1 + below(to, 7));
            turn.meaning = to->topics[below(to, TOPICS)];
        }
        if (i && caller->person && below(to, 4) == 0) {
            turn.flags |= TURN_SENSITIVE_INPUT;
            turn.input = turn.meaning = SPAN("near the river, behind the school");
        }
        const int64_t person = turn.flags & TURN_SENSITIVE_INPUT ? caller->person : 0;
        add(to, (struct change){.kind = CHANGE_TURN, .turn = {keep(to, &turn, sizeof turn), person}});
    }
}

static void answer(struct making *to, int64_t entry, int64_t person, struct span field, struct span value,
                   bool sensitive)
{
    add(to, (struct change){.kind = CHANGE_ANSWER,
                            .answer = {entry, person, to->now, KEEP(to, struct answer, {field, value, sensitive})}});
}

static int64_t make_entry(struct making *to, int64_t session, int64_t person, struct span form)
{
    const int64_t entry = new_id(to);
    add(to, (struct change){.kind = CHANGE_ENTRY,
                            .entry = {.id = entry, .session = session, .person = person, .at = to->now, .form = form}});
    answer(to, entry, person, SPAN("area"), to->areas[below(to, AREAS)], false);
    answer(to, entry, person, SPAN("when"), SPAN("evening"), false);
    answer(to, entry, person, SPAN("who_answers"), SPAN("my brother, he may not know"), true);
    answer(to, entry, person, SPAN("name"), SPAN("Rahima"), true);
    add(to, (struct change){.kind = CHANGE_ENTRY_CLOSED, .entry = {.id = entry, .at = to->now, .finished = true}});
    return entry;
}

static void make_registration(struct making *to, int64_t session, struct caller *caller)
{
    know(to, caller);
    caller->registered = true;
    struct registration row = {.id = new_id(to),
                               .person = caller->person,
                               .session = session,
                               .created_at = to->now,
                               .consent_version = SPAN("2"),
                               .lang = SPAN("bn")};
    row.entry = make_entry(to, session, caller->person, SPAN("register"));
    next_reference(to, row.reference);
    add(to, (struct change){.kind = CHANGE_REGISTRATION, .registration = {keep(to, &row, sizeof row)}});
}

/* ---- what is asked for, and done about it ---- */

static void step(struct making *to, struct request *row, enum request_state state, enum request_step what, int64_t at)
{
    row->state = state;
    row->step = what;
    row->changed_at = at;
    add(to, (struct change){.kind = CHANGE_REQUEST_STATE, .request = {keep(to, row, sizeof *row), BY_OPERATOR}});
    row->version++;
}

static void note(struct making *to, int64_t request, int64_t who, int64_t at)
{
    add(to, (struct change){.kind = CHANGE_NOTE,
                            .note = {KEEP(to, struct note,
                                          {.id = new_id(to),
                                           .request = request,
                                           .operator = who,
                                           .at = at,
                                           .text = SPAN("Wages of four months not paid; has the contract.")})}});
}

static void attempt(struct making *to, int64_t request, int64_t who, int64_t at, enum attempt_result result)
{
    add(to, (struct change){.kind = CHANGE_ATTEMPT,
                            .attempt = {KEEP(to, struct attempt, {new_id(to), request, who, at, result})}});
}

static void claim(struct making *to, struct request *row, struct request_desk *desk)
{
    const int64_t at = to->now + 20 * MINUTE;
    *desk = (struct request_desk){.assignee = to->operators[below(to, OPERATORS)], .assigned_at = at, .viewed_at = at};
    audit(to, AUDIT_VIEWED, row->id, desk->assignee, at - MINUTE, SPAN_NONE);
    audit(to, AUDIT_CHANGED, row->id, desk->assignee, at, SPAN("claimed"));
    step(to, row, REQUEST_ASSIGNED, STEP_ASSIGNED, at);
    note(to, row->id, desk->assignee, at);
}

static void call_and_close(struct making *to, struct request *row, struct request_desk *desk)
{
    const int64_t who = desk->assignee, at = to->now + 90 * MINUTE;
    if (below(to, 3) == 0)
        attempt(to, row->id, who, at - 30 * MINUTE, ATTEMPT_NO_ANSWER);
    audit(to, AUDIT_REVEALED, row->id, who, at, SPAN("calls_now"));
    attempt(to, row->id, who, at, ATTEMPT_SPOKE);
    step(to, row, REQUEST_CALLED, STEP_CALLED, at);
    note(to, row->id, who, at);
    audit(to, AUDIT_CHANGED, row->id, who, at + DAY, SPAN("closed"));
    step(to, row, REQUEST_CLOSED, STEP_CLOSED, at + DAY);
    desk->outcome = CLOSED_HELPED;
}

/* The last ones are still open: every third of them is somebody's, every tenth waits. */
static void work_on(struct making *to, struct request *row, size_t nth)
{
    struct request_desk desk = {0};
    const bool is_open = nth >= to->open_from;
    if (is_open && nth % 3)
        return;
    claim(to, row, &desk);
    if (!is_open)
        call_and_close(to, row, &desk);
    if (is_open && nth % 10 == 0)
        desk.wait_until = to->now + 200 * DAY;
    add(to, (struct change){.kind = CHANGE_REQUEST_DESK, .desk = {row->id, keep(to, &desk, sizeof desk)}});
}

static void make_text(struct making *to, int64_t session, const struct caller *caller)
{
    const bool arrives = below(to, 100) > 1;
    struct outbox_row row = {.id = new_id(to),
                             .phone = caller->phone,
                             .session = session,
                             .channel = SPAN("at-sms"),
                             .to = SPAN("+8801712345678"),
                             .text = SPAN("Your number is 482 7153. We call from a normal number."),
                             .created_at = to->now,
                             .due_at = to->now,
                             .expires_at = to->now + DAY,
                             .segments = 1};
    add(to, (struct change){.kind = CHANGE_OUTBOX, .outbox = {keep(to, &row, sizeof row), false}});
    row.state = arrives ? OUTBOX_DELIVERED : OUTBOX_FAILED;
    row.changed_at = to->now + MINUTE;
    row.attempts = 1;
    add(to, (struct change){.kind = CHANGE_OUTBOX_STATE, .outbox = {keep(to, &row, sizeof row), true}});
    add(to,
        (struct change){.kind = CHANGE_REPORT,
                        .report = {row.id, row.changed_at, arrives ? DELIVERY_DELIVERED : DELIVERY_FAILED, SPAN_NONE}});
    if (!arrives && to->session_count + to->sessions / 20 < to->sessions)
        add(to, (struct change){.kind = CHANGE_OUTBOX_DEALT, .dealt = {row.id, to->now + DAY}});
}

static void make_request(struct making *to, int64_t session, struct caller *caller)
{
    know(to, caller);
    struct request row = {.id = new_id(to),
                          .person = caller->person,
                          .phone = caller->phone,
                          .session = session,
                          .kind = SPAN("call"),
                          .topic = to->topics[below(to, TOPICS)],
                          .urgency = below(to, 20) ? (below(to, 5) ? URGENCY_NORMAL : URGENCY_SOON) : URGENCY_DANGER,
                          .created_at = to->now,
                          .changed_at = to->now,
                          .due_at = to->now + DAY,
                          .version = 1,
                          .lang = SPAN("bn")};
    row.entry = make_entry(to, session, caller->person, SPAN("call_form"));
    next_reference(to, row.reference);
    add(to, (struct change){.kind = CHANGE_REQUEST, .request = {keep(to, &row, sizeof row), BY_PERSON}});
    make_text(to, session, caller);
    work_on(to, &row, to->requests++);
}

/* Of a hundred sessions six ask for a call, four register, two more are texted to. */
static bool is_asking(const struct making *to)
{
    return to->session_count % 100 < 6;
}

static void make_session(struct making *to)
{
    to->now = to->begin + (int64_t)((double)(DAYS * DAY) * (double)to->session_count / (double)to->sessions);
    struct caller *caller = find_caller(to);
    const size_t kind = to->session_count % 100;
    const uint32_t turns = 4 + (uint32_t)below(to, 13);
    struct session row = {.id = new_id(to),
                          .phone = caller->phone,
                          .channel = below(to, 4) ? SPAN("at-ussd") : SPAN("kannel-ussd"),
                          .started_at = to->now,
                          .last_at = to->now + turns * INT64_C(9000),
                          .ended_at = to->now + turns * INT64_C(9000),
                          .cause = below(to, 5) ? END_ANSWERED : END_TIMEOUT,
                          .turns = turns,
                          .state = {.at = {.node = to->nodes[below(to, NODES)]}, .lang = SPAN("bn")}};
    random_bytes(row.key.at, sizeof row.key.at);
    add(to, (struct change){.kind = CHANGE_SESSION, .session = {keep(to, &row, sizeof row), true}});
    if (is_asking(to))
        make_request(to, row.id, caller);
    else if (kind < 10 && !caller->registered)
        make_registration(to, row.id, caller);
    else if (kind < 12)
        make_text(to, row.id, caller);
    make_turns(to, row.id, caller, turns);
    to->session_count++;
}

/* ---- all of it ---- */

static void name_things(struct making *to, struct arena *names)
{
    for (int i = 0; i < NODES; i++)
        to->nodes[i] = arena_format(names, "node_%d", i);
    for (int i = 0; i < TOPICS; i++)
        to->topics[i] = arena_format(names, "topic_%d", i);
    for (int i = 0; i < AREAS; i++)
        to->areas[i] = arena_format(names, "district_%d", i);
    for (int i = 0; i < SCREENS; i++)
        to->screens[i] = arena_format(names,
                                      "%d Wages and work\n1 My wages were not paid\n2 My employer kept my papers\n"
                                      "3 I was hurt at work\n4 Ask for a call\n0 Back 00 Main",
                                      i);
}

static void make_all(struct making *to, const char *what)
{
    const int64_t started = clock_monotonic_ms();
    make_operators(to);
    while (to->session_count < to->sessions) {
        make_session(to);
        if (to->session_count % BATCH == 0 || to->session_count == to->sessions)
            save(to);
        if (to->session_count % (50 * BATCH) == 0)
            fprintf(stderr, "%s: %zu sessions, %lld s\n", what, to->session_count,
                    (long long)(clock_monotonic_ms() - started) / 1000);
    }
}

/* What waits is as much as a desk can have before it, not a share of all that ever was: a page of it in the small file too. */
static size_t first_open(size_t requests)
{
    const size_t open = 60 + requests / 100;
    return requests > open ? requests - open : 0;
}

/* With what SQLite and the store put beside it. */
static void remove_file(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char file[540];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        unlink(file);
    }
}

static void make_file(const char *folder, const char *name, struct keyring *keyring, size_t sessions)
{
    char path[512], part[520];
    struct error err;
    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    remove_file(path);
    snprintf(part, sizeof part, "%s.part", path);
    remove_file(part);
    struct arena *names = arena_create(1 << 16);
    struct making to = {
        .keyring = keyring, .sessions = sessions, .random = 88172645463325252, .arena = arena_create(32u << 20)};
    to.open_from = first_open(sessions / 100 * 6);
    to.now = to.begin = clock_utc_ms() - DAYS * DAY;
    to.callers = calloc(sessions + 1, sizeof *to.callers);
    const struct store_options options = {.path = part, .keyring = keyring, .create = true, .cache_bytes = CACHE_BYTES};
    require(store_open(&options, &to.store, &err), &err);
    name_things(&to, names);
    make_all(&to, name);
    store_close(to.store);
    arena_destroy(to.arena);
    arena_destroy(names);
    free(to.callers);
    free(to.changes);
    if (rename(part, path) != 0)
        perror(path);
    remove_file(part);
}

static struct keyring *open_keys(const char *folder)
{
    struct keyring *keyring = NULL;
    struct error err;
    char keys[512];
    snprintf(keys, sizeof keys, "%s/keys", folder);
    if (access(keys, F_OK) != 0)
        require(keyring_generate(keys, &err), &err);
    require(keyring_open(keys, &keyring, &err), &err);
    return keyring;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "desk_data FOLDER SESSIONS\n");
        return 2;
    }
    const size_t sessions = strtoul(argv[2], NULL, 10);
    struct keyring *keyring = open_keys(argv[1]);
    make_file(argv[1], "small", keyring, sessions / 1000);
    make_file(argv[1], "large", keyring, sessions);
    keyring_close(keyring);
    return 0;
}
