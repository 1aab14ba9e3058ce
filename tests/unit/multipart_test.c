/* multipart: the strict decoder against tables of bodies, and every truncation and damaged byte of one; and header parameters. */
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "http/multipart.h"
#include "http/parameter.h"

#define TYPE "multipart/form-data; boundary=B"
#define NAMED(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"
#define PART(name, value) "--B\r\n" NAMED(name) "\r\n" value "\r\n"
#define END "--B--\r\n"

static struct arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_create(65536);
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

struct expected {
    const char *name, *value, *charset;
    bool is_file;
};

static const struct {
    const char *type, *body;
    struct expected parts[3];
} good[] = {
    {TYPE, END, {{0}}},
    {TYPE, "--B--", {{0}}},
    {TYPE, PART("a", "1") END, {{"a", "1", NULL, false}}},
    {TYPE, "\r\n" PART("a", "1") END, {{"a", "1", NULL, false}}},
    {TYPE, PART("a", "") PART("a", "2") END, {{"a", "", NULL, false}, {"a", "2", NULL, false}}},
    {TYPE, PART("a", "x\r\ny\n--B &=%41+") END, {{"a", "x\r\ny\n--B &=%41+", NULL, false}}},
    {TYPE, PART("a", "\xE9\xFF") END, {{"a", "\xE9\xFF", NULL, false}}},
    {TYPE, PART("q \\\" ; name=b", "1") END, {{"q \" ; name=b", "1", NULL, false}}},
    {"Multipart/Form-Data; x=y; BOUNDARY=\"a b\"; charset=utf-8",
     "--a b\r\n" NAMED("a") "\r\n1\r\n--a b--",
     {{"a", "1", NULL, false}}},
    {TYPE,
     "--B\r\ncontent-disposition:form-data;name=a\r\nX-Other: 1\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n1\r\n" END,
     {{"a", "1", NULL, false}}},
    {TYPE,
     "--B\r\nContent-Type: text/plain; charset=\"latin1\"\r\n" NAMED("a") "\r\n1\r\n" END,
     {{"a", "1", "latin1", false}}},
    {TYPE,
     "--B\r\nContent-Disposition: form-data; filename=\"x;y\"; name=\"f\"\r\n\r\n1\r\n" END,
     {{"f", "1", NULL, true}}},
    {TYPE,
     "--B\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''x\r\n\r\n1\r\n" END,
     {{"f", "1", NULL, true}}},
};

static void assert_text(struct span s, const char *text)
{
    assert_int_equal(span_is_present(s), text != NULL);
    assert_true(text == NULL || span_equal_text(s, text));
}

static void good_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct multipart_part *parts;
        size_t count, expected = 0;
        struct error err;
        if (multipart_decode(span_of(good[i].body), span_of(good[i].type), arena, &parts, &count, &err) != OUTCOME_OK)
            fail_msg("case %zu: %s", i, err.text);
        while (expected < 3 && good[i].parts[expected].name != NULL)
            expected++;
        assert_int_equal(count, expected);
        for (size_t j = 0; j < count; j++) {
            assert_text(parts[j].name, good[i].parts[j].name);
            assert_text(parts[j].value, good[i].parts[j].value);
            assert_text(parts[j].charset, good[i].parts[j].charset);
            assert_int_equal(parts[j].is_file, good[i].parts[j].is_file);
        }
    }
}

static const struct {
    const char *type, *body;
} bad[] = {
    {"multipart/form-data", PART("a", "1") END},
    {"multipart/form-data; boundary=", PART("a", "1") END},
    {"multipart/form-data; boundary=\"B", PART("a", "1") END},
    {"multipart/form-data; boundary=\"B \"", "--B \r\n" NAMED("a") "\r\n1\r\n--B --"},
    {"multipart/form-data; boundary=B<", "--B<\r\n" NAMED("a") "\r\n1\r\n--B<--"},
    {"multipart/form-data; boundary=C", PART("a", "1") END},
    {TYPE, ""},
    {TYPE, "--B"},
    {TYPE, "a=1"},
    {TYPE, "preamble\r\n" PART("a", "1") END},
    {TYPE, PART("a", "1") END "epilogue"},
    {TYPE, PART("a", "1") "--B-"},
    {TYPE, PART("a", "1") "--BX--"},
    {TYPE, "--B \r\n" NAMED("a") "\r\n1\r\n" END},
    {TYPE, "--B\n" NAMED("a") "\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition: form-data; name=a\n\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nX: 1\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\n\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\n: x\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Type: text/plain\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\n" NAMED("a") NAMED("b") "\r\n1\r\n" END},
    {TYPE, "--B\r\n" NAMED("a\x01") "\r\n1\r\n" END},
    {TYPE, PART("", "1") END},
    {TYPE, "--B\r\n" NAMED("a") "Content-Type: multipart/mixed; boundary=C\r\n\r\n1\r\n" END},
    {TYPE, "--B\r\n" NAMED("a") "Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n" END},
};

static enum outcome decode(struct span body, size_t *count)
{
    struct multipart_part *parts;
    struct error err;
    return multipart_decode(body, SPAN(TYPE), arena, &parts, count, &err);
}

static void bad_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct multipart_part *parts;
        size_t count;
        struct error err;
        if (multipart_decode(span_of(bad[i].body), span_of(bad[i].type), arena, &parts, &count, &err) !=
            OUTCOME_REFUSED)
            fail_msg("case %zu is taken", i);
        assert_non_null(strstr(err.text, "multipart: "));
    }
}

