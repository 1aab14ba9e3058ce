/* libFuzzer target for the profile interpreter: whatever comes in at a door of a channel, what comes out holds its promises.
 * First byte: the channel; second: the door, and GET where its fifth bit is set; the rest is the body or the query. */
#include <stdio.h>
#include <stdlib.h>

#include "aggregator/exchange.h"
#include "text/utf8.h"

#define OPEN "service = \"s\"; trust = \"network-only\"; accept_unverified = true; sends = false;"
static const char channels_text[] =
    "channels : {"
    " ussd : { profile = \"africastalking-ussd\"; service = \"s\"; trust = \"network-only\"; };"
    " sms : { profile = \"africastalking-sms\"; service = \"s\"; trust = \"network-only\"; secrets = { api_key = "
    "\"k\"; }; };"
    " kannel : { profile = \"kannel\"; service = \"s\"; trust = \"network-only\"; secrets = { password = \"p\"; };"
    "   numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; };"
    " json : { profile = \"generic-json\"; kind = \"ussd\"; code = \"*384#\"; " OPEN " };"
    " xml : { profile = \"generic-xml\"; kind = \"sms\"; " OPEN " };"
    " both : { profile = \"playmobile\"; request = { text_as = \"base64-guess\"; }; " OPEN " };"
    " wrapped : { profile = \"generic-json\"; kind = \"sms\"; " OPEN
    "   request = { text_as = \"percent\"; fields = { charset = \"cs\"; coding = \"c\"; udh = \"udh\"; };"
    "     codings = ( { value = \"1\"; means = \"UTF-32\"; }, { value = \"2\"; means = \"GSM-7\"; } ); }; }; };";
#define OLD_CHANNELS 3 /* the first of them, of which the corpus was made */

static struct channel_set *set;

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load_channels(void)
{
    struct arena *arena = arena_create(65536);
    struct problems problems;
    struct settings *settings;
    struct error err;
    problems_init(&problems, arena);
    require(settings_parse(span_of(channels_text), "fuzz", &settings, &problems) == OUTCOME_OK);
    enum outcome outcome = channel_set_load(setting_get(settings_root(settings), "channels"), "conf/aggregators", NULL,
                                            &set, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        fprintf(stderr, "%s\n", problems.lines[i]);
    require(outcome == OUTCOME_OK);
    settings_free(settings);
    arena_destroy(arena);
}

static void check_message(const struct inbound *m, struct span rest)
{
    bool over = m->event == INBOUND_CLOSE || m->event == INBOUND_ASK;
    if (m->kind == INBOUND_USSD || m->kind == INBOUND_SMS) {
        require(span_is_present(m->input) && utf8_is_valid(m->input));
        require(over || m->from.text.len > 0);
        require(!span_is_present(m->from.text) || utf8_is_valid(m->from.text));
        require(!m->undecodable || (span_is_present(m->raw) && m->raw.len <= 8 * rest.len));
        require(m->part.total == 0 ||
                (m->part.number >= 1 && m->part.number <= m->part.total && m->part.reference.len > 0));
        require(!span_is_present(m->route) || (m->route.len > 0 && utf8_is_valid(m->route)));
    }
    require(m->kind != INBOUND_UNREADABLE || span_is_present(m->raw));
    if (m->kind == INBOUND_USSD || m->kind == INBOUND_NOTIFY)
        require(m->session.len > 0 && utf8_is_valid(m->session));
    if (m->kind == INBOUND_REPORT)
        require(m->refers_to.len > 0);
    require(m->at >= 0);
    require(!span_is_present(m->to) || utf8_is_valid(m->to));
}

static void answer(const struct channel *channel, const struct inbound *first, struct arena *arena)
{
    struct http_response response;
    struct reply reply = {.text = first->input};
    exchange_reply(channel, first, &reply, arena, &response);
    require(response.status == 200);
    require(first->kind == INBOUND_USSD ? response.body.len >= 4 : response.body.len == 0);
    struct outbox_row row = {.id = 1, .to = first->from.text, .text = first->input};
    struct send_job job;
    struct error err;
    if (exchange_build_send(channel, &row, SPAN_NONE, arena, &job, &err) == OUTCOME_OK)
        require(utf8_is_valid(job.url));
}

static void judge(const struct channel *channel, struct span rest, struct arena *arena)
{
    struct send_outcome outcome = {.status = 201, .body = rest};
    struct send_verdict verdict;
    exchange_read_outcome(channel, &outcome, arena, &verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (set == NULL)
        load_channels();
    const struct channel *channel = channel_set_at(set, data[0] % channel_set_count(set));
    enum exchange_door door = (enum exchange_door)(data[1] % 3);
    struct span rest = {(const char *)data + 2, size - 2};
    bool gets = span_equal_text(channel->id, "kannel") || (data[1] & 0x10) != 0;
    struct http_request request = {.method = gets ? SPAN("GET") : SPAN("POST"), .path = SPAN("/")};
    *(gets ? &request.query : &request.body) = rest;
    struct arena *arena = arena_create(4096);
    struct exchange_received received;
    if (exchange_read(channel, door, &request, 0, arena, &received) == OUTCOME_OK) {
        for (size_t i = 0; i < received.count; i++)
            check_message(&received.list[i], rest);
        if (received.count > 0 && data[0] % channel_set_count(set) < OLD_CHANNELS)
            answer(channel, &received.list[0], arena);
    } else {
        require(received.rejection.status >= 400 && received.rejection.status < 500 &&
                received.rejection.reason.len > 0);
    }
    judge(channel, rest, arena);
    arena_destroy(arena);
    return 0;
}
