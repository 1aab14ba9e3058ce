/* document, badbytes, posted: bodies in every character set, hurt ones, forms of both kinds, and calls with nothing in them. */
#include "aggregator/badbytes.h"
#include "own_profile.h"
#include "seeded.h"
#include "text/utf8.h"

static const char profile[] =
    "kind = \"sms\"; title = \"T\";\n"
    "request = { methods = [ \"POST\", \"GET\" ]; encoding = \"form\"; setup_call = true;\n"
    "  fields = { from = \"from\"; to = \"to\"; text = \"text\"; id = \"id\"; };\n"
    "  variants = ( { encoding = \"json\"; }, { encoding = \"xml\"; } ); };\n"
    "reports = { methods = [ \"POST\", \"GET\" ]; encoding = \"form\"; fields = { id = \"id\"; status = \"s\"; }; };\n";

static struct profile_fixture own;

static int load(void **state)
{
    (void)state;
    own = own_must_load(profile, "");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    profile_fixture_free(&own);
    return 0;
}

static struct own_reading post(const char *type, struct span body)
{
    struct pair header = {SPAN("content-type"), span_of(type)};
    struct http_request request = {.method = SPAN("POST"),
                                   .path = SPAN("/in/c"),
                                   .target = SPAN("/in/c"),
                                   .body = body,
                                   .headers = &header,
                                   .header_count = type != NULL};
    return own_ask(&own, DOOR_IN, &request);
}

#define BYTES(literal)                                                                                                 \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }
#define JSON_FROM "{\"from\":\"+8801712345678\",\"text\":\""
#define XML_FROM "<m><from>+8801712345678</from><text>"
#define XML_END "</text></m>"
#define FORM_FROM "from=%2B8801712345678&text="
#define CRLF "\r\n"
#define PART(name) CRLF "--B" CRLF "Content-Disposition: form-data; name=\"" name "\""
#define MULTIPART "multipart/form-data; boundary=B"
#define PARTS_FROM PART("from") CRLF CRLF "+8801712345678"
#define PARTS_END CRLF "--B--"

