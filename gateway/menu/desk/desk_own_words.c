/* Which words in a transcript are a person's own, and which are a number to call. */
#include "menu/desk.h"

#include "menu/desk/desk_words.h"
#include "model/turn.h"
#include "text/digits.h"

#define KEYS_MAX 2   /* "3", "98" */
#define NUMBER_MIN 5 /* "16263": of fewer digits no number is to be called */

/* A key that fits nothing says nothing of anybody. */
static bool is_a_key(struct span input, struct arena *arena)
{
    const struct span key = digits_key(input, arena);
    return key.len > 0 && key.len <= KEYS_MAX && span_is_digits(key);
}

/* Taken as it was typed, but for blanks; behind a way that was dialled with it ("1*2*Rina"), too. */
static bool is_verbatim(const struct turn *turn)
{
    const struct span input = span_trim(turn->input), meaning = turn->meaning;
    if (input.len < meaning.len)
        return false;
    const struct span end = span_from(input, input.len - meaning.len);
    for (size_t i = 0; i < meaning.len; i++)
        if (end.at[i] != meaning.at[i] && !((unsigned char)end.at[i] < ' ' && meaning.at[i] == ' '))
            return false;
    return true;
}

/* Of "call.safe" the question, of "call" all of its questions: which of them was asked then is not kept. */
struct asked {
    const struct question *questions;
    size_t count;
};

static struct asked find_asked(const struct service *service, struct span place)
{
    struct span name = place;
    struct span id = span_is_present(place) ? span_cut(&name, '.') : SPAN_NONE;
    const struct node *node = service ? service_find_node(service, id) : NULL;
    if (!node)
        return (struct asked){0};
    if (!span_is_present(name))
        return (struct asked){node->questions, node->question_count};
    const struct question *one = node_find_question(node, name);
    return (struct asked){one, one != NULL};
}

/* Digits that may be the number to call, or count something, are no words: what they say is needed. */
static bool may_be_needed(const struct service *service, const struct question *question)
{
    return question->type == QUESTION_NUMBER ||
           (question->type == QUESTION_DIGITS && desk_tells_how(service, question_field(question)));
}

static bool takes_words(const struct service *service, const struct question *question, bool is_digits)
{
    return (question->type == QUESTION_TEXT || (is_digits && question->type == QUESTION_DIGITS)) &&
           !desk_tells_how(service, question_field(question));
}

static void add_fields(const struct service *service, const struct asked *asked, bool is_digits, struct arena *arena,
                       struct own_words *words)
{
    struct span *fields = ARENA_ARRAY(arena, struct span, asked->count);
    for (size_t i = 0; i < asked->count; i++)
        if (takes_words(service, &asked->questions[i], is_digits))
            fields[words->field_count++] = question_field(&asked->questions[i]);
    words->fields = fields;
}

static bool is_answer_in_words(const struct service *service, const struct turn *turn, struct arena *arena,
                               struct own_words *words)
{
    const bool is_digits = span_is_digits(turn->meaning);
    const struct asked asked = find_asked(service, turn->asked);
    if (is_a_key(turn->meaning, arena) || (!is_digits && !is_verbatim(turn)))
        return false;
    if (asked.count == 0) /* it went with a later version of the service */
        return !is_digits;
    for (size_t i = 0; i < asked.count; i++)
        if (question_find_option(&asked.questions[i], turn->meaning) ||
            (is_digits && may_be_needed(service, &asked.questions[i])))
            return false;
    add_fields(service, &asked, is_digits, arena, words);
    return words->field_count > 0;
}

bool desk_own_words(const struct service *service, const struct turn *turn, struct arena *arena,
                    struct own_words *words)
{
    const unsigned never = TURN_SECRET_INPUT | TURN_UNDECODABLE | TURN_REDACTED;
    const struct span input = span_trim(turn->input);
    *words = (struct own_words){.is_answer = turn->meaning.len > 0 && !(turn->flags & TURN_BAD_INPUT)};
    if ((turn->flags & never) || input.len == 0 || is_a_key(input, arena))
        return false;
    return !words->is_answer || is_answer_in_words(service, turn, arena, words);
}

bool desk_took_number(const struct service *service, const struct turn *turn)
{
    const struct asked asked = find_asked(service, turn->asked);
    bool is_number = asked.count == 0 && (turn->flags & TURN_SENSITIVE_INPUT) && turn->meaning.len >= NUMBER_MIN;
    if ((turn->flags & TURN_BAD_INPUT) || !span_is_digits(turn->meaning))
        return false;
    for (size_t i = 0; i < asked.count; i++)
        is_number = is_number || desk_is_number(service, question_field(&asked.questions[i]));
    return is_number;
}
