#include "core/common/stray.h"

#define PIN_DIGITS 4

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How far a run of digits goes from `at` on; the zero bytes between those of a wide character set belong to it. */
static size_t run_end(struct span bytes, size_t at, size_t *digits)
{
    size_t end = at;
    for (*digits = 0; at < bytes.len && (is_digit(bytes.at[at]) || bytes.at[at] == '\0'); at++)
        if (is_digit(bytes.at[at])) {
            (*digits)++;
            end = at + 1;
        }
    return end;
}

/* What came may hold a PIN: typed too early, or before the answer that could not be read. It is kept by nobody, sealed or not. */
static struct span without_pins(struct span raw, struct arena *arena)
{
    char *out = arena_alloc(arena, raw.len + 1);
    for (size_t at = 0; at < raw.len;) {
        size_t digits, end = is_digit(raw.at[at]) ? run_end(raw, at, &digits) : at + 1;
        bool hidden = is_digit(raw.at[at]) && digits == PIN_DIGITS;
        for (; at < end; at++)
            out[at] = hidden && is_digit(raw.at[at]) ? '#' : raw.at[at];
    }
    return (struct span){out, raw.len};
}

void stray_add(struct change_list *changes, struct id_source *ids, int64_t now, const struct stray *stray)
{
    struct change *change = change_list_add(changes, CHANGE_STRAY, stray->message);
    change->stray.id = id_next(ids, now);
    change->stray.at = now;
    change->stray.channel = stray->channel->id;
    change->stray.why = span_of(stray->why);
    change->stray.raw = span_is_present(stray->raw) ? stray->raw : SPAN("");
    if (!stray->sender)
        return;
    change->stray.sender = *stray->sender;
    change->stray.raw = without_pins(change->stray.raw, changes->arena);
}

struct span stray_raw(const struct inbound *inbound)
{
    return span_is_present(inbound->raw) ? inbound->raw : inbound->input;
}
