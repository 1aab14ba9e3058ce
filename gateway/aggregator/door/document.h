/*
 * document: a JSON or XML body parsed, in whatever character set it came. Pure.
 *
 * It is believed in this order: a mark of byte order (JSON: also where its NULs stand); XML's own declaration; UTF-8; a
 * one-byte set that its Content-Type names. Where none of these holds for every byte, the bytes that do not fit are set aside
 * (badbytes.h) and the rest is read: one bad byte in a text is no reason to lose the text.
 */
#pragma once
#include <jansson.h>
#include "aggregator/language/xml.h"
#include "base/error.h"

struct document {
    json_t *json; /* one of the two at most; the caller calls json_decref */
    const struct xml_node *xml;
    struct span text; /* what was parsed; with hidden bytes where it is mended */
    bool mended;      /* values are to be asked for with document_value */
    bool converted;   /* mended after it was brought to UTF-8: the bytes in it are not those that came */
};

/* REFUSED: it cannot be parsed; err says where, and no word of it. */
enum outcome document_read_json(struct span body, struct span content_type, struct arena *arena, struct document *out,
                                struct error *err) MUST_CHECK;
enum outcome document_read_xml(struct span body, struct span content_type, struct arena *arena, struct document *out,
                               struct error *err) MUST_CHECK;

/* A value found in the document as it was sent: valid UTF-8 unless it was hurt. */
struct span document_value(const struct document *document, struct span value, struct arena *arena);

/* A body without its mark of byte order and the blanks before its first character, as far as its first bytes tell:
 * '{', '[', '<'. */
char document_first_character(struct span body);
