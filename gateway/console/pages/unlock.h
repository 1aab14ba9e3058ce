/* unlock: the page that asks an idle operator for the password again, for the door that sends them there. */
#pragma once
#include "console/door/back.h"

void unlock_show(struct visit *visit, unsigned status, const char *problem, struct span back, struct back_form carried);
