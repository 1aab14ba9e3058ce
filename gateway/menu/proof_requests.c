/* What the proof shows of requests: the longest words that there are, in every way that a request may stand. */
#include <string.h>
#include "menu/proof_worst.h"
#include "menu/request_words.h"
#include "menu/scene.h"

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

static struct span line_of(const struct round *round, const struct request *request, int64_t now)
{
    const struct facts facts = {.service = round->service, .person = &round->person, .now = now};
    const struct template_values values = {
        .service = round->service, .language = round->language, .facts = &facts, .reference = ""};
    return request_line(&values, request, round->arena);
}

/* The state whose line is the longest, and whether that is the line of a late one: *now is then past what was promised. */
static enum request_state longest_state(const struct round *round, struct request *request, bool open, int64_t *now)
{
    enum request_state longest = REQUEST_WAITING;
    struct span words = SPAN("");
    for (int way = 0; way < 2 * REQUEST_STATES; way++) {
        int64_t then = round->due_at + way % 2;
        request->state = (enum request_state)(way / 2);
        struct span line = line_of(round, request, then);
        if ((open && !request_is_open(request)) || worst_longer(words, line).at != line.at)
            continue;
        words = line;
        longest = request->state;
        *now = then;
    }
    return longest;
}

void worst_person(struct round *round, bool open)
{
    struct request worst = {.kind = longest_kind(round),
                            .created_at = round->due_at,
                            .due_at = round->due_at,
                            .next_at = round->due_at,
                            .changed_at = round->due_at};
    memcpy(worst.reference, SAMPLE_REFERENCE, sizeof worst.reference);
    round->now = round->due_at;
    round->person = (struct person_view){
        .person = 1, .registered = true, .requests = round->requests, .request_count = REQUESTS_SHOWN};
    worst.state = longest_state(round, &worst, open, &round->now);
    for (size_t i = 0; i < REQUESTS_SHOWN; i++)
        round->requests[i] = worst;
}

#define WAYS (REQUEST_STATES * (STEP_REOPENED + 1) * 2)

bool worst_request(struct round *round, size_t way, struct facts *facts)
{
    if (way == WAYS)
        return false;
    struct request *request = &round->requests[0];
    request->state = (enum request_state)(way % REQUEST_STATES);
    request->step = (enum request_step)(way / REQUEST_STATES % (STEP_REOPENED + 1));
    facts->now = round->due_at + (way < WAYS / 2 ? 0 : 1); /* just in time, and late */
    return true;
}
