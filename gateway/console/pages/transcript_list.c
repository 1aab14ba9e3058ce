#include "console/pages/transcript_list.h"

#define QUERY_MAX 1500 /* far more than filters take; with the rest of an address it fits into a header */

static struct span address_without_page(const struct visit *visit, struct sessions_address address)
{
    address.below = address.above = 0;
    struct span query = sessions_address_write(&address, visit->arena);
    return arena_format(visit->arena, "/sessions?%.*s", SPAN_ARG(query));
}

enum outcome transcript_list_fill(const struct visit *visit, const struct sessions_address *address, int64_t session,
                                  struct transcript_list *out, struct error *err)
{
    struct session_filter filter;
    struct sessions_beside beside;
    *out = (struct transcript_list){0};
    struct span query = sessions_address_write(address, visit->arena);
    if (!sessions_address_is_filtered(address) || !span_is_present(query))
        return OUTCOME_OK;
    sessions_address_filter(address, visit->style.zone_minutes, &filter);
    enum outcome outcome = desk_read_sessions_beside(visit->reader, &filter, session, visit->arena, &beside, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *out = (struct transcript_list){
        .query = query,
        .back = address_without_page(visit, *address),
        .below = address->above ? 0 : address->below,
        .above = address->above,
        .older = beside.older,
        .newer = beside.newer,
        .older_from = beside.older_from,
        .newer_from = beside.newer_from,
    };
    return OUTCOME_OK;
}

struct span transcript_list_query(struct arena *arena, struct span list)
{
    struct buffer text;
    buffer_init(&text, arena, QUERY_MAX);
    if (list.len > 0) {
        buffer_add_text(&text, "list=");
        form_encode(list, &text);
        buffer_add_char(&text, '&');
    }
    return buffer_failed(&text) ? SPAN("") : buffer_span(&text);
}
