#include "console/compiler/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void complain(struct spot place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%u: error: ", place.file, place.line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}
