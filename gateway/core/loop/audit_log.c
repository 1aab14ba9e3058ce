#include "core/loop/audit_log.h"

#include <stdio.h>
#include "base/log.h"

void audit_log_head(struct store *store, const char *when)
{
    struct audit_head head = {0};
    struct error err;
    char mac[2 * AUDIT_MAC_BYTES + 1] = "";
    if (store_audit_head(store, &head, &err) != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "audit", "unreadable", "what=\"%s\"", err.text);
        return;
    }
    for (size_t i = 0; i < AUDIT_MAC_BYTES; i++)
        snprintf(mac + 2 * i, 3, "%02x", head.mac[i]);
    log_event(LOG_LEVEL_NOTICE, "audit", "head", "when=%s rows=%lld last=%lld mac=%s", when, (long long)head.count,
              (long long)head.id, head.count ? mac : "none");
}
