/* One request, with all that was said, done and seen of it. */
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

#define AUDIT_LOOKED 1000 /* lines about one request: the newest */
#define OPENINGS_SHOWN 100
#define TEXTS_SHOWN 100
#define OTHERS_SHOWN 20

struct reading_request {
    struct reader *reader;
    struct arena *arena;
    const struct operator *operator;
    const struct area_fields *areas;
    struct request_view *view;
    /* What the audit says of it, newest first. */
    struct opening *lines;
    size_t line_count;
};

static enum outcome read_audit(struct reading_request *to, struct error *err)
{
    struct sql sql = desk_sql(to->reader, DESK_REQUEST_AUDIT);
    to->lines = ARENA_ARRAY(to->arena, struct opening, AUDIT_LOOKED);
    put_int(&sql, to->view->row.request.id);
    put_int(&sql, AUDIT_LOOKED);
    while (to->line_count < AUDIT_LOOKED && sql_next(&sql)) {
        struct opening *line = &to->lines[to->line_count++];
        line->id = take_int(&sql);
        line->at = take_int(&sql);
        line->who = take_span(&sql, to->arena);
        line->action = (enum audit_action)take_int(&sql);
        line->detail = arena_copy(to->arena, words_text(to->reader->source.words, take_int(&sql)));
        line->to = take_span(&sql, to->arena);
    }
    return sql_end(&sql, err);
}

static bool is_opening(enum audit_action action)
{
    return action == AUDIT_VIEWED || action == AUDIT_REVEALED || action == AUDIT_OVERRODE;
}

static void show_openings(struct reading_request *to)
{
    struct request_view *view = to->view;
    view->openings = ARENA_ARRAY(to->arena, struct opening, OPENINGS_SHOWN);
    for (size_t i = 0; i < to->line_count && view->opening_count < OPENINGS_SHOWN; i++)
        if (is_opening(to->lines[i].action))
            view->openings[view->opening_count++] = to->lines[i];
}

static const struct opening *find_line(const struct reading_request *to, int64_t at, enum audit_action action)
{
    for (size_t i = 0; i < to->line_count; i++)
        if (to->lines[i].at == at && to->lines[i].action == action)
            return &to->lines[i];
    return NULL;
}

/* Both were written in one transaction, so they say the same time. Who called although it was not safe left a line of that alone. */
static void take_doing(const struct reading_request *to, struct request_event *event)
{
    const struct opening *line = NULL;
    if (event->by != BY_PERSON)
        line = find_line(to, event->at, event->by == BY_PROGRAM ? AUDIT_PROGRAM : AUDIT_CHANGED);
    if (line) {
        event->what = line->detail;
        event->to = line->to;
    } else if (event->by == BY_OPERATOR)
        line = find_line(to, event->at, AUDIT_OVERRODE);
    if (line)
        event->who = line->who;
}

static enum outcome read_events(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_STEPS);
    put_int(&sql, view->row.request.id);
    while (sql_next(&sql)) {
        view->events = desk_room(to->arena, view->events, view->event_count, sizeof *view->events);
        struct request_event *event = &view->events[view->event_count++];
        *event = (struct request_event){0};
        event->id = take_int(&sql);
        event->at = take_int(&sql);
        event->step = (enum request_step)take_int(&sql);
        event->by = (enum step_by)take_int(&sql);
        take_doing(to, event);
    }
    return sql_end(&sql, err);
}

static void mark_replaced(struct request_view *view)
{
    for (size_t i = 0; i < view->note_count; i++)
        for (size_t j = 0; j < view->note_count; j++)
            if (view->notes[j].note.replaces == view->notes[i].note.id)
                view->notes[i].is_replaced = true;
}

/* What is for counsellors only is there, and its words are not, for anybody else. */
static enum outcome read_notes(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct error ignored;
    const bool is_counsellor = roles_may(to->operator->roles, RIGHT_CLINICAL);
    struct sql sql = desk_sql(to->reader, DESK_NOTES);
    put_int(&sql, view->row.request.id);
    while (sql_next(&sql)) {
        view->notes = desk_room(to->arena, view->notes, view->note_count, sizeof *view->notes);
        struct shown_note *shown = &view->notes[view->note_count++];
        if (take_note(&to->reader->source, &sql, to->arena, &shown->note, &ignored) != OUTCOME_OK ||
            (shown->note.is_clinical && !is_counsellor))
            shown->note.text = SPAN_NONE;
        shown->who = take_span(&sql, to->arena);
    }
    mark_replaced(view);
    return sql_end(&sql, err);
}

