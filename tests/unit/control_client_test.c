#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "cmocka_all.h"
#include "cli/control_client.h"

/* A gateway that answers one command with fixed bytes and hangs up. */
struct fake {
    char folder[64], path[96], asked[256];
    const char *answer;
    int listener;
    pthread_t thread;
};

static void *serve_one(void *context)
{
    struct fake *fake = context;
    int fd = accept(fake->listener, NULL, NULL);
    ssize_t got = recv(fd, fake->asked, sizeof fake->asked - 1, 0);
    fake->asked[got > 0 ? got : 0] = '\0';
    size_t len = strlen(fake->answer);
    for (size_t i = 0; i < len; i += 7) /* in pieces, as a stream may come */
        send(fd, fake->answer + i, len - i < 7 ? len - i : 7, MSG_NOSIGNAL);
    close(fd);
    return NULL;
}

static void fake_start(struct fake *fake, const char *answer)
{
    *fake = (struct fake){.folder = "/tmp/helpline-control-XXXXXX", .answer = answer};
    assert_non_null(mkdtemp(fake->folder));
    snprintf(fake->path, sizeof fake->path, "%s/sock", fake->folder);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, fake->path, strlen(fake->path) + 1);
    fake->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fake->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fake->listener, 1), 0);
    assert_int_equal(pthread_create(&fake->thread, NULL, serve_one, fake), 0);
}

static void fake_stop(struct fake *fake)
{
    pthread_join(fake->thread, NULL);
    close(fake->listener);
    unlink(fake->path);
    rmdir(fake->folder);
}

static void add_up(void *context, const json_t *line)
{
    *(long long *)context += json_integer_value(json_object_get(line, "n"));
}

static enum outcome ask(const char *answer, long long *sum, struct error *err)
{
    struct fake fake;
    fake_start(&fake, answer);
    *sum = 0;
    err->text[0] = '\0';
    enum outcome outcome = control_ask(fake.path, json_pack("{s:s}", "verb", "status"), add_up, sum, err);
    fake_stop(&fake);
    assert_string_equal(fake.asked, "{\"verb\":\"status\"}\n");
    return outcome;
}

static void lines_until_done(void **state)
{
    (void)state;
    struct error err;
    long long sum;
    assert_int_equal(ask("{\"n\":1}\n{\"n\":20}\n{\"done\":true}\n{\"n\":300}\n", &sum, &err), OUTCOME_OK);
    assert_int_equal(sum, 21);
    assert_int_equal(ask("{\"done\":true}\n", &sum, &err), OUTCOME_OK);
}

static void what_the_gateway_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum outcome outcome;
    } cases[] = {
        {"{\"error\":\"busy\",\"outcome\":\"conflict\"}\n", OUTCOME_CONFLICT},
        {"{\"error\":\"no\",\"outcome\":\"refused\"}\n", OUTCOME_REFUSED},
        {"{\"n\":1}\n{\"error\":\"disk\",\"outcome\":\"broken\"}\n", OUTCOME_BROKEN},
        {"{\"error\":\"?\",\"outcome\":\"ok\"}\n", OUTCOME_BROKEN}, /* an error is never a success */
        {"{\"error\":\"?\"}\n", OUTCOME_BROKEN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        long long sum;
        assert_int_equal(ask(cases[i].answer, &sum, &err), cases[i].outcome);
        assert_true(err.text[0] != '\0');
    }
}

/* Every beginning of a whole answer, cut off: never taken for one. */
static void every_truncation_is_noticed(void **state)
{
    (void)state;
    static const char whole[] = "{\"n\":1}\n{\"done\":true}\n";
    for (size_t len = 0; len + 2 < sizeof whole; len++) {
        char cut[sizeof whole] = {0};
        memcpy(cut, whole, len);
        struct error err;
        long long sum;
        enum outcome outcome = ask(cut, &sum, &err);
        assert_int_equal(outcome, OUTCOME_BROKEN);
        assert_non_null(strstr(err.text, "not whole"));
    }
    struct error err;
    long long sum;
    assert_int_equal(ask("nonsense\n", &sum, &err), OUTCOME_BROKEN);
}

static void nobody_there(void **state)
{
    (void)state;
    struct error err;
    struct fake fake;
    long long sum = 0;
    assert_int_equal(control_ask("/nowhere/sock", json_object(), add_up, &sum, &err), OUTCOME_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/sock"));
    fake_start(&fake, "{\"done\":true}\n");
    assert_int_equal(control_ask(fake.path, json_object(), add_up, &sum, &err), OUTCOME_OK);
    pthread_join(fake.thread, NULL);
    close(fake.listener);
    /* The socket that a killed gateway leaves behind. */
    assert_int_equal(control_ask(fake.path, json_object(), add_up, &sum, &err), OUTCOME_NOT_FOUND);
    unlink(fake.path);
    rmdir(fake.folder);
    char deep[300];
    memset(deep, 'x', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(control_ask(deep, json_object(), add_up, &sum, &err), OUTCOME_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_until_done),
        cmocka_unit_test(what_the_gateway_refuses),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(nobody_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
