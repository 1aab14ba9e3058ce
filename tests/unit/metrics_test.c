/* metrics: histogram edges, and the text that Prometheus reads, checked line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"

struct fixture {
    struct metrics metrics;
    struct arena *arena;
    struct buffer out;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(METRICS_TEXT_MAX);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static const char *text_at(struct fixture *f, int64_t now_ms)
{
    buffer_init(&f->out, f->arena, METRICS_TEXT_MAX);
    metrics_write(&f->metrics, now_ms, &f->out);
    assert_false(buffer_failed(&f->out));
    return arena_text(f->arena, buffer_span(&f->out));
}

static void assert_line(const char *text, const char *line)
{
    char wanted[200];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    if (!strstr(text, wanted)) {
        fail_msg("no line: %s", line);
    }
}

static void buckets_are_near_and_never_low(void **state)
{
    (void)state;
    for (int64_t us = 0; us < INT64_C(1) << 30; us = us < 5000 ? us + 1 : us + us / 7) {
        struct histogram one = {0};
        histogram_add(&one, us);
        int64_t upper = histogram_quantile(&one, 0.5);
        assert_true(upper >= us);
        assert_true(upper - us <= us / 16);
    }
}

static void extremes_stay_inside(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    assert_int_equal(histogram_quantile(&histogram, 0.99), 0);
    histogram_add(&histogram, INT64_MIN);
    assert_int_equal(histogram_quantile(&histogram, 1.0), 0);
    histogram_add(&histogram, INT64_MAX);
    assert_int_equal(histogram.buckets[HISTOGRAM_BUCKETS - 1], 1);
    assert_int_equal(histogram_quantile(&histogram, 1.0), (INT64_C(1) << 30) - 1);
}

static void quantiles_follow_rank(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    for (int64_t us = 1; us <= 10; us++) {
        histogram_add(&histogram, us);
    }
    assert_int_equal(histogram_quantile(&histogram, 0.0), 1);
    assert_int_equal(histogram_quantile(&histogram, 0.1), 1);
    assert_int_equal(histogram_quantile(&histogram, 0.5), 5);
    assert_int_equal(histogram_quantile(&histogram, 0.99), 10);
    assert_int_equal(histogram_quantile(&histogram, 1.0), 10);
}

static void shows_every_counter(void **state)
{
    struct fixture *f = *state;
    f->metrics.steps = 1;
    f->metrics.ticks = 2;
    f->metrics.repeats = 3;
    f->metrics.requests_made = 4;
    f->metrics.registrations_made = 5;
    f->metrics.texts_sent = UINT64_MAX;
    for (size_t i = 0; i < METRIC_ERROR_COUNT; i++) {
        f->metrics.errors[i] = 10 + i;
    }
    const char *text = text_at(f, 0);
    static const char *const lines[] = {
        "helpline_steps_total 1",
        "helpline_ticks_total 2",
        "helpline_repeats_total 3",
        "helpline_requests_total 4",
        "helpline_registrations_total 5",
        "helpline_texts_sent_total 18446744073709551615",
        "helpline_errors_total{kind=\"commit\"} 10",
        "helpline_errors_total{kind=\"statement\"} 11",
        "helpline_errors_total{kind=\"unreadable\"} 12",
        "helpline_errors_total{kind=\"auth\"} 13",
        "helpline_errors_total{kind=\"full\"} 14",
        "helpline_errors_total{kind=\"send\"} 15",
        "# TYPE helpline_errors_total counter",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_line(text, lines[i]);
    }
}

static void shows_gauges_and_ages(void **state)
{
    struct fixture *f = *state;
    f->metrics.sessions_open = 12;
    f->metrics.data_bytes = INT64_C(5000000000);
    f->metrics.wal_bytes = 4096;
    f->metrics.started_at = 1795255200123;
    f->metrics.version = "1.2.3";
    const char *text = text_at(f, 1000);
    assert_line(text, "helpline_sessions_open 12");
    assert_line(text, "helpline_data_bytes 5000000000");
    assert_line(text, "helpline_wal_bytes 4096");
    assert_line(text, "helpline_outbox_oldest_seconds 0");
    assert_line(text, "helpline_backup_age_seconds +Inf");
    assert_line(text, "helpline_start_time_seconds 1795255200.123");
    assert_line(text, "helpline_build_info{version=\"1.2.3\"} 1");
    f->metrics.outbox_oldest_at = 1000;
    f->metrics.backup_at = 5000;
    text = text_at(f, 4005);
    assert_line(text, "helpline_outbox_oldest_seconds 3.005");
    assert_line(text, "helpline_backup_age_seconds 0.000"); /* the clock stepped back */
}

