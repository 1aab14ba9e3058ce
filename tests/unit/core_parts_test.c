/* The small parts of the core: change_list, working_set, identity, channel_stats, notify, and the outbox's pure rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/change_list.h"
#include "core/channel_stats.h"
#include "core/identity.h"
#include "core/notify.h"
#include "core/outbox.h"
#include "core/working_set.h"

struct fixture {
    struct arena *arena;
    struct keyring *keyring;
    char folder[64], keys[96];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;
    f->arena = arena_create(4096);
    snprintf(f->folder, sizeof f->folder, "/tmp/helpline-core-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->keys, sizeof f->keys, "%s/keys", f->folder);
    *state = f;
    return keyring_generate(f->keys, &err) == OUTCOME_OK && keyring_open(f->keys, &f->keyring, &err) == OUTCOME_OK ? 0
                                                                                                                   : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    keyring_close(f->keyring);
    arena_destroy(f->arena);
    unlink(f->keys);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void changes_keep_their_order_while_the_list_grows(void **state)
{
    struct fixture *f = *state;
    struct change_list list = {.arena = f->arena}, more = {.arena = f->arena};
    for (unsigned i = 0; i < 300; i++)
        change_list_add(&list, CHANGE_TURN, i)->stray.id = i;
    change_list_add(&more, CHANGE_STRAY, 300);
    change_list_append(&list, &more);
    assert_int_equal(list.count, 301);
    for (unsigned i = 0; i < 301; i++)
        assert_int_equal(list.at[i].message, i);
    assert_int_equal(list.at[300].kind, CHANGE_STRAY);
}

static struct inbound ussd(const char *session, const char *from, const char *input)
{
    return (struct inbound){.kind = INBOUND_USSD,
                            .session = span_of(session),
                            .from = {PHONE_NUMBER, span_of(from)},
                            .input = span_of(input)};
}

static void identities_keep_parts_apart(void **state)
{
    struct fixture *f = *state;
    struct channel one = {.id = SPAN("one")}, other = {.id = SPAN("other")};
    struct inbound a = ussd("s1", "+8801712345678", "1"), b = a;
    struct identity of_a, of_b;
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &other, &b, &of_b);
    assert_memory_not_equal(&of_a.session, &of_b.session, sizeof of_a.session); /* a session is its channel's */
    assert_memory_equal(&of_a.phone, &of_b.phone, sizeof of_a.phone);           /* a person is one on every channel */
    assert_false(identity_is_given(&of_a.message));

    a.id = SPAN("x1");
    b.id = SPAN("x1");
    b.from.text = SPAN("+8801712345679");
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &one, &b, &of_b);
    assert_memory_not_equal(&of_a.message, &of_b.message, sizeof of_a.message); /* an id is its sender's */
}

static void joined_parts_cannot_be_shifted(void **state)
{
    struct fixture *f = *state;
    struct channel one = {.id = SPAN("one")}, on = {.id = SPAN("on")};
    struct inbound a = ussd("s", "+1", ""), b = ussd("es", "+1", "");
    struct identity of_a, of_b;
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &on, &b, &of_b);
    assert_memory_not_equal(&of_a.session, &of_b.session, sizeof of_a.session);
}

/* However long they are, and whatever they hold. */
static void no_part_is_cut_short(void **state)
{
    struct fixture *f = *state;
    struct channel one = {.id = SPAN("one")};
    char longest[1200];
    memset(longest, 'x', sizeof longest);
    struct inbound a = {.kind = INBOUND_SMS,
                        .from = {PHONE_OPAQUE, {longest, 400}},
                        .to = {longest, sizeof longest},
                        .id = SPAN("1"),
                        .input = SPAN("one"),
                        .part = {SPAN("r"), 1, 2}};
    struct inbound b = a;
    struct identity of_a, of_b;
    b.part.reference = SPAN("q");
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &one, &b, &of_b);
    assert_memory_not_equal(&of_a.parts, &of_b.parts, sizeof of_a.parts);
    b = a;
    b.part.number = 2;
    identity_of(f->keyring, &one, &b, &of_b);
    assert_memory_equal(&of_a.parts, &of_b.parts, sizeof of_a.parts);
    assert_memory_not_equal(&of_a.message, &of_b.message, sizeof of_a.message);

    a = (struct inbound){.kind = INBOUND_SMS,
                         .from = {PHONE_OPAQUE, SPAN("a\x1f"
                                                     "b")},
                         .id = SPAN("c")};
    b = (struct inbound){.kind = INBOUND_SMS,
                         .from = {PHONE_OPAQUE, SPAN("a")},
                         .id = SPAN("b\x1f"
                                    "c")};
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &one, &b, &of_b);
    assert_memory_not_equal(&of_a.message, &of_b.message, sizeof of_a.message);
}

static void a_token_means_something_on_its_channel_only(void **state)
{
    struct fixture *f = *state;
    struct channel one = {.id = SPAN("one")}, other = {.id = SPAN("other")};
    struct inbound a = ussd("s", "B%3C4pbgs", "");
    a.from.kind = PHONE_OPAQUE;
    struct identity of_a, of_b;
    identity_of(f->keyring, &one, &a, &of_a);
    identity_of(f->keyring, &other, &a, &of_b);
    assert_memory_not_equal(&of_a.phone, &of_b.phone, sizeof of_a.phone);
}

