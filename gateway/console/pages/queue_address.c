#include "console/pages/queue_address.h"

#define VALUE_MAX 64
#define AFTER_MAX 200
#define ADDRESS_MAX 2048

static const char *const tabs[] = {
    [TAB_ALL] = "all",         [TAB_MINE] = "mine",       [TAB_UNASSIGNED] = "unassigned",
    [TAB_DANGER] = "danger",   [TAB_DUE] = "due",         [TAB_OVERDUE] = "overdue",
    [TAB_WAITING] = "waiting", [TAB_TROUBLE] = "trouble", [TAB_DONE] = "done",
};

const char *queue_tab_id(enum queue_tab tab)
{
    return tabs[tab];
}

static const char *const channels[] = {
    [QUEUE_ANY_CHANNEL] = NULL, [QUEUE_BY_USSD] = "ussd", [QUEUE_BY_SMS] = "sms", [QUEUE_BY_HAND] = "hand"};

const char *queue_channel_id(enum queue_channel channel)
{
    return channels[channel];
}

static enum queue_channel channel_of(struct span id)
{
    for (enum queue_channel channel = QUEUE_BY_USSD; channel <= QUEUE_BY_HAND; channel++) {
        if (span_equal_text(id, channels[channel]))
            return channel;
    }
    return QUEUE_ANY_CHANNEL;
}

static enum queue_tab tab_of(struct span id)
{
    for (enum queue_tab tab = 0; tab < TAB_COUNT; tab++) {
        if (span_equal_text(id, tabs[tab]))
            return tab;
    }
    return TAB_ALL;
}

/* An empty choice of a form is none. */
static struct span value_of(const struct pair *pairs, size_t count, struct span name, size_t max)
{
    struct span value = span_trim(form_find(pairs, count, name));
    return value.len > 0 && value.len <= max ? value : SPAN_NONE;
}

void queue_address_read(const struct pair *pairs, size_t count, struct queue_address *out)
{
    *out = (struct queue_address){
        .tab = tab_of(value_of(pairs, count, SPAN("tab"), VALUE_MAX)),
        .topic = value_of(pairs, count, SPAN("topic"), VALUE_MAX),
        .lang = value_of(pairs, count, SPAN("language"), VALUE_MAX),
        .channel = channel_of(value_of(pairs, count, SPAN("channel"), VALUE_MAX)),
        .area = value_of(pairs, count, SPAN("district"), VALUE_MAX),
        .desk = value_of(pairs, count, SPAN("desk"), VALUE_MAX),
        .after = value_of(pairs, count, SPAN("after"), AFTER_MAX),
    };
}

static void add(struct buffer *text, const char *name, struct span value)
{
    if (!span_is_present(value))
        return;
    buffer_add_format(text, "&%s=", name);
    form_encode(value, text);
}

struct span queue_address_write(const struct queue_address *address, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, ADDRESS_MAX);
    buffer_add_format(&text, "tab=%s", tabs[address->tab]);
    add(&text, "topic", address->topic);
    add(&text, "language", address->lang);
    add(&text, "channel", span_of(channels[address->channel]));
    add(&text, "district", address->area);
    add(&text, "desk", address->desk);
    return buffer_span(&text);
}

bool queue_address_is_filtered(const struct queue_address *address)
{
    return span_is_present(address->topic) || span_is_present(address->lang) || span_is_present(address->area) ||
           span_is_present(address->desk) || address->channel != QUEUE_ANY_CHANNEL;
}

static enum queue_state state_of(enum queue_tab tab)
{
    switch (tab) {
    case TAB_WAITING:
        return QUEUE_WAITING_FOR;
    case TAB_TROUBLE:
        return QUEUE_TROUBLE;
    case TAB_DONE:
        return QUEUE_DONE;
    default:
        return QUEUE_OPEN;
    }
}

void queue_address_filter(const struct queue_address *address, const struct operator *operator, int64_t now,
                          struct queue_filter *out)
{
    enum queue_tab tab = address->tab;
    *out = (struct queue_filter){
        .operator = operator,
        .whose = tab == TAB_MINE         ? QUEUE_MINE
                 : tab == TAB_UNASSIGNED ? QUEUE_UNASSIGNED
                                         : QUEUE_ALL,
        .state = state_of(tab),
        .is_danger = tab == TAB_DANGER,
        .now = now,
        .due_before = tab == TAB_DUE       ? now + QUEUE_DUE_SOON_MS
                      : tab == TAB_OVERDUE ? now
                                           : 0,
        .topic = address->topic,
        .lang = address->lang,
        .channel = address->channel,
        .area = address->area,
        .desk = address->desk,
        .after = address->after,
    };
}
