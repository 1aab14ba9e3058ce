#include <jansson.h>

#include "aggregator/handset.h"
#include "aggregator/language/jsonpath.h"
#include "aggregator/language/template_match.h"
#include "aggregator/profile.h"

/* One way in which a dialect answers: a screen that goes on, or the last one. */
struct manner {
    const struct template *body;
    const struct headers_template *headers;
    const struct members *members;
};

static struct span header_of(const struct http_response *reply, struct span name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (span_equal_nocase(reply->headers[i].name, name))
            return reply->headers[i].value;
    return SPAN_NONE;
}

static bool headers_fit(const struct headers_template *headers, const struct http_response *reply, struct arena *arena)
{
    struct span ignored[VALUE_COUNT];
    for (size_t i = 0; i < headers->count; i++) {
        struct span value = header_of(reply, headers->at[i].name);
        if (!span_is_present(value) || !template_match(&headers->at[i].value, value, NULL, arena, ignored))
            return false;
    }
    return true;
}

static bool member_fits(const struct member_template *member, const json_t *object,
                        const struct translations *translations, struct arena *arena, struct span *screen)
{
    struct span values[VALUE_COUNT];
    struct span value = json_text(json_object_get(object, arena_text(arena, member->name)), arena);
    if (!span_is_present(value) || !template_match(&member->value, value, translations, arena, values))
        return false;
    if (span_is_present(values[VALUE_TEXT]))
        *screen = values[VALUE_TEXT];
    return true;
}

static bool members_fit(const struct members *members, struct span body, const struct translations *translations,
                        struct arena *arena, struct span *screen)
{
    json_t *object = json_read(body);
    bool fit = json_is_object(object);
    for (size_t i = 0; fit && i < members->count; i++)
        fit = member_fits(&members->at[i], object, translations, arena, screen);
    json_decref(object);
    return fit;
}

static bool manner_fits(const struct replying *reply, const struct manner *manner, const struct http_response *response,
                        struct arena *arena, struct span *screen)
{
    struct span values[VALUE_COUNT];
    if (!headers_fit(manner->headers, response, arena))
        return false;
    if (reply->same_object)
        return members_fit(manner->members, response->body, &reply->translations, arena, screen);
    if (!template_match(manner->body, response->body, &reply->translations, arena, values))
        return false;
    *screen = values[VALUE_TEXT];
    return true;
}

enum outcome handset_screen(const struct channel *channel, const struct http_response *response, struct arena *arena,
                            struct span *screen, bool *ends)
{
    const struct replying *reply = &channel->profile->reply;
    const struct manner manners[] = {{&reply->go_on, &reply->go_on_headers, &reply->set_go_on},
                                     {&reply->end, &reply->end_headers, &reply->set_end}};
    for (int i = 0; i < 2; i++) {
        *screen = SPAN_NONE;
        *ends = i == 1;
        if (manner_fits(reply, &manners[i], response, arena, screen) && span_is_present(*screen))
            return OUTCOME_OK;
    }
    return OUTCOME_REFUSED;
}

enum outcome handset_texted(const struct channel *channel, const struct http_response *reply, struct arena *arena,
                            struct span *text)
{
    const struct acknowledging *acknowledge = &channel->profile->acknowledge;
    struct span values[VALUE_COUNT];
    if (!channel->answers_in_reply || !template_match(&acknowledge->answer, reply->body, NULL, arena, values))
        return OUTCOME_NOT_FOUND;
    *text = values[VALUE_TEXT];
    return span_is_present(*text) && text->len > 0 ? OUTCOME_OK : OUTCOME_NOT_FOUND;
}
