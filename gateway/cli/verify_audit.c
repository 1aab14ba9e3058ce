/* helpline verify --audit: whether the chain of who did what is whole. */
#include <inttypes.h>
#include <stdio.h>
#include "cli/report.h"
#include "cli/verifying.h"
#include "core/config.h"
#include "store/desk_reader.h"

static int prove(const char *path, const struct keyring *keyring)
{
    struct reader *reader = NULL;
    struct audit_proof proof = {0};
    struct error err = {0};
    enum outcome outcome = reader_open(path, keyring, &reader, &err);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &err);
    outcome = desk_prove_audit(reader, &proof, &err);
    reader_close(reader);
    if (outcome == OUTCOME_REFUSED)
        return report_error(EXIT_FINDING, &err);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &err);
    printf("%s: the audit is whole: %" PRId64 " rows, last %" PRId64 ", head ", path, proof.rows, proof.last_id);
    for (size_t i = 0; i < AUDIT_MAC_BYTES && proof.rows; i++)
        printf("%02x", proof.head[i]);
    printf(proof.rows ? "\n" : "none\n");
    return report_output(EXIT_DONE);
}

int verify_audit(const struct config *config, const char *path)
{
    struct keyring *keyring = NULL;
    struct error err = {0};
    int code = keyring_open(config->data.keys, &keyring, &err) == OUTCOME_OK ? prove(path, keyring)
                                                                             : report_error(EXIT_KEYS, &err);
    keyring_close(keyring);
    return code;
}
