/* Notes are found by their words where that was asked for, in Bangla and Vietnamese too; what is gone is in no byte of the file. */
#include "store_desk_fixture.h"

#include "retention_fixture.h"

#include "base/problems.h"
#include "store/desk_reader.h"

static const struct operator supervisor = {.roles = ROLE_BIT(ROLE_SUPERVISOR)};

static void open_with(struct fixture *f, enum note_search search)
{
    struct store_options options = fixture_options(f);
    options.search_notes = search;
    if (f->store)
        fixture_close(f);
    OK(store_open(&options, &f->store, &f->err));
}

static enum outcome look_for(struct fixture *f, const char *text, const struct operator *operator, char out[100])
{
    struct reader *reader = NULL;
    struct queue_row *rows = NULL;
    size_t count = 0, len = 0;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    enum outcome outcome = desk_search_notes(reader, span_of(text), operator, f->arena, &rows, &count, &f->err);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(out + len, 100 - len, "%s%lld", i ? "," : "", (long long)rows[i].request.id);
    reader_close(reader);
    return outcome;
}

static const char *found(struct fixture *f, const char *text)
{
    static char out[100];
    OK(look_for(f, text, &supervisor, out));
    return out;
}

static void write_note(struct fixture *f, int64_t id, int64_t request, const char *text)
{
    const struct note note = a_note(id, request, text);
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&note}}));
}

static void two_requests(struct fixture *f)
{
    struct request other = a_request(3002, "4827154");
    fixture_desk(f);
    other.topic = SPAN("health");
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&other}}));
}

static void assert_bytes(struct fixture *f, const char *word, bool there)
{
    char command[200];
    OK(store_checkpoint(f->store, true, &f->err));
    snprintf(command, sizeof command, "grep -qa -e '%s' %s/data.db*", word, f->dir);
    assert_int_equal(system(command) == 0, there);
}

static void without_the_setting_there_is_no_index(void **state)
{
    struct fixture *f = *state;
    char out[100];
    two_requests(f);
    write_note(f, 7201, 3001, "passport withheld");
    OUTCOME(look_for(f, "passport", &supervisor, out), OUTCOME_NOT_FOUND);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'note_words*'"), "0");
    assert_bytes(f, "passport", false);
}

static void notes_are_found_by_their_words(void **state)
{
    static const struct {
        const char *text, *requests;
    } rows[] = {
        {"passport", "3002,3001"}, /* newest note first, each request once */
        {"PASSPORT withheld", "3001"},
        {"withheld passport", "3001"},
        {"pass", "3002,3001"}, /* the last word may go on, others may not */
        {"pass withheld", ""},
        {"witheld", ""},
        {"সাহায্য", "3002"}, /* vowel signs are no blanks */
        {"সাহা", "3002"},
        {"স", "3002"},
        {"হায্য", ""},
        {"can duong", "3001"}, /* cần đường */
        {"CẦN ĐƯỜNG", "3001"},
        {"ca\xcc\x82\xcc\x80n", "3001"}, /* the same, its marks apart */
        {"4827", "3001"},
        {"\"", ""}, /* nothing of FTS5's own language is spoken */
        {"passport OR nothing", ""},
        {"words:passport", ""},
        {"pass* -x ^ ( NEAR", ""},
        {"note_words", ""},
    };
    struct fixture *f = *state;
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    write_note(f, 7201, 3001, "Passport withheld by 4827, cần đường");
    write_note(f, 7202, 3001, "passport returned");
    write_note(f, 7203, 3002, "Passport সাহায্য চাই");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *requests = found(f, rows[i].text);
        if (strcmp(requests, rows[i].requests) != 0)
            fail_msg("%s: \"%s\", wanted \"%s\"", rows[i].text, requests, rows[i].requests);
    }
}

static void what_is_no_search_is_refused(void **state)
{
    struct fixture *f = *state;
    char out[100], longer[500];
    open_with(f, NOTE_SEARCH_ON);
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    OUTCOME(look_for(f, "", &supervisor, out), OUTCOME_REFUSED);
    OUTCOME(look_for(f, " \t\n", &supervisor, out), OUTCOME_REFUSED);
    OUTCOME(look_for(f, "a b c d e f g h i", &supervisor, out), OUTCOME_REFUSED);
    OUTCOME(look_for(f, longer, &supervisor, out), OUTCOME_REFUSED);
    OUTCOME(look_for(f, NULL, &supervisor, out), OUTCOME_REFUSED);
    assert_string_equal(found(f, "a b c d e f g h"), "");
}