/* raw NULL: nothing was hurt. */
static const struct {
    const char *type;
    struct span body;
    const char *input;
    struct span raw;
} texts[] = {
    {NULL, BYTES(JSON_FROM "\xC3\xA9\"}"), "\xC3\xA9", {0}},
    {NULL, BYTES("\xEF\xBB\xBF" JSON_FROM "\xC3\xA9\"}"), "\xC3\xA9", {0}},
    {NULL, BYTES(JSON_FROM "\xEF\xBF\xBD\"}"), "\xEF\xBF\xBD", {0}}, /* somebody sent that */
    {NULL, BYTES(JSON_FROM "caf\xE9\"}"), "caf\xEF\xBF\xBD", BYTES("caf\xE9")},
    {NULL, BYTES(JSON_FROM "\xE0\xA6\"}"), "\xEF\xBF\xBD\xEF\xBF\xBD", BYTES("\xE0\xA6")},
    {NULL, BYTES(JSON_FROM "\\\\ud83d \\n\xFF\"}"), "\\ud83d \n\xEF\xBF\xBD", BYTES("\\ud83d \n\xFF")},
    {NULL, BYTES(JSON_FROM "\\uD83D\\ude00 \\ude00\"}"), "\xF0\x9F\x98\x80 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
     BYTES("\xF0\x9F\x98\x80 \xED\xB8\x80")},
    {NULL, BYTES(JSON_FROM "a\\u0000\"}"), "a\xEF\xBF\xBD", BYTES("a\0")},
    {NULL, BYTES(JSON_FROM "\xF4\x8F\xA2\x80\xFF\"}"), "\xF4\x8F\xA2\x80\xEF\xBF\xBD", BYTES("\xF4\x8F\xA2\x80\xFF")},
    {NULL, BYTES(JSON_FROM "1\",\"other\":\"\xFF\"}"), "1", {0}}, /* what is hurt is none of ours */
    {"application/json; charset=ISO-8859-1", BYTES(JSON_FROM "\xE9\"}"), "\xC3\xA9", {0}},
    {"application/json; charset=\"windows-1252\"", BYTES(JSON_FROM "\x80\"}"), "\xE2\x82\xAC", {0}},
    {"application/json; charset=windows-1252", BYTES(JSON_FROM "\x81\"}"), "\xEF\xBF\xBD", BYTES("\x81")},
    {"application/json; charset=ISO-8859-1", BYTES(JSON_FROM "\xC3\xA9\"}"), "\xC3\xA9", {0}},
    {"application/json; charset=gb18030", BYTES(JSON_FROM "\xE9\"}"), "\xEF\xBF\xBD", BYTES("\xE9")},
    {NULL, BYTES(XML_FROM "caf\xE9" XML_END), "caf\xEF\xBF\xBD", BYTES("caf\xE9")},
    {NULL, BYTES("\xEF\xBB\xBF" XML_FROM "\xC3\xA9" XML_END), "\xC3\xA9", {0}},
    {NULL, BYTES("\xEF\xBB\xBF" XML_FROM "\xE9" XML_END), "\xEF\xBF\xBD", BYTES("\xE9")},
    {"text/xml; charset=latin1", BYTES(XML_FROM "\xE9" XML_END), "\xC3\xA9", {0}},
    {NULL, BYTES("<?xml version='1.0' encoding='latin1'?>" XML_FROM "\xE9" XML_END), "\xC3\xA9", {0}},
    {NULL,
     BYTES("<?xml version='1.0' encoding='Windows-1252'?>" XML_FROM "\x93x\x80" XML_END),
     "\xE2\x80\x9Cx\xE2\x82\xAC",
     {0}},
    {NULL, BYTES("<?xml version='1.0' encoding='windows-1252'?>" XML_FROM "\x81" XML_END), "\xEF\xBF\xBD",
     BYTES("\x81")},
    {NULL, BYTES("<?xml version='1.0' encoding='utf-16'?>" XML_FROM "\xC3\xA9" XML_END), "\xC3\xA9", {0}},
    {NULL, BYTES("<?xml version='1.0' encoding='utf8'?>" XML_FROM "\xC3\xA9" XML_END), "\xC3\xA9", {0}},
    {NULL, BYTES("<?xml version='1.0' encoding='koi8-r'?>" XML_FROM "x\xC1" XML_END), "x\xEF\xBF\xBD", BYTES("x\xC1")},
    {NULL, BYTES(FORM_FROM "%E9"), "\xEF\xBF\xBD", BYTES("\xE9")},
    {"application/x-www-form-urlencoded; charset=ISO-8859-1", BYTES(FORM_FROM "%E9"), "\xC3\xA9", {0}},
    {"application/x-www-form-urlencoded; charset=windows-1252", BYTES(FORM_FROM "%80"), "\xE2\x82\xAC", {0}},
    {"application/x-www-form-urlencoded; charset=UTF-8", BYTES(FORM_FROM "%C3%A9"), "\xC3\xA9", {0}},
    {MULTIPART, BYTES(PARTS_FROM PART("text") CRLF CRLF "a+b%20\xC3\xA9" PARTS_END), "a+b%20\xC3\xA9", {0}},
    {MULTIPART, BYTES(PARTS_FROM PART("text") CRLF CRLF "\xE9" PARTS_END), "\xEF\xBF\xBD", BYTES("\xE9")},
    {MULTIPART, BYTES(PARTS_FROM PART("text") CRLF CRLF "a\0b" PARTS_END),
     "a\xEF\xBF\xBD"
     "b",
     BYTES("a\0b")},
    {MULTIPART "; charset=latin1", BYTES(PARTS_FROM PART("text") CRLF CRLF "\xE9" PARTS_END), "\xC3\xA9", {0}},
    {MULTIPART,
     BYTES(PARTS_FROM PART("_charset_") CRLF CRLF "ISO-8859-1" PART("text") CRLF CRLF "\xE9" PARTS_END),
     "\xC3\xA9",
     {0}},
    {MULTIPART,
     BYTES(PARTS_FROM PART("text") CRLF "Content-Type: text/plain; charset=utf-16be" CRLF CRLF "\0a\x09\x95" PARTS_END),
     "a\xE0\xA6\x95",
     {0}},
    {MULTIPART, BYTES(PARTS_FROM PART("text") "; filename=\"t.txt\"" CRLF CRLF "x" PARTS_END), "x", {0}},
    {MULTIPART,
     BYTES(PARTS_FROM PART("to") "; filename=\"t.txt\"" CRLF CRLF "\0" PART("text") CRLF CRLF "x" PARTS_END),
     "x",
     {0}},
};

