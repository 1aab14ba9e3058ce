/* Passing somebody on to an office that helps, and asking later what came of it. */
#include "console/pages/pages.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"

#define OUTCOME_AFTER_MS (14 * DAY_MS)
#define DETAIL_MAX 600 /* bytes */

static const struct request_try referring = {
    .place = "refer", .field = "refer-office", .wanted = "request_do_refer", .said = "request_said_refer"};
static const struct request_try settling = {
    .wanted = "request_do_settle", .said = "request_said_settle", .has_text = true}; /* at place_of a referral */
static const struct request_try asking_later = {.wanted = "request_do_later", .said = "request_said_later"};

/* Of a topic; without one, all of them. */
struct offered {
    struct desk_office *offices;
    size_t count;
    bool has_topic;
};

static void add_part(struct buffer *detail, struct span part)
{
    if (part.len == 0)
        return;
    if (detail->len > 0)
        buffer_add_text(detail, " \xC2\xB7 ");
    buffer_add(detail, part);
}

/* For what, where it does not go without saying, and where. */
static void add_matter(const struct request_work *work, const struct desk_office *office, bool says_topics,
                       struct buffer *to)
{
    const struct visit *visit = work->visit;
    for (size_t i = 0; says_topics && i < office->topic_count; i++)
        add_part(to, choice_topic_words(visit, work->service, office->topics[i]));
    add_part(to, office->area.len > 0 ? choice_area_words(visit, work->service, office->area)
                                      : choice_words(visit, "request_office_everywhere"));
}

/* What tells it from others of its name: for what, where, its number and hours. */
static struct span office_detail(const struct request_work *work, const struct offered *offered,
                                 const struct desk_office *office)
{
    struct buffer detail;
    buffer_init(&detail, work->visit->arena, DETAIL_MAX);
    add_matter(work, office, !offered->has_topic, &detail);
    add_part(&detail, office->phone);
    add_part(&detail, office->hours);
    return buffer_failed(&detail) ? office->phone : buffer_span(&detail);
}

/* Those for what they asked about; all, where the directory has none for it. Those of their district stand first. */
static struct offered offices_for(const struct request_work *work)
{
    const struct visit *visit = work->visit;
    const struct queue_row *row = &work->data.row;
    struct offered offered = {.has_topic = span_is_present(row->request.topic)};
    offered.count = desk_offices(work->service, row->request.topic, row->area, visit->operator->lang, visit->now,
                                 visit->arena, &offered.offices);
    if (offered.count > 0)
        return offered;
    offered.has_topic = false;
    offered.count = desk_offices(work->service, SPAN_NONE, row->area, visit->operator->lang, visit->now, visit->arena,
                                 &offered.offices);
    return offered;
}

static void fill_offices(const struct request_work *work, struct request_refer_view *view)
{
    const struct visit *visit = work->visit;
    const struct offered offered = offices_for(work);
    struct span chosen = request_work_typed(work, "refer", "office");
    view->offices = ARENA_ARRAY(visit->arena, struct request_office_choice_view, offered.count);
    view->office_count = offered.count;
    for (size_t i = 0; i < offered.count; i++) {
        const struct desk_office *office = &offered.offices[i];
        view->offices[i] = (struct request_office_choice_view){.id = office->id,
                                                               .name = office->name,
                                                               .detail = office_detail(work, &offered, office),
                                                               .is_chosen = span_equal(office->id, chosen),
                                                               .is_stale = office->is_stale,
                                                               .is_sample = office->is_sample};
    }
}

static const char *of_referral(const struct visit *visit, const char *lead, int64_t referral)
{
    return arena_format(visit->arena, "%s%lld", lead, (long long)referral).at;
}

/* Of its draft, and of its element on the page. */
static const char *place_of(const struct visit *visit, int64_t referral)
{
    return of_referral(visit, DRAFT_OF_REFERRAL, referral);
}

static void fill_later(const struct request_work *work, struct request_referral_view *view)
{
    const struct visit *visit = work->visit;
    const char *place = of_referral(visit, "later-", view->referral);
    struct span typed = request_work_typed(work, place, "due");
    view->can_wait = work->is_open && !view->settled_at;
    view->later = request_work_form(work, place);
    view->again =
        typed.len > 0 ? typed : said_write_day(visit->arena, visit->now + OUTCOME_AFTER_MS, visit->style.zone_minutes);
}

/* One that has left the directory has its id for a name. False: it has. */
static bool find_office(const struct request_work *work, const struct referral *referral, struct desk_office *office)
{
    *office = (struct desk_office){.name = referral->office};
    return work->service &&
           desk_find_office(work->service, referral->office, work->visit->operator->lang, work->visit->arena, office);
}

static struct span matter_of(const struct request_work *work, const struct desk_office *office)
{
    struct buffer matter;
    buffer_init(&matter, work->visit->arena, DETAIL_MAX);
    add_matter(work, office, true, &matter);
    return buffer_failed(&matter) ? SPAN_NONE : buffer_span(&matter);
}

