/*
 * try_phone: a phone in the terminal: lines from standard input are keys, screens go to standard output.
 */
#pragma once
#include "menu/dialogue.h"

/* Until the input ends; returns the exit code. */
int try_phone(const struct service *service, const struct simulator_options *options, bool by_sms);
