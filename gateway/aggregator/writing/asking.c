#include "aggregator/writing/asking.h"

#include <string.h>

#include "aggregator/language/basic.h"
#include "aggregator/writing/sending.h"

#define PART_MAX 65536

static struct span render_constant(const struct template *t, struct arena *arena)
{
    static const struct span nothing[VALUE_COUNT];
    struct buffer out;
    buffer_init(&out, arena, 1024);
    template_render(t, nothing, &out);
    return buffer_span(&out);
}

/* Made once: all of it is settings. */
static struct span compile_basic(struct layer section, const struct template_names *names, struct arena *arena,
                                 struct problems *problems)
{
    struct layer basic = layer_group(section, "basic");
    struct template_names own = *names;
    if (!layer_is_present(basic))
        return SPAN_NONE;
    layer_check(basic, sending_rules("send.basic"), problems);
    own.known = 0;
    own.echoes = NULL;
    struct template user = template_compile(layer_get(basic, "user"), &own, arena, problems);
    struct template password = template_compile(layer_get(basic, "password"), &own, arena, problems);
    struct span name = render_constant(&user, arena);
    if (name.len > 0 && memchr(name.at, ':', name.len) != NULL)
        layer_problem(basic, problems, "a user's name holds no colon");
    return basic_authorization(name, render_constant(&password, arena), arena);
}

/* RFC 3986: the characters of a URI. */
static bool is_url(struct span url, bool whole)
{
    if (whole && !span_starts_with(url, SPAN("https://")) && !span_starts_with(url, SPAN("http://")))
        return false;
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.at[i] <= ' ' || (unsigned char)url.at[i] >= 0x7f ||
            strchr("\"<>\\^`{|}", url.at[i]) != NULL)
            return false;
    return true;
}

static void check_url(struct layer section, const struct asking *asking, enum wellformed_place place, bool forgiving,
                      struct arena *arena, struct problems *problems)
{
    for (int all = 0; asking->url.count > 0 && all < 2; all++) {
        struct span values[VALUE_COUNT];
        struct buffer url;
        buffer_init(&url, arena, PART_MAX);
        wellformed_fill(place, all, values);
        template_render(&asking->url, values, &url);
        if (!buffer_failed(&url) && !is_url(buffer_span(&url), !forgiving)) {
            setting_problem(
                layer_get(section, "url"), problems,
                "comes out as no URL: it begins with http:// or https://, and every value in it needs |form");
            return;
        }
    }
}

/* What a body without a Content-Type is for: it is judged by how it begins, as its receiver has to. */
static struct span guessed_type(const struct template *body)
{
    struct span begin = body->count > 0 ? span_trim(body->pieces[0].literal) : SPAN("");
    char first = begin.len > 0 ? begin.at[0] : '\0';
    return first == '{' || first == '[' ? SPAN("json") : first == '<' ? SPAN("xml") : SPAN("x-www-form-urlencoded");
}

static void check_body(struct layer section, const struct asking *asking, enum wellformed_place place,
                       struct arena *arena, struct problems *problems)
{
    static const struct translations none = {NULL, 0};
    const struct header_template *type = headers_template_find(&asking->headers, SPAN("Content-Type"));
    struct span said = type != NULL ? render_constant(&type->value, arena) : guessed_type(&asking->body);
    wellformed_check(&asking->body, place, &none, said, layer_get(section, "body"), arena, problems);
}

void asking_compile(struct layer section, enum wellformed_place place, const struct template_names *names,
                    struct arena *arena, struct problems *problems, struct asking *out)
{
    size_t before = problems->count;
    out->method = arena_copy(arena, layer_string(section, "method", "POST"));
    out->url = template_compile(layer_get(section, "url"), names, arena, problems);
    out->body = template_compile(layer_get(section, "body"), names, arena, problems);
    out->headers = headers_template_compile(layer_get(section, "headers"), names, arena, problems);
    out->authorization = compile_basic(section, names, arena, problems);
    if (problems->count != before)
        return;
    check_url(section, out, place, names->forgiving, arena, problems);
    check_body(section, out, place, arena, problems);
}

bool asking_uses(const struct asking *asking, unsigned value)
{
    for (size_t i = 0; i < asking->headers.count; i++)
        if (template_uses(&asking->headers.at[i].value, value))
            return true;
    return template_uses(&asking->url, value) || template_uses(&asking->body, value);
}

static struct span render(const struct template *t, const struct span values[VALUE_COUNT], struct arena *arena,
                          bool *fits)
{
    struct buffer out;
    buffer_init(&out, arena, PART_MAX);
    template_render(t, values, &out);
    *fits = *fits && !buffer_failed(&out);
    return buffer_span(&out);
}

bool asking_render(const struct asking *asking, const struct span values[VALUE_COUNT], struct arena *arena,
                   struct send_job *job)
{
    struct pair *headers;
    bool fits = headers_template_render(&asking->headers, values, arena, &headers);
    job->method = asking->method;
    job->url = render(&asking->url, values, arena, &fits);
    job->body = render(&asking->body, values, arena, &fits);
    job->headers = headers;
    job->header_count = asking->headers.count;
    if (span_is_present(asking->authorization))
        headers[job->header_count++] = (struct pair){SPAN("Authorization"), asking->authorization};
    return fits && is_url(job->url, true);
}
