#include "menu/drawing/template.h"
#include "base/buffer.h"
#include "base/settings.h"
#include "menu/drawing/dates.h"
#include "menu/drawing/plural.h"
#include "menu/drawing/request_words.h"

#define SHOWN_MAX (256 * 1024) /* more than any text filled with the longest values */

/* By kind; the kinds without a name stand behind them all. */
static const char *const placeholder_names[] = {[PIECE_REFERENCE] = "ref",
                                                [PIECE_DUE] = "due",
                                                [PIECE_OFFICE] = "office",
                                                [PIECE_PHONE] = "phone",
                                                [PIECE_HOURS] = "hours",
                                                [PIECE_COST] = "cost",
                                                [PIECE_PAPERS] = "papers",
                                                [PIECE_VERIFIED] = "verified",
                                                [PIECE_REQUESTS] = "requests",
                                                [PIECE_OPEN] = "open",
                                                [PIECE_AIRTIME] = "airtime",
                                                [PIECE_REQUEST_REFERENCE] = "request.ref",
                                                [PIECE_REQUEST_KIND] = "request.kind",
                                                [PIECE_REQUEST_STATE] = "request.state",
                                                [PIECE_REQUEST_DUE] = "request.due",
                                                [PIECE_REQUEST_NEXT] = "request.next",
                                                [PIECE_REQUEST_MADE] = "request.made",
                                                [PIECE_REQUEST_CHANGED] = "request.changed",
                                                [PIECE_REQUEST_SAYS] = "request.says",
                                                NULL};

static const struct question *find_asked(const struct service *service, const struct node *node, struct span field)
{
    const struct question *found = node && node->kind == NODE_FORM ? node_find_question(node, field) : NULL;
    for (size_t i = 0; i < service->node_count && !found; i++) {
        const struct node *other = &service->nodes[i];
        if (other->kind == NODE_FORM || other->kind == NODE_ASK)
            found = node_find_question(other, field);
    }
    return found;
}

static bool parse_answer(const struct service *service, const struct node *node, struct span name, struct piece *piece)
{
    piece->kind = PIECE_ANSWER;
    piece->words = span_from(name, sizeof "answer." - 1);
    piece->question = node ? find_asked(service, node, piece->words) : NULL;
    return piece->question && question_keeps_answer(piece->question);
}

static void parse_placeholder(const struct service *service, const struct node *node, struct span name,
                              struct piece *piece, const struct template *template, struct problems *problems)
{
    if (span_starts_with(name, SPAN("answer."))) {
        if (!parse_answer(service, node, name, piece))
            problems_add(problems, template->origin.file, template->origin.line,
                         "no question whose answer may be shown is called \"%.*s\"", SPAN_ARG(piece->words));
        return;
    }
    for (size_t i = 0; placeholder_names[i]; i++)
        if (span_equal_text(name, placeholder_names[i])) {
            piece->kind = (enum piece_kind)i;
            return;
        }
    const char *near = settings_nearest(name, placeholder_names);
    problems_add(
        problems, template->origin.file, template->origin.line,
        "unknown placeholder {%.*s}%s%s%s; expected {ref}, {due}, {office}, {phone}, {hours}, {cost}, {papers}, "
        "{verified}, {requests}, {open}, {airtime}, {request.ref} and its like, or {answer.<question>}",
        SPAN_ARG(name), near ? ", did you mean {" : "", near ? near : "", near ? "}" : "");
}

static size_t find_char(struct span s, char c)
{
    size_t at = 0;
    while (at < s.len && s.at[at] != c)
        at++;
    return at;
}

static size_t count_pieces(struct span source)
{
    size_t count = 1;
    for (size_t i = 0; i < source.len; i++)
        count += source.at[i] == '{' ? 2 : 0;
    return count;
}

/* Words up to the next brace; a doubled brace ends them behind its first half. */
static struct span take_words(struct span *rest)
{
    size_t at = find_char(*rest, '{');
    bool doubled = at + 1 < rest->len && rest->at[at + 1] == '{';
    struct span words = span_first(*rest, doubled ? at + 1 : at);
    *rest = span_from(*rest, doubled ? at + 2 : at);
    return words;
}

