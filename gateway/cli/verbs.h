/*
 * verbs: the one table of the command line. A verb is a `const struct verb verb_NAME` in NAME.c, declared here and listed in
 * main.c in the order of `helpline help`.
 */
#pragma once
#include "cli/verb.h"

#define HELPLINE_VERSION "0.1.0"

extern const struct verb verb_serve, verb_check, verb_try, verb_publish, verb_texts, verb_dial, verb_demo, verb_probe,
    verb_channels, verb_export, verb_keygen, verb_backup, verb_restore, verb_verify, verb_retention, verb_user,
    verb_version;
