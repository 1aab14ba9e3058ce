/*
 * The aggregator's side of every profile: what handset_request says is what exchange_read reads, and what the gateway answers
 * and sends is what handset_screen and handset_sent read. A new profile is tried here because its file is there.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "aggregator/handset.h"
#include "base/buffer.h"
#include "exchange_fixture.h"

#define PUBLIC_URL "https://helpline.example.org"
#define NOW INT64_C(1763683200000)
#define SCREEN "InfoLine & \"friends\" <a>\n1 Find 'services'\n2 Ask us"

static char folder[] = "conf/aggregators";

/* Each name behind "{{secret." in a profile gets a value. */
static void add_secrets(struct span profile, struct buffer *out)
{
    static const char mark[] = "{{secret.";
    const char *at = profile.at, *end = profile.at + profile.len;
    buffer_add_text(out, " secrets = {");
    while ((at = memmem(at, (size_t)(end - at), mark, strlen(mark))) != NULL) {
        at += strlen(mark);
        struct span name = {at, strcspn(at, "|}")};
        struct span told = arena_format(out->arena, " %.*s = \"", SPAN_ARG(name));
        if (memmem(out->at, out->len, told.at, told.len) == NULL)
            buffer_add_format(out, "%.*ss&%.*s+\";", SPAN_ARG(told), SPAN_ARG(name));
    }
    buffer_add_text(out, " };");
}

static struct span read_profile(const char *name, struct arena *arena)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s.conf", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = arena_alloc(arena, 65536);
    size_t len = fread(text, 1, 65535, file);
    fclose(file);
    return (struct span){text, len};
}

/* One channel of the profile, authenticated as `auth` says. Set NULL: the profile does not allow it. */
static struct fixture load(const char *name, const char *kind, const char *auth, bool in_reply)
{
    struct arena *arena = arena_create(65536);
    struct span profile = read_profile(name, arena);
    struct buffer text;
    struct problems problems;
    buffer_init(&text, arena, 65536);
    buffer_add_format(&text,
                      "channels : { it : { profile = \"%s\"; service = \"infoline\"; code = \"%s\"; auth = \"%s\";"
                      " secret = \"0123456789abcdef\"; accept_unverified = true;%s%s",
                      name, strcmp(kind, "ussd") == 0 ? "*384*123#" : "21512", auth,
                      strcmp(auth, "field") == 0 ? " secret_field = \"secret_word\";" : "",
                      in_reply ? " answer_in_reply = true;" : "");
    if (memmem(profile.at, profile.len, "kind = \"both\"", 13) != NULL)
        buffer_add_format(&text, " kind = \"%s\";", kind);
    add_secrets(profile, &text);
    buffer_add_text(&text, " }; };");
    struct fixture f = fixture_load_at(arena_text(arena, buffer_span(&text)), PUBLIC_URL, &problems);
    for (size_t i = 0; f.set == NULL && !in_reply && strcmp(auth, "path") == 0 && i < problems.count; i++)
        print_message("%s: %s\n", name, problems.lines[i]);
    arena_destroy(arena);
    return f;
}

typedef void on_channel(const struct channel *channel, const char *name, struct arena *arena);

/* One check of one profile: a test of its own, whose name says both. */
struct trial {
    const char *kind, *auth, *what;
    bool in_reply; /* the channel answers texts in the reply */
    on_channel *check;
    char profile[256], name[400];
};

static void run_trial(void **state)
{
    const struct trial *trial = *state;
    struct fixture f = load(trial->profile, trial->kind, trial->auth, trial->in_reply);
    bool must_load = strcmp(trial->auth, "path") == 0 && !trial->in_reply;
    if (f.set == NULL)
        assert_false(must_load);
    else
        trial->check(fixture_channel(&f, "it"), trial->profile, f.arena);
    fixture_free(&f);
}

/* Fails with the name of the profile. */
#define CHECK(name, condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_msg("%s: %s", name, #condition);                                                                      \
    } while (0)

struct read {
    struct inbound first;
    size_t count;
};

static struct read read_back(const struct channel *channel, const char *name, enum exchange_door door,
                             const struct handset *handset, struct arena *arena)
{
    struct http_request request;
    struct exchange_received received;
    struct error err = {0};
    struct read read = {0};
    if (handset_request(channel, door, handset, NOW, arena, &request, &err) != OUTCOME_OK)
        fail_msg("%s: %s", name, err.text);
    request.peer = SPAN("127.0.0.1");
    const struct rejection *rejection = &received.rejection;
    if (exchange_read(channel, door, &request, NOW, arena, &received) != OUTCOME_OK)
        fail_msg("%s: %u %.*s: %.*s\n%.*s %.*s\n%.*s", name, rejection->status, SPAN_ARG(rejection->field),
                 SPAN_ARG(rejection->reason), SPAN_ARG(request.method), SPAN_ARG(request.target),
                 SPAN_ARG(request.body));
    read.count = received.count;
    CHECK(name, read.count == 1);
    read.first = received.list[0];
    return read;
}