static struct span many(size_t count, size_t head)
{
    struct buffer out;
    buffer_init(&out, arena, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&out, "--B\r\n" NAMED("a") "X: ");
        for (size_t j = 0; j < head; j++)
            buffer_add_char(&out, 'x');
        buffer_add_text(&out, "\r\n\r\n1\r\n");
    }
    buffer_add_text(&out, END);
    return buffer_span(&out);
}

static void bounds(void **state)
{
    (void)state;
    size_t count, rest = sizeof NAMED("a") - 1 + sizeof "X: \r\n\r\n" - 1;
    assert_int_equal(decode(many(FORM_PAIRS_MAX, 1), &count), OUTCOME_OK);
    assert_int_equal(count, FORM_PAIRS_MAX);
    assert_int_equal(decode(many(FORM_PAIRS_MAX + 1, 1), &count), OUTCOME_REFUSED);
    assert_int_equal(decode(many(1, MULTIPART_HEAD_MAX - rest), &count), OUTCOME_OK);
    assert_int_equal(decode(many(1, MULTIPART_HEAD_MAX - rest + 1), &count), OUTCOME_REFUSED);
    for (size_t len = 70; len <= 71; len++) {
        struct multipart_part *parts;
        struct error err;
        char boundary[72] = {0};
        memset(boundary, 'b', len);
        struct span type = arena_format(arena, "multipart/form-data; boundary=%s", boundary);
        struct span body = arena_format(arena, "--%s--", boundary);
        assert_int_equal(multipart_decode(body, type, arena, &parts, &count, &err),
                         len == 70 ? OUTCOME_OK : OUTCOME_REFUSED);
    }
}

/* Quotes double a backslash: a name that fits without them need not fit with them, and is never cut. */
static void quoted_names_take_more_room(void **state)
{
    (void)state;
    struct multipart_part *parts;
    struct error err;
    size_t count;
    char name[2500] = {0}, quoted[2 * sizeof name] = {0};
    memset(name, '\\', sizeof name - 1);
    memset(quoted, '\\', sizeof quoted - 2);
    struct span plain = arena_format(arena, "--B\r\nContent-Disposition: form-data; name=%s\r\n\r\n1\r\n" END, name);
    assert_int_equal(multipart_decode(plain, SPAN(TYPE), arena, &parts, &count, &err), OUTCOME_OK);
    assert_text(parts[0].name, name);
    assert_int_equal(decode(arena_format(arena, "--B\r\n" NAMED("%s") "\r\n1\r\n" END, quoted), &count),
                     OUTCOME_REFUSED);
    quoted[MULTIPART_HEAD_MAX / 2] = '\0';
    assert_int_equal(decode(arena_format(arena, "--B\r\n" NAMED("%s") "\r\n1\r\n" END, quoted), &count), OUTCOME_OK);
}

/* Nothing that lost its end is read: not even the parts that are whole. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char whole[] = PART("from", "+8801712345678") PART("text", "a\r\n-") "--B--";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        size_t count;
        char *copy = malloc(len + 1); /* of its own, so that ASan sees a step too far */
        memcpy(copy, whole, len);
        assert_int_equal(decode((struct span){copy, len}, &count), OUTCOME_REFUSED);
        free(copy);
    }
}

static void every_damaged_byte_is_safe(void **state)
{
    (void)state;
    char body[] = PART("from", "+8801712345678") PART("text", "a\r\n-") END;
    static const char hurtful[] = {'\0', '\r', '\n', '-', '"', ';', ':', '\\', '\xFF'};
    for (size_t i = 0; i < sizeof body - 1; i++) {
        char kept = body[i];
        for (size_t j = 0; j < sizeof hurtful; j++) {
            size_t count;
            body[i] = hurtful[j];
            if (decode((struct span){body, sizeof body - 1}, &count) == OUTCOME_OK)
                assert_true(count <= 2);
        }
        body[i] = kept;
    }
}

static void parameters(void **state)
{
    (void)state;
    static const struct {
        const char *value, *name, *found;
    } cases[] = {
        {"text/plain; charset=UTF-8", "charset", "UTF-8"},
        {"text/plain;CharSet = \"UTF-8\" ;x=1", "charset", "UTF-8"},
        {"charset=latin1", "charset", "latin1"},
        {"a; x=\"; charset=1\"; charset=2", "charset", "2"},
        {"a; x=\"\\\"; charset=1\"; charset=2", "charset", "2"},
        {"a; name=\"q\\\"\\\\\"", "name", "q\"\\"},
        {"a; name=\"\"", "name", ""},
        {"a; name=", "name", ""},
        {"a; name=1; name=2", "name", "1"},
        {"a; filename=1", "name", NULL},
        {"a; name", "name", NULL},
        {"a; name=\"1", "name", NULL},
        {"a; name=\"1\"x", "name", NULL},
        {"a; name=\"1\\", "name", NULL},
        {"", "name", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(http_parameter(span_of(cases[i].value), span_of(cases[i].name), arena), cases[i].found);
    assert_text(http_parameter(SPAN_NONE, SPAN("name"), arena), NULL);
}

static void what_is_multipart(void **state)
{
    (void)state;
    assert_true(multipart_is(SPAN(" Multipart/form-data ;boundary=B")));
    assert_false(multipart_is(SPAN("multipart/form-data-2")));
    assert_false(multipart_is(SPAN("multipart/mixed; boundary=B")));
    assert_false(multipart_is(SPAN_NONE));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_bodies),
        cmocka_unit_test(bad_bodies),
        cmocka_unit_test(bounds),
        cmocka_unit_test(quoted_names_take_more_room),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_damaged_byte_is_safe),
        cmocka_unit_test(parameters),
        cmocka_unit_test(what_is_multipart),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
