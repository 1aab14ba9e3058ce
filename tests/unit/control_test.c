/* control and reload: the socket as a verb sees it, with a real store behind it, and menus that are changed on disk. */
#include "core_fixture.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/control.h"

struct desk {
    struct stage stage;
    struct metrics metrics;
    struct control *control;
    struct control_parts parts;
    struct outbox *outbox;
    char path[100];
};

static int open_desk(void **state)
{
    struct desk *d = calloc(1, sizeof *d);
    log_set_level(LOG_LEVEL_ERROR);
    d->stage = stage_open(9);
    struct fixture *f = d->stage.f;
    d->outbox = outbox_create(NULL, 1); /* nothing is sent */
    d->parts = (struct control_parts){.metrics = &d->metrics,
                                      .outbox = d->outbox,
                                      .stats = channel_stats_create(),
                                      .housekeeping = housekeeping_create(f->store, &d->metrics),
                                      .reload = reload_create(d->stage.config, NULL, 0, &f->err)};
    assert_non_null(d->parts.reload);
    snprintf(d->path, sizeof d->path, "%s/control.sock", f->dir);
    OK(control_open(d->path, &d->parts, &d->control, &f->err));
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *d = *state;
    control_close(d->control);
    reload_free(d->parts.reload);
    housekeeping_free(d->parts.housekeeping);
    channel_stats_free(d->parts.stats);
    outbox_free(d->outbox);
    stage_close(&d->stage);
    free(d);
    return 0;
}

static int join_in(const struct desk *d)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", d->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* A turn of the loop, as far as the control socket is concerned. */
static void turn(struct desk *d)
{
    control_run(d->control, d->stage.catalogue, NOW);
    struct pollfd fd = {.fd = reload_poll_fd(d->parts.reload), .events = POLLIN};
    if (poll(&fd, 1, 0) != 1)
        return;
    struct error why;
    struct catalogue *fresh = reload_take(d->parts.reload, &why);
    if (fresh) {
        catalogue_free(d->stage.catalogue);
        d->stage.catalogue = fresh;
    }
    control_reloaded(d->control, fresh ? NULL : &why);
}

static void say(struct desk *d, int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    turn(d);
    turn(d);
}

/* The same without looking whether a reload has finished: it may, at any moment. */
static void say_only(struct desk *d, int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    control_run(d->control, d->stage.catalogue, NOW);
    control_run(d->control, d->stage.catalogue, NOW);
}

/* What has been answered so far; "closed" when the other side hung up. */
static const char *hear(int fd)
{
    static char text[65536];
    size_t len = 0;
    ssize_t got;
    while ((got = recv(fd, text + len, sizeof text - 1 - len, 0)) > 0)
        len += (size_t)got;
    text[len] = '\0';
    return len || got < 0 ? text : "closed";
}

static const char *hear_by_and_by(struct desk *d, int fd, const char *wanted)
{
    static char all[65536];
    all[0] = '\0';
    for (int64_t until = clock_monotonic_ms() + 60000; !strstr(all, wanted);) {
        if (clock_monotonic_ms() > until)
            fail_msg("waited for %s, heard %s", wanted, all);
        turn(d);
        housekeeping_run(d->parts.housekeeping, d->stage.catalogue->config, clock_utc_ms(), false);
        strncat(all, hear(fd), sizeof all - strlen(all) - 1);
        usleep(500);
    }
    return all;
}

static void lines_are_taken_whole_wherever_they_are_cut(void **state)
{
    struct desk *d = *state;
    static const char line[] = "{\"verb\":\"status\"}\n";
    for (size_t cut = 1; cut < sizeof line - 1; cut++) {
        char first[32];
        snprintf(first, sizeof first, "%.*s", (int)cut, line);
        int fd = join_in(d);
        say(d, fd, first);
        assert_string_equal(hear(fd), "");
        say(d, fd, line + cut);
        const char *heard = hear(fd);
        assert_non_null(strstr(heard, "\"steps\":0"));
        assert_non_null(strstr(heard, "{\"done\":true}\n"));
        close(fd);
        turn(d);
    }
}

static void several_lines_in_one_piece_are_all_answered(void **state)
{
    struct desk *d = *state;
    int fd = join_in(d);
    say(d, fd, "{\"verb\":\"status\"}\n{\"verb\":\"channels\"}\n{\"verb\":\"dance\"}\n{\"ver");
    const char *heard = hear(fd);
    assert_non_null(strstr(heard, "\"id\":\"ussd\""));
    assert_non_null(strstr(heard, "\"id\":\"sms\""));
    assert_non_null(strstr(heard, "unknown verb; there are status, channels, backup, reload"));
    say(d, fd, "b\":\"status\"}\n");
    assert_non_null(strstr(hear(fd), "\"done\":true"));
    close(fd);
}