static void texts_of_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct own_reading r = post(texts[i].type, texts[i].body);
        if (r.outcome != OUTCOME_OK || r.count != 1 || !span_equal_text(r.first.input, texts[i].input))
            fail_msg("case %zu: %.*s %.*s", i, SPAN_ARG(r.rejection.reason), SPAN_ARG(r.first.input));
        assert_true(span_equal_text(r.first.from.text, "+8801712345678"));
        if (r.first.undecodable != span_is_present(texts[i].raw) ||
            (r.first.undecodable && !span_equal(r.first.raw, texts[i].raw)))
            fail_msg("case %zu: other bytes are kept", i);
    }
}

static void what_cannot_be_attributed_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        struct span body;
        const char *field; /* NULL: none can be named */
    } cases[] = {
        {NULL, BYTES("{\"from\":\"\xE9\xFF\",\"text\":\"1\"}"), "from"},
        {NULL, BYTES("{\"from\":\"a\\ud83d\",\"text\":\"1\"}"), "from"},
        {NULL, BYTES("{\"from\":\"a\\u0000\",\"text\":\"1\"}"), "from"},
        {NULL, BYTES("{\"fr\xFFom\":\"+8801712345678\",\"text\":\"1\"}"), "from"},
        {NULL, BYTES("\xFF" JSON_FROM "1\"}"), NULL},
        {NULL, BYTES(JSON_FROM "\xFF"), NULL},
        {NULL, BYTES("<m><from>\xE9</from><text>1" XML_END), "from"},
        {NULL, BYTES("<m><fr\xFFom>1</fr\xFFom><text>1" XML_END), NULL},
        {NULL, BYTES("<!DOCTYPE m>" XML_FROM "\xFF" XML_END), NULL},
        {MULTIPART, BYTES(PART("text") CRLF CRLF "x" PARTS_END), "from"},
        {MULTIPART, BYTES(PARTS_FROM PART("from") CRLF CRLF "+1" PART("text") CRLF CRLF "x" PARTS_END), "from"},
        {MULTIPART, BYTES(PARTS_FROM PART("to") CRLF CRLF "\0" PART("text") CRLF CRLF "x" PARTS_END), NULL},
        {MULTIPART, BYTES(PARTS_FROM PART("text") CRLF CRLF "x"), NULL},
        {"multipart/form-data", BYTES(PARTS_FROM PART("text") CRLF CRLF "x" PARTS_END), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct own_reading r = post(cases[i].type, cases[i].body);
        bool named = cases[i].field == NULL ? !span_is_present(r.rejection.field)
                                            : span_equal_text(r.rejection.field, cases[i].field);
        if (r.outcome != OUTCOME_REFUSED || r.rejection.status != 400 || !named || r.rejection.reason.len == 0)
            fail_msg("case %zu: %.*s", i, SPAN_ARG(r.rejection.field));
    }
}

/* Unit by unit, in either order, or four bytes a character. */
static struct span widened(const char *ascii, bool mark, bool little, size_t size)
{
    struct buffer out;
    buffer_init(&out, own.arena, 4096);
    for (const char *at = mark ? ascii - 1 : ascii; at < ascii || *at != '\0'; at++) {
        unsigned unit = at < ascii ? 0xFEFF : *at == '^' ? 0x995 : *at == '!' ? 0xD83D : (unsigned char)*at;
        for (size_t i = 0; i < size; i++)
            buffer_add_char(&out, (char)(unit >> 8 * (little ? i : size - 1 - i)));
    }
    return buffer_span(&out);
}

