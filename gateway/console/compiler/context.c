#include "console/compiler/context.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || strchr("-_:.", c);
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* Everything that a browser or htmx takes for an address. */
static bool is_address(const struct context *context)
{
    static const char *const names[] = {
        "href",     "src",       "action",      "formaction",     "hx-get",         "hx-post",     "hx-put",
        "hx-patch", "hx-delete", "hx-push-url", "hx-replace-url", "cite",           "poster",      "data",
        "ping",     "manifest",  "background",  "xlink:href",     "hx-sse:connect", "sse-connect", NULL};
    return is_one_of(context->attribute, names);
}

static void add_to_name(char *name, char c, struct spot place)
{
    size_t len = strlen(name);
    if (len + 1 >= CONTEXT_NAME)
        complain(place, "a name longer than %d letters: %s", CONTEXT_NAME - 1, name);
    name[len] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    name[len + 1] = '\0';
}

/* The console's pages have no script and no style of their own: its Content-Security-Policy forbids both. */
static void check_attribute(const struct context *context, struct spot place)
{
    const char *name = context->attribute;
    if (begins(name, "on") || begins(name, "hx-on") || begins(name, "hx-live"))
        complain(place, "%s: no script in a page: assets/app.js is where it goes", name);
    if (strcmp(name, "style") == 0)
        complain(place, "style: no style in a page: give it a class, assets/app.css says how that looks");
    if (strcmp(name, "srcdoc") == 0 || strcmp(name, "srcset") == 0)
        complain(place, "%s has no place in a page", name);
}

static void end_tag(struct context *context, struct spot place)
{
    static const char *const plain[] = {"title", "textarea", NULL};
    const char *element = context->element;
    if (strcmp(element, "style") == 0)
        complain(place, "<style>: no style in a page: assets/app.css is where it goes");
    context->place = IN_TEXT;
    if (strcmp(element, "pre") == 0)
        context->is_kept = !context->is_end_tag;
    if (context->is_end_tag)
        return;
    if (is_one_of(element, plain))
        context->place = IN_PLAIN_TEXT;
    if (strcmp(element, "script") == 0)
        context->place = IN_NOTHING;
}

static void begin_tag(struct context *context, struct span rest, struct spot place)
{
    context->is_end_tag = rest.len > 1 && rest.at[1] == '/';
    size_t name = context->is_end_tag ? 2 : 1;
    if (rest.len <= name || !(is_letter(rest.at[name]) || rest.at[name] == '!'))
        complain(place, "a `<` that begins no tag: write &lt;");
    context->place = IN_TAG_NAME;
    context->element[0] = context->attribute[0] = '\0';
}

/* Only the end tag of the same element leads out of what holds no tags. */
static bool is_own_end(const struct context *context, struct span rest)
{
    size_t len = strlen(context->element);
    return rest.len > len + 2 && rest.at[0] == '<' && rest.at[1] == '/' &&
           span_equal_nocase(span_first(span_from(rest, 2), len), span_of(context->element));
}

static void walk_tag(struct context *context, char c, struct spot place)
{
    bool was_tight = context->is_tight;
    context->is_tight = false;
    if (c == '>') {
        end_tag(context, place);
    } else if (is_name(c)) {
        if (was_tight)
            complain(place, "`%c` would become part of the name before it: a blank belongs here", c);
        context->place = IN_NAME;
        context->attribute[0] = '\0';
        add_to_name(context->attribute, c, place);
    } else if (!is_blank(c) && c != '/') {
        complain(place, "`%c` has no place in the tag <%s>", c, context->element);
    }
}

static void walk_tag_name(struct context *context, char c, struct spot place)
{
    if (is_name(c) || ((c == '/' || c == '!') && context->element[0] == '\0')) {
        if (c != '/')
            add_to_name(context->element, c, place);
    } else {
        context->place = IN_TAG;
        walk_tag(context, c, place);
    }
}

static void walk_name(struct context *context, char c, struct spot place)
{
    if (context->place == IN_NAME && is_name(c)) {
        add_to_name(context->attribute, c, place);
        return;
    }
    if (context->place == IN_NAME)
        check_attribute(context, place);
    if (c == '=') {
        context->place = BEFORE_VALUE;
    } else if (is_blank(c)) {
        context->place = AFTER_NAME;
    } else {
        context->place = IN_TAG;
        walk_tag(context, c, place);
    }
}

static void walk_value(struct context *context, struct span rest, struct spot place)
{
    char c = rest.at[0];
    if (c == context->quote) {
        context->place = IN_TAG;
        return;
    }
    if (c == '[' && strcmp(context->attribute, "hx-trigger") == 0)
        complain(place, "hx-trigger: a filter is a script; there is none in a page");
    if (!context->is_begun && is_address(context) &&
        (span_equal_nocase(span_first(rest, 11), SPAN("javascript:")) ||
         span_equal_nocase(span_first(rest, 5), SPAN("data:"))))
        complain(place, "%s: an address that is a script", context->attribute);
    if (span_equal_nocase(span_first(rest, 3), SPAN("js:")) && begins(context->attribute, "hx-"))
        complain(place, "%s: js: is a script; there is none in a page", context->attribute);
    context->is_begun = true;
}

