/* invonce-mock-server: starts the parts in order, waits for a signal, stops them in reverse. */
#include "mock_server/base/certificate.h"
#include "mock_server/base/certificate_watch.h"
#include "mock_server/base/command_line.h"
#include "mock_server/base/key_policy.h"
#include "mock_server/base/listener.h"
#include "mock_server/base/log.h"
#include "mock_server/base/settings.h"
#include "mock_server/base/stop.h"
#include "mock_server/base/timers.h"
#include "mock_server/deliveries/command.h"
#include "mock_server/deliveries/deliveries.h"
#include "mock_server/deliveries/receiver.h"
#include "mock_server/duplicates/commands.h"
#include "mock_server/duplicates/kinds.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/reaper.h"
#include "mock_server/engine/replays.h"
#include "mock_server/engine/standing.h"
#include "mock_server/engine/writer.h"
#include "mock_server/faults/bugs.h"
#include "mock_server/faults/faults.h"
#include "mock_server/http/auth.h"
#include "mock_server/http/connections.h"
#include "mock_server/http/metrics.h"
#include "mock_server/http/server.h"
#include "mock_server/options.h"
#include "mock_server/resources/resources.h"
#include "mock_server/routes.h"
#include "mock_server/store/store.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define FINISH_MS 5000 /* what is in flight at a stop has this long */

/* Beyond loopback the server is for real: nothing that goes wrong on purpose, nothing in the clear.
 * NULL when all is well. */
static const char *public_objection(void)
{
    bool faulty =
        settings.faults_api || settings.fault_count > 0 || settings.without || bugs_are_planted();
    if (!settings.tls_cert && !settings.behind_proxy) {
        return "it needs --tls-cert and --tls-key, or --behind-proxy";
    }
    if (faulty) {
        return "--fault, --faults-api, --without and --bug are for loopback only";
    }
    if (auth_is_empty(settings.auth)) {
        return "it needs tokens, by --token or --tokens-file";
    }
    if (auth_shortest(settings.auth) < AUTH_PUBLIC_LENGTH) {
        return "a token there must have 16 characters or more";
    }
    return NULL;
}

static int listen_there(struct listener *listener)
{
    char *wrong = listener_open(listener, settings.listen);
    if (wrong) {
        int code = refuse("--listen %s", wrong);
        free(wrong);
        return code;
    }
    const char *objection = listener->loopback ? NULL : public_objection();
    if (objection) {
        return refuse("--listen %s is beyond loopback: %s", settings.listen, objection);
    }
    return 0;
}

static int set_faults(void)
{
    char *message = NULL;
    size_t wrong = 0;
    faults_start((uint64_t)settings.fault_seed);
    if (settings.faults_api) {
        faults_count_always();
    }
    if (settings.fault_count > 0 &&
        !faults_set(settings.faults, settings.fault_count, &message, &wrong)) {
        int code = refuse("%s", message ? message : "out of memory");
        free(message);
        return code;
    }
    return 0;
}

static struct store *open_store(void)
{
    char message[STORE_MESSAGE_MAX];
    char *url = command_line_store();
    if (!url) {
        return NULL;
    }
    const struct store_options options = {settings.without, (int)settings.partitions};
    struct store *store = store_open(url, &options, message);
    free(url);
    if (!store) {
        refuse("%s", message);
    }
    return store;
}

static bool read_certificate(struct certificate *certificate)
{
    char *wrong = settings.tls_cert
                      ? certificate_read(certificate, settings.tls_cert, settings.tls_key)
                      : NULL;
    if (wrong) {
        refuse("%s", wrong);
        free(wrong);
        return false;
    }
    return true;
}

/* Each connection is a file to the system, and so is what else is open. */
static void make_room_for_connections(void)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)settings.max_connections + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
        limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool say_listening(const struct listener *listener, const char *made_token)
{
    printf("listening on %s://%s\n", settings.tls_cert ? "https" : "http", listener->name);
    if (made_token[0]) {
        printf("token %s (tenant demo, user demo)\n", made_token);
    }
    return fflush(stdout) == 0;
}

/* In a store made without unique constraints, records are let stand in their way on purpose. */
static bool tell_standing(struct store *store)
{
    return (settings.without & STORE_NO_UNIQUE) || standing_tell(store);
}

static int open_receiver(struct receiver *receiver)
{
    const struct receiver_files files = {settings.deliver_token_file, settings.deliver_secret_file,
                                         settings.deliver_ca};
    char *wrong = settings.deliver ? receiver_open(receiver, settings.deliver, &files) : NULL;
    int code = wrong ? refuse("--deliver: %s", wrong) : 0;
    free(wrong);
    return code;
}

