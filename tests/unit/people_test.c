/* Who acts for whom, on a real store: PINs and cases judged and counted, several people on one phone, numbers that changed hands. */
#include "talker.h"

#include <fcntl.h>
#include "model/turn.h"
#include "shared_phone.h"

#define BORROWED "+8801712345670"
#define PIN "7391"
#define MINUTE ((int64_t)60 * SECOND)
#define DAY ((int64_t)24 * HOUR)

static int open_shared(void **state)
{
    open_stage(state);
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    char dir[200], path[220];
    snprintf(dir, sizeof dir, "%s/menus/small", f->dir);
    snprintf(path, sizeof path, "%s/text/bn.conf", dir);
    assert_int_equal(remove(path), 0);
    stage_write(dir, "service.conf", shared_service);
    stage_write(dir, "flow/main.conf", shared_flow);
    stage_write(dir, "text/en.conf", shared_text);
    catalogue_free(t->stage.catalogue);
    stage_load(&t->stage);
    return 0;
}

/* One answer, or a first dial when `keys` is empty. */
static const char *type_on(struct talker *t, const char *phone, const char *session, const char *keys)
{
    return say(t,
               (struct said){
                   .session = session, .text = keys, .from = phone, .event = keys[0] ? INBOUND_RESUME : INBOUND_NEW});
}

static const char *types_on(struct talker *t, const char *phone, const char *session, const char *const *keys)
{
    const char *heard = type_on(t, phone, session, "");
    if (!strncmp(heard, "CON Language", 12))
        heard = type_on(t, phone, session, "1");
    if (!strncmp(heard, "CON Welcome", 11))
        heard = type_on(t, phone, session, "00");
    for (; *keys; keys++)
        heard = type_on(t, phone, session, *keys);
    return heard;
}
#define TYPES_ON(t, phone, session, ...) types_on(t, phone, session, (const char *const[]){__VA_ARGS__, NULL})
#define TYPES(t, session, ...) TYPES_ON(t, MOBILE, session, __VA_ARGS__)

#define HOLDS(heard, wanted) assert_non_null(strstr(heard, wanted))
#define HOLDS_NOT(heard, wanted) assert_null(strstr(heard, wanted))

/* Registered with this PIN, one request open, back on the plain main page; the request's reference. */
static void be_somebody(struct talker *t, const char *phone, const char *session, const char *pin, char reference[16])
{
    EXPECT(TYPES_ON(t, phone, session, "1", "1", pin, "1", "00", "3", "Rahima", "1"), "CON Sent");
    type_on(t, phone, session, "00");
    snprintf(reference, 16, "%.15s", fixture_ask(t->stage.f, "SELECT reference FROM request ORDER BY id DESC"));
}

static bool lies_in(const char *dir, const char *words)
{
    char command[300];
    snprintf(command, sizeof command, "grep -qa -e %s %s/data.db* %s/forgotten", words, dir, dir);
    return system(command) == 0;
}

