/* helpline user: who works at the desk of the running gateway. The first administrator is made here; there is no password that
 * everybody knows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/password.h"
#include "cli/control_client.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "console/page/words.h"
#include "core/config.h"
#include "model/rights.h"

/* What is asked for, as the command line says it. */
struct asked {
    const struct verb_arguments *arguments;
    const struct config *config;
    const char *name; /* NULL: none */
    char password[PASSWORD_MADE + 1];
};

/* ---- asking ---- */

static int misused(const char *what)
{
    struct error err;
    error_set(&err, OUTCOME_REFUSED, "%s", what);
    return report_usage("user", &err);
}

static void take_nothing(void *context, const json_t *line)
{
    (void)context;
    (void)line;
}

static int ask_lines(const struct asked *asked, json_t *command, void (*take)(void *context, const json_t *line),
                     void *context)
{
    struct error err = {0};
    if (!command)
        return misused("a name or a word is no valid UTF-8");
    enum outcome outcome = control_ask(asked->config->listen.control, command, take, context, &err);
    return outcome == OUTCOME_OK ? EXIT_DONE : report_control(outcome, &err);
}

static int ask(const struct asked *asked, json_t *command)
{
    return ask_lines(asked, command, take_nothing, NULL);
}

/* The password is made up and hashed here and not in the gateway, whose loop has no tenth of a second to spare. */
static int make_password(struct asked *asked, char hash[PASSWORD_HASH_BYTES])
{
    struct error err = {0};
    password_make(asked->password);
    enum outcome outcome = password_hash(span_of(asked->password), hash, &err);
    return outcome == OUTCOME_OK ? EXIT_DONE : report_error(EXIT_MACHINE, &err);
}

static int tell_password(struct asked *asked)
{
    printf("%s signs in with this password, once, and then chooses another:\n\n    %s\n\nIt is shown here and nowhere "
           "else.\n",
           asked->name, asked->password);
    explicit_bzero(asked->password, sizeof asked->password);
    return report_output(EXIT_DONE);
}

/* ---- add, reset, disable, enable ---- */

static json_t *list_words(const char *words)
{
    json_t *list = json_array();
    struct span rest = span_of(words);
    while (span_is_present(rest)) {
        struct span word = span_trim(span_cut(&rest, ','));
        if (word.len)
            json_array_append_new(list, json_stringn(word.at, word.len));
    }
    return list;
}

/* Words joined by a comma, as they are typed, become words joined by a blank, as they are kept. */
static json_t *join_words(const char *words)
{
    size_t index, len = 0;
    json_t *list = list_words(words ? words : ""), *item;
    char joined[500] = "";
    json_array_foreach(list, index, item)
    {
        int more = snprintf(joined + len, sizeof joined - len, "%s%s", len ? " " : "", json_string_value(item));
        len += (size_t)more < sizeof joined - len ? (size_t)more : 0;
    }
    json_decref(list);
    return json_string(joined);
}

static int check_roles(const char *roles)
{
    size_t index;
    json_t *list = list_words(roles), *item;
    int code = json_array_size(list) ? EXIT_DONE : misused("--role names no role");
    enum role ignored;
    json_array_foreach(list, index, item)
    {
        if (role_named(span_of(json_string_value(item)), &ignored))
            continue;
        fprintf(stderr, "helpline: there is no role \"%s\"; there are", json_string_value(item));
        for (int role = 0; role < ROLE_COUNT; role++)
            fprintf(stderr, "%s %s", role ? "," : "", role_name((enum role)role));
        fprintf(stderr, "\n");
        code = EXIT_USAGE;
        break;
    }
    json_decref(list);
    return code;
}

static int check_language(const char *lang)
{
    for (size_t i = 0; i < words_language_count(); i++)
        if (span_equal_text(words_language(i), lang))
            return EXIT_DONE;
    fprintf(stderr, "helpline: no pages are written in \"%s\"; there are", lang);
    for (size_t i = 0; i < words_language_count(); i++)
        fprintf(stderr, "%s %.*s", i ? "," : "", SPAN_ARG(words_language(i)));
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}

static int add(struct asked *asked)
{
    char hash[PASSWORD_HASH_BYTES];
    const char *shown = verb_value(asked->arguments, "shown"), *roles = verb_value(asked->arguments, "role");
    const char *lang = verb_value(asked->arguments, "lang");
    if (!shown || !roles)
        return misused("user add needs --shown NAME and --role ROLE");
    int code = check_roles(roles);
    if (code == EXIT_DONE && lang)
        code = check_language(lang);
    if (code == EXIT_DONE)
        code = make_password(asked, hash);
    if (code != EXIT_DONE)
        return code;
    json_t *command =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "verb", "user-add", "name", asked->name, "shown", shown,
                  "roles", list_words(roles), "topics", join_words(verb_value(asked->arguments, "topics")), "languages",
                  join_words(verb_value(asked->arguments, "languages")), "lang", lang ? lang : "en", "password", hash);
    code = ask(asked, command);
    return code == EXIT_DONE ? tell_password(asked) : code;
}

static int reset(struct asked *asked)
{
    char hash[PASSWORD_HASH_BYTES];
    int code = make_password(asked, hash);
    if (code == EXIT_DONE)
        code = ask(asked, json_pack("{s:s, s:s, s:s}", "verb", "user-reset", "name", asked->name, "password", hash));
    return code == EXIT_DONE ? tell_password(asked) : code;
}

