/* The small service of requests, registrations and offices that the dialogues play, for unit tests that look closer. */
#pragma once
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "menu/service.h"

#define CASE_FOLDER "tests/dialogues/services/case"
#define CASE_FILE_MAX 16384

static inline struct span case_file(struct arena *arena, const char *name)
{
    char path[200];
    struct span text = {arena_alloc(arena, CASE_FILE_MAX), 0};
    snprintf(path, sizeof path, "%s/%s", CASE_FOLDER, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text.len = fread((char *)(uintptr_t)text.at, 1, CASE_FILE_MAX, file);
    assert_true(text.len > 0 && text.len < CASE_FILE_MAX);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* The first `from` in a text becomes `to`. */
static inline struct span case_change(struct arena *arena, struct span text, const char *from, const char *to)
{
    const char *at = memmem(text.at, text.len, from, strlen(from));
    assert_non_null(at);
    struct span rest = span_from(text, (size_t)(at - text.at) + strlen(from));
    return arena_format(arena, "%.*s%s%.*s", (int)(at - text.at), text.at, to, SPAN_ARG(rest));
}

/* `file` NULL: as it is. */
static inline struct service *case_service(struct arena *arena, const char *file, const char *from, const char *to)
{
    static const char *const names[] = {"service.conf",         "flow/main.conf",   "text/en.conf",      "text/bn.conf",
                                        "lists/districts.conf", "lists/hours.conf", "directory/all.conf"};
    struct service_file files[sizeof names / sizeof *names];
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    problems_init(&problems, arena);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        files[i] = (struct service_file){names[i], case_file(arena, names[i])};
        if (file && strcmp(file, names[i]) == 0)
            files[i].text = case_change(arena, files[i].text, from, to);
    }
    enum outcome outcome = service_parse(files, sizeof names / sizeof *names, &service, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    return service;
}
