/*
 * sample_service: one small service that holds every kind of node and question, for the tests of the menu floor and for its
 * fuzzers. A test that wants something broken changes one piece of it (sample_parse_changed).
 */
#pragma once
#include <string.h>
#include "base/arena.h"
#include "base/problems.h"
#include "engine_words.h"
#include "menu/service.h"

static const char sample_service_conf[] =
    "name = \"sample\"; version = \"1\"; zone = \"+06:00\";\n"
    "languages = ( { id = \"en\"; }, { id = \"bn\"; fallback = \"en\"; } );\n"
    "entry = { first = \"lang\"; known = \"main\"; resume = \"resume\"; help_offer = \"offer\"; danger = \"danger\"; "
    "pin = \"pin\"; };\n"
    "windows = { resume_hours = 24; sms_silence_hours = 6; call_within_hours = 24; danger_within_minutes = 5; "
    "replies = 100; };\n"
    "keywords = ( { id = \"stop\"; goto = \"stop\"; }, { id = \"menu\"; goto = \"main\"; match = \"first\"; },\n"
    "             { id = \"bangla\"; goto = \"speak_bn\"; }, { id = \"sos\"; goto = \"danger\"; },\n"
    "             { id = \"onward\"; continue = true; } );\n"
    "triage = ( { id = \"violence\"; urgency = \"danger\"; goto = \"danger\"; },\n"
    "           { id = \"debt\"; urgency = \"soon\"; goto = \"offer\"; } );\n"
    "machines = [ \"out of office\" ];\n";

