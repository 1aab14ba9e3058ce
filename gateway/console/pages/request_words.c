/* The names of words for what the core and the store count by number. */
#include "console/pages/request_work.h"

const char *request_outcome_word(unsigned outcome)
{
    static const char *const words[CLOSED_COUNT] = {
        [CLOSED_HELPED] = "outcome_helped",        [CLOSED_REFERRED] = "outcome_referred",
        [CLOSED_INFORMED] = "outcome_informed",    [CLOSED_NO_ANSWER] = "outcome_no_answer",
        [CLOSED_UNSAFE] = "outcome_unsafe",        [CLOSED_DUPLICATE] = "outcome_duplicate",
        [CLOSED_NO_REQUEST] = "outcome_no_request"};
    return words[outcome];
}

const char *request_urgency_word(unsigned urgency)
{
    static const char *const words[] = {
        [URGENCY_NORMAL] = "urgency_normal", [URGENCY_SOON] = "urgency_soon", [URGENCY_DANGER] = "urgency_danger"};
    return words[urgency];
}

const char *request_result_word(unsigned result)
{
    static const char *const words[ATTEMPT_COUNT] = {[ATTEMPT_NO_ANSWER] = "attempt_no_answer",
                                                     [ATTEMPT_WRONG_PERSON] = "attempt_wrong_person",
                                                     [ATTEMPT_SPOKE] = "attempt_spoke",
                                                     [ATTEMPT_ASKED_TO_STOP] = "attempt_asked_to_stop"};
    return words[result];
}

const char *request_reason_word(unsigned reason)
{
    static const char *const words[DESK_REASON_COUNT] = {[DESK_REASON_CALL] = "reason_calls_now",
                                                         [DESK_REASON_DANGER] = "reason_danger",
                                                         [DESK_REASON_ASKED] = "reason_they_asked",
                                                         [DESK_REASON_SUPERVISOR] = "reason_supervisor_agreed"};
    return words[reason];
}

/* That one calls now is no reason to call when it is not safe. */
const char *request_override_word(unsigned reason)
{
    return reason == DESK_REASON_CALL ? NULL : request_reason_word(reason);
}

const char *request_came_by_word(unsigned came_by)
{
    static const char *const words[] = {
        [CONTACT_PHONE] = "came_by_phone", [CONTACT_WALK_IN] = "came_by_walk_in", [CONTACT_OTHER] = "came_by_other"};
    return words[came_by];
}

static const char *step_word(enum request_step step)
{
    static const char *const words[] = {
        [STEP_MADE] = "step_made",         [STEP_CHANGED] = "step_changed", [STEP_URGED] = "step_urged",
        [STEP_ASSIGNED] = "step_assigned", [STEP_TRIED] = "step_tried",     [STEP_CALLED] = "step_called",
        [STEP_REFERRED] = "step_referred", [STEP_CLOSED] = "step_closed",   [STEP_CANCELLED] = "step_cancelled",
        [STEP_REOPENED] = "step_reopened", [STEP_WROTE] = "step_wrote",     [STEP_SAID] = "step_said"};
    return words[step];
}

/* What its person is told of is one thing ("somebody has it"), what was done another ("handed over", "waits"): here it is the latter. */
const char *request_event_word(const struct request_event *event)
{
    static const struct {
        const char *what, *word;
    } done[] = {{"made", "did_made"},
                {"made_known", "did_made"},
                {"taken", "did_taken"},
                {"assigned", "did_assigned"},
                {"handed_over", "did_handed_over"},
                {"released", "did_released"},
                {"returned", "did_returned"},
                {"waits", "did_waits"},
                {"urgency", "did_urgency"},
                {"merged", "did_merged"},
                {"wrong_person", "did_wrong_person"},
                {"asked_to_stop", "did_asked_to_stop"}};
    enum request_urgency ignored;
    if (audit_is_urgency(event->what, &ignored, &ignored))
        return "did_urgency";
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (span_equal_text(event->what, done[i].what))
            return done[i].word;
    return step_word(event->step);
}
