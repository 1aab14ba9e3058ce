/*
 * service: what a programme offers, as data: languages, nodes, texts, lists, directory. menus/README.md is its language.
 *
 * A loaded service never changes; it lives in one arena and is freed whole. Loading and proving may run on any thread; a
 * loaded service may be read from several at once. Nodes are found by name: names are stable across versions of a service,
 * positions are not.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/duration.h"
#include "base/problems.h"
#include "base/span.h"
#include "model/session.h"

struct service;

/* Reads service.conf, flow/, text/, lists/ and directory/ below `dir`. REFUSED: findings in `problems`, *out untouched. */
enum outcome service_load(const char *dir, struct service **out, struct problems *problems,
                          struct error *err) MUST_CHECK;

/* The same from memory: for tests and the fuzzer. Names as below a service's folder: "flow/main.conf". */
struct service_file {
    const char *name;
    struct span text;
};
enum outcome service_parse(const struct service_file *files, size_t count, struct service **out,
                           struct problems *problems, struct error *err) MUST_CHECK;
void service_free(struct service *service); /* NULL is fine */

struct span service_name(const struct service *service);
enum reply_kind {
    REPLY_TO_WORDS,
    REPLY_TO_KEY,
    REPLY_TO_KEY_AGAIN, /* in a conversation that is longer than anybody's: no more of those than to words */
};
/* Whether one answer more may go to a phone that had so many; then it is counted. Keys are counted apart from words: eight times as
 * many are answered, which is a long form, for a machine may send digits, too. */
bool service_may_reply(const struct service *service, enum reply_kind kind, int64_t now, struct replied *replied);
/* It begins as the texts of machines do ("out of office"): it is kept and never answered. */
bool service_is_machine(const struct service *service, struct span text, struct arena *arena);
int64_t service_sms_silence_ms(const struct service *service); /* an SMS session ends after this silence */
#define SERVICE_OPEN_MS (10 * MINUTE_MS) /* after this silence a session in which a PIN was given is over */
int64_t service_number_ms(const struct service *service); /* a number counts as new after this silence */
/* The kinds of request that stay until they are closed when their person is forgotten: keep_until_closed. `kinds` may be NULL. */
size_t service_kept_kinds(const struct service *service, const struct span **kinds);
int service_zone_minutes(const struct service *service); /* minutes east of UTC */
size_t service_language_count(const struct service *service);
struct span service_language(const struct service *service, size_t index);

/* What an answer tells of somebody's migration, as reports name it: "complete", "incomplete", "interrupted"; absent: nothing. */
struct span service_cycle(const struct service *service, struct span field, struct span value);

/* Texts that callers are shown and that nobody has reviewed: 0 of a service in production, else it is a demonstration. Those
 * of languages that are not offered, and those of careful pages, are not shown. */
size_t service_drafts_shown(const struct service *service);

/* The page for when nothing else can be said (the disk is full): fixed words with the emergency numbers, in the language
 * asked for or the default, plain text that fits every channel. Never absent once a service is loaded. */
struct span service_safety_page(const struct service *service, struct span lang);
