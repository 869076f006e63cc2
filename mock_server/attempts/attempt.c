#include "mock_server/attempts/attempt.h"

#include "mock_server/attempts/attempt_course.h"
#include "mock_server/base/key_policy.h"
#include "mock_server/engine/audit_values.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/replays.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

static struct store_key key_of(const struct attempt *attempt)
{
    return (struct store_key){attempt->creation.tenant, attempt->request.endpoint,
                              attempt->request.key};
}

static void remember_replay(const struct attempt *attempt)
{
    const struct creation *creation = &attempt->creation;
    const struct proposal *proposal = &creation->proposal;
    const struct store_audit_entry *entry = &attempt->entry;
    struct replay replay = {
        .key = key_of(attempt),
        .request = attempt->exchange->body.bytes,
        .request_length = attempt->exchange->body.length,
        .status = proposal->reply.status,
        .content_type = proposal->reply.content_type,
        .body = proposal->reply.body,
        .body_length = proposal->reply.length,
        .location = proposal->reply.location,
        .record_id = proposal->record_id[0] ? proposal->record_id : NULL,
        .expires_at = creation->expires_at,
    };
    memcpy(replay.unique, entry->unique, sizeof replay.unique);
    replays_remember(&replay);
}

/* What the constraints say by now; the create asks them itself. */
static void look_before(struct attempt *attempt)
{
    struct creation *creation = &attempt->creation;
    struct store_session *session = readers_session();
    if (session && creation->creator->look &&
        creation->creator->look(creation->subject, session, &creation->proposal)) {
        attempt_settle(attempt, OUTCOME_REJECTED_CONFLICT);
    }
}

/* True: the key is known, and the attempt settled. */
static bool look_up_key(struct attempt *attempt)
{
    bool known = attempt->creation.key && attempt_look_up_key(attempt);
    if (known && attempt->creation.expires_at) {
        remember_replay(attempt);
    }
    return known;
}

/* Reads and checks the body. What the key stands for already counts more than whether that is
 * valid. */
