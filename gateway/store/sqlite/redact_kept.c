/* Words that go for good, besides turns: the answer that they became, and texts that repeat them. */
#include "store/sqlite/redact.h"

#include "base/random.h"

#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"
#include "text/mask.h"

/* ---- answers ---- */

static bool is_the_answer(const struct redacting *redacting, const struct answer *answer)
{
    const struct change *change = redacting->change;
    if (!span_equal(answer->value, redacting->words))
        return false;
    for (size_t i = 0; i < change->redacted.field_count; i++)
        if (span_equal(answer->field, change->redacted.fields[i]))
            return true;
    return change->redacted.field_count == 0;
}

static struct sql answers_of(const struct redacting *redacting, int64_t entry)
{
    const bool by_field = redacting->change->redacted.field_count > 0;
    struct sql sql = sql_start(redacting->store, by_field ? SQL_ANSWERS_OF_ENTRY : SQL_REDACT_ANSWERS);
    put_int(&sql, entry);
    if (!by_field)
        put_int(&sql, redacting->at);
    return sql;
}

/* The next one: those before are empty already. */
static enum outcome find_answer(const struct redacting *redacting, int64_t entry, struct answer *found, bool *any,
                                struct error *err)
{
    struct store *store = redacting->store;
    struct error ignored;
    struct sql sql = answers_of(redacting, entry);
    *any = false;
    while (!*any && sql_next(&sql))
        *any = take_answer(&store->source, &sql, store->scratch, found, &ignored) == OUTCOME_OK &&
               is_the_answer(redacting, found);
    return sql_end(&sql, err);
}

static enum outcome redact_entry(const struct redacting *redacting, int64_t entry, struct error *err)
{
    struct answer answer;
    bool any = true;
    enum outcome outcome = OUTCOME_OK;
    while (any && outcome == OUTCOME_OK) {
        outcome = find_answer(redacting, entry, &answer, &any, err);
        if (outcome != OUTCOME_OK || !any)
            break;
        answer.value = SPAN("");
        const struct change change = {.kind = CHANGE_ANSWER,
                                      .answer = {.entry = entry,
                                                 .person = answer.sensitive ? redacting->person : 0,
                                                 .at = redacting->row->at,
                                                 .row = &answer}};
        outcome = change_answer(redacting->store, &change, err);
    }
    return outcome;
}

enum outcome redact_answers(const struct redacting *redacting, struct error *err)
{
    struct id_list entries = {.count = 0};
    struct id_source ids = {0};
    if (!redacting->change->redacted.is_answer)
        return OUTCOME_OK;
    struct sql sql = sql_start(redacting->store, SQL_REDACT_ENTRIES);
    put_int(&sql, redacting->person);
    put_int(&sql, redacting->row->session);
    put_int(&sql, id_next(&ids, redacting->session.last_at + 1));
    put_int(&sql, redacting->session.state.entry);
    enum outcome outcome = ids_take(redacting->store, &sql, &entries, err);
    for (size_t i = 0; i < entries.count && outcome == OUTCOME_OK; i++)
        outcome = redact_entry(redacting, entries.at[i], err);
    return outcome;
}

/* ---- texts ---- */

struct masked_text {
    int64_t id;
    struct span text;
};

static enum outcome find_texts(const struct redacting *redacting, struct masked_text *found, size_t *count,
                               struct error *err)
{
    struct store *store = redacting->store;
    struct error ignored;
    struct outbox_row text;
    struct sql sql = sql_start(store, SQL_REDACT_TEXTS);
    put_id(&sql, redacting->session.phone);
    put_int(&sql, redacting->row->session);
    put_int(&sql, redacting->person);
    put_int(&sql, REDACTED_MOST);
    while (sql_next(&sql))
        if (take_outbox(&store->source, &sql, store->scratch, &text, &ignored) == OUTCOME_OK &&
            (text.request || redact_is_session(redacting, text.session)) &&
            mask_words(text.text, redacting->words, store->scratch, &found[*count].text))
            found[(*count)++].id = text.id;
    return sql_end(&sql, err);
}

/* One that still waits leaves with stars in it: it is no longer than it was. */
enum outcome redact_texts(const struct redacting *redacting, struct error *err)
{
    struct store *store = redacting->store;
    struct masked_text *found = ARENA_ARRAY(store->scratch, struct masked_text, REDACTED_MOST);
    size_t count = 0;
    enum outcome outcome = find_texts(redacting, found, &count, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, SQL_REDACT_TEXT);
        put_int(&sql, found[i].id);
        put_blob(&sql, keyring_seal(store->source.keyring, found[i].id, found[i].text, store->scratch));
        outcome = sql_run_one(&sql, OUTCOME_REFUSED, "a text that is not there", err);
    }
    return outcome;
}