static struct handset caller(const struct channel *channel)
{
    return (struct handset){.session = SPAN("dial-0123"),
                            .from = SPAN("+8801712345678"),
                            .to = channel->code,
                            .id = SPAN("dial-77"),
                            .event = INBOUND_NEW};
}

/* A dialect of opaque senders has its own form of the number. */
static bool is_caller(const struct inbound *message)
{
    bool is_token = message->from.kind == PHONE_OPAQUE && span_equal_text(message->from.text, "8801712345678");
    return is_token || span_equal_text(message->from.text, "+8801712345678");
}

static void a_session_begins(const struct channel *channel, const char *name, struct arena *arena)
{
    struct handset handset = caller(channel);
    for (handset.shape = 0; handset.shape < handset_shapes(channel, DOOR_IN); handset.shape++) {
        handset.text = handset_dial(channel, handset.to, arena);
        struct inbound first = read_back(channel, name, DOOR_IN, &handset, arena).first;
        CHECK(name, first.kind == INBOUND_USSD);
        CHECK(name, first.event == INBOUND_NEW || first.event == INBOUND_RESUME);
        CHECK(name, !span_is_present(first.session) || span_equal_text(first.session, "dial-0123") ||
                        strstr(first.session.at, "8801712345678") != NULL);
        CHECK(name, is_caller(&first));
        CHECK(name, !first.undecodable && !span_is_present(first.route));
    }
}

static void an_answer_is_read(const struct channel *channel, const char *name, struct arena *arena)
{
    struct handset handset = caller(channel);
    handset.event = INBOUND_RESUME;
    for (handset.shape = 0; handset.shape < handset_shapes(channel, DOOR_IN); handset.shape++) {
        handset.text = handset_dial(channel, handset.to, arena);
        struct span before = handset.text;
        handset.text = handset_type(channel, handset.text, 0, SPAN("1"), arena);
        handset.text = handset_type(channel, handset.text, 1, SPAN("hello +& there"), arena);
        struct inbound answer = read_back(channel, name, DOOR_IN, &handset, arena).first;
        CHECK(name, answer.kind == INBOUND_USSD && answer.event == INBOUND_RESUME);
        bool grows = answer.form == INPUT_CUMULATIVE;
        struct span whole = arena_format(arena, "1%chello +& there", answer.separator);
        struct span led = arena_format(arena, "%.*s%c%.*s", SPAN_ARG(before), answer.separator, SPAN_ARG(whole));
        CHECK(name, grows ? span_equal(answer.input, whole) || span_equal(answer.input, led)
                          : span_equal_text(answer.input, "hello +& there"));
    }
}

static void an_end_is_read(const struct channel *channel, const char *name, struct arena *arena)
{
    static const enum end_cause causes[] = {END_NONE, END_CLOSED, END_ABORTED, END_TIMEOUT, END_FAILED};
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        struct handset handset = caller(channel);
        struct http_request request;
        struct error err;
        handset.event = INBOUND_CLOSE;
        handset.cause = causes[i];
        handset.text = SPAN("");
        if (handset_request(channel, DOOR_IN, &handset, NOW, arena, &request, &err) != OUTCOME_OK)
            continue;
        struct inbound end = read_back(channel, name, DOOR_IN, &handset, arena).first;
        CHECK(name, end.event == INBOUND_CLOSE);
        CHECK(name, causes[i] == END_NONE || end.cause == causes[i]);
    }
    struct handset handset = caller(channel);
    if (handset_shapes(channel, DOOR_NOTIFY) == 0)
        return;
    struct inbound notice = read_back(channel, name, DOOR_NOTIFY, &handset, arena).first;
    CHECK(name, notice.kind == INBOUND_NOTIFY && notice.event == INBOUND_CLOSE);
}

static void a_screen_is_shown(const struct channel *channel, const char *name, struct arena *arena)
{
    struct handset handset = caller(channel);
    handset.text = handset_dial(channel, handset.to, arena);
    struct inbound first = read_back(channel, name, DOOR_IN, &handset, arena).first;
    for (int ending = 0; ending < 2 && !channel->pushes; ending++) {
        struct reply reply = {.text = SPAN(SCREEN), .ends = ending == 1};
        struct http_response response;
        struct span screen;
        bool ends;
        exchange_reply(channel, &first, &reply, arena, &response);
        if (handset_screen(channel, &response, arena, &screen, &ends) != OUTCOME_OK)
            fail_msg("%s: no screen: %.*s", name, SPAN_ARG(response.body));
        if (!span_equal_text(screen, SCREEN))
            fail_msg("%s: another screen: %.*s", name, SPAN_ARG(screen));
        CHECK(name, ends == reply.ends);
    }
}

