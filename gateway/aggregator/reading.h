/*
 * reading: one request on its way to becoming what people said. Private to read*.c.
 */
#pragma once
#include "aggregator/facts.h"
#include "aggregator/profile.h"

struct reading {
    const struct channel *channel;
    const struct door *door;
    const struct shape *shape;
    struct facts *facts;
    struct arena *arena;
    struct rejection *rejection;
};

/* Always false, so that a reader can `return reading_reject(...)`. */
bool reading_reject(struct reading *r, enum field field, struct span reason);
struct span reading_field(struct reading *r, enum field field); /* as it came; absent: it is not there */
enum charset reading_posted_charset(struct reading *r); /* of a form's values: UTF-8, or what its Content-Type names */
struct span reading_text(struct reading *r, enum field field); /* the same as valid UTF-8 in NFC */

/* read_from.c: the sender; false, with a rejection, when there is none. `address` is it as written. */
bool read_from(struct reading *r, struct inbound *out);
/* The code that was dialled or texted, a lost plus put back. */
struct span read_to(struct reading *r);

/* read_text.c: what was typed, as valid UTF-8, and what of it is undecodable. */
void read_text(struct reading *r, struct inbound *out);

/* read_session.c: the phase of a USSD request and how its input is to be taken; after read_text. */
void read_session(struct reading *r, struct inbound *out);
