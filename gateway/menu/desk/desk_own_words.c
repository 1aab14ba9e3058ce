/* Which words in a transcript are a person's own. */
#include "menu/desk.h"

#include "menu/desk/desk_words.h"
#include "model/turn.h"
#include "text/digits.h"

#define KEYS_MAX 2 /* "3", "98" */

/* "call" or "call.safe", as turn.asked has it. */
static const struct question *find_asked(const struct service *service, struct span asked)
{
    struct span name = asked;
    struct span id = span_is_present(asked) ? span_cut(&name, '.') : SPAN_NONE;
    const struct node *node = service ? service_find_node(service, id) : NULL;
    if (!node || node->question_count == 0)
        return NULL;
    return span_is_present(name) ? node_find_question(node, name) : node->questions;
}

/* A key that fits nothing says nothing of anybody. */
static bool is_a_key(struct span input, struct arena *arena)
{
    const struct span key = digits_key(input, arena);
    return key.len > 0 && key.len <= KEYS_MAX && span_is_digits(key);
}

static bool is_typed(const struct question *question)
{
    return question->type == QUESTION_TEXT || question->type == QUESTION_DIGITS;
}

bool desk_own_words(const struct service *service, const struct turn *turn, struct arena *arena, struct span *field)
{
    const unsigned never = TURN_SECRET_INPUT | TURN_UNDECODABLE | TURN_REDACTED;
    const struct span input = span_trim(turn->input);
    *field = SPAN_NONE;
    if ((turn->flags & never) || input.len == 0 || is_a_key(input, arena))
        return false;
    if ((turn->flags & TURN_BAD_INPUT) || turn->meaning.len == 0)
        return true;
    const struct question *question = find_asked(service, turn->asked);
    if (!question) /* it went with a later version of the service */
        return span_equal(turn->meaning, input);
    if (!is_typed(question) || question_find_option(question, turn->meaning) ||
        desk_tells_how(service, question_field(question)))
        return false;
    *field = question_field(question);
    return true;
}