/* The request as the aggregator gets it. */
static struct http_request received(const struct send_job *job, struct arena *arena)
{
    struct span rest = job->url;
    struct pair *headers = ARENA_ARRAY(arena, struct pair, job->header_count + 1);
    while (rest.len > 0 && rest.at[0] != '/')
        rest = span_from(rest, 1);
    rest = span_from(rest, 2);
    size_t host = strcspn(arena_text(arena, rest), "/?");
    headers[0] = (struct pair){SPAN("Host"), span_first(rest, host)};
    return (struct http_request){.method = job->method,
                                 .target = span_from(rest, host),
                                 .body = span_is_present(job->body) ? job->body : SPAN(""),
                                 .headers = headers,
                                 .header_count = 1};
}

static struct handset_sent send_and_read(const struct channel *channel, const char *name, struct outbox_row *row,
                                         struct arena *arena)
{
    struct send_job job;
    struct error err = {0};
    struct handset_sent sent = {0};
    if (exchange_build_send(channel, row, SPAN("a-token"), arena, &job, &err) != OUTCOME_OK)
        fail_msg("%s: %s", name, err.text);
    struct http_request request = received(&job, arena);
    if (handset_sent(channel, &request, arena, &sent) != OUTCOME_OK)
        fail_msg("%s: not read: %.*s %.*s\n%.*s", name, SPAN_ARG(job.method), SPAN_ARG(job.url), SPAN_ARG(job.body));
    if (!span_equal(sent.text, row->text))
        fail_msg("%s: another text: %.*s", name, SPAN_ARG(sent.text));
    return sent;
}

static void answer_as_sent(const struct channel *channel, const char *name, const struct handset_sent *sent,
                           struct arena *arena)
{
    struct http_response response;
    struct send_verdict verdict;
    handset_answer(channel, sent, SPAN("dial-88"), arena, &response);
    struct send_outcome outcome = {.fate = SEND_ANSWERED, .status = response.status, .body = response.body};
    exchange_read_outcome(channel, &outcome, arena, &verdict);
    if (verdict.state != OUTBOX_SENT)
        fail_msg("%s: the answer of dial is not taken for a yes: %u %.*s", name, response.status,
                 SPAN_ARG(response.body));
}

static void a_page_is_pushed(const struct channel *channel, const char *name, struct arena *arena)
{
    for (int ending = 0; ending < 2 && channel->pushes; ending++) {
        struct outbox_row row = {.id = 4711,
                                 .kind = ending ? OUTBOX_PUSH_END : OUTBOX_PUSH,
                                 .to = SPAN("tel:8801712345678"),
                                 .from = channel->code,
                                 .text = SPAN(SCREEN),
                                 .link = SPAN("dial-0123")};
        struct handset_sent sent = send_and_read(channel, name, &row, arena);
        CHECK(name, sent.asked == HANDSET_PAGE && sent.ends == (ending == 1));
        answer_as_sent(channel, name, &sent, arena);
    }
}

static void a_text_is_read(const struct channel *channel, const char *name, struct arena *arena)
{
    static const char *const texts[] = {"MENU", "a+b & \"c\" <d>%20",
                                        "\xE0\xA6\xB8\xE0\xA6\xBE\xE0\xA6\xB9\xE0\xA6\xBE"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct handset handset = caller(channel);
        handset.text = span_of(texts[i]);
        for (handset.shape = 0; handset.shape < handset_shapes(channel, DOOR_IN); handset.shape++) {
            struct inbound text = read_back(channel, name, DOOR_IN, &handset, arena).first;
            CHECK(name, text.kind == INBOUND_SMS && !text.undecodable);
            if (!span_equal(text.input, handset.text))
                fail_msg("%s: another text: %.*s", name, SPAN_ARG(text.input));
            CHECK(name, is_caller(&text));
            CHECK(name, !span_is_present(text.id) || span_equal_text(text.id, "dial-77"));
        }
    }
}

static void a_report_is_read(const struct channel *channel, const char *name, struct arena *arena)
{
    struct handset handset = caller(channel);
    handset.delivery = DELIVERY_DELIVERED;
    handset.id = SPAN("4711");
    for (handset.shape = 0; handset.shape < handset_shapes(channel, DOOR_REPORT); handset.shape++) {
        struct inbound report = read_back(channel, name, DOOR_REPORT, &handset, arena).first;
        CHECK(name, report.kind == INBOUND_REPORT && report.delivery == DELIVERY_DELIVERED);
        CHECK(name, span_equal_text(report.refers_to, "4711"));
    }
}

