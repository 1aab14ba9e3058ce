/*
 * template: texts with places to fill, compiled once at load: "CON {{text}}",
 * "to={{to|form}}{{#link}}&linkId={{link|form}}{{/link}}".
 *
 * {{name}} or {{name|escape}}; the escapes are those of escape.h. {{#name}}...{{/name}} is left out when the value is
 * absent or empty, {{^name}}...{{/name}} when it is not; sections may nest. {{in.SOURCE}} is a fact of the request that
 * is answered (source.h). {{secret.NAME}} and {{with.NAME}} are settings of the channel and become plain text when the
 * template is compiled, and so do sections of them. Compiled templates never change and may be rendered from any thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "aggregator/language/escape.h"
#include "aggregator/language/layer.h"
#include "aggregator/language/source.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/problems.h"
#include "base/span.h"

enum template_value {
    VALUE_TEXT,
    VALUE_TO,
    VALUE_TO_NO_PLUS,
    VALUE_FROM,
    VALUE_SESSION,
    VALUE_ID,
    VALUE_LINK,
    VALUE_CHANNEL,
    VALUE_PUBLIC_URL,
    VALUE_REPORT_DOOR, /* our URL for delivery reports, credentials included, ending so that "name=value" can follow */
    VALUE_REPORT_URL,  /* the profile's send.report_url, rendered */
    VALUE_UNICODE,     /* "1" when the text needs UCS-2, otherwise empty */
    VALUE_ENDS,        /* "1" on the last page of a session, otherwise empty */
    VALUE_TOKEN,       /* what exchange_read_token gave */
    VALUE_REASON,      /* of a rejection: what is wrong */
    VALUE_FIELD,       /* and where */
    VALUE_ECHO,        /* the first of {{in.SOURCE}}, in the order of the profile's list */
    VALUE_COUNT = VALUE_ECHO + SOURCES_MAX
};

/* Which values are known where: a value that would always be empty is a slip. */
#define VALUES_OF(value) (UINT32_C(1) << (value))
#define VALUES_OF_A_REPLY                                                                                              \
    (VALUES_OF(VALUE_TEXT) | VALUES_OF(VALUE_TO) | VALUES_OF(VALUE_TO_NO_PLUS) | VALUES_OF(VALUE_FROM) |               \
     VALUES_OF(VALUE_SESSION) | VALUES_OF(VALUE_ID) | VALUES_OF(VALUE_LINK) | VALUES_OF(VALUE_CHANNEL) |               \
     VALUES_OF(VALUE_PUBLIC_URL) | VALUES_OF(VALUE_UNICODE) | VALUES_OF(VALUE_ENDS))
#define VALUES_OF_A_REFUSAL (VALUES_OF(VALUE_REASON) | VALUES_OF(VALUE_FIELD) | VALUES_OF(VALUE_CHANNEL))
#define VALUES_OF_A_SEND                                                                                               \
    (VALUES_OF(VALUE_TEXT) | VALUES_OF(VALUE_TO) | VALUES_OF(VALUE_TO_NO_PLUS) | VALUES_OF(VALUE_FROM) |               \
     VALUES_OF(VALUE_ID) | VALUES_OF(VALUE_LINK) | VALUES_OF(VALUE_CHANNEL) | VALUES_OF(VALUE_PUBLIC_URL) |            \
     VALUES_OF(VALUE_REPORT_DOOR) | VALUES_OF(VALUE_REPORT_URL) | VALUES_OF(VALUE_UNICODE) | VALUES_OF(VALUE_ENDS) |   \
     VALUES_OF(VALUE_TOKEN))
#define VALUES_OF_A_CHANNEL (VALUES_OF(VALUE_CHANNEL) | VALUES_OF(VALUE_PUBLIC_URL))

struct template_piece {
    enum { PIECE_LITERAL, PIECE_VALUE, PIECE_SECTION, PIECE_SECTION_UNLESS } kind;
    struct span literal;
    unsigned value; /* enum template_value, or VALUE_ECHO and up */
    enum template_escape escape;
    size_t section_pieces; /* of a section: how many pieces after this one belong to it */
};

struct template
{
    const struct template_piece *pieces;
    size_t count;
};

struct template_names {
    struct layer secrets, with; /* where {{secret.NAME}} and {{with.NAME}} are looked up */
    bool forgiving;             /* a disabled channel: one that is missing is no finding, "0" stands in its place */
    uint32_t known;             /* VALUES_OF(...): what may stand here */
    struct source_list *echoes; /* takes up the {{in.SOURCE}}; NULL: no request is answered here */
};

/* Findings are reported at `setting`; the template is then empty. An absent setting gives an empty template. */
struct template template_compile(struct setting setting, const struct template_names *names, struct arena *arena,
                                 struct problems *problems);
bool template_uses(const struct template *t, unsigned value);
void template_render(const struct template *t, const struct span values[VALUE_COUNT], struct buffer *out);

/* What a dialect cannot carry in a screen, and what it says instead: "\n" becomes "<br/>", as it stands there. */
struct translation {
    struct span text, becomes;
};
struct translations {
    const struct translation *at;
    size_t count;
};
/* The same, with VALUE_TEXT translated: what is not translated is escaped for its place. */
void template_render_screen(const struct template *t, const struct span values[VALUE_COUNT],
                            const struct translations *translations, struct buffer *out);
