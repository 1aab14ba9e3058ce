/* What the proof shows of requests: the longest words that there are, in every way that a request may stand. */
#include <string.h>
#include "menu/proof/proof_worst.h"
#include "menu/drawing/request_words.h"
#include "menu/drawing/scene.h"

static struct span longest_kind(const struct round *round)
{
    const struct service *service = round->service;
    size_t longest = 0;
    for (size_t k = 1; k < service->request_kind_count; k++)
        if (worst_longer(round->language->request_kinds[longest], round->language->request_kinds[k]).at ==
            round->language->request_kinds[k].at)
            longest = k;
    return service->request_kind_count ? service->request_kinds[longest] : SPAN("-");
}

static struct span line_of(const struct round *round, const struct request *request)
{
    const struct facts facts = {.service = round->service, .person = &round->person, .now = round->now};
    const struct template_values values = {
        .service = round->service, .language = round->language, .facts = &facts, .reference = ""};
    return request_line(&values, request, round->arena);
}

/* All its days as far off as takes most room, to come or past. */
static void set_days(const struct round *round, struct request *request, bool late)
{
    request->due_at = late ? round->past_at : round->due_at;
    request->created_at = request->next_at = request->changed_at = request->due_at;
}

/* The request whose line is the longest: its state, and whether what was promised is past. */
static struct request longest_request(const struct round *round, bool open)
{
    struct request request = {.kind = longest_kind(round)}, longest = request;
    struct span words = SPAN("");
    memcpy(request.reference, SAMPLE_REFERENCE, sizeof request.reference);
    for (int way = 0; way < 2 * REQUEST_STATES; way++) {
        request.state = (enum request_state)(way / 2);
        set_days(round, &request, way % 2);
        struct span line = line_of(round, &request);
        if ((open && !request_is_open(&request)) || worst_longer(words, line).at != line.at)
            continue;
        words = line;
        longest = request;
    }
    return longest;
}

void worst_person(struct round *round, bool open)
{
    round->person = (struct person_view){
        .person = 1, .registered = true, .requests = round->requests, .request_count = REQUESTS_SHOWN};
    struct request longest = longest_request(round, open);
    for (size_t i = 0; i < REQUESTS_SHOWN; i++)
        round->requests[i] = longest;
}

#define WAYS (REQUEST_STATES * (STEP_REOPENED + 1) * 2)

bool worst_request(struct round *round, size_t way)
{
    if (way == WAYS)
        return false;
    struct request *request = &round->requests[0];
    request->state = (enum request_state)(way % REQUEST_STATES);
    request->step = (enum request_step)(way / REQUEST_STATES % (STEP_REOPENED + 1));
    set_days(round, request, way >= WAYS / 2); /* in time, and late */
    return true;
}