static void wide_json(void **state)
{
    (void)state;
    static const char whole[] = " " JSON_FROM "a^\"}", hurt[] = " " JSON_FROM "a!\"}";
    for (int way = 0; way < 6; way++) {
        bool mark = way % 2 == 0, little = way == 2 || way == 3;
        size_t size = way < 4 ? 2 : 4;
        struct own_reading r = post("application/json; charset=utf-16", widened(whole + 1, mark, little, size));
        assert_int_equal(r.outcome, OUTCOME_OK);
        assert_true(span_equal_text(r.first.input, "a\xE0\xA6\x95") && !r.first.undecodable);
        struct span body = widened(hurt + 1, mark, little, size);
        r = post(NULL, body);
        assert_int_equal(r.outcome, OUTCOME_OK);
        assert_true(span_equal_text(r.first.input, "a\xEF\xBF\xBD") && r.first.undecodable);
        assert_true(span_equal(r.first.raw, body));
    }
}

static void hidden_and_restored(void **state)
{
    (void)state;
    struct seeded random = {20251};
    for (int i = 0; i < 2000; i++) {
        static const char some[] = "a\xF4\x8F\xA0\xA2\x80\xE0\xA6\x95\xFF\xC3\"";
        char bytes[24];
        size_t len = 1 + seeded_below(&random, sizeof bytes);
        for (size_t j = 0; j < len; j++)
            bytes[j] = some[seeded_below(&random, sizeof some - 1)];
        struct span text = {bytes, len}, hidden = badbytes_hide(text, false, own.arena);
        assert_true(utf8_is_valid(hidden));
        assert_true(span_equal(badbytes_restore(hidden, own.arena), text));
        assert_true(utf8_is_valid(badbytes_replace(hidden, own.arena)));
        if (i % 100 == 0)
            assert_int_equal(badbytes_hide(span_first(text, 0), true, own.arena).len, 0);
    }
}

static void empty_calls(void **state)
{
    (void)state;
    static const struct {
        const char *method, *query, *body;
        bool taken;
    } cases[] = {
        {"GET", NULL, "", true},     {"GET", "", "", true},
        {"POST", NULL, "", true},    {"POST", NULL, "\r\n", true},
        {"POST", "", "{}", true},    {"PUT", NULL, "", false},
        {"GET", "x=1", "", false},   {"POST", NULL, "x=1", false},
        {"POST", "x", "{}", false},  {"POST", NULL, "{\"a\":1}", false},
        {"POST", NULL, "[]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_request request = {.method = span_of(cases[i].method),
                                       .path = SPAN("/in/c"),
                                       .query = span_of(cases[i].query),
                                       .body = span_of(cases[i].body)};
        struct own_reading r = own_ask(&own, DOOR_IN, &request);
        if ((r.outcome == OUTCOME_OK) != cases[i].taken || r.count != 0)
            fail_msg("case %zu: %u", i, r.rejection.status);
        r = own_ask(&own, DOOR_REPORT, &request); /* which does not say that it takes them */
        assert_int_equal(r.outcome, OUTCOME_REFUSED);
    }
}

static void empty_calls_need_the_secret_that_they_can_have(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        bool taken;
    } cases[] = {
        {"auth = \"field\"; secret = \"sample-secret\";", true},
        {"auth = \"signature\"; secret = \"sample-secret\"; signature = { scheme = \"sorted-fields\"; algorithm = "
         "\"md5hash\"; field = \"sig\"; encoding = \"hex\"; };",
         true},
        {"auth = \"signature\"; secret = \"sample-secret\"; signature = { scheme = \"content\"; algorithm = "
         "\"hmac-sha1\"; header = \"X-Sign\"; encoding = \"hex\"; };",
         false},
        {"auth = \"path\"; secret = \"sample-secret\";", false},
        {"auth = \"header\"; secret = \"sample-secret\";", false},
        {"auth = \"networks\"; networks = [ \"192.0.2.0/24\" ];", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile_fixture signed_one = own_must_load(profile, cases[i].channel);
        struct own_reading r = own_get(&signed_one, DOOR_IN, "");
        if ((r.outcome == OUTCOME_OK) != cases[i].taken)
            fail_msg("%s: %u", cases[i].channel, r.rejection.status);
        profile_fixture_free(&signed_one);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_kind), cmocka_unit_test(what_cannot_be_attributed_is_refused),
        cmocka_unit_test(wide_json),           cmocka_unit_test(hidden_and_restored),
        cmocka_unit_test(empty_calls),         cmocka_unit_test(empty_calls_need_the_secret_that_they_can_have),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
