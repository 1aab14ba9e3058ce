#include "aggregator/reading/parts.h"

#include "aggregator/language/hex.h"

#define PARTS_MAX 255
#define REFERENCE_MAX 64
#define IE_PARTS_8 0x00
#define IE_PARTS_16 0x08

static void set_part(struct inbound *out, struct span reference, uint64_t number, uint64_t total)
{
    if (reference.len == 0 || reference.len > REFERENCE_MAX || total < 2 || total > PARTS_MAX || number < 1 ||
        number > total)
        return;
    out->part.reference = reference;
    out->part.number = (unsigned)number;
    out->part.total = (unsigned)total;
}

/* The element's value: the reference in one byte or two, the total, the number. */
static void read_element(unsigned char identifier, struct span value, struct arena *arena, struct inbound *out)
{
    const unsigned char *at = (const unsigned char *)value.at;
    if (identifier == IE_PARTS_8 && value.len == 3)
        set_part(out, arena_format(arena, "%u", at[0]), at[2], at[1]);
    else if (identifier == IE_PARTS_16 && value.len == 4)
        set_part(out, arena_format(arena, "%u", (unsigned)at[0] << 8 | at[1]), at[3], at[2]);
}

static void read_header(struct span header, struct arena *arena, struct inbound *out)
{
    const unsigned char *at = (const unsigned char *)header.at;
    if (header.len == 0 || at[0] >= header.len)
        return; /* its first byte says how many follow */
    struct span elements = {header.at + 1, at[0]};
    while (elements.len >= 2) {
        unsigned char identifier = (unsigned char)elements.at[0], len = (unsigned char)elements.at[1];
        if ((size_t)len + 2 > elements.len)
            return;
        read_element(identifier, (struct span){elements.at + 2, len}, arena, out);
        elements = span_from(elements, (size_t)len + 2);
    }
}

void parts_read(const struct shape *shape, struct facts *facts, struct arena *arena, struct inbound *out)
{
    struct span total = facts_choose(facts, shape->fields[FIELD_PART_TOTAL]);
    struct span number = facts_choose(facts, shape->fields[FIELD_PART_NUMBER]);
    struct span reference = facts_choose(facts, shape->fields[FIELD_PART_REF]);
    struct span udh = facts_choose(facts, shape->fields[FIELD_UDH]), header;
    uint64_t of = 0, which = 0;
    if (total.len > 0 && number.len > 0 && span_to_u64(span_trim(total), &of) && span_to_u64(span_trim(number), &which))
        set_part(out, span_trim(reference), which, of);
    else if (udh.len > 0 && hex_decode(span_trim(udh), arena, &header))
        read_header(header, arena, out);
}
