#include "console/pages/search_typed.h"

#include "text/digits.h"
#include "text/reference.h"
#include "text/utf8.h"

#define TYPED_MAX 100
#define PHONE_DIGITS_MIN 8 /* with fewer it is a reference with a digit too many or too few */
#define PHONE_DIGITS_MAX 15

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_between(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

/* All digits without what stands between them; absent when anything else does. A leading plus is a number's. */
static struct span digits_of(struct span typed, struct arena *arena)
{
    char *digits = arena_alloc(arena, typed.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (is_digit(c))
            digits[count++] = c;
        else if (!is_between(c))
            return SPAN_NONE;
    }
    return (struct span){digits, count};
}

/* A whole reference with words around it ("ref 482-7153, please"): its check digit tells it from any other number in a text. */
static struct span reference_among(struct span text, struct arena *arena)
{
    size_t from = 0, to = text.len;
    char read[REFERENCE_DIGITS + 1];
    while (from < to && !is_digit(text.at[from]))
        from++;
    while (to > from && !is_digit(text.at[to - 1]))
        to--;
    if (from > 0 && text.at[from - 1] == '+')
        return SPAN_NONE;
    struct span digits = digits_of((struct span){text.at + from, to - from}, arena);
    return digits.len == REFERENCE_DIGITS && reference_read(digits, read) ? digits : SPAN_NONE;
}

void search_typed_read(struct span typed, struct arena *arena, struct search_typed *out)
{
    struct span text = span_trim(typed);
    *out = (struct search_typed){.kind = SEARCH_OTHER, .text = text};
    if (text.len == 0) {
        out->kind = SEARCH_NOTHING;
        return;
    }
    if (text.len > TYPED_MAX || !utf8_is_valid(text))
        return;
    struct span ascii = digits_to_ascii(text, arena);
    bool has_plus = span_starts_with(ascii, SPAN("+"));
    struct span digits = digits_of(span_from(ascii, has_plus ? 1 : 0), arena);
    bool is_number = span_is_present(digits);
    if (!is_number)
        digits = reference_among(ascii, arena);
    if (!has_plus && (digits.len == REFERENCE_DIGITS || (is_number && digits.len == REFERENCE_DIGITS - 1)))
        *out = (struct search_typed){.kind = SEARCH_REFERENCE, .text = digits};
    else if (is_number && digits.len >= PHONE_DIGITS_MIN && digits.len <= PHONE_DIGITS_MAX)
        *out = (struct search_typed){.kind = SEARCH_PHONE, .text = ascii};
}
