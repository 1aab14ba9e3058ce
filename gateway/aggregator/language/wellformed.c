#include "aggregator/language/wellformed.h"

#include "aggregator/language/jsonpath.h"
#include "aggregator/language/xml.h"
#include "http/percent.h"

#define BODY_MAX 65536

static bool is_json(struct span body)
{
    json_t *json = json_read(body);
    json_decref(json);
    return json != NULL;
}

/* Looser than form_decode (http/form.h), which takes no NUL: a text in UTF-16 is made of them. */
static bool is_form(struct span body)
{
    char ignored;
    for (size_t i = 0; i < body.len; i++) {
        if ((unsigned char)body.at[i] <= ' ' || (unsigned char)body.at[i] >= 0x7f)
            return false;
        if (body.at[i] == '%' && !percent_decode_one(span_from(body, i), &ignored))
            return false;
    }
    return true;
}

const char *wellformed_complaint(struct span content_type, struct span body, struct arena *arena)
{
    if (span_holds_nocase(content_type, SPAN("json")) && !is_json(body))
        return "is no JSON: a value needs |json within quotes, or |json-value";
    if (span_holds_nocase(content_type, SPAN("xml")) && xml_read(body, arena) == NULL)
        return "is no XML: a value needs |xml";
    if (span_holds_nocase(content_type, SPAN("x-www-form-urlencoded")) && !is_form(body))
        return "is no form: a value needs |form";
    return NULL;
}

/* "]]>" and "--" leave a CDATA section and a comment of XML. */
#define HOSTILE "a\"b'c<d>&e|f/g\\h\n{i}%j;=+#,]]>--"

void wellformed_fill(enum wellformed_place place, bool all, struct span values[VALUE_COUNT])
{
    for (unsigned i = 0; i < VALUE_COUNT; i++)
        values[i] = all ? SPAN(HOSTILE) : SPAN_NONE;
    values[VALUE_TEXT] = all ? SPAN(HOSTILE " \u09B8\u09CD\u00E9") : SPAN(HOSTILE);
    values[VALUE_TO] = place == WELLFORMED_SEND ? SPAN("+254711000111") : SPAN(HOSTILE);
    values[VALUE_TO_NO_PLUS] = place == WELLFORMED_SEND ? SPAN("254711000111") : SPAN(HOSTILE);
    if (place != WELLFORMED_REPLY)
        values[VALUE_ID] = SPAN("4711");
    values[VALUE_CHANNEL] = SPAN("channel");
    values[VALUE_PUBLIC_URL] = all ? SPAN("https://helpline.example.org") : SPAN_NONE;
    values[VALUE_UNICODE] = values[VALUE_ENDS] = all ? SPAN("1") : SPAN_NONE;
}

void wellformed_check(const struct template *t, enum wellformed_place place, const struct translations *translations,
                      struct span content_type, struct setting setting, struct arena *arena, struct problems *problems)
{
    struct span values[VALUE_COUNT];
    const char *complaint = NULL;
    for (int all = 0; t->count > 0 && all < 2 && complaint == NULL; all++) {
        struct buffer body;
        buffer_init(&body, arena, BODY_MAX);
        wellformed_fill(place, all, values);
        template_render_screen(t, values, translations, &body);
        if (!buffer_failed(&body)) /* a text beyond GSM-7, on a channel that says GSM-7 only */
            complaint = wellformed_complaint(content_type, buffer_span(&body), arena);
    }
    if (complaint != NULL)
        setting_problem(setting, problems, "with a text of quotes, lines and signs what comes out %s", complaint);
}
