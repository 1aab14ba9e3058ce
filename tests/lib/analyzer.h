/*
 * analyzer: what clang's analyzer cannot see from one file: error_set and error_set_at return the outcome they are given.
 *
 * `make lint` includes it before each file but base/error.c. Without it every `return error_set(err, OUTCOME_REFUSED, ...)`
 * looks as if it might return OK with nothing filled in.
 */
#pragma once
#include "base/error.h"

#define error_set(err, outcome, ...) ((void)(error_set)((err), (outcome), __VA_ARGS__), (outcome))
#define error_set_at(err, outcome, ...) ((void)(error_set_at)((err), (outcome), __VA_ARGS__), (outcome))
