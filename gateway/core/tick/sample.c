#include "core/tick/sample.h"

#include <string.h>
#include "aggregator/exchange.h"

struct sketch {
    const struct channel *channel;
    size_t len;
    bool is_full;
    char at[SAMPLE_MAX];
};

static void add(struct sketch *sketch, struct span text)
{
    if (sketch->is_full)
        return;
    size_t room = sizeof sketch->at - 1 - sketch->len;
    sketch->is_full = text.len > room;
    size_t len = sketch->is_full ? room : text.len;
    if (len)
        memcpy(sketch->at + sketch->len, text.at, len);
    sketch->len += len;
    if (sketch->is_full)
        sketch->at[sketch->len++] = '~';
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* Whatever is beyond ASCII counts as a letter. */
static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static char mask(unsigned char c)
{
    if (is_digit(c))
        return '9';
    if (is_letter(c))
        return 'a';
    return c > ' ' && c < 0x7f ? (char)c : ' ';
}

/* The shape of what somebody said. */
static void add_masked(struct sketch *sketch, struct span value)
{
    char shape[SAMPLE_VALUE_MAX];
    size_t len = 0;
    for (size_t i = 0; i < value.len && len < sizeof shape; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c & 0xC0) != 0x80) /* one for each character, not for each of its bytes */
            shape[len++] = mask(c);
    }
    add(sketch, (struct span){shape, len});
    if (value.len > SAMPLE_VALUE_MAX)
        add(sketch, SPAN("~"));
}

static bool is_one_of(struct span name, const char *const *list)
{
    for (; *list; list++)
        if (span_equal_nocase(name, span_of(*list)))
            return true;
    return false;
}

static void add_name(struct sketch *sketch, struct span name)
{
    if (exchange_knows_name(sketch->channel, name))
        add(sketch, name);
    else
        add_masked(sketch, name);
}

/* ---- the head ---- */

static void add_method(struct sketch *sketch, struct span method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", NULL};
    if (is_one_of(method, known))
        add(sketch, method);
    else
        add_masked(sketch, method);
}

/* "/in/at-ussd/ * /": a secret may stand in any segment after the channel's name. */
static void add_path(struct sketch *sketch, struct span path)
{
    struct span door = span_from(path, 1);
    span_cut(&door, '/');
    add(sketch, span_first(path, path.len - (door.at ? door.len : 0)));
    add(sketch, sketch->channel->id);
    if (!door.at)
        return;
    span_cut(&door, '/');
    while (span_is_present(door)) {
        span_cut(&door, '/');
        add(sketch, SPAN("/*"));
    }
}

static void add_header(struct sketch *sketch, const struct pair *header)
{
    static const char *const known[] = {"Accept",
                                        "Accept-Charset",
                                        "Accept-Encoding",
                                        "Accept-Language",
                                        "Authorization",
                                        "Cache-Control",
                                        "Connection",
                                        "Content-Length",
                                        "Content-Type",
                                        "Cookie",
                                        "Date",
                                        "Expect",
                                        "Forwarded",
                                        "Host",
                                        "SOAPAction",
                                        "Transfer-Encoding",
                                        "User-Agent",
                                        "Via",
                                        "X-Forwarded-For",
                                        "X-Forwarded-Host",
                                        "X-Forwarded-Proto",
                                        "X-Real-IP",
                                        "X-Request-ID",
                                        NULL};
    static const char *const types[] = {"application/json",    "application/x-www-form-urlencoded",
                                        "application/xml",     "text/xml",
                                        "text/plain",          "text/html",
                                        "multipart/form-data", NULL};
    struct span rest = header->value;
    add(sketch, SPAN("\n"));
    if (is_one_of(header->name, known))
        add(sketch, header->name);
    else
        add_name(sketch, header->name);
    add(sketch, SPAN(": "));
    if (span_equal_nocase(header->name, SPAN("Content-Type"))) {
        struct span type = span_cut(&rest, ';');
        if (is_one_of(span_trim(type), types)) {
            add(sketch, type);
            if (span_is_present(rest))
                add(sketch, SPAN(";"));
        } else
            rest = header->value;
    }
    add_masked(sketch, rest);
}

