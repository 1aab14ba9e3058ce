/*
 * request: what holds of a request, for all who have one in hand: the engine, the simulator and the core. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "menu/service.h"
#include "model/person.h"

bool request_is_open(const struct request *request);
/* Waiting or with somebody, and all that was promised is past. */
bool request_is_late(const struct request *request, int64_t now);
/* Its person says that it is urgent: it is at least that, and due by `due_at`. What was promised before and is past stays what it
 * was; the new promise is the next. */
void request_urge(struct request *request, enum request_urgency urgency, int64_t due_at, int64_t now);
/* Its person says when else they may be called: it is due by `due_at`, sooner or later than it was. What was promised before and is past
 * stays what it was here, too. */
void request_move(struct request *request, int64_t due_at, int64_t now);
/* It is open and stays until it is closed when its person is forgotten: keep_until_closed. */
bool request_outlasts_wish(const struct service *service, const struct request *request);
