#include "model/retention.h"

const char *const retained_words[RETAINED_COUNT + 1] = {
    [RETAINED_LEAVERS] = "leavers",
    [RETAINED_STRAYS] = "strays",
    [RETAINED_MESSAGES] = "messages",
    [RETAINED_TEXTS] = "texts",
    [RETAINED_SESSIONS] = "sessions",
    [RETAINED_TRANSCRIPTS] = "transcripts",
    [RETAINED_COMPLAINTS] = "complaints",
    [RETAINED_NOTES] = "notes",
    [RETAINED_REQUESTS] = "requests",
    [RETAINED_FOLLOW_UPS] = "follow_ups",
    [RETAINED_REGISTRATIONS] = "registrations",
    [RETAINED_DRAFTS] = "drafts",
    [RETAINED_LISTED_WORDS] = "listed_words",
    [RETAINED_FLAGS] = "flags",
    [RETAINED_SIGN_INS] = "sign_ins",
    [RETAINED_PEOPLE] = "people",
    [RETAINED_PHONES] = "phones",
};
