/*
 * Pages are filled greedily, first line first, so that an option's place on a page depends only on what stands before it.
 * Weights are taken once a line and added up: a page is copied together only when it is known to fit.
 */
#include "text/screen.h"

#include <string.h>
#include "text/marks.h"
#include "text/paragraph.h"
#include "text/weight.h"

struct layout {
    const struct screen_draft *draft;
    const struct carrier *carrier;
    struct arena *arena;
    struct weight *weights; /* of each line, whole */
    struct weight head, first_head, foot, inner_foot;
    size_t line;      /* the next line to place */
    struct span rest; /* what is left of it when it is divided; absent: all of it */
    bool in_value;    /* the rest begins inside a value */
    struct span *pages;
    size_t page_count, page_room;
};

/* One page in the making. */
struct page {
    struct weight weight;
    size_t first, end;      /* whole lines first <= i < end, the first one perhaps only its rest */
    struct span piece;      /* beginning of a paragraph that is divided, below the whole lines; or absent */
    bool piece_opens_value; /* the division falls inside a value */
    bool is_last;
};

static struct weight add_present(struct weight page, struct span line)
{
    return line.len > 0 ? weight_add_line(page, weigh(line)) : page;
}

static void weigh_draft(struct layout *layout)
{
    const struct screen_draft *draft = layout->draft;
    struct weight none = {0, 0, false};
    layout->head = add_present(none, draft->title);
    layout->first_head = add_present(add_present(none, draft->notice), draft->title);
    layout->foot = add_present(none, draft->foot);
    layout->inner_foot = add_present(add_present(none, draft->more), draft->foot_inner);
    layout->weights = ARENA_ARRAY(layout->arena, struct weight, draft->line_count);
    for (size_t i = 0; i < draft->line_count; i++)
        layout->weights[i] = weigh(draft->lines[i].text);
}

static struct weight with_foot(struct weight page, struct weight foot)
{
    return foot.units > 0 ? weight_add_line(page, foot) : page;
}

static struct weight page_head(const struct layout *layout)
{
    return layout->page_count == 0 ? layout->first_head : layout->head;
}

static struct span line_rest(const struct layout *layout, size_t line)
{
    bool divided = line == layout->line && span_is_present(layout->rest);
    return divided ? layout->rest : layout->draft->lines[line].text;
}

static struct weight line_weight(const struct layout *layout, size_t line)
{
    bool divided = line == layout->line && span_is_present(layout->rest);
    return divided ? weigh(layout->rest) : layout->weights[line];
}

static bool try_last_page(const struct layout *layout, struct page *page)
{
    struct weight weight = page_head(layout);
    for (size_t i = layout->line; i < layout->draft->line_count; i++)
        weight = weight_add_line(weight, line_weight(layout, i));
    *page = (struct page){.weight = with_foot(weight, layout->foot),
                          .first = layout->line,
                          .end = layout->draft->line_count,
                          .piece = SPAN_NONE,
                          .is_last = true};
    return weight_fits(page->weight, layout->carrier);
}

/* `alone`: nothing else stands on the page, so that something of this paragraph must. */
static void divide_paragraph(struct page *page, struct span text, bool in_value, bool alone,
                             const struct carrier *carrier)
{
    struct division found = paragraph_divide(text, in_value, page->weight, carrier);
    size_t len = found.blank;
    if (len == 0 && alone) {
        len = found.blank_in_value ? found.blank_in_value : found.cluster;
        page->piece_opens_value = found.blank_in_value ? true : found.cluster_in_value;
    }
    page->piece = len > 0 ? span_first(text, len) : SPAN_NONE;
}

static bool has_notice(const struct layout *layout)
{
    return layout->page_count == 0 && layout->draft->notice.len > 0;
}

/* A page that others follow. Its last line may not be the draft's last: something must be left for the page behind it. */
static void fill_inner_page(const struct layout *layout, struct page *page)
{
    *page = (struct page){.first = layout->line, .end = layout->line, .piece = SPAN_NONE};
    page->weight = with_foot(page_head(layout), layout->inner_foot);
    while (page->end + 1 < layout->draft->line_count) {
        struct weight longer = weight_add_line(page->weight, line_weight(layout, page->end));
        if (!weight_fits(longer, layout->carrier))
            break;
        page->weight = longer;
        page->end++;
    }
    if (page->end == layout->draft->line_count || layout->draft->lines[page->end].keep)
        return;
    bool continues = page->end == page->first && layout->in_value;
    bool alone = page->end == page->first && !has_notice(layout);
    divide_paragraph(page, line_rest(layout, page->end), continues, alone, layout->carrier);
}

struct writing {
    char *start, *to;
    bool visible; /* marks alone do not make a line */
};

static void put(struct writing *writing, struct span piece)
{
    if (piece.len > 0)
        memcpy(writing->to, piece.at, piece.len);
    writing->to += piece.len;
    for (size_t i = 0; i < piece.len && !writing->visible; i++)
        writing->visible = !text_is_mark(piece.at[i]);
}

static void put_line(struct writing *writing, struct span line)
{
    if (writing->visible)
        *writing->to++ = '\n';
    put(writing, line);
}

static void put_present(struct writing *writing, struct span line)
{
    if (line.len > 0)
        put_line(writing, line);
}