static void shows_a_line_a_channel(void **state)
{
    struct fixture *f = *state;
    struct channel_metrics *one = metrics_channel(&f->metrics, "at-sms");
    assert_ptr_equal(metrics_channel(&f->metrics, "at-sms"), one);
    one->gsm7_segments = 7;
    one->circuit_open = true;
    assert_null(strstr(text_at(f, 0), "helpline_text_cost_total{")); /* nobody said what it costs */
    assert_true(metrics_channel_counts_in(one, SPAN("KES")));
    assert_false(metrics_channel_counts_in(one, SPAN("BDT"))); /* a sum of two says nothing */
    one->cost_micros = 5600001;
    assert_non_null(metrics_channel(&f->metrics, "kannel"));
    const char *text = text_at(f, 0);
    assert_line(text, "helpline_text_segments_total{channel=\"at-sms\",encoding=\"gsm7\"} 7");
    assert_line(text, "helpline_text_segments_total{channel=\"at-sms\",encoding=\"ucs2\"} 0");
    assert_line(text, "helpline_text_cost_total{channel=\"at-sms\",currency=\"KES\"} 5.600001");
    assert_line(text, "helpline_channel_circuit_open{channel=\"at-sms\"} 1");
    assert_line(text, "helpline_channel_circuit_open{channel=\"kannel\"} 0");
}

static void channels_that_cannot_be_shown_are_left_out(void **state)
{
    struct fixture *f = *state;
    char name[METRIC_NAME_MAX + 1];
    memset(name, 'x', sizeof name);
    name[METRIC_NAME_MAX] = '\0';
    assert_null(metrics_channel(&f->metrics, name));
    assert_non_null(metrics_channel(&f->metrics, name + 1));
    static const char *const bad[] = {"", "a\"b", "a\\b", "a\nb"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(metrics_channel(&f->metrics, bad[i]));
    for (int i = 1; i < METRIC_CHANNELS_MAX; i++) {
        snprintf(name, sizeof name, "c%d", i);
        assert_non_null(metrics_channel(&f->metrics, name));
    }
    assert_null(metrics_channel(&f->metrics, "one-more"));
    assert_non_null(metrics_channel(&f->metrics, "c5"));
}

static void histograms_are_exact_at_their_edges(void **state)
{
    struct fixture *f = *state;
    histogram_add(&f->metrics.answer_us, 255);
    histogram_add(&f->metrics.answer_us, 256);
    histogram_add(&f->metrics.answer_us, 1000000);
    histogram_add(&f->metrics.answer_us, 100000000);
    histogram_add(&f->metrics.batch, 1);
    histogram_add(&f->metrics.batch, 2);
    histogram_add(&f->metrics.batch, 511);
    histogram_add(&f->metrics.batch, 512);
    const char *text = text_at(f, 0);
    assert_line(text, "helpline_answer_seconds_bucket{le=\"0.000256\"} 1");
    assert_line(text, "helpline_answer_seconds_bucket{le=\"0.000512\"} 2");
    assert_line(text, "helpline_answer_seconds_bucket{le=\"0.524288\"} 2");
    assert_line(text, "helpline_answer_seconds_bucket{le=\"1.048576\"} 3");
    assert_line(text, "helpline_answer_seconds_bucket{le=\"16.777216\"} 3");
    assert_line(text, "helpline_answer_seconds_bucket{le=\"+Inf\"} 4");
    assert_line(text, "helpline_answer_seconds_sum 101.000511");
    assert_line(text, "helpline_answer_seconds_count 4");
    assert_line(text, "helpline_batch_messages_bucket{le=\"1\"} 1");
    assert_line(text, "helpline_batch_messages_bucket{le=\"3\"} 2");
    assert_line(text, "helpline_batch_messages_bucket{le=\"511\"} 3");
    assert_line(text, "helpline_batch_messages_bucket{le=\"1023\"} 4");
    assert_line(text, "helpline_batch_messages_sum 1026");
}

/* The grammar of the format: HELP, then TYPE, then samples of that name; the last line ends too. */
static void every_sample_has_its_head(void **state)
{
    struct fixture *f = *state;
    f->metrics.version = "x";
    struct span rest = span_of(text_at(f, 0));
    char name[100] = "";
    assert_int_equal(rest.at[rest.len - 1], '\n');
    rest.len--;
    while (span_is_present(rest)) {
        struct span line = span_cut(&rest, '\n');
        if (span_starts_with(line, SPAN("# HELP "))) {
            struct span words = span_from(line, 7);
            struct span first = span_cut(&words, ' ');
            snprintf(name, sizeof name, "%.*s", SPAN_ARG(first));
            assert_true(words.len > 0);
            struct span type = span_cut(&rest, '\n'), head = arena_format(f->arena, "# TYPE %s ", name);
            assert_true(span_starts_with(type, head));
        } else {
            assert_true(span_starts_with(line, span_of(name)));
            assert_true(span_starts_with(line, SPAN("helpline_")));
            assert_non_null(memchr(line.at, ' ', line.len));
        }
    }
}

static void fits_with_the_largest_values(void **state)
{
    struct fixture *f = *state;
    memset(&f->metrics, 0x7F, sizeof f->metrics);
    static const char *const classes[] = {"one", "a class with a rather long name", NULL};
    f->metrics.retained_names = classes;
    f->metrics.version = "a version with a rather long name, from a branch";
    text_at(f, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_near_and_never_low),
        cmocka_unit_test(extremes_stay_inside),
        cmocka_unit_test(quantiles_follow_rank),
        cmocka_unit_test_setup_teardown(shows_every_counter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shows_gauges_and_ages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shows_a_line_a_channel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(channels_that_cannot_be_shown_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(histograms_are_exact_at_their_edges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_sample_has_its_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fits_with_the_largest_values, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