struct span request_referred_to(const struct request_work *work, int64_t at)
{
    const struct request_view *data = &work->data;
    for (size_t i = 0; i < data->referral_count; i++) {
        struct desk_office office;
        struct span matter = SPAN_NONE;
        if (data->referrals[i].referral.at != at)
            continue;
        if (find_office(work, &data->referrals[i].referral, &office))
            matter = matter_of(work, &office);
        return matter.len > 0
                   ? arena_format(work->visit->arena, "%.*s \xC2\xB7 %.*s", SPAN_ARG(office.name), SPAN_ARG(matter))
                   : office.name;
    }
    return SPAN_NONE;
}

static void fill_referral(const struct request_work *work, const struct shown_referral *shown,
                          struct request_referral_view *view)
{
    const struct referral *referral = &shown->referral;
    struct desk_office office;
    const bool is_known = find_office(work, referral, &office);
    *view = (struct request_referral_view){
        .form = request_work_form(work, place_of(work->visit, referral->id)),
        .referral = referral->id,
        .office = office.name,
        .matter = is_known ? matter_of(work, &office) : SPAN_NONE,
        .phone = office.phone,
        .hours = office.hours,
        .who = shown->who,
        .outcome = referral->outcome,
        .at = referral->at,
        .due_at = referral->due_at,
        .settled_at = referral->settled_at,
        .has_consent = referral->has_consent,
        .is_overdue = work->is_open && !referral->settled_at && referral->due_at <= work->visit->now,
    };
    fill_later(work, view);
}

void request_fill_refer(const struct request_work *work, struct request_refer_view *view)
{
    const struct visit *visit = work->visit;
    struct span due = request_work_typed(work, "refer", "due"), consent = request_work_typed(work, "refer", "consent");
    view->form = request_work_form(work, "refer");
    view->due =
        due.len > 0 ? due : said_write_day(visit->arena, visit->now + OUTCOME_AFTER_MS, visit->style.zone_minutes);
    view->has_consent = span_equal(consent, SPAN("yes"));
    view->has_no_consent = span_equal(consent, SPAN("no"));
    const struct mistakes mistakes = request_work_mistakes(work);
    view->wrong.office = mistakes_at(&mistakes, "refer-office");
    view->wrong.consent = mistakes_at(&mistakes, "refer-consent");
    view->wrong.due = mistakes_at(&mistakes, "refer-due");
    if (work->service)
        fill_offices(work, view);
    view->can_refer = work->is_open && view->office_count > 0;
    view->referrals = ARENA_ARRAY(visit->arena, struct request_referral_view, work->data.referral_count);
    view->referral_count = work->data.referral_count;
    for (size_t i = 0; i < view->referral_count; i++)
        fill_referral(work, &work->data.referrals[i], &view->referrals[i]);
}

static void check_referral(const struct visit *visit, int64_t *due, struct mistakes *mistakes)
{
    const struct span consent = visit_field(visit, "consent");
    if (visit_field(visit, "office").len == 0)
        mistakes_add(mistakes, (struct mistake){.word = "request_why_no_office", .field = "refer-office"});
    if (!span_equal(consent, SPAN("yes")) && !span_equal(consent, SPAN("no")))
        mistakes_add(mistakes, (struct mistake){.word = "request_why_no_consent", .field = "refer-consent"});
    if (!request_work_time(visit, "due", due))
        mistakes_add(mistakes,
                     (struct mistake){"request_why_date", "refer-due", choice_words(visit, "request_refer_due")});
}

void do_request_refer(struct visit *visit)
{
    struct mistakes mistakes = {.count = 0};
    struct desk_action action = request_work_action(visit, DESK_REFER);
    check_referral(visit, &action.until, &mistakes);
    if (mistakes.count > 0) {
        request_work_refuse_all(visit, referring, &mistakes);
        return;
    }
    action.name = visit_field(visit, "office");
    action.flag = span_equal(visit_field(visit, "consent"), SPAN("yes"));
    request_work_do(visit, &action, referring);
}

/* Nobody knows yet what came of it. */
static void ask_later(struct visit *visit)
{
    struct request_try tried = asking_later;
    struct desk_action action = request_work_action(visit, DESK_SETTLE_REFERRAL);
    action.to = visit_field_id(visit, "referral");
    tried.place = of_referral(visit, "later-", action.to);
    tried.field = of_referral(visit, "later-due-", action.to);
    if (request_work_time(visit, "due", &action.until))
        request_work_do(visit, &action, tried);
    else
        request_work_refuse(visit, tried, "request_why_date");
}

void do_request_settle(struct visit *visit)
{
    if (span_is_present(visit_field(visit, "due"))) {
        ask_later(visit);
        return;
    }
    struct span text = visit_field(visit, "text");
    struct request_try tried = settling;
    struct desk_action action = request_work_action(visit, DESK_SETTLE_REFERRAL);
    action.to = visit_field_id(visit, "referral");
    action.text = text;
    tried.place = place_of(visit, action.to);
    if (span_trim(text).len > 0) {
        request_work_do(visit, &action, tried);
        return;
    }
    tried.field = of_referral(visit, "settle-", action.to);
    request_work_refuse(visit, tried, "request_why_empty");
}
