/* What of the outbox leaves: how much of each channel's due texts, in whose turn, by which channel instead. */
#include "base/log.h"
#include "core/outbox/fate.h"
#include "core/outbox/outbox_internal.h"
#include "core/outbox/texting.h"

/* One look: the outbox, what the tick lends, and the channel that is looked at. */
struct look {
    struct outbox *outbox;
    const struct outbox_pass *pass;
    const struct channel *channel;
    struct flow *flow;
    bool pushes, something_waits; /* in any channel */
    struct span token;
    unsigned serial; /* of the token */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void settle(const struct outbox_pass *pass, struct outbox_row *row, enum outbox_state state,
                   enum outbox_reason reason)
{
    row->state = state;
    row->reason = reason;
    fate_save(pass, row, NO_MESSAGE);
}

/* ---- too late ---- */

static enum outcome expire(const struct outbox_pass *pass, struct error *err)
{
    struct outbox_row *rows;
    size_t count;
    enum outcome outcome = store_load_overdue(pass->store, pass->now, PICK_MAX, pass->arena, &rows, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++) {
        log_event(LOG_LEVEL_WARNING, "outbox", "expired", "text=%lld channel=%.*s attempts=%u", (long long)rows[i].id,
                  SPAN_ARG(rows[i].channel), rows[i].attempts);
        settle(pass, &rows[i], OUTBOX_EXPIRED, REASON_EXPIRED);
    }
    return outcome;
}

/* ---- leaving ---- */

static void depart(const struct look *look, struct outbox_row *row)
{
    struct outbox *outbox = look->outbox;
    struct departure *departure = &outbox->departures[outbox->departure_count];
    struct error why;
    enum outcome built = exchange_build_send(look->channel, row, look->token, look->pass->arena, &departure->job, &why);
    if (built != OUTCOME_OK) {
        log_event(LOG_LEVEL_WARNING, "outbox", "refused", "text=%lld channel=%.*s why=\"%s\"", (long long)row->id,
                  SPAN_ARG(row->channel), why.text);
        settle(look->pass, row, OUTBOX_FAILED, REASON_REJECTED);
        return;
    }
    departure->job.id = row->id;
    departure->flow = look->flow;
    departure->token = look->serial;
    outbox->departure_count++;
    flow_leave(look->flow, look->channel, look->pass->now);
    row->state = OUTBOX_SENDING;
    row->attempts++;
    fate_save(look->pass, row, NO_MESSAGE);
}

/* Of what an operator wrote, everything is asked again. */
static enum outcome ask_again(const struct look *look, const struct outbox_row *row, enum outbox_state *fate,
                              struct error *err)
{
    *fate = OUTBOX_SENDING;
    return row->unasked && row->request ? texting_ask_again(look->pass, row, fate, err) : OUTCOME_OK;
}

static enum outcome pick_one(const struct look *look, struct outbox_row *row, struct error *err)
{
    enum outbox_state fate;
    if (look->pass->now > row->expires_at)
        return OUTCOME_OK; /* expired already, or by the next look */
    enum outcome outcome = ask_again(look, row, &fate, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (fate != OUTBOX_SENDING)
        settle(look->pass, row, fate, fate == OUTBOX_EXPIRED ? REASON_EXPIRED : REASON_REFUSED);
    else if (row->session_is_over)
        settle(look->pass, row, OUTBOX_EXPIRED, REASON_EXPIRED);
    else if (row->unasked && row->phone_opted_out) /* since it was queued */
        settle(look->pass, row, OUTBOX_FAILED, REASON_REFUSED);
    else if (phone_is_of_nobody(row->to)) /* a demonstration's: it has arrived without leaving */
        settle(look->pass, row, OUTBOX_DELIVERED, REASON_NONE);
    else
        depart(look, row);
    return OUTCOME_OK;
}

/* Whether the channel's texts can take along what they need. Asks for it when they cannot. */
static bool has_token(struct look *look)
{
    if (!look->channel->needs_token)
        return true;
    struct tokens *tokens = look->outbox->tokens;
    look->token = tokens_get(tokens, look->channel, look->pass->now, &look->serial);
    if (!span_is_present(look->token))
        tokens_ask(tokens, look->channel, look->pass->arena, look->pass->now);
    return span_is_present(look->token);
}

static enum outcome load(const struct look *look, size_t limit, struct outbox_row **rows, size_t *count,
                         struct error *err)
{
    const struct outbox_pass *pass = look->pass;
    const struct store_due due = {look->channel->id, look->pushes, pass->now, limit};
    return store_load_due(pass->store, &due, pass->arena, rows, count, err);
}

static bool something_is_due(const struct look *look)
{
    if (!look->something_waits)
        return false;
    int64_t due = store_next_due(look->pass->store, look->channel->id, look->pushes);
    return due && due <= look->pass->now;
}

static enum outcome pick_from(struct look *look, struct error *err)
{
    const struct outbox *outbox = look->outbox;
    size_t room = least(outbox_room(outbox), PICK_MAX - outbox->departure_count);
    room = least(room, flow_allows(look->flow, look->channel, look->pass->now));
    if (!room || !something_is_due(look) || !has_token(look))
        return OUTCOME_OK;
    struct outbox_row *rows;
    size_t count;
    enum outcome outcome = load(look, room, &rows, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        outcome = pick_one(look, &rows[i], err);
    return outcome;
}

/* ---- by another channel ---- */

static bool is_open(const void *context, const struct channel *channel)
{
    const struct look *look = context;
    const struct flow *flow = flow_of(&look->outbox->flows, channel->id);
    return flow_circuit(flow, look->pass->now) != CIRCUIT_OPEN;
}

static void move_one(const struct look *look, const struct outbox_row *row)
{
    const struct outbox_pass *pass = look->pass;
    const struct route_test test = {look, is_open};
    const struct channel *channel =
        fate_may_move(row) ? routes_instead(&pass->catalogue->config->routes, look->channel, row->to, &test) : NULL;
    if (!channel)
        return;
    struct outbox_row *moved = ARENA_NEW(pass->arena, struct outbox_row);
    *moved = *row;
    moved->channel = channel->id;
    moved->from = channel->code;
    moved->link = SPAN_NONE;
    moved->changed_at = pass->now;
    change_list_add(pass->changes, CHANGE_OUTBOX_ROUTE, NO_MESSAGE)->outbox.row = moved;
    log_event(LOG_LEVEL_NOTICE, "outbox", "rerouted", "text=%lld from=%.*s to=%.*s", (long long)row->id,
              SPAN_ARG(row->channel), SPAN_ARG(channel->id));
}

static enum outcome move_from(const struct look *look, struct error *err)
{
    struct outbox_row *rows;
    size_t count;
    if (!something_is_due(look))
        return OUTCOME_OK;
    enum outcome outcome = load(look, PICK_MAX, &rows, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        move_one(look, &rows[i]);
    return outcome;
}

/* ---- one look at all channels ---- */

static enum outcome look_at(struct look look, struct error *err)
{
    const struct outbox_pass *pass = look.pass;
    const struct channel *channel = look.channel;
    bool serves = channel->enabled && (look.pushes ? channel->pushes : channel->sends);
    if (!serves && (look.pushes || !routes_hold(&pass->catalogue->config->routes, channel)))
        return OUTCOME_OK;
    look.flow = outbox_flow(look.outbox, pass->metrics, channel);
    if (!look.pushes && outbox_must_move(pass->catalogue, channel, look.flow, pass->now))
        return move_from(&look, err);
    return serves ? pick_from(&look, err) : OUTCOME_OK;
}

static enum outcome look_at_all(struct look look, bool pushes, struct error *err)
{
    const struct channel_set *set = look.pass->catalogue->config->channels;
    size_t count = channel_set_count(set);
    enum outcome outcome = OUTCOME_OK;
    look.pushes = pushes;
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++) {
        look.channel = channel_set_at(set, (look.outbox->first_channel + i) % count);
        outcome = look_at(look, err);
    }
    return outcome;
}

enum outcome outbox_pick(struct outbox *outbox, const struct outbox_pass *pass, struct error *err)
{
    if (outbox->quiet || pass->now < outbox->rest_until || outbox->taken_back_count)
        return OUTCOME_OK;
    int64_t next = outbox_next_at(outbox, pass->catalogue, pass->store, pass->now);
    if (!next || next > pass->now)
        return OUTCOME_OK;
    outbox->look_again = outbox->knows_next = false;
    outbox->seen_changes = store_outbox_changes(pass->store);
    int64_t overdue = store_next_expiry(pass->store);
    enum outcome outcome = overdue && overdue <= pass->now ? expire(pass, err) : OUTCOME_OK;
    const struct look look = {.outbox = outbox, .pass = pass, .something_waits = overdue != 0};
    if (outcome == OUTCOME_OK)
        outcome = look_at_all(look, true, err);
    if (outcome == OUTCOME_OK)
        outcome = look_at_all(look, false, err);
    outbox->first_channel++;
    return outcome;
}
