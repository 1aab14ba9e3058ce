/*
 * Signatures, checked against what others published: the examples of vendors' own libraries (request_validator tests of
 * twilio-python, test_signature of vonage-python-sdk), GitHub's page on validating deliveries, RFC 7515 appendix A.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "aggregator/access/signature.h"
#include "base/settings.h"
#include "cmocka_all.h"

#define NOW_MS (1461605396 * (int64_t)1000)

/* A signature and a door that takes forms and JSON at the same address. */
struct signer {
    struct arena *arena;
    struct settings *settings;
    struct signature *signature;
    struct door door;
    struct problems problems;
};

static struct signer signer_open(const char *settings, const char *key, const char *public_url)
{
    struct signer s = {.arena = arena_create(65536)};
    struct problems *problems = &s.problems;
    problems_init(problems, s.arena);
    struct span text =
        arena_format(s.arena,
                     "signature = { %s }; request = { methods = [ \"GET\", \"POST\" ]; encoding = \"form\";"
                     " variants = ( { encoding = \"json\"; } );"
                     " fields = { from = \"msisdn\"; text = \"text\"; }; };",
                     settings);
    assert_int_equal(settings_parse(text, "test.conf", &s.settings, problems), OUTCOME_OK);
    struct layer group = {.under = setting_get(settings_root(s.settings), "signature")};
    s.signature = signature_compile(group, span_of(public_url), s.arena, problems);
    s.signature->key = span_of(key);
    door_compile((struct layer){.under = setting_get(settings_root(s.settings), "request")}, DOOR_IN, CHANNEL_SMS,
                 s.arena, problems, &s.door);
    return s;
}

static void signer_close(struct signer *s)
{
    settings_free(s->settings);
    arena_destroy(s->arena);
}

static enum signature_fault check(const struct signer *s, const struct http_request *request, int64_t now)
{
    const struct shape *shape = door_shape_of(&s->door, request);
    struct facts *facts = facts_open(request, shape, s->signature->public_url, 2, s->arena);
    enum signature_fault fault = signature_check(s->signature, request, shape, facts, now, s->arena);
    facts_close(facts);
    return fault;
}

