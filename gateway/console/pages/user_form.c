#include "console/pages/user_form.h"

#include <string.h>
#include "console/templates.h"
#include "menu/desk.h"

enum { LIST_MAX = 256, JOINED_MAX = 4096 };

/* ---- words ---- */

static struct span word_named(const struct visit *visit, const char *prefix, struct span id)
{
    char name[64];
    size_t len = strlen(prefix);
    if (len + id.len >= sizeof name)
        return id;
    memcpy(name, prefix, len);
    for (size_t i = 0; i < id.len; i++)
        name[len + i] = id.at[i] == '-' ? '_' : id.at[i];
    name[len + id.len] = '\0';
    enum word word = words_named(name);
    return word == WORD_COUNT ? id : words_get(visit->style.words, word);
}

static struct span role_words(const struct visit *visit, enum role role)
{
    return word_named(visit, "role_", span_of(role_name(role)));
}

struct span user_roles_words(const struct visit *visit, role_set roles)
{
    struct buffer text;
    buffer_init(&text, visit->arena, JOINED_MAX);
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if (!(roles & ROLE_BIT(role)))
            continue;
        if (text.len > 0)
            buffer_add_text(&text, ", ");
        buffer_add(&text, role_words(visit, role));
    }
    return buffer_span(&text);
}

static struct span language_words(const struct visit *visit, struct span id)
{
    return word_named(visit, "lang_", id);
}

static struct span topic_words(const struct visit *visit, struct span id)
{
    struct span lang = words_id(visit->style.words);
    for (size_t i = 0; visit->catalogue && i < visit->catalogue->service_count; i++) {
        struct span words = desk_topic_words(visit->catalogue->services[i], id, lang, visit->arena);
        if (words.len > 0 && !span_equal(words, id))
            return words;
    }
    return id;
}

typedef struct span words_for(const struct visit *visit, struct span id);

static struct span join_words(const struct visit *visit, struct span ids, words_for *words)
{
    struct buffer text;
    buffer_init(&text, visit->arena, JOINED_MAX);
    for (struct span rest = ids; span_is_present(rest);) {
        struct span id = span_cut(&rest, ' ');
        if (id.len == 0)
            continue;
        if (text.len > 0)
            buffer_add_text(&text, ", ");
        buffer_add(&text, words(visit, id));
    }
    return buffer_span(&text);
}

struct span user_topics_words(const struct visit *visit, struct span ids)
{
    return join_words(visit, ids, topic_words);
}

struct span user_languages_words(const struct visit *visit, struct span ids)
{
    return join_words(visit, ids, language_words);
}

/* ---- what it offers ---- */

static bool holds(struct span ids, struct span id)
{
    for (struct span rest = ids; span_is_present(rest);)
        if (span_equal(span_cut(&rest, ' '), id))
            return true;
    return false;
}

struct list {
    const struct visit *visit;
    struct user_choice *choices;
    size_t count;
    struct span chosen;
    words_for *words;
};

static void add(struct list *list, struct span id)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->choices[i].id, id))
            return;
    if (id.len > 0 && list->count < LIST_MAX)
        list->choices[list->count++] =
            (struct user_choice){.id = id, .words = list->words(list->visit, id), .is_chosen = holds(list->chosen, id)};
}

static struct list start(const struct visit *visit, struct span chosen, words_for *words)
{
    return (struct list){.visit = visit,
                         .choices = ARENA_ARRAY(visit->arena, struct user_choice, LIST_MAX),
                         .chosen = chosen,
                         .words = words};
}

/* What was chosen once and no service knows any more stays to be seen, and to be taken away. */
static void add_chosen(struct list *list)
{
    for (struct span rest = list->chosen; span_is_present(rest);)
        add(list, span_cut(&rest, ' '));
}

static struct list list_topics(const struct visit *visit, struct span chosen)
{
    struct list list = start(visit, chosen, topic_words);
    for (size_t i = 0; visit->catalogue && i < visit->catalogue->service_count; i++) {
        size_t count = 0;
        const struct span *topics = desk_topics(visit->catalogue->services[i], &count);
        for (size_t n = 0; n < count; n++)
            add(&list, topics[n]);
    }
    add_chosen(&list);
    return list;
}

static struct list list_languages(const struct visit *visit, struct span chosen)
{
    struct list list = start(visit, chosen, language_words);
    for (size_t i = 0; visit->catalogue && i < visit->catalogue->service_count; i++) {
        const struct service *service = visit->catalogue->services[i];
        for (size_t n = 0; n < service_language_count(service); n++)
            add(&list, service_language(service, n));
    }
    add_chosen(&list);
    return list;
}

static const struct user_choice *list_roles(const struct visit *visit, role_set chosen)
{
    struct user_choice *roles = ARENA_ARRAY(visit->arena, struct user_choice, ROLE_COUNT);
    for (enum role role = 0; role < ROLE_COUNT; role++)
        roles[role] = (struct user_choice){.id = span_of(role_name(role)),
                                           .words = role_words(visit, role),
                                           .hint = word_named(visit, "role_is_", span_of(role_name(role))),
                                           .is_chosen = (chosen & ROLE_BIT(role)) != 0};
    return roles;
}

/* ---- what was chosen ---- */

