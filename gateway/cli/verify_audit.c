/* helpline verify --audit: whether the chain of who did what is whole. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "cli/report.h"
#include "cli/verifying.h"
#include "core/config.h"
#include "store/desk_reader.h"

/* As the log has it: "mac=" and 32 hexadecimal digits, of which only these are given. */
static bool read_head(const char *text, unsigned char known[AUDIT_MAC_BYTES])
{
    size_t len = 0;
    return !text || (sodium_hex2bin(known, AUDIT_MAC_BYTES, text, strlen(text), NULL, &len, NULL) == 0 &&
                     len == AUDIT_MAC_BYTES);
}

static int prove(const char *path, const struct keyring *keyring, const unsigned char *known)
{
    struct audit_proof proof = {0};
    struct reader *reader = NULL;
    struct error err = {0};
    enum outcome outcome = reader_open(path, keyring, &reader, &err);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &err);
    outcome = desk_prove_audit(reader, known, &proof, &err);
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

int verify_audit(const struct config *config, const char *path, const char *head)
{
    struct keyring *keyring = NULL;
    struct error err = {0};
    unsigned char known[AUDIT_MAC_BYTES];
    if (!read_head(head, known)) {
        error_set(&err, OUTCOME_REFUSED, "--head takes the 32 hexadecimal digits that follow mac= in the log");
        return report_error(EXIT_USAGE, &err);
    }
    int code = keyring_open(config->data.keys, &keyring, &err) == OUTCOME_OK ? prove(path, keyring, head ? known : NULL)
                                                                             : report_error(EXIT_KEYS, &err);
    keyring_close(keyring);
    return code;
}