static enum outcome read_attempts(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_ATTEMPTS);
    put_int(&sql, view->row.request.id);
    while (sql_next(&sql)) {
        view->attempts = desk_room(to->arena, view->attempts, view->attempt_count, sizeof *view->attempts);
        struct shown_attempt *shown = &view->attempts[view->attempt_count++];
        take_attempt(&sql, &shown->attempt);
        shown->who = take_span(&sql, to->arena);
    }
    return sql_end(&sql, err);
}

static enum outcome read_referrals(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct error ignored;
    struct sql sql = desk_sql(to->reader, DESK_REFERRALS);
    put_int(&sql, view->row.request.id);
    while (sql_next(&sql)) {
        view->referrals = desk_room(to->arena, view->referrals, view->referral_count, sizeof *view->referrals);
        struct shown_referral *shown = &view->referrals[view->referral_count++];
        if (take_referral(&to->reader->source, &sql, to->arena, &shown->referral, &ignored) != OUTCOME_OK)
            shown->referral.outcome = SPAN_NONE;
        shown->who = take_span(&sql, to->arena);
    }
    return sql_end(&sql, err);
}

/* OUTBOX_FAILED and what comes behind it did not arrive, or nobody knows. */
static int64_t failed_at(const struct outbox_view *text)
{
    return text->row.state >= OUTBOX_FAILED && !text->dealt_at ? text->row.changed_at : 0;
}

/* What the desk wrote has the line of its deed right behind it; at the same moment others may have done something, too. */
static void take_writer(const struct reading_request *to, struct outbox_view *text)
{
    const struct opening *line = NULL;
    for (size_t i = 0; text->row.unasked && i < to->line_count && to->lines[i].id > text->row.id; i++)
        if (to->lines[i].at == text->row.created_at &&
            (to->lines[i].action == AUDIT_CHANGED || to->lines[i].action == AUDIT_PROGRAM))
            line = &to->lines[i];
    if (line) {
        text->who = line->who;
        text->what = line->detail;
    }
}

static enum outcome read_texts(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    const struct request *request = &view->row.request;
    struct sql sql = desk_sql(to->reader, DESK_TEXTS);
    size_t looked = 0;
    view->texts = ARENA_ARRAY(to->arena, struct outbox_view, TEXTS_SHOWN);
    put_int(&sql, request->id);
    put_int(&sql, request->phone);
    put_id(&sql, request->session);
    put_int(&sql, TEXTS_SHOWN);
    for (; looked < TEXTS_SHOWN && sql_next(&sql); looked++) {
        struct outbox_view *text = &view->texts[view->text_count];
        desk_take_text(to->reader, &sql, to->arena, text);
        if (text->request != request->id)
            continue;
        view->text_count++;
        take_writer(to, text);
        if (failed_at(text) > view->failed_at)
            view->failed_at = failed_at(text);
    }
    if (looked == TEXTS_SHOWN)
        view->failed_at = INT64_MAX;
    return sql_end(&sql, err);
}

static enum outcome read_drafts(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct error ignored;
    struct sql sql = desk_sql(to->reader, DESK_DRAFTS);
    put_int(&sql, view->row.request.id);
    put_int(&sql, to->operator->id);
    while (sql_next(&sql)) {
        view->drafts = desk_room(to->arena, view->drafts, view->draft_count, sizeof *view->drafts);
        view->draft_count +=
            take_draft(&to->reader->source, &sql, to->arena, &view->drafts[view->draft_count], &ignored) == OUTCOME_OK;
    }
    return sql_end(&sql, err);
}

static enum outcome read_phone(struct reading_request *to, struct error *err)
{
    struct desk_phone phone;
    enum outcome outcome = desk_take_phone(to->reader, to->view->row.request.phone, to->arena, &phone, err);
    to->view->masked = phone.masked;
    to->view->phone_opted_out = phone.opted_out;
    to->view->has_number = phone.has_number;
    return outcome;
}

static enum outcome read_flags(struct reading_request *to, struct error *err)
{
    struct desk_flags flags;
    enum outcome outcome = desk_take_flags(to->reader, to->view->row.request.person, false, to->arena, &flags, err);
    to->view->flags = flags.rows;
    to->view->flag_count = flags.count;
    return outcome;
}