static void nonsense_is_answered_with_a_reason(void **state)
{
    struct desk *d = *state;
    static const char *const lines[] = {"\n",           "{}\n",           "[1]\n",
                                        "hello\n",      "{\"verb\":1}\n", "{\"verb\":\"status\",\"verb\":\"reload\"}\n",
                                        "\"status\"\n", "\xFF\xFE\n"};
    int fd = join_in(d);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        say(d, fd, lines[i]);
        assert_non_null(strstr(hear(fd), "expected one JSON object a line with a \\\"verb\\\""));
    }
    close(fd);
}

static void a_line_without_an_end_is_dropped_at_the_bound(void **state)
{
    struct desk *d = *state;
    char text[CONTROL_LINE_MAX + 1];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"verb\":\"status\"}", 17);
    text[CONTROL_LINE_MAX - 1] = '\n';
    text[CONTROL_LINE_MAX] = '\0';
    int fd = join_in(d);
    say(d, fd, text); /* as long as a line may be */
    assert_non_null(strstr(hear(fd), "\"done\":true"));
    text[CONTROL_LINE_MAX - 1] = ' ';
    say(d, fd, text);
    assert_string_equal(hear(fd), "closed");
    close(fd);
    fd = join_in(d);
    say(d, fd, "{\"verb\":\"status\"}\n"); /* nobody else is harmed */
    assert_non_null(strstr(hear(fd), "\"done\":true"));
    close(fd);
}

static void as_many_clients_as_there_is_room_for(void **state)
{
    struct desk *d = *state;
    int fd[CONTROL_CLIENTS];
    for (int i = 0; i < CONTROL_CLIENTS; i++) {
        fd[i] = join_in(d);
        turn(d);
    }
    int late = join_in(d);
    turn(d);
    assert_string_equal(hear(late), "closed");
    close(late);
    for (int i = CONTROL_CLIENTS - 1; i >= 0; i--) {
        say(d, fd[i], "{\"verb\":\"status\"}\n");
        assert_non_null(strstr(hear(fd[i]), "\"done\":true"));
    }
    close(fd[3]);
    turn(d);
    fd[3] = join_in(d);
    say(d, fd[3], "{\"verb\":\"status\"}\n");
    assert_non_null(strstr(hear(fd[3]), "\"done\":true"));
    for (int i = 0; i < CONTROL_CLIENTS; i++)
        close(fd[i]);
}

