/* What the shipped profiles send, and what they make of the answers that vendors document or that were recorded: the channels of
 * tests/aggregators/helpline.conf. */
#include <jansson.h>
#include <string.h>
#include "exchange_fixture.h"

static struct settings *settings;
static struct channel_set *set;
static struct arena *arena;

static int load(void **state)
{
    (void)state;
    struct problems problems;
    struct error err;
    arena = arena_create(65536);
    problems_init(&problems, arena);
    assert_int_equal(settings_read("tests/aggregators/helpline.conf", NULL, &settings, &problems, &err), OUTCOME_OK);
    struct setting root = settings_root(settings);
    struct channel_site site = {.public_url = setting_string(setting_get(root, "listen"), "public_url", "")};
    return channel_set_load(setting_get(root, "channels"), "conf/aggregators", &site, &set, &problems, &err) ==
                   OUTCOME_OK
               ? 0
               : -1;
}

static int unload(void **state)
{
    (void)state;
    channel_set_free(set);
    settings_free(settings);
    arena_destroy(arena);
    return 0;
}

static const struct channel *channel_of(const char *id)
{
    const struct channel *channel = channel_set_find(set, span_of(id));
    if (channel == NULL)
        fail_msg("no channel %s", id);
    return channel;
}

static struct outbox_row row_of(const struct channel *channel, const char *text)
{
    struct outbox_row row = {.id = 42, .to = SPAN("+8801712345678"), .text = span_of(text)};
    if (channel->pushes)
        row = (struct outbox_row){.id = 42,
                                  .kind = OUTBOX_PUSH,
                                  .to = SPAN("tel:B%3C4pbgs"),
                                  .text = span_of(text),
                                  .link = SPAN("1330929317043")};
    return row;
}

static void assert_json(const struct channel *channel, struct span body, const char *text)
{
    json_error_t error;
    json_t *json = json_loadb(body.at, body.len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        fail_msg("%.*s: %s: %.*s", SPAN_ARG(channel->id), error.text, SPAN_ARG(body));
    char *again = json_dumps(json, JSON_COMPACT);
    json_t *quoted = json_string(text);
    char *wanted = json_dumps(quoted, JSON_ENCODE_ANY);
    if (strstr(again, wanted) == NULL)
        fail_msg("%.*s: the text is not in %s", SPAN_ARG(channel->id), again);
    free(wanted);
    free(again);
    json_decref(quoted);
    json_decref(json);
}

/* Whatever the text, a body that begins like JSON is JSON, and holds it. */
static void every_json_is_json(void **state)
{
    (void)state;
    static const char *const texts[] = {"Hi", "a\"b\\c\n{}&=%", "\xE0\xA6\x95 \xF0\x9F\x98\x80"};
    size_t seen = 0;
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        for (size_t t = 0; channel->sends || channel->pushes ? t < 3 : false; t++) {
            struct outbox_row row = row_of(channel, texts[t]);
            struct send_job job;
            struct error err;
            if (exchange_build_send(channel, &row, SPAN("token"), arena, &job, &err) != OUTCOME_OK ||
                job.body.len == 0 || (job.body.at[0] != '{' && job.body.at[0] != '['))
                continue;
            assert_json(channel, job.body, texts[t]);
            seen++;
        }
    }
    assert_true(seen >= 18);
}

