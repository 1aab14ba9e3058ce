#include "text/phone.h"

#include <stdio.h>
#include <string.h>
#include <unictype.h>
#include "base/buffer.h"
#include "text/digits.h"
#include "text/utf8.h"

#define RAW_MAX 128
#define E164_MIN 7
#define E164_MAX 15
#define SHORT_MIN 3
#define SHORT_MAX 8
#define ALPHA_MAX 11 /* characters of an alphanumeric sender, 3GPP TS 23.040 9.1.2.5 */
#define DOT "\xe2\x80\xa2"
#define MASK DOT DOT DOT DOT " "
#define DIGITS_SHOWN 2
#define FOREIGN_MIN 10 /* digits from which a number without plus or trunk prefix is taken as international */

struct digits {
    char at[RAW_MAX];
    size_t len;
    bool plus;
};

static struct span span_of_digits(const struct digits *digits)
{
    return (struct span){digits->at, digits->len};
}

static struct span without_scheme(struct span raw)
{
    if (span_equal_nocase(span_first(raw, 4), SPAN("tel:")))
        raw = span_from(raw, 4);
    return span_cut(&raw, ';'); /* tel:+880...;phone-context=..., RFC 3966 */
}

/* False when anything but a digit, a leading plus or the marks people group digits with stands in it. */
static bool read_digits(struct span text, struct digits *digits)
{
    digits->len = 0;
    digits->plus = text.len > 0 && text.at[0] == '+';
    if (digits->plus)
        text = span_from(text, 1);
    uint32_t character;
    while (utf8_next(&text, &character)) {
        int value = uc_decimal_value(character);
        bool grouping = character < 0x80 ? strchr("-.()/", (int)character) != NULL : character == 0x2011;
        if (value >= 0)
            digits->at[digits->len++] = (char)('0' + value);
        else if (!grouping && !uc_is_property_white_space(character))
            return false;
    }
    return digits->len > 0;
}

static bool is_e164(struct span digits)
{
    return digits.len >= E164_MIN && digits.len <= E164_MAX && digits.at[0] != '0';
}

static bool is_national(struct span digits, const struct phone_rules *rules)
{
    return digits.len >= (size_t)rules->national_min && digits.len <= (size_t)rules->national_max;
}

static bool leads(struct span prefix, struct span digits)
{
    return prefix.len > 0 && span_starts_with(digits, prefix);
}

/* "+880 (0)1712..." as people write it: the trunk prefix goes. */
static struct span international(struct span digits, const struct phone_rules *rules, struct arena *arena)
{
    if (leads(rules->country, digits)) {
        struct span national = span_from(digits, rules->country.len);
        if (leads(rules->trunk, national) && is_national(span_from(national, rules->trunk.len), rules))
            return arena_format(arena, "+%.*s%.*s", SPAN_ARG(rules->country),
                                SPAN_ARG(span_from(national, rules->trunk.len)));
    }
    return is_e164(digits) ? arena_format(arena, "+%.*s", SPAN_ARG(digits)) : SPAN_NONE;
}

static struct span in_country(struct span national, const struct phone_rules *rules, struct arena *arena)
{
    return arena_format(arena, "+%.*s%.*s", SPAN_ARG(rules->country), SPAN_ARG(national));
}

/* Digits without a plus, by the country's rules; absent when they are no number there. */
static struct span domestic(struct span digits, const struct phone_rules *rules, struct arena *arena)
{
    if (rules->country.len == 0)
        return SPAN_NONE;
    if (leads(rules->country, digits) && is_national(span_from(digits, rules->country.len), rules))
        return arena_format(arena, "+%.*s", SPAN_ARG(digits));
    if (leads(rules->trunk, digits) && is_national(span_from(digits, rules->trunk.len), rules))
        return in_country(span_from(digits, rules->trunk.len), rules, arena);
    bool bare = rules->trunk.len == 0 || digits.len > SHORT_MAX; /* else a short code is likelier */
    return bare && is_national(digits, rules) && digits.at[0] != '0' ? in_country(digits, rules, arena) : SPAN_NONE;
}

/* The one form of a number, or absent. */
static struct span resolve(const struct digits *number, const struct phone_rules *rules, struct arena *arena)
{
    struct span digits = span_of_digits(number);
    if (number->plus)
        return international(digits, rules, arena);
    if (span_starts_with(digits, SPAN("00")))
        return international(span_from(digits, 2), rules, arena);
    struct span resolved = domestic(digits, rules, arena);
    if (!span_is_present(resolved) && digits.len >= FOREIGN_MIN)
        resolved = international(digits, rules, arena);
    return resolved;
}