static void only_the_owner_may_connect(void **state)
{
    struct desk *d = *state;
    struct stat status;
    assert_int_equal(stat(d->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    struct control *second;
    struct error err;
    char path[300];
    memset(path, 'x', sizeof path);
    path[200] = '\0';
    assert_int_equal(control_open(path, &d->parts, &second, &err), OUTCOME_BROKEN);
    assert_int_equal(control_open("/nowhere/at/all", &d->parts, &second, &err), OUTCOME_BROKEN);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

static void a_backup_tells_its_progress_and_there_is_one_at_a_time(void **state)
{
    struct desk *d = *state;
    struct fixture *f = d->stage.f;
    char line[256], path[128];
    fixture_someone(f);
    snprintf(path, sizeof path, "%s/copy.db", f->dir);
    snprintf(line, sizeof line, "{\"verb\":\"backup\",\"path\":\"%s\"}\n", path);
    int first = join_in(d), second = join_in(d);
    say(d, first, line);
    say(d, second, line);
    assert_non_null(strstr(hear(second), "a backup is running already"));
    const char *heard = hear_by_and_by(d, first, "\"done\":true");
    assert_non_null(strstr(heard, path));
    assert_int_equal(access(path, R_OK), 0);
    close(first);
    close(second);
}

static void a_client_that_goes_leaves_the_backup_running(void **state)
{
    struct desk *d = *state;
    struct fixture *f = d->stage.f;
    char line[256], path[128];
    snprintf(path, sizeof path, "%s/copy.db", f->dir);
    snprintf(line, sizeof line, "{\"verb\":\"backup\",\"path\":\"%s\"}\n", path);
    int gone = join_in(d);
    say(d, gone, line);
    close(gone);
    turn(d);
    int next = join_in(d); /* sits where the other sat: must not hear of its backup */
    turn(d);
    for (int64_t until = clock_monotonic_ms() + 60000; access(path, R_OK) != 0;) {
        assert_true(clock_monotonic_ms() < until);
        housekeeping_run(d->parts.housekeeping, d->stage.catalogue->config, clock_utc_ms(), false);
        usleep(500);
    }
    for (int i = 0; i < 20; i++)
        housekeeping_run(d->parts.housekeeping, d->stage.catalogue->config, clock_utc_ms(), false);
    assert_string_equal(hear(next), "");
    close(next);
}

static void a_backup_where_none_can_be_written_is_refused(void **state)
{
    struct desk *d = *state;
    int fd = join_in(d);
    say(d, fd, "{\"verb\":\"backup\",\"path\":\"/nowhere/at/all.db\"}\n");
    assert_non_null(strstr(hear_by_and_by(d, fd, "error"), "/nowhere/at/all.db"));
    say(d, fd, "{\"verb\":\"status\"}\n");
    assert_non_null(strstr(hear(fd), "\"done\":true"));
    close(fd);
}

static void change_menu(const struct desk *d, const char *from, const char *to)
{
    char path[128], text[8192];
    const char *at = strstr(small_text_en, from);
    assert_non_null(at);
    snprintf(path, sizeof path, "%s/menus/small/text", d->stage.f->dir);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - small_text_en), small_text_en, to, at + strlen(from));
    stage_write(path, "en.conf", text);
}

static void a_reload_is_answered_when_the_new_menus_are_served(void **state)
{
    struct desk *d = *state;
    change_menu(d, "Call 999 in danger.", "Call 112 in danger.");
    int fd = join_in(d), other = join_in(d);
    say_only(d, fd, "{\"verb\":\"reload\"}\n");
    assert_string_equal(hear(fd), "");
    say_only(d, other, "{\"verb\":\"reload\"}\n");
    hear_by_and_by(d, fd, "\"done\":true");
    assert_non_null(strstr(hear(other), "a reload is running already"));
    assert_true(
        span_equal_text(service_safety_page(d->stage.catalogue->services[0], SPAN("en")), "Call 112 in danger."));
    close(fd);
    close(other);
}

static void broken_menus_change_nothing(void **state)
{
    struct desk *d = *state;
    static const struct {
        const char *from, *to;
    } mistakes[] = {
        {"main = {", "mian = {"},                  /* words for no node, and none for one */
        {"Bye.", "{answer.nothing}"},              /* a value that is not there */
        {"language = \"en\";", "language = \"en"}, /* no libconfig */
    };
    const struct catalogue *before = d->stage.catalogue;
    log_set_level(LOG_LEVEL_ERROR - 1);
    int fd = join_in(d);
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        change_menu(d, mistakes[i].from, mistakes[i].to);
        say(d, fd, "{\"verb\":\"reload\"}\n");
        assert_non_null(strstr(hear_by_and_by(d, fd, "\"error\""), "\"outcome\":\"refused\""));
        assert_ptr_equal(d->stage.catalogue, before);
    }
    change_menu(d, "Bye.", "Bye!");
    say(d, fd, "{\"verb\":\"reload\"}\n");
    hear_by_and_by(d, fd, "\"done\":true");
    close(fd);
}

static void who_asked_for_a_reload_and_went_is_not_answered(void **state)
{
    struct desk *d = *state;
    int fd = join_in(d);
    say(d, fd, "{\"verb\":\"reload\"}\n");
    close(fd);
    turn(d);
    int next = join_in(d);
    turn(d);
    struct pollfd done = {.fd = reload_poll_fd(d->parts.reload), .events = POLLIN};
    poll(&done, 1, 10000);
    turn(d);
    turn(d);
    assert_string_equal(hear(next), "");
    close(next);
}

static void closing_waits_for_a_worker(void **state)
{
    struct desk *d = *state;
    assert_true(reload_start(d->parts.reload));
    assert_false(reload_start(d->parts.reload)); /* the teardown frees what it made */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(lines_are_taken_whole_wherever_they_are_cut),
        CASE(several_lines_in_one_piece_are_all_answered),
        CASE(nonsense_is_answered_with_a_reason),
        CASE(a_line_without_an_end_is_dropped_at_the_bound),
        CASE(as_many_clients_as_there_is_room_for),
        CASE(only_the_owner_may_connect),
        CASE(a_backup_tells_its_progress_and_there_is_one_at_a_time),
        CASE(a_client_that_goes_leaves_the_backup_running),
        CASE(a_backup_where_none_can_be_written_is_refused),
        CASE(a_reload_is_answered_when_the_new_menus_are_served),
        CASE(broken_menus_change_nothing),
        CASE(who_asked_for_a_reload_and_went_is_not_answered),
        CASE(closing_waits_for_a_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