static void what_vendors_ask_for(void **state)
{
    (void)state;
    static const struct {
        const char *channel, *text, *url, *body;
    } cases[] = {
        {"vonage", "a&b", "https://rest.nexmo.com/sms/json",
         "api_key=sample-key&api_secret=sample-api-secret&from=447700900000&to=8801712345678&text=a%26b"
         "&status-report-req=1&client-ref=42"},
        {"twilio", "a&b", "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json",
         "To=%2B8801712345678&From=%2B12025550111&Body=a%26b"
         "&StatusCallback=https%3A%2F%2Fhelpline.example.org%2Fdlr%2Ftwilio%3Fref%3D42"},
        {"infobip-sms", "a&b", "https://api.infobip.com/sms/3/messages",
         "{\"messages\":[{\"from\":\"385921004026\",\"destinations\":[{\"to\":\"8801712345678\",\"messageId\":\"42\"}],"
         "\"content\":{"
         "\"text\":"
         "\"a&b\"},\"webhooks\":{\"delivery\":{\"url\":\"https://helpline.example.org/dlr/infobip-sms/"
         "sample-secret?v=1\",\"intermediateReport\":true,\"contentType\":\"application/json\"}}}]}"},
        {"telerivet", "a&b", "https://api.telerivet.com/v1/projects/PJ0000000000000000/messages/send",
         "{\"to_number\":\"+8801712345678\",\"content\":\"a&b\",\"message_type\":\"sms\",\"status_url\":"
         "\"https://helpline.example.org/dlr/telerivet?secret=sample-secret&ref=42\",\"status_secret\":"
         "\"sample-secret\"}"},
        {"clickatell", "a&b",
         "https://platform.clickatell.com/messages/http/"
         "send?apiKey=sample-key&from=27999000222&to=8801712345678&content=a%26b",
         ""},
        {"hsenid-sms", "a&b", "https://api.ideamart.io/sms/send",
         "{\"version\":\"1.0\",\"applicationId\":\"APP_000001\",\"password\":\"sample-password\",\"message\":\"a&b\","
         "\"destinationAddresses\":[\"tel:8801712345678\"],\"sourceAddress\":\"77000\",\"deliveryStatusRequest\":\"1\","
         "\"encoding\":\"0\"}"},
        {"hsenid-ussd", "1 Yes", "https://api.ideamart.io/ussd/send",
         "{\"applicationId\":\"APP_000001\",\"password\":\"sample-password\",\"version\":\"1.0\",\"message\":\"1 Yes\","
         "\"sessionId\":\"1330929317043\",\"ussdOperation\":\"mt-cont\",\"destinationAddress\":\"tel:B%3C4pbgs\","
         "\"encoding\":\"440\"}"},
        {"junebug", "1 Yes", "http://127.0.0.1:8080/channels/00000000-0000-0000-0000-000000000000/messages/",
         "{\"reply_to\":\"1330929317043\",\"content\":\"1 Yes\",\"channel_data\":{\"continue_session\":true}}"},
        {"junebug-sms", "a&b", "http://127.0.0.1:8080/channels/00000000-0000-0000-0000-000000000000/messages/",
         "{\"to\":\"+8801712345678\",\"from\":\"8110\",\"content\":\"a&b\",\"event_url\":"
         "\"https://helpline.example.org/dlr/junebug-sms?ref=42\",\"event_auth_token\":\"sample-secret\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct channel *channel = channel_of(cases[i].channel);
        struct outbox_row row = row_of(channel, cases[i].text);
        struct send_job job;
        struct error err;
        if (exchange_build_send(channel, &row, SPAN_NONE, arena, &job, &err) != OUTCOME_OK)
            fail_msg("%s: %s", cases[i].channel, err.text);
        if (!span_equal_text(job.url, cases[i].url) || !span_equal_text(job.body, cases[i].body))
            fail_msg("%s: %.*s\n%.*s", cases[i].channel, SPAN_ARG(job.url), SPAN_ARG(job.body));
    }
}

static void the_last_page_ends(void **state)
{
    (void)state;
    struct send_job job;
    struct error err;
    struct outbox_row row = row_of(channel_of("hsenid-ussd"), "\xE0\xA6\x95");
    row.kind = OUTBOX_PUSH_END;
    assert_int_equal(exchange_build_send(channel_of("hsenid-ussd"), &row, SPAN_NONE, arena, &job, &err), OUTCOME_OK);
    assert_non_null(strstr(arena_text(arena, job.body), "\"mt-fin\""));
    assert_null(strstr(arena_text(arena, job.body), "\"440\"")); /* which is said of plain ASCII only */
    assert_int_equal(exchange_build_send(channel_of("junebug"), &row, SPAN_NONE, arena, &job, &err), OUTCOME_OK);
    assert_non_null(strstr(arena_text(arena, job.body), "\"continue_session\":false"));
}

#define VONAGE(status) "{\"message-count\":\"1\",\"messages\":[{\"status\":\"" status "\",\"message-id\":\"0A1\"}]}"
#define VONAGE_TWO(first, second)                                                                                      \
    "{\"message-count\":\"2\",\"messages\":[{\"status\":\"" first "\"},{\"status\":\"" second "\"}]}"
#define INFOBIP(group, name)                                                                                           \
    "{\"messages\":[{\"messageId\":\"m1\",\"status\":{\"groupId\":" group ",\"name\":\"" name "\"}}]}"
#define TAP(code) "{\"statusCode\":\"" code "\",\"statusDetail\":\"x\",\"requestId\":\"r1\",\"version\":\"1.0\"}"
#define CODE(code) "{\"code\":" code ",\"message\":\"x\",\"status\":400}"
#define CLICKATELL(accepted, error)                                                                                    \
    "{\"messages\":[{\"apiMessageId\":\"id1\",\"accepted\":" accepted ",\"error\":" error "}],\"error\":null}"
#define JUNEBUG(type) "{\"status\":400,\"result\":{\"errors\":[{\"type\":\"" type "\",\"message\":\"x\"}]}}"

static const struct {
    const char *channel;
    unsigned status;
    const char *body;
    enum outbox_state state;
    enum outbox_reason reason;
    const char *id;
} answers[] = {
    {"vonage", 200, VONAGE("0"), OUTBOX_SENT, REASON_NONE, "0A1"},
    {"vonage", 200, VONAGE("1"), OUTBOX_QUEUED, REASON_THROTTLED, NULL},
    {"vonage", 200, VONAGE("2"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"vonage", 200, VONAGE("5"), OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"vonage", 200, VONAGE("9"), OUTBOX_FAILED, REASON_CREDIT, NULL},
    {"vonage", 200, VONAGE("33"), OUTBOX_FAILED, REASON_UNREACHABLE, NULL},
    {"vonage", 200, VONAGE_TWO("0", "0"), OUTBOX_SENT, REASON_NONE, NULL},
    {"vonage", 200, VONAGE_TWO("0", "1"), OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"vonage", 200, VONAGE_TWO("1", "0"), OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"vonage", 200, "{\"messages\":[]}", OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"vonage", 429, "Error", OUTBOX_QUEUED, REASON_THROTTLED, NULL},
    {"vonage", 401, "Invalid API token", OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"twilio", 201, "{\"sid\":\"SM1\",\"status\":\"queued\"}", OUTBOX_SENT, REASON_NONE, "SM1"},
    {"twilio", 400, CODE("21610"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"twilio", 400, CODE("21211"), OUTBOX_FAILED, REASON_UNREACHABLE, NULL},
    {"twilio", 429, CODE("20429"), OUTBOX_QUEUED, REASON_THROTTLED, NULL},
    {"twilio", 500, CODE("20500"), OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"infobip-sms", 200, INFOBIP("1", "PENDING_ACCEPTED"), OUTBOX_SENT, REASON_NONE, "m1"},
    {"infobip-sms", 200, INFOBIP("2", "UNDELIVERABLE_NOT_SENT"), OUTBOX_FAILED, REASON_UNREACHABLE, NULL},
    {"infobip-sms", 200, INFOBIP("5", "REJECTED_DND"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"infobip-sms", 200, INFOBIP("5", "REJECTED_NOT_ENOUGH_CREDITS"), OUTBOX_FAILED, REASON_CREDIT, NULL},
    {"infobip-sms", 200, INFOBIP("5", "REJECTED_FLOODING_FILTER"), OUTBOX_FAILED, REASON_THROTTLED, NULL},
    {"infobip-sms", 401, "{\"error\":\"failed\"}", OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"infobip-sms", 429, "{\"error\":\"failed\"}", OUTBOX_QUEUED, REASON_THROTTLED, NULL},
    {"telerivet", 200, "{\"id\":\"SM9\",\"status\":\"queued\"}", OUTBOX_SENT, REASON_NONE, "SM9"},
    {"telerivet", 200, "{\"id\":\"SM9\",\"status\":\"failed\"}", OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"telerivet", 401, "{\"error\":{\"code\":\"invalid_api_key\"}}", OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"clickatell", 202, CLICKATELL("true", "null"), OUTBOX_SENT, REASON_NONE, "id1"},
    {"clickatell", 202, CLICKATELL("false", "\"x\""), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"clickatell", 200, "{\"messages\":[],\"error\":\"Two-Way integration error\"}", OUTBOX_FAILED, REASON_REJECTED,
     NULL},
    {"clickatell", 402, "", OUTBOX_FAILED, REASON_CREDIT, NULL},
    {"clickatell", 410, "", OUTBOX_FAILED, REASON_UNREACHABLE, NULL},
    {"hsenid-sms", 200, TAP("S1000"), OUTBOX_SENT, REASON_NONE, "r1"},
    {"hsenid-sms", 200, TAP("E1326"), OUTBOX_FAILED, REASON_CREDIT, NULL},
    {"hsenid-sms", 200, TAP("E1318"), OUTBOX_FAILED, REASON_THROTTLED, NULL},
    {"hsenid-sms", 200, TAP("E1313"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"hsenid-sms", 200, TAP("E1603"), OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"hsenid-ussd", 200, TAP("S1000"), OUTBOX_SENT, REASON_NONE, "r1"},
    {"hsenid-ussd", 200, TAP("E1383"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"hsenid-ussd", 200, "<html>", OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"junebug", 201, "{\"status\":201,\"result\":{\"message_id\":\"u1\"}}", OUTBOX_SENT, REASON_NONE, "u1"},
    {"junebug", 400, JUNEBUG("MessageNotFound"), OUTBOX_EXPIRED, REASON_EXPIRED, NULL},
    {"junebug", 400, JUNEBUG("MessageTooLong"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"junebug-sms", 404, JUNEBUG("ChannelNotFound"), OUTBOX_FAILED, REASON_REJECTED, NULL},
    {"junebug-sms", 500, "", OUTBOX_UNKNOWN, REASON_UNKNOWN, NULL},
    {"africastalking-sms", 200, "{\"SMSMessageData\":{\"Recipients\":[{\"status\":\"Success\",\"messageId\":\"1\"}]}}",
     OUTBOX_SENT, REASON_NONE, "1"},
    {"kannel", 200, "0: Accepted for delivery", OUTBOX_SENT, REASON_NONE, NULL},
};

static void what_vendors_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct send_outcome outcome = {
            .fate = SEND_ANSWERED, .status = answers[i].status, .body = span_of(answers[i].body)};
        struct send_verdict verdict;
        exchange_read_outcome(channel_of(answers[i].channel), &outcome, arena, &verdict);
        if (verdict.state != answers[i].state || verdict.reason != answers[i].reason ||
            (answers[i].id != NULL && !span_equal_text(verdict.vendor_id, answers[i].id)))
            fail_msg("case %zu (%s): state %d, reason %d, id %.*s", i, answers[i].channel, (int)verdict.state,
                     (int)verdict.reason, SPAN_ARG(verdict.vendor_id));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_json_is_json),
        cmocka_unit_test(what_vendors_ask_for),
        cmocka_unit_test(the_last_page_ends),
        cmocka_unit_test(what_vendors_answer),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
