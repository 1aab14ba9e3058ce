/* The key file: made once, read at start. Its bytes stand in locked memory only, and in no message. */
#include "base/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"

#define HEADER "helpline-key 1"
#define KEY_HEX_BYTES ((size_t)crypto_kdf_KEYBYTES * 2)
#define LINE_BYTES_MAX (KEY_HEX_BYTES + 8)
#define FILE_BYTES_MAX (sizeof HEADER + MASTER_KEYS_MAX * LINE_BYTES_MAX)

enum subkey { SUBKEY_LOOKUP = 1, SUBKEY_SEAL, SUBKEY_PIN, SUBKEY_AUDIT, SUBKEY_WRAP, SUBKEY_CHECK, SUBKEY_FINGERPRINT };

static void *locked_alloc(size_t bytes)
{
    void *at = sodium_init() < 0 ? NULL : sodium_malloc(bytes);
    if (!at) {
        log_event(LOG_LEVEL_ERROR, "keys", "no_locked_memory", "bytes=%zu", bytes);
        abort();
    }
    return at;
}

static void derive(unsigned char *out, size_t len, enum subkey which, const unsigned char *master)
{
    crypto_kdf_derive_from_key(out, len, (uint64_t)which, "helpline", master);
}

static enum outcome write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno != EINTR)
            return OUTCOME_BROKEN;
        if (put > 0) {
            text += put;
            len -= (size_t)put;
        }
    }
    return OUTCOME_OK;
}

static enum outcome write_new_key(int fd)
{
    char *text = locked_alloc(FILE_BYTES_MAX);
    unsigned char *key = locked_alloc(crypto_kdf_KEYBYTES);
    char *hex = locked_alloc(KEY_HEX_BYTES + 1);
    random_bytes(key, crypto_kdf_KEYBYTES);
    sodium_bin2hex(hex, KEY_HEX_BYTES + 1, key, crypto_kdf_KEYBYTES);
    int len = snprintf(text, FILE_BYTES_MAX, HEADER "\n1 %s\n", hex);
    enum outcome outcome = len > 0 ? write_all(fd, text, (size_t)len) : OUTCOME_BROKEN;
    if (outcome == OUTCOME_OK && (fchmod(fd, 0600) != 0 || fsync(fd) != 0))
        outcome = OUTCOME_BROKEN;
    sodium_free(hex);
    sodium_free(key);
    sodium_free(text);
    return outcome;
}

static enum outcome generate_in(int folder, const char *name, const char *path, struct error *err)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return errno == EEXIST ? error_set(err, OUTCOME_CONFLICT, "%s: exists; a key file is never overwritten", path)
                               : error_set(err, OUTCOME_BROKEN, "%s: cannot be created: %m", path);
    }
    enum outcome outcome = write_new_key(fd);
    if (outcome == OUTCOME_OK && fsync(folder) != 0)
        outcome = OUTCOME_BROKEN;
    if (outcome != OUTCOME_OK) {
        error_set(err, outcome, "%s: cannot be written: %m", path);
        unlinkat(folder, name, 0); /* ours: O_EXCL made it */
    }
    close(fd);
    return outcome;
}

enum outcome keyring_generate(const char *path, struct error *err)
{
    char *for_folder = strdup(path), *for_name = strdup(path);
    if (!for_folder || !for_name)
        abort();
    const char *folder_path = dirname(for_folder);
    int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum outcome outcome;
    if (folder < 0) {
        outcome = error_set(err, OUTCOME_BROKEN, "%s: cannot be opened: %m", folder_path);
    } else {
        outcome = generate_in(folder, basename(for_name), path, err);
        close(folder);
    }
    free(for_folder);
    free(for_name);
    return outcome;
}

static bool has_id(const struct keyring *keyring, unsigned char id)
{
    for (size_t i = 0; i < keyring->count; i++)
        if (keyring->masters[i].id == id)
            return true;
    return false;
}

static void add_master(struct keyring *keyring, unsigned char id, const unsigned char *key)
{
    struct master *master = &keyring->masters[keyring->count++];
    master->id = id;
    derive(master->seal, sizeof master->seal, SUBKEY_SEAL, key);
    derive(master->wrap, sizeof master->wrap, SUBKEY_WRAP, key);
    if (keyring->count > 1)
        return;
    unsigned char lookup[SUBKEY_BYTES];
    derive(lookup, sizeof lookup, SUBKEY_LOOKUP, key);
    crypto_generichash_init(&keyring->lookup, lookup, sizeof lookup, LOOKUP_BYTES);
    sodium_memzero(lookup, sizeof lookup);
    derive(keyring->fingerprint, sizeof keyring->fingerprint, SUBKEY_FINGERPRINT, key);
    derive(keyring->pin, sizeof keyring->pin, SUBKEY_PIN, key);
    derive(keyring->audit, sizeof keyring->audit, SUBKEY_AUDIT, key);
    derive(keyring->check, sizeof keyring->check, SUBKEY_CHECK, key);
}