static size_t page_bytes(const struct layout *layout, const struct page *page)
{
    const struct screen_draft *draft = layout->draft;
    size_t bytes = draft->notice.len + draft->title.len + draft->more.len + draft->foot.len + draft->foot_inner.len +
                   page->piece.len + 10;
    for (size_t i = page->first; i < page->end; i++)
        bytes += draft->lines[i].text.len + 2;
    return bytes;
}

static void put_lines(struct writing *writing, const struct layout *layout, const struct page *page)
{
    static const char begin = SCREEN_VALUE_BEGIN, end = SCREEN_VALUE_END;
    for (size_t i = page->first; i <= page->end; i++) {
        if (i == page->end && !span_is_present(page->piece))
            break;
        struct span line = i < page->end ? line_rest(layout, i) : page->piece;
        bool reopens = i == page->first && layout->in_value;
        put_line(writing, reopens ? (struct span){&begin, 1} : line);
        if (reopens)
            put(writing, line);
    }
    if (page->piece_opens_value)
        put(writing, (struct span){&end, 1});
}

static struct span write_page(const struct layout *layout, const struct page *page)
{
    const struct screen_draft *draft = layout->draft;
    char *start = arena_alloc(layout->arena, page_bytes(layout, page));
    struct writing writing = {start, start, false};
    if (layout->page_count == 0)
        put_present(&writing, draft->notice);
    put_present(&writing, draft->title);
    put_lines(&writing, layout, page);
    if (page->is_last) {
        put_present(&writing, draft->foot);
    } else if (draft->more.len > 0) {
        put_line(&writing, draft->more);
        put(&writing, draft->foot_inner.len > 0 ? SPAN(" ") : SPAN_NONE);
        put(&writing, draft->foot_inner);
    } else {
        put_present(&writing, draft->foot_inner);
    }
    return (struct span){start, (size_t)(writing.to - start)};
}

static void add_page(struct layout *layout, const struct page *page)
{
    if (layout->page_count == layout->page_room) {
        size_t room = layout->page_room ? layout->page_room * 2 : 4;
        struct span *pages = ARENA_ARRAY(layout->arena, struct span, room);
        if (layout->page_count > 0)
            memcpy(pages, layout->pages, layout->page_count * sizeof *pages);
        layout->pages = pages;
        layout->page_room = room;
    }
    layout->pages[layout->page_count] = write_page(layout, page);
    layout->page_count++;
}

/* Moves past what the page took; blanks at the division are the division. */
static void advance(struct layout *layout, const struct page *page)
{
    struct span rest = SPAN_NONE;
    if (span_is_present(page->piece)) {
        rest = span_from(line_rest(layout, page->end), page->piece.len);
        while (rest.len > 0 && text_is_blank(rest.at[0]))
            rest = span_from(rest, 1);
    }
    layout->line = page->end;
    layout->rest = rest;
    layout->in_value = page->piece_opens_value;
}

static enum outcome refuse(const struct layout *layout, struct error *err)
{
    size_t last = layout->draft->line_count;
    if (layout->line >= last)
        return error_set(err, OUTCOME_REFUSED, "title, notice and keys alone are %zu units over a page",
                         weight_over(with_foot(page_head(layout), layout->foot), layout->carrier));
    struct weight foot = layout->line + 1 == last ? layout->foot : layout->inner_foot;
    struct weight alone = with_foot(weight_add_line(page_head(layout), line_weight(layout, layout->line)), foot);
    const char *encoding = alone.beyond_gsm7 ? "UCS-2" : "GSM-7";
    if (screen_limit(layout->carrier, weight_measure(alone).encoding) == 0)
        return error_set(err, OUTCOME_REFUSED, "line %zu needs %s, which this channel cannot carry", layout->line + 1,
                         encoding);
    return error_set(err, OUTCOME_REFUSED, "line %zu does not fit a page of its own: %zu units over (%s)",
                     layout->line + 1, weight_fits(alone, layout->carrier) ? 0 : weight_over(alone, layout->carrier),
                     encoding);
}

static enum outcome refuse_whole(const struct layout *layout, const struct page *page, struct error *err)
{
    enum encoding encoding = weight_measure(page->weight).encoding;
    if (screen_limit(layout->carrier, encoding) == 0)
        return error_set(err, OUTCOME_REFUSED, "the text needs UCS-2, which this channel cannot carry");
    return error_set(err, OUTCOME_REFUSED, "the text is %zu units over what one text carries (%s)",
                     weight_over(page->weight, layout->carrier), encoding == ENCODING_UCS2 ? "UCS-2" : "GSM-7");
}

enum outcome screen_layout(const struct screen_draft *draft, const struct carrier *carrier, struct arena *arena,
                           struct span **pages, size_t *page_count, struct error *err)
{
    struct layout layout = {.draft = draft, .carrier = carrier, .arena = arena, .rest = SPAN_NONE};
    weigh_draft(&layout);
    struct page page;
    while (!try_last_page(&layout, &page)) {
        if (!carrier->paged)
            return refuse_whole(&layout, &page, err);
        fill_inner_page(&layout, &page);
        bool empty = page.end == page.first && !span_is_present(page.piece);
        bool holds_notice = has_notice(&layout) && draft->line_count > 0 && weight_fits(page.weight, carrier);
        if (empty && !holds_notice)
            return refuse(&layout, err);
        add_page(&layout, &page);
        advance(&layout, &page);
    }
    add_page(&layout, &page);
    *pages = layout.pages;
    *page_count = layout.page_count;
    return OUTCOME_OK;
}
