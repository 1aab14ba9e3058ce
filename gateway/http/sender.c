#include "http/sender.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/transfer.h"

enum { POLL_MS = 1000 };

struct sender {
    struct sender_config config;
    CURLM *multi;
    CURL **idle; /* handles without a job; the thread's own */
    size_t idle_count;
    int event_fd;
    pthread_t thread;

    pthread_mutex_t lock; /* for everything below, and for `finished` and `issued` of every transfer */
    pthread_cond_t nothing_under_way;
    struct transfer *waiting;
    struct transfer **under_way; /* max_in_flight places, the first under_way_count taken */
    struct finished *finished;
    size_t waiting_count, under_way_count, finished_count;
    bool stopping, abandoned;
};

static void push_finished(struct sender *sender, struct transfer *transfer)
{
    DL_APPEND(sender->finished, transfer->finished);
    transfer->finished = NULL;
    sender->finished_count++;
    eventfd_write(sender->event_fd, 1);
}

/* libcurl asks right before the request leaves. From here on nobody can prove that it did not. */
// NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type
static int may_issue(void *context, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    struct transfer *transfer = context;
    struct sender *sender = transfer->sender;
    pthread_mutex_lock(&sender->lock);
    bool wanted = transfer->finished != NULL;
    transfer->issued |= wanted;
    pthread_mutex_unlock(&sender->lock);
    return wanted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static CURL *take_handle(struct sender *sender)
{
    if (sender->idle_count == 0)
        return curl_easy_init();
    CURL *easy = sender->idle[--sender->idle_count];
    curl_easy_reset(easy);
    return easy;
}

static void put_handle(struct sender *sender, CURL *easy)
{
    if (sender->idle_count < sender->config.max_in_flight)
        sender->idle[sender->idle_count++] = easy;
    else
        curl_easy_cleanup(easy);
}

static void take_place(struct sender *sender, struct transfer *transfer)
{
    transfer->place = sender->under_way_count++;
    sender->under_way[transfer->place] = transfer;
}

static void leave_place(struct sender *sender, const struct transfer *transfer)
{
    struct transfer *last = sender->under_way[--sender->under_way_count];
    sender->under_way[transfer->place] = last;
    last->place = transfer->place;
}

/* Takes a transfer from those under way and reports it, unless a stop has done that already. */
static void finish(struct sender *sender, struct transfer *transfer, CURLcode code)
{
    pthread_mutex_lock(&sender->lock);
    leave_place(sender, transfer);
    if (transfer->finished) {
        if (transfer->easy)
            transfer_conclude(transfer, code);
        else
            transfer_give_up(transfer, curl_easy_strerror(code));
        push_finished(sender, transfer);
    }
    if (sender->under_way_count == 0)
        pthread_cond_signal(&sender->nothing_under_way);
    pthread_mutex_unlock(&sender->lock);
    transfer_free(transfer);
}

static void start(struct sender *sender, struct transfer *transfer)
{
    CURL *easy = take_handle(sender);
    if (easy && transfer_set_up(transfer, easy, &sender->config, may_issue) &&
        curl_multi_add_handle(sender->multi, easy) == CURLM_OK)
        return;
    finish(sender, transfer, CURLE_OUT_OF_MEMORY);
    if (easy)
        put_handle(sender, easy);
}

/* libcurl's timeout counts from the moment that it gets a transfer: it gets no more than it can run. */
static struct transfer *next_to_start(struct sender *sender)
{
    pthread_mutex_lock(&sender->lock);
    struct transfer *transfer = sender->stopping ? NULL : sender->waiting;
    if (transfer && sender->under_way_count < sender->config.max_in_flight) {
        DL_DELETE(sender->waiting, transfer);
        sender->waiting_count--;
        take_place(sender, transfer);
    } else {
        transfer = NULL;
    }
    pthread_mutex_unlock(&sender->lock);
    return transfer;
}

static bool reap(struct sender *sender)
{
    int left;
    bool any = false;
    CURLMsg *message;
    while ((message = curl_multi_info_read(sender->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        struct transfer *transfer = NULL;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
        curl_multi_remove_handle(sender->multi, easy);
        finish(sender, transfer, code);
        put_handle(sender, easy);
        any = true;
    }
    return any;
}

static void drop_under_way(struct sender *sender)
{
    while (sender->under_way_count > 0) {
        struct transfer *transfer = sender->under_way[0];
        CURL *easy = transfer->easy;
        curl_multi_remove_handle(sender->multi, easy);
        finish(sender, transfer, CURLE_ABORTED_BY_CALLBACK);
        put_handle(sender, easy);
    }
}

static bool is_abandoned(struct sender *sender)
{
    pthread_mutex_lock(&sender->lock);
    bool abandoned = sender->abandoned;
    pthread_mutex_unlock(&sender->lock);
    return abandoned;
}

static void *run(void *context)
{
    struct sender *sender = context;
    while (!is_abandoned(sender)) {
        struct transfer *transfer;
        int running;
        while ((transfer = next_to_start(sender)))
            start(sender, transfer);
        curl_multi_perform(sender->multi, &running);
        if (reap(sender))
            continue; /* there is room for the next ones now */
        curl_multi_poll(sender->multi, NULL, 0, POLL_MS, NULL);
    }
    drop_under_way(sender);
    return NULL;
}

/* Signals are the loop's: its signalfd only sees those that no thread lets in. */
static int start_thread(struct sender *sender)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&sender->thread, NULL, run, sender);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void init_lock(struct sender *sender)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&sender->nothing_under_way, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&sender->lock, NULL);
}