void template_parse(const struct service *service, const struct node *node, struct span source, struct template *out,
                    struct problems *problems)
{
    struct piece *pieces = ARENA_ARRAY(service->arena, struct piece, count_pieces(source));
    struct span rest = source;
    out->count = 0;
    out->source = source;
    out->filled = false;
    while (rest.len > 0) {
        struct span words = take_words(&rest);
        if (words.len > 0)
            pieces[out->count++] = (struct piece){.kind = PIECE_WORDS, .words = words};
        if (rest.len == 0 || rest.at[0] != '{' || (words.len > 0 && words.at[words.len - 1] == '{'))
            continue;
        size_t end = find_char(rest, '}');
        if (end == rest.len) {
            problems_add(problems, out->origin.file, out->origin.line, "a { without its }; {{ writes a brace");
            break;
        }
        parse_placeholder(service, node, (struct span){rest.at + 1, end - 1}, &pieces[out->count++], out, problems);
        out->filled = true;
        rest = span_from(rest, end + 1);
    }
    if (out->count == 0)
        pieces[out->count++] = (struct piece){.kind = PIECE_WORDS, .words = SPAN("")};
    out->pieces = pieces;
}

static bool is_number(const struct piece *piece)
{
    return piece->kind == PIECE_REQUESTS ||
           (piece->kind == PIECE_ANSWER && piece->question && piece->question->type == QUESTION_NUMBER);
}

static const struct piece *find_number(const struct template *forms, size_t count)
{
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < forms[f].count; i++)
            if (is_number(&forms[f].pieces[i]))
                return &forms[f].pieces[i];
    return NULL;
}

void template_count(const struct service *service, const struct template *forms, size_t count, struct template *out,
                    struct problems *problems)
{
    size_t expected = plural_forms(service->languages[out->language].plural);
    const struct piece *counted = find_number(forms, count);
    if (expected == 0)
        problems_add(problems, out->origin.file, out->origin.line,
                     "a text in several forms: expected plural = \"...\" at the top of the file of its language");
    else if (count != expected)
        problems_add(problems, out->origin.file, out->origin.line, "a text of %zu forms: its language has %zu", count,
                     expected);
    else if (!counted)
        problems_add(problems, out->origin.file, out->origin.line,
                     "no form holds a number, such as {requests}, that says which one is shown");
    if (count == 0)
        return;
    out->pieces = forms[count - 1].pieces;
    out->count = forms[count - 1].count;
    out->filled = true;
    out->forms = forms;
    out->form_count = count;
    out->counted = counted;
}

struct span template_airtime(const struct language *language, bool free, struct span cost, struct arena *arena)
{
    struct span after = language->words.airtime_cost;
    if (free)
        return language->words.airtime_free;
    if (!span_is_present(cost) || cost.len == 0)
        return SPAN("");
    struct span before = span_cut(&after, '{');
    (void)span_cut(&after, '}');
    return arena_format(arena, "%.*s%.*s%.*s", SPAN_ARG(before), SPAN_ARG(cost),
                        span_is_present(after) ? (int)after.len : 0, span_is_present(after) ? after.at : "");
}

static struct span item_name(const struct list *list, struct span id, size_t language)
{
    for (size_t i = 0; list && i < list->item_count; i++)
        if (span_equal(list->items[i].id, id))
            return list->items[i].names[language];
    return SPAN_NONE;
}

static struct span option_words(const struct question *question, struct span id, size_t language)
{
    const struct option *option = question_find_option(question, id);
    if (option && option->texts && option->texts[language].count == 1 && !option->texts[language].filled)
        return option->texts[language].pieces[0].words;
    struct span name = item_name(question->list, id, language);
    return span_is_present(name) ? name : id;
}

struct span template_answer(const struct question *question, struct span value, size_t language, struct arena *arena)
{
    struct buffer shown;
    if (question->type != QUESTION_SEVERAL)
        return option_words(question, value, language);
    buffer_init(&shown, arena, SHOWN_MAX);
    for (struct span rest = value; span_is_present(rest);) {
        struct span id = span_cut(&rest, ' ');
        buffer_add(&shown, option_words(question, id, language));
        if (span_is_present(rest))
            buffer_add_text(&shown, ", ");
    }
    return buffer_span(&shown);
}

static struct span show_reference(const struct template_values *values, struct arena *arena)
{
    char shown[REFERENCE_SHOWN];
    if (!values->reference[0])
        return SPAN_NONE;
    reference_show(values->reference, shown);
    return arena_copy(arena, span_of(shown));
}

static struct span office_name(const struct template_values *values, struct span id)
{
    for (size_t i = 0; i < values->service->office_count && span_is_present(id); i++)
        if (span_equal(values->service->offices[i].id, id))
            return values->service->offices[i].names[values->language->index];
    return id;
}

static struct span show_answer(const struct piece *piece, const struct template_values *values, struct arena *arena,
                               bool *sensitive)
{
    struct span value = facts_answer(values->facts, question_field(piece->question));
    *sensitive = *sensitive || piece->question->sensitive;
    if (piece->question->type == QUESTION_OFFICE)
        return office_name(values, value);
    return span_is_present(value) ? template_answer(piece->question, value, values->language->index, arena) : SPAN_NONE;
}

