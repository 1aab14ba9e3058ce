#include "console/door/visit.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/random.h"
#include "console/door/board.h"
#include "console/door/presence.h"
#include "menu/desk.h"

#define KEY_TEXT ((size_t)2 * LOOKUP_BYTES)

/* ---- what came ---- */

struct span visit_query(const struct visit *visit, const char *name)
{
    struct span value = form_find(visit->query, visit->query_count, span_of(name));
    return span_is_present(value) ? span_trim(value) : value;
}

/* Browsers send CR LF for every line of a text, whatever was typed. */
static struct span without_cr(const struct visit *visit, struct span value)
{
    if (!span_is_present(value) || !memchr(value.at, '\r', value.len))
        return value;
    char *room = arena_alloc(visit->arena, value.len);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] != '\r' || i + 1 == value.len || value.at[i + 1] != '\n')
            room[len++] = value.at[i];
    return (struct span){room, len};
}

struct span visit_field(const struct visit *visit, const char *name)
{
    return without_cr(visit, form_find(visit->form, visit->form_count, span_of(name)));
}

static int64_t id_of(struct span value)
{
    uint64_t id;
    return span_to_u64(value, &id) && id <= INT64_MAX ? (int64_t)id : 0;
}

int64_t visit_field_id(const struct visit *visit, const char *name)
{
    return id_of(span_trim(visit_field(visit, name)));
}

int64_t visit_query_id(const struct visit *visit, const char *name)
{
    return id_of(visit_query(visit, name));
}

struct lookup visit_field_key(const struct visit *visit)
{
    struct lookup key;
    size_t len = 0;
    struct span text = visit_field(visit, "key");
    bool is_key = text.len == KEY_TEXT &&
                  sodium_hex2bin(key.at, sizeof key.at, text.at, text.len, NULL, &len, NULL) == 0 &&
                  len == sizeof key.at;
    return is_key ? key : (struct lookup){0};
}

struct span visit_new_key(const struct visit *visit)
{
    char *text = arena_alloc(visit->arena, KEY_TEXT + 1);
    random_hex(text, KEY_TEXT);
    return (struct span){text, KEY_TEXT};
}

bool visit_may(const struct visit *visit, enum right right)
{
    return right == RIGHT_NONE || (visit->operator && roles_may(visit->operator->roles, right));
}

const struct service *visit_service(const struct visit *visit, struct span channel)
{
    return visit->catalogue ? catalogue_service(visit->catalogue, channel) : NULL;
}

const struct service *visit_service_of(const struct visit *visit, const struct request_origin *origin)
{
    return visit->catalogue ? catalogue_service_of(visit->catalogue, origin) : NULL;
}

int visit_zone(const struct visit *visit, const struct service *service)
{
    const struct catalogue *catalogue = visit->catalogue;
    if (!service && catalogue && catalogue->service_count > 0)
        service = catalogue->services[0];
    return service ? service_zone_minutes(service) : 0;
}

struct span visit_zone_words(const struct visit *visit, const struct service *service)
{
    const int zone = visit_zone(visit, service), ahead = zone < 0 ? -zone : zone;
    if (zone == visit_zone(visit, NULL))
        return SPAN_NONE;
    const struct span ascii =
        arena_format(visit->arena, "UTC%c%02d:%02d", zone < 0 ? '-' : '+', ahead / 60, ahead % 60);
    return html_digits(&visit->style, ascii, visit->arena);
}

static struct span area_field(const void *context, const struct request_origin *origin)
{
    const struct service *service = visit_service_of(context, origin);
    return service ? desk_area_field(service) : SPAN_NONE;
}

struct area_fields visit_areas(const struct visit *visit)
{
    return (struct area_fields){.of = area_field, .context = visit};
}

size_t visit_viewers(const struct visit *visit, int64_t request, struct span *names, size_t max)
{
    struct presence *presence = visit->site->presence;
    presence_note(presence, visit->operator, request, visit->now);
    return presence_others(presence, request, visit->operator->id, visit->now, visit->arena, names, max);
}

/* ---- acting ---- */

struct desk_action visit_action(const struct visit *visit, enum desk_verb verb)
{
    return (struct desk_action){.verb = verb,
                                .operator = visit->whose ? visit->whose->id : 0,
                                .sign_in = visit->sign_in ? visit->sign_in->id : 0,
                                .peer = visit->peer,
                                .key = visit_field_key(visit)};
}

enum outcome visit_do(const struct visit *visit, const struct desk_action *action, struct desk_result *result)
{
    *result = (struct desk_result){0};
    if (action->verb != DESK_VIEW && action->verb != DESK_SEEN)
        board_look_again(visit->site->board);
    enum outcome outcome = desk_do(visit->site->config->desk, action, visit->arena, result);
    if (action->verb == DESK_REVEAL && outcome == OUTCOME_OK)
        board_note_revealed(visit->site->board);
    return outcome;
}

/* ---- answering ---- */

void visit_header(struct visit *visit, struct span name, struct span value)
{
    if (visit->header_count < sizeof visit->headers / sizeof *visit->headers)
        visit->headers[visit->header_count++] = (struct pair){name, value};
}

void visit_give(struct visit *visit, unsigned status, struct span content_type, struct span body)
{
    *visit->out = (struct http_response){.status = status, .content_type = content_type, .body = body};
}

void visit_go(struct visit *visit, const char *path_format, ...)
{
    struct buffer path;
    buffer_init(&path, visit->arena, VISIT_ADDRESS_MAX);
    va_list args;
    va_start(args, path_format);
    buffer_add_format_list(&path, path_format, args);
    va_end(args);
    visit_header(visit, SPAN("Location"), buffer_failed(&path) ? SPAN("/") : buffer_span(&path));
    visit_give(visit, 303, SPAN_NONE, SPAN(""));
}
