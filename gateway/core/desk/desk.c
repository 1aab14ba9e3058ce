/* The place where actions wait: the console's threads on one side, the loop on the other. */
#include "core/desk.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "core/desk/desk_queue.h"

#define TICKET_BYTES 4096

struct desk {
    pthread_mutex_t lock;
    pthread_cond_t answered; /* of any of them: few threads wait */
    struct ticket *first, *last;
    size_t count;
    bool is_stopped;
    int event;
    atomic_uint_least64_t changes;
    desk_let_in *tell_let_in; /* or NULL */
    void *let_in_context;
};

enum outcome desk_create(struct desk **out, struct error *err)
{
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        abort();
    if (event < 0) {
        free(desk);
        return error_set(err, OUTCOME_BROKEN, "no event descriptor for the desk: %s", strerror(errno));
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&desk->answered, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&desk->lock, NULL);
    desk->event = event;
    *out = desk;
    return OUTCOME_OK;
}

void desk_free(struct desk *desk)
{
    if (!desk)
        return;
    desk_stop(desk);
    pthread_mutex_destroy(&desk->lock);
    pthread_cond_destroy(&desk->answered);
    close(desk->event);
    free(desk);
}

int desk_poll_fd(const struct desk *desk)
{
    return desk->event;
}

static void wake_loop(const struct desk *desk)
{
    (void)!write(desk->event, &(uint64_t){1}, sizeof(uint64_t));
}

/* ---- tickets ---- */

static const struct operator *copy_user(struct arena *arena, const struct operator *user)
{
    if (!user)
        return NULL;
    struct operator *copy = ARENA_NEW(arena, struct operator);
    *copy = *user;
    struct span *const spans[] = {&copy->name,     &copy->shown, &copy->topics,   &copy->languages,
                                  &copy->password, &copy->totp,  &copy->recovery, &copy->lang};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        *spans[i] = arena_copy(arena, *spans[i]);
    return copy;
}

static const struct answer *copy_answers(struct arena *arena, const struct answer *answers, size_t count)
{
    struct answer *copies = ARENA_ARRAY(arena, struct answer, count);
    for (size_t i = 0; i < count; i++)
        copies[i] = (struct answer){arena_copy(arena, answers[i].field), arena_copy(arena, answers[i].value), false};
    return copies;
}

static const struct desk_new_request *copy_made(struct arena *arena, const struct desk_new_request *made)
{
    if (!made)
        return NULL;
    struct desk_new_request *copy = ARENA_NEW(arena, struct desk_new_request);
    *copy = *made;
    struct span *const spans[] = {&copy->number, &copy->service, &copy->kind, &copy->topic,
                                  &copy->lang,   &copy->desk,    &copy->note};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        *spans[i] = arena_copy(arena, *spans[i]);
    copy->answers = copy_answers(arena, made->answers, made->answer_count);
    return copy;
}

static struct ticket *ticket_create(const struct desk_action *action)
{
    struct arena *arena = arena_create_secret(TICKET_BYTES);
    struct ticket *ticket = ARENA_NEW(arena, struct ticket);
    ticket->arena = arena;
    ticket->action = *action;
    struct span *const spans[] = {&ticket->action.peer, &ticket->action.text, &ticket->action.name,
                                  &ticket->action.agent};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        *spans[i] = arena_copy(arena, *spans[i]);
    ticket->action.user = copy_user(arena, action->user);
    ticket->action.made = copy_made(arena, action->made);
    return ticket;
}

static void ticket_free(struct ticket *ticket)
{
    arena_destroy(ticket->arena);
}

static enum outcome hand_in(struct desk *desk, struct ticket *ticket, struct error *err)
{
    if (desk->is_stopped)
        return error_set(err, OUTCOME_BROKEN, "the gateway stops");
    if (desk->count >= DESK_QUEUE_MAX)
        return error_set(err, OUTCOME_FULL, "%d actions wait already", DESK_QUEUE_MAX);
    if (desk->last)
        desk->last->next = ticket;
    else
        desk->first = ticket;
    desk->last = ticket;
    desk->count++;
    return OUTCOME_OK;
}

static void take_out(struct desk *desk, const struct ticket *ticket)
{
    struct ticket **link = &desk->first, *before = NULL;
    while (*link != ticket) {
        before = *link;
        link = &before->next;
    }
    *link = ticket->next;
    if (desk->last == ticket)
        desk->last = before;
    desk->count--;
}

/* Until it is answered, or long enough. False: the thread goes without an answer, and the ticket is no longer its own. */
static bool wait_for_answer(struct desk *desk, struct ticket *ticket)
{
    const int64_t until_ms = clock_monotonic_ms() + DESK_WAIT_MS;
    const struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    int rc = 0;
    while (!ticket->is_answered && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&desk->answered, &desk->lock, &until);
    if (ticket->is_answered)
        return true;
    if (ticket->is_taken) {
        ticket->is_left = true;
        return false;
    }
    take_out(desk, ticket);
    error_set(&ticket->result.error, OUTCOME_BROKEN, "the loop did not come to it in time: it was not carried out");
    ticket->result.outcome = OUTCOME_BROKEN;
    ticket->result.why = "why_no_answer";
    return true;
}

