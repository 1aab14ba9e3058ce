#include "menu/dialogue.h"
#include <string.h>
#include "base/duration.h"

struct simulator_options dialogue_usual_options(void)
{
    return (struct simulator_options){.ussd = {.gsm7_units = 160, .ucs2_units = 70, .paged = true},
                                      .sms = {.gsm7_units = 3 * 153, .ucs2_units = 3 * 67, .paged = false}};
}

/* "2h", "30m", "1d", "90s". */
static bool read_duration(struct span words, int64_t *ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', SECOND_MS}, {'m', 60 * SECOND_MS}, {'h', 3600 * SECOND_MS}, {'d', 86400 * SECOND_MS}};
    uint64_t count;
    if (words.len < 2 || words.len > 6 || !span_to_u64(span_first(words, words.len - 1), &count))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == words.at[words.len - 1]) {
            *ms = (int64_t)count * units[i].ms;
            return true;
        }
    return false;
}

static enum outcome do_wait(struct simulator *simulator, struct span words, struct simulator_view *view, bool *shown,
                            struct error *err)
{
    int64_t ms;
    if (!read_duration(words, &ms))
        return error_set(err, OUTCOME_REFUSED, "expected how long: :wait 30m, :wait 2h, :wait 1d");
    simulator_wait(simulator, ms);
    *shown = simulator_read_texts(simulator, view);
    return OUTCOME_OK;
}

static enum outcome do_phone(struct simulator *simulator, struct span name, struct error *err)
{
    if (name.len == 0 || memchr(name.at, ' ', name.len))
        return error_set(err, OUTCOME_REFUSED, "expected one word, the name of a phone: :phone sister");
    simulator_pick_up(simulator, name);
    return OUTCOME_OK;
}

/* What a phone does without showing anything. */
static enum outcome quietly(struct simulator *simulator, struct span name, struct span rest, struct error *err)
{
    if (span_equal_text(name, ":phone"))
        return do_phone(simulator, rest, err);
    if (span_equal_text(name, ":drop"))
        simulator_drop(simulator);
    else if (span_equal_text(name, ":lang"))
        simulator_renew(simulator, rest.len > 0 ? rest : SPAN_NONE);
    else
        return error_set(err, OUTCOME_REFUSED,
                         "expected :dial, :drop, :redial, :back, :wait 2h, :sms TEXT, :lang LANGUAGE, :phone NAME or "
                         ":chain 1*2");
    return OUTCOME_OK;
}

static enum outcome answer(struct simulator *simulator, struct span words, bool by_sms, struct simulator_view *view,
                           struct error *err)
{
    return by_sms ? simulator_text(simulator, words, view, err) : simulator_type(simulator, words, view, err);
}

enum outcome dialogue_perform(struct simulator *simulator, struct span line, bool by_sms, struct simulator_view *view,
                              bool *shown, struct error *err)
{
    struct span rest = span_trim(line);
    *shown = true;
    if (!span_starts_with(rest, SPAN(":")))
        return answer(simulator, rest, by_sms, view, err);
    struct span name = span_cut(&rest, ' ');
    rest = span_is_present(rest) ? span_trim(rest) : SPAN("");
    if (span_equal_text(name, ":redial"))
        simulator_drop(simulator);
    if (span_equal_text(name, ":redial") || span_equal_text(name, ":dial"))
        return simulator_dial(simulator, view, err);
    if (span_equal_text(name, ":back"))
        return answer(simulator, SPAN("0"), by_sms, view, err);
    if (span_equal_text(name, ":sms"))
        return simulator_text(simulator, rest, view, err);
    if (span_equal_text(name, ":chain"))
        return simulator_dial_chain(simulator, rest, view, err);
    if (span_equal_text(name, ":wait"))
        return do_wait(simulator, rest, view, shown, err);
    *shown = false;
    return quietly(simulator, name, rest, err);
}
