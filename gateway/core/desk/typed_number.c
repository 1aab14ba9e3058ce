#include "core/desk/typed_number.h"

#include "core/identity.h"
#include "text/digits.h"

#define INTERNATIONAL_DIGITS_MIN 7 /* and a plus: less is no number that could be called from here */

static bool is_among(struct span number, const struct span *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(numbers[i], number))
            return true;
    return false;
}

static bool is_callable(const struct phone *phone)
{
    return phone->kind == PHONE_NUMBER && phone->text.len > INTERNATIONAL_DIGITS_MIN;
}

size_t typed_number_read(const struct catalogue *catalogue, struct span typed, struct arena *arena,
                         struct span *numbers, size_t room)
{
    const struct channel_set *set = catalogue->config->channels;
    const struct span plain = digits_to_ascii(span_trim(typed), arena);
    size_t count = 0;
    for (size_t i = 0; i < channel_set_count(set) && count < room; i++) {
        struct phone phone;
        const struct channel *channel = channel_set_at(set, i);
        if (phone_read(plain, &channel->numbers, arena, &phone) == OUTCOME_OK && is_callable(&phone) &&
            !is_among(phone.text, numbers, count))
            numbers[count++] = phone.text;
    }
    return count;
}

struct lookup typed_number_lookup(const struct keyring *keyring, struct span number)
{
    const struct inbound from = {.kind = INBOUND_SMS, .from = {.kind = PHONE_NUMBER, .text = number}};
    const struct channel nowhere = {.id = SPAN_NONE}; /* a number means the same on every channel */
    struct identity identity;
    identity_of(keyring, &nowhere, &from, &identity);
    return identity.phone;
}