static void begin_value(struct context *context, char c, struct spot place)
{
    if (is_blank(c))
        return;
    if (c != '"' && c != '\'')
        complain(place, "%s: the value of an attribute stands in quotes", context->attribute);
    context->place = IN_VALUE;
    context->quote = c;
    context->is_begun = false;
}

static void walk_text(struct context *context, struct span rest, struct spot place)
{
    if (context->place == IN_TEXT) {
        if (rest.at[0] == '<' && span_starts_with(rest, SPAN("<!--")))
            context->place = IN_COMMENT;
        else if (rest.at[0] == '<')
            begin_tag(context, rest, place);
    } else if (is_own_end(context, rest)) {
        begin_tag(context, rest, place);
    } else if (context->place == IN_NOTHING && !is_blank(rest.at[0])) {
        complain(place, "<script>: no script in a page: assets/app.js is where it goes");
    }
}

static void step(struct context *context, struct span rest, struct spot place)
{
    switch (context->place) {
    case IN_TEXT:
    case IN_PLAIN_TEXT:
    case IN_NOTHING:
        walk_text(context, rest, place);
        break;
    case IN_COMMENT:
        break;
    case IN_TAG_NAME:
        walk_tag_name(context, rest.at[0], place);
        break;
    case IN_TAG:
        walk_tag(context, rest.at[0], place);
        break;
    case IN_NAME:
    case AFTER_NAME:
        walk_name(context, rest.at[0], place);
        break;
    case BEFORE_VALUE:
        begin_value(context, rest.at[0], place);
        break;
    case IN_VALUE:
        walk_value(context, rest, place);
        break;
    }
}

/* Blanks between tags and within them mean one blank; a line's end stays one, so that a page can be read. */
static void keep(const struct context *context, char c, struct buffer *kept)
{
    bool is_free = (context->place == IN_TEXT && !context->is_kept) || context->place == IN_TAG;
    if (is_free && is_blank(c) && kept->len > 0 && is_blank(kept->at[kept->len - 1])) {
        if (c == '\n')
            kept->at[kept->len - 1] = '\n';
        return;
    }
    buffer_add_char(kept, c);
}

void context_walk(struct context *context, struct span literal, struct spot *place, struct buffer *kept)
{
    for (struct span rest = literal; rest.len > 0; rest = span_from(rest, 1)) {
        step(context, rest, *place);
        if (context->place == IN_COMMENT) {
            if (span_starts_with(rest, SPAN("-->"))) {
                context->place = IN_TEXT;
                rest = span_from(rest, 2);
            }
        } else {
            keep(context, rest.at[0], kept);
        }
        if (rest.at[0] == '\n')
            place->line++;
    }
}

static enum insertion insert_value(struct context *context, struct spot place)
{
    static const char *const harmless[] = {"hx-target",  "hx-select",  "hx-swap-oob", "hx-indicator",
                                           "hx-confirm", "hx-include", NULL};
    const char *name = context->attribute;
    bool is_begun = context->is_begun;
    context->is_begun = true;
    if (is_address(context))
        return is_begun ? INSERT_PART : INSERT_ADDRESS;
    if (begins(name, "hx-") && !is_one_of(name, harmless))
        complain(place, "%s: htmx would read a value here as more than text", name);
    return INSERT_ATTRIBUTE;
}

enum insertion context_insert(struct context *context, struct spot place)
{
    switch (context->place) {
    case IN_TEXT:
    case IN_PLAIN_TEXT:
        return INSERT_TEXT;
    case IN_VALUE:
        return insert_value(context, place);
    case BEFORE_VALUE:
        complain(place, "%s: the value of an attribute stands in quotes", context->attribute);
    case IN_NOTHING:
        complain(place, "no value can stand in <script>");
    default:
        complain(place, "no value can stand %s", context_name(context));
    }
}

void context_settle(struct context *context, struct spot place)
{
    if (context->place == IN_NAME)
        check_attribute(context, place);
    if (context->place == IN_NAME || (context->place == IN_TAG_NAME && context->element[0] != '\0')) {
        context->is_tight = true;
        context->place = IN_TAG;
    }
    if (context->place == AFTER_NAME)
        context->place = IN_TAG;
    if (context->place == IN_TAG_NAME || context->place == BEFORE_VALUE || context->place == IN_COMMENT)
        complain(place, "no block can begin or end %s", context_name(context));
}

bool context_same(const struct context *a, const struct context *b)
{
    if (a->place != b->place)
        return false;
    if (a->place == IN_TEXT)
        return a->is_kept == b->is_kept;
    if (strcmp(a->element, b->element) != 0)
        return false;
    return a->place != IN_VALUE || (a->quote == b->quote && strcmp(a->attribute, b->attribute) == 0 &&
                                    (a->is_begun == b->is_begun || !is_address(a)));
}

const char *context_name(const struct context *context)
{
    static const char *const names[] = {
        [IN_TEXT] = "in text",
        [IN_PLAIN_TEXT] = "in a title or textarea",
        [IN_NOTHING] = "in <script>",
        [IN_COMMENT] = "in a comment: write {{! ...}}",
        [IN_TAG_NAME] = "in the name of a tag",
        [IN_TAG] = "in a tag",
        [IN_NAME] = "in the name of an attribute",
        [AFTER_NAME] = "behind the name of an attribute",
        [BEFORE_VALUE] = "before the value of an attribute",
        [IN_VALUE] = "in the value of an attribute",
    };
    return names[context->place];
}
