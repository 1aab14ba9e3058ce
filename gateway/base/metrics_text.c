#include "base/metrics_text.h"

void metrics_write_head(struct buffer *out, const char *name, const char *help, const char *type)
{
    buffer_add_format(out, "# HELP helpline_%s %s\n# TYPE helpline_%s %s\n", name, help, name, type);
}
