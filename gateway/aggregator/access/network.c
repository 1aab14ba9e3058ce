#include "aggregator/access/network.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char v4_lead[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4_address(const unsigned char address[16])
{
    return memcmp(address, v4_lead, sizeof v4_lead) == 0;
}

static bool read_address(struct span text, unsigned char out[16], bool *is_v4)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.at, '\0', text.len) != NULL)
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    memcpy(out, v4_lead, sizeof v4_lead);
    *is_v4 = inet_pton(AF_INET, copy, out + 12) == 1;
    return *is_v4 || inet_pton(AF_INET6, copy, out) == 1;
}

bool network_read(struct span text, struct network *out)
{
    struct span bits_text = text;
    struct span address = span_cut(&bits_text, '/');
    bool is_v4 = false;
    uint64_t bits = 0;
    if (!read_address(address, out->address, &is_v4))
        return false;
    uint64_t most = is_v4 ? 32 : 128;
    if (!span_is_present(bits_text))
        bits = most;
    else if (!span_to_u64(bits_text, &bits) || bits > most)
        return false;
    out->bits = (unsigned)(bits + (is_v4 ? 96 : 0));
    return true;
}

bool network_is_address(struct span text)
{
    unsigned char bytes[16];
    bool is_v4;
    return read_address(text, bytes, &is_v4);
}

static bool same_lead(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool network_holds(const struct network *networks, size_t count, struct span address)
{
    unsigned char bytes[16];
    bool is_v4;
    if (!read_address(address, bytes, &is_v4))
        return false;
    for (size_t i = 0; i < count; i++)
        if (is_v4_address(networks[i].address) == is_v4_address(bytes) && /* ::/0 means IPv6 alone */
            same_lead(networks[i].address, bytes, networks[i].bits))
            return true;
    return false;
}