static void the_second_message_sees_the_first_ones_state(void **state)
{
    struct fixture *f = *state;
    struct working_set *set = working_set_create(f->arena);
    struct lookup phone = {{1}}, key = {{2}};
    struct store_found nothing = {0};
    struct party *party = working_set_party(set, &phone, &nothing);
    assert_true(party->is_new);
    assert_null(working_set_talk(set, &key, party, &nothing));
    struct talk *talk = working_set_open(set, &key, party);
    talk->row.turns = 7;
    assert_ptr_equal(working_set_party(set, &phone, &nothing), party);
    assert_ptr_equal(working_set_talk(set, &key, party, &nothing), talk);
    assert_int_equal(working_set_talk(set, &key, party, &nothing)->row.turns, 7);
}

static void many_phones_stay_apart(void **state)
{
    struct fixture *f = *state;
    struct working_set *set = working_set_create(f->arena);
    struct store_found nothing = {0};
    for (unsigned i = 1; i <= 2000; i++) {
        struct lookup phone = {{0}};
        memcpy(phone.at, &i, sizeof i);
        working_set_party(set, &phone, &nothing)->row.id = i;
    }
    for (unsigned i = 1; i <= 2000; i++) {
        struct lookup phone = {{0}};
        memcpy(phone.at, &i, sizeof i);
        assert_int_equal(working_set_party(set, &phone, &nothing)->row.id, i);
    }
}

static void stats_count_whole_minutes(void **state)
{
    (void)state;
    struct channel_stats_table *table = channel_stats_create();
    struct channel_stats *stats = channel_stats_of(table, SPAN("at-ussd"));
    assert_ptr_equal(channel_stats_of(table, SPAN("at-ussd")), stats);
    for (int i = 0; i < 5; i++)
        channel_stats_received(stats, 60000 + i);
    assert_int_equal(channel_stats_per_minute(stats, 60010), 0);
    assert_int_equal(channel_stats_per_minute(stats, 120000), 5);
    channel_stats_received(stats, 121000);
    assert_int_equal(channel_stats_per_minute(stats, 122000), 5);
    assert_int_equal(channel_stats_per_minute(stats, 300000), 0);
    assert_int_equal(stats->received, 6);
    const struct channel_failure failure = {SPAN("sessionId"), SPAN("is missing"), SPAN("GET /in/x"), true};
    channel_stats_failed(stats, 9, &failure);
    assert_int_equal(stats->auth_failures, 1);
    assert_string_equal(stats->refused, "GET /in/x");
    assert_string_equal(stats->last_error, "sessionId: is missing");
    channel_stats_free(table);
}

static void sent_never_overwrites_delivered(void **state)
{
    (void)state;
    static const struct {
        enum outbox_state before;
        enum delivery report;
        enum outbox_state after;
    } rows[] = {
        {OUTBOX_DELIVERED, DELIVERY_SENT, OUTBOX_DELIVERED},    {OUTBOX_DELIVERED, DELIVERY_FAILED, OUTBOX_DELIVERED},
        {OUTBOX_SENT, DELIVERY_DELIVERED, OUTBOX_DELIVERED},    {OUTBOX_FAILED, DELIVERY_DELIVERED, OUTBOX_DELIVERED},
        {OUTBOX_SENDING, DELIVERY_SENT, OUTBOX_SENT},           {OUTBOX_UNKNOWN, DELIVERY_SENT, OUTBOX_SENT},
        {OUTBOX_FAILED, DELIVERY_SENT, OUTBOX_FAILED},          {OUTBOX_UNKNOWN, DELIVERY_FAILED, OUTBOX_FAILED},
        {OUTBOX_SENT, DELIVERY_EXPIRED, OUTBOX_EXPIRED},        {OUTBOX_SENT, DELIVERY_UNKNOWN, OUTBOX_SENT},
        {OUTBOX_DELIVERED, DELIVERY_EXPIRED, OUTBOX_DELIVERED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(outbox_state_after(rows[i].before, rows[i].report), rows[i].after);
}

static void waits_double_up_to_a_cap(void **state)
{
    (void)state;
    int64_t longest_before = 0;
    for (unsigned attempts = 1; attempts < 40; attempts++) {
        int64_t longest = 0;
        for (uint32_t jitter = 0; jitter < 2000000; jitter += 997) {
            int64_t wait = outbox_wait_ms(attempts, jitter);
            assert_true(wait >= 1000 && wait <= 15 * 60 * 1000 + 1000);
            longest = wait > longest ? wait : longest;
        }
        assert_true(longest >= longest_before);
        longest_before = longest;
    }
    assert_true(longest_before > 14 * 60 * 1000);
}

static void systemd_hears_what_is_sent(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char heard[32] = "";
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", f->folder);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    notify_send("READY=1");
    unsetenv("NOTIFY_SOCKET");
    notify_send("nobody hears this");
    assert_int_equal(recv(fd, heard, sizeof heard - 1, MSG_DONTWAIT), 7);
    assert_string_equal(heard, "READY=1");
    assert_int_equal(recv(fd, heard, sizeof heard - 1, MSG_DONTWAIT), -1);
    close(fd);
    unlink(address.sun_path);
    setenv("WATCHDOG_USEC", "30000000", 1);
    assert_int_equal(notify_watchdog_ms(), 15000);
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(notify_watchdog_ms(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes_keep_their_order_while_the_list_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(identities_keep_parts_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(joined_parts_cannot_be_shifted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_part_is_cut_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_means_something_on_its_channel_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_second_message_sees_the_first_ones_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_phones_stay_apart, set_up, tear_down),
        cmocka_unit_test(stats_count_whole_minutes),
        cmocka_unit_test(sent_never_overwrites_delivered),
        cmocka_unit_test(waits_double_up_to_a_cap),
        cmocka_unit_test_setup_teardown(systemd_hears_what_is_sent, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