static const char sample_flow[] =
    "nodes = (\n"
    " { id = \"lang\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"en\"; goto = \"main\"; set_language = "
    "\"en\"; },\n"
    "   { key = \"2\"; id = \"bn\"; goto = \"main\"; set_language = \"bn\"; }, { key = \"9\"; id = \"danger\"; goto = "
    "\"danger\"; } ); },\n"
    " { id = \"main\"; kind = \"menu\"; retired = [ \"7\" ]; options = (\n"
    "   { key = \"1\"; id = \"leaf\"; goto = \"leaf\"; }, { key = \"2\"; id = \"call\"; goto = \"call\"; topic = "
    "\"work\"; },\n"
    "   { key = \"3\"; id = \"reg\"; goto = \"gate\"; }, { key = \"4\"; id = \"mine\"; goto = \"mine\"; },\n"
    "   { key = \"5\"; id = \"all\"; goto = \"all\"; }, { key = \"6\"; id = \"long\"; goto = \"long\"; },\n"
    "   { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"resume\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"continue\"; }, { key = \"2\"; id = "
    "\"restart\"; },\n"
    "   { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"offer\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"call\"; goto = \"call\"; },"
    " { key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n"
    " { id = \"danger\"; kind = \"page\"; sensitive = true; foot = \"none\"; options = ( { key = \"1\"; id = \"now\"; "
    "goto = \"ask_now\"; },\n"
    "   { key = \"3\"; id = \"safe\"; goto = \"main\"; } ); },\n"
    " { id = \"ask_now\"; kind = \"do\"; effect = \"request\"; request_kind = \"danger\"; urgency = \"danger\"; goto = "
    "\"asked\"; },\n"
    " { id = \"asked\"; kind = \"page\"; sensitive = true; },\n"
    " { id = \"leaf\"; kind = \"page\"; topic = \"certificate\"; options = ( { key = \"1\"; id = \"text\"; goto = "
    "\"leaf_text\"; },\n"
    "   { key = \"2\"; id = \"call\"; goto = \"call\"; }, { key = \"3\"; id = \"area\"; goto = \"area\"; } ); },\n"
    " { id = \"leaf_text\"; kind = \"do\"; effect = \"text_me\"; goto = \"texted\"; },\n"
    " { id = \"texted\"; kind = \"page\"; parent = \"leaf\"; resume = false; },\n"
    " { id = \"area\"; kind = \"ask\"; type = \"place\"; list = \"districts\"; goto = \"leaf\"; },\n"
    " { id = \"call\"; kind = \"form\"; then = \"send\"; fields = (\n"
    "   { id = \"safe\"; type = \"choice\"; sensitive = true; options = ( { key = \"1\"; id = \"yes\"; }, { key = "
    "\"2\"; id = \"other\"; },\n"
    "     { key = \"3\"; id = \"no\"; goto = \"main\"; } ); },\n"
    "   { id = \"number\"; type = \"digits\"; min = 5; max = 15; when = { field = \"safe\"; is = [ \"other\" ]; }; },\n"
    "   { id = \"when\"; type = \"choice\"; options = ( { key = \"1\"; id = \"morning\"; }, { key = \"2\"; id = "
    "\"evening\"; } ); skip = true; },\n"
    "   { id = \"confirm\"; type = \"choice\"; options = ( { key = \"1\"; id = \"send\"; }, { key = \"2\"; id = "
    "\"change\"; ask = \"safe\"; } ); } ); },\n"
    " { id = \"send\"; kind = \"do\"; effect = \"request\"; request_kind = \"call\"; goto = \"sent\"; },\n"
    " { id = \"sent\"; kind = \"page\"; ends = true; },\n"
    " { id = \"gate\"; kind = \"branch\"; otherwise = \"reg\"; cases = ( { if = \"registered\"; goto = \"mine\"; } ); "
    "},\n"
    " { id = \"reg\"; kind = \"form\"; then = \"keep\"; fields = (\n"
    "   { id = \"country\"; type = \"choice\"; list = \"countries\"; options = ( { key = \"8\"; id = \"else\"; } ); "
    "},\n"
    "   { id = \"district\"; type = \"place\"; list = \"districts\"; skip = true; },\n"
    "   { id = \"needs\"; type = \"several\"; max = 3; options = ( { key = \"1\"; id = \"job\"; }, { key = \"2\"; id = "
    "\"money\"; },\n"
    "     { key = \"3\"; id = \"health\"; }, { key = \"4\"; id = \"legal\"; }, { key = \"9\"; id = \"none\"; alone = "
    "true; } ); },\n"
    "   { id = \"owed\"; type = \"number\"; min = 1; max = 5000; options = ( { key = \"9\"; id = \"unsure\"; } ); },\n"
    "   { id = \"left\"; type = \"date\"; },\n"
    "   { id = \"note\"; type = \"text\"; max = 20; },\n"
    "   { id = \"code\"; type = \"pin\"; options = ( { key = \"1\"; id = \"no_pin\"; } ); } ); },\n"
    " { id = \"keep\"; kind = \"do\"; effect = \"register\"; consent_version = \"7\"; goto = \"kept\"; },\n"
    " { id = \"kept\"; kind = \"page\"; },\n"
    " { id = \"mine\"; kind = \"page\"; list = \"requests\"; options = ( { key = \"1\"; id = \"cancel\"; goto = "
    "\"which\"; if = \"has_requests\"; } ); },\n"
    " { id = \"which\"; kind = \"ask\"; type = \"request\"; goto = \"cancel\"; },\n"
    " { id = \"cancel\"; kind = \"do\"; effect = \"cancel\"; goto = \"mine\"; },\n"
    " { id = \"all\"; kind = \"menu\"; shortcut = false; options = ( { key = \"1\"; id = \"out\"; goto = \"stop\"; }, "
    "{ key = \"2\"; id = \"in\"; goto = \"start\"; },\n"
    "   { key = \"3\"; id = \"forget\"; goto = \"forget\"; }, { key = \"4\"; id = \"bn\"; goto = \"speak_bn\"; } ); "
    "},\n"
    " { id = \"stop\"; kind = \"do\"; effect = \"opt_out\"; goto = \"done\"; },\n"
    " { id = \"start\"; kind = \"do\"; effect = \"opt_in\"; goto = \"done\"; },\n"
    " { id = \"forget\"; kind = \"do\"; effect = \"forget\"; goto = \"done\"; },\n"
    " { id = \"speak_bn\"; kind = \"do\"; effect = \"set_language\"; language = \"bn\"; goto = \"main\"; },\n"
    " { id = \"done\"; kind = \"page\"; },\n"
    " { id = \"pin\"; kind = \"ask\"; type = \"check_pin\"; goto = \"main\"; },\n"
    " { id = \"long\"; kind = \"page\"; options = ( { key = \"1\"; id = \"call\"; goto = \"call\"; } ); }\n"
    ");\n";

