#include "core/reload.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "base/log.h"

struct reload {
    const char *config_path;
    const char *const *overrides;
    size_t override_count;
    int event;
    bool running; /* the loop's: a worker was started and not yet joined */
    pthread_t worker;
    struct catalogue *fresh; /* the worker's, until it is joined */
    struct error error;
};

struct reload *reload_create(const char *config_path, const char *const *overrides, size_t override_count,
                             struct error *err)
{
    struct reload *reload = calloc(1, sizeof *reload);
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!reload || event < 0) {
        free(reload);
        error_set(err, OUTCOME_BROKEN, "no event descriptor for reloads");
        return NULL;
    }
    *reload = (struct reload){
        .config_path = config_path, .overrides = overrides, .override_count = override_count, .event = event};
    return reload;
}

static struct catalogue *join(struct reload *reload)
{
    pthread_join(reload->worker, NULL);
    reload->running = false;
    struct catalogue *fresh = reload->fresh;
    reload->fresh = NULL;
    return fresh;
}

void reload_free(struct reload *reload)
{
    if (!reload)
        return;
    if (reload->running)
        catalogue_free(join(reload));
    close(reload->event);
    free(reload);
}

int reload_poll_fd(const struct reload *reload)
{
    return reload->event;
}

static void *work(void *context)
{
    struct reload *reload = context;
    struct arena *arena = arena_create(64 * 1024);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    problems_init(problems, arena);
    if (catalogue_load(reload->config_path, reload->overrides, reload->override_count, &reload->fresh, problems,
                       &reload->error) != OUTCOME_OK) {
        reload->fresh = NULL;
        for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
            log_event(LOG_LEVEL_ERROR, "reload", "finding", "%s", problems->lines[i]);
    }
    arena_destroy(arena);
    (void)!write(reload->event, &(uint64_t){1}, sizeof(uint64_t));
    return NULL;
}

bool reload_start(struct reload *reload)
{
    if (reload->running)
        return false;
    reload->running = pthread_create(&reload->worker, NULL, work, reload) == 0;
    return reload->running;
}

struct catalogue *reload_take(struct reload *reload, struct error *why)
{
    uint64_t count;
    if (read(reload->event, &count, sizeof count) < 0 || !reload->running)
        return NULL;
    struct catalogue *fresh = join(reload);
    *why = reload->error;
    return fresh;
}
