/* What pages are made of: files inside the program, under names that hold their hash, so that whoever has one never asks again. */
#include "console/assets.h"
#include "console/door/visit.h"
#include "console/pages/pages.h"

/* Whether a coding's weight, what follows its ';', is none: "q=0", as well "q=0.000". */
static bool weighs_nothing(struct span weight)
{
    weight = span_trim(weight);
    if (!span_starts_with(weight, SPAN("q=0")) && !span_starts_with(weight, SPAN("Q=0")))
        return false;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.at[i] != '0' && weight.at[i] != '.')
            return false;
    return true;
}

/* "gzip, deflate, br"; "gzip;q=0" is a no. */
static bool takes_gzip(const struct http_request *request)
{
    struct span rest = http_header(request, SPAN("Accept-Encoding"));
    while (span_is_present(rest)) {
        struct span one = span_cut(&rest, ',');
        struct span coding = span_trim(span_cut(&one, ';'));
        if (span_equal_nocase(coding, SPAN("gzip")) || span_equal_nocase(coding, SPAN("x-gzip")))
            return !span_is_present(one) || !weighs_nothing(one);
    }
    return false;
}

void page_asset(struct visit *visit)
{
    const struct asset *asset = asset_find(visit->name);
    if (!asset) {
        visit_give(visit, 404, SPAN("text/plain; charset=utf-8"), SPAN("not found\n"));
        return;
    }
    bool is_gzip = asset->gzip.len > 0 && takes_gzip(visit->request);
    visit_header(visit, SPAN("Cache-Control"), SPAN("public, max-age=31536000, immutable"));
    visit_header(visit, SPAN("Vary"), SPAN("Accept-Encoding"));
    visit_header(visit, SPAN("ETag"), asset->etag);
    if (span_equal(http_header(visit->request, SPAN("If-None-Match")), asset->etag)) {
        visit_give(visit, 304, SPAN_NONE, SPAN(""));
        return;
    }
    if (is_gzip)
        visit_header(visit, SPAN("Content-Encoding"), SPAN("gzip"));
    visit_give(visit, 200, asset->content_type, is_gzip ? asset->gzip : asset->plain);
}