#define SAMPLE_LONG                                                                                                    \
    "A long page that nobody can read on one screen of a phone, so that it goes on and on, and on the next page "      \
    "there is more, until it is over and one may call."

static const char sample_text_en[] =
    "language = \"en\"; own_name = \"English\"; state = \"approved\";\n" ENGINE_WORDS(PIN_WORDS) STATE_WORDS
    "request_kinds = { call = \"call\"; danger = \"urgent\"; };\n"
    "keywords = { stop = [ \"STOP\", \"Стоп\" ]; menu = [ \"MENU\" ]; sos = [ \"SOS\" ]; onward = [ \"GO ON\" ]; };\n"
    "triage = { violence = [ \"beat me\", \"kill\" ]; debt = [ \"money lender\" ]; };\n"
    "safety = { body = \"Call 999 in danger.\"; };\n"
    "lang = { title = \"Language\"; en = \"English\"; bn = \"Bangla\"; danger = \"Danger\"; };\n"
    "main = { title = \"Sample\"; leaf = \"Services\"; call = \"Call me\"; reg = \"Register\"; mine = \"My requests\"; "
    "all = \"Settings\"; long = \"About\"; danger = \"Danger\"; };\n"
    "resume = { title = \"Welcome back\"; continue = \"Continue\"; restart = \"Start again\"; danger = \"Danger\"; };\n"
    "offer = { title = \"Shall we call?\"; call = \"Call me\"; danger = \"Danger\"; };\n"
    "danger = { title = \"Call 999\"; now = \"Call me now\"; safe = \"I am safe\"; };\n"
    "asked = { body = \"We call by {due}. Ref {ref}\"; };\n"
    "leaf = { title = \"Certificate\"; body = \"{office} {phone} {hours}\"; text = \"Text me\"; call = \"Call me\"; "
    "area = \"Area\"; };\n"
    "leaf_text = { body = \"{office} {phone}\"; };\n"
    "texted = { body = \"It comes.\"; };\n"
    "area = { title = \"Area?\"; };\n"
    "call = { safe = { title = \"Safe?\"; yes = \"Yes\"; other = \"Other number\"; no = \"No\"; };\n"
    "  number = { title = \"Which number?\"; }; when = { title = \"When?\"; morning = \"Morning\"; evening = "
    "\"Evening\"; };\n"
    "  confirm = { title = \"Call: {answer.when}\"; send = \"Send\"; change = \"Change\"; }; };\n"
    "sent = { body = \"Sent. Ref {ref}, by {due}\"; };\n"
    "reg = { country = { title = \"From?\"; else = \"Another\"; }; district = { title = \"District?\"; };\n"
    "  needs = { title = \"Needs?\"; job = \"Job\"; money = \"Money\"; health = \"Health\"; legal = \"Legal\"; none = "
    "\"None\"; };\n"
    "  owed = { title = \"How much?\"; unsure = \"Not sure\"; }; left = { title = \"Left when?\"; }; note = { title = "
    "\"Note?\"; };\n"
    "  code = { title = \"PIN?\"; no_pin = \"No PIN\"; }; };\n"
    "kept = { body = \"Kept: {answer.needs}. Ref {ref}\"; };\n"
    "mine = { title = \"Yours ({requests})\"; cancel = \"Cancel one\"; };\n"
    "which = { title = \"Which one?\"; };\n"
    "all = { title = \"Settings\"; out = \"No texts\"; in = \"Texts\"; forget = \"Forget me\"; bn = \"Bangla\"; };\n"
    "pin = { title = \"Your code?\"; };\n"
    "done = { body = \"Done {{so}.\"; };\n"
    "long = { body = \"" SAMPLE_LONG "\"; call = \"Call me\"; };\n";

