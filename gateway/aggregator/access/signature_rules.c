/* signature = { ... } of a profile or a channel, compiled; its table. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/access/signature.h"

#define SIGNS_MAX 8
#define RSA_BITS_MIN 2048

static const char *const schemes[] = {"url-and-fields", "sorted-fields", "content", NULL};
static const char *const algorithms[] = {"md5hash",     "hmac-md5",   "hmac-sha1", "hmac-sha256",
                                         "hmac-sha512", "rsa-sha256", NULL};
static const char *const encodings[] = {"hex", "base64", "base64url", NULL};

const struct setting_rule signature_rules[] = {
    {"scheme", SETTING_STRING, true, 0, 0, schemes, "What is signed: url-and-fields, sorted-fields or content"},
    {"algorithm", SETTING_STRING, true, 0, 0, algorithms, "md5hash: MD5 of it and the secret behind it; an HMAC; RSA"},
    {"header", SETTING_STRING, false, 1, 60, NULL, "The header that the signature stands in"},
    {"field", SETTING_STRING, false, 1, 60, NULL, "or the field"},
    {"encoding", SETTING_STRING, false, 0, 0, encodings,
     "hex, base64 or base64url; base64 for url-and-fields and RSA, else hex"},
    {"prefix", SETTING_STRING, false, 1, 60, NULL, "What stands before it there: \"sha256=\""},
    {"signs", SETTING_STRINGS, false, 1, 200, NULL, "content: the facts that are signed, in order; [ \"body\" ]"},
    {"body_hash", SETTING_STRING, false, 1, 60, NULL,
     "url-and-fields: the query's field with the SHA-256 (hex) of a body that is no form"},
    {"timestamp", SETTING_STRING, false, 1, 200, NULL,
     "Where the request's Unix time is, when its age is to be checked"},
    {"max_age_seconds", SETTING_INTEGER, false, 1, 315360000, NULL, "How old it may be, or how far ahead; 300"},
    {0},
};

static int index_of(struct layer group, const char *name, const char *const *words, const char *otherwise)
{
    struct span word = layer_string(group, name, otherwise);
    for (int i = 0; words[i] != NULL; i++)
        if (span_equal_text(word, words[i]))
            return i;
    return 0; /* the table of choices was checked before */
}

static bool compile_source(struct layer group, struct span text, struct arena *arena, struct problems *problems,
                           struct source *out)
{
    const char *why = NULL;
    if (source_parse(text, arena, out, &why))
        return true;
    layer_problem(group, problems, "\"%.*s\" is no fact of a request: %s", SPAN_ARG(text), why);
    return false;
}

static void compile_signs(struct layer group, struct arena *arena, struct problems *problems, struct signature *out)
{
    struct setting list = layer_get(group, "signs");
    size_t count = setting_count(list);
    struct source *signs = ARENA_ARRAY(arena, struct source, count + 1);
    out->sign_count = count > 0 ? count : 1;
    signs[0].place = SOURCE_BODY;
    for (size_t i = 0; i < count; i++)
        compile_source(group, setting_as_string(setting_at(list, i)), arena, problems, &signs[i]);
    out->signs = signs;
}

static bool signs_place(const struct signature *s, enum source_place place)
{
    for (size_t i = 0; i < s->sign_count; i++)
        if (s->signs[i].place == place)
            return true;
    return false;
}

static bool signs_same(const struct signature *s, const struct source *source)
{
    for (size_t i = 0; i < s->sign_count; i++)
        if (s->signs[i].place == source->place && s->signs[i].segment == source->segment &&
            span_equal_nocase(s->signs[i].name, source->name))
            return true;
    return false;
}

