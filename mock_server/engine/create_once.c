#include "mock_server/engine/create_once.h"

#include "mock_server/base/key_policy.h"
#include "mock_server/base/settings.h"
#include "mock_server/engine/differs.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

void creation_reset(struct creation *creation)
{
    reply_clear(&creation->proposal.reply);
    creation->proposal = (struct proposal){0};
    creation->expires_at = 0;
}

static struct store_key key_of(const struct creation *creation)
{
    return (struct store_key){
        .tenant = key_policy.tenant_of(creation->tenant),
        .endpoint = creation->endpoint,
        .key = creation->key,
    };
}

static enum creation_state settle(struct creation *creation, enum outcome outcome)
{
    assert(creation->proposal.reply.status != 0);
    creation->outcome = outcome;
    return CREATION_SETTLED;
}

static struct store_reply saved_form(const struct proposal *proposal, int64_t now)
{
    assert(proposal->reply.status != 0); /* that is a key's in progress */
    bool with_body = key_policy.saves_body(proposal->reply_is_record);
    return (struct store_reply){
        .status = proposal->reply.status,
        .problem = proposal->problem,
        .record_id = proposal->record_id[0] ? proposal->record_id : NULL,
        .location = proposal->reply.location,
        .body = with_body ? proposal->reply.body : NULL,
        .body_length = with_body ? proposal->reply.length : 0,
        .expires_at = now + settings.key_ttl_ms,
    };
}

static enum creation_state refuse_other_body(struct creation *creation,
                                             const struct store_saved *saved)
{
    struct json *problem = problem_new(
        PROBLEM_IDEMPOTENCY_KEY_REUSED,
        N_("This idempotency key was used for another request. The first result stands; "
           "nothing was done for this one."));
    struct json *differs = saved->request ? differs_between(saved->request, creation->body) : NULL;
    if (differs) {
        json_put(problem, "differs", differs);
    }
    reply_problem_json(&creation->proposal.reply, problem);
    return settle(creation, OUTCOME_REJECTED_MISMATCH);
}

static void keep_id(struct proposal *proposal, const struct store_saved *saved)
{
    if (saved->record_id) {
        strncpy(proposal->record_id, saved->record_id, RECORD_ID_SIZE - 1);
    }
}

/* What a saved reply leaves to the record. False: failed. */
static bool recall(const struct creation *creation, struct store_session *session,
                   struct store_saved *saved, char **canonical)
{
    const struct creator *creator = creation->creator;
    bool has_body = saved->body;
    if (!saved->problem && creator->recall &&
        !creator->recall(creator, session, creation->tenant, saved->record_id,
                         has_body ? NULL : &saved->body, canonical)) {
        return false;
    }
    if (!has_body && saved->body) {
        saved->body_length = strlen(saved->body);
    }
    return saved->body;
}

/* The saved reply, byte for byte; takes its text. */
static enum creation_state replay(struct creation *creation, struct store_session *session,
                                  struct store_saved *saved)
{
    char *canonical = NULL;
    if (!recall(creation, session, saved, &canonical)) {
        return CREATION_FAILED;
    }
    struct reply *reply = &creation->proposal.reply;
    reply_take(reply, saved->status, saved->problem ? PROBLEM_MEDIA_TYPE : MEDIA_JSON, saved->body,
               saved->body_length);
    reply->location = saved->location;
    reply->canonical = canonical;
    reply->replayed = true;
    saved->body = saved->location = NULL;
    creation->expires_at = saved->expires_at;
    keep_id(&creation->proposal, saved);
    return settle(creation, OUTCOME_REPLAYED);
}

/* Past its lifetime: what the tombstone leads to, as it is now. */
static enum creation_state revive(struct creation *creation, struct store_session *session,
                                  const struct store_saved *saved)
{
    struct reply *reply = &creation->proposal.reply;
    assert(creation->creator->revive); /* whoever claims keys has it */
    if (!creation->creator->revive(creation->creator, session, creation->tenant, saved->problem,
                                   saved->record_id, reply)) {
        return CREATION_FAILED;
    }
    reply->replayed = true;
    keep_id(&creation->proposal, saved);
    return settle(creation, OUTCOME_REPLAYED);
}

/* What a known key means for this request. */
static enum creation_state judge(struct creation *creation, struct store_session *session,
                                 struct store_saved *saved)
{
    if (!key_policy.is_same_request(saved->fingerprint, creation->fingerprint)) {
        return refuse_other_body(creation, saved);
    }
    if (saved->status == 0) {
        return CREATION_BUSY;
    }
    return saved->expires_at ? replay(creation, session, saved) : revive(creation, session, saved);
}

enum creation_state create_once_look(struct creation *creation, struct store_session *session,
                                     int64_t now)
{
    struct store_saved saved;
    struct store_key key = key_of(creation);
    enum store_status status = store_key_find(session, &key, now, &saved);
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? CREATION_UNKNOWN : CREATION_FAILED;
    }
    enum creation_state state = judge(creation, session, &saved);
    store_saved_clear(&saved);
    return state;
}

static bool draw_owner(struct creation *creation)
{
    return RAND_bytes(creation->owner, sizeof creation->owner) == 1;
}

