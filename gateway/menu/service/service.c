#include "menu/service.h"
#include <stdlib.h>
#include <string.h>
#include "menu/service/model.h"
#include "menu/service/wording.h"

#define KEYS_A_WORD 8 /* so many keys are answered for each answer to words */

void service_free(struct service *service)
{
    if (service)
        arena_destroy(service->arena);
}

struct span service_name(const struct service *service)
{
    return service->name;
}

bool service_may_reply(const struct service *service, enum reply_kind kind, int64_t now, struct replied *replied)
{
    const bool is_first = !replied->words && !replied->keys;
    if (is_first || now - replied->since >= service->replies_ms)
        *replied = (struct replied){.since = now};
    unsigned *count = kind == REPLY_TO_WORDS ? &replied->words : &replied->keys;
    if (*count >= (unsigned)service->replies * (kind == REPLY_TO_KEY ? KEYS_A_WORD : 1))
        return false;
    ++*count;
    return true;
}

bool service_is_machine(const struct service *service, struct span text, struct arena *arena)
{
    struct span folded = service->machine_count ? wording_fold(text, arena) : SPAN_NONE;
    for (size_t i = 0; span_is_present(folded) && i < service->machine_count; i++)
        if (wording_begins(folded, service->machines[i].folded))
            return true;
    return false;
}

int64_t service_sms_silence_ms(const struct service *service)
{
    return service->sms_silence_ms;
}

int64_t service_number_ms(const struct service *service)
{
    return service->number_ms;
}

int service_zone_minutes(const struct service *service)
{
    return service->zone_minutes;
}

size_t service_language_count(const struct service *service)
{
    return service->language_count;
}

struct span service_language(const struct service *service, size_t index)
{
    return index < service->language_count ? service->languages[index].id : SPAN_NONE;
}

/* A text that is taken from another language is counted there. */
static size_t is_draft_of(const struct template *texts, size_t language)
{
    return texts && texts[language].count > 0 && texts[language].state == TEXT_DRAFT &&
           texts[language].language == language;
}

static size_t count_drafts(const struct node *node, size_t language)
{
    size_t count = is_draft_of(node->texts, language);
    for (size_t q = 0; q < node->question_count; q++) {
        const struct question *question = &node->questions[q];
        count += is_draft_of(question->titles, language) + is_draft_of(question->bodies, language);
        for (size_t i = 0; i < question->option_count; i++)
            if (!question->options[i].item)
                count += is_draft_of(question->options[i].texts, language);
    }
    return count;
}

size_t service_drafts_shown(const struct service *service)
{
    size_t count = 0;
    for (size_t l = 0; l < service->language_count; l++)
        for (size_t i = 0; i < service->node_count && service->languages[l].offered; i++)
            count += count_drafts(&service->nodes[i], l);
    return count;
}

struct span service_safety_page(const struct service *service, struct span lang)
{
    const struct language *language = service_find_language(service, lang);
    return (language ? language : service->languages)->safety;
}

static int compare_id(const void *key, const void *member)
{
    const struct span *id = key;
    const struct node *node = member;
    size_t shorter = id->len < node->id.len ? id->len : node->id.len;
    int order = shorter ? memcmp(id->at, node->id.at, shorter) : 0;
    return order ? order : (id->len > node->id.len) - (id->len < node->id.len);
}

const struct node *service_find_node(const struct service *service, struct span id)
{
    if (!span_is_present(id) || service->node_count == 0)
        return NULL;
    return bsearch(&id, service->nodes, service->node_count, sizeof *service->nodes, compare_id);
}

const struct language *service_find_language(const struct service *service, struct span id)
{
    for (size_t i = 0; i < service->language_count; i++)
        if (span_is_present(id) && span_equal(service->languages[i].id, id))
            return &service->languages[i];
    return NULL;
}

const struct list *service_find_list(const struct service *service, struct span id)
{
    for (size_t i = 0; i < service->list_count; i++)
        if (span_equal(service->lists[i].id, id))
            return &service->lists[i];
    return NULL;
}

const struct question *node_find_question(const struct node *node, struct span id)
{
    for (size_t i = 0; i < node->question_count; i++)
        if (span_equal(node->questions[i].id, id))
            return &node->questions[i];
    return NULL;
}

static bool is_among(const struct span *keys, size_t count, const char *key)
{
    for (size_t i = 0; key[0] && i < count; i++)
        if (span_equal_text(keys[i], key))
            return true;
    return false;
}

bool question_has_retired(const struct question *question, const char *key)
{
    return is_among(question->retired, question->retired_count, key) ||
           is_among(question->node->retired, question->node->retired_count, key);
}

const struct option *question_find_option(const struct question *question, struct span id)
{
    for (size_t i = 0; i < question->option_count; i++)
        if (span_equal(question->options[i].id, id))
            return &question->options[i];
    return NULL;
}

int64_t service_call_by(const struct service *service, enum request_urgency urgency, int64_t now)
{
    if (urgency != URGENCY_DANGER)
        return calendar_after(&service->calendar, now, service->call_within_ms);
    return service->calendar.danger_by_week ? calendar_after(&service->calendar, now, service->danger_within_ms)
                                            : now + service->danger_within_ms;
}

size_t service_kept_kinds(const struct service *service, const struct span **kinds)
{
    if (kinds)
        *kinds = service->kept_kinds;
    return service->kept_kind_count;
}

bool question_is_secret(const struct question *question)
{
    return question->type == QUESTION_PIN || question->type == QUESTION_CHECK_PIN ||
           question->type == QUESTION_REFERENCE;
}

bool question_keeps_answer(const struct question *question)
{
    return question->type != QUESTION_MENU && question->type != QUESTION_REQUEST && !question_is_secret(question);
}

struct span question_field(const struct question *question)
{
    return question->type == QUESTION_OFFICE ? SPAN("office") : question->id;
}

struct span service_cycle(const struct service *service, struct span field, struct span value)
{
    for (size_t i = 0; i < service->node_count; i++) {
        const struct question *question = node_find_question(&service->nodes[i], field);
        const struct option *option = question ? question_find_option(question, value) : NULL;
        if (option && span_is_present(option->cycle))
            return option->cycle;
    }
    return SPAN_NONE;
}
