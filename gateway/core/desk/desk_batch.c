/* Some actions in one transaction, and each apart when they do not hold together. */
#include <string.h>
#include "base/log.h"
#include "core/desk/desk_deed.h"
#include "core/desk/desk_queue.h"
#include "core/desk/desk_verbs.h"
#include "core/identity.h"

static enum outcome save(struct deed *deed, const struct change_list *changes, struct error *err)
{
    size_t failed_at;
    if (!changes->count)
        return OUTCOME_OK;
    return store_save(deed->pass->store, changes->at, changes->count, &failed_at, err);
}

/* What the store did not take: the operator is told, in what words depends on why. */
static enum outcome not_saved(struct deed *deed, enum outcome outcome)
{
    struct desk_result *result = deed->result;
    result->text = SPAN_NONE;
    result->outcome = outcome;
    if (outcome == OUTCOME_CONFLICT)
        result->why = "why_changed";
    else
        result->why = outcome == OUTCOME_REFUSED ? "why_refused" : "why_not_kept";
    if (outcome == OUTCOME_REFUSED)
        log_event(LOG_LEVEL_ERROR, "desk", "change_refused", "verb=%d what=\"%s\"", (int)deed->action->verb,
                  result->error.text);
    return outcome;
}

enum outcome desk_act(const struct desk_pass *pass, const struct desk_action *action, struct desk_result *result)
{
    struct deed deed = deed_begin(pass, action, result);
    enum outcome outcome = deed_do(&deed);
    if (outcome == OUTCOME_BROKEN)
        return outcome;
    struct error err;
    enum outcome saved = save(&deed, &deed.changes, &err);
    if (saved == OUTCOME_OK)
        return outcome;
    result->error = err;
    return not_saved(&deed, saved);
}

/* ---- a batch ---- */

struct round {
    const struct desk_pass *pass;
    struct ticket **tickets;
    struct desk_result *results;
    size_t count;
    struct change_list changes;
};

static bool shares_key(const struct desk_action *a, const struct desk_action *b)
{
    return identity_is_given(&a->key) && memcmp(&a->key, &b->key, sizeof a->key) == 0;
}

static bool is_in(int64_t id, const int64_t *ids, size_t count)
{
    for (size_t i = 0; id && i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Whether the last administrator would go is asked of all accounts. */
static bool is_about_accounts(const struct desk_action *action)
{
    return (unsigned)action->verb < DESK_VERB_COUNT && desk_verb_row(action->verb)->right == RIGHT_USERS;
}

/* Whether one may have changed what the other reads: then they go one after the other, each seeing what the one before left. Signing
 * in and one's own account change the operator's row, which every action of theirs reads. */
static bool meet(const struct desk_action *a, const struct desk_action *b)
{
    const int64_t of_a[] = {a->object, a->to, a->sign_in, a->operator}, of_b[] = {b->object, b->to, b->sign_in};
    for (size_t i = 0; i < sizeof of_b / sizeof *of_b; i++)
        if (is_in(of_b[i], of_a, sizeof of_a / sizeof *of_a))
            return true;
    return is_in(b->operator, of_a, 3) || shares_key(a, b) || (is_about_accounts(a) && is_about_accounts(b));
}

static bool fits(const struct round *round, const struct desk_action *action)
{
    for (size_t i = 0; i < round->count; i++)
        if (meet(&round->tickets[i]->action, action))
            return false;
    return true;
}

static void answer_round(struct desk *desk, const struct round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        desk_done(desk, &round->tickets[i]->action, &round->results[i]);
        desk_answer(desk, round->tickets[i], &round->results[i]);
    }
}

/* Carries out as many as do not meet. BROKEN: the store cannot be read. */
static enum outcome carry_out(struct round *round, size_t most, struct error *err)
{
    while (round->count < most && fits(round, &round->tickets[round->count]->action)) {
        struct desk_result *result = &round->results[round->count];
        struct deed deed = deed_begin(round->pass, &round->tickets[round->count]->action, result);
        round->count++;
        if (deed_do(&deed) == OUTCOME_BROKEN) {
            *err = result->error;
            return OUTCOME_BROKEN;
        }
        change_list_append(&round->changes, &deed.changes);
    }
    return OUTCOME_OK;
}

static enum outcome act_apart(struct round *round, struct error *err)
{
    enum outcome worst = OUTCOME_OK;
    for (size_t i = 0; i < round->count; i++) {
        if (worst == OUTCOME_OK) {
            if (desk_act(round->pass, &round->tickets[i]->action, &round->results[i]) != OUTCOME_BROKEN)
                continue;
            *err = round->results[i].error;
            worst = OUTCOME_BROKEN;
        }
        round->results[i] = (struct desk_result){.outcome = worst, .error = *err, .why = "why_not_kept"};
    }
    return worst;
}

static enum outcome run_round(struct desk *desk, struct round *round, size_t most, struct error *err)
{
    size_t failed_at;
    enum outcome outcome = carry_out(round, most, err);
    if (outcome == OUTCOME_OK && round->changes.count)
        outcome = store_save(round->pass->store, round->changes.at, round->changes.count, &failed_at, err);
    if (outcome == OUTCOME_OK)
        desk_committed(desk, round->changes.at, round->changes.count);
    else if (outcome != OUTCOME_BROKEN) {
        outcome = act_apart(round, err);
        desk_committed(desk, round->changes.at, round->changes.count);
    } else {
        for (size_t i = 0; i < round->count; i++)
            round->results[i] = (struct desk_result){.outcome = outcome, .error = *err, .why = "why_not_kept"};
    }
    answer_round(desk, round);
    return outcome;
}

enum outcome desk_run(struct desk *desk, const struct desk_pass *pass, struct error *err)
{
    struct ticket *tickets[DESK_ACTIONS_A_TICK];
    size_t count = desk_take(desk, tickets, DESK_ACTIONS_A_TICK), done = 0;
    struct desk_result *results = ARENA_ARRAY(pass->arena, struct desk_result, count ? count : 1);
    enum outcome outcome = OUTCOME_OK;
    while (done < count && outcome == OUTCOME_OK) {
        struct round round = {
            .pass = pass, .tickets = tickets + done, .results = results + done, .changes = {.arena = pass->arena}};
        outcome = run_round(desk, &round, count - done, err);
        done += round.count;
    }
    for (; done < count; done++) {
        results[done] = (struct desk_result){.outcome = outcome, .error = *err, .why = "why_not_kept"};
        desk_answer(desk, tickets[done], &results[done]);
    }
    return outcome;
}
