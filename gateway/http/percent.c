#include "http/percent.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_decode_one(struct span s, char *out)
{
    if (s.len < 3 || s.at[0] != '%')
        return false;
    int high = hex_value(s.at[1]);
    int low = hex_value(s.at[2]);
    if (high < 0 || low < 0)
        return false;
    *out = (char)(high * 16 + low);
    return true;
}

bool percent_is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}
