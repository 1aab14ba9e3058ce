#include <string.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "menu/engine/typed_answers.h"
#include "text/digits.h"
#include "text/utf8.h"

struct span typed_digits(struct step *step)
{
    struct span typed = digits_to_ascii(span_trim(step->in->input), step->arena);
    struct buffer digits;
    buffer_init(&digits, step->arena, 64);
    for (size_t i = 0; i < typed.len; i++) {
        if (typed.at[i] >= '0' && typed.at[i] <= '9')
            buffer_add_char(&digits, typed.at[i]);
        else if (typed.at[i] != ' ' && typed.at[i] != ',' && typed.at[i] != '-')
            return SPAN_NONE;
    }
    return buffer_failed(&digits) || digits.len == 0 ? SPAN_NONE : buffer_span(&digits);
}

void answer_take_number(struct step *step, const struct node *node, const struct question *question)
{
    uint64_t number;
    struct span digits = typed_digits(step);
    if (!span_is_present(digits) || !span_to_u64(digits, &number) || number < (uint64_t)question->min ||
        number > (uint64_t)question->max)
        step_bad(step, NOTICE_BAD_TEXT);
    else
        step_save_answer(step, node, question, arena_format(step->arena, "%llu", (unsigned long long)number));
}

void answer_take_digits(struct step *step, const struct node *node, const struct question *question)
{
    struct span digits = typed_digits(step);
    if (digits.len < (size_t)question->min || digits.len > (size_t)question->max)
        step_bad(step, NOTICE_BAD_TEXT);
    else
        step_save_answer(step, node, question, digits);
}

/* Control characters, line breaks too, become blanks: an answer is one line wherever it is shown. */
static struct span one_line(struct span typed, struct arena *arena)
{
    struct buffer line;
    buffer_init(&line, arena, typed.len + 1);
    for (size_t i = 0; i < typed.len; i++)
        buffer_add_char(&line, (unsigned char)typed.at[i] < ' ' || typed.at[i] == 0x7f ? ' ' : typed.at[i]);
    return span_trim(buffer_span(&line));
}

void answer_take_text(struct step *step, const struct node *node, const struct question *question)
{
    struct span text = one_line(step->in->input, step->arena), rest = text;
    uint32_t character;
    int64_t count = 0;
    while (rest.len > 0 && utf8_next(&rest, &character))
        count++;
    if (count < question->min || count > question->max)
        step_bad(step, NOTICE_BAD_TEXT);
    else
        step_save_answer(step, node, question, text);
}

static bool day_exists(int64_t day, int64_t month, int64_t year)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || year < 1900 || year > 2200 || day < 1)
        return false;
    bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + leap;
}

/* "5.11.2026", "5/11/2026", "5 11 2026": the numbers in it, however they are set apart. */
static size_t split_numbers(struct span typed, int64_t numbers[3])
{
    size_t count = 0;
    bool inside = false;
    for (size_t i = 0; i < typed.len; i++) {
        bool digit = typed.at[i] >= '0' && typed.at[i] <= '9';
        if (digit && !inside && count++ == 3)
            return 0;
        if (digit)
            numbers[count - 1] = (inside ? numbers[count - 1] * 10 : 0) + (typed.at[i] - '0');
        else if (!strchr("./- ", typed.at[i]))
            return 0;
        inside = digit;
        if (digit && numbers[count - 1] > 99999999)
            return 0;
    }
    return count;
}

static bool read_date(struct span typed, int64_t *day, int64_t *month, int64_t *year)
{
    int64_t numbers[3] = {0, 0, 0};
    size_t count = split_numbers(typed, numbers);
    if (count == 1 && typed.len == 8) {
        *day = numbers[0] / 1000000;
        *month = numbers[0] / 10000 % 100;
        *year = numbers[0] % 10000;
    } else if (count == 3) {
        *day = numbers[0];
        *month = numbers[1];
        *year = numbers[2] < 100 ? numbers[2] + 2000 : numbers[2];
    } else {
        return false;
    }
    return day_exists(*day, *month, *year);
}

void answer_take_date(struct step *step, const struct node *node, const struct question *question)
{
    int64_t day, month, year;
    struct span typed = digits_to_ascii(span_trim(step->in->input), step->arena);
    struct civil today = clock_civil(step->in->now, step->service->zone_minutes);
    int64_t now = today.year * INT64_C(10000) + today.month * 100 + today.day;
    if (!read_date(typed, &day, &month, &year) || (!question->future && year * 10000 + month * 100 + day > now)) {
        step_bad(step, NOTICE_BAD_TEXT);
        return;
    }
    step_save_answer(step, node, question,
                     arena_format(step->arena, "%04d-%02d-%02d", (int)year, (int)month, (int)day));
}
