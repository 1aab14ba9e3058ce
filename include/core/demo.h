/*
 * demo: a day that never was, laid into an empty data file: callers whose messages go through conversation_step and store_save as
 * all do, operators whose actions go through desk_act, at times that are past. `helpline demo` plays it through listen.control, an
 * event a line, so that between any two of them whoever is really on a phone is answered.
 *
 *   {"verb":"demo","do":"begin"}   REFUSED unless the file holds no session, no request and no operator; marks it for good
 *   {"verb":"demo","do":"say","at":MS,"channel":"...","from":"+999...","session":"...","new":true,"input":"2","text":"failed"}
 *                                  USSD with a session, else a text; `text`: what becomes of texts that it queues.
 *                                  -> {"screen":BOOL,"ends":BOOL,"request":ID}: what came of it
 *   {"verb":"demo","do":"close","at":MS,"channel":"...","from":"...","session":"...","why":"dropped"}
 *   {"verb":"demo","do":"user","at":MS,"name":"...","shown":"...","roles":["..."],"languages":"bn en","hash":"$argon2id..."} -> {"id":ID}
 *   {"verb":"demo","do":"desk","at":MS,"operator":ID,"request":ID,"action":"claim","what":"...","text":"..."}
 *                                  action: view, claim, release, reveal, call, note, wait, refer, reply, close, flag, forget
 *                                  -> {"later":MS}: it is not safe to call before then, and nothing was done
 *   {"verb":"demo","do":"end"}     that was all: what comes from now on is somebody's
 *
 * Between two events the program does at the desk what it does by itself, by their clock: what somebody left lying goes back to the
 * queue when it would have.
 *
 * Every number is one of nobody (text/phone.h), and no text leaves. The loop's thread.
 */
#pragma once
#include <jansson.h>
#include "core/catalogue.h"
#include "core/desk.h"
#include "store/store.h"

struct demo;

struct demo *demo_create(struct store *store, const struct keyring *keyring, struct desk *desk);
void demo_free(struct demo *demo); /* NULL is fine */

/* *answer: an object for who asked, theirs to free; NULL where there is nothing to tell. */
enum outcome demo_obey(struct demo *demo, const struct catalogue *catalogue, const json_t *command, int64_t now,
                       json_t **answer, struct error *err) MUST_CHECK;