static void a_pin_is_kept_as_a_keyed_hash_only(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    char reference[16], log[200];
    snprintf(log, sizeof log, "%s/log", f->dir);
    fflush(stderr);
    int shown = dup(2), kept = open(log, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    assert_true(dup2(kept, 2) == 2);
    be_somebody(t, MOBILE, "a", PIN, reference);
    EXPECT(TYPES(t, "b", "2", "7392"), "CON Not right.");
    HOLDS(type_on(t, MOBILE, "b", PIN), "Yours (1)");
    EXPECT(TYPES_ON(t, BORROWED, "c", "4", reference, "7392"), "CON Not right.");
    HOLDS(type_on(t, BORROWED, "c", PIN), "Yours (1)");
    EXPECT(dial(t, "d", "2*" PIN), "CON Your code?"); /* it was dialled with the code: what follows is dropped */
    int people = rows(t, "person");
    EXPECT(TYPES(t, "e", PIN), "CON Pick a number."); /* on a page that did not ask for it */
    EXPECT(TYPES_ON(t, "+8801712345675", "e2", " ৭৩৯১"), "CON Pick a number.");
    assert_int_equal(rows(t, "person"), people); /* not sealed: not kept */
    EXPECT(text(t, PIN, "x"), "CON ");
    fflush(stderr);
    assert_true(dup2(shown, 2) == 2);
    close(shown);
    close(kept);
    assert_int_equal(rows(t, "person WHERE length(pin) = 16"), 1);
    assert_int_equal(rows(t, "turn WHERE input LIKE '%739%' OR meaning LIKE '%739%'"), 0);
    assert_true(rows(t, "turn WHERE flags & 16") >= 6);
    char command[300];
    snprintf(command, sizeof command, "grep -qa -e " PIN " -e 7392 %s", log);
    assert_int_not_equal(system(command), 0);
    fixture_close(f);
    assert_false(lies_in(f->dir, PIN));
    assert_false(lies_in(f->dir, "7392"));
    assert_true(lies_in(f->dir, reference)); /* the search finds what is there */
}

/* A text would go to the phone that they asked from: on another one nobody is asked whether "this phone" may be texted. */
static void another_phone_is_not_asked_about_texts(void **state)
{
    struct talker *t = *state;
    char reference[16];
    be_somebody(t, MOBILE, "a", PIN, reference);
    HOLDS(TYPES(t, "b", "2", PIN, "2"), "beeps");
    HOLDS(TYPES_ON(t, BORROWED, "c", "4", reference, PIN), "Yours (1)");
    HOLDS_NOT(type_on(t, BORROWED, "c", "2"), "beeps");
    EXPECT(type_on(t, BORROWED, "c", "4"), "CON Settings");
    HOLDS(type_on(t, BORROWED, "c", "4"), "beeps"); /* they use it from now on */
}

static void tries_are_counted_on_disk(void **state)
{
    struct talker *t = *state;
    char reference[16];
    be_somebody(t, MOBILE, "a", PIN, reference);
    EXPECT(TYPES(t, "b", "2", "0001", "0002"), "CON Not right.");
    EXPECT(TYPES(t, "c", "2", "0003", "0004"), "CON Not right.");
    assert_int_equal(rows(t, "person WHERE tries = 4 AND tries_at IS NOT NULL"), 1);
    EXPECT(type_on(t, MOBILE, "c", "0005"), "CON Shall we call?");
    EXPECT(TYPES(t, "d", "2", PIN), "CON Wait an hour.");
    assert_int_equal(rows(t, "person WHERE tries = 5"), 1);
    t->now += 60 * MINUTE;
    HOLDS(TYPES(t, "e", "2", PIN), "Yours (1)");
    assert_int_equal(rows(t, "person WHERE tries = 0 AND tries_at IS NULL"), 1);
}

static void tries_are_counted_within_one_tick(void **state)
{
    struct talker *t = *state;
    char reference[16];
    be_somebody(t, MOBILE, "a", PIN, reference);
    EXPECT(TYPES(t, "b", "2"), "CON Your code?");
    EXPECT(TYPES(t, "c", "2"), "CON Your code?");
    struct said said[6];
    for (size_t i = 0; i < 6; i++) {
        static const char *const wrong[] = {"0001", "0002", "0003", "0004", "0005"};
        said[i] = (struct said){.session = i % 2 ? "b" : "c", .text = i < 5 ? wrong[i] : PIN, .event = INBOUND_RESUME};
    }
    tick(t, said, 6);
    EXPECT(t->heard[3], "CON Not right.");
    HOLDS_NOT(t->heard[5], "Yours");
    assert_int_equal(rows(t, "person WHERE tries = 5"), 1);
}

static void a_repeated_callback_counts_nothing(void **state)
{
    struct talker *t = *state;
    char reference[16], first[700];
    be_somebody(t, MOBILE, "a", PIN, reference);
    EXPECT(dial(t, "s", ""), "CON Plain");
    EXPECT(dial(t, "s", "2"), "CON Your code?");
    snprintf(first, sizeof first, "%s", dial(t, "s", "2*0001"));
    EXPECT(first, "CON Not right.");
    for (int i = 0; i < 6; i++)
        assert_string_equal(dial(t, "s", "2*0001"), first);
    struct said again = {.session = "s", .text = "2*0001*0002", .form = INPUT_CUMULATIVE};
    TICK(again, again, again);
    assert_int_equal(rows(t, "person WHERE tries = 2"), 1);
    HOLDS(dial(t, "s", "2*0001*0002*" PIN), "Yours (1)");
}

static void a_case_is_judged_by_reference_and_pin(void **state)
{
    struct talker *t = *state;
    char hers[16], bare[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES_ON(t, "+8801712345671", "b", "3", "Karim", "1"), "CON Sent");
    snprintf(bare, sizeof bare, "%.15s", fixture_ask(t->stage.f, "SELECT reference FROM request ORDER BY id DESC"));
    char unused[8], seen[3][700];
    reference_complete("000000", unused);
    const char *const references[] = {hers, bare, unused};
    for (size_t i = 0; i < 3; i++) {
        char session[] = {'c', (char)('0' + i), '\0'};
        snprintf(seen[i], sizeof seen[i], "%s", TYPES_ON(t, BORROWED, session, "4", references[i], "0815"));
        EXPECT(seen[i], "CON Not right.");
    }
    assert_string_equal(seen[0], seen[1]);
    assert_string_equal(seen[0], seen[2]);
    assert_int_equal(rows(t, "phone WHERE tries = 3"), 1);
    assert_int_equal(rows(t, "person WHERE tries > 0"), 1);
    assert_int_equal(rows(t, "person"), 2); /* whoever only asks leaves nobody behind */
    HOLDS(TYPES_ON(t, BORROWED, "d", "4", hers, PIN), "Yours (1)");
    assert_int_equal(rows(t, "phone WHERE tries = 3"), 1); /* what was tried there before is not forgiven */
    assert_int_equal(rows(t, "person WHERE tries > 0"), 0);
    EXPECT(TYPES_ON(t, BORROWED, "e", "4", hers, "1", "0815"), "CON Not right.");
}

static void five_wrong_cases_lock_the_phone_and_the_person(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    for (int i = 0; i < 5; i++)
        TYPES_ON(t, BORROWED, i % 2 ? "b" : "c", "4", hers, "0001");
    assert_int_equal(rows(t, "phone WHERE tries = 5"), 1);
    assert_int_equal(rows(t, "person WHERE tries = 5"), 1);
    EXPECT(TYPES_ON(t, BORROWED, "d", "4", hers, PIN), "CON Wait an hour.");
    EXPECT(TYPES_ON(t, "+8801712345679", "e", "4", hers, PIN), "CON Not right."); /* there it is nobody's business */
    EXPECT(TYPES(t, "f", "2", PIN), "CON Wait an hour.");
    t->now += 61 * MINUTE;
    HOLDS(TYPES_ON(t, BORROWED, "g", "4", hers, PIN), "Yours (1)");
}

static void a_locked_phone_is_locked_for_every_case(void **state)
{
    struct talker *t = *state;
    char hers[16], unused[8];
    be_somebody(t, MOBILE, "a", PIN, hers);
    reference_complete("000000", unused);
    for (int i = 0; i < 5; i++)
        TYPES_ON(t, BORROWED, i % 2 ? "b" : "c", "4", unused, "0001");
    EXPECT(TYPES_ON(t, BORROWED, "d", "4", hers, PIN), "CON Wait an hour.");
    assert_int_equal(rows(t, "person WHERE tries > 0"), 0);
    HOLDS(TYPES(t, "e", "2", PIN), "Yours (1)"); /* hers is not */
}

/* Who has a PIN of their own could else try four cases, give it, and try the next four. */
static void ones_own_pin_buys_no_more_tries(void **state)
{
    struct talker *t = *state;
    char hers[16], mine[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    be_somebody(t, BORROWED, "own", "1212", mine);
    for (int round = 0; round < 2; round++) {
        char unused[8], six[16], session[32];
        for (int i = 0; i < 4; i++) {
            snprintf(six, sizeof six, "%06d", 10 * round + i);
            snprintf(session, sizeof session, "g%d%d", round, i);
            reference_complete(six, unused);
            TYPES_ON(t, BORROWED, session, "4", unused, PIN);
        }
        snprintf(session, sizeof session, "m%d", round);
        TYPES_ON(t, BORROWED, session, "4", mine, "1212");
        snprintf(session, sizeof session, "o%d", round);
        HOLDS(TYPES_ON(t, BORROWED, session, "2", "1212"), "Yours (1)");
    }
    assert_int_equal(rows(t, "phone WHERE tries = 5"), 1);
    EXPECT(TYPES_ON(t, BORROWED, "z", "4", hers, PIN), "CON Wait an hour.");
}

static void what_who_acts_does_is_theirs(void **state)
{
    struct talker *t = *state;
    char hers[16], where[200];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES_ON(t, BORROWED, "own", "3", "Karim", "1"), "CON Sent");
    EXPECT(TYPES_ON(t, BORROWED, "b", "4", hers, PIN, "1", "1"), "CON Yours (0)");
    snprintf(where, sizeof where, "request WHERE reference = '%s' AND state = 4", hers);
    assert_int_equal(rows(t, where), 1);
    assert_int_equal(rows(t, "request WHERE state = 0"), 1); /* the phone's own is as it was */
    HOLDS(TYPES_ON(t, BORROWED, "c", "2"), "Yours (1)");
    assert_int_equal(rows(t, "person"), 2);
    assert_int_equal(
        rows(t,
             "request_step JOIN request ON request.id = request_step.request WHERE request_step.step = 8 AND person = "
             "(SELECT person FROM registration)"),
        1);
}

static void forgetting_who_acts_leaves_the_phones_own(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES_ON(t, BORROWED, "own", "3", "Karim", "1"), "CON Sent");
    EXPECT(TYPES_ON(t, BORROWED, "b", "4", hers, PIN, "2"), "CON You");
    EXPECT(type_on(t, BORROWED, "b", "4"), "CON Settings");
    EXPECT(type_on(t, BORROWED, "b", "5"), "CON You");
    assert_int_equal(rows(t, "person WHERE key IS NULL"), 0);
    assert_int_equal(rows(t, "person WHERE key IS NOT NULL"), 1);
    assert_int_equal(rows(t, "phone WHERE person IS NULL"), 1); /* hers */
    assert_int_equal(rows(t, "registration"), 0);
    assert_int_equal(rows(t, "request WHERE state = 0"), 1);
    HOLDS(TYPES_ON(t, BORROWED, "c", "2"), "Yours (1)");
    EXPECT(TYPES_ON(t, BORROWED, "d", "4", hers, PIN), "CON Not right.");
    EXPECT(TYPES(t, "e", "2"), "CON Yours (0)");
    char line[200];
    snprintf(line, sizeof line, "%s/forgotten", t->stage.f->dir);
    FILE *list = fopen(line, "r");
    assert_non_null(list);
    assert_non_null(fgets(line, sizeof line, list));
    fclose(list);
}