/* Only those that whoever looks may see. */
static enum outcome read_others(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct request_list *others = &view->others;
    enum outcome outcome = desk_take_requests(to->reader, DESK_REQUESTS_OF_PERSON, view->row.request.person,
                                              OTHERS_SHOWN + 1, to->arena, others, err);
    const size_t all = others->count;
    others->count = 0;
    for (size_t i = 0; i < all && others->count < OTHERS_SHOWN; i++) {
        const struct request *row = &others->rows[i];
        if (row->id == view->row.request.id || !desk_sees(to->operator, row->desk, row->topic))
            continue;
        others->rows[others->count] = *row;
        others->desks[others->count] = others->desks[i];
        others->origins[others->count++] = others->origins[i];
    }
    return outcome;
}

/* What they answered with another request that is open may forbid what this one allows. */
static enum outcome read_said(struct reading_request *to, struct error *err)
{
    const struct request_list *others = &to->view->others;
    struct answer_list *said = to->view->said = ARENA_ARRAY(to->arena, struct answer_list, others->count);
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < others->count && outcome == OUTCOME_OK; i++)
        if (others->rows[i].state < REQUEST_CLOSED)
            outcome = desk_take_answers(to->reader, others->rows[i].entry, to->arena, &said[i].at, &said[i].count, err);
    return outcome;
}

/* That it went into one that is not theirs to see is not told. */
static enum outcome read_merged(struct reading_request *to, struct error *err)
{
    struct request_view *view = to->view;
    struct queue_row into = {0};
    const int64_t id = view->row.desk.merged_into;
    view->row.desk.merged_into = 0;
    enum outcome outcome =
        id ? desk_take_request(to->reader, id, to->operator, to->arena, &into, err) : OUTCOME_REFUSED;
    if (outcome == OUTCOME_OK && desk_sees(to->operator, into.request.desk, into.request.topic)) {
        view->row.desk.merged_into = id;
        view->merged_reference = arena_copy(to->arena, span_of(into.request.reference));
    }
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}

static enum outcome read_person(struct reading_request *to, struct error *err)
{
    bool has_others;
    return desk_sees_person(to->reader, to->operator, to->view->row.request.person, &to->view->sees_person, &has_others,
                            err);
}

/* Its own row, if it is theirs to see. */
static enum outcome read_row(struct reading_request *to, int64_t id, struct error *err)
{
    struct queue_row *row = &to->view->row;
    enum outcome outcome = desk_take_request(to->reader, id, to->operator, to->arena, row, err);
    if (outcome == OUTCOME_REFUSED)
        return error_set(err, OUTCOME_BROKEN,
                         "request %lld in the data file does not hold together: run helpline verify", (long long)id);
    if (outcome == OUTCOME_OK && !desk_sees(to->operator, row->request.desk, row->request.topic))
        outcome = error_set(err, OUTCOME_NOT_FOUND, "there is no such request");
    return outcome;
}

static enum outcome read_area(struct reading_request *to, struct error *err)
{
    struct queue_row *row = &to->view->row;
    return desk_take_area(to->reader, row->request.id, &row->origin, to->areas, to->arena, &row->area, err);
}

static enum outcome read_all(struct reading_request *to, int64_t id, struct error *err)
{
    static enum outcome (*const parts[])(struct reading_request *, struct error *) = {
        read_area,  read_phone, read_audit,  read_events, read_notes, read_attempts, read_referrals,
        read_texts, read_flags, read_drafts, read_others, read_said,  read_merged,   read_person};
    enum outcome outcome = read_row(to, id, err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && outcome == OUTCOME_OK; i++)
        outcome = parts[i](to, err);
    show_openings(to);
    return outcome;
}

enum outcome desk_read_request(struct reader *reader, int64_t id, const struct operator *who,
                               const struct area_fields *areas, struct arena *arena, struct request_view *view,
                               struct error *err)
{
    struct reading_request to = {.reader = reader, .arena = arena, .operator = who, .areas = areas, .view = view};
    *view = (struct request_view){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = read_all(&to, id, err);
    if (outcome != OUTCOME_OK)
        *view = (struct request_view){0};
    return desk_end(reader, outcome, err);
}

enum outcome desk_read_origin(struct reader *reader, int64_t id, const struct operator *who, struct arena *arena,
                              struct request_origin *origin, struct error *err)
{
    struct request_view view = {0};
    struct reading_request to = {.reader = reader, .arena = arena, .operator = who, .view = &view};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = read_row(&to, id, err);
    *origin = outcome == OUTCOME_OK ? view.row.origin : (struct request_origin){0};
    return desk_end(reader, outcome, err);
}

enum outcome desk_may_see_request(struct reader *reader, int64_t id, const struct operator *who, struct arena *arena,
                                  struct error *err)
{
    struct request_origin ignored;
    return desk_read_origin(reader, id, who, arena, &ignored, err);
}
