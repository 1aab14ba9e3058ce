/*
 * template: texts with places to fill, compiled once at load: "CON {{text}}",
 * "to={{to|form}}{{#link}}&linkId={{link|form}}{{/link}}".
 *
 * {{name}} or {{name|escape}}; the escapes are none, form, json, xml. {{#name}}...{{/name}} is left out when the value
 * is absent or empty; sections do not nest. {{secret.NAME}} and {{with.NAME}} are settings of the channel and become
 * plain text when the template is compiled. Compiled templates never change and may be rendered from any thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "aggregator/layer.h"
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
    VALUE_COUNT
};

enum template_escape { ESCAPE_NONE, ESCAPE_FORM, ESCAPE_JSON, ESCAPE_XML };

struct template_piece {
    enum { PIECE_LITERAL, PIECE_VALUE, PIECE_SECTION } kind;
    struct span literal;
    enum template_value value;
    enum template_escape escape;
    size_t section_pieces; /* PIECE_SECTION: how many pieces after this one belong to it */
};

struct template
{
    const struct template_piece *pieces;
    size_t count;
};

/* Where {{secret.NAME}} and {{with.NAME}} are looked up. A missing one is a finding unless `forgiving` (a disabled
 * channel). */
struct template_names {
    struct layer secrets, with;
    bool forgiving;
};

/* Findings are reported at `setting`; the template is then empty. An absent setting gives an empty template. */
struct template template_compile(struct setting setting, const struct template_names *names, struct arena *arena,
                                 struct problems *problems);
bool template_uses(const struct template *t, enum template_value value);
void template_render(const struct template *t, const struct span values[VALUE_COUNT], struct buffer *out);

/* The other way: what stood for {{text}} in `rendered`. Only for templates of the form prefix {{text}} suffix without
 * escapes; false when `rendered` is not of that form. */
bool template_match_text(const struct template *t, struct span rendered, struct span *text);