static enum signature_fault fault_of(const struct signer *s, struct span raw, int64_t now)
{
    struct http_request request;
    struct error err = {0};
    if (http_parse_request(raw, s->arena, &request, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    return check(s, &request, now);
}

#define URL_AND_FIELDS                                                                                                 \
    "scheme = \"url-and-fields\"; algorithm = \"hmac-sha1\"; header = \"X-Twilio-Signature\"; body_hash = "            \
    "\"bodySHA256\";"
#define SORTED(algorithm)                                                                                              \
    "scheme = \"sorted-fields\"; algorithm = \"" algorithm "\"; field = \"sig\"; timestamp = \"timestamp\";"
#define BODY_HMAC                                                                                                      \
    "scheme = \"content\"; algorithm = \"hmac-sha256\"; header = \"X-Hub-Signature-256\"; prefix = \"sha256=\";"
#define FORM "Content-Type: application/x-www-form-urlencoded\n"
#define JSON "Content-Type: application/json\n"
#define CALL "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
#define PATH "/myapp.php?foo=1&bar=2"
#define HASH "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
#define MD5HASH "6af838ef94998832dbfc29020b564830"
#define HMAC_OF_NOTHING "f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169"
#define SHA512                                                                                                         \
    "812a18f76680fa0fe1b8bd9ee1625466ceb1bd96242e4d050d2cfd9a7b40166c63ed26ec9702168781b6edcf1633db8ff95af9341701004e" \
    "ec3fcf9550572ee8"

static const struct {
    const char *settings, *key, *public_url, *request;
} genuine[] = {
    {URL_AND_FIELDS, "12345", "https://mycompany.com",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\n\n" CALL},
    /* signed with the default port, without ours, without TLS */
    {URL_AND_FIELDS, "12345", "https://mycompany.com",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: kvajT1Ptam85bY51eRf/AJRuM3w=\n\n" CALL},
    {URL_AND_FIELDS, "12345", "https://mycompany.com:1234",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\n\n" CALL},
    {URL_AND_FIELDS, "12345", "http://mycompany.com",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: 0ZXoZLH/DfblKGATFgpif+LLRf4=\n\n" CALL},
    {URL_AND_FIELDS, "12345", "http://mycompany.com:1234",
     "POST " PATH " HTTP/1.1\n" FORM "x-twilio-signature: Zmvh+3yNM1Phv2jhDCwEM3q5ebU=\n\n" CALL},
    /* a name that is there twice, and one that begins with another */
    {URL_AND_FIELDS, "12345", "https://mycompany.com",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: IK+Dwps556ElfBT0I3Rgjkr1wJU=\n\n"
     "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=5678"},
    /* a body that is no form is hashed */
    {URL_AND_FIELDS, "12345", "https://mycompany.com",
     "POST " PATH "&bodySHA256=" HASH " HTTP/1.1\n" JSON "X-Twilio-Signature: a9nBmqA0ju/hNViExpshrM61xv4=\n\n"
     "{\"property\": \"value\", \"boolean\": true}"},
    {SORTED("md5hash"), "secret", NULL, "GET /?b=2&a=1&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n"},
    {SORTED("md5hash"), "secret", NULL, "POST / HTTP/1.1\n" FORM "\nb=2&a=1&timestamp=1461605396&sig=" MD5HASH},
    {SORTED("md5hash"), "secret", NULL,
     "POST / HTTP/1.1\n" JSON "\n{\"b\":\"2\",\"a\":1,\"sig\":\"" MD5HASH "\",\"timestamp\":\"1461605396\"}"},
    {SORTED("hmac-md5"), "secret", NULL,
     "GET /?a=1&b=2&timestamp=1461605396&sig=C15C21CED558C93A226C305F58F902F2 HTTP/1.1\n\n"},
    {SORTED("hmac-sha1"), "secret", NULL,
     "GET /?a=1&b=2&timestamp=1461605396&sig=3e19a4e6880fdc2c1426bfd0587c98b9532f0210 HTTP/1.1\n\n"},
    {SORTED("hmac-sha256"), "secret", NULL,
     "GET /?a=1&b=2&timestamp=1461605396&sig=a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24 "
     "HTTP/1.1\n\n"},
    {SORTED("hmac-sha512"), "secret", NULL, "GET /?a=1&b=2&timestamp=1461605396&sig=" SHA512 " HTTP/1.1\n\n"},
    {BODY_HMAC, "It's a Secret to Everybody", NULL,
     "POST / HTTP/1.1\nX-Hub-Signature-256: "
     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n\nHello, World!"},
};
#define GENUINE (sizeof genuine / sizeof genuine[0])

static void what_is_genuine_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < GENUINE; i++) {
        struct signer s = signer_open(genuine[i].settings, genuine[i].key, genuine[i].public_url);
        assert_int_equal(s.problems.count, 0);
        if (fault_of(&s, span_of(genuine[i].request), NOW_MS) != SIGNATURE_HOLDS)
            fail_msg("this should hold: %s", genuine[i].request);
        signer_close(&s);
    }
}

static void what_is_read_is_signed(void **state)
{
    (void)state;
    static const struct {
        const char *settings, *request;
        enum signature_fault fault;
    } cases[] = {
        /* the signature of an empty body, as a test call has it, is none of a query */
        {BODY_HMAC, "GET /?msisdn=1&text=a HTTP/1.1\nX-Hub-Signature-256: sha256=" HMAC_OF_NOTHING "\n\n",
         SIGNATURE_WRONG},
        {BODY_HMAC, "POST /?msisdn=1&text=a HTTP/1.1\nX-Hub-Signature-256: sha256=" HMAC_OF_NOTHING "\n\n",
         SIGNATURE_WRONG},
        {BODY_HMAC, "POST / HTTP/1.1\nX-Hub-Signature-256: sha256=" HMAC_OF_NOTHING "\n\n", SIGNATURE_HOLDS},
        /* several fields under one name, as if they were that field's */
        {SORTED("md5hash"), "GET /?a=1%26b%3D2&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n", SIGNATURE_WRONG},
        {SORTED("md5hash"), "GET /?a%3D1%26b=2&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n", SIGNATURE_WRONG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct signer s = signer_open(cases[i].settings, "secret", NULL);
        if (fault_of(&s, span_of(cases[i].request), NOW_MS) != cases[i].fault)
            fail_msg("another fault: %s", cases[i].request);
        signer_close(&s);
    }
}

/* Where the signature's text begins, and how long it is. */
static const char *signature_in(const char *request, size_t *len)
{
    static const char *const leads[] = {"ignature: ", "sha256=", "sig=", "sig\":\""};
    const char *at = NULL;
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        const char *found = strstr(request, leads[i]);
        at = found != NULL && (at == NULL || found + strlen(leads[i]) > at) ? found + strlen(leads[i]) : at;
    }
    *len = strcspn(at, " \n\"&");
    return at;
}

static struct span without(struct arena *arena, const char *text, const char *from, size_t len)
{
    return arena_format(arena, "%.*s%s", (int)(from - text), text, from + len);
}

static void no_shorter_signature_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < GENUINE; i++) {
        struct signer s = signer_open(genuine[i].settings, genuine[i].key, genuine[i].public_url);
        size_t len;
        const char *at = signature_in(genuine[i].request, &len);
        for (size_t cut = 1; cut <= len; cut++) {
            struct span end = without(s.arena, genuine[i].request, at + len - cut, cut);
            struct span start = without(s.arena, genuine[i].request, at, cut);
            assert_int_not_equal(fault_of(&s, end, NOW_MS), SIGNATURE_HOLDS);
            assert_int_not_equal(fault_of(&s, start, NOW_MS), SIGNATURE_HOLDS);
        }
        signer_close(&s);
    }
}

/* Every byte of the target, the fields and the signature: but for the case of a digit, nothing may be another. */
static void no_changed_byte_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < GENUINE; i++) {
        struct signer s = signer_open(genuine[i].settings, genuine[i].key, genuine[i].public_url);
        const char *text = genuine[i].request;
        size_t len = strlen(text);
        for (size_t at = strcspn(text, "/") + 1; at < len; at++) {
            bool in_head = text + at >= strstr(text, " HTTP/") && text + at < strstr(text, "\n\n") + 2;
            size_t signed_len;
            const char *signature = signature_in(text, &signed_len);
            bool in_signature = text + at >= signature && text + at < signature + signed_len;
            if ((in_head && !in_signature) || strchr(" \n", text[at]) != NULL)
                continue;
            char *changed = (char *)arena_alloc(s.arena, len + 1);
            memcpy(changed, text, len);
            changed[at] = text[at] == '5' ? '6' : '5';
            struct http_request request;
            struct error err;
            if (http_parse_request((struct span){changed, len}, s.arena, &request, &err) == OUTCOME_OK &&
                check(&s, &request, NOW_MS) == SIGNATURE_HOLDS &&
                strstr(text, "Digits=5678&Digits=1234") == NULL) /* there one byte makes two of three the same */
                fail_msg("byte %zu may be another in: %s", at, text);
        }
        signer_close(&s);
    }
}

static const struct {
    const char *settings, *key, *request;
    enum signature_fault fault;
} refused[] = {
    {URL_AND_FIELDS, "12345", "POST " PATH " HTTP/1.1\n" FORM "\n" CALL, SIGNATURE_MISSING},
    {URL_AND_FIELDS, "12345", "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature:\n\n" CALL, SIGNATURE_MISSING},
    {URL_AND_FIELDS, "12346",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\n\n" CALL, SIGNATURE_WRONG},
    /* the Host header is the caller's to choose */
    {URL_AND_FIELDS, "12345",
     "POST " PATH " HTTP/1.1\nHost: mycompany.com:1234\n" FORM
     "X-Twilio-Signature: Zmvh+3yNM1Phv2jhDCwEM3q5ebU=\n\n" CALL,
     SIGNATURE_WRONG},
    /* hex where base64 is due; an unpadded one; one that is padded twice */
    {URL_AND_FIELDS, "12345",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: 4523980ede13d5c51374ad4f0ddf77fd556bf01f\n\n" CALL,
     SIGNATURE_WRONG},
    {URL_AND_FIELDS, "12345",
     "POST " PATH " HTTP/1.1\n" FORM "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8==\n\n" CALL, SIGNATURE_WRONG},
    /* the signature of the address alone, for a body that it says nothing of */
    {URL_AND_FIELDS, "12345",
     "POST " PATH "&bodySHA256=" HASH " HTTP/1.1\n" JSON "X-Twilio-Signature: a9nBmqA0ju/hNViExpshrM61xv4=\n\n"
     "{\"property\": \"value\", \"boolean\": false}",
     SIGNATURE_WRONG},
    {URL_AND_FIELDS, "12345",
     "POST " PATH "&bodySHA256=" HASH " HTTP/1.1\n" FORM "X-Twilio-Signature: a9nBmqA0ju/hNViExpshrM61xv4=\n\nFrom=1",
     SIGNATURE_WRONG},
    {URL_AND_FIELDS, "12345", "POST " PATH " HTTP/1.1\n" JSON "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\n\n{}",
     SIGNATURE_WRONG},
    {SORTED("md5hash"), "secret", "GET /?a=1&b=2&timestamp=1461605396 HTTP/1.1\n\n", SIGNATURE_MISSING},
    {SORTED("md5hash"), "secret", "GET /?a=1&b=2&timestamp=1461605396&sig= HTTP/1.1\n\n", SIGNATURE_MISSING},
    {SORTED("hmac-md5"), "secret", "GET /?a=1&b=2&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n", SIGNATURE_WRONG},
    {SORTED("hmac-sha1"), "secret", "GET /?a=1&b=2&timestamp=1461605396&sig=" SHA512 " HTTP/1.1\n\n", SIGNATURE_WRONG},
    /* one more field, in the query of a signed body too */
    {SORTED("md5hash"), "secret", "GET /?a=1&b=2&c=3&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n",
     SIGNATURE_WRONG},
    {SORTED("md5hash"), "secret", "POST /?c=3 HTTP/1.1\n" FORM "\nb=2&a=1&timestamp=1461605396&sig=" MD5HASH,
     SIGNATURE_WRONG},
    {SORTED("md5hash"), "secret",
     "POST / HTTP/1.1\n" JSON "\n{\"b\":\"2\",\"a\":[1],\"sig\":\"" MD5HASH "\",\"timestamp\":\"1461605396\"}",
     SIGNATURE_WRONG},
    {SORTED("md5hash"), "secret",
     "POST / HTTP/1.1\n" JSON "\n{\"b\":\"2\",\"a\":1,\"c\":{\"d\":1},\"sig\":\"" MD5HASH
     "\",\"timestamp\":\"1461605396\"}",
     SIGNATURE_WRONG},
    {SORTED("md5hash"), "", "GET /?a=1&b=2&timestamp=1461605396&sig=d41d8cd98f00b204e9800998ecf8427e HTTP/1.1\n\n",
     SIGNATURE_WRONG},
    {BODY_HMAC, "It's a Secret to Everybody",
     "POST / HTTP/1.1\nX-Hub-Signature-256: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n\n"
     "Hello, World!",
     SIGNATURE_WRONG},
    {BODY_HMAC, "It's a Secret to Everybody", "POST / HTTP/1.1\nX-Hub-Signature-256: sha256=\n\nHello, World!",
     SIGNATURE_WRONG},
};

static void what_is_not_genuine_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct signer s = signer_open(refused[i].settings, refused[i].key, "https://mycompany.com");
        enum signature_fault fault = fault_of(&s, span_of(refused[i].request), NOW_MS);
        if (fault != refused[i].fault)
            fail_msg("fault %d, expected %d: %s", (int)fault, (int)refused[i].fault, refused[i].request);
        signer_close(&s);
    }
}

