#include "http/headers.h"

#include <string.h>

/* clang-format off */
static const char token_character[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
    ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
    ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
    ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

bool headers_is_token(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!token_character[(unsigned char)s.at[i]])
            return false;
    return s.len > 0;
}

static enum outcome read_length(struct span value, struct framing *out, struct error *err)
{
    uint64_t length;
    if (out->has_length)
        return error_set(err, OUTCOME_REFUSED, "Content-Length is given more than once");
    if (!span_to_u64(value, &length) || length > SIZE_MAX / 2)
        return error_set(err, OUTCOME_REFUSED, "Content-Length is not a number");
    out->has_length = true;
    out->length = (size_t)length;
    return OUTCOME_OK;
}

static enum outcome read_encoding(struct span value, struct framing *out, struct error *err)
{
    if (out->chunked || !span_equal_nocase(value, SPAN("chunked")))
        return error_set(err, OUTCOME_REFUSED, "Transfer-Encoding must be given once and be chunked");
    out->chunked = true;
    return OUTCOME_OK;
}

static enum outcome read_header(const struct pair *header, struct framing *out, struct error *err)
{
    if (!headers_is_token(header->name))
        return error_set(err, OUTCOME_REFUSED, "a header name has a blank or a control character in it");
    /* The three that matter have lengths that hardly any other header has: most are told apart without a comparison. */
    switch (header->name.len) {
    case sizeof "Expect" - 1:
        out->expects_continue |= span_equal_nocase(header->name, SPAN("Expect"));
        return OUTCOME_OK;
    case sizeof "Content-Length" - 1:
        return span_equal_nocase(header->name, SPAN("Content-Length")) ? read_length(header->value, out, err)
                                                                       : OUTCOME_OK;
    case sizeof "Transfer-Encoding" - 1:
        return span_equal_nocase(header->name, SPAN("Transfer-Encoding")) ? read_encoding(header->value, out, err)
                                                                          : OUTCOME_OK;
    default:
        return OUTCOME_OK;
    }
}

enum outcome headers_check_framing(const struct http_request *request, struct framing *out, struct error *err)
{
    *out = (struct framing){0};
    for (size_t i = 0; i < request->header_count; i++) {
        enum outcome outcome = read_header(&request->headers[i], out, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    if (out->has_length && out->chunked)
        return error_set(err, OUTCOME_REFUSED, "Content-Length and Transfer-Encoding are both given");
    return OUTCOME_OK;
}

static bool is_sendable_value(struct span value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7f)
            return false;
    return true;
}

bool headers_is_sendable(const struct pair *header)
{
    return headers_is_token(header->name) && is_sendable_value(header->value);
}

bool headers_are_sendable(const struct http_response *response)
{
    if (!is_sendable_value(response->content_type))
        return false;
    for (size_t i = 0; i < response->header_count; i++)
        if (!headers_is_sendable(&response->headers[i]))
            return false;
    return true;
}
