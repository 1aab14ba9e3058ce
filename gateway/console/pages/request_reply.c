/* Texts to the person: what may be sent, what it costs, and what became of it. */
#include "console/pages/pages.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/pages/slot.h"
#include "console/templates.h"
#include "text/segments.h"

static const struct request_try replying = {.place = "reply",
                                            .field = "reply-text",
                                            .wanted = "request_do_reply",
                                            .said = "request_said_reply",
                                            .has_text = true};

static const char *why_not(const struct request_work *work)
{
    if (!work->is_open)
        return "request_reply_closed";
    if (!work->data.has_number)
        return "request_reply_no_number";
    if (work->data.phone_opted_out)
        return "request_reply_opted_out";
    return work->rule.may_text ? NULL : "request_reply_not_allowed";
}

static void fill_leaves(const struct request_work *work, struct request_reply_view *view)
{
    struct contact_slot slot;
    const struct visit *visit = work->visit;
    struct contact_rule rule = work->rule;
    rule.may_call = true; /* it is about a text: who wants no more calls may take texts again */
    rule.has_stopped = false;
    bool found =
        work->service && contact_next_text(work->service, &rule, work->data.row.request.urgency, visit->now, &slot);
    slot_say(&visit->style, &rule, found ? &slot : NULL, visit->arena, &view->leaves);
}

static int64_t next_call_of(const struct request_work *work)
{
    struct contact_slot slot;
    const struct request *request = &work->data.row.request;
    bool found =
        work->rule.may_call && contact_next(work->service, &work->rule, request->urgency, work->visit->now, &slot);
    return found ? slot.from : 0;
}

/* The text of a canned reply for this request; absent: there is none of that number, or it has nothing to say now. */
static struct span canned_of(const struct request_work *work, size_t index)
{
    const struct request *request = &work->data.row.request;
    return desk_reply_words(work->service, index, request->lang, request->reference, next_call_of(work),
                            work->visit->arena);
}

static void fill_canned(const struct request_work *work, struct request_reply_view *view)
{
    size_t count = work->service ? desk_reply_count(work->service) : 0;
    view->canned = ARENA_ARRAY(work->visit->arena, struct request_canned_view, count);
    for (size_t i = 0; i < count; i++) {
        struct span text = canned_of(work, i);
        if (span_is_present(text))
            view->canned[view->canned_count++] =
                (struct request_canned_view){.id = desk_reply_id(work->service, i), .text = text};
    }
}

/* A canned reply that was asked for takes the place of what was typed. */
static void put_canned(const struct request_work *work, struct request_reply_view *view)
{
    struct span put = request_work_typed(work, "reply", "put");
    for (size_t i = 0; span_is_present(put) && i < view->canned_count; i++) {
        if (span_equal(view->canned[i].id, put))
            view->form.text = view->canned[i].text;
    }
}

/* As the core measures what it is given to send. */
static struct request_counter_view measure(const struct visit *visit, struct span text)
{
    struct text_plan plan = segments_plan(span_is_present(text) ? span_trim(text) : SPAN(""), visit->arena);
    struct segments measured = segments_measure(plan.text);
    return (struct request_counter_view){.encoding = plan.encoding,
                                         .units = measured.units,
                                         .room = measured.room,
                                         .segments = plan.segments,
                                         .is_too_long = plan.segments > REPLY_SEGMENTS_MAX};
}

/* ---- texts that were sent ---- */

static bool is_in_trouble(enum outbox_state state)
{
    return state == OUTBOX_FAILED || state == OUTBOX_UNKNOWN || state == OUTBOX_EXPIRED;
}

static const char *state_word(enum outbox_state state)
{
    static const char *const words[] = {
        [OUTBOX_QUEUED] = "text_queued",       [OUTBOX_SENDING] = "text_sending", [OUTBOX_SENT] = "text_sent",
        [OUTBOX_DELIVERED] = "text_delivered", [OUTBOX_FAILED] = "text_failed",   [OUTBOX_UNKNOWN] = "text_unknown",
        [OUTBOX_EXPIRED] = "text_expired"};
    return words[state];
}