/* `<id 1..255> <64 hex digits>`; NULL when it holds, else what is wrong. */
static const char *take_key_line(struct keyring *keyring, struct span line)
{
    uint64_t id;
    struct span hex = line;
    if (!span_to_u64(span_cut(&hex, ' '), &id) || id < 1 || id > MASTER_KEYS_MAX)
        return "expected a key id from 1 to 255";
    if (has_id(keyring, (unsigned char)id))
        return "this key id was given before";
    unsigned char key[crypto_kdf_KEYBYTES];
    size_t len = 0;
    const char *wrong = "expected 64 hex digits behind the key id";
    if (hex.len == KEY_HEX_BYTES && sodium_hex2bin(key, sizeof key, hex.at, hex.len, NULL, &len, NULL) == 0 &&
        len == sizeof key) {
        add_master(keyring, (unsigned char)id, key);
        wrong = NULL;
    }
    sodium_memzero(key, sizeof key);
    return wrong;
}

static enum outcome parse(struct keyring *keyring, struct span text, const char *path, struct error *err)
{
    if (!span_equal(span_cut(&text, '\n'), SPAN(HEADER)))
        return error_set_at(err, OUTCOME_REFUSED, path, 1, "not a key file; expected \"" HEADER "\"");
    for (unsigned line = 2; text.len > 0; line++) {
        const char *wrong = take_key_line(keyring, span_cut(&text, '\n'));
        if (wrong)
            return error_set_at(err, OUTCOME_REFUSED, path, line, "%s", wrong);
    }
    if (keyring->count == 0)
        return error_set(err, OUTCOME_REFUSED, "%s: holds no key", path);
    return OUTCOME_OK;
}

static enum outcome check_file(int fd, const char *path, struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return error_set(err, OUTCOME_BROKEN, "%s: %m", path);
    if (!S_ISREG(info.st_mode))
        return error_set(err, OUTCOME_REFUSED, "%s: not a file", path);
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        return error_set(err, OUTCOME_REFUSED, "%s: open to others than its owner; expected mode 0600 (chmod 600)",
                         path);
    }
    if ((uintmax_t)info.st_size > FILE_BYTES_MAX)
        return error_set(err, OUTCOME_REFUSED, "%s: too large for a key file", path);
    return OUTCOME_OK;
}

static enum outcome read_and_parse(int fd, const char *path, struct keyring *keyring, struct error *err)
{
    char *text = locked_alloc(FILE_BYTES_MAX);
    size_t len = 0;
    ssize_t got;
    while (len < FILE_BYTES_MAX && (got = read(fd, text + len, FILE_BYTES_MAX - len)) != 0) {
        if (got < 0 && errno != EINTR)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    enum outcome outcome = got < 0 ? error_set(err, OUTCOME_BROKEN, "%s: cannot be read: %m", path)
                                   : parse(keyring, (struct span){text, len}, path, err);
    sodium_free(text);
    return outcome;
}

enum outcome keyring_open(const char *path, struct keyring **out, struct error *err)
{
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place must not hold up the start */
    if (fd < 0) {
        return errno == ENOENT
                   ? error_set(err, OUTCOME_NOT_FOUND,
                               "%s: no such file; `helpline keygen` makes new keys, data that is there needs its own",
                               path)
                   : error_set(err, OUTCOME_BROKEN, "%s: cannot be opened: %m", path);
    }
    enum outcome outcome = check_file(fd, path, err);
    if (outcome == OUTCOME_OK) {
        struct keyring *keyring = locked_alloc(sizeof *keyring);
        keyring->count = 0;
        outcome = read_and_parse(fd, path, keyring, err);
        if (outcome == OUTCOME_OK) {
            if (sodium_mlock(keyring, sizeof *keyring) != 0) /* sodium_malloc tried it too, and kept silent */
                log_event(LOG_LEVEL_WARNING, "keys", "not_locked", "errno=%d", errno);
            sodium_mprotect_readonly(keyring);
            *out = keyring;
        } else {
            sodium_free(keyring);
        }
    }
    close(fd);
    return outcome;
}

void keyring_close(struct keyring *keyring)
{
    sodium_free(keyring);
}
