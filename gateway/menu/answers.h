/*
 * answers: what the types of questions share, for answers.c and typed_answers.c only.
 */
#pragma once
#include "menu/step.h"

/* Saves the answer, opening the form's entry before the first, and goes on to the next question. */
void answer_save(struct step *step, const struct node *node, const struct question *question, struct span value);

/* Digits alone, with the blanks, commas and dashes that people put between them left out; absent when anything else is there. */
struct span typed_digits(struct step *step);

void answer_take_number(struct step *step, const struct node *node, const struct question *question);
void answer_take_digits(struct step *step, const struct node *node, const struct question *question);
void answer_take_text(struct step *step, const struct node *node, const struct question *question);
void answer_take_date(struct step *step, const struct node *node, const struct question *question);
