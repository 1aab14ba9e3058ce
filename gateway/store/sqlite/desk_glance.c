#include "store/sqlite/desk_glance.h"

void glances_begin(struct glances *glances, struct reader *reader, enum glances_of of)
{
    const bool is_done = of == GLANCES_DONE;
    *glances = (struct glances){.reader = reader,
                                .of = of,
                                .urgency = URGENCY_DANGER,
                                .after_at = is_done ? INT64_MAX : 0,
                                .after_id = is_done ? INT64_MAX : 0};
}

void glances_start_after(struct glances *glances, enum request_urgency urgency, int64_t at, int64_t id)
{
    glances->urgency = urgency;
    glances->is_undue = glances->of != GLANCES_DONE && at == 0;
    glances->after_at = at;
    glances->after_id = id;
}

void glances_start_after_marked(struct glances *glances, int64_t id)
{
    glances->is_marked = true;
    glances->after_id = id;
}

static enum desk_sql statement(const struct glances *glances)
{
    if (glances->of == GLANCES_DONE)
        return DESK_GLANCE_DONE;
    if (glances->is_marked)
        return DESK_GLANCE_MARKED;
    return glances->is_undue ? DESK_GLANCE_UNDUE : DESK_GLANCE_DUE;
}

static void start(struct glances *glances)
{
    glances->sql = desk_sql(glances->reader, statement(glances));
    put_int(&glances->sql, glances->urgency);
    put_int(&glances->sql, glances->after_at);
    put_int(&glances->sql, glances->after_id);
    glances->is_open = true;
}

static bool stop(struct glances *glances)
{
    glances->is_open = false;
    glances->outcome = sql_end(&glances->sql, &glances->why);
    return glances->outcome == OUTCOME_OK;
}

void glances_begin_again(struct glances *glances)
{
    if (glances->is_open)
        stop(glances);
    if (glances->outcome == OUTCOME_OK)
        glances_begin(glances, glances->reader, glances->of);
}

/* What comes behind the last one of an urgency; false: nothing. */
static bool go_on(struct glances *glances)
{
    const bool was_last = glances->is_undue && glances->urgency == URGENCY_NORMAL;
    if (glances->of == GLANCES_DONE || glances->is_marked || (was_last && glances->of == GLANCES_OPEN))
        return false;
    glances->after_at = 0;
    glances->after_id = 0;
    glances->is_marked = was_last;
    if (glances->is_undue && !was_last)
        glances->urgency--;
    glances->is_undue = !glances->is_undue;
    return true;
}

static void take_glance(struct glances *glances, struct glance *glance)
{
    const struct words *words = glances->reader->source.words;
    struct sql *sql = &glances->sql;
    glance->id = take_int(sql);
    glance->urgency = (enum request_urgency)take_int(sql);
    glance->due_at = take_int(sql);
    glance->changed_at = take_int(sql);
    glance->topic = words_text(words, take_int(sql));
    glance->desk = words_text(words, take_int(sql));
    glance->lang = words_text(words, take_int(sql));
    glance->attention = (enum request_attention)take_int(sql);
    glance->assignee = take_int(sql);
    glance->wait_until = take_int(sql);
    glance->news_at = take_int(sql);
    glance->is_over = glances->of == GLANCES_DONE || glances->is_marked;
}

bool glances_next(struct glances *glances, struct glance *glance)
{
    while (glances->outcome == OUTCOME_OK) {
        if (!glances->is_open)
            start(glances);
        if (sql_next(&glances->sql)) {
            take_glance(glances, glance);
            return true;
        }
        if (!stop(glances) || !go_on(glances))
            return false;
    }
    return false;
}

enum outcome glances_end(struct glances *glances, enum outcome outcome, struct error *err)
{
    if (glances->is_open)
        stop(glances);
    if (outcome == OUTCOME_OK && glances->outcome != OUTCOME_OK)
        return error_set(err, glances->outcome, "%s", glances->why.text);
    return outcome;
}
