#include <string.h>

#include "aggregator/exchange.h"
#include "aggregator/language/answer_path.h"
#include "aggregator/language/headers_template.h"
#include "aggregator/language/jsonpath.h"
#include "aggregator/language/xml.h"
#include "aggregator/profile.h"

#define WAIT_MAX_MS (60 * 60 * 1000)
#define ID_BYTES_MAX 200

/* The answer of an aggregator, looked at by one rule after the other. */
struct answer_seen {
    unsigned status;
    struct span body;
    json_t *json;               /* NULL: it is none */
    const struct xml_node *xml; /* the same */
    struct arena *arena;
};

/* The values that a path led to. */
struct tally {
    size_t seen, fit;
};

static void count_value(const struct send_rule *rule, struct span value, struct tally *tally)
{
    bool fits = rule->is_count == 0;
    for (size_t i = 0; i < rule->is_count; i++)
        fits = fits || span_equal_nocase(value, rule->is[i]);
    tally->seen++;
    tally->fit += span_is_present(value) && fits;
}

/* An item without the value counts as one that does not fit. */
static void count_values(const struct send_rule *rule, const json_t *at, struct span path, struct arena *arena,
                         struct tally *tally)
{
    struct json_path steps;
    struct span before = answer_path_cut(&path);
    if (before.len > 0)
        at = json_path_compile(before, arena, &steps) ? json_follow(at, &steps) : NULL;
    if (!span_is_present(path)) {
        count_value(rule, json_text(at, arena), tally);
    } else if (json_is_array(at)) {
        for (size_t i = 0; i < json_array_size(at); i++)
            count_values(rule, json_array_get(at, i), path, arena, tally);
    } else if (at != NULL) {
        count_values(rule, at, path, arena, tally); /* a single one, written without its list */
    }
}

static bool json_fits(const struct send_rule *rule, const struct answer_seen *seen)
{
    struct tally tally = {0};
    if (seen->json != NULL)
        count_values(rule, seen->json, rule->json, seen->arena, &tally);
    return tally.seen > 0 && tally.fit == tally.seen;
}

static struct span xml_value(const struct answer_seen *seen, struct span path)
{
    struct xml_path steps;
    if (seen->xml == NULL || !xml_path_compile(path, seen->arena, &steps))
        return SPAN_NONE;
    return xml_text(seen->xml, &steps, seen->arena);
}

static bool xml_fits(const struct send_rule *rule, const struct answer_seen *seen)
{
    struct tally tally = {0};
    struct span value = xml_value(seen, rule->xml);
    count_value(rule, span_is_present(value) ? span_trim(value) : value, &tally);
    return tally.fit == 1;
}

/* What stands behind the words; absent: they are not there. */
static struct span behind(struct span words, struct span body)
{
    const char *at = body.len == 0 ? NULL : memmem(body.at, body.len, words.at, words.len);
    return at == NULL ? SPAN_NONE : span_from(body, (size_t)(at - body.at) + words.len);
}

static bool rule_fits(const struct send_rule *rule, const struct answer_seen *seen)
{
    struct span body = seen->body;
    if (seen->status < rule->status_min || seen->status > rule->status_max)
        return false;
    if (span_is_present(rule->starts) && !span_starts_with(span_trim(body), rule->starts))
        return false;
    if (span_is_present(rule->contains) && !span_is_present(behind(rule->contains, body)))
        return false;
    if (span_is_present(rule->xml) && !xml_fits(rule, seen))
        return false;
    return !span_is_present(rule->json) || json_fits(rule, seen);
}

static const struct send_rule *first_rule(const struct sending *send, const struct answer_seen *seen)
{
    for (size_t i = 0; i < send->rule_count; i++)
        if (rule_fits(&send->rules[i], seen))
            return &send->rules[i];
    return NULL;
}

