/* setup: the parts of setting up a second factor that the settings use as well. */
#pragma once
#include "console/door/sign_in.h"

void setup_show(struct visit *visit, unsigned status, const char *problem);
enum outcome setup_take(struct visit *visit, struct recovery *recovery, struct error *err) MUST_CHECK;
void setup_show_recovery(struct visit *visit, const struct recovery *recovery);
