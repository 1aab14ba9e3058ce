/* What it costs to make a message of a callback, by encoding, credentials included: one line each, nanoseconds a request, the
 * fastest of some rounds. The same facts every time, and one list of a hundred, said a message. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "aggregator/exchange.h"
#include "base/buffer.h"
#include "base/clock.h"

#define ROUNDS 9
#define REQUESTS 20000
#define BATCH 100
#define BODY_MAX 65536

static const char profile_text[] =
    "kind = \"sms\"; title = \"Reading\";\n"
    "request = { methods = [ \"POST\", \"GET\" ]; encoding = \"form\";\n"
    "  fields = { from = \"from\"; to = \"to\"; text = \"text\"; id = \"id\"; date = \"date\"; network = \"network\"; "
    "};\n"
    "  dates = [ \"%Y-%m-%dT%H:%M:%S.%f%z\" ];\n"
    "  variants = ( { encoding = \"json\"; items = \"messages\"; },\n"
    "    { encoding = \"xml\"; items = \"message\"; fields = { id = \"@id\"; }; } ); };\n"
    "acknowledge = { status = 200; };\n";
static const char channels_text[] = "channels : { bench : { profile = \"reading\"; service = \"s\"; auth = \"path\"; "
                                    "secret = \"a-secret-segment\"; }; };";

#define FIELDS                                                                                                         \
    "id=5a1fc59e-4b2f-4b0e-8c9b-2f3a5a0f7c11&from=%2B8801712345678&to=16263&network=47001&"                            \
    "date=2026-03-01T09:28:39.220%2B0600&text=I+am+back+in+Sylhet+and+need+a+doctor%2C+please+call+after+six"
#define JSON_ITEM                                                                                                      \
    "{\"id\":\"5a1fc59e-4b2f-4b0e-8c9b-2f3a5a0f7c11\",\"from\":\"+8801712345678\",\"to\":\"16263\",\"network\":47001," \
    "\"date\":\"2026-03-01T09:28:39.220+0600\",\"text\":\"I am back in Sylhet and need a doctor, please call after "   \
    "six\"}"
#define XML_ITEM                                                                                                       \
    "<message id=\"5a1fc59e-4b2f-4b0e-8c9b-2f3a5a0f7c11\"><from>+8801712345678</from><to>16263</to>"                   \
    "<network>47001</network><date>2026-03-01T09:28:39.220+0600</date>"                                                \
    "<text>I am back in Sylhet and need a doctor, please call after six</text></message>"

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "reading: %s\n", what);
    exit(EXIT_FAILURE);
}

static struct channel_set *load_channel(struct arena *arena)
{
    char folder[] = "/tmp/helpline-reading-XXXXXX", path[sizeof folder + 32];
    struct problems problems;
    struct settings *settings;
    struct channel_set *set;
    struct error err;
    problems_init(&problems, arena);
    require(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(path, sizeof path, "%s/reading.conf", folder);
    FILE *profile = fopen(path, "w");
    require(profile != NULL && fputs(profile_text, profile) >= 0 && fclose(profile) == 0, "no profile was written");
    require(settings_parse(span_of(channels_text), "reading", &settings, &problems) == OUTCOME_OK,
            "the channel's words");
    enum outcome outcome =
        channel_set_load(setting_get(settings_root(settings), "channels"), folder, NULL, &set, &problems, &err);
    unlink(path);
    rmdir(folder);
    settings_free(settings);
    require(outcome == OUTCOME_OK, problems.count > 0 ? problems.lines[0] : "the channel does not load");
    return set;
}

struct kind {
    const char *name;
    struct http_request request;
    size_t messages;
};

/* Nanoseconds a message of one round. */
static double round_of(const struct channel *channel, const struct kind *kind, struct arena *arena)
{
    size_t repeats = REQUESTS / kind->messages;
    int64_t start = clock_monotonic_us();
    for (size_t i = 0; i < repeats; i++) {
        struct exchange_received received;
        arena_reset(arena);
        enum outcome outcome = exchange_read(channel, DOOR_IN, &kind->request, 0, arena, &received);
        require(outcome == OUTCOME_OK && received.count == kind->messages &&
                    received.list[received.count - 1].at == 1772335719220,
                "a request was not read");
    }
    return (double)(clock_monotonic_us() - start) * 1000 / (double)(repeats * kind->messages);
}

static void print_kind(const struct channel *channel, const struct kind *kind, struct arena *arena)
{
    double best = round_of(channel, kind, arena);
    for (int i = 1; i < ROUNDS; i++) {
        double next = round_of(channel, kind, arena);
        best = next < best ? next : best;
    }
    printf("%-18s %8.0f ns a message\n", kind->name, best);
}

static struct span list_of(const char *before, const char *item, const char *between, const char *after, size_t count,
                           struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, BODY_MAX);
    buffer_add_text(&text, before);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&text, i > 0 ? between : "");
        buffer_add_text(&text, item);
    }
    buffer_add_text(&text, after);
    require(!buffer_failed(&text), "a body is too long");
    return buffer_span(&text);
}

int main(void)
{
    struct arena *kept = arena_create(65536), *arena = arena_create(262144);
    struct channel_set *set = load_channel(kept);
    struct http_request post = {.method = SPAN("POST"), .path = SPAN("/in/bench/a-secret-segment")}, get = post;
    get.method = SPAN("GET");
    get.query = SPAN(FIELDS);
    get.body = SPAN("");
    struct kind kinds[] = {{"form", post, 1},
                           {"query", get, 1},
                           {"json", post, 1},
                           {"xml", post, 1},
                           {"json, 100 at once", post, BATCH},
                           {"xml, 100 at once", post, BATCH}};
    kinds[0].request.body = SPAN(FIELDS);
    kinds[2].request.body = list_of("{\"messages\":[", JSON_ITEM, ",", "]}", 1, kept);
    kinds[3].request.body = list_of("<messages>", XML_ITEM, "", "</messages>", 1, kept);
    kinds[4].request.body = list_of("{\"messages\":[", JSON_ITEM, ",", "]}", BATCH, kept);
    kinds[5].request.body = list_of("<messages>", XML_ITEM, "", "</messages>", BATCH, kept);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        print_kind(channel_set_at(set, 0), &kinds[i], arena);
    channel_set_free(set);
    arena_destroy(arena);
    arena_destroy(kept);
    return EXIT_SUCCESS;
}