/* Not everything is known of every office. */
static struct span written(struct span words)
{
    return words.len > 0 ? words : SPAN_NONE;
}

static struct span show_piece(const struct piece *piece, const struct template_values *values, struct arena *arena,
                              bool *sensitive)
{
    const struct office *office = values->office;
    size_t language = values->language->index;
    switch (piece->kind) {
    case PIECE_WORDS:
        return piece->words;
    case PIECE_REFERENCE:
        return show_reference(values, arena);
    case PIECE_DUE:
        return values->due_at ? date_words(values->service, values->language, values->due_at, values->facts->now, arena)
                              : SPAN_NONE;
    case PIECE_OFFICE:
        return office ? office->names[language] : SPAN_NONE;
    case PIECE_PHONE:
        return office ? office->phone : SPAN_NONE;
    case PIECE_HOURS:
        return office ? office->hours[language] : SPAN_NONE;
    case PIECE_COST:
        return office ? written(office->costs[language]) : SPAN_NONE;
    case PIECE_PAPERS:
        return office ? written(office->papers[language]) : SPAN_NONE;
    case PIECE_VERIFIED:
        return office ? office->verified : SPAN_NONE;
    case PIECE_REQUESTS:
        return arena_format(arena, "%zu", facts_open_requests(values->facts));
    case PIECE_OPEN:
        return values->language->open;
    case PIECE_AIRTIME:
        return span_is_present(values->airtime) ? values->airtime : SPAN("");
    case PIECE_ANSWER:
        return show_answer(piece, values, arena, sensitive);
    default:
        return request_piece(piece->kind, values, arena);
    }
}

static struct span fill(const struct template *template, const struct template_values *values, struct arena *arena,
                        bool *sensitive)
{
    struct buffer shown;
    buffer_init(&shown, arena, SHOWN_MAX);
    for (size_t i = 0; i < template->count; i++) {
        struct span piece = show_piece(&template->pieces[i], values, arena, sensitive);
        bool words = template->pieces[i].kind == PIECE_WORDS;
        buffer_add(&shown, words ? piece : screen_mark_value(span_is_present(piece) ? piece : SPAN("-"), arena));
    }
    return buffer_span(&shown);
}

static bool costs_more(struct span a, struct span b)
{
    struct measure left = screen_measure(a), right = screen_measure(b);
    return left.encoding == right.encoding ? left.units > right.units : left.encoding == ENCODING_UCS2;
}

static struct span fill_widest(const struct template *template, const struct template_values *values,
                               struct arena *arena, bool *sensitive)
{
    struct span widest = fill(template->forms, values, arena, sensitive);
    for (size_t i = 1; i < template->form_count; i++) {
        struct span other = fill(&template->forms[i], values, arena, sensitive);
        if (costs_more(other, widest))
            widest = other;
    }
    return widest;
}

/* The form for the number that is shown. A number that is not there yet counts as none. */
static const struct template *form_of(const struct template *template, const struct template_values *values,
                                      struct arena *arena)
{
    bool sensitive = false;
    uint64_t number = 0;
    struct span shown = show_piece(template->counted, values, arena, &sensitive);
    if (!span_is_present(shown) || !span_to_u64(shown, &number) || number > INT64_MAX)
        number = 0;
    return &template->forms[plural_form(values->service->languages[template->language].plural, (int64_t)number)];
}

struct span template_fill(const struct template *template, const struct template_values *values, struct arena *arena,
                          bool *sensitive)
{
    if (template->count == 1 && !template->filled)
        return template->pieces[0].words;
    /* A sentence that was taken from another language has its days and offices in that one too. */
    struct template_values spoken = *values;
    spoken.language = &values->service->languages[template->language];
    if (template->form_count == 0)
        return fill(template, &spoken, arena, sensitive);
    return values->widest ? fill_widest(template, &spoken, arena, sensitive)
                          : fill(form_of(template, &spoken, arena), &spoken, arena, sensitive);
}

static bool shows_office(const struct template *template)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].kind >= PIECE_OFFICE && template->pieces[i].kind <= PIECE_VERIFIED)
            return true;
    return false;
}

bool template_holds(const struct template *template, enum piece_kind kind)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].kind == kind)
            return true;
    return false;
}

bool template_shows_request(const struct template *template)
{
    for (size_t i = 0; i < template->count; i++)
        if (piece_is_of_request(template->pieces[i].kind))
            return true;
    return false;
}

bool template_shows_office(const struct template *template)
{
    for (size_t i = 0; i < template->form_count; i++)
        if (shows_office(&template->forms[i]))
            return true;
    return shows_office(template);
}
