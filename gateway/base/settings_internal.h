/* What the files of the settings module share, and nobody else sees. */
#pragma once
#include <libconfig.h>

#include "base/settings.h"

#define SETTINGS_BYTES_MAX ((size_t)1024 * 1024)

struct settings {
    config_t config;
    const char *name; /* what findings show */
};

/* Marks a node that --set made: libconfig's hook points here instead of holding a line. */
extern const char SETTINGS_OVERRIDE[];

bool settings_is_override(const config_setting_t *node);

/* False when memory ran out. */
bool settings_set_text(config_setting_t *node, struct span text);