static void free_sender(struct sender *sender)
{
    while (sender->idle_count > 0)
        curl_easy_cleanup(sender->idle[--sender->idle_count]);
    curl_multi_cleanup(sender->multi);
    curl_global_cleanup();
    if (sender->event_fd >= 0)
        close(sender->event_fd);
    pthread_cond_destroy(&sender->nothing_under_way);
    pthread_mutex_destroy(&sender->lock);
    free(sender->idle);
    free(sender->under_way);
    free(sender);
}

enum outcome sender_open(const struct sender_config *config, struct sender **out, struct error *err)
{
    *out = NULL;
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(sender);
        return error_set(err, OUTCOME_BROKEN, "the sender cannot start: no memory");
    }
    sender->config = *config;
    init_lock(sender);
    sender->idle = calloc(config->max_in_flight, sizeof(CURL *));
    sender->under_way = calloc(config->max_in_flight, sizeof(struct transfer *));
    sender->multi = curl_multi_init();
    sender->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!sender->idle || !sender->under_way || !sender->multi || sender->event_fd < 0 ||
        curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS, (long)config->max_in_flight) != CURLM_OK ||
        start_thread(sender) != 0) {
        free_sender(sender);
        return error_set(err, OUTCOME_BROKEN, "the sender cannot start: no memory, descriptor or thread left");
    }
    *out = sender;
    return OUTCOME_OK;
}

/* Outcomes that nobody took count as well: each job becomes one, so that both queues are bounded by one number. */
static bool has_room(const struct sender *sender)
{
    return !sender->stopping && sender->waiting_count < sender->config.queue_max &&
           sender->waiting_count + sender->finished_count <= 2 * sender->config.queue_max;
}

enum outcome sender_submit(struct sender *sender, const struct send_job *job)
{
    struct transfer *transfer;
    struct error err;
    enum outcome outcome = transfer_make(job, &transfer, &err);
    if (outcome != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "send", "job_refused", "job=%lld why=\"%s\"", (long long)job->id, err.text);
        return outcome;
    }
    transfer->sender = sender;
    pthread_mutex_lock(&sender->lock);
    bool room = has_room(sender);
    if (room) {
        DL_APPEND(sender->waiting, transfer);
        sender->waiting_count++;
    }
    pthread_mutex_unlock(&sender->lock);
    if (!room) {
        transfer_free(transfer);
        return OUTCOME_FULL;
    }
    curl_multi_wakeup(sender->multi);
    return OUTCOME_OK;
}

int sender_poll_fd(const struct sender *sender)
{
    return sender->event_fd;
}

bool sender_take(struct sender *sender, struct send_outcome **out)
{
    eventfd_t ignored;
    pthread_mutex_lock(&sender->lock);
    struct finished *finished = sender->finished;
    if (finished) {
        DL_DELETE(sender->finished, finished);
        sender->finished_count--;
    } else {
        eventfd_read(sender->event_fd, &ignored);
    }
    pthread_mutex_unlock(&sender->lock);
    *out = finished ? &finished->outcome : NULL;
    return finished != NULL;
}

void sender_release(struct sender *sender, struct send_outcome *outcome)
{
    (void)sender;
    finished_free((struct finished *)(void *)outcome);
}

static void give_up_waiting(struct sender *sender)
{
    while (sender->waiting) {
        struct transfer *transfer = sender->waiting;
        DL_DELETE(sender->waiting, transfer);
        sender->waiting_count--;
        transfer_give_up(transfer, "the gateway stopped before it was sent");
        push_finished(sender, transfer);
        transfer_free(transfer);
    }
}

/* The thread may hang in a name look-up: their outcomes are reported over its head. */
static void give_up_under_way(struct sender *sender)
{
    for (size_t i = 0; i < sender->under_way_count; i++) {
        if (!sender->under_way[i]->finished)
            continue;
        transfer_give_up(sender->under_way[i], "the gateway stopped while it was under way");
        push_finished(sender, sender->under_way[i]);
    }
}

static struct timespec deadline_in(unsigned wait_ms)
{
    int64_t at_ms = clock_monotonic_ms() + wait_ms;
    return (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = (long)(at_ms % 1000) * 1000000};
}

void sender_stop(struct sender *sender, unsigned wait_ms)
{
    struct timespec deadline = deadline_in(wait_ms);
    pthread_mutex_lock(&sender->lock);
    sender->stopping = true;
    give_up_waiting(sender);
    while (sender->under_way_count > 0 &&
           pthread_cond_timedwait(&sender->nothing_under_way, &sender->lock, &deadline) == 0)
        ;
    give_up_under_way(sender);
    sender->abandoned = true;
    pthread_mutex_unlock(&sender->lock);
    curl_multi_wakeup(sender->multi);
}

void sender_close(struct sender *sender)
{
    if (!sender)
        return;
    sender_stop(sender, 0);
    pthread_join(sender->thread, NULL);
    struct send_outcome *outcome;
    while (sender_take(sender, &outcome))
        sender_release(sender, outcome);
    free_sender(sender);
}
