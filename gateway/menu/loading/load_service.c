#include <string.h>
#include "base/duration.h"
#include "menu/loading/loader.h"

static const struct setting_rule service_rules[] = {
    {.name = "name", .type = SETTING_STRING, .required = true, .min = 1, .max = 40, .help = "the service's name"},
    {.name = "version",
     .type = SETTING_STRING,
     .required = true,
     .min = 1,
     .max = 40,
     .help = "for people, to tell versions apart"},
    {.name = "base", .type = SETTING_STRING, .max = 40, .help = "the service beside this one on which it stands"},
    {.name = "production", .type = SETTING_BOOL, .help = "serve approved texts only; false"},
    {.name = "zone", .type = SETTING_STRING, .required = true, .min = 6, .max = 6, .help = "east of UTC: \"+06:00\""},
    {.name = "languages", .type = SETTING_LIST, .required = true, .help = "in order; the first is the source"},
    {.name = "facts", .type = SETTING_GROUP, .help = "{fact.NAME} in texts: what is another in every country"},
    {.name = "entry", .type = SETTING_GROUP, .help = "where calls begin; required without `base`"},
    {.name = "windows", .type = SETTING_GROUP, .help = "time limits"},
    {.name = "keep_until_closed",
     .type = SETTING_STRINGS,
     .help = "request kinds that stay until closed when their person is forgotten"},
    {.name = "keywords", .type = SETTING_LIST, .help = "words that an SMS may consist of, or begin with"},
    {.name = "calendar", .type = SETTING_GROUP, .help = "when somebody is there; always"},
    {.name = "follow_up", .type = SETTING_GROUP, .help = "the few questions some months after a registration; none"},
    {.name = "desk", .type = SETTING_GROUP, .help = "what answers and texts mean to operators"},
    {.name = "triage", .type = SETTING_LIST, .help = "words in a free text that make it urgent"},
    {.name = "machines",
     .type = SETTING_STRINGS,
     .min = 1,
     .max = 80,
     .help = "how texts begin that are never answered"},
    {.name = NULL},
};
static const struct setting_rule language_rules[] = {
    {.name = "id",
     .type = SETTING_STRING,
     .required = true,
     .min = 1,
     .max = NAME_MAX_BYTES,
     .help = "as in text/<id>.conf"},
    {.name = "fallback",
     .type = SETTING_STRING,
     .max = NAME_MAX_BYTES,
     .help = "where missing texts come from; the first language"},
    {.name = "offered", .type = SETTING_BOOL, .help = "false: loaded and proven, but nothing leads to it; true"},
    {.name = NULL},
};
static const struct setting_rule entry_rules[] = {
    {.name = "first", .type = SETTING_STRING, .required = true, .help = "node for a phone without a known language"},
    {.name = "known", .type = SETTING_STRING, .required = true, .help = "node for every other call, and for 00"},
    {.name = "resume", .type = SETTING_STRING, .required = true, .help = "node that offers to continue"},
    {.name = "help_offer", .type = SETTING_STRING, .required = true, .help = "node after three bad answers"},
    {.name = "danger", .type = SETTING_STRING, .required = true, .help = "node with the emergency numbers"},
    {.name = "pin", .type = SETTING_STRING, .help = "where a PIN is asked for: an `ask` of type check_pin"},
    {.name = "danger_near",
     .type = SETTING_STRINGS,
     .help = "pages, and questions as \"form.question\", that danger has to be two keys from as well"},
    {.name = NULL},
};
static const struct setting_rule window_rules[] = {
    {.name = "resume_hours", .type = SETTING_INTEGER, .min = 1, .max = 24 * 30, .help = "24"},
    {.name = "resume", .type = SETTING_STRING, .choices = load_resume_names, .help = "after a drop; \"ask\""},
    {.name = "replies", .type = SETTING_INTEGER, .min = 1, .max = 1000, .help = "answers by SMS to one phone; 5"},
    {.name = "replies_minutes", .type = SETTING_INTEGER, .min = 1, .max = 24 * 60, .help = "within this time; 10"},
    {.name = "sms_silence_hours", .type = SETTING_INTEGER, .min = 1, .max = 24 * 30, .help = "6"},
    {.name = "call_within_hours", .type = SETTING_INTEGER, .min = 1, .max = 24 * 30, .help = "24"},
    {.name = "number_days", .type = SETTING_INTEGER, .min = 30, .max = 3650, .help = "180"},
    {.name = "danger_within_minutes", .type = SETTING_INTEGER, .min = 1, .max = 24 * 60, .help = "5"},
    {.name = NULL},
};
static int two_digits(const char *at)
{
    return at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' ? (at[0] - '0') * 10 + (at[1] - '0') : 99;
}