static void who_was_forgotten_meanwhile_acts_no_more(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    HOLDS(TYPES_ON(t, BORROWED, "b", "4", hers, PIN), "Yours (1)");
    EXPECT(TYPES(t, "c", "5", "5"), "CON Your code?");
    EXPECT(type_on(t, MOBILE, "c", PIN), "CON You");
    EXPECT(type_on(t, BORROWED, "b", "2"), "CON You");
    HOLDS_NOT(t->heard[0], "acts");
    HOLDS_NOT(t->heard[0], "registered");
    /* and within one tick */
    char again[16];
    be_somebody(t, MOBILE, "d", PIN, again);
    EXPECT(TYPES(t, "e", "5", "5"), "CON Your code?");
    EXPECT(TYPES_ON(t, BORROWED, "f", "4", again), "CON Its code?");
    TICK({.session = "e", .text = PIN, .event = INBOUND_RESUME},
         {.session = "f", .text = PIN, .event = INBOUND_RESUME, .from = BORROWED});
    EXPECT(t->heard[1], "CON Not right.");
}

static void pins_tell_people_on_one_phone_apart(void **state)
{
    struct talker *t = *state;
    char hers[16], his[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES(t, "b", "5", "3"), "CON You");
    HOLDS_NOT(t->heard[0], "registered");
    assert_int_equal(rows(t, "phone WHERE person IS NULL"), 1);
    be_somebody(t, MOBILE, "c", "0815", his);
    assert_int_equal(rows(t, "person WHERE pin IS NOT NULL"), 2);
    HOLDS(TYPES(t, "d", "2", PIN), "Yours (1)");
    char shown[16];
    snprintf(shown, sizeof shown, "%.3s %.4s", hers, hers + 3);
    HOLDS(t->heard[0], shown);
    EXPECT(TYPES(t, "e", "2", "0001"), "CON Not right.");
    assert_int_equal(rows(t, "person WHERE tries = 1"), 2); /* it was tried against both */
    HOLDS(TYPES(t, "f", "2", "0815"), "Yours (1)");
    assert_int_equal(rows(t, "person WHERE tries = 1"), 1);
}

