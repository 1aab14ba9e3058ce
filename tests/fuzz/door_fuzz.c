/* libFuzzer target for what the console reads of a browser besides its form: the request's target, Host, Origin and cookies, where to go
 * back to, a code, the search box, and the filters of the queue. The first byte says which; the rest is what was sent. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/host.h"
#include "console/door/route.h"
#include "console/door/totp.h"
#include "console/pages/queue_address.h"
#include "console/pages/search_typed.h"
#include "console/routes.h"
#include "http/target.h"
#include "text/digits.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool lies_in(struct span part, struct span whole)
{
    return !part.at || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

/* A path that is found is one of the table, and its id a positive number. */
static void read_target(struct span sent, struct arena *arena)
{
    struct http_request request = {0};
    struct error err;
    char *room = arena_alloc(arena, sent.len + 1);
    if (target_split(sent, room, &request, &err) != OUTCOME_OK)
        return;
    require(request.path.len > 0 && !memchr(request.path.at, '\0', request.path.len));
    struct route_match match = route_find(console_routes, ROUTE_POST, request.path);
    require(match.id >= 0 && (!match.route || (strstr(match.route->path, ":id") != NULL) == (match.id > 0)));
    require(lies_in(match.name, request.path));
}

static void read_headers(struct span sent)
{
    static const struct console_config config = {.url = "https://desk.example.org"};
    const struct site site = {.config = &config, .is_secure = true};
    struct span rest = sent, host = span_cut(&rest, '\n'), origin = span_cut(&rest, '\n');
    const struct pair headers[] = {{SPAN("Host"), host}, {SPAN("Origin"), origin}, {SPAN("Cookie"), rest}};
    const struct http_request request = {
        .method = SPAN("POST"), .headers = headers, .header_count = sizeof headers / sizeof *headers};
    struct span cookie = cookie_read(&site, &request, COOKIE_SIGN_IN);
    require(lies_in(cookie, rest));
    require(!span_is_present(cookie) || memmem(rest.at, rest.len, "__Host-helpline=", 16));
    if (host_is_ours(&site, &request) && csrf_is_ours(&site, &request))
        require(!span_is_present(origin) || span_equal_nocase(span_first(origin, 4), SPAN("http")));
    for (size_t i = 0; i + 7 <= host.len; i++) /* a name of somebody else's never counts, whatever stands around it */
        require(memcmp(host.at + i, "rebound", 7) != 0 || !host_is_ours(&site, &request));
}

/* Wherever somebody is sent back to is a path of this host, without a line end in it. */
static void read_back(struct span sent)
{
    const struct site site = {.routes = console_routes};
    struct span back = back_safe(&site, sent);
    require(back.len > 0 && back.at[0] == '/' && (back.len == 1 || (back.at[1] != '/' && back.at[1] != '\\')));
    for (size_t i = 0; i < back.len; i++)
        require(back.at[i] > ' ' && back.at[i] < 0x7f);
}

/* A code is six digits: of a million there are three that open, and nothing else does. */
static void read_code(struct span sent, struct arena *arena)
{
    static const char secret[TOTP_SECRET_BYTES] = "12345678901234567890";
    const struct span key = {secret, sizeof secret};
    const int64_t now = 59000;
    int64_t step = 0;
    size_t digits = 0;
    if (!totp_accepts(key, sent, now, 0, &step))
        return;
    struct span ascii = digits_to_ascii(sent, arena);
    for (size_t i = 0; i < ascii.len; i++)
        digits += ascii.at[i] >= '0' && ascii.at[i] <= '9';
    require(digits == TOTP_DIGITS && step > 0 && step <= totp_step(now) + 1);
}

static void read_search(struct span sent, struct arena *arena)
{
    struct search_typed typed;
    search_typed_read(sent, arena, &typed);
    require(typed.kind <= SEARCH_OTHER);
    if (typed.kind == SEARCH_REFERENCE)
        require(span_is_digits(typed.text));
}

/* Filters say again what they read, and read it again as what they said. */
static void read_filters(struct span sent, struct arena *arena)
{
    struct queue_address address, again;
    struct pair *pairs;
    struct error err;
    size_t count;
    if (form_decode(sent, arena, &pairs, &count, &err) != OUTCOME_OK)
        return;
    queue_address_read(pairs, count, &address);
    struct span text = queue_address_write(&address, arena);
    require(address.tab < TAB_COUNT && form_decode(text, arena, &pairs, &count, &err) == OUTCOME_OK);
    queue_address_read(pairs, count, &again);
    require(again.tab == address.tab && !span_is_present(again.after));
    require(span_equal(queue_address_write(&again, arena), text));
    struct operator who = {.id = 1};
    struct queue_filter filter;
    queue_address_filter(&address, &who, 1, &filter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_create(4096);
    struct span sent = arena_copy(arena, (struct span){(const char *)data + 1, size - 1});
    switch (data[0] % 6) {
    case 0:
        read_target(sent, arena);
        break;
    case 1:
        read_headers(sent);
        break;
    case 2:
        read_back(sent);
        break;
    case 3:
        read_code(sent, arena);
        break;
    case 4:
        read_search(sent, arena);
        break;
    default:
        read_filters(sent, arena);
    }
    arena_destroy(arena);
    return 0;
}
