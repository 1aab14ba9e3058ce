/*
 * libFuzzer target for settings: any bytes are read or refused with a finding, our lint leaves libconfig's parser nothing to
 * stumble over, and what was read holds: texts are UTF-8 in NFC, lines lie inside the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/settings.h"

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void require_nfc(struct span text)
{
    const uint8_t *at = (const uint8_t *)text.at;
    require(u8_check(at, text.len) == NULL);
    size_t len = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFC, at, text.len, NULL, &len);
    require(normal && len == text.len && memcmp(normal, at, len) == 0);
    free(normal);
}

static void walk(struct setting parent, unsigned last_line)
{
    for (size_t i = 0; i < setting_count(parent); i++) {
        struct setting child = setting_at(parent, i);
        require(setting_is_present(child) && setting_line(child) >= 1 && setting_line(child) <= last_line);
        if (setting_is_string(child)) {
            require_nfc(setting_as_string(child));
        }
        walk(child, last_line);
    }
}

static void check_against_a_table(struct settings *settings, struct problems *problems)
{
    static const char *const modes[] = {"fast", "slow", NULL};
    static const struct setting_rule rules[] = {
        {"name", SETTING_STRING, true, 1, 20, NULL, ""},       {"port", SETTING_INTEGER, false, 1, 65535, NULL, ""},
        {"on", SETTING_BOOL, false, 0, 0, NULL, ""},           {"mode", SETTING_STRING, false, 0, 0, modes, ""},
        {"listen", SETTING_GROUP, false, 0, 0, NULL, ""},      {"nodes", SETTING_LIST, false, 0, 0, NULL, ""},
        {"languages", SETTING_STRINGS, false, 2, 5, NULL, ""}, {NULL, SETTING_STRING, false, 0, 0, NULL, NULL},
    };
    static const char *const overrides[] = {"port=80", "languages=en, bn", "on=true", "listen.webhooks=x"};
    struct error err;
    for (size_t i = 0; i < sizeof overrides / sizeof overrides[0]; i++) {
        (void)!settings_override(settings, overrides[i], &err); /* refused where the input has a group or list there */
    }
    settings_check(settings_root(settings), rules, problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(4096);
    struct problems problems;
    problems_init(&problems, arena);
    struct settings *settings;
    enum outcome outcome = settings_parse((struct span){(const char *)data, size}, "f", &settings, &problems);
    require((outcome == OUTCOME_OK) == (problems.count == 0));
    if (outcome == OUTCOME_OK) {
        unsigned last_line = 1;
        for (size_t i = 0; i < size; i++) {
            last_line += data[i] == '\n';
        }
        walk(settings_root(settings), last_line);
        check_against_a_table(settings, &problems);
    } else {
        require(strstr(problems.lines[0], "syntax error") == NULL);
    }
    settings_free(settings);
    arena_destroy(arena);
    return 0;
}
