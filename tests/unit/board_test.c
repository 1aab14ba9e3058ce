/* The board: what is counted on every page is read once for everybody, and is old for a second at most. */
#include "store_fixture.h"

#include "console/door/board.h"
#include "core/desk_run.h"

static const struct operator supervisor = {.id = 901, .roles = ROLE_BIT(ROLE_SUPERVISOR)};

struct site_of_test {
    struct fixture *f;
    struct desk *desk;
    struct board *board;
    struct reader *reader;
};

/* Somebody asks to be called, and the desk is told. */
static void ask(struct site_of_test *s, int64_t id)
{
    struct fixture *f = s->f;
    struct request request = {.id = id,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .kind = SPAN("call"),
                              .created_at = NOW,
                              .changed_at = NOW + id,
                              .version = 1};
    reference_complete(arena_format(f->arena, "%06d", (int)id).at, request.reference);
    const struct change change = {.kind = CHANGE_REQUEST, .request = {&request}};
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
    desk_committed(s->desk, &change, 1);
}

static unsigned all(struct site_of_test *s, int64_t now)
{
    struct queue_counts counts;
    struct fixture *f = s->f;
    OK(board_count(s->board, s->reader, &supervisor, now, &counts, &f->err));
    return counts.all;
}

static void counters_are_old_for_a_second_at_most(void **state)
{
    struct fixture *f = *state;
    struct site_of_test s = {.f = f};
    fixture_someone(f);
    OK(desk_create(&s.desk, &f->err));
    OK(reader_open(f->path, f->keyring, &s.reader, &f->err));
    s.board = board_create(s.desk);
    ask(&s, 3001);
    assert_int_equal(all(&s, NOW), 1);
    ask(&s, 3002);
    assert_int_equal(all(&s, NOW + BOARD_MS - 1), 1); /* read for everybody just now */
    assert_int_equal(all(&s, NOW + BOARD_MS), 2);
    ask(&s, 3003);
    board_look_again(s.board); /* who did something is not shown what was before */
    assert_int_equal(all(&s, NOW + BOARD_MS), 3);
    ask(&s, 3004);
    assert_int_equal(all(&s, NOW), 4); /* a clock that was set back */
    unsigned fresh = 0;
    struct queue_counts counts;
    OK(board_count(s.board, s.reader, &supervisor, NOW, &counts, &f->err));
    fresh = board_count_new(s.board, &supervisor, NOW + 3002);
    assert_int_equal(fresh, 2);
    board_free(s.board);
    reader_close(s.reader);
    desk_free(s.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counters_are_old_for_a_second_at_most, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
