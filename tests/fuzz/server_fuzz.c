/* Sends any bytes to the whole server, in this process, on a connection of their own: it answers or
 * closes, never fails, and is there for the next. */
#include "mock_server/base/listener.h"
#include "mock_server/base/log.h"
#include "mock_server/base/settings.h"
#include "mock_server/base/timers.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/replays.h"
#include "mock_server/engine/writer.h"
#include "mock_server/http/auth.h"
#include "mock_server/http/connections.h"
#include "mock_server/http/metrics.h"
#include "mock_server/http/server.h"
#include "mock_server/routes.h"
#include "mock_server/store/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/raw.h"
#include "tests/support/temp_dir.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ENOUGH_MS 20    /* for an answer that never ends, as the audit's stream */
#define ANSWER_MS 30000 /* for one that must come */
#define EVERY     256   /* inputs: then a sound request must be answered */
#define TOKEN     "north:ana=token-0123456789"
#define SOUND     "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static struct {
    char directory[TEMP_DIR_SIZE];
    struct store *store;
    struct listener listener;
    unsigned short port;
    unsigned inputs;
} server;

static void stop(void)
{
    server_quiesce();
    timers_stop_hanging();
    server_wait_idle(ANSWER_MS);
    timers_stop();
    server_cut();
    writer_stop();
    server_stop();
    readers_stop();
    replays_forget();
    store_close(server.store);
    auth_free(settings.auth);
    temp_dir_remove(server.directory);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    char message[STORE_MESSAGE_MAX], url[TEMP_DIR_SIZE + 32];
    size_t count = 0;
    signal(SIGPIPE, SIG_IGN);
    temp_dir_make(server.directory);
    snprintf(url, sizeof url, "sqlite:%s/store.db", server.directory);
    settings.auth = auth_new();
    settings.in_progress_wait_ms = 0;
    MUST(settings.auth != NULL && auth_add(settings.auth, TOKEN) == NULL);
    MUST(listener_open(&server.listener, "127.0.0.1:0") == NULL);
    server.port = (unsigned short)strtoul(strrchr(server.listener.name, ':') + 1, NULL, 10);
    server.store = store_open(url, &(struct store_options){0}, message);
    MUST(server.store != NULL && timers_start());
    const struct route *routes = routes_make(&count);
    MUST(routes != NULL);
    routes_start(routes, count);
    readers_start(server.store);
    MUST(writer_start(server.store, 1024, metrics_batch));
    MUST(connections_start(settings.request_timeout_ms, false));
    MUST(server_start(&server.listener, NULL, NULL) && atexit(stop) == 0);
    return 0;
}

static void check_answer(const struct raw_reply *reply)
{
    static const char VERSION[] = "HTTP/1.";
    if (reply->all.length == 0) return; /* closed */
    MUST(reply->all.length > sizeof VERSION + 4);
    MUST(memcmp(reply->all.bytes, VERSION, strlen(VERSION)) == 0);
    int status = (int)strtol(reply->all.bytes + strlen(VERSION) + 1, NULL, 10);
    MUST(status >= 100 && status < 600 && status != 500);
}

static struct raw_reply ask(const void *bytes, size_t size, int timeout_ms)
{
    int socket = raw_connect(server.port);
    MUST(socket >= 0);
    (void)raw_send(socket, bytes, size); /* it may be refused, and cut, before all of it is sent */
    shutdown(socket, SHUT_WR);
    struct raw_reply reply = raw_read_all(socket, timeout_ms);
    const struct linger at_once = {.l_onoff = 1}; /* so that no port is left waiting */
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(socket);
    return reply;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raw_reply reply = ask(data, size, ENOUGH_MS);
    check_answer(&reply);
    raw_reply_clear(&reply);
    if (server.inputs++ % EVERY != 0) return 0;
    reply = ask(SOUND, strlen(SOUND), ANSWER_MS);
    MUST(raw_status(&reply) == 200);
    raw_reply_clear(&reply);
    return 0;
}