static int switch_off(struct asked *asked)
{
    int code = ask(asked, json_pack("{s:s, s:s}", "verb", "user-disable", "name", asked->name));
    if (code == EXIT_DONE)
        printf("%s cannot sign in any more, and was signed out everywhere.\n", asked->name);
    return code == EXIT_DONE ? report_output(code) : code;
}

static int switch_on(struct asked *asked)
{
    int code = ask(asked, json_pack("{s:s, s:s}", "verb", "user-enable", "name", asked->name));
    if (code == EXIT_DONE)
        printf("%s can sign in again, with the password of before.\n", asked->name);
    return code == EXIT_DONE ? report_output(code) : code;
}

/* ---- list ---- */

static const char *text_in(const json_t *line, const char *name)
{
    const char *text = json_string_value(json_object_get(line, name));
    return text ? text : "";
}

static int print_roles(const json_t *roles)
{
    int width = 0;
    for (size_t i = 0; i < json_array_size(roles); i++)
        width += printf("%s%s", i ? "," : "", json_string_value(json_array_get(roles, i)));
    return width;
}

/* As they are typed: joined by a comma. Returns how wide it was. */
static int print_words(const char *words)
{
    int width = *words ? 0 : printf("all");
    for (; *words; words++, width++)
        putchar(*words == ' ' ? ',' : *words);
    return width;
}

#define COLUMN 22

static int pad(int width)
{
    return width < COLUMN ? COLUMN - width : 0;
}

static void print_user(void *context, const json_t *line)
{
    bool *has_head = context;
    if (!*has_head)
        printf("%-16s %-24s %-9s %-7s %-20s %-22s %-22s %s\n", "NAME", "SHOWN", "STATE", "FACTOR", "LAST SIGNED IN",
               "ROLES", "TOPICS", "LANGUAGES");
    *has_head = true;
    char when[CLOCK_ISO_MAX] = "never";
    const int64_t last_at = json_integer_value(json_object_get(line, "last_at"));
    if (last_at)
        clock_format_iso(last_at, when);
    printf("%-16s %-24s %-9s %-7s %-20.19s ", text_in(line, "name"), text_in(line, "shown"),
           json_is_true(json_object_get(line, "disabled")) ? "disabled" : "enabled",
           json_is_true(json_object_get(line, "second_factor")) ? "yes" : "no", when);
    printf("%*s ", pad(print_roles(json_object_get(line, "roles"))), "");
    printf("%*s ", pad(print_words(text_in(line, "topics"))), "");
    print_words(text_in(line, "languages"));
    printf("\n");
}

static int list_users(struct asked *asked)
{
    bool has_head = false;
    int code = ask_lines(asked, json_pack("{s:s}", "verb", "users"), print_user, &has_head);
    if (code == EXIT_DONE && !has_head)
        printf("nobody yet: `helpline user add NAME --shown NAME --role admin`\n");
    return code == EXIT_DONE ? report_output(code) : code;
}

/* ---- which of them ---- */

static int run_user(const struct verb_arguments *arguments)
{
    static const struct {
        const char *name;
        bool needs_name;
        int (*run)(struct asked *asked);
    } tasks[] = {{"add", true, add},
                 {"list", false, list_users},
                 {"disable", true, switch_off},
                 {"enable", true, switch_on},
                 {"reset", true, reset}};
    const char *const *operands;
    const size_t count = verb_operands(arguments, &operands);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(tasks[i].name, operands[0]) != 0)
            continue;
        if ((count > 1) != tasks[i].needs_name)
            return misused(tasks[i].needs_name ? "whose account? expected a NAME" : "user list takes no NAME");
        struct config *config = NULL;
        int code = verb_read_config(arguments, &config);
        if (code != EXIT_DONE)
            return code;
        struct asked asked = {arguments, config, count > 1 ? operands[1] : NULL, ""};
        code = tasks[i].run(&asked);
        config_free(config);
        return code;
    }
    return misused("expected add, list, disable, enable or reset");
}

static const struct verb_option options[] = {
    {"shown", "NAME", "add: how others see them", false, false},
    {"role", "ROLE[,ROLE]", "add: counsellor, supervisor, complaints, editor, analyst, channels, admin, auditor", false,
     false},
    {"topics", "TOPIC[,TOPIC]", "add: a counsellor sees requests of these topics alone; all", false, false},
    {"languages", "LANG[,LANG]", "add: in which they talk to callers; all", false, false},
    {"lang", "LANG", "add: of their pages; en", false, false},
    {0},
};

const struct verb verb_user = {
    .name = "user",
    .operands = "add|list|disable|enable|reset [NAME]",
    .summary = "say who works at the desk of the running gateway",
    .details =
        "`user add NAME --shown NAME --role admin` makes the first administrator; others can be added on the pages. "
        "The first\n"
        "password is made up, shown once, and has to be changed at the first sign-in; `reset` makes another one and "
        "takes the\n"
        "second factor away, for who lost their phone. `disable` signs them out everywhere and keeps what they did; "
        "`enable`\n"
        "undoes it. Both `reset` and `enable` end every wait after wrong passwords. Roles are changed on the page of "
        "users.\n"
        "All of it stands in the audit.\n\n"
        "A counsellor works on requests of their topics, complaints on those for the complaints desk; a supervisor "
        "sees "
        "all\n"
        "requests, sessions and the audit; channels sees what became of texts; an admin sees accounts and the audit, "
        "and "
        "nobody's\n"
        "words; an auditor the audit. The pages of editor and analyst are not there yet.",
    .options = options,
    .operands_min = 1,
    .operands_max = 2,
    .run = run_user,
};
