#include "cli/control_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define SILENCE_SECONDS 60

static enum outcome no_gateway(const char *path, struct error *err)
{
    return error_set(err, OUTCOME_NOT_FOUND,
                     "no gateway answers at %s: start one with `helpline serve`, or name its socket "
                     "with --set listen.control=PATH",
                     path);
}

static enum outcome broken(const char *path, const char *doing, struct error *err)
{
    return error_set(err, OUTCOME_BROKEN, "%s: %s: %s", path, doing, strerrordesc_np(errno));
}

static enum outcome dial(const char *path, int *out, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return error_set(err, OUTCOME_REFUSED, "%s: longer than a socket's path can be", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return broken(path, "no socket", err);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        bool nobody = errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR;
        enum outcome outcome = nobody ? no_gateway(path, err) : broken(path, "cannot be reached", err);
        close(fd);
        return outcome;
    }
    struct timeval silence = {.tv_sec = SILENCE_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
    *out = fd;
    return OUTCOME_OK;
}

static enum outcome send_command(int fd, const char *path, const json_t *command, struct error *err)
{
    char *text = json_dumps(command, JSON_COMPACT);
    if (!text)
        return error_set(err, OUTCOME_REFUSED, "the command cannot be said in JSON");
    size_t len = strlen(text);
    text[len] = '\n'; /* over the NUL: the length is known */
    ssize_t sent = send(fd, text, len + 1, MSG_NOSIGNAL);
    free(text);
    return sent == (ssize_t)(len + 1) ? OUTCOME_OK : broken(path, "the command was not taken", err);
}

static enum outcome outcome_named(const char *name)
{
    static const enum outcome outcomes[] = {OUTCOME_NOT_FOUND, OUTCOME_REFUSED, OUTCOME_CONFLICT, OUTCOME_FULL};
    for (size_t i = 0; name && i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (strcmp(name, outcome_name(outcomes[i])) == 0)
            return outcomes[i];
    return OUTCOME_BROKEN;
}

/* True when this line was the last one; *outcome says how it ended. */
static bool is_last(const json_t *line, enum outcome *outcome, struct error *err)
{
    const char *error = json_string_value(json_object_get(line, "error"));
    *outcome = OUTCOME_OK;
    if (error)
        *outcome = error_set(err, outcome_named(json_string_value(json_object_get(line, "outcome"))), "%s", error);
    return error || json_is_true(json_object_get(line, "done"));
}

static enum outcome read_lines(FILE *from, const char *path, void (*take)(void *context, const json_t *line),
                               void *context, struct error *err)
{
    char *text = NULL;
    size_t room = 0;
    enum outcome outcome = OUTCOME_OK;
    for (bool ended = false; !ended;) {
        errno = 0;
        ssize_t len = getline(&text, &room, from);
        json_t *line = len > 0 ? json_loadb(text, (size_t)len, JSON_REJECT_DUPLICATES, NULL) : NULL;
        if (!line) {
            const char *why = len > 0 ? "what came is no JSON" : errno ? strerrordesc_np(errno) : "it hung up";
            outcome = error_set(err, OUTCOME_BROKEN, "%s: the gateway's answer is not whole: %s", path, why);
            break;
        }
        ended = is_last(line, &outcome, err);
        if (!ended)
            take(context, line);
        json_decref(line);
    }
    free(text);
    return outcome;
}

enum outcome control_ask(const char *path, json_t *command, void (*take)(void *context, const json_t *line),
                         void *context, struct error *err)
{
    int fd = -1;
    enum outcome outcome = dial(path, &fd, err);
    if (outcome == OUTCOME_OK)
        outcome = send_command(fd, path, command, err);
    json_decref(command);
    FILE *from = outcome == OUTCOME_OK ? fdopen(fd, "r") : NULL;
    if (outcome == OUTCOME_OK && !from)
        outcome = broken(path, "cannot be read", err);
    if (outcome == OUTCOME_OK)
        outcome = read_lines(from, path, take, context, err);
    if (from)
        fclose(from);
    else if (fd >= 0)
        close(fd);
    return outcome;
}