/* A national form that no rule resolves ("0711082123", "+0712345678"): somebody's number all the same, zeros and plus kept. */
static struct span unresolved(const struct digits *number, struct arena *arena)
{
    struct span digits = span_of_digits(number);
    bool national = digits.len >= E164_MIN && digits.len <= E164_MAX && digits.at[0] == '0' && digits.at[1] != '0';
    return national ? arena_format(arena, "%s%.*s", number->plus ? "+" : "", SPAN_ARG(digits)) : SPAN_NONE;
}

/* A plus that a form decoder turned into a blank: " 8801712345678". */
static bool has_lost_plus(struct span raw)
{
    return raw.len > 1 && raw.at[0] == ' ' && raw.at[1] >= '1' && raw.at[1] <= '9';
}

static enum phone_kind kind_of_name(struct span text)
{
    size_t characters = 0, letters = 0;
    uint32_t character;
    while (utf8_next(&text, &character)) {
        characters++;
        letters += uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L) ? 1 : 0;
        if (character == '*')
            return PHONE_OPAQUE; /* "88017****678" */
    }
    return letters > 0 && characters <= ALPHA_MAX ? PHONE_ALPHA : PHONE_OPAQUE;
}

enum outcome phone_read(struct span raw, const struct phone_rules *rules, struct arena *arena, struct phone *out)
{
    struct span text = span_trim(raw);
    if (text.len == 0 || raw.len > RAW_MAX || !utf8_is_valid(text))
        return OUTCOME_REFUSED;
    struct digits digits;
    if (!read_digits(span_trim(without_scheme(text)), &digits)) {
        *out = (struct phone){kind_of_name(text), arena_copy(arena, text)};
        return OUTCOME_OK;
    }
    bool code = !digits.plus && digits.len >= SHORT_MIN && digits.len <= SHORT_MAX;
    digits.plus = digits.plus || (has_lost_plus(raw) && !code);
    struct span number = resolve(&digits, rules, arena);
    if (!span_is_present(number) && !code)
        number = unresolved(&digits, arena);
    if (span_is_present(number))
        *out = (struct phone){PHONE_NUMBER, number};
    else if (code)
        *out = (struct phone){PHONE_SHORT, arena_copy(arena, span_of_digits(&digits))};
    else
        *out = (struct phone){PHONE_OPAQUE, arena_copy(arena, text)};
    return OUTCOME_OK;
}

#define SPARE_DIGIT '9'
#define SPARE_DIGITS 3

struct span phone_masked(struct span number, struct arena *arena)
{
    if (number.len <= DIGITS_SHOWN)
        return SPAN_NONE;
    return arena_format(arena, MASK "%.*s", DIGITS_SHOWN, number.at + number.len - DIGITS_SHOWN);
}

static size_t count_digits(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] >= '0' && text.at[i] <= '9';
    return count;
}

struct span phone_masked_typed(struct span typed, struct arena *arena)
{
    struct buffer out;
    const struct span text = digits_to_ascii(span_trim(typed), arena);
    size_t left = count_digits(text);
    if (left <= DIGITS_SHOWN)
        return SPAN_NONE;
    if (left == text.len)
        return phone_masked(text, arena);
    buffer_init(&out, arena, text.len * strlen(DOT) + 1);
    for (size_t i = 0; i < text.len; i++) {
        const bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (is_digit && left > DIGITS_SHOWN)
            buffer_add_text(&out, DOT);
        else
            buffer_add_char(&out, text.at[i]);
        left -= is_digit;
    }
    return buffer_span(&out);
}

bool phone_is_of_nobody(struct span text)
{
    if (text.len <= SPARE_DIGITS + 1 || text.at[0] != '+')
        return false;
    for (size_t i = 1; i <= SPARE_DIGITS; i++)
        if (text.at[i] != SPARE_DIGIT)
            return false;
    return true;
}

void phone_make_of_nobody(unsigned number, char out[PHONE_OF_NOBODY_MAX])
{
    snprintf(out, PHONE_OF_NOBODY_MAX, "+%c%c%c0%08u", SPARE_DIGIT, SPARE_DIGIT, SPARE_DIGIT, number % 100000000u);
}
