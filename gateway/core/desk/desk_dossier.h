/*
 * desk_dossier: one request with all that is to be known before something is done with it; private to the core's desk.
 */
#pragma once
#include "core/desk/desk_deed.h"
#include "menu/desk.h"

struct dossier {
    struct request request;
    struct request_desk desk;
    const struct service *service; /* whose words and hours apply */
    struct contact_rule rule;
    struct phone_row phone;
};

/* The service by which this request came; the first one where that is not known any more. NULL: none is served. */
enum outcome dossier_service(const struct desk_pass *pass, const struct request *request, const struct service **out,
                             struct error *err) MUST_CHECK;
/* Everything about a request, whoever asks. NOT_FOUND. */
enum outcome dossier_load(const struct desk_pass *pass, int64_t id, struct dossier *out, struct error *err) MUST_CHECK;

/* The same for an operator, who must be allowed to see it: else it is not there for them, and the audit says that they asked. With
 * the action's version, which must be the present one. */
enum outcome dossier_open(struct deed *deed, int64_t id, struct dossier *out) MUST_CHECK;
/* A person, for an operator who must be allowed to see them (operator_sees_person), as above. */
enum outcome dossier_person(struct deed *deed, int64_t id, struct person *out) MUST_CHECK;
/* To who may not see it, it is not there; that they asked is kept. NOT_FOUND. */
enum outcome dossier_hide(struct deed *deed);
/* As dossier_open for the action's object, which must be open. */
enum outcome dossier_open_live(struct deed *deed, struct dossier *out) MUST_CHECK;

/* Saves both halves, with the version that was read; what happened is told to the person. */
void dossier_save(struct deed *deed, struct dossier *dossier, enum request_step step);
void dossier_save_desk(struct deed *deed, const struct dossier *dossier);
/* Whether all that its person wrote was there to read for who acts. CONFLICT: something was not. */
enum outcome dossier_check_seen(struct deed *deed, const struct dossier *dossier) MUST_CHECK;
/* Nobody has to look at it any more, besides its state; but at texts that failed and were not seen. */
void dossier_calm(struct deed *deed, struct dossier *dossier);

/* Whether it is safe to call, as they answered, and they did not ask to stop. */
bool dossier_is_safe(const struct dossier *dossier, int64_t now);
/* The same as an answer: refused, unless somebody who may takes it upon them for one of the reasons. Its line of the audit says so. */
enum outcome dossier_not_now(struct deed *deed, const struct dossier *dossier, int64_t at, bool overrides,
                             unsigned reason);
/* Since they asked, their phone's number has become somebody else's. */
bool dossier_is_anothers(const struct dossier *dossier);
bool dossier_may_text(const struct dossier *dossier);
/* The number is somebody else's from now on, and nobody is on it yet. Not saved. */
void dossier_renew_phone(struct phone_row *row, int64_t now);

/* Nobody has it from now on. */
void desk_give_back(struct deed *deed, struct dossier *dossier);

/* It is open again, with who had it, as if it had come now. */
void dossier_begin_again(struct dossier *dossier, int64_t now);

/* A note of who acts, when anything is written in it. REFUSED: it is too long. */
enum outcome dossier_note(struct deed *deed, const struct note *note) MUST_CHECK;
/* The same with the action's text, which goes with what is done. */
enum outcome dossier_remark(struct deed *deed, const struct dossier *dossier) MUST_CHECK;