static void read_subject(struct attempt *attempt)
{
    struct creation *creation = &attempt->creation;
    struct violations violations = {0};
    struct creator_request request = {
        .body = attempt->request.body,
        .tenant = creation->tenant,
        .user = attempt->entry.user,
        .parameter = attempt->exchange->parameter,
        .fingerprint = creation->fingerprint,
    };
    creation->subject = creation->creator->read(creation->creator, &request, &violations);
    if (violations.count > 0) {
        bool known = look_up_key(attempt);
        if (!known && readers_are_away()) {
            reply_store_away(&creation->proposal.reply); /* it may be another body under the key */
            attempt_settle(attempt, OUTCOME_FAILED);
        } else if (!known) {
            reply_violations(&creation->proposal.reply, &violations);
            attempt_settle(attempt, OUTCOME_REJECTED_INVALID);
        }
    } else if (!creation->subject) {
        reply_problem(&creation->proposal.reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
        attempt_settle(attempt, OUTCOME_FAILED);
    }
    violations_clear(&violations);
}

/* A new key is found to be new by its claim, and a look before that costs a create a tenth of its
 * time. So a look goes first only where it is likely to end the matter; and where faults strike
 * what is left to do, or the look is relied on. */
static void decide(struct attempt *attempt)
{
    bool relies_on_look = key_policy.relies_on_look();
    bool look_first = replays_are_expected() || faults_are_on() || relies_on_look;
    if (!look_first || !look_up_key(attempt)) {
        read_subject(attempt);
    }
    if (!attempt->settled && relies_on_look) {
        look_before(attempt);
    }
}

static void consult_faults(struct attempt *attempt)
{
    struct fault_request request = {
        .tenant = attempt->creation.tenant,
        .endpoint = attempt->creation.endpoint,
        .key = attempt->request.arrival_key ? attempt->request.arrival_key : "",
        .path = attempt->exchange->path,
        .creating = true,
    };
    attempt->exchange->faults = faults_consult(&request);
    if (attempt->exchange->faults.names[0]) {
        memcpy(attempt->fault, attempt->exchange->faults.names, sizeof attempt->fault);
        attempt->entry.fault = attempt->fault;
    }
}

static void answer_status(struct attempt *attempt)
{
    const struct fault_plan *faults = &attempt->exchange->faults;
    struct reply *reply = &attempt->creation.proposal.reply;
    creation_reset(&attempt->creation);
    reply_problem_json(reply,
                       problem_of_status(faults->status_before, "A fault that was asked for."));
    reply->retry_after_s = faults->retry_after_s;
    attempt_settle(attempt, OUTCOME_FAILED);
    attempt_answer_at_once(attempt, attempt->creation.key &&
                                        key_policy.saves_refusal(faults->status_before));
}

/* What the request read goes where the rest looks for it. */
static void take_request(struct attempt *attempt)
{
    struct attempt_request *request = &attempt->request;
    attempt->creation.endpoint = request->endpoint;
    attempt->creation.key = request->claims_key ? request->key : NULL;
    attempt->creation.request = request->canonical;
    attempt->creation.body = request->body;
    memcpy(attempt->creation.fingerprint, request->fingerprint, FINGERPRINT_TEXT_SIZE);
    attempt->entry.endpoint = request->endpoint;
    attempt->entry.request_id = request->id;
    attempt->entry.key = request->key[0] ? request->key : NULL;
    if (request->body) {
        audit_values_read(attempt->creation.creator, request->body, attempt->exchange->parameter,
                          attempt->entry.unique);
    }
}

/* False: out of memory. */
static bool take_replay(struct attempt *attempt, const struct replay *replay)
{
    struct proposal *proposal = &attempt->creation.proposal;
    char *body = malloc(replay->body_length + 1);
    char *location = replay->location ? strdup(replay->location) : NULL;
    if (!body || (replay->location && !location)) {
        free(body);
        free(location);
        return false;
    }
    memcpy(body, replay->body, replay->body_length);
    reply_take(&proposal->reply, replay->status, replay->content_type, body, replay->body_length);
    proposal->reply.location = location;
    proposal->reply.replayed = true;
    if (replay->record_id) {
        strncpy(proposal->record_id, replay->record_id, RECORD_ID_SIZE - 1);
    }
    memcpy(attempt->entry.unique, replay->unique, sizeof replay->unique);
    return true;
}

/* What is not remembered of a reply, as it may change. False: it can't be read. */
static bool find_canonical(const struct attempt *attempt, const struct replay *replay,
                           char **canonical)
{
    const struct creator *creator = attempt->creation.creator;
    struct store_session *session = readers_session();
    uint64_t generation = store_generation(session);
    if (replay->status >= 300 || !replay->record_id ||
        (generation && generation == replay->unmerged_in)) {
        return true;
    }
    if (!creator->recall(creator, session, attempt->creation.tenant, replay->record_id, NULL,
                         canonical)) {
        return false;
    }
    if (generation && !*canonical) {
        replays_note_unmerged(replay, generation);
    }
    return true;
}

/* A retry with the bytes of a request that was answered lately needs no reading. Not where faults
 * are about: they count and strike what was read. The thread's session is asked for whether or not
 * one is expected, so that it is opened while the store is whole: where the main file was emptied
 * meanwhile, SQLite takes the log beside it away on opening. */
static bool answer_again(struct attempt *attempt)
{
    struct exchange *exchange = attempt->exchange;
    if (faults_are_on() || !readers_session() || !replays_are_expected() ||
        !attempt_request_key_ahead(&attempt->request, exchange)) {
        return false;
    }
    struct store_key key = key_of(attempt);
    struct replay *replay =
        replays_find(&key, exchange->body.bytes, exchange->body.length, clock_now_ms());
    char *canonical = NULL;
    if (!replay || !find_canonical(attempt, replay, &canonical) || !take_replay(attempt, replay)) {
        free(canonical);
        free(replay);
        return false;
    }
    attempt->creation.proposal.reply.canonical = canonical;
    attempt->entry_text = replay;
    take_request(attempt);
    attempt_settle(attempt, OUTCOME_REPLAYED);
    attempt_go_on(attempt);
    return true;
}

static void read_and_decide(struct attempt *attempt, bool too_large)
{
    struct exchange *exchange = attempt->exchange;
    bool readable = attempt_request_read(&attempt->request, exchange, too_large,
                                         &attempt->creation.proposal.reply);
    take_request(attempt);
    if (!readable) {
        attempt_settle(attempt, OUTCOME_REJECTED_INVALID);
    }
    if (faults_are_on()) {
        consult_faults(attempt);
    }
    if (readable && !exchange->faults.drop_before && !exchange->faults.status_before) {
        decide(attempt);
    }
    /* The bytes have been read; an attempt may wait for long without them. */
    buffer_clear(&exchange->body);
}

void attempt_begin(struct exchange *exchange)
{
    bool too_large = exchange_is_too_large(exchange);
    struct attempt *attempt = attempt_new(exchange);
    if (!attempt) {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
        return;
    }
    attempt_request_begin(&attempt->request, exchange);
    if (!too_large && answer_again(attempt)) {
        return;
    }
    read_and_decide(attempt, too_large);
    if (exchange->faults.drop_before) {
        exchange->cut = true;
    } else if (exchange->faults.status_before) {
        answer_status(attempt);
    } else {
        attempt_go_on(attempt);
    }
}