static void an_old_request_is_refused(void **state)
{
    (void)state;
    struct signer s = signer_open(SORTED("md5hash") " max_age_seconds = 60;", "secret", NULL);
    struct span request = span_of("GET /?b=2&a=1&timestamp=1461605396&sig=" MD5HASH " HTTP/1.1\n\n");
    assert_int_equal(fault_of(&s, request, NOW_MS + 60000), SIGNATURE_HOLDS);
    assert_int_equal(fault_of(&s, request, NOW_MS + 60001), SIGNATURE_OLD);
    assert_int_equal(fault_of(&s, request, NOW_MS - 60000), SIGNATURE_HOLDS);
    assert_int_equal(fault_of(&s, request, NOW_MS - 60001), SIGNATURE_OLD);
    assert_int_equal(fault_of(&s, request, 0), SIGNATURE_OLD);
    signer_close(&s);
    /* signed, but without a time, or with one that is none: &a=1 and &a=1&timestamp=now */
    s = signer_open(SORTED("hmac-sha1"), "secret", NULL);
    request = span_of("GET /?a=1&sig=3bb0e8bd9d86cb6d8d34a4c9eea0dc0bbb8b0bf8 HTTP/1.1\n\n");
    assert_int_equal(fault_of(&s, request, NOW_MS), SIGNATURE_WRONG);
    signer_close(&s);
}

