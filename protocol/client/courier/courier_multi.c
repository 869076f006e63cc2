/* All calls under way, moved on by libcurl's multi interface. */
#include "protocol/client/courier/courier.h"

#include "protocol/client/courier/courier_call.h"
#include "protocol/client/origin.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WATCHED_MAX 16 /* descriptors of the caller's */
#define PASSES_MAX  64 /* over what has come already, before a call is out of time */

static CURLcode global_result = CURLE_FAILED_INIT;

static void set_up_once(void)
{
    struct sigaction now;
    /* A server that closes early must not end the program: OpenSSL writes without MSG_NOSIGNAL. */
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        if (sigaction(SIGPIPE, &ignore, NULL) != 0) return;
    }
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* --- the courier --- */

static bool token_fits_a_header(const char *token)
{
    for (; *token != '\0'; token++)
        if (*token < 0x21 || *token > 0x7E) return false;
    return true;
}

static bool check_options(const struct courier_options *options, struct origin *origin,
                          char sentence[COURIER_SENTENCE_MAX])
{
    if (strchr(options->server, '@') != NULL) {
        snprintf(
            sentence, COURIER_SENTENCE_MAX,
            N_("The server's address names a user or a password, before its @: leave that out. "
               "The token says who you are."));
        return false;
    }
    if (!origin_read(options->server, origin)) {
        snprintf(
            sentence, COURIER_SENTENCE_MAX,
            N_("The server \"%.80s\" is no address like https://host or http://127.0.0.1:8420."),
            options->server);
        return false;
    }
    if (!origin->encrypted && !origin->loopback && !options->insecure) {
        snprintf(
            sentence, COURIER_SENTENCE_MAX,
            N_("%.80s is not encrypted and not on this machine: anyone on the way could read the "
               "token. Use https, or --insecure to send it all the same."),
            origin->text);
        return false;
    }
    if (options->token != NULL && !token_fits_a_header(options->token)) {
        snprintf(sentence, COURIER_SENTENCE_MAX,
                 N_("The token holds a space or another character that no token has."));
        return false;
    }
    return true;
}

static bool copy_options(struct courier *courier, const struct courier_options *options)
{
    courier->connect_timeout_ms =
        options->connect_timeout_ms > 0 ? options->connect_timeout_ms : 3000;
    courier->attempt_timeout_ms =
        options->attempt_timeout_ms > 0 ? options->attempt_timeout_ms : 10000;
    if (options->ca_file != NULL && (courier->ca_file = strdup(options->ca_file)) == NULL)
        return false;
    if (options->token == NULL || *options->token == '\0') return true;
    if (asprintf(&courier->authorization, "Authorization: Bearer %s", options->token) < 0) {
        courier->authorization = NULL;
        return false;
    }
    return true;
}

struct courier *courier_new(const struct courier_options *options,
                            char sentence[COURIER_SENTENCE_MAX])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pthread_once(&once, set_up_once) != 0 || global_result != CURLE_OK) {
        snprintf(sentence, COURIER_SENTENCE_MAX, N_("The HTTP library could not be started."));
        return NULL;
    }
    struct origin origin;
    if (!check_options(options, &origin, sentence)) return NULL;
    struct courier *courier = calloc(1, sizeof *courier);
    if (courier != NULL && copy_options(courier, options) &&
        (courier->multi = curl_multi_init()) != NULL) {
        courier->origin = origin;
        return courier;
    }
    courier_free(courier);
    snprintf(sentence, COURIER_SENTENCE_MAX, N_("Out of memory."));
    return NULL;
}

const char *courier_server(const struct courier *courier)
{
    return courier->origin.text;
}

static void unlink_call(struct courier_call *call)
{
    assert((call->previous != NULL ? call->previous->next : call->courier->calls) == call);
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        call->courier->calls = call->next;
    if (call->next != NULL) call->next->previous = call->previous;
}

void courier_free(struct courier *courier)
{
    if (courier == NULL) return;
    while (courier->calls != NULL)
        courier_cancel(courier->calls);
    curl_multi_cleanup(courier->multi);
    if (courier->authorization != NULL)
        explicit_bzero(courier->authorization, strlen(courier->authorization));
    free(courier->authorization);
    free(courier->ca_file);
    free(courier);
}

