/* The drawing of a flow: every node and every way is in it, once for each key, and texts cannot break out of it. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "menu/graph.h"
#include "menu/service/model.h"
#include "sample_service.h"

struct fixture {
    struct arena *arena;
    struct service *service;
    struct buffer out;
};

static void draw(struct fixture *f, const char *lang, const char *file, const char *from, const char *to)
{
    struct problems problems;
    struct error err;
    problems_init(&problems, f->arena);
    service_free(f->service);
    assert_int_equal(sample_parse_changed(file, from, to, f->arena, &f->service, &problems, &err), OUTCOME_OK);
    buffer_init(&f->out, f->arena, GRAPH_MAX);
    graph_draw(f->service, span_of(lang), &f->out);
    assert_false(buffer_failed(&f->out));
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(64 * 1024);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    service_free(f->service);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static size_t count(const struct fixture *f, struct span words)
{
    size_t found = 0;
    for (struct span rest = buffer_span(&f->out); rest.len >= words.len; rest = span_from(rest, 1))
        found += memcmp(rest.at, words.at, words.len) == 0;
    return found;
}

static void holds(const struct fixture *f, struct span words)
{
    if (count(f, words) == 0)
        fail_msg("the drawing has no %.*s", SPAN_ARG(words));
}

static void way(const struct fixture *f, struct span from, struct span to, const char *key)
{
    holds(f, arena_format(f->arena, "  \"%.*s\" -> \"%.*s\" [label=\"%s", SPAN_ARG(from), SPAN_ARG(to), key));
}

static void question_is_drawn(const struct fixture *f, const struct question *question)
{
    const struct node *node = question->node;
    struct span name = node->kind == NODE_FORM
                           ? arena_format(f->arena, "%.*s.%.*s", SPAN_ARG(node->id), SPAN_ARG(question->id))
                           : node->id;
    assert_int_equal(count(f, arena_format(f->arena, "    \"%.*s\" [label=", SPAN_ARG(name))), 1);
    for (size_t i = 0; i < question->option_count; i++)
        if (question->options[i].target)
            way(f, name, question->options[i].target->id, question->options[i].key);
}

static void every_node_and_every_way_is_in_it(void **state)
{
    struct fixture *f = *state;
    draw(f, NULL, NULL, NULL, NULL);
    for (size_t i = 0; i < f->service->node_count; i++) {
        const struct node *node = &f->service->nodes[i];
        assert_int_equal(count(f, arena_format(f->arena, "    \"%.*s\" [label=", SPAN_ARG(node->id))), 1);
        for (size_t q = 0; q < node->question_count; q++)
            question_is_drawn(f, &node->questions[q]);
        for (size_t c = 0; c < node->case_count; c++)
            way(f, node->id, node->cases[c].target->id, "");
        if (node->then && node->kind != NODE_FORM)
            way(f, node->id, node->then->id, "");
    }
    way(f, SPAN("call"), SPAN("call.safe"), "");
    way(f, SPAN("call.confirm"), SPAN("send"), "");
    way(f, SPAN("call.confirm"), SPAN("call.safe"), "2");
}

static void texts_are_those_of_the_language(void **state)
{
    struct fixture *f = *state;
    draw(f, "bn", NULL, NULL, NULL);
    holds(f, SPAN("[main] every other call\\lনমুনা\\l1 সেবা -> leaf\\l"));
    draw(f, "xx", NULL, NULL, NULL);
    holds(f, SPAN("[main] every other call\\lSample\\l1 Services -> leaf\\l"));
    holds(f, SPAN("{office} {phone} {hours}"));
}

static void what_is_special_is_marked(void **state)
{
    struct fixture *f = *state;
    draw(f, NULL, NULL, NULL, NULL);
    holds(f, SPAN("[danger] danger\\lCall 999\\l1 Call me now -> ask_now\\l3 I am safe -> main\\l\", color="));
    holds(f, SPAN("label=\"if registered\", style=dashed"));
    holds(f, SPAN("label=\"when safe is other\", style=dashed"));
    holds(f, SPAN("label=\"main.conf\""));
}

static void quotes_stay_inside(void **state)
{
    struct fixture *f = *state;
    draw(f, NULL, "text/en.conf", "title = \"Settings\"", "title = \"A \\\"b\\\" \\\\ c\\nd\"");
    holds(f, SPAN("[all]\\lA \\\"b\\\" \\\\ c\\ld\\l1 No texts"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_node_and_every_way_is_in_it),
        TEST(texts_are_those_of_the_language),
        TEST(what_is_special_is_marked),
        TEST(quotes_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