/* Every value of the fields of this name, joined by ' '. */
static struct span join_fields(const struct visit *visit, const char *name)
{
    struct buffer text;
    buffer_init(&text, visit->arena, JOINED_MAX);
    for (size_t i = 0; i < visit->form_count; i++) {
        struct span value = visit->form[i].value;
        if (!span_equal_text(visit->form[i].name, name) || value.len == 0 || memchr(value.at, ' ', value.len))
            continue;
        if (text.len > 0)
            buffer_add_char(&text, ' ');
        buffer_add(&text, value);
    }
    return text.len > 0 ? buffer_span(&text) : SPAN("");
}

static role_set read_roles(const struct visit *visit)
{
    role_set roles = 0;
    enum role role;
    for (size_t i = 0; i < visit->form_count; i++)
        if (span_equal(visit->form[i].name, SPAN("role")) && role_named(visit->form[i].value, &role))
            roles |= ROLE_BIT(role);
    return roles;
}

static struct span field_or_empty(const struct visit *visit, const char *name)
{
    struct span value = visit_field(visit, name);
    return span_is_present(value) ? span_trim(value) : SPAN("");
}

struct operator user_form_read(const struct visit *visit)
{
    return (struct operator){.name = field_or_empty(visit, "name"),
                             .shown = field_or_empty(visit, "shown"),
                             .roles = read_roles(visit),
                             .topics = join_fields(visit, "topic"),
                             .languages = join_fields(visit, "language"),
                             .lang = words_id(visit->style.words),
                             .version = (uint32_t)visit_field_id(visit, "version")};
}

/* ---- the page ---- */

/* The core says the same of the first of them. */
struct mistakes user_form_check(const struct operator *typed)
{
    struct mistakes mistakes = {.count = 0};
    if (!operator_is_name(typed->name))
        mistakes_add(&mistakes, (struct mistake){.word = "why_user_name", .field = "name"});
    if (!operator_is_shown(typed->shown))
        mistakes_add(&mistakes, (struct mistake){.word = "why_user_shown", .field = "shown"});
    if (!typed->roles)
        mistakes_add(&mistakes, (struct mistake){.word = "why_user_roles", .field = "roles"});
    return mistakes;
}

struct mistakes user_form_refused(const char *why)
{
    static const struct mistake known[] = {
        {.word = "why_user_shown", .field = "shown"},         {.word = "why_user_roles", .field = "roles"},
        {.word = "why_user_lists", .field = "topics"},        {.word = "why_user_topics", .field = "topics"},
        {.word = "why_user_languages", .field = "languages"}, {.word = "why_user_name", .field = "name"},
        {.word = "why_name_taken", .field = "name"},          {.word = "why_last_admin", .field = "roles"}};
    struct mistakes mistakes = {.count = 0};
    mistakes_add(&mistakes, mistake_known(known, sizeof known / sizeof *known, why));
    return mistakes;
}

static struct user_view fill(struct visit *visit, const struct operator *user, const struct mistakes *mistakes)
{
    struct list topics = list_topics(visit, user->topics), languages = list_languages(visit, user->languages);
    bool is_new = user->id == 0;
    return (struct user_view){.frame = visit_frame(visit, is_new ? "user_new" : "user_one", "users"),
                              .mistakes = *mistakes,
                              .wrong = {.name = mistakes_at(mistakes, "name"),
                                        .shown = mistakes_at(mistakes, "shown"),
                                        .roles = mistakes_at(mistakes, "roles"),
                                        .topics = mistakes_at(mistakes, "topics"),
                                        .languages = mistakes_at(mistakes, "languages")},
                              .is_new = is_new,
                              .is_me = user->id == visit->operator->id,
                              .is_disabled = user->is_disabled,
                              .has_factor = user->totp.len > 0,
                              .must_change = user->must_change,
                              .id = user->id,
                              .last_at = user->last_at,
                              .created_at = user->created_at,
                              .version = user->version,
                              .name = user->name,
                              .shown = user->shown,
                              .key = visit_new_key(visit),
                              .roles = list_roles(visit, user->roles),
                              .role_count = ROLE_COUNT,
                              .topics = topics.choices,
                              .topic_count = topics.count,
                              .languages = languages.choices,
                              .language_count = languages.count};
}

static void show(struct visit *visit, unsigned status, const struct user_view *view)
{
    struct html html = visit_html(visit);
    show_user(&html, view);
    visit_show(visit, status, &html);
}

void user_form_show(struct visit *visit, unsigned status, const struct operator *user, const struct mistakes *mistakes)
{
    const struct user_view view = fill(visit, user, mistakes);
    show(visit, status, &view);
}

static struct user_said said(const struct visit *visit, const struct operator *user)
{
    return (struct user_said){.shown = user->shown,
                              .roles = user_roles_words(visit, user->roles),
                              .topics = user_topics_words(visit, user->topics),
                              .languages = user_languages_words(visit, user->languages)};
}

void user_form_compare(struct visit *visit, const struct operator *typed, const struct operator *now, const char *why)
{
    struct mistakes mistakes = {.count = 0};
    mistakes_add(&mistakes, (struct mistake){.word = why, .field = "conflict"});
    struct user_view view = fill(visit, typed, &mistakes);
    view.has_conflict = true;
    view.now = said(visit, now);
    view.typed = said(visit, typed);
    show(visit, 409, &view);
}
