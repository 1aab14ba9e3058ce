/* texting: by which channel a text leaves that nobody is waiting for on a line, and until when. */
#include "desk_stage.h"

#include "core/outbox/texting.h"

static const char *channel_for(struct desk_stage *d, const struct service *service, const char *number)
{
    const struct channel *channel = texting_channel(d->stage.catalogue, service, span_of(number));
    return channel ? channel->id.at : NULL;
}

/* The one that sends, of the same service; never another service's. */
static void a_text_leaves_by_its_services_channel(void **state)
{
    struct desk_stage *d = *state;
    const struct service *own = d->stage.catalogue->services[0], *other = (const struct service *)&own;
    assert_string_equal(channel_for(d, own, CALLER), "sms");
    assert_string_equal(channel_for(d, own, "+4915112345678"), "sms"); /* no route of its own */
    struct channel *sms = (struct channel *)(uintptr_t)texting_channel(d->stage.catalogue, own, SPAN(CALLER));
    sms->enabled = false; /* and there is only one left, which sends nothing */
    assert_null(channel_for(d, own, CALLER));
    sms->enabled = true;
    assert_null(channel_for(d, other, CALLER));
    assert_null(channel_for(d, other, "+4915112345678"));
}

static void a_text_ends_when_its_channel_or_who_sends_it_says(void **state)
{
    struct desk_stage *d = *state;
    const struct service *service = d->stage.catalogue->services[0];
    const struct channel *channel = texting_channel(d->stage.catalogue, service, SPAN(CALLER));
    const int64_t life = channel->text_expires_ms;
    const struct {
        int64_t until, expires;
    } rows[] = {{0, life}, {1000, 1000}, {life - 1, life - 1}, {life + 1, life}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct change_list changes = {.arena = d->f->arena};
        const struct texting texting = {.phone = 1,
                                        .request = 3001,
                                        .channel = channel,
                                        .number = SPAN(CALLER),
                                        .text = SPAN("Well"),
                                        .until = rows[i].until ? d->now + rows[i].until : 0};
        const struct outbox_row *row = texting_queue(&texting, &d->ids, d->now, &changes);
        assert_int_equal(row->expires_at, d->now + rows[i].expires);
        assert_int_equal(row->request, 3001);
        assert_true(row->unasked);
        assert_int_equal(changes.count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(a_text_leaves_by_its_services_channel),
        ON_A_DESK(a_text_ends_when_its_channel_or_who_sends_it_says),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
