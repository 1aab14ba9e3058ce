/*
 * A stage for the core's tests: a small service, real profiles, a real store, in a folder of its own; everything is gone
 * afterwards. The clock is the test's.
 */
#pragma once
#include "store_fixture.h"

#include <sys/stat.h>
#include "core/catalogue.h"
#include "engine_words.h"

#define SECOND 1000
#define HOUR (3600 * SECOND)

static const char small_service[] =
    "name = \"small\"; version = \"1\"; zone = \"+06:00\";\n"
    "languages = ( { id = \"en\"; }, { id = \"bn\"; fallback = \"en\"; } );\n"
    "entry = { first = \"lang\"; known = \"main\"; resume = \"resume\"; help_offer = \"offer\"; danger = \"danger\"; "
    "};\n"
    "windows = { resume_hours = 24; sms_silence_hours = 6; call_within_hours = 24; danger_within_minutes = 5; };\n"
    "keywords = ( { id = \"stop\"; goto = \"stop\"; once = true; }, { id = \"sos\"; goto = \"danger\"; },\n"
    "             { id = \"onward\"; continue = true; } );\n"
    "triage = ( { id = \"violence\"; urgency = \"danger\"; goto = \"danger\"; } );\n"
    "machines = [ \"out of office\" ];\n";

static const char small_flow[] =
    "nodes = (\n"
    " { id = \"lang\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"en\"; goto = \"main\"; set_language = "
    "\"en\"; },\n"
    "   { key = \"2\"; id = \"bn\"; goto = \"main\"; set_language = \"bn\"; }, { key = \"9\"; id = \"danger\"; goto = "
    "\"danger\"; } ); },\n"
    " { id = \"main\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"again\"; goto = \"again\"; },\n"
    "   { key = \"2\"; id = \"call\"; goto = \"call\"; }, { key = \"3\"; id = \"bye\"; goto = \"bye\"; },\n"
    "   { key = \"4\"; id = \"all\"; goto = \"all\"; }, { key = \"5\"; id = \"mine\"; goto = \"mine\"; },\n"
    "   { key = \"6\"; id = \"one\"; goto = \"send\"; },\n"
    "   { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"resume\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"continue\"; }, { key = \"2\"; id = "
    "\"restart\"; },\n"
    "   { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"offer\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"call\"; goto = \"call\"; },"
    " { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"danger\"; kind = \"page\"; sensitive = true; foot = \"none\"; options = ( { key = \"3\"; id = \"safe\"; "
    "goto = \"main\"; } ); },\n"
    " { id = \"again\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"deeper\"; goto = \"deeper\"; } ); },\n"
    " { id = \"deeper\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"deepest\"; goto = \"deepest\"; } ); },\n"
    " { id = \"deepest\"; kind = \"page\"; },\n"
    " { id = \"bye\"; kind = \"page\"; ends = true; },\n"
    " { id = \"call\"; kind = \"form\"; then = \"send\"; fields = (\n"
    "   { id = \"name\"; type = \"text\"; max = 40; },\n"
    "   { id = \"when\"; type = \"choice\"; options = ( { key = \"1\"; id = \"morning\"; }, { key = \"2\"; id = "
    "\"evening\"; } ); },\n"
    "   { id = \"confirm\"; type = \"choice\"; options = ( { key = \"1\"; id = \"send\"; } ); } ); },\n"
    " { id = \"send\"; kind = \"do\"; effect = \"request\"; request_kind = \"call\"; goto = \"sent\"; },\n"
    " { id = \"sent\"; kind = \"page\"; ends = true; },\n"
    " { id = \"all\"; kind = \"menu\"; shortcut = false; options = ( { key = \"1\"; id = \"out\"; goto = \"stop\"; },\n"
    "   { key = \"2\"; id = \"forget\"; goto = \"forget\"; }, { key = \"3\"; id = \"bn\"; goto = \"speak_bn\"; },\n"
    "   { key = \"4\"; id = \"text\"; goto = \"text_me\"; } ); },\n"
    " { id = \"stop\"; kind = \"do\"; effect = \"opt_out\"; goto = \"done\"; },\n"
    " { id = \"forget\"; kind = \"do\"; effect = \"forget\"; goto = \"done\"; },\n"
    " { id = \"text_me\"; kind = \"do\"; effect = \"text_me\"; goto = \"done\"; },\n"
    " { id = \"speak_bn\"; kind = \"do\"; effect = \"set_language\"; language = \"bn\"; goto = \"main\"; },\n"
    " { id = \"mine\"; kind = \"page\"; list = \"requests\"; },\n"
    " { id = \"done\"; kind = \"page\"; }\n"
    ");\n";

