/* Somebody who says things to the real steps of a conversation, on a real store, one tick at a time. */
#pragma once
#include "core_fixture.h"

#include "base/metrics.h"
#include "core/conversation.h"

#define HEARD_MAX 8

struct talker {
    struct stage stage;
    struct id_source ids;
    struct metrics metrics;
    int64_t now;
    char heard[HEARD_MAX][700]; /* "CON text", "END text" or "" for an acknowledgement */
    bool open[HEARD_MAX];       /* the answer to who asks whether a session is open */
};

/* What an aggregator says of one message; the rest is the usual. */
struct said {
    const char *session, *text, *from, *id;
    const char *channel; /* NULL: the one of its kind */
    enum inbound_kind kind;
    enum input_form form;
    enum inbound_event event;
    enum end_cause cause;
    bool undecodable;
    unsigned strip;
    bool phase_says_new; /* else a cumulative text is not told apart */
    const char *way;     /* dialled behind the code */
    const char *link, *address;
    const char *reference; /* of a part, with `number` and `total` */
    unsigned number, total;
    bool in_batch, overdue;
};

#define MOBILE "+8801712345678"

static inline int open_stage(void **state)
{
    struct talker *t = calloc(1, sizeof *t);
    t->stage = stage_open(9);
    t->now = NOW;
    *state = t;
    return 0;
}

static inline int close_stage(void **state)
{
    struct talker *t = *state;
    stage_close(&t->stage);
    free(t);
    return 0;
}

static inline struct inbound inbound_of(const struct said *said)
{
    struct inbound inbound = {.kind = said->kind,
                              .event = said->event,
                              .cause = said->cause,
                              .form = said->form,
                              .separator = '*',
                              .strip_parts = said->strip,
                              .from = {PHONE_NUMBER, span_of(said->from ? said->from : MOBILE)},
                              .input = said->text ? span_of(said->text) : SPAN(""),
                              .undecodable = said->undecodable};
    if (said->from && !strcmp(said->from, "nobody"))
        inbound.from = (struct phone){0};
    else if (said->from && said->from[0] != '+')
        inbound.from.kind = said->kind == INBOUND_SMS ? PHONE_ALPHA : PHONE_OPAQUE;
    if (said->form == INPUT_CUMULATIVE && said->event == INBOUND_NEW && !said->phase_says_new)
        inbound.event = INBOUND_RESUME;
    if (said->session)
        inbound.session = span_of(said->session);
    if (said->id)
        inbound.id = span_of(said->id);
    if (said->way) {
        inbound.form = INPUT_LATEST_AFTER_CODE;
        inbound.route = span_of(said->way);
    }
    inbound.link = span_of(said->link);
    inbound.address = span_of(said->address);
    inbound.part.reference = span_of(said->reference);
    inbound.part.number = said->number;
    inbound.part.total = said->total;
    if (said->undecodable)
        inbound.raw = SPAN("\xFF\xFE");
    return inbound;
}

