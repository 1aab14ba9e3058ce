#include "model/inbound.h"

const char *const end_cause_words[] = {
    [END_NONE] = "none",     [END_ANSWERED] = "answered", [END_CLOSED] = "closed",   [END_TIMEOUT] = "timeout",
    [END_FAILED] = "failed", [END_DROPPED] = "dropped",   [END_ABORTED] = "aborted", NULL};
const char *const delivery_words[] = {[DELIVERY_NONE] = "none",
                                      [DELIVERY_SENT] = "sent",
                                      [DELIVERY_DELIVERED] = "delivered",
                                      [DELIVERY_FAILED] = "failed",
                                      [DELIVERY_EXPIRED] = "expired",
                                      [DELIVERY_UNKNOWN] = "unknown",
                                      NULL};