static void note_batch(size_t jobs, int64_t ms)
{
    metrics_batch(jobs, ms);
    deliveries_wake();
}

/* With the writer and the readers there. */
static bool start_delivering(struct receiver *receiver)
{
    metrics_also(deliveries_write_metrics);
    return !receiver->url || deliveries_start(receiver);
}

static bool start_serving(const struct listener *listener, struct store *store,
                          const struct certificate *certificate, struct receiver *receiver)
{
    size_t route_count = 0;
    const struct route *routes = routes_make(&route_count);
    if (!routes) {
        log_event("error", "out of memory", NULL, NULL);
        return false;
    }
    make_room_for_connections();
    routes_start(routes, route_count);
    readers_start(store);
    return tell_standing(store) && writer_start(store, (size_t)settings.max_queue, note_batch) &&
           reaper_start() && start_delivering(receiver) &&
           connections_start(settings.request_timeout_ms, settings.tls_cert != NULL) &&
           server_start(listener, certificate->chain, certificate->key);
}

static void wait_for_signal(const sigset_t *signals)
{
    int received = 0;
    while (sigwait(signals, &received) != 0) {
    }
    log_event("info", "stopping", "signal", received == SIGINT ? "SIGINT" : "SIGTERM");
}

static void stop_serving(void)
{
    server_quiesce();
    deliveries_quiesce(FINISH_MS);
    timers_stop_hanging();
    server_wait_idle(FINISH_MS);
    timers_stop();
    server_cut();
    deliveries_finish();
    writer_stop();
    deliveries_stop();
    server_stop();
    readers_stop();
    replays_forget();
}

static int serve(const struct listener *listener, struct store *store,
                 const struct certificate *certificate, struct receiver *receiver,
                 const sigset_t *signals)
{
    char token[AUTH_TOKEN_LENGTH + 1] = "";
    if (auth_is_empty(settings.auth) && !auth_make(settings.auth, "demo", "demo", token)) {
        return EXIT_FAILED;
    }
    if (!log_start(settings.log_format) || !timers_start()) {
        fputs("invonce-mock-server: its threads cannot be started\n", stderr);
        return EXIT_FAILED;
    }
    if (!start_serving(listener, store, certificate, receiver)) {
        log_stop();
        fputs("invonce-mock-server: the server cannot be started\n", stderr);
        return EXIT_FAILED;
    }
    int code = EXIT_SUCCESS;
    if (certificate->chain) {
        certificate_watch(certificate->chain);
    }
    if (say_listening(listener, token)) {
        wait_for_signal(signals);
    } else {
        log_event("error", "standard output is closed", NULL, NULL);
        code = EXIT_FAILED;
    }
    stop_serving();
    log_event("info", "stopped", NULL, NULL);
    log_stop();
    return code;
}

static void block_signals(sigset_t *signals)
{
    stop_block(signals);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk's */
}

/* Each request takes and gives back a few dozen KiB: what was given back is kept for the next. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
    mallopt(M_TOP_PAD, 1024 * 1024);
    mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
    mallopt(M_MXFAST, 0); /* no hoard of small pieces to be put together again by large ones */
}

static int run(void)
{
    keep_memory();
    sigset_t signals;
    block_signals(&signals);
    int code = set_faults();
    struct listener listener = {.fd = -1};
    struct receiver receiver = {0};
    code = code ? code : open_receiver(&receiver);
    code = code ? code : listen_there(&listener);
    if (code) {
        receiver_clear(&receiver);
        return code;
    }
    if (key_policy.relies_on_look()) {
        settings.without |= STORE_NO_UNIQUE; /* nothing but the look decides */
    }
    struct certificate certificate = {0};
    struct store *store = read_certificate(&certificate) ? open_store() : NULL;
    if (store) {
        code = serve(&listener, store, &certificate, &receiver, &signals);
    } else {
        code = stop_is_asked() ? EXIT_SUCCESS : EXIT_REFUSED;
    }
    store_close(store);
    certificate_clear(&certificate);
    receiver_clear(&receiver);
    return code;
}

int main(int argc, char **argv)
{
    struct command serving = serve_options;
    serving.run = run;
    const struct command *const commands[] = {&serving, &import_command, &duplicates_command,
                                              &deliveries_command};
    kinds_set(resources_kept_at, &payment_creator);
    settings.auth = auth_new();
    int code = settings.auth
                   ? command_line_run(commands, sizeof commands / sizeof commands[0], argc, argv)
                   : refuse("out of memory");
    faults_stop();
    free(settings.faults);
    auth_free(settings.auth);
    return code;
}