static const char sample_text_bn[] =
    "language = \"bn\"; own_name = \"বাংলা\";\n"
    "engine = { state = \"approved\"; back = \"পিছনে\"; };\n"
    "keywords = { stop = [ \"BAS\", \"stop\" ]; bangla = [ \"BN\" ]; };\n"
    "triage = { violence = [ \"মারছে\" ]; };\n"
    "main = { title = \"নমুনা\"; leaf = \"সেবা\"; call = \"ফোন চাই\"; reg = \"নিবন্ধন\"; mine = \"আমার অনুরোধ\"; all = "
    "\"সেটিং\"; long = \"বিষয়ে\"; danger = \"বিপদ\"; };\n";

static const char sample_countries[] = "id = \"countries\"; items = ( { id = \"sa\"; key = \"1\"; name = { en = "
                                       "\"Saudi Arabia\"; bn = \"সৌদি আরব\"; }; },\n"
                                       "  { id = \"om\"; key = \"2\"; name = \"Oman\"; } );\n";

static const char sample_districts[] = "id = \"districts\"; items = ( { id = \"sylhet\"; name = { en = \"Sylhet\"; bn "
                                       "= \"সিলেট\"; }; also = [ \"Silet\" ]; },\n"
                                       "  { id = \"sunamganj\"; name = \"Sunamganj\"; }, { id = \"satkhira\"; name = "
                                       "\"Satkhira\"; }, { id = \"sherpur\"; name = \"Sherpur\"; },\n"
                                       "  { id = \"shariatpur\"; name = \"Shariatpur\"; }, { id = \"sirajganj\"; name "
                                       "= \"Sirajganj\"; }, { id = \"savar\"; name = \"Savar\"; },\n"
                                       "  { id = \"dhaka\"; name = \"Dhaka\"; }, { id = \"narail\"; name = \"Narail\"; "
                                       "}, { id = \"natore\"; name = \"Natore\"; } );\n";

static const char sample_offices[] =
    "offices = ( { id = \"desk\"; topic = \"certificate\"; area = \"*\"; name = \"TTC desk\"; phone = \"02-000000\"; "
    "hours = \"Sun-Thu\"; verified = \"2026-11-01\"; sample = true; },\n"
    "  { id = \"syl\"; topic = \"certificate\"; area = \"sylhet\"; name = { en = \"Sylhet TTC\"; }; phone = "
    "\"0821-000000\"; verified = \"2026-11-01\"; } );\n";

#define SAMPLE_FILES 7
static const struct {
    const char *name, *text;
} sample_files[SAMPLE_FILES] = {
    {"service.conf", sample_service_conf},      {"flow/main.conf", sample_flow},
    {"text/en.conf", sample_text_en},           {"text/bn.conf", sample_text_bn},
    {"lists/countries.conf", sample_countries}, {"lists/districts.conf", sample_districts},
    {"directory/work.conf", sample_offices},
};

static inline enum outcome sample_parse_with(const char *file, struct span text, struct service **out,
                                             struct problems *problems, struct error *err)
{
    struct service_file files[SAMPLE_FILES];
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        bool changed = file && strcmp(sample_files[i].name, file) == 0;
        files[i] = (struct service_file){sample_files[i].name, changed ? text : span_of(sample_files[i].text)};
    }
    return service_parse(files, SAMPLE_FILES, out, problems, err);
}

static inline const char *sample_text(const char *file)
{
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        if (strcmp(sample_files[i].name, file) == 0)
            return sample_files[i].text;
    return NULL;
}

/* The sample with the first `from` of a file replaced by `to`; `file` NULL: as it is. */
static inline enum outcome sample_parse_changed(const char *file, const char *from, const char *to, struct arena *arena,
                                                struct service **out, struct problems *problems, struct error *err)
{
    struct span text = SPAN_NONE;
    if (file) {
        const char *whole = sample_text(file), *at = whole ? strstr(whole, from) : NULL;
        if (!at)
            return error_set(err, OUTCOME_NOT_FOUND, "the sample's %s has no %s", file, from);
        text = arena_format(arena, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
    }
    return sample_parse_with(file, text, out, problems, err);
}