/* What signature_sign makes holds, and holds no longer when it is put on another request, or is old. */
static void what_we_sign_holds(void **state)
{
    (void)state;
    static const char *const settings[] = {
        URL_AND_FIELDS,
        SORTED("md5hash"),
        SORTED("hmac-sha512"),
        BODY_HMAC,
        "scheme = \"content\"; algorithm = \"hmac-sha256\"; header = \"X-Sign\"; encoding = \"base64url\";"
        "signs = [ \"header:X-Time\", \"const:.\", \"method\", \"url\", \"body\" ]; timestamp = \"header:X-Time\";",
        "scheme = \"content\"; algorithm = \"hmac-sha512\"; header = \"X-Sign\"; encoding = \"base64\";"
        "signs = [ \"path:1\", \"query:at\", \"body\" ]; timestamp = \"query:at\";",
        "scheme = \"content\"; algorithm = \"md5hash\"; field = \"hash\"; signs = [ \"msisdn\" ];",
    };
    static const char *const requests[] = {
        "GET /in/c/one?msisdn=254711000111&text=a%26b%3Dc HTTP/1.1\n\n",
        "POST /in/c/one HTTP/1.1\n" FORM "\nmsisdn=254711000111&text=a+b",
        "POST /in/c/one?x=1 HTTP/1.1\n" JSON
        "\n{\"msisdn\":\"254711000111\",\"text\":\"\\u09b9\",\"n\":7,\"t\":true,\"f\":0.1}",
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        for (size_t j = 0; j < sizeof requests / sizeof requests[0]; j++) {
            struct signer s = signer_open(settings[i], "a-key-of-ours", "https://helpline.example.org:8443");
            struct http_request request, later;
            struct error err;
            assert_int_equal(s.problems.count, 0);
            assert_int_equal(http_parse_request(span_of(requests[j]), s.arena, &request, &err), OUTCOME_OK);
            assert_int_not_equal(check(&s, &request, NOW_MS), SIGNATURE_HOLDS);
            bool is_signed = signature_sign(s.signature, &s.door, 2, NOW_MS, s.arena, &request);
            if (strcmp(settings[i], BODY_HMAC) == 0 && request.body.len == 0) {
                assert_false(is_signed); /* nothing that is read would be signed */
                signer_close(&s);
                continue;
            }
            assert_true(is_signed);
            assert_int_equal(check(&s, &request, NOW_MS), SIGNATURE_HOLDS);
            assert_true(signature_may_hold(s.signature, &request));
            later = request;
            int64_t hour = NOW_MS + 3600000;
            enum signature_fault expected = s.signature->ages ? SIGNATURE_OLD : SIGNATURE_HOLDS;
            assert_int_equal(check(&s, &later, hour), expected);
            s.signature->key = span_of("a-key-of-theirs");
            assert_int_equal(check(&s, &request, NOW_MS), SIGNATURE_WRONG);
            signer_close(&s);
        }
    }
}

