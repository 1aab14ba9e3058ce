#include "console/pages/steps.h"

#include "console/pages/said.h"
#include "menu/desk.h"
#include "model/triage.h"
#include "text/segments.h"

static int64_t local_day(int64_t at, int zone_minutes)
{
    return (at + zone_minutes * INT64_C(60000)) / DAY_MS;
}

static bool has(struct span s)
{
    return s.len > 0;
}

/* The meaning of a key in words; of what was typed otherwise, when it was taken for something else than it says. */
static struct span meaning_of(const struct turn *turn, const struct steps_rule *rule, struct arena *arena)
{
    if (!has(turn->meaning))
        return SPAN_NONE;
    struct span words = SPAN_NONE;
    if (rule->service && has(turn->asked))
        words = desk_meaning_words(rule->service, turn->asked, turn->meaning, rule->lang, arena);
    if (has(words))
        return words;
    return span_equal(turn->meaning, turn->input) ? SPAN_NONE : turn->meaning;
}

/* One key or a short number is a choice; whatever else was not understood as an option is their own words. */
static bool is_free_text(const struct turn *turn, struct span meaning)
{
    return !span_is_present(meaning) && !span_is_digits(turn->input) && !(turn->flags & TURN_BAD_INPUT);
}

static void say_input(const struct shown_turn *shown, const struct steps_rule *rule, struct arena *arena,
                      struct step_line *line)
{
    const struct turn *turn = &shown->turn;
    line->is_bad = turn->flags & TURN_BAD_INPUT;
    line->is_undecodable = turn->flags & TURN_UNDECODABLE;
    line->is_secret = turn->flags & TURN_SECRET_INPUT;
    bool is_sensitive = turn->flags & TURN_SENSITIVE_INPUT;
    if (line->is_secret || line->is_undecodable)
        return; /* whatever stands there is not shown: a PIN must never be */
    line->is_input_gone = is_sensitive && shown->is_gone;
    line->is_sealed = is_sensitive && !shown->is_gone && !rule->may_see_sealed;
    if (line->is_input_gone || line->is_sealed)
        return;
    line->has_input = has(turn->input);
    line->input = turn->input;
    line->meaning = line->has_input ? meaning_of(turn, rule, arena) : SPAN_NONE;
    line->is_free = line->has_input && is_free_text(turn, line->meaning);
}

static void measure(const struct steps_rule *rule, struct step_line *line)
{
    struct measure size = screen_measure(line->screen);
    line->encoding = said_encoding(size.encoding);
    line->units = (unsigned)size.units;
    if (rule->is_sms)
        line->texts = (unsigned)segments_measure(line->screen).count;
    else if (rule->carrier)
        line->limit = (unsigned)screen_limit(rule->carrier, size.encoding);
}

static void say_screen(const struct shown_turn *shown, const struct steps_rule *rule, struct arena *arena,
                       struct step_line *line)
{
    const struct turn *turn = &shown->turn;
    line->node = turn->node;
    line->node_words = turn->node;
    if (rule->service && has(turn->node))
        line->node_words = desk_node_words(rule->service, turn->node, rule->lang, arena);
    line->lang = turn->lang;
    line->page = turn->page ? turn->page + 1u : 0;
    line->ends = turn->flags & TURN_ENDS;
    line->is_replayed = turn->flags & TURN_REPLAYED;
    line->offers_resume = turn->flags & TURN_OFFERS_RESUME;
    line->is_in_reply = turn->flags & TURN_IN_REPLY;
    bool is_sensitive = turn->flags & TURN_SENSITIVE_SCREEN;
    line->is_screen_gone = is_sensitive && shown->is_gone;
    line->is_screen_sealed = is_sensitive && !shown->is_gone && !rule->may_see_sealed;
    if (line->is_screen_gone || line->is_screen_sealed || !has(shown->screen))
        return;
    line->screen = screen_plain(shown->screen, arena);
    measure(rule, line);
}

static struct span joined(struct span all, struct span more, struct arena *arena)
{
    return has(all) ? arena_format(arena, "%.*s, %.*s", SPAN_ARG(all), SPAN_ARG(more)) : more;
}

/* What the service's lists made of what they wrote. The word was sealed as their answer was. */
static void say_heard(const struct session_view *session, const struct steps_rule *rule, uint32_t number,
                      struct arena *arena, struct step_line *line)
{
    for (size_t i = 0; i < session->triage_count; i++) {
        const struct triage_row *row = &session->triage[i];
        if (row->turn != number)
            continue;
        if (rule->may_see_sealed && has(row->word))
            line->heard = joined(line->heard, row->word, arena);
        line->rules = joined(line->rules, row->rule, arena);
        if (row->urgency == URGENCY_DANGER)
            line->is_danger = true;
    }
}

static void fill_line(const struct session_view *session, const struct steps_rule *rule, const struct shown_turn *shown,
                      int64_t before, struct arena *arena, struct step_line *line)
{
    line->number = shown->turn.number + 1;
    line->at = shown->turn.at;
    line->has_gap = before != 0;
    line->gap_ms = before && line->at > before ? line->at - before : 0;
    line->is_new_day = !before || local_day(before, rule->zone_minutes) != local_day(line->at, rule->zone_minutes);
    say_input(shown, rule, arena, line);
    say_screen(shown, rule, arena, line);
    say_heard(session, rule, shown->turn.number, arena, line);
}

void steps_fill(const struct session_view *session, const struct steps_rule *rule, int64_t before, struct arena *arena,
                struct steps_view *view)
{
    *view = (struct steps_view){.lines = ARENA_ARRAY(arena, struct step_line, session->turn_count),
                                .line_count = session->turn_count};
    for (size_t i = 0; i < session->turn_count; i++) {
        struct step_line *line = &view->lines[i];
        fill_line(session, rule, &session->turns[i], before, arena, line);
        view->hides_sealed = view->hides_sealed || line->is_sealed || line->is_screen_sealed;
        view->is_danger = view->is_danger || line->is_danger;
        before = line->at;
    }
}
