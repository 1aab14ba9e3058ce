#include "console/door/kept.h"

#include <sodium.h>
#include "base/sealed.h"
#include "console/door/back.h"
#include "console/door/csrf.h"

/* What is sealed for a page moves to no row of the file. KEPT_MAX: as text it fits into the next form. */
enum { KEPT_CONTEXT = -1, KEPT_MAX = 44 * 1024 };
#define KEPT "kept"
#define LATER "later"
#define TEXT_OF_BYTES sodium_base64_VARIANT_URLSAFE_NO_PADDING

static bool is_secret(struct span name)
{
    return span_holds_nocase(name, SPAN("password")) || span_equal(name, SPAN("code"));
}

static bool is_kept(struct span name)
{
    return !span_equal(name, SPAN("token")) && !span_equal(name, SPAN(LATER));
}

struct kept_form kept_take(const struct visit *visit)
{
    struct kept_form none = {0};
    struct span action = visit->request->path;
    if (!back_is_action(visit->site, action))
        return none;
    struct pair *fields = ARENA_ARRAY(visit->arena, struct pair, visit->form_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < visit->form_count; i++) {
        if (is_secret(visit->form[i].name))
            return none;
        if (is_kept(visit->form[i].name))
            fields[count++] = visit->form[i];
    }
    return (struct kept_form){.action = action, .fields = fields, .field_count = count};
}

bool kept_is_for_later(const struct visit *visit)
{
    return span_is_present(visit_field(visit, LATER));
}

/* ---- sealed: whose page it was, where it goes to, its names and values; no text that came has a NUL in it ---- */

static void add_text(struct buffer *text, struct span item)
{
    buffer_add(text, item);
    buffer_add_char(text, '\0');
}

static struct span seal(const struct visit *visit, struct span owner, const struct kept_form *form)
{
    struct buffer text;
    buffer_init(&text, visit->arena, KEPT_MAX);
    add_text(&text, owner);
    add_text(&text, form->action);
    for (size_t i = 0; i < form->field_count; i++) {
        add_text(&text, form->fields[i].name);
        add_text(&text, form->fields[i].value);
    }
    if (buffer_failed(&text))
        return SPAN_NONE;
    struct span sealed = keyring_seal(visit->site->config->keyring, KEPT_CONTEXT, buffer_span(&text), visit->arena);
    size_t room = sodium_base64_encoded_len(sealed.len, TEXT_OF_BYTES);
    char *written = arena_alloc(visit->arena, room);
    sodium_bin2base64(written, room, (const unsigned char *)sealed.at, sealed.len, TEXT_OF_BYTES);
    return span_of(written);
}

struct span kept_seal(const struct visit *visit)
{
    struct span brought = visit_field(visit, KEPT), owner = csrf_owner(visit);
    if (brought.len > 0)
        return brought;
    const struct kept_form form = kept_take(visit);
    if (!span_is_present(form.action) || !span_is_present(owner))
        return SPAN_NONE;
    return seal(visit, owner, &form);
}

static bool unseal(const struct visit *visit, struct span written, struct span *text)
{
    size_t len = 0;
    unsigned char *sealed = arena_alloc(visit->arena, written.len + 1);
    return sodium_base642bin(sealed, written.len, written.at, written.len, NULL, &len, NULL, TEXT_OF_BYTES) == 0 &&
           keyring_unseal(visit->site->config->keyring, KEPT_CONTEXT, (struct span){(const char *)sealed, len},
                          visit->arena, text) == OUTCOME_OK;
}

/* None, where it is another operator's. */
static struct kept_form read_form(const struct visit *visit, struct span text)
{
    struct span rest = text, owner = span_cut(&rest, '\0');
    struct kept_form form = {.action = span_cut(&rest, '\0')};
    if (!csrf_is_owner(visit, owner) || !back_is_action(visit->site, form.action))
        return (struct kept_form){0};
    struct pair *fields = ARENA_ARRAY(visit->arena, struct pair, FORM_PAIRS_MAX);
    while (rest.len > 0 && form.field_count < FORM_PAIRS_MAX) {
        struct span name = span_cut(&rest, '\0');
        fields[form.field_count++] = (struct pair){name, span_cut(&rest, '\0')};
    }
    form.fields = fields;
    return form;
}

struct kept_form kept_theirs(const struct visit *visit)
{
    struct span brought = visit_field(visit, KEPT), text;
    if (brought.len > 0)
        return unseal(visit, brought, &text) ? read_form(visit, text) : (struct kept_form){0};
    return csrf_is_owner(visit, csrf_owner(visit)) ? kept_take(visit) : (struct kept_form){0};
}