/* --- calls --- */

struct courier_call *courier_send(struct courier *courier, const struct courier_request *request,
                                  courier_done *done, void *context)
{
    struct courier_call *call = courier_call_new(courier, request, done, context);
    if (call == NULL) return NULL;
    if (curl_multi_add_handle(courier->multi, call->easy) != CURLM_OK) {
        courier_call_free(call);
        return NULL;
    }
    call->next = courier->calls;
    if (call->next != NULL) call->next->previous = call;
    courier->calls = call;
    return call;
}

void courier_cancel(struct courier_call *call)
{
    unlink_call(call);
    courier_call_free(call);
}

static void finish(struct courier_call *call, CURLcode result)
{
    curl_multi_remove_handle(call->courier->multi, call->easy);
    if (result == CURLE_OK && call->headers_ended && courier_call_follow(call)) return;
    char media_type[COURIER_MEDIA_TYPE_SIZE];
    struct reply reply = courier_call_reply(call, result, media_type);
    unlink_call(call);
    call->done(call->context, &reply);
    courier_call_free(call);
}

/* Moves all calls on by what is there now. */
static bool perform(struct courier *courier)
{
    int running = 0, left = 0;
    if (curl_multi_perform(courier->multi, &running) != CURLM_OK) return false;
    for (CURLMsg *message; (message = curl_multi_info_read(courier->multi, &left)) != NULL;) {
        struct courier_call *call = NULL;
        CURLcode result = message->data.result;
        assert(message->msg == CURLMSG_DONE); /* there are no others */
        if (curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call) != CURLE_OK)
            return false;
        finish(call, result);
    }
    return true;
}

static struct courier_call *late_call(const struct courier *courier, int64_t now_ms)
{
    struct courier_call *call = courier->calls;
    while (call != NULL && call->deadline_ms > now_ms)
        call = call->next;
    return call;
}

static bool has_more(struct courier *courier)
{
    int ready = 0;
    long due_ms = -1;
    return (curl_multi_timeout(courier->multi, &due_ms) == CURLM_OK && due_ms == 0) ||
           (curl_multi_poll(courier->multi, NULL, 0, 0, &ready) == CURLM_OK && ready > 0);
}

/* A program that was stopped past a deadline may find the reply in its socket: only who has nothing
 * there is out of time. */
static bool move_on(struct courier *courier)
{
    int64_t now_ms = clock_monotonic_ms(); /* what comes later is no matter of this judgement */
    if (!perform(courier)) return false;
    for (int pass = 0; pass < PASSES_MAX && late_call(courier, now_ms) != NULL && has_more(courier);
         pass++)
        if (!perform(courier)) return false;
    for (struct courier_call *late; (late = late_call(courier, now_ms)) != NULL;)
        finish(late, CURLE_OPERATION_TIMEDOUT);
    return true;
}

/* As long as asked for, but not past the next deadline. */
static int wait_ms(const struct courier *courier, int timeout_ms)
{
    int64_t wait = timeout_ms < 0 ? INT_MAX : timeout_ms;
    int64_t now_ms = courier->calls != NULL ? clock_monotonic_ms() : 0;
    for (const struct courier_call *call = courier->calls; call != NULL; call = call->next) {
        int64_t left_ms = call->deadline_ms > now_ms ? call->deadline_ms - now_ms : 0;
        if (left_ms < wait) wait = left_ms;
    }
    return (int)wait;
}

bool courier_poll(struct courier *courier, const int *fds, bool *readable, size_t count,
                  int timeout_ms)
{
    struct curl_waitfd watched[WATCHED_MAX];
    int ready = 0;
    if (count > WATCHED_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        watched[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
    }
    if (curl_multi_poll(courier->multi, watched, (unsigned)count, wait_ms(courier, timeout_ms),
                        &ready) != CURLM_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        readable[i] = watched[i].revents != 0; /* one that hung up, too */
    return courier->calls == NULL || move_on(courier);
}
