/* Somebody with a request, and an operator who works on it. Ids: operator 7001, sign-in 7101, notes 7201.., audit 9001... */
#pragma once
#include "store_fixture.h"

#include "store/desk.h"

static inline struct operator an_operator(int64_t id, const char *name)
{
    return (struct operator){.id = id,
                             .name = span_of(name),
                             .shown = SPAN("Rahima"),
                             .roles = ROLE_BIT(ROLE_COUNSELLOR),
                             .topics = SPAN("work wages"),
                             .languages = SPAN("bn"),
                             .password = SPAN("$argon2id$v=19$m=1,t=1,p=1$x$y"),
                             .totp = SPAN("12345678901234567890"),
                             .recovery = SPAN("sixteen bytes ..sixteen bytes .."),
                             .lang = SPAN("bn"),
                             .has_shortcuts = true,
                             .created_at = NOW,
                             .changed_at = NOW,
                             .version = 1};
}

static inline struct request a_request(int64_t id, const char *reference)
{
    return (struct request){.id = id,
                            .person = 101,
                            .phone = 1,
                            .session = 1001,
                            .kind = SPAN("call"),
                            .topic = SPAN("wages"),
                            .created_at = NOW,
                            .changed_at = NOW,
                            .due_at = NOW + 3600000,
                            .version = 1,
                            .reference = {reference[0], reference[1], reference[2], reference[3], reference[4],
                                          reference[5], reference[6]}};
}

static inline struct note a_note(int64_t id, int64_t request, const char *text)
{
    return (struct note){.id = id, .request = request, .operator = 7001, .at = NOW + 1, .text = span_of(text)};
}

static inline struct audit_row a_line(int64_t id, enum audit_action action, int64_t request)
{
    return (struct audit_row){.id = id,
                              .at = NOW + id,
                              .operator = 7001,
                              .action = action,
                              .object = OBJECT_REQUEST,
                              .object_id = request,
                              .detail = SPAN("claimed"),
                              .peer = SPAN("192.0.2.7")};
}

static inline void fixture_desk(struct fixture *f)
{
    const struct operator operator = an_operator(7001, "rahima");
    const struct request request = a_request(3001, "4827153");
    fixture_someone(f);
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&operator}}, {.kind = CHANGE_REQUEST, .request = {&request}}));
}

/* All that can be written about a request. */
static inline void fixture_written(struct fixture *f, int64_t request, int64_t id)
{
    const struct note note = a_note(id, request, "secret-note");
    const struct attempt attempt = {.id = id + 1, .request = request, .operator = 7001, .at = NOW};
    const struct referral referral = {.id = id + 2,
                                      .request = request,
                                      .operator = 7001,
                                      .at = NOW,
                                      .office = SPAN("legal-aid"),
                                      .has_consent = true,
                                      .due_at = NOW + 1000,
                                      .settled_at = NOW + 500,
                                      .outcome = SPAN("secret-outcome")};
    const struct draft draft = {7001, request, NOW, SPAN("reply"), SPAN("secret-draft")};
    const struct request_desk desk = {.assignee = 7001, .assigned_at = NOW, .attempts = 1};
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&note}}, {.kind = CHANGE_ATTEMPT, .attempt = {&attempt}},
            {.kind = CHANGE_REFERRAL, .referral = {&referral}}, {.kind = CHANGE_DRAFT, .draft = {&draft}},
            {.kind = CHANGE_REQUEST_DESK, .desk = {request, &desk}}));
}
