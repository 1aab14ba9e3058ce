#include "text/weight.h"

#include "text/gsm7_alphabet.h"
#include "text/utf8_decode.h"

struct weight weigh(struct span marked)
{
    const unsigned char *at = (const unsigned char *)marked.at, *end = at + marked.len;
    struct weight weight = {0, 0, false};
    while (at < end) {
        uint32_t character;
        at += utf8_decode(at, &character);
        unsigned code = gsm7_code_of(character);
        if (code) {
            weight.septets += 1 + (code >> 8);
        } else {
            if (character == SCREEN_VALUE_BEGIN || character == SCREEN_VALUE_END)
                continue;
            weight.beyond_gsm7 = true;
            weight.units += character > 0xFFFF;
        }
        weight.units++;
    }
    return weight;
}

struct weight weight_add(struct weight a, struct weight b)
{
    return (struct weight){a.septets + b.septets, a.units + b.units, a.beyond_gsm7 || b.beyond_gsm7};
}

struct measure weight_measure(struct weight weight)
{
    if (weight.beyond_gsm7)
        return (struct measure){ENCODING_UCS2, weight.units};
    return (struct measure){ENCODING_GSM7, weight.septets};
}

struct weight weight_add_line(struct weight page, struct weight line)
{
    static const struct weight line_end = {1, 1, false};
    bool first = page.units == 0;
    return weight_add(first ? page : weight_add(page, line_end), line);
}

size_t weight_limit(const struct carrier *carrier, enum encoding encoding)
{
    int units = encoding == ENCODING_GSM7 ? carrier->gsm7_units : carrier->ucs2_units;
    return units > 0 ? (size_t)units : 0;
}

bool weight_fits(struct weight weight, const struct carrier *carrier)
{
    struct measure measure = weight_measure(weight);
    return measure.units <= weight_limit(carrier, measure.encoding);
}

size_t weight_over(struct weight weight, const struct carrier *carrier)
{
    struct measure measure = weight_measure(weight);
    return measure.units - weight_limit(carrier, measure.encoding);
}
