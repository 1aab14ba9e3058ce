#include "console/pages/steps.h"
#include "base/duration.h"

#include "console/pages/said.h"
#include "menu/desk.h"
#include "menu/desk_screen.h"
#include "model/triage.h"
#include "text/phone.h"
#include "text/segments.h"

static int64_t local_day(int64_t at, int zone_minutes)
{
    return (at + zone_minutes * MINUTE_MS) / DAY_MS;
}

static bool has(struct span s)
{
    return s.len > 0;
}

/* The meaning of a key in words; of what was typed otherwise, when it was taken for something else than it says. */
static struct span meaning_of(const struct turn *turn, const struct steps_rule *rule, struct arena *arena)
{
    struct span words = SPAN_NONE;
    if (!has(turn->meaning) || span_equal(turn->meaning, span_trim(turn->input)))
        return SPAN_NONE;
    if (rule->service && has(turn->asked))
        words = desk_meaning_words(rule->service, turn->asked, turn->meaning, rule->lang, arena);
    return has(words) ? words : turn->meaning;
}

/* One key or a short number is a choice; whatever else was not understood as an option is their own words. */
static bool is_free_text(const struct turn *turn, struct span meaning)
{
    return !span_is_present(meaning) && !span_is_digits(turn->input) && !(turn->flags & TURN_BAD_INPUT);
}

/* A PIN comes first: whatever stands in its place, it must never be shown. */
static enum step_typed typed_of(const struct shown_turn *shown, const struct steps_rule *rule)
{
    const struct turn *turn = &shown->turn;
    bool is_sensitive = turn->flags & TURN_SENSITIVE_INPUT;
    if (turn->flags & TURN_SECRET_INPUT)
        return TYPED_SECRET;
    if (shown->redacted.at)
        return TYPED_REDACTED;
    if (shown->is_damaged)
        return TYPED_DAMAGED;
    if (turn->flags & TURN_UNDECODABLE)
        return TYPED_UNDECODABLE;
    if ((turn->flags & TURN_REDACTED) || (is_sensitive && shown->is_gone && !has(turn->input)))
        return TYPED_GONE;
    if (is_sensitive && !rule->may_see_sealed)
        return TYPED_SEALED;
    if (has(turn->input))
        return TYPED_SHOWN;
    return turn->number == 0 && !rule->is_sms ? TYPED_DIALLED : TYPED_NOTHING;
}

/* The number that they want to be called on is shown where somebody asks for it, and leaves a trace: at their request. */
static void mask_number(const struct turn *turn, const struct steps_rule *rule, struct arena *arena,
                        struct step_line *line)
{
    struct span masked = SPAN_NONE;
    if (desk_took_number(rule->service, turn))
        masked = phone_masked_typed(turn->input, arena);
    if (!has(masked))
        return;
    line->input = masked;
    line->meaning = SPAN_NONE;
}

static void say_input(const struct shown_turn *shown, const struct steps_rule *rule, struct arena *arena,
                      struct step_line *line)
{
    line->typed = typed_of(shown, rule);
    line->is_bad = shown->turn.flags & TURN_BAD_INPUT;
    line->redacted_at = shown->redacted.at;
    line->redacted_by = shown->redacted.who;
    line->redacted = shown->redacted.characters;
    if (line->typed != TYPED_SHOWN)
        return;
    struct own_words words;
    line->may_redact = rule->may_redact && desk_own_words(rule->service, &shown->turn, arena, &words);
    line->input = shown->turn.input;
    line->meaning = meaning_of(&shown->turn, rule, arena);
    line->is_free = is_free_text(&shown->turn, line->meaning);
    mask_number(&shown->turn, rule, arena, line);
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

/* What the service's words alone made is found in it again: which page it was, and what it says in the reader's language. */
static void find_again(const struct steps_rule *rule, struct arena *arena, struct step_line *line)
{
    const struct desk_shown shown = {.node = line->node,
                                     .text = line->screen,
                                     .carrier = rule->carrier,
                                     .from = line->lang,
                                     .to = rule->in_my_language ? rule->lang : SPAN_NONE};
    struct desk_screen found = {0};
    if (!rule->service)
        return;
    desk_screen_find(rule->service, &shown, arena, &found);
    if (has(found.place))
        line->node_words = desk_node_words(rule->service, found.place, rule->lang, arena);
    if (found.pages > 1) {
        line->page = found.page;
        line->pages = found.pages;
    }
    if (has(found.text) && !span_equal(rule->lang, line->lang)) {
        line->is_translated = true;
        line->screen = found.text;
        line->lang = rule->lang;
    }
}

static void say_words(const struct shown_turn *shown, const struct steps_rule *rule, struct arena *arena,
                      struct step_line *line)
{
    bool is_sensitive = shown->turn.flags & TURN_SENSITIVE_SCREEN;
    line->is_screen_gone = shown->is_gone && line->typed != TYPED_GONE;
    line->is_screen_sealed = is_sensitive && !rule->may_see_sealed;
    if (line->is_screen_sealed || !has(shown->screen))
        return;
    line->screen = screen_plain(shown->screen, arena);
    measure(rule, line);
    find_again(rule, arena, line);
    line->is_as_shown = rule->in_my_language && !line->is_translated && !span_equal(rule->lang, line->lang);
}

static void say_screen(const struct shown_turn *shown, const struct steps_rule *rule, struct arena *arena,
                       struct step_line *line)
{
    const struct turn *turn = &shown->turn;
    line->node = turn->node;
    line->node_words = turn->node;
    line->lang = turn->lang;
    line->ends = turn->flags & TURN_ENDS;
    line->is_replayed = turn->flags & TURN_REPLAYED;
    line->offers_resume = turn->flags & TURN_OFFERS_RESUME;
    line->is_in_reply = turn->flags & TURN_IN_REPLY;
    line->is_screen_redacted = turn->flags & TURN_SCREEN_REDACTED;
    if (rule->service && has(turn->node)) {
        line->node_words = desk_node_words(rule->service, turn->node, rule->lang, arena);
        line->is_danger = desk_is_danger(rule->service, turn->node);
    }
    say_words(shown, rule, arena, line);
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
        view->hides_sealed = view->hides_sealed || line->typed == TYPED_SEALED || line->is_screen_sealed;
        view->is_danger = view->is_danger || line->is_danger;
        before = line->at;
    }
}