/* A fact that is signed and not there: what follows could have taken its place. */
static void a_missing_fact_is_refused(void **state)
{
    (void)state;
    struct signer s = signer_open("scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"X-Sign\";"
                                  "signs = [ \"header:X-Id\", \"body\" ];",
                                  "key", NULL);
    struct http_request request = {.method = SPAN("POST"), .target = SPAN("/"), .path = SPAN("/"), .body = SPAN("12")};
    assert_false(signature_sign(s.signature, &s.door, 2, NOW_MS, s.arena, &request));
    assert_int_equal(
        fault_of(&s, SPAN("POST / HTTP/1.1\nX-Id: 1\nX-Sign: 0dd2a5e9e0d6d1f9b4b0bd6a4e7a7a8c1e6a1b2c\n\n2"), NOW_MS),
        SIGNATURE_WRONG);
    signer_close(&s);
}

static const char rfc7515_key[] = "-----BEGIN PUBLIC KEY-----\n"
                                  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n"
                                  "NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n"
                                  "P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n"
                                  "9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n"
                                  "EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n"
                                  "FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n"
                                  "oQIDAQAB\n"
                                  "-----END PUBLIC KEY-----\n";
static const char rfc7515_signature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t"
    "1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
    "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
    "Ge77Rw";
#define RFC7515_BODY                                                                                                   \
    "eyJhbGciOiJSUzI1NiJ9."                                                                                            \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"                     \
    "fQ"