static void load_zone(struct loader *loader, struct setting root)
{
    struct span zone = setting_string(root, "zone", "+00:00");
    bool shaped = zone.len == 6 && (zone.at[0] == '+' || zone.at[0] == '-') && zone.at[3] == ':';
    int hours = shaped ? two_digits(zone.at + 1) : 99, minutes = shaped ? two_digits(zone.at + 4) : 99;
    if (hours > 14 || minutes > 59) {
        setting_problem(setting_get(root, "zone"), loader->problems,
                        "expected hours and minutes east of UTC, as \"+06:00\"");
        return;
    }
    loader->service->zone_minutes = (zone.at[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

/* Itself, then along the fallbacks, then the first language. A circle ends where it closes. */
static void order_language(struct loader *loader, struct language *language)
{
    const struct service *service = loader->service;
    size_t *order = ARENA_ARRAY(loader->arena, size_t, service->language_count + 1);
    bool seen[LANGUAGES_MAX] = {false};
    for (const struct language *at = language; at && !seen[at->index];
         at = service_find_language(service, at->fallback_name)) {
        seen[at->index] = true;
        order[language->order_count++] = at->index;
    }
    if (!seen[0])
        order[language->order_count++] = 0;
    language->order = order;
}

/* "bn" and "bn-latn" are one language in two scripts. */
static struct span without_script(struct span id)
{
    return span_cut(&id, '-');
}

static bool is_another_script(const struct service *service, const struct language *language)
{
    for (size_t i = 0; i < language->index; i++)
        if (service->languages[i].offered &&
            span_equal(without_script(service->languages[i].id), without_script(language->id)))
            return true;
    return false;
}

static void check_offered(struct loader *loader, struct setting list)
{
    const struct service *service = loader->service;
    size_t offered = 0;
    for (size_t i = 0; i < service->language_count; i++)
        offered += service->languages[i].offered && !is_another_script(service, &service->languages[i]);
    if (!service->languages[0].offered)
        setting_problem(setting_at(list, 0), loader->problems,
                        "the first language is what is shown before one is chosen: it has to be offered");
    if (offered > OFFERED_MAX)
        setting_problem(list, loader->problems,
                        "%zu languages are offered, at most %d fit one page; `offered = false` keeps one for later",
                        offered, OFFERED_MAX);
}

static void load_languages(struct loader *loader, struct setting list)
{
    struct service *service = loader->service;
    size_t count = setting_count(list);
    if (count == 0 || count > LANGUAGES_MAX) {
        setting_problem(list, loader->problems, "expected 1 to %d languages", LANGUAGES_MAX);
        return;
    }
    service->languages = ARENA_ARRAY(loader->arena, struct language, count);
    for (size_t i = 0; i < count; i++) {
        struct setting group = setting_at(list, i);
        settings_check(group, language_rules, loader->problems);
        struct span id = load_id(loader, group, "id");
        if (service_find_language(service, id))
            setting_problem(group, loader->problems, "language \"%.*s\" is listed twice", SPAN_ARG(id));
        service->languages[i] = (struct language){.id = span_is_present(id) ? id : SPAN(""),
                                                  .fallback_name = load_string(loader, group, "fallback"),
                                                  .index = i,
                                                  .offered = setting_bool(group, "offered", true),
                                                  .origin = load_origin(loader, group)};
        service->language_count = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        (void)load_language(loader, setting_at(list, i), "fallback");
        order_language(loader, &service->languages[i]);
    }
    check_offered(loader, list);
}

static void load_entry(struct loader *loader, struct setting group, const char *name, struct entry *entry)
{
    entry->name = load_string(loader, group, name);
    entry->origin = load_origin(loader, setting_get(group, name));
}

static void load_near(struct loader *loader, struct setting group)
{
    struct service *service = loader->service;
    struct span *names = load_strings(loader, group, "danger_near", &service->near_count);
    service->near = ARENA_ARRAY(loader->arena, struct entry, service->near_count);
    for (size_t i = 0; i < service->near_count; i++)
        service->near[i] =
            (struct entry){.name = names[i], .origin = load_origin(loader, setting_get(group, "danger_near"))};
}

static void load_entries(struct loader *loader, struct setting group)
{
    struct service *service = loader->service;
    settings_check(group, entry_rules, loader->problems);
    load_entry(loader, group, "first", &service->first);
    load_entry(loader, group, "known", &service->known);
    load_entry(loader, group, "resume", &service->resume);
    load_entry(loader, group, "help_offer", &service->help_offer);
    load_entry(loader, group, "danger", &service->danger);
    load_entry(loader, group, "pin", &service->pin);
    load_near(loader, group);
}

static void load_windows(struct loader *loader, struct setting group)
{
    struct service *service = loader->service;
    if (setting_is_present(group))
        settings_check(group, window_rules, loader->problems);
    service->resume_ms = setting_integer(group, "resume_hours", 24) * HOUR_MS;
    service->resume_policy = load_resume(group, RESUME_ASK);
    service->replies = setting_integer(group, "replies", 5);
    service->replies_ms = setting_integer(group, "replies_minutes", 10) * MINUTE_MS;
    service->sms_silence_ms = setting_integer(group, "sms_silence_hours", 6) * HOUR_MS;
    service->call_within_ms = setting_integer(group, "call_within_hours", 24) * HOUR_MS;
    service->number_ms = setting_integer(group, "number_days", 180) * 24 * HOUR_MS;
    service->danger_within_ms = setting_integer(group, "danger_within_minutes", 5) * MINUTE_MS;
}

static void check_base(struct loader *loader)
{
    struct setting root;
    for (size_t at = 0; load_next(loader, SOURCE_SERVICE, &at, &root);)
        if (load_is_inherited(loader, root) && setting_is_present(setting_get(root, "base")))
            setting_problem(setting_get(root, "base"), loader->problems,
                            "\"%.*s\" stands on this service: it cannot stand on another one itself",
                            SPAN_ARG(loader->service->name));
}

void load_service(struct loader *loader)
{
    size_t at = 0;
    struct setting root;
    if (!load_next(loader, SOURCE_SERVICE, &at, &root)) {
        problems_add(loader->problems, "service.conf", 0, "no such file: every service has one");
        return;
    }
    settings_check(root, service_rules, loader->problems);
    loader->service->name = load_id(loader, root, "name");
    loader->service->version = load_string(loader, root, "version");
    loader->service->production = setting_bool(root, "production", false);
    load_zone(loader, root);
    load_languages(loader, setting_get(root, "languages"));
    check_base(loader);
    if (setting_is_present(load_part(loader, "entry")))
        load_entries(loader, load_part(loader, "entry"));
    else
        setting_problem(root, loader->problems, "\"entry\" is missing: where calls begin");
    load_windows(loader, load_part(loader, "windows"));
    loader->service->kept_kinds =
        load_string_list(loader, load_part(loader, "keep_until_closed"), &loader->service->kept_kind_count);
    loader->service->kept_origin = load_origin(loader, load_part(loader, "keep_until_closed"));
}