static void each_finds_what_is_theirs(void **state)
{
    struct fixture *f = *state;
    char out[100];
    const struct operator wages = {.roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("wages")};
    const struct operator health = {.roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("health")};
    const struct operator officer = {.roles = ROLE_BIT(ROLE_COMPLAINTS)}, admin = {.roles = ROLE_BIT(ROLE_ADMIN)};
    struct request complaint = a_request(3003, "4827155");
    struct note clinical = a_note(7204, 3003, "hurt");
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    complaint.desk = SPAN("complaints");
    clinical.is_clinical = true;
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&complaint}}));
    write_note(f, 7201, 3001, "hurt");
    write_note(f, 7202, 3002, "hurt");
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&clinical}}));
    assert_string_equal(found(f, "hurt"), "3003,3002,3001");
    OK(look_for(f, "hurt", &wages, out));
    assert_string_equal(out, "3001");
    OK(look_for(f, "hurt", &health, out));
    assert_string_equal(out, "3002");
    OK(look_for(f, "hurt", &officer, out)); /* theirs, but for counsellors only */
    assert_string_equal(out, "");
    OK(look_for(f, "hurt", &admin, out));
    assert_string_equal(out, "");
}

static void the_setting_makes_and_destroys_it(void **state)
{
    struct fixture *f = *state;
    two_requests(f);
    write_note(f, 7201, 3001, "passport withheld");
    open_with(f, NOTE_SEARCH_ON); /* of what is there already */
    assert_string_equal(found(f, "withheld"), "3001");
    assert_bytes(f, "withheld", true);
    open_with(f, NOTE_SEARCH_AS_IT_IS); /* a verb that passes by goes on with it */
    write_note(f, 7202, 3002, "wages withheld");
    assert_string_equal(found(f, "withheld"), "3002,3001");
    OK(store_reopen(f->store, &f->err));
    open_with(f, NOTE_SEARCH_OFF);
    assert_bytes(f, "withheld", false);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'note_words*'"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM note"), "2");
    open_with(f, NOTE_SEARCH_AS_IT_IS);
    char out[100];
    OUTCOME(look_for(f, "withheld", &supervisor, out), OUTCOME_NOT_FOUND);
}

static void a_rollback_leaves_no_word(void **state)
{
    struct fixture *f = *state;
    const struct note note = a_note(7201, 3001, "passport"), nowhere = a_note(7202, 3999, "passport");
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    OUTCOME(SAVE({.kind = CHANGE_NOTE, .note = {&note}}, {.kind = CHANGE_NOTE, .note = {&nowhere}}), OUTCOME_REFUSED);
    assert_string_equal(found(f, "passport"), "");
    write_note(f, 7201, 3001, "passport");
    assert_string_equal(found(f, "passport"), "3001");
}

static void words_go_with_the_person(void **state)
{
    struct fixture *f = *state;
    const struct phone_row phone = a_phone(f, 2, "+8801712345679");
    struct request other = a_request(3003, "4827155");
    const struct change forget = {
        .kind = CHANGE_FORGET,
        .forget = {.person = 101, .phone = 1, .at = NOW + 9, .lookup = fixture_lookup(f, "phone", "+8801712345678")}};
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    other.person = 102;
    other.phone = 2;
    other.session = 0;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&other}}));
    for (int64_t id = 7201; id < 7260; id++)
        write_note(f, id, id % 3 ? 3001 : 3003, id % 3 ? "uniqueword withheld" : "withheld");
    assert_bytes(f, "uniqueword", true);
    OK(SAVE(forget));
    assert_string_equal(found(f, "uniqueword"), "");
    assert_string_equal(found(f, "withheld"), "3003");
    assert_bytes(f, "uniqueword", false);
    assert_bytes(f, "withheld", true);
}

static void words_go_with_their_age(void **state)
{
    struct fixture *f = *state;
    struct request over = a_request(3001, "4827153");
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    write_note(f, 7201, 3001, "uniqueword");
    write_note(f, 7202, 3002, "otherword");
    over.state = REQUEST_CLOSED;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&over}}));
    a_pass(f, NOW + 91 * DAY);
    assert_string_equal(found(f, "uniqueword"), "");
    assert_string_equal(found(f, "otherword"), "3002");
    assert_bytes(f, "uniqueword", false);
}

/* Whoever stopped between a forgetting and its tidying up. */
static void what_was_not_merged_is_at_the_next_start(void **state)
{
    struct fixture *f = *state;
    const struct change forget = {
        .kind = CHANGE_FORGET,
        .forget = {.person = 101, .phone = 1, .at = NOW + 9, .lookup = fixture_lookup(f, "phone", "+8801712345678")}};
    open_with(f, NOTE_SEARCH_ON);
    two_requests(f);
    write_note(f, 7201, 3001, "uniqueword");
    OK(SAVE(forget));
    unlink(f->forgotten); /* so that only the index itself tells */
    open_with(f, NOTE_SEARCH_ON);
    assert_bytes(f, "uniqueword", false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_the_setting_there_is_no_index),
        TEST(notes_are_found_by_their_words),
        TEST(what_is_no_search_is_refused),
        TEST(each_finds_what_is_theirs),
        TEST(the_setting_makes_and_destroys_it),
        TEST(a_rollback_leaves_no_word),
        TEST(words_go_with_the_person),
        TEST(words_go_with_their_age),
        TEST(what_was_not_merged_is_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