static enum outcome read_key(const char *text, struct arena *arena, struct span *der)
{
    char path[] = "/tmp/helpline-key-XXXXXX";
    struct error err = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    enum outcome outcome = signature_read_public_key(path, arena, der, &err);
    unlink(path);
    assert_true(outcome == OUTCOME_OK || strstr(err.text, path) != NULL);
    return outcome;
}

static void a_signature_by_rsa(void **state)
{
    (void)state;
    struct signer s = signer_open(
        "scheme = \"content\"; algorithm = \"rsa-sha256\"; header = \"Signature\"; encoding = \"base64url\";", "",
        NULL);
    const struct span signature = span_of(rfc7515_signature);
    assert_int_equal(read_key(rfc7515_key, s.arena, &s.signature->key), OUTCOME_OK);
    struct pair header = {SPAN("Signature"), signature};
    struct http_request request = {.method = SPAN("POST"),
                                   .target = SPAN("/"),
                                   .path = SPAN("/"),
                                   .body = SPAN(RFC7515_BODY),
                                   .headers = &header,
                                   .header_count = 1};
    assert_int_equal(check(&s, &request, NOW_MS), SIGNATURE_HOLDS);
    request.body.len--;
    assert_int_equal(check(&s, &request, NOW_MS), SIGNATURE_WRONG);
    request.body.len++;
    for (size_t len = 0; len < signature.len; len++) {
        header.value = span_first(signature, len);
        assert_int_equal(check(&s, &request, NOW_MS), len == 0 ? SIGNATURE_MISSING : SIGNATURE_WRONG);
    }
    header.value = signature;
    s.signature->key.len--;
    assert_int_equal(check(&s, &request, NOW_MS), SIGNATURE_WRONG);
    assert_false(signature_sign(s.signature, &s.door, 2, NOW_MS, s.arena, &request)); /* only they can */
    signer_close(&s);
}

