#include "menu/drawing/request_words.h"
#include "menu/drawing/dates.h"
#include "text/screen.h"

bool piece_is_of_request(enum piece_kind kind)
{
    return kind >= PIECE_REQUEST_REFERENCE && kind <= PIECE_REQUEST_SAYS;
}

static struct span kind_words(const struct template_values *values, struct span kind)
{
    for (size_t i = 0; i < values->service->request_kind_count; i++)
        if (span_equal(values->service->request_kinds[i], kind) && span_is_present(values->language->request_kinds[i]))
            return values->language->request_kinds[i];
    return kind; /* of an older version of the service */
}

/* Words about a request hold places for what is known of it; what comes of them is one value of the page. */
static struct span fill(const struct template *words, const struct template_values *values, struct arena *arena)
{
    bool sensitive = false;
    return screen_plain(template_fill(words, values, arena, &sensitive), arena);
}

static const struct template *state_words(const struct template_values *values, const struct request *request)
{
    const struct language *language = values->language;
    if (language->request_late.count > 0 && request_is_late(request, values->facts->now))
        return &language->request_late;
    return &language->request_states[(unsigned)request->state % REQUEST_STATES];
}

static struct span reference_words(const struct request *request, struct arena *arena)
{
    char shown[REFERENCE_SHOWN];
    reference_show(request->reference, shown);
    return arena_copy(arena, span_of(shown));
}

static struct span moment(const struct template_values *values, int64_t at, struct arena *arena)
{
    return at ? date_words(values->service, values->language, at, values->facts->now, arena) : SPAN_NONE;
}

struct span request_piece(enum piece_kind kind, const struct template_values *values, struct arena *arena)
{
    const struct request *request = values->request ? values->request : facts_request(values->facts);
    if (!request)
        return SPAN_NONE;
    struct template_values own = *values;
    own.request = request;
    switch (kind) {
    case PIECE_REQUEST_REFERENCE:
        return reference_words(request, arena);
    case PIECE_REQUEST_KIND:
        return kind_words(values, request->kind);
    case PIECE_REQUEST_STATE:
        return fill(state_words(values, request), &own, arena);
    case PIECE_REQUEST_DUE:
        return moment(values, request->due_at, arena);
    case PIECE_REQUEST_NEXT:
        return moment(values, request->next_at ? request->next_at : request->due_at, arena);
    case PIECE_REQUEST_MADE:
        return moment(values, request->created_at, arena);
    case PIECE_REQUEST_CHANGED:
        return moment(values, request->changed_at, arena);
    case PIECE_REQUEST_SAYS:
        return fill(&values->language->request_says[request_says(request, values->facts->now)], &own, arena);
    default:
        return SPAN_NONE;
    }
}

struct span request_line(const struct template_values *values, const struct request *request, struct arena *arena)
{
    struct template_values own = *values;
    own.request = request;
    struct span state = request_piece(PIECE_REQUEST_STATE, &own, arena);
    if (template_holds(state_words(values, request), PIECE_REQUEST_REFERENCE))
        return screen_mark_value(state, arena);
    struct span reference = reference_words(request, arena), kind = kind_words(values, request->kind);
    return screen_mark_value(
        arena_format(arena, "%.*s %.*s: %.*s", SPAN_ARG(reference), SPAN_ARG(kind), SPAN_ARG(state)), arena);
}