/* ---- what it says ---- */

static void add_form(struct sketch *sketch, struct span text)
{
    while (span_is_present(text) && !sketch->is_full) {
        struct span pair = span_cut(&text, '&');
        bool has_value = memchr(pair.at, '=', pair.len) != NULL;
        struct span name = span_cut(&pair, '=');
        if (has_value || text.at)
            add_name(sketch, name);
        else
            add_masked(sketch, name); /* a body that is no form at all */
        if (has_value)
            add(sketch, SPAN("="));
        add_masked(sketch, pair);
        if (span_is_present(text))
            add(sketch, SPAN("&"));
    }
}

static bool is_name_byte(unsigned char c)
{
    return is_digit(c) || is_letter(c) || c == '_' || c == '-' || c == '.';
}

static size_t skip_blanks(struct span body, size_t i)
{
    while (i < body.len && strchr(" \t\r\n", body.at[i]) && body.at[i])
        i++;
    return i;
}

/* Whether the word before `end` stands where JSON or XML has a name: "word": or <word or word=". */
static bool stands_as_name(struct span body, size_t start, size_t end)
{
    char before = start ? body.at[start - 1] : '\0';
    size_t after = skip_blanks(body, end);
    char next = after < body.len ? body.at[after] : '\0';
    if (before == '<' || (before == '/' && start > 1 && body.at[start - 2] == '<') || next == '=')
        return true;
    if (before != '"' || next != '"')
        return false;
    after = skip_blanks(body, after + 1);
    return after < body.len && body.at[after] == ':';
}

/* JSON, XML, whatever it is: the words by themselves, what stands between them as it is. */
static void add_marked_up(struct sketch *sketch, struct span body)
{
    size_t said = 0; /* of the value at hand */
    for (size_t i = 0; i < body.len && !sketch->is_full;) {
        size_t end = i;
        while (end < body.len && is_name_byte((unsigned char)body.at[end]))
            end++;
        struct span word = span_first(span_from(body, i), end > i ? end - i : 1);
        bool is_name = end > i && stands_as_name(body, i, end);
        bool divides = memchr("\"<>,", word.at[0], 4) != NULL; /* by length: a NUL is none of them */
        if (is_name)
            add_name(sketch, word);
        else if (divides)
            add(sketch, word);
        else if (said < SAMPLE_VALUE_MAX)
            add_masked(sketch, span_first(word, SAMPLE_VALUE_MAX - said));
        else if (said < 2 * SAMPLE_VALUE_MAX) {
            add(sketch, SPAN("~"));
            said = 2 * SAMPLE_VALUE_MAX;
        }
        if (divides)
            said = 0;
        else if (!is_name)
            said += word.len;
        i += word.len;
    }
}

static void add_body(struct sketch *sketch, struct span body)
{
    size_t first = skip_blanks(body, 0);
    add(sketch, SPAN("\n\n"));
    if (first < body.len && memchr("{[<", body.at[first], 3))
        add_marked_up(sketch, body);
    else
        add_form(sketch, body);
}

struct span sample_of(const struct channel *channel, const struct http_request *request, struct arena *arena)
{
    struct sketch sketch;
    sketch.channel = channel;
    sketch.len = 0;
    sketch.is_full = false;
    add_method(&sketch, request->method);
    add(&sketch, SPAN(" "));
    add_path(&sketch, request->path);
    if (request->query.len) {
        add(&sketch, SPAN("?"));
        add_form(&sketch, request->query);
    }
    for (size_t i = 0; i < request->header_count; i++)
        add_header(&sketch, &request->headers[i]);
    if (request->body.len)
        add_body(&sketch, request->body);
    return arena_copy(arena, (struct span){sketch.at, sketch.len});
}