static void a_key_that_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "hello", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8A\n"
        "iTo7Tu6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==\n-----END PUBLIC KEY-----\n", /* P-256 */
    };
    struct arena *arena = arena_create(65536);
    struct span der;
    struct error err;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(read_key(texts[i], arena, &der), OUTCOME_REFUSED);
    assert_int_equal(signature_read_public_key("/nowhere/key.pem", arena, &der, &err), OUTCOME_NOT_FOUND);
    arena_destroy(arena);
}

/* RFC 7515 appendix A.1, whose key has bytes of every kind. */
static void a_key_of_any_bytes(void **state)
{
    (void)state;
    static const unsigned char key[] = {3,   35,  53, 75,  43,  15, 165, 188, 131, 126, 6,   101, 119, 123, 166, 143,
                                        90,  179, 40, 230, 240, 84, 201, 40,  169, 15,  132, 178, 210, 80,  46,  191,
                                        211, 251, 90, 146, 210, 6,  71,  239, 150, 138, 180, 195, 119, 98,  61,  34,
                                        61,  46,  33, 114, 5,   46, 79,  8,   192, 205, 154, 245, 103, 208, 128, 163};
    struct signer s = signer_open(
        "scheme = \"content\"; algorithm = \"hmac-sha256\"; header = \"S\"; encoding = \"base64url\";", "", NULL);
    s.signature->key = (struct span){(const char *)key, sizeof key};
    static const char body[] =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
        "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    struct span raw =
        arena_format(s.arena, "POST / HTTP/1.1\nS: dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\n\n%s", body);
    assert_int_equal(fault_of(&s, raw, NOW_MS), SIGNATURE_HOLDS);
    raw = arena_format(s.arena, "POST / HTTP/1.1\nS: dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=\n\n%s", body);
    assert_int_equal(fault_of(&s, raw, NOW_MS), SIGNATURE_HOLDS);
    signer_close(&s);
}

static void settings_that_do_not_hold(void **state)
{
    (void)state;
    static const struct {
        const char *settings, *says;
    } cases[] = {
        {"scheme = \"content\"; header = \"S\";", "algorithm"},
        {"scheme = \"contents\"; algorithm = \"hmac-sha1\"; header = \"S\";", "content"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\";", "one of them"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; field = \"s\";", "one of them"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; signs = [ \"path:0\" ];", "no fact"},
        {"scheme = \"sorted-fields\"; algorithm = \"hmac-sha1\"; field = \"s\"; signs = [ \"body\" ];", "content"},
        {"scheme = \"url-and-fields\"; algorithm = \"hmac-sha1\"; field = \"s\";", "header"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; timestamp = \"header:T\";",
         "could change it"},
        {"scheme = \"sorted-fields\"; algorithm = \"hmac-sha1\"; field = \"s\"; timestamp = \"header:T\";",
         "could change it"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; max_age_seconds = 0;", "max_age_seconds"},
        {"scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; signs = [ \"url\" ];", "public_url"},
        {"scheme = \"url-and-fields\"; algorithm = \"hmac-sha1\"; header = \"S\";", "public_url"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct signer s = signer_open(cases[i].settings, "key", NULL);
        bool said = false;
        for (size_t line = 0; line < s.problems.count && line < PROBLEMS_MAX; line++)
            said = said || strstr(s.problems.lines[line], cases[i].says) != NULL;
        if (!said)
            fail_msg("'%s' should be refused with '%s': %s", cases[i].settings, cases[i].says,
                     s.problems.count > 0 ? s.problems.lines[0] : "it holds");
        signer_close(&s);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_genuine_holds),        cmocka_unit_test(what_is_read_is_signed),
        cmocka_unit_test(no_shorter_signature_holds),   cmocka_unit_test(no_changed_byte_holds),
        cmocka_unit_test(what_is_not_genuine_does_not), cmocka_unit_test(an_old_request_is_refused),
        cmocka_unit_test(what_we_sign_holds),           cmocka_unit_test(a_missing_fact_is_refused),
        cmocka_unit_test(a_signature_by_rsa),           cmocka_unit_test(a_key_that_is_none),
        cmocka_unit_test(a_key_of_any_bytes),           cmocka_unit_test(settings_that_do_not_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
