#include "base/span.h"

#include <string.h>

struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

bool span_is_present(struct span s)
{
    return s.at != NULL;
}

static bool same_shape(struct span a, struct span b)
{
    return a.len == b.len && !a.at == !b.at;
}

bool span_equal(struct span a, struct span b)
{
    return same_shape(a, b) && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Not tolower(): that follows the locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool span_equal_nocase(struct span a, struct span b)
{
    if (!same_shape(a, b))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] != b.at[i] && lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool span_equal_text(struct span a, const char *text)
{
    return span_equal(a, span_of(text));
}

bool span_starts_with(struct span s, struct span prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool span_holds_nocase(struct span s, struct span word)
{
    for (size_t i = 0; i + word.len <= s.len; i++)
        if (span_equal_nocase((struct span){s.at + i, word.len}, word))
            return true;
    return false;
}

struct span span_from(struct span s, size_t start)
{
    if (!s.at)
        return s;
    size_t skip = start < s.len ? start : s.len;
    return (struct span){s.at + skip, s.len - skip};
}

struct span span_first(struct span s, size_t len)
{
    return (struct span){s.at, len < s.len ? len : s.len};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && is_blank(s.at[0]))
        s = span_from(s, 1);
    while (s.len > 0 && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct span span_cut(struct span *s, char mark)
{
    struct span whole = *s;
    const char *found = whole.len > 0 ? memchr(whole.at, mark, whole.len) : NULL;
    if (!found) {
        *s = SPAN_NONE;
        return whole;
    }
    size_t len = (size_t)(found - whole.at);
    *s = span_from(whole, len + 1);
    return span_first(whole, len);
}

bool span_to_u64(struct span s, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.at[i] - '0'), &value))
            return false;
    }
    if (s.len == 0)
        return false;
    *out = value;
    return true;
}

bool span_is_digits(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}
