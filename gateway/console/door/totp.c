#include "console/door/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/buffer.h"
#include "base/sealed.h"
#include "http/form.h"
#include "text/digits.h"

enum { GROUP = 4, ADDRESS_MAX = 1024 };

int64_t totp_step(int64_t now_ms)
{
    return now_ms / TOTP_STEP_MS;
}

void totp_code(struct span secret, int64_t step, char out[TOTP_DIGITS + 1])
{
    unsigned char message[8], mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret.at, (int)secret.len, message, sizeof message, mac, &len))
        abort(); /* nothing safe can follow */
    /* Four bytes from where the last half byte says: RFC 4226, 5.3. */
    const unsigned char *at = mac + (mac[len - 1] & 0x0f);
    uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
    snprintf(out, TOTP_DIGITS + 1, "%06u", (unsigned)(number % 1000000));
}

/* Six ASCII digits, as people type them: "123 456". False: something else. */
static bool read_code(struct span typed, char out[TOTP_DIGITS + 1])
{
    struct arena *arena = arena_create_secret(512);
    struct span ascii = typed.len <= 64 ? digits_to_ascii(typed, arena) : SPAN_NONE;
    size_t count = 0;
    for (size_t i = 0; i < ascii.len && count <= TOTP_DIGITS; i++)
        if (ascii.at[i] != ' ')
            out[count < TOTP_DIGITS ? count : 0] = ascii.at[i], count++;
    out[TOTP_DIGITS] = '\0';
    arena_destroy(arena);
    return count == TOTP_DIGITS && span_is_digits((struct span){out, TOTP_DIGITS});
}

bool totp_accepts(struct span secret, struct span typed, int64_t now_ms, int64_t used, int64_t *step)
{
    char given[TOTP_DIGITS + 1], right[TOTP_DIGITS + 1];
    if (secret.len == 0 || !read_code(typed, given))
        return false;
    int64_t now = totp_step(now_ms);
    for (int64_t i = now - 1; i <= now + 1; i++) {
        totp_code(secret, i, right);
        if (i > used && secret_equal((struct span){right, TOTP_DIGITS}, (struct span){given, TOTP_DIGITS})) {
            *step = i;
            return true;
        }
    }
    return false;
}

/* Base32 of RFC 4648 without padding; `group` 0: in one piece. */
static void add_base32(struct span bytes, size_t group, struct buffer *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t written = 0;
    for (size_t bit = 0; bit < bytes.len * 8; bit += 5) {
        unsigned value = 0;
        for (size_t i = bit; i < bit + 5; i++) {
            unsigned byte = i / 8 < bytes.len ? (unsigned char)bytes.at[i / 8] : 0;
            value = value << 1 | (byte >> (7 - i % 8) & 1);
        }
        if (group && written > 0 && written % group == 0)
            buffer_add_char(out, ' ');
        buffer_add_char(out, letters[value]);
        written++;
    }
}

struct span totp_secret_text(struct span secret, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, ADDRESS_MAX);
    add_base32(secret, GROUP, &text);
    return buffer_span(&text);
}

struct span totp_address(struct span secret, struct span issuer, struct span name, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, ADDRESS_MAX);
    buffer_add_text(&text, "otpauth://totp/");
    form_encode(issuer, &text);
    buffer_add_char(&text, ':');
    form_encode(name, &text);
    buffer_add_text(&text, "?secret=");
    add_base32(secret, 0, &text);
    buffer_add_text(&text, "&issuer=");
    form_encode(issuer, &text);
    return buffer_span(&text);
}
