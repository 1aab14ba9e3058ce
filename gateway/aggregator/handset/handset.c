#include "aggregator/handset.h"

#include "aggregator/access/credentials.h"
#include "aggregator/handset/handset_text.h"
#include "aggregator/handset/placing.h"
#include "aggregator/profile.h"

static const struct shape *shape_of(const struct door *door, size_t number)
{
    return number == 0 || number > door->variant_count ? &door->own : &door->variants[number - 1];
}

size_t handset_shapes(const struct channel *channel, enum exchange_door door)
{
    const struct door *it = &channel->profile->doors[door];
    return it->open ? 1 + it->variant_count : 0;
}

/* One request on its way. */
struct saying {
    const struct channel *channel;
    const struct handset *handset;
    const struct door *door;
    const struct shape *shape;
    struct placing *placing;
    struct arena *arena;
    struct error *err;
};

static void put(const struct saying *s, enum field field, struct span value)
{
    if (s->shape->fields[field].count > 0)
        placing_put(s->placing, &s->shape->fields[field].at[0], value);
}

static enum phase phase_of(const struct handset *handset)
{
    switch (handset->event) {
    case INBOUND_NEW:
        return PHASE_NEW;
    case INBOUND_RESUME:
        return PHASE_RESUME;
    case INBOUND_ASK:
        return PHASE_ASK;
    case INBOUND_CLOSE:
        break;
    }
    switch (handset->cause) {
    case END_ABORTED:
        return PHASE_ABORT;
    case END_TIMEOUT:
        return PHASE_TIMEOUT;
    case END_FAILED:
        return PHASE_FAIL;
    default:
        return PHASE_CLOSE;
    }
}

static bool means(const struct handset *handset, const struct phase_rule *rule)
{
    bool any_end = handset->event == INBOUND_CLOSE && handset->cause == END_NONE;
    return any_end ? rule->means >= PHASE_CLOSE && rule->means <= PHASE_FAIL : rule->means == phase_of(handset);
}

/* The word that says where in the session this is. A session may begin or go on without one, but nothing else can. */
static bool put_phase(const struct saying *s)
{
    for (size_t i = 0; i < s->shape->phase_count; i++) {
        const struct phase_rule *rule = &s->shape->phases[i];
        struct source_choice field = rule->field.count > 0 ? rule->field : s->shape->fields[FIELD_PHASE];
        if (!means(s->handset, rule) || field.count == 0)
            continue;
        bool anything = rule->begins && rule->value.len == 0;
        if (!anything || !placing_says(s->placing, &field.at[0]))
            placing_put(s->placing, &field.at[0], anything ? SPAN("1") : rule->value);
        return true;
    }
    return s->handset->event == INBOUND_NEW || s->handset->event == INBOUND_RESUME;
}

static bool put_status(const struct saying *s, int meaning)
{
    const struct valuemap *statuses = &s->shape->statuses;
    for (size_t i = 0; i < statuses->count; i++)
        if (meaning == 0 || statuses->entries[i].means == meaning) {
            put(s, FIELD_STATUS, statuses->entries[i].value);
            return true;
        }
    return meaning == 0;
}

static struct span sender(const struct saying *s)
{
    struct span from = s->handset->from;
    bool is_number = span_starts_with(from, SPAN("+"));
    return s->shape->from_format == FROM_DIGITS && is_number ? span_from(from, 1) : from;
}

static void put_people(const struct saying *s, bool begins)
{
    const struct handset *handset = s->handset;
    put(s, FIELD_LINK, handset->id); /* often the same place as one of the others: those say what it is */
    put(s, FIELD_ID, handset->id);
    put(s, FIELD_SESSION, handset->session);
    if (begins || !s->shape->from_first_only)
        put(s, FIELD_FROM, sender(s));
    put(s, FIELD_TO, handset->to);
}

static enum outcome say_message(const struct saying *s)
{
    bool is_sms = s->channel->kind == CHANNEL_SMS;
    struct handset_words words;
    put_people(s, is_sms || s->handset->event == INBOUND_NEW);
    handset_write_text(s->shape, s->handset->text, s->arena, &words);
    put(s, FIELD_CHARSET, words.charset);
    put(s, FIELD_CODING, words.coding);
    put(s, FIELD_TEXT, words.text);
    if (!is_sms && !put_phase(s))
        return error_set(s->err, OUTCOME_REFUSED, "this dialect has no word for that in the course of a session");
    return OUTCOME_OK;
}

