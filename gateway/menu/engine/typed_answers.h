/*
 * typed_answers: answers that are typed out rather than chosen: numbers, digits, words, dates. For answers.c only.
 */
#pragma once
#include "menu/engine/step.h"

/* Digits alone, with the blanks, commas and dashes that people put between them left out; absent when anything else is there. */
struct span typed_digits(struct step *step);

void answer_take_number(struct step *step, const struct node *node, const struct question *question);
void answer_take_digits(struct step *step, const struct node *node, const struct question *question);
void answer_take_text(struct step *step, const struct node *node, const struct question *question);
void answer_take_date(struct step *step, const struct node *node, const struct question *question);