/* In progress elsewhere: ours from now on if its lease is over. */
static enum creation_state take_over(struct creation *creation, struct store_session *session,
                                     int64_t now)
{
    struct store_key key = key_of(creation);
    enum store_status status =
        draw_owner(creation)
            ? store_key_take_over(session, &key, creation->owner, key_policy.lease_end(now), now)
            : STORE_FAILED;
    if (status == STORE_ABSENT) {
        return CREATION_BUSY;
    }
    creation->claimed = status == STORE_OK;
    return creation->claimed ? CREATION_CLAIMED : CREATION_FAILED;
}

/* The claim met a key that is known. */
static enum creation_state known(struct creation *creation, struct store_session *session,
                                 int64_t now)
{
    enum creation_state state = create_once_look(creation, session, now);
    return state == CREATION_BUSY ? take_over(creation, session, now) : state;
}

enum creation_state create_once_claim(struct creation *creation, struct store_session *session,
                                      int64_t now)
{
    struct store_key key = key_of(creation);
    enum store_status status =
        draw_owner(creation)
            ? store_key_claim_in_progress(session, &key, creation->fingerprint, creation->request,
                                          creation->owner, key_policy.lease_end(now))
            : STORE_FAILED;
    if (status == STORE_TAKEN) {
        return known(creation, session, now);
    }
    creation->claimed = status == STORE_OK;
    return creation->claimed ? CREATION_CLAIMED : CREATION_FAILED;
}

/* The key is ours in this transaction and has the proposed reply: now make it true. */
static enum creation_state carry_out(struct creation *creation, struct store_session *session,
                                     int64_t now)
{
    struct proposal *proposal = &creation->proposal;
    enum outcome outcome = creation->creator->carry_out(creation->subject, session, now, proposal);
    if (outcome == OUTCOME_FAILED) {
        return CREATION_FAILED;
    }
    if (outcome == OUTCOME_REJECTED_CONFLICT && creation->key) {
        struct store_key key = key_of(creation);
        struct store_reply reply = saved_form(proposal, now);
        if (store_key_amend(session, &key, &reply) != STORE_OK) {
            return CREATION_FAILED;
        }
    }
    return settle(creation, outcome);
}

/* Nobody else's update hits a row with this owner in it. */
static bool has_owner(const struct creation *creation)
{
    static const unsigned char NOBODY[STORE_OWNER_SIZE];
    return memcmp(creation->owner, NOBODY, sizeof NOBODY) != 0;
}

/* Completes the claim, unless somebody took it over meanwhile: then what they did is what counts.
 */
static enum creation_state complete(struct creation *creation, struct store_session *session,
                                    int64_t now)
{
    struct proposal *proposal = &creation->proposal;
    assert(creation->claimed && creation->key && has_owner(creation));
    if (!creation->creator->propose(creation->subject, session, now, proposal)) {
        return CREATION_FAILED;
    }
    struct store_key key = key_of(creation);
    struct store_reply reply = saved_form(proposal, now);
    enum store_status status = store_key_complete(session, &key, creation->owner, &reply);
    if (status == STORE_OK) {
        return carry_out(creation, session, now);
    }
    if (status != STORE_ABSENT) {
        return CREATION_FAILED;
    }
    creation->claimed = false;
    creation_reset(creation);
    enum creation_state state = known(creation, session, now);
    return state == CREATION_CLAIMED ? complete(creation, session, now) : state;
}

/* The key was claimed by another since it was looked for. */
static bool may_carry_on(struct creation *creation, struct store_session *session,
                         const struct store_reply *reply)
{
    struct store_key key = key_of(creation);
    return key_policy.relies_on_look() && store_key_amend(session, &key, reply) == STORE_OK;
}

enum creation_state create_once(struct creation *creation, struct store_session *session,
                                int64_t now)
{
    struct proposal *proposal = &creation->proposal;
    if (creation->claimed) {
        return complete(creation, session, now);
    }
    if (creation->creator->propose &&
        !creation->creator->propose(creation->subject, session, now, proposal)) {
        return CREATION_FAILED;
    }
    if (!creation->key) {
        return carry_out(creation, session, now);
    }
    struct store_key key = key_of(creation);
    struct store_reply reply = saved_form(proposal, now);
    enum store_status status =
        store_key_claim(session, &key, creation->fingerprint, creation->request, &reply);
    if (status == STORE_OK || (status == STORE_TAKEN && may_carry_on(creation, session, &reply))) {
        return carry_out(creation, session, now);
    }
    if (status != STORE_TAKEN) {
        return CREATION_FAILED;
    }
    creation_reset(creation);
    enum creation_state state = known(creation, session, now);
    return state == CREATION_CLAIMED ? complete(creation, session, now) : state;
}

enum creation_state create_once_save(struct creation *creation, struct store_session *session,
                                     int64_t now)
{
    struct store_key key = key_of(creation);
    struct store_reply reply = saved_form(&creation->proposal, now);
    reply.problem = "saved-failure";
    enum store_status status =
        store_key_claim(session, &key, creation->fingerprint, creation->request, &reply);
    return status == STORE_FAILED ? CREATION_FAILED : CREATION_SETTLED;
}