/* One tick over these messages, as core/tick.c does it. */
static inline void tick(struct talker *t, const struct said *said, size_t count)
{
    struct fixture *f = t->stage.f;
    struct arena *arena = arena_create(65536);
    struct change_list changes = {.arena = arena};
    struct inbound inbound[HEARD_MAX];
    struct message messages[HEARD_MAX] = {0};
    struct store_wanted wanted[HEARD_MAX] = {0};
    struct store_found found[HEARD_MAX];
    struct conversation conversation = {f->store, f->keyring, t->stage.catalogue, &t->ids, arena,
                                        NULL,     &changes,   &t->metrics,        t->now};
    conversation.set = working_set_create(arena);
    for (size_t i = 0; i < count; i++) {
        inbound[i] = inbound_of(&said[i]);
        const char *usual = said[i].kind == INBOUND_SMS ? "sms" : "ussd";
        const struct channel *channel = stage_channel(&t->stage, said[i].channel ? said[i].channel : usual);
        messages[i] = (struct message){.inbound = &inbound[i], .channel = channel, .index = (unsigned)i};
        messages[i].is_alone = !said[i].in_batch;
        messages[i].is_overdue = said[i].overdue;
        identity_of(f->keyring, channel, &inbound[i], &messages[i].identity);
        const struct identity *identity = &messages[i].identity;
        wanted[i] =
            (struct store_wanted){identity->session, identity->phone, identity->message, identity->repeat, true};
    }
    OK(store_load(f->store, wanted, count, arena, found, &f->err));
    for (size_t i = 0; i < count; i++) {
        messages[i].found = found[i];
        OK(conversation_step(&conversation, &messages[i], &f->err));
    }
    OK(store_save(f->store, changes.at, changes.count, &f->failed_at, &f->err));
    for (size_t i = 0; i < count; i++) {
        const struct reply *reply = &messages[i].reply;
        t->open[i] = reply->is_open;
        snprintf(t->heard[i], sizeof t->heard[i], "%s%.*s",
                 !reply->text.at ? ""
                 : reply->ends   ? "END "
                                 : "CON ",
                 SPAN_ARG(reply->text));
    }
    arena_destroy(arena);
    t->now += 5 * SECOND;
}

#define TICK(...)                                                                                                      \
    tick(t, (const struct said[]){__VA_ARGS__}, sizeof((const struct said[]){__VA_ARGS__}) / sizeof(struct said))

/* One message alone; what is heard is valid until the next. */
static inline const char *say(struct talker *t, struct said said)
{
    tick(t, &said, 1);
    return t->heard[0];
}

static inline const char *dial(struct talker *t, const char *session, const char *text)
{
    return say(t, (struct said){.session = session, .text = text, .form = INPUT_CUMULATIVE});
}

static inline const char *latest(struct talker *t, const char *session, const char *text, enum inbound_event event)
{
    return say(t, (struct said){.session = session, .text = text, .event = event});
}

static inline const char *text(struct talker *t, const char *words, const char *id)
{
    return say(t, (struct said){.text = words, .kind = INBOUND_SMS, .id = id, .event = INBOUND_RESUME});
}

static inline void expect(const char *heard, const char *wanted, const char *file, int line)
{
    if (!strstr(heard, wanted) || strncmp(heard, wanted, 4) != 0) {
        print_error("%s:%d: heard \"%s\", wanted \"%s\"\n", file, line, heard, wanted);
        _fail(file, line);
    }
}
/* `wanted`: "CON " or "END " and how the page begins. */
#define EXPECT(heard, wanted) expect(heard, wanted, __FILE__, __LINE__)

static inline int rows(struct talker *t, const char *table_where)
{
    char query[256];
    snprintf(query, sizeof query, "SELECT count(*) FROM %s", table_where);
    return atoi(fixture_ask(t->stage.f, query));
}

/* Past the language page, so that all begins at "main". */
static inline void be_known(struct talker *t)
{
    dial(t, "known", "");
    EXPECT(dial(t, "known", "1"), "CON Small");
    EXPECT(dial(t, "known", "1*3"), "END Bye");
}

/* What the test changes in a channel, as another configuration would. */
static inline struct channel *own_channel(struct talker *t, const char *id)
{
    return (struct channel *)(uintptr_t)stage_channel(&t->stage, id);
}

/* The newest row's turn, unsealed; valid until the next call. */
static inline struct turn last_turn(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct turn turn = {0};
    int64_t session = atoll(fixture_ask(f, "SELECT session FROM turn ORDER BY at DESC, session DESC, number DESC"));
    int number = atoi(fixture_ask(f, "SELECT number FROM turn ORDER BY at DESC, session DESC, number DESC"));
    arena_reset(f->arena);
    OK(store_load_turn(f->store, session, (uint32_t)number, f->arena, &turn, &f->err));
    return turn;
}

/* The newest text or page in the outbox. */
static inline struct outbox_row last_sent(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct outbox_row row = {0};
    arena_reset(f->arena);
    OK(store_load_outbox(f->store, atoll(fixture_ask(f, "SELECT max(id) FROM outbox")), f->arena, &row, &f->err));
    return row;
}
