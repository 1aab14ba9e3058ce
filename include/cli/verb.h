/*
 * verb: the command line as one table: it parses, it prints --help, it dispatches. gateway/cli/ has one file per verb.
 *
 * Exit codes: 0 done; 1 what was asked about does not hold (a broken menu, a failed verify); 2 the command line is wrong;
 * 3 the machine refuses (port in use, unwritable folder, disk full); 4 keys missing or wrong; 5 newer schema or not our file;
 * 6 another helpline holds the data; 7 no gateway answers.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FINDING = 1,
    EXIT_USAGE = 2,
    EXIT_MACHINE = 3,
    EXIT_KEYS = 4,
    EXIT_SCHEMA = 5,
    EXIT_SECOND = 6,
    EXIT_NO_GATEWAY = 7
};

struct verb_option {
    const char *name;  /* "from", without the dashes */
    const char *value; /* what the help calls its value: "NUMBER"; NULL: a switch */
    const char *help;
    bool required, repeats;
};

struct verb_arguments;                                                              /* parsed; owned by main */
const char *verb_value(const struct verb_arguments *arguments, const char *option); /* last one given, or NULL */
bool verb_has(const struct verb_arguments *arguments, const char *option);
size_t verb_values(const struct verb_arguments *arguments, const char *option, const char *const **values);
size_t verb_operands(const struct verb_arguments *arguments, const char *const **operands);

struct verb {
    const char *name, *operands;       /* "turns|sessions|requests|registrations" */
    const char *summary;               /* one line */
    const char *details;               /* the page of --help below the synopsis */
    const struct verb_option *options; /* ended by a NULL name */
    size_t operands_min, operands_max;
    int (*run)(const struct verb_arguments *arguments);
};

/* The common options --config FILE and --set PATH=VALUE are understood by every verb and listed in each --help. */
const char *verb_config_path(const struct verb_arguments *arguments); /* --config, else the first default that exists */

struct config;
/* 0, or the exit code; findings on stderr. The caller frees *out with config_free. */
int verb_load_config(const struct verb_arguments *arguments, struct config **out);
/* The same with one --set more. */
int verb_load_config_with(const struct verb_arguments *arguments, const char *override, struct config **out);
/* The same with one channel alone: no other has to hold. All, when there is none of this name. */
int verb_load_channel(const struct verb_arguments *arguments, const char *id, struct config **out);
/* The same without channels and their secrets, for verbs that need only addresses and paths (core/config.h, config_read). */
int verb_read_config(const struct verb_arguments *arguments, struct config **out);