/* A time that is not signed can be made young by anybody. */
static bool time_is_signed(const struct signature *s)
{
    bool by_url = s->scheme == SIGNS_URL_AND_FIELDS || signs_place(s, SOURCE_URL);
    switch (s->timestamp.place) {
    case SOURCE_QUERY:
    case SOURCE_PATH:
        return by_url || (s->scheme == SIGNS_SORTED_FIELDS && s->timestamp.place == SOURCE_QUERY) ||
               signs_same(s, &s->timestamp);
    case SOURCE_FIELD:
        return s->scheme != SIGNS_CONTENT || signs_place(s, SOURCE_BODY) || signs_same(s, &s->timestamp);
    default:
        return s->scheme == SIGNS_CONTENT && signs_same(s, &s->timestamp);
    }
}

static void compile_timestamp(struct layer group, struct arena *arena, struct problems *problems, struct signature *out)
{
    struct span text = layer_string(group, "timestamp", NULL);
    out->max_age_ms = 1000 * layer_integer(group, "max_age_seconds", 300);
    out->ages = span_is_present(text) && compile_source(group, text, arena, problems, &out->timestamp);
    if (out->ages && !time_is_signed(out))
        layer_problem(group, problems, "the timestamp is not among what is signed: anybody could change it");
}

static void check_place(struct layer group, const struct signature *s, struct problems *problems)
{
    bool by_url = s->scheme == SIGNS_URL_AND_FIELDS || signs_place(s, SOURCE_URL);
    if (span_is_present(s->header) == span_is_present(s->field))
        layer_problem(group, problems, "a signature stands in a header or in a field: say one of them");
    if (s->scheme != SIGNS_CONTENT && setting_is_present(layer_get(group, "signs")))
        layer_problem(group, problems, "signs belongs to scheme = \"content\"");
    if (span_is_present(s->field) && s->scheme == SIGNS_URL_AND_FIELDS)
        layer_problem(group, problems, "url-and-fields signs every field: the signature stands in a header");
    if (by_url && s->public_url.len == 0)
        layer_problem(group, problems, "this signature holds our own address: listen.public_url is needed");
}

struct signature *signature_compile(struct layer group, struct span public_url, struct arena *arena,
                                    struct problems *problems)
{
    struct signature *out = ARENA_NEW(arena, struct signature);
    size_t before = problems->count;
    layer_check(group, signature_rules, problems);
    if (problems->count != before)
        return out;
    out->scheme = (enum signature_scheme)index_of(group, "scheme", schemes, "");
    out->algorithm = (enum signature_algorithm)index_of(group, "algorithm", algorithms, "");
    bool binary = out->scheme == SIGNS_URL_AND_FIELDS || out->algorithm == SIGNED_RSA_SHA256;
    out->encoding = (enum signature_encoding)index_of(group, "encoding", encodings, binary ? "base64" : "hex");
    out->header = arena_copy(arena, layer_string(group, "header", NULL));
    out->field = arena_copy(arena, layer_string(group, "field", NULL));
    out->prefix = arena_copy(arena, layer_string(group, "prefix", ""));
    out->body_hash = arena_copy(arena, layer_string(group, "body_hash", NULL));
    out->public_url = public_url;
    out->key = SPAN("");
    compile_signs(group, arena, problems, out);
    compile_timestamp(group, arena, problems, out);
    check_place(group, out, problems);
    return out;
}

static struct span to_der(EVP_PKEY *key, struct arena *arena)
{
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(key, &der);
    struct span copy = len > 0 ? arena_copy(arena, (struct span){(char *)der, (size_t)len}) : SPAN_NONE;
    OPENSSL_free(der);
    return copy;
}

enum outcome signature_read_public_key(const char *path, struct arena *arena, struct span *der, struct error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(err, errno == ENOENT ? OUTCOME_NOT_FOUND : OUTCOME_REFUSED,
                         "the public key's file %s cannot be read: %s", path, strerrordesc_np(errno));
    EVP_PKEY *key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    bool fits = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
    *der = fits ? to_der(key, arena) : SPAN_NONE;
    EVP_PKEY_free(key);
    if (!span_is_present(*der))
        return error_set(err, OUTCOME_REFUSED, "%s holds no RSA public key (PEM) of %d bits or more", path,
                         RSA_BITS_MIN);
    return OUTCOME_OK;
}
