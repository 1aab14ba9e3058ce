/*
 * arguments: a command line read by its verb's table, and the help that the same table prints. Pure: argv in, a struct or one
 * clear sentence out.
 *
 *     --name VALUE, --name=VALUE     the last one wins, where it does not repeat
 *     --name                         a switch
 *     --                             what follows are operands, whatever they look like
 *
 * Options are written out whole: an abbreviation that works today means something else when the table grows.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/verb.h"

/* `words`: what follows the verb. REFUSED: err says what is wrong and the nearest name. */
enum outcome arguments_parse(const struct verb *verb, size_t count, const char *const *words, struct arena *arena,
                             struct verb_arguments **out, struct error *err) MUST_CHECK;
bool arguments_want_help(const struct verb_arguments *arguments); /* --help or -h; nothing else was checked then */

void help_write_verb(const struct verb *verb, struct buffer *out);
void help_write_list(const struct verb *const *verbs, struct buffer *out); /* ended by NULL */
const struct verb *help_find(const struct verb *const *verbs, const char *name);
/* "there is no verb ...": with the nearest one. */
void help_write_unknown(const struct verb *const *verbs, const char *name, struct buffer *out);