enum outcome desk_do(struct desk *desk, const struct desk_action *action, struct arena *arena,
                     struct desk_result *result)
{
    struct ticket *ticket = ticket_create(action);
    memset(result, 0, sizeof *result);
    pthread_mutex_lock(&desk->lock);
    result->outcome = hand_in(desk, ticket, &result->error);
    if (result->outcome != OUTCOME_OK) {
        pthread_mutex_unlock(&desk->lock);
        ticket_free(ticket);
        result->why = result->outcome == OUTCOME_FULL ? "why_full" : "why_stopping";
        return result->outcome;
    }
    wake_loop(desk);
    bool is_ours = wait_for_answer(desk, ticket);
    pthread_mutex_unlock(&desk->lock);
    if (!is_ours) {
        result->why = "why_no_answer";
        return result->outcome =
                   error_set(&result->error, OUTCOME_BROKEN, "no answer in time: it may have been carried out");
    }
    *result = ticket->result;
    result->text = arena_copy(arena, result->text);
    ticket_free(ticket);
    return result->outcome;
}

/* ---- the loop's side ---- */

size_t desk_take(struct desk *desk, struct ticket **tickets, size_t most)
{
    uint64_t drained;
    size_t count = 0;
    pthread_mutex_lock(&desk->lock);
    (void)!read(desk->event, &drained, sizeof drained);
    while (desk->first && count < most) {
        struct ticket *ticket = desk->first;
        take_out(desk, ticket);
        ticket->next = NULL;
        ticket->is_taken = true;
        tickets[count++] = ticket;
    }
    if (desk->first)
        wake_loop(desk);
    pthread_mutex_unlock(&desk->lock);
    return count;
}

void desk_answer(struct desk *desk, struct ticket *ticket, const struct desk_result *result)
{
    ticket->result = *result;
    ticket->result.text = arena_copy(ticket->arena, result->text);
    pthread_mutex_lock(&desk->lock);
    bool is_left = ticket->is_left;
    ticket->is_answered = true;
    if (!is_left)
        pthread_cond_broadcast(&desk->answered);
    pthread_mutex_unlock(&desk->lock);
    if (is_left)
        ticket_free(ticket);
}

static void answer_all_broken(struct desk *desk, const char *why, const char *text)
{
    struct ticket *tickets[DESK_ACTIONS_A_TICK];
    size_t count;
    while ((count = desk_take(desk, tickets, DESK_ACTIONS_A_TICK)) > 0)
        for (size_t i = 0; i < count; i++) {
            struct desk_result result = {.why = why};
            result.outcome = error_set(&result.error, OUTCOME_BROKEN, "%s", text);
            desk_answer(desk, tickets[i], &result);
        }
}

void desk_turn_away(struct desk *desk)
{
    answer_all_broken(desk, "why_not_kept", "nothing can be kept now: the data file cannot be opened");
}

void desk_stop(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->is_stopped = true;
    pthread_mutex_unlock(&desk->lock);
    answer_all_broken(desk, "why_stopping", "the gateway stops");
}

bool desk_is_stopping(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    bool is_stopped = desk->is_stopped;
    pthread_mutex_unlock(&desk->lock);
    return is_stopped;
}

size_t desk_waiting(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    size_t count = desk->count;
    pthread_mutex_unlock(&desk->lock);
    return count;
}

/* ---- let in again ---- */

void desk_tell_let_in(struct desk *desk, desk_let_in *tell, void *context)
{
    pthread_mutex_lock(&desk->lock);
    desk->tell_let_in = tell;
    desk->let_in_context = context;
    pthread_mutex_unlock(&desk->lock);
}

static bool lets_in(const struct desk_action *action)
{
    return action->verb == DESK_USER_RESET || (action->verb == DESK_USER_DISABLE && action->flag);
}

void desk_done(struct desk *desk, const struct desk_action *action, const struct desk_result *result)
{
    if (result->outcome != OUTCOME_OK || !lets_in(action))
        return;
    pthread_mutex_lock(&desk->lock);
    if (desk->tell_let_in)
        desk->tell_let_in(desk->let_in_context, action->object);
    pthread_mutex_unlock(&desk->lock);
}

/* ---- what the desk shows has changed ---- */

static bool is_shown(enum change_kind kind)
{
    switch (kind) {
    case CHANGE_REQUEST:
    case CHANGE_REQUEST_STATE:
    case CHANGE_REQUEST_DESK:
    case CHANGE_REQUEST_ATTENTION:
    case CHANGE_REQUEST_BY_HAND:
    case CHANGE_NOTE:
    case CHANGE_ATTEMPT:
    case CHANGE_REFERRAL:
    case CHANGE_FORGET:
    case CHANGE_OUTBOX_DEALT:
    case CHANGE_OUTBOX_STATE:
        return true;
    default:
        return false;
    }
}

void desk_committed(struct desk *desk, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_shown(changes[i].kind)) {
            atomic_fetch_add_explicit(&desk->changes, 1, memory_order_relaxed);
            return;
        }
}

uint64_t desk_changes(const struct desk *desk)
{
    return atomic_load_explicit(&desk->changes, memory_order_relaxed);
}