static void who_moves_here_is_called_here(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES_ON(t, BORROWED, "b", "4", hers, PIN, "2", "4", "4"), "CON You");
    HOLDS(t->heard[0], "registered");
    HOLDS_NOT(t->heard[0], "acts");
    assert_int_equal(rows(t, "phone WHERE person IS NULL AND id = (SELECT min(id) FROM phone)"), 1);
    assert_int_equal(rows(t, "person JOIN phone ON phone.id = person.phone AND phone.person = person.id "
                             "WHERE phone.number IS NOT NULL"),
                     1);
    assert_int_equal(rows(t, "request JOIN person ON person.id = request.person AND person.phone = request.phone"), 1);
    HOLDS(TYPES_ON(t, BORROWED, "c", "2", PIN), "Yours (1)");
    EXPECT(TYPES(t, "d", "2"), "CON Yours (0)");
    EXPECT(TYPES(t, "e", "7", PIN), "CON Not right.");
}

static void who_moves_in_a_tick_has_left_in_that_tick(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES(t, "b", "7", PIN), "CON You");
    EXPECT(TYPES_ON(t, BORROWED, "c", "4", hers, PIN, "2", "4"), "CON Settings");
    TICK({.session = "b", .text = "5", .event = INBOUND_RESUME},
         {.session = "c", .text = "4", .event = INBOUND_RESUME, .from = BORROWED},
         {.session = "b", .text = "00", .event = INBOUND_RESUME},
         {.session = "b", .text = "2", .event = INBOUND_RESUME});
    HOLDS(t->heard[1], "registered");
    EXPECT(t->heard[3], "CON Yours (0)");
}

