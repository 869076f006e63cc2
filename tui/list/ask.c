#include "tui/list/ask.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/message.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define HTTP_OK           200
#define HTTP_UNAUTHORIZED 401
#define HTTP_NOT_FOUND    404
#define WAIT_MAX_MS       60000 /* the courier's own time-outs are shorter */

/* One attempt under way, and what came of it. */
struct attempt {
    struct answer *answer;
    bool ended;
    enum ask_end end;
    bool again; /* it may go better another time */
    int64_t retry_after_ms;
};

static void say(struct attempt *attempt, const char *why)
{
    snprintf(attempt->answer->why, sizeof attempt->answer->why, "%s", why);
}

/* As the attempts of a create are put again: RULES.md section 8. */
static bool is_worth_another(int status)
{
    return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
           status == 503 || status == 504;
}

static void take_answer(struct attempt *attempt, const struct reply *reply)
{
    char problem[JSON_PROBLEM_MAX];
    struct json *json = json_read_object(reply->body, reply->length, problem);
    attempt->again = is_worth_another(reply->status) || (reply->status == HTTP_OK && !json);
    attempt->retry_after_ms = reply->retry_after_ms;
    const char *detail = json_text(json, "detail");
    if (reply->status == HTTP_OK && json) {
        attempt->end = ASK_ANSWERED;
        attempt->answer->json = json;
        return;
    }
    bool is_problem = strcmp(reply->media_type, "application/problem+json") == 0;
    attempt->end = reply->status == HTTP_NOT_FOUND && is_problem ? ASK_ABSENT : ASK_REFUSED;
    if (reply->status == HTTP_UNAUTHORIZED)
        say(attempt, N_("the server doesn't know your token: see --token"));
    else
        say(attempt, detail ? detail : N_("the server's answer can't be read"));
    json_free(json);
}

static void done(void *context, const struct reply *reply)
{
    struct attempt *attempt = context;
    attempt->ended = true;
    if (reply->fate == REPLY_WHOLE) {
        take_answer(attempt, reply);
        return;
    }
    attempt->again = true;
    attempt->end = ASK_UNREACHABLE;
    say(attempt, reply->error ? reply->error : N_("no answer"));
}

/* Until the attempt has ended, or the time has come. True when it is to stop. */
static bool wait(const struct asker *asker, const struct attempt *attempt, int64_t until_ms)
{
    bool interrupted = false;
    while (!interrupted && !attempt->ended && clock_monotonic_ms() < until_ms) {
        int64_t left = until_ms - clock_monotonic_ms();
        if (!courier_poll(asker->courier, &asker->interrupt, &interrupted, 1,
                          left < WAIT_MAX_MS ? (int)(left > 0 ? left : 0) : WAIT_MAX_MS))
            return false;
        if (asker->progress) progress_show(asker->progress, clock_monotonic_ms());
    }
    return interrupted;
}

static void try_once(const struct asker *asker, const char *path, struct attempt *attempt)
{
    const struct courier_request request = {.path = path};
    *attempt = (struct attempt){.answer = attempt->answer, .end = ASK_FAILED, .retry_after_ms = -1};
    struct courier_call *call = courier_send(asker->courier, &request, done, attempt);
    if (!call) {
        say(attempt, N_("there is not enough memory"));
        return;
    }
    if (wait(asker, attempt, INT64_MAX)) attempt->end = ASK_INTERRUPTED;
    if (attempt->ended) return;
    courier_cancel(call);
    if (attempt->end == ASK_FAILED) say(attempt, N_("The network library failed."));
}

static int64_t pause_ms(const struct asker *asker, unsigned attempts, int64_t retry_after_ms)
{
    uint32_t entropy = 0;
    if (getrandom(&entropy, sizeof entropy, 0) != (ssize_t)sizeof entropy)
        entropy = (uint32_t)clock_monotonic_ms();
    return retry_delay_ms(&asker->retry, attempts, retry_after_ms, entropy);
}

enum ask_end ask(const struct asker *asker, const char *path, struct answer *answer)
{
    int64_t give_up_ms = clock_monotonic_ms() + asker->retry.budget_ms;
    struct attempt attempt = {.answer = answer};
    *answer = (struct answer){0};
    for (unsigned attempts = 1;; attempts++) {
        try_once(asker, path, &attempt);
        if (!attempt.again) return attempt.end;
        int64_t again_ms = clock_monotonic_ms() + pause_ms(asker, attempts, attempt.retry_after_ms);
        if (again_ms >= give_up_ms) return ASK_UNREACHABLE;
        if (asker->progress) asker->progress->retries++;
        attempt.ended = false;
        if (wait(asker, &attempt, again_ms)) return ASK_INTERRUPTED;
    }
}
