/*
 * config: the main configuration file, checked, as one struct that never changes after loading.
 *
 * Defaults make a program that runs. conf/helpline.conf shows every key with its help text; `tests/` proves that the code, the
 * sample and the reference agree. Relative paths are relative to the working directory.
 */
#pragma once
#include <stddef.h>
#include "aggregator/channel.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/problems.h"
#include "base/settings.h"
#include "core/routes.h"
#include "model/person.h"
#include "model/retention.h"

struct config {
    struct arena *arena;
    struct settings *settings;
    const char *file;
    struct {
        const char *webhooks, *console, *control;
        const char *public_url;
        const char *console_url; /* NULL: as it listens, without TLS */
        unsigned max_connections;
    } listen;
    struct {
        const char *path, *keys, *forgotten, *backups;
        int64_t backup_every_ms;
        unsigned backups_kept;
    } data;
    struct {
        const char *menus, *profiles;
    } dir;
    struct {
        size_t max_parked, max_body;
        unsigned drain_seconds, idle_seconds;
    } limits;
    struct retention retention;
    struct {
        unsigned return_minutes[URGENCY_DANGER + 1]; /* by enum request_urgency */
        bool search_notes;
    } desk;
    int log_level;
    struct channel_set *channels;
    struct routes routes;
};

/* `overrides`: "listen.webhooks=...", applied in order before anything is checked. REFUSED: see `problems`. NOT_FOUND: no file. */
enum outcome config_load(const char *path, const char *const *overrides, size_t override_count, struct config **out,
                         struct problems *problems, struct error *err) MUST_CHECK;
/* The same without the channels, for verbs that need only addresses and paths: `channels` is NULL, and no profile and no
 * channel's secret has to be there yet. */
enum outcome config_read(const char *path, const char *const *overrides, size_t override_count, struct config **out,
                         struct problems *problems, struct error *err) MUST_CHECK;
/* What the channels have to know of the rest; its spans live as long as the config. */
struct channel_site config_site(const struct config *config);
void config_free(struct config *config); /* NULL is fine */

/* The tables behind the file, for `helpline check --settings` and the test that code, sample and reference agree: "listen",
 * "data", "dir", "limits", "retention", "desk", "log", "routes" for one of its items, "" for the top; NULL for another name. What stands
 * in a channel: aggregator/channel.h. */
const struct setting_rule *config_rules(const char *group);
