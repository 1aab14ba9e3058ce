#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"

#define TERMINAL_EVERY_MS 100
#define LINE_EVERY_MS 2000
#define CLEAR_LINE "\r\033[K"

void progress_begin(struct progress *progress, const char *what)
{
    *progress = (struct progress){.what = what, .terminal = isatty(STDERR_FILENO) == 1};
    progress->next_at = clock_monotonic_ms() + (progress->terminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS);
}

void progress_show(struct progress *progress, int64_t done, int64_t total)
{
    int64_t now = clock_monotonic_ms();
    if (now < progress->next_at)
        return;
    progress->next_at = now + (progress->terminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS);
    progress->shown = true;
    fprintf(stderr, "%s%s: %" PRId64, progress->terminal ? CLEAR_LINE : "", progress->what, done);
    if (total > 0)
        fprintf(stderr, " of %" PRId64 " (%d %%)", total, (int)(100 * (double)done / (double)total));
    fputs(progress->terminal ? "" : "\n", stderr);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->terminal && progress->shown)
        fputs(CLEAR_LINE, stderr);
    progress->shown = false;
}

void progress_take(void *progress, int64_t done, int64_t total)
{
    progress_show(progress, done, total);
}
