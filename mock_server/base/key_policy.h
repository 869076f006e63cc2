/* What is decided about a key and what it stands for, a function a question: whatever acts on keys
 * asks here. Honest, unless other answers were put in place before any thread started. */
#ifndef INVONCE_MOCK_SERVER_BASE_KEY_POLICY_H
#define INVONCE_MOCK_SERVER_BASE_KEY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct key_policy {
    /* The tenant that a key of this tenant's is kept under; static or borrowed. */
    const char *(*tenant_of)(const char *tenant);

    /* When others may take over what is claimed as in progress at `now_ms`. */
    int64_t (*lease_end)(int64_t now_ms);

    /* Whether a request is the one its key is known for, by the fingerprints of both. */
    bool (*is_same_request)(const char *known, const char *fingerprint);

    /* Whether what a look found before the transaction is relied on inside it, whatever the
     * constraints say by then. */
    bool (*relies_on_look)(void);

    /* Whether a reply's body is saved under the key; a record is kept already. */
    bool (*saves_body)(bool is_record);

    /* Whether a refusal by this HTTP status becomes what the key stands for, though nothing was
     * carried out. */
    bool (*saves_refusal)(int status);
};

extern const struct key_policy KEY_POLICY_HONEST;

extern struct key_policy key_policy;

#endif
