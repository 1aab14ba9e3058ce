#include "console/pages/search_typed.h"

#include "text/digits.h"
#include "text/reference.h"
#include "text/utf8.h"

#define TYPED_MAX 100
#define PHONE_DIGITS_MIN 8 /* with fewer it is a reference with a digit too many or too few */
#define PHONE_DIGITS_MAX 15

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
        if (c >= '0' && c <= '9')
            digits[count++] = c;
        else if (!is_between(c))
            return SPAN_NONE;
    }
    return (struct span){digits, count};
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
    bool is_reference = digits.len == REFERENCE_DIGITS || digits.len == REFERENCE_DIGITS - 1;
    if (is_reference && !has_plus)
        *out = (struct search_typed){.kind = SEARCH_REFERENCE, .text = digits};
    else if (digits.len >= PHONE_DIGITS_MIN && digits.len <= PHONE_DIGITS_MAX)
        *out = (struct search_typed){.kind = SEARCH_PHONE, .text = ascii};
}
