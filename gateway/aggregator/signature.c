#include "aggregator/signature.h"

#include "aggregator/signature_parts.h"

#define FIRST_MS 100000000000 /* a time of so many seconds is past the year 5000: it was milliseconds */

/* Unix time, in seconds or milliseconds. */
static bool is_fresh(const struct signature *s, struct facts *facts, int64_t now)
{
    uint64_t time;
    struct span text = facts_find(facts, &s->timestamp);
    if (!span_is_present(text) || !span_to_u64(span_trim(text), &time) || time > INT64_MAX / 2000)
        return false;
    int64_t at = (int64_t)time * (time < FIRST_MS ? 1000 : 1);
    int64_t age = now > at ? now - at : at - now;
    return age <= s->max_age_ms;
}

static bool fits_either_port(const struct signature *s, const struct signed_request *r, struct span bytes)
{
    unsigned ways = s->scheme == SIGNS_URL_AND_FIELDS ? 2 : 1;
    bool fits = false;
    for (unsigned way = 0; way < ways; way++) {
        struct span content = signature_content(s, r, way == 1);
        fits = (span_is_present(content) && signature_fits(s, content, bytes, r->arena)) || fits;
    }
    return fits;
}

enum signature_fault signature_check(const struct signature *s, const struct http_request *request,
                                     const struct shape *shape, struct facts *facts, int64_t now, struct arena *arena)
{
    struct signed_request r = {request, shape, facts, arena};
    struct span text = signature_presented(s, &r);
    if (text.len == 0)
        return SIGNATURE_MISSING;
    if (!span_starts_with(text, s->prefix))
        return SIGNATURE_WRONG;
    struct span bytes = signature_decode(s->encoding, span_from(text, s->prefix.len), arena);
    if (!span_is_present(bytes) || !fits_either_port(s, &r, bytes))
        return SIGNATURE_WRONG;
    return s->ages && !is_fresh(s, facts, now) ? SIGNATURE_OLD : SIGNATURE_HOLDS;
}

bool signature_knows_name(const struct signature *s, struct span name)
{
    bool ages_by = s->ages && s->timestamp.place != SOURCE_CONST && span_equal_nocase(s->timestamp.name, name);
    return ages_by || span_equal_nocase(s->header, name) || span_equal_nocase(s->field, name) ||
           span_equal_nocase(s->body_hash, name);
}

bool signature_may_hold(const struct signature *s, const struct http_request *head)
{
    return !span_is_present(s->header) || http_header(head, s->header).len > 0;
}