/* The old phone calls in the same tick, but after the batch was loaded: its row still says that she is there. */
static void who_moves_in_a_tick_is_not_found_there_by_what_was_loaded_before(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES_ON(t, BORROWED, "c", "4", hers, PIN, "2", "4"), "CON Settings");
    TICK({.session = "c", .text = "4", .event = INBOUND_RESUME, .from = BORROWED},
         {.session = "d", .text = "", .event = INBOUND_NEW}, {.session = "d", .text = "00", .event = INBOUND_RESUME},
         {.session = "d", .text = "2", .event = INBOUND_RESUME});
    HOLDS(t->heard[0], "registered");
    EXPECT(t->heard[3], "CON Yours (0)");
    assert_int_equal(rows(t, "phone WHERE person IS NOT NULL"), 1);
}

/* The same for a session of hers that is still open, by text, and a long time ago. */
static void ten_silent_minutes_end_what_a_pin_opened(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(text(t, "00", "x1"), "CON Plain");
    EXPECT(text(t, "2", "x2"), "CON Your code?");
    HOLDS(text(t, PIN, "x3"), "Yours (1)");
    t->now += 11 * MINUTE;
    EXPECT(text(t, "1", "x4"), "CON Welcome back");
    EXPECT(text(t, "1", "x5"), "CON Your code?");
}

