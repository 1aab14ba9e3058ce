/* listener: where it may listen: a port, a socket of the file system, a descriptor that was handed over; and what is no address. */
#include "listener_fixture.h"

#include <sys/stat.h>
#include <sys/un.h>

/* Nothing is opened, and why is one clear sentence. */
static void refuse(const char *address, enum outcome wanted, const char *why)
{
    struct core core = {.hold = true};
    const struct listener_config config = {address, 1024, 64, 30};
    const struct listener_hooks hooks = {&core, admit, take};
    struct listener *other;
    struct error err;
    enum outcome got = listener_open(&config, &hooks, &other, &err);
    if (got != wanted || !strstr(err.text, why))
        fail_msg("%s: \"%s\", %s", address, outcome_name(got), err.text);
    assert_null(other);
}

static void unix_socket(void **state)
{
    struct core *core = *state;
    char address[64], *path = address + 5;
    snprintf(address, sizeof address, "unix:/tmp/helpline-listener-test-%d.sock", (int)getpid());
    listener_close(core->listener);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int left_over = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(left_over, (struct sockaddr *)&to, sizeof to), 0);
    close(left_over); /* the file stays, as after a crash */

    open_listener(core, (struct listener_config){address, 1024, 64, 30});
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0660);
    assert_int_equal(listener_port(core->listener), 0);
    struct heard heard;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    say(fd, SPAN(POST));
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "POST|/in/x-y|a=%31||text=1"); /* no peer */
    close(fd);

    refuse(address, OUTCOME_BROKEN, "in use by another program");
    listener_close(core->listener);
    core->listener = NULL;
    assert_int_equal(stat(path, &file), -1);
}

static void passed_descriptor(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    struct sockaddr_in at = {.sin_family = AF_INET};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 16), 0);
    char address[16];
    snprintf(address, sizeof address, "fd:%d", fd);
    open_listener(core, (struct listener_config){address, 1024, 64, 30});
    struct heard heard;
    int client = dial(core);
    say(client, SPAN(POST));
    hear(core, client, &heard, 1);
    assert_heard(&heard, POST_ECHO);
    close(client);
}

static void port_in_use_is_one_clear_sentence(void **state)
{
    struct core *core = *state;
    char address[32], expected[64];
    snprintf(address, sizeof address, "127.0.0.1:%u", listener_port(core->listener));
    snprintf(expected, sizeof expected, "port %u is in use by another program", listener_port(core->listener));
    refuse(address, OUTCOME_BROKEN, expected);
}

static void bad_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum outcome outcome;
    } rows[] = {
        {"", OUTCOME_REFUSED},
        {"8080", OUTCOME_REFUSED},
        {":8080", OUTCOME_REFUSED},
        {"127.0.0.1", OUTCOME_REFUSED},
        {"127.0.0.1:", OUTCOME_REFUSED},
        {"127.0.0.1:65536", OUTCOME_REFUSED},
        {"127.0.0.1:80a", OUTCOME_REFUSED},
        {"127.0.0.1:-1", OUTCOME_REFUSED},
        {"::1:8080", OUTCOME_REFUSED},
        {"[::1]", OUTCOME_REFUSED},
        {"[::1:8080", OUTCOME_REFUSED},
        {"[127.0.0.1]:8080", OUTCOME_REFUSED},
        {"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:8080", OUTCOME_REFUSED},
        {"example.org:8080", OUTCOME_REFUSED},
        {"unix:", OUTCOME_REFUSED},
        {"fd:", OUTCOME_REFUSED},
        {"fd:x", OUTCOME_REFUSED},
        {"fd:99999999999", OUTCOME_REFUSED},
        {"fd:0", OUTCOME_BROKEN},
        {"fd:999", OUTCOME_BROKEN},
        {"192.0.2.1:8080", OUTCOME_BROKEN},
        {"unix:/nonexistent/x.sock", OUTCOME_BROKEN},
        {"unix:/tmp", OUTCOME_BROKEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refuse(rows[i].address, rows[i].outcome, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_LISTENER(unix_socket),
        ON_A_LISTENER(passed_descriptor),
        ON_A_LISTENER(port_in_use_is_one_clear_sentence),
        ON_A_LISTENER(bad_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