static const char small_text_en[] =
    "language = \"en\"; own_name = \"English\"; state = \"approved\";\n" ENGINE_WORDS("") STATE_WORDS
    "request_kinds = { call = \"call\"; };\n"
    "keywords = { stop = [ \"STOP\" ]; sos = [ \"SOS\" ]; onward = [ \"GO ON\" ]; };\n"
    "triage = { violence = [ \"beat me\" ]; };\n"
    "safety = { body = \"Call 999 in danger.\"; };\n"
    "lang = { title = \"Language\"; en = \"English\"; bn = \"Bangla\"; danger = \"Danger\"; };\n"
    "main = { title = \"Small\"; again = \"Again\"; call = \"Call me\"; bye = \"Bye\"; all = \"Settings\"; mine = "
    "\"Mine\"; one = \"At once\"; danger = \"Danger\"; };\n"
    "resume = { title = \"Welcome back\"; continue = \"Continue\"; restart = \"Start again\"; danger = \"Danger\"; };\n"
    "offer = { title = \"Shall we call?\"; call = \"Call me\"; danger = \"Danger\"; };\n"
    "danger = { title = \"Call 999\"; safe = \"I am safe\"; };\n"
    "again = { title = \"Again\"; deeper = \"Deeper\"; }; deeper = { title = \"Deeper\"; deepest = \"Deepest\"; };\n"
    "deepest = { body = \"Deepest.\"; };\n"
    "bye = { body = \"Bye.\"; };\n"
    "call = { name = { title = \"Your name?\"; }; when = { title = \"When?\"; morning = \"Morning\"; evening = "
    "\"Evening\"; };\n"
    "  confirm = { title = \"Call: {answer.when}\"; send = \"Send\"; }; };\n"
    "sent = { body = \"Sent. Ref {ref}\"; };\n"
    "all = { title = \"Settings\"; out = \"No texts\"; forget = \"Forget me\"; bn = \"Bangla\"; text = \"Text me\"; "
    "};\n"
    "text_me = { body = \"A text for you.\"; };\n"
    "mine = { title = \"Yours ({requests})\"; };\n"
    "done = { body = \"Done.\"; };\n";

static const char small_text_bn[] =
    "language = \"bn\"; own_name = \"Bangla\"; state = \"approved\";\n"
    "main = { title = \"Chhoto\"; again = \"Abar\"; call = \"Phone chai\"; bye = \"Biday\"; all = \"Setting\"; mine = "
    "\"Amar\"; one = \"Ekhoni\"; danger = \"Bipod\"; };\n";

static const char small_config[] =
    "data = { path = \"%1$s/data.db\"; keys = \"%1$s/keys\"; forgotten = \"%1$s/forgotten\"; backups = "
    "\"%1$s/backups\"; };\n"
    "listen = { webhooks = \"127.0.0.1:0\"; console = \"127.0.0.1:0\"; control = \"%1$s/control.sock\"; };\n"
    "dir = { menus = \"%1$s/menus\"; profiles = \"conf/aggregators\"; };\n"
    "channels = {\n"
    "  ussd = { profile = \"africastalking-ussd\"; service = \"small\"; code = \"*384#\"; auth = \"path\"; secret = "
    "\"0123456789abcdef\";\n"
    "    numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; };\n"
    "  sms = { profile = \"africastalking-sms\"; service = \"small\"; code = \"21512\"; auth = \"path\"; secret = "
    "\"0123456789abcdef\";\n"
    "    secrets = { api_key = \"none\"; }; with = { base_url = \"http://127.0.0.1:%2$u\"; username = \"sandbox\"; };\n"
    "    %3$s\n"
    "    numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; };\n"
    "};\n";

struct stage {
    struct fixture *f; /* folder, keys, store */
    struct catalogue *catalogue;
    char config[128];
    unsigned port; /* where texts are sent; nobody listens unless the test does */
};

static inline void stage_write(const char *dir, const char *name, const char *text)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static inline void stage_write_menus(const struct stage *stage)
{
    static const char *const folders[] = {"menus", "menus/small", "menus/small/flow", "menus/small/text"};
    char path[256];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", stage->f->dir, folders[i]);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/menus/small", stage->f->dir);
    stage_write(path, "service.conf", small_service);
    stage_write(path, "flow/main.conf", small_flow);
    stage_write(path, "text/en.conf", small_text_en);
    stage_write(path, "text/bn.conf", small_text_bn);
}

static inline void stage_load(struct stage *stage)
{
    struct fixture *f = stage->f;
    struct problems problems;
    problems_init(&problems, f->arena);
    enum outcome outcome = catalogue_load(stage->config, NULL, 0, &stage->catalogue, &problems, &f->err);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.lines[i]);
    OK(outcome);
}

/* The configuration anew: more words for the channel that sends, more channels, and more beside them. */
static inline void stage_configure(struct stage *stage, const char *words, const char *channels, const char *beside)
{
    static char text[8192];
    int len = snprintf(text, sizeof text, small_config, stage->f->dir, stage->port, words);
    len -= (int)strlen("};\n"); /* of the channels */
    snprintf(text + len, sizeof text - (size_t)len, "%s};\n%s", channels, beside);
    stage_write(stage->f->dir, "helpline.conf", text);
    catalogue_free(stage->catalogue);
    stage_load(stage);
}

/* Texts go to `port` of this machine. */
static inline struct stage stage_open(unsigned port)
{
    struct stage stage = {.port = port};
    char text[4096];
    assert_int_equal(fixture_setup((void **)&stage.f), 0);
    snprintf(stage.config, sizeof stage.config, "%s/helpline.conf", stage.f->dir);
    stage_write_menus(&stage);
    snprintf(text, sizeof text, small_config, stage.f->dir, port, "");
    stage_write(stage.f->dir, "helpline.conf", text);
    chmod(stage.config, 0600);
    stage_load(&stage);
    return stage;
}

static inline void stage_close(struct stage *stage)
{
    catalogue_free(stage->catalogue);
    fixture_teardown((void **)&stage->f);
}

static inline const struct channel *stage_channel(const struct stage *stage, const char *id)
{
    const struct channel *channel = channel_set_find(stage->catalogue->config->channels, span_of(id));
    assert_non_null(channel);
    return channel;
}
