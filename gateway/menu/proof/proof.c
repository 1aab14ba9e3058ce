#include "menu/proof.h"
#include "menu/proof/proof_parts.h"

void proof_run(const struct service *service, const struct proof_channel *channels, size_t channel_count,
               struct problems *problems, struct proof_counts *counts)
{
    *counts = (struct proof_counts){.nodes = service->node_count,
                                    .texts = service->text_count,
                                    .languages = service->language_count,
                                    .drafts = service->draft_count,
                                    .drafts_shown = service_drafts_shown(service)};
    proof_flow(service, problems);
    proof_promises(service, problems, counts);
    proof_answers(service, problems, counts);
    proof_topics(service, problems);
    proof_screens(service, channels, channel_count, problems, counts);
}