/* What wrote it, where no operator is known to have: what nobody asked for is of the desk, or it tells of calls in vain. */
static const char *writer_of(const struct outbox_view *text)
{
    if (span_equal_text(text->what, "texted_after_three_calls"))
        return "text_by_itself";
    if (span_equal_text(text->what, "reply"))
        return "by_operator";
    return text->row.unasked ? NULL : "by_program";
}

static void fill_texts(const struct request_work *work, struct request_reply_view *view)
{
    const struct request_view *data = &work->data;
    view->texts = ARENA_ARRAY(work->visit->arena, struct request_text_view, data->text_count);
    view->text_count = data->text_count;
    for (size_t i = 0; i < data->text_count; i++) {
        const struct outbox_view *text = &data->texts[i];
        const struct outbox_row *row = &text->row;
        bool is_bad = is_in_trouble(row->state) && !text->dealt_at;
        view->texts[i] = (struct request_text_view){
            .id = row->id,
            .created_at = row->created_at,
            .changed_at = row->changed_at,
            .leaves_at = said_leaves_at(row, work->visit->now),
            .text = row->text,
            .who = text->who,
            .by = writer_of(text),
            .state = state_word(row->state),
            .reason = row->reason == REASON_NONE
                          ? NULL
                          : arena_format(work->visit->arena, "reason_%s", outbox_reason_words[row->reason]).at,
            .segments = row->segments,
            .is_in_trouble = is_bad,
            .form = request_work_form(work, "dealt"),
        };
    }
}

void request_fill_reply(const struct request_work *work, struct request_reply_view *view)
{
    const struct request *request = &work->data.row.request;
    view->form = request_work_form(work, "reply");
    view->why_not = why_not(work);
    view->can_reply = !view->why_not;
    view->lang = request->lang;
    view->lang_words = work->row.lang;
    fill_leaves(work, view);
    fill_canned(work, view);
    put_canned(work, view);
    view->counter = measure(work->visit, view->form.text);
    fill_texts(work, view);
}

/* ---- sending ---- */

/* What it would cost so far, while it is typed: the same as the page says. */
void do_request_count(struct visit *visit)
{
    struct request_counter_view view = measure(visit, visit_field(visit, "text"));
    struct html part = visit_html(visit);
    show_request_counter(&part, &view);
    visit_show(visit, 200, &part);
}

/* A text of this request that was just written: whether it is kept until it is safe. */
static bool waits(struct visit *visit, int64_t text)
{
    struct request_view data;
    struct error err;
    if (desk_read_request(visit->reader, visit->id, visit->operator, NULL, visit->arena, &data, &err) != OUTCOME_OK)
        return false;
    for (size_t i = 0; i < data.text_count; i++)
        if (data.texts[i].row.id == text)
            return said_leaves_at(&data.texts[i].row, visit->now) != 0;
    return false;
}

void do_request_reply(struct visit *visit)
{
    struct span text = visit_field(visit, "text");
    bool is_asked_only = span_is_present(visit_field(visit, "put")) || span_is_present(visit_field(visit, "count"));
    if (is_asked_only) {
        request_work_show(visit, &replying); /* a canned reply put in, or its length: nothing is sent yet */
        return;
    }
    if (span_trim(text).len == 0) {
        request_work_refuse(visit, replying, "request_why_empty");
        return;
    }
    struct desk_action action = request_work_action(visit, DESK_REPLY);
    action.text = text;
    struct request_try tried = replying;
    struct desk_result result;
    if (!request_work_did(visit, &action, tried, &result))
        return;
    if (waits(visit, result.id))
        tried.said = "request_said_reply_waits";
    request_work_done(visit, &tried);
}

static const struct request_try dealing = {
    .place = "texts", .wanted = "request_do_dealt", .said = "request_said_dealt"};

void do_request_dealt(struct visit *visit)
{
    int64_t outbox = visit_field_id(visit, "outbox");
    struct desk_action action = request_work_action(visit, DESK_DEALT);
    if (outbox) {
        action.about = OBJECT_OUTBOX;
        action.object = outbox;
        action.to = visit->id;
    }
    request_work_do(visit, &action, dealing);
}
