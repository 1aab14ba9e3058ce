/*
 * visit: one request of a browser, read whole, and its answer; private to the console. The door (door/) has checked it before a page
 * sees it: the frame of the request, whose sign-in the cookie is, that it has not been idle for too long, the route's right
 * (console/routes.c), and for a POST the token of its form and where it comes from. A page runs on any of the console's threads and keeps
 * nothing: all it makes lives in the visit's arena.
 *
 * A page reads through visit->reader, acts through visit_do, and ends with exactly one of visit_show, visit_go, visit_refuse,
 * visit_give. A POST that was carried out ends with visit_go (303), so that reloading repeats nothing; one that was not shows the form
 * again with what was typed, status 422, or 409 when somebody else was first.
 */
#pragma once
#include "console/console.h"
#include "console/page/html.h"
#include "core/catalogue.h"
#include "core/desk.h"
#include "http/message.h"
#include "store/desk_reader.h"

struct readers;
struct route;
struct presence;
struct board;
struct live;
struct stream;
struct refused;
struct turnstile;
struct known;

/* What stays the same while the console runs. */
struct site {
    const struct console_config *config;
    const struct route *routes; /* door/route.h: every page there is */
    bool is_secure;             /* behind TLS: cookies are Secure and their names begin with __Host- */
    struct readers *readers;    /* door/readers.h */
    struct board *board;        /* door/board.h: what is counted on every page */
    struct presence *presence;  /* door/presence.h */
    struct known *known;        /* door/known.h */
    struct refused *refused;    /* door/refused.h */
    struct live *live;          /* door/live.h */
    struct turnstile *hashing;  /* door/turnstile.h: so many passwords at a time */
};

struct visit {
    const struct site *site;
    struct arena *arena;
    const struct http_request *request;
    const struct pair *query, *form; /* decoded; the form of a POST */
    size_t query_count, form_count;
    int64_t id;       /* of the path's :id; 0: it has none */
    struct span name; /* of the path's :name */
    int64_t now;
    struct span peer;                  /* address of the browser, behind trusted proxies too; absent: not known */
    const struct operator *operator;   /* who has signed in, wholly, and is not locked; or NULL */
    const struct operator *whose;      /* the same, or whose sign-in is still half or is locked; or NULL */
    const struct sign_in *sign_in;     /* of `whose` */
    struct span cookie;                /* the text that the sign-in is known by */
    const struct catalogue *catalogue; /* held until the visit is over */
    struct reader *reader;
    struct html_style
        style; /* words and digits of this operator's pages, zone of the desk; of a request's page: of its service */
    bool is_partial; /* htmx asked for a part of the page (HX-Request) */

    struct span kept; /* what the page that asks who is there takes along: door/kept.h; absent: nothing */

    struct http_response *out; /* what visit_show and its like fill */
    struct stream *stream;     /* instead of a body: door/live.h */
    struct pair headers[12];
    size_t header_count;
    bool has_broken_reader; /* it is not used again */
};

/* ---- what came ---- */

struct span visit_query(const struct visit *visit, const char *name); /* absent when it is not there; trimmed */
struct span visit_field(const struct visit *visit, const char *name); /* of the form; as typed, CR LF as LF; absent */
int64_t visit_field_id(const struct visit *visit, const char *name);  /* 0: not there or no id */
int64_t visit_query_id(const struct visit *visit, const char *name);
/* The key that a form carries, so that it is carried out once (name "key"). All zero when it is not there. */
struct lookup visit_field_key(const struct visit *visit);
bool visit_may(const struct visit *visit, enum right right);

/* The service whose words apply to what came by this channel; the first one where that is not known any more. NULL: none is served. */
const struct service *visit_service(const struct visit *visit, struct span channel);
/* Whose words and hours apply to a request. */
const struct service *visit_service_of(const struct visit *visit, const struct request_origin *origin);
/* Minutes east of UTC: of what is said about requests of a service; NULL: of the desk's own, the first one's. */
int visit_zone(const struct visit *visit, const struct service *service);
/* "UTC+05:00", where a service's zone is not the desk's; else absent: nobody has to be told. */
struct span visit_zone_words(const struct visit *visit, const struct service *service);
/* By what the store finds somebody's district: the field of the service that their request is of. Good as long as the visit. */
struct area_fields visit_areas(const struct visit *visit);

/* ---- acting ---- */

/* An action of this operator, with sign-in, address and the form's key filled in. */
struct desk_action visit_action(const struct visit *visit, enum desk_verb verb);
enum outcome visit_do(const struct visit *visit, const struct desk_action *action,
                      struct desk_result *result) MUST_CHECK;
/* The line of the audit that a page about somebody leaves behind before it leaves itself. False: it could not be kept, a refusal was
 * shown, and the page must end. */
bool visit_look(struct visit *visit, enum audit_object about, int64_t id);

/* ---- answering ---- */

/* A new page to write into. */
struct html visit_html(const struct visit *visit);
void visit_show(struct visit *visit, unsigned status, const struct html *page);
/* 303. To "/" where the address is longer than VISIT_ADDRESS_MAX: no header holds it. */
void visit_go(struct visit *visit, const char *path_format, ...) PRINTF_LIKE(2, 3);
#define VISIT_ADDRESS_MAX (HTTP_FIELD_MAX - 32)
/* Says a thing that goes with the next page: a key of words/. Kept in a cookie for one page. */
void visit_say(struct visit *visit, const char *word);
/* The same, and behind it a reference: its seven digits. */
void visit_say_reference(struct visit *visit, const char *word, struct span reference);
/* A whole page that says what is wrong and what to do: 404 not there (or not theirs to see), 403, 409, 503 ... */
void visit_refuse(struct visit *visit, unsigned status, const char *word);
/* The same for a form that was too long to be taken (413): how much a box takes, and what to do. */
void visit_refuse_too_large(struct visit *visit);
/* Shows the operator a form of theirs that was not carried out (door/kept.h), to be looked at and sent. False: there is none. */
bool visit_ask_again(struct visit *visit, unsigned status, const char *title_word);
/* By an outcome: NOT_FOUND 404, REFUSED 403, CONFLICT 409, FULL 503, BROKEN 500; err goes to the log. */
void visit_fail(struct visit *visit, enum outcome outcome, const struct error *err);
void visit_give(struct visit *visit, unsigned status, struct span content_type, struct span body);
void visit_header(struct visit *visit, struct span name, struct span value);

/* What top and bottom of every page are made of: title, navigation as far as they may go, counters, theme, token of forms, and what
 * visit_say left. page/frame.h. */
struct frame_view;
struct frame_view *visit_frame(const struct visit *visit, const char *title_word, const char *section);
/* Notes that this operator looks at the request now, and gives the names of the others who do: at most `max`. */
size_t visit_viewers(const struct visit *visit, int64_t request, struct span *names, size_t max);
/* A fresh key for a form, as text. */
struct span visit_new_key(const struct visit *visit);
