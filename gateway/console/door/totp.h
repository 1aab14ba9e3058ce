/*
 * totp: one-time codes of six digits by the clock, RFC 6238 with HMAC-SHA-1 and steps of 30 seconds, as every authenticator app
 * makes them. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

#define TOTP_DIGITS 6
#define TOTP_STEP_MS 30000

int64_t totp_step(int64_t now_ms);
void totp_code(struct span secret, int64_t step, char out[TOTP_DIGITS + 1]);
/* Whether it is the code of this step or of the one before or after it, and of none up to `used`: no step is taken twice. Blanks
 * in `typed` are forgiven, digits of other scripts are read. `step` is set to the one whose code it is. */
bool totp_accepts(struct span secret, struct span typed, int64_t now_ms, int64_t used, int64_t *step);

/* The secret as people type it: base32 in groups of four, "JBSW Y3DP ...". */
struct span totp_secret_text(struct span secret, struct arena *arena);
/* What an app reads from a QR code: "otpauth://totp/Helpline:rina?secret=...". `issuer` and `name` are percent-encoded here. */
struct span totp_address(struct span secret, struct span issuer, struct span name, struct arena *arena);
