#include "model/outbox.h"

const char *const outbox_reason_words[] = {
    [REASON_NONE] = "none",       [REASON_REJECTED] = "rejected",       [REASON_THROTTLED] = "throttled",
    [REASON_CREDIT] = "credit",   [REASON_UNREACHABLE] = "unreachable", [REASON_EXPIRED] = "expired",
    [REASON_UNKNOWN] = "unknown", [REASON_REFUSED] = "refused",         NULL};
