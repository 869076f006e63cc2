#include "mock_server/attempt.h"

#include "mock_server/attempt_course.h"
#include "mock_server/clock.h"
#include "mock_server/readers.h"
#include "mock_server/settings.h"

#include <string.h>

static void refuse_invalid(struct attempt *attempt, const struct violations *violations)
{
    json_t *problem = problem_new(PROBLEM_VALIDATION_FAILED,
                                  "%zu %s of this request %s to be "
                                  "mended; nothing was saved.",
                                  violations->count, violations->count == 1 ? "member" : "members",
                                  violations->count == 1 ? "needs" : "need");
    json_object_set_new(problem, "errors", violations_to_json(violations));
    reply_problem_json(&attempt->creation.proposal.reply, problem);
    attempt_settle(attempt, OUTCOME_REJECTED_INVALID);
}

static void look_up_key(struct attempt *attempt)
{
    struct store_session *session = readers_session();
    if (!session) {
        return; /* the writer will decide */
    }
    if (create_once_look(&attempt->creation, session, clock_now_ms()) == CREATION_SETTLED) {
        attempt->settled = true;
    }
}

/* --bug check-then-store: the look that goes before, in a step of its own. */
static void look_before(struct attempt *attempt)
{
    struct creation *creation = &attempt->creation;
    struct store_session *session = readers_session();
    if (session && creation->creator->look &&
        creation->creator->look(creation->subject, session, &creation->proposal)) {
        attempt_settle(attempt, OUTCOME_REJECTED_CONFLICT);
    }
}

/* Reads and checks the body, for a key that is new. */
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
    creation->subject = creation->creator->read(&request, &violations);
    if (violations.count > 0) {
        refuse_invalid(attempt, &violations);
    } else if (!creation->subject) {
        reply_problem(&creation->proposal.reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
        attempt_settle(attempt, OUTCOME_FAILED);
    }
    violations_clear(&violations);
}

/* What the key stands for already counts more than whether the body is valid. */
static void decide(struct attempt *attempt)
{
    if (attempt->creation.key) {
        look_up_key(attempt);
    }
    if (!attempt->settled) {
        read_subject(attempt);
    }
    if (!attempt->settled && settings.bug == BUG_CHECK_THEN_STORE) {
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
    bool save = settings.bug == BUG_CACHE_5XX && faults->status_before >= 500;
    attempt_answer_at_once(attempt, save && attempt->creation.key);
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
    if (request->body && attempt->creation.creator->describe) {
        attempt->creation.creator->describe(request->body, &attempt->entry);
    }
}

void attempt_begin(struct exchange *exchange, bool too_large)
{
    struct attempt *attempt = attempt_new(exchange);
    if (!attempt) {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
        return;
    }
    bool readable = attempt_request_read(&attempt->request, exchange, too_large,
                                         &attempt->creation.proposal.reply);
    take_request(attempt);
    if (!readable) {
        attempt_settle(attempt, OUTCOME_REJECTED_INVALID);
    }
    if (faults_are_on()) {
        consult_faults(attempt);
    }
    if (exchange->faults.drop_before) {
        exchange->cut = true;
    } else if (exchange->faults.status_before) {
        answer_status(attempt);
    } else {
        if (readable) {
            decide(attempt);
        }
        attempt_go_on(attempt);
    }
}