static enum outcome say_end(const struct saying *s)
{
    put_people(s, true);
    if (!put_status(s, (int)s->handset->cause))
        return error_set(s->err, OUTCOME_REFUSED, "this dialect has no word for that end of a session");
    return OUTCOME_OK;
}

static enum outcome say_report(const struct saying *s)
{
    put_people(s, true);
    if (!put_status(s, (int)s->handset->delivery))
        return error_set(s->err, OUTCOME_REFUSED, "this dialect has no word for that fate of a text");
    return OUTCOME_OK;
}

/* What is signed besides the rest has to be there: a nonce above all. */
static void put_nonces(const struct saying *s, const struct signature *signature)
{
    for (size_t i = 0; i < signature->sign_count; i++)
        if (signature->signs[i].place == SOURCE_HEADER)
            placing_put(s->placing, &signature->signs[i], s->handset->id);
}

/* The secret of a field is looked for in the query and in forms. */
static void put_credentials(const struct saying *s)
{
    const struct credentials *credentials = s->channel->secrets;
    const char *prefix = s->shape->encoding == DOOR_FORM ? "" : "query:";
    if (credentials->kind == CREDENTIAL_FIELD)
        placing_put_named(s->placing, arena_format(s->arena, "%s%.*s", prefix, SPAN_ARG(credentials->name)),
                          credentials->secret);
    if (credentials->kind == CREDENTIAL_BASIC || credentials->kind == CREDENTIAL_HEADER)
        placing_put_named(s->placing, arena_format(s->arena, "header:%.*s", SPAN_ARG(credentials->name)),
                          credentials->secret);
    if (credentials->kind == CREDENTIAL_SIGNATURE)
        put_nonces(s, credentials->signature);
}

static struct span path_of(const struct channel *channel, enum exchange_door door, struct arena *arena)
{
    static const char *const doors[] = {[DOOR_IN] = "in", [DOOR_REPORT] = "dlr", [DOOR_NOTIFY] = "notify"};
    const struct credentials *credentials = channel->secrets;
    struct span path = arena_format(arena, "/%s/%.*s", doors[door], SPAN_ARG(channel->id));
    if (credentials->kind != CREDENTIAL_PATH)
        return path;
    return arena_format(arena, "%.*s/%.*s", SPAN_ARG(path), SPAN_ARG(credentials->secret));
}

static enum outcome sign(const struct saying *s, int64_t now, struct http_request *out)
{
    if (credentials_sign(s->channel->secrets, s->door, now, s->arena, out))
        return OUTCOME_OK;
    return error_set(s->err, OUTCOME_REFUSED, "only the aggregator can sign a request of this channel");
}

enum outcome handset_request(const struct channel *channel, enum exchange_door door, const struct handset *handset,
                             int64_t now, struct arena *arena, struct http_request *out, struct error *err)
{
    static enum outcome (*const say[])(const struct saying *) = {
        [DOOR_IN] = say_message, [DOOR_REPORT] = say_report, [DOOR_NOTIFY] = say_end};
    const struct profile *profile = channel->profile;
    const struct door *it = &profile->doors[door];
    struct saying s = {.channel = channel, .door = it, .handset = handset, .arena = arena, .err = err};
    if (!it->open)
        return error_set(err, OUTCOME_REFUSED, "channel %.*s has no such address", SPAN_ARG(channel->id));
    s.shape = shape_of(it, handset->shape);
    s.placing = placing_begin(it, s.shape, arena);
    for (size_t i = 0; door == DOOR_IN && i < profile->dial.extra_count; i++)
        placing_put_named(s.placing, profile->dial.extra[i].name, profile->dial.extra[i].value);
    put_credentials(&s);
    enum outcome outcome = say[door](&s);
    if (outcome != OUTCOME_OK)
        return outcome;
    placing_finish(s.placing, path_of(channel, door, arena), handset->method, out);
    return sign(&s, now, out);
}