static void a_text_is_sent(const struct channel *channel, const char *name, struct arena *arena)
{
    static const char *const texts[] = {"Hello {world}\n1 a & \"b\" <c>+%41",
                                        "\xE0\xA6\xB8\xE0\xA6\xBE\xE0\xA6\xB9 + &"};
    for (size_t i = 0; channel->sends && i < sizeof texts / sizeof texts[0]; i++) {
        struct outbox_row row = {.id = 4711,
                                 .to = SPAN("+8801712345678"),
                                 .from = channel->code,
                                 .text = span_of(texts[i]),
                                 .link = i == 0 ? SPAN("link-1") : SPAN_NONE};
        struct handset_sent sent = send_and_read(channel, name, &row, arena);
        CHECK(name, sent.asked == HANDSET_TEXT);
        CHECK(name, !span_is_present(sent.to) || span_equal_text(sent.to, "+8801712345678"));
        CHECK(name, span_is_present(sent.to) || span_is_present(sent.link)); /* an answer may name the text alone */
        CHECK(name, !span_is_present(sent.id) || span_equal_text(sent.id, "4711"));
        answer_as_sent(channel, name, &sent, arena);
    }
}

static void an_answer_in_reply(const struct channel *channel, const char *name, struct arena *arena)
{
    struct handset handset = caller(channel);
    handset.text = SPAN("MENU");
    struct inbound text = read_back(channel, name, DOOR_IN, &handset, arena).first;
    struct reply reply = {.text = SPAN("1 a & <b>")};
    struct http_response response;
    struct span answer;
    exchange_reply(channel, &text, &reply, arena, &response);
    CHECK(name, handset_texted(channel, &response, arena, &answer) == OUTCOME_OK);
    CHECK(name, span_equal_text(answer, "1 a & <b>"));
    exchange_reply(channel, &text, NULL, arena, &response);
    CHECK(name, handset_texted(channel, &response, arena, &answer) == OUTCOME_NOT_FOUND);
}

static const struct trial checks[] = {
    {.kind = "ussd", .auth = "path", .what = "a session begins", .check = a_session_begins},
    {.kind = "ussd", .auth = "path", .what = "an answer is read", .check = an_answer_is_read},
    {.kind = "ussd", .auth = "path", .what = "an end is read", .check = an_end_is_read},
    {.kind = "ussd", .auth = "path", .what = "a screen is shown", .check = a_screen_is_shown},
    {.kind = "ussd", .auth = "path", .what = "a page is pushed", .check = a_page_is_pushed},
    {.kind = "ussd", .auth = "basic", .what = "with Basic", .check = a_session_begins},
    {.kind = "ussd", .auth = "signature", .what = "signed", .check = a_session_begins},
    {.kind = "sms", .auth = "path", .what = "a text is read", .check = a_text_is_read},
    {.kind = "sms", .auth = "path", .what = "a report is read", .check = a_report_is_read},
    {.kind = "sms", .auth = "path", .what = "a text is sent", .check = a_text_is_sent},
    {.kind = "sms", .auth = "path", .what = "an answer in the reply", .in_reply = true, .check = an_answer_in_reply},
    {.kind = "sms", .auth = "field", .what = "with a field", .check = a_text_is_read},
    {.kind = "sms", .auth = "header", .what = "with a header", .check = a_text_is_read},
    {.kind = "sms", .auth = "signature", .what = "signed", .check = a_text_is_read},
};
#define CHECK_COUNT (sizeof checks / sizeof checks[0])
#define PROFILES_MAX 100
#define TRIALS_MAX (CHECK_COUNT * PROFILES_MAX)

/* cmocka leaves out what has no function. */
static struct trial trials[TRIALS_MAX];
static struct CMUnitTest tests[TRIALS_MAX];
static size_t trial_count;

static bool is_of_kind(struct span profile, const char *kind)
{
    char own[40];
    snprintf(own, sizeof own, "\nkind = \"%s\";", kind);
    return memmem(profile.at, profile.len, own, strlen(own)) != NULL;
}

static void add_profile(const char *name)
{
    struct arena *arena = arena_create(65536);
    struct span profile = read_profile(name, arena);
    for (size_t i = 0; i < CHECK_COUNT && trial_count < TRIALS_MAX; i++) {
        if (!is_of_kind(profile, checks[i].kind) && !is_of_kind(profile, "both"))
            continue;
        struct trial *trial = &trials[trial_count];
        *trial = checks[i];
        snprintf(trial->profile, sizeof trial->profile, "%s", name);
        snprintf(trial->name, sizeof trial->name, "%s (%s): %s", name, trial->kind, trial->what);
        tests[trial_count++] = (struct CMUnitTest){.name = trial->name, .test_func = run_trial, .initial_state = trial};
    }
    arena_destroy(arena);
}

int main(void)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *dot = strrchr(entries[i]->d_name, '.');
        if (dot != NULL && dot != entries[i]->d_name && strcmp(dot, ".conf") == 0) {
            *dot = '\0';
            add_profile(entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    if (trial_count == 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