static const struct {
    enum outbox_state state;
    enum outbox_reason reason;
} meanings[] = {
    [MEANS_SENT] = {OUTBOX_SENT, REASON_NONE},
    [MEANS_REJECTED] = {OUTBOX_FAILED, REASON_REJECTED},
    [MEANS_THROTTLED] = {OUTBOX_FAILED, REASON_THROTTLED},
    [MEANS_CREDIT] = {OUTBOX_FAILED, REASON_CREDIT},
    [MEANS_UNREACHABLE] = {OUTBOX_FAILED, REASON_UNREACHABLE},
    [MEANS_EXPIRED] = {OUTBOX_EXPIRED, REASON_EXPIRED},
    [MEANS_UNKNOWN] = {OUTBOX_UNKNOWN, REASON_UNKNOWN},
    [MEANS_UNAUTHORIZED] = {OUTBOX_FAILED, REASON_REJECTED},
};

/* The number behind the rule's words, "please wait [ 250 ]"; 0: there is none. */
static int64_t said_wait(struct span words, struct span body)
{
    struct span rest = span_trim(behind(words, body));
    size_t digits = 0;
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
        digits++;
    uint64_t wait;
    if (!span_to_u64(span_first(rest, digits), &wait))
        return 0;
    return wait > WAIT_MAX_MS ? WAIT_MAX_MS : (int64_t)wait;
}

static int64_t wait_of(const struct send_rule *rule, const struct send_outcome *outcome)
{
    int64_t said = outcome->retry_after_ms;
    if (said == 0 && span_is_present(rule->wait_ms_after))
        said = said_wait(rule->wait_ms_after, outcome->body);
    return said == 0 ? rule->wait_ms : said;
}

/* What a report will name the text by; what could not be a name is none. */
static struct span vendor_id(const struct sending *send, const struct answer_seen *seen)
{
    struct span id = SPAN_NONE;
    if (span_is_present(send->id_path))
        id = seen->json != NULL ? json_at_path(seen->json, send->id_path, seen->arena) : xml_value(seen, send->id_path);
    bool names = id.len > 0 && id.len <= ID_BYTES_MAX && !headers_template_breaks_line(id);
    return names ? id : SPAN_NONE;
}

static void judge_answer(const struct sending *send, const struct send_outcome *outcome, struct arena *arena,
                         struct send_verdict *verdict)
{
    struct answer_seen seen = {outcome->status, outcome->body, json_read(outcome->body), NULL, arena};
    if (seen.json == NULL && span_starts_with(span_trim(outcome->body), SPAN("<")))
        seen.xml = xml_read(outcome->body, arena);
    const struct send_rule *rule = first_rule(send, &seen);
    enum send_meaning means = rule == NULL ? MEANS_UNKNOWN : rule->means;
    verdict->state = meanings[means].state;
    verdict->reason = meanings[means].reason;
    if (rule != NULL && rule->retry) {
        verdict->state = OUTBOX_QUEUED;
        verdict->retry_after_ms = wait_of(rule, outcome);
        verdict->unauthorized = means == MEANS_UNAUTHORIZED;
    }
    verdict->vendor_id = vendor_id(send, &seen);
    json_decref(seen.json);
}

void exchange_read_outcome(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                           struct send_verdict *verdict)
{
    *verdict = (struct send_verdict){.state = OUTBOX_UNKNOWN, .reason = REASON_UNKNOWN};
    switch (outcome->fate) {
    case SEND_ANSWERED:
        judge_answer(profile_sending(channel->profile), outcome, arena, verdict);
        break;
    case SEND_NOT_SENT:
        verdict->state = OUTBOX_QUEUED;
        verdict->reason = REASON_UNREACHABLE;
        break;
    case SEND_UNKNOWN:
        break;
    }
    if (verdict->state == OUTBOX_UNKNOWN && channel->idempotent)
        verdict->state = OUTBOX_QUEUED; /* the aggregator knows our id: asking again cannot send twice */
}