static void a_number_that_was_silent_counts_as_new(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    char command[200];
    snprintf(command, sizeof command, "sqlite3 %s 'UPDATE phone SET opted_out = 1'", t->stage.f->path);
    assert_int_equal(system(command), 0);
    t->now += 90 * DAY - MINUTE;
    EXPECT(TYPES(t, "b", "2"), "CON Your code?");
    t->now += 90 * DAY + MINUTE;
    EXPECT(type_on(t, MOBILE, "c", ""), "CON Language");
    type_on(t, MOBILE, "c", "1");
    EXPECT(type_on(t, MOBILE, "c", "2"), "CON Yours (0)");
    assert_int_equal(rows(t, "phone WHERE person IS NULL AND renewed_at IS NOT NULL AND opted_out = 1"), 1);
    EXPECT(TYPES(t, "d", "7", PIN), "CON Not right.");
    HOLDS(TYPES(t, "e", "4", hers, PIN), "Yours (1)");
    char next[16];
    be_somebody(t, MOBILE, "f", "1212", next); /* who has the number now */
    EXPECT(TYPES(t, "g", "7", PIN), "CON Not right.");
    HOLDS(TYPES(t, "h", "2", "1212"), "Yours (1)");
}

static void a_pin_is_changed_only_by_who_gave_it(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    char before[64];
    snprintf(before, sizeof before, "%.60s", fixture_ask(t->stage.f, "SELECT hex(pin) FROM person"));
    EXPECT(TYPES(t, "b", "5", "2"), "CON Your code?");
    EXPECT(TYPES(t, "c", "1", "1"), "CON Sure?");
    EXPECT(TYPES(t, "d", "5", "1"), "CON Your code?");
    assert_string_equal(fixture_ask(t->stage.f, "SELECT hex(pin) FROM person"), before);
    EXPECT(type_on(t, MOBILE, "d", PIN), "CON Four digits?");
    EXPECT(type_on(t, MOBILE, "d", "1212"), "CON You");
    assert_string_not_equal(fixture_ask(t->stage.f, "SELECT hex(pin) FROM person"), before);
    EXPECT(type_on(t, MOBILE, "d", "5"), "CON Settings");
    EXPECT(type_on(t, MOBILE, "d", "2"), "CON You"); /* still open */
    assert_int_equal(rows(t, "person WHERE pin IS NULL"), 1);
}

static void the_earlier_call_goes_on_behind_the_pin(void **state)
{
    struct talker *t = *state;
    char hers[16];
    be_somebody(t, MOBILE, "a", PIN, hers);
    EXPECT(TYPES(t, "b", "3", "Karima"), "CON When?");
    EXPECT(type_on(t, MOBILE, "c", ""), "CON Welcome back");
    EXPECT(type_on(t, MOBILE, "c", "1"), "CON Your code?");
    EXPECT(type_on(t, MOBILE, "d", ""), "CON Welcome back"); /* the offer stands */
    EXPECT(type_on(t, MOBILE, "d", "1"), "CON Your code?");
    EXPECT(type_on(t, MOBILE, "d", "0001"), "CON Not right.");
    EXPECT(type_on(t, MOBILE, "d", PIN), "CON When?");
    EXPECT(type_on(t, MOBILE, "d", "1"), "CON Sent");
    assert_int_equal(rows(t, "answer WHERE entry = (SELECT entry FROM request ORDER BY id DESC)"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pin_is_kept_as_a_keyed_hash_only, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(another_phone_is_not_asked_about_texts, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(tries_are_counted_on_disk, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(tries_are_counted_within_one_tick, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(a_repeated_callback_counts_nothing, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(a_case_is_judged_by_reference_and_pin, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(five_wrong_cases_lock_the_phone_and_the_person, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(ones_own_pin_buys_no_more_tries, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(a_locked_phone_is_locked_for_every_case, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(who_moves_in_a_tick_has_left_in_that_tick, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(who_moves_in_a_tick_is_not_found_there_by_what_was_loaded_before, open_shared,
                                        close_stage),
        cmocka_unit_test_setup_teardown(ten_silent_minutes_end_what_a_pin_opened, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(what_who_acts_does_is_theirs, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(forgetting_who_acts_leaves_the_phones_own, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(who_was_forgotten_meanwhile_acts_no_more, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(pins_tell_people_on_one_phone_apart, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(who_moves_here_is_called_here, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(a_number_that_was_silent_counts_as_new, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(a_pin_is_changed_only_by_who_gave_it, open_shared, close_stage),
        cmocka_unit_test_setup_teardown(the_earlier_call_goes_on_behind_the_pin, open_shared, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
