#include "mock_server/base/acceptor.h"

#include "mock_server/base/log.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TELL_EVERY_MS   60000
#define OUT_OF_FILES_MS 50 /* until it is tried again */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t open, max;
    bool stopping;
    int listening_fd;
    struct MHD_Daemon *daemon;
    pthread_t thread;
} acceptor = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Once in a while; `told_ms`: when it was last, 0: not yet. */
static bool is_worth_telling(int64_t *told_ms)
{
    int64_t now = clock_monotonic_ms();
    bool tell = *told_ms == 0 || now - *told_ms >= TELL_EVERY_MS;
    if (tell) {
        *told_ms = now;
    }
    return tell;
}

static void tell_full(void)
{
    static int64_t told_ms;
    if (is_worth_telling(&told_ms)) {
        struct log_line line;
        log_begin(&line, "warn", "all connections are taken, others have to wait");
        log_number(&line, "max_connections", acceptor.max);
        log_end(&line);
    }
}

static void tell_failure(int error)
{
    static int64_t told_ms;
    if (is_worth_telling(&told_ms)) {
        log_event("warn", "a connection cannot be let in", "reason", strerror(error));
    }
}

static void take_place(void)
{
    pthread_mutex_lock(&acceptor.lock);
    bool full = ++acceptor.open >= acceptor.max;
    pthread_mutex_unlock(&acceptor.lock);
    if (full) {
        tell_full();
    }
}

void acceptor_one_left(void)
{
    pthread_mutex_lock(&acceptor.lock);
    assert(acceptor.open > 0);
    if (acceptor.open-- == acceptor.max) {
        pthread_cond_signal(&acceptor.changed);
    }
    pthread_mutex_unlock(&acceptor.lock);
}

/* False: no more are to be let in. */
static bool wait_for_room(void)
{
    pthread_mutex_lock(&acceptor.lock);
    while (acceptor.open >= acceptor.max && !acceptor.stopping) {
        pthread_cond_wait(&acceptor.changed, &acceptor.lock);
    }
    bool go_on = !acceptor.stopping;
    pthread_mutex_unlock(&acceptor.lock);
    return go_on;
}

/* Files or memory are short: whoever is in the queue may be let in later. Else it was that one
 * connection (accept(2) lists what may have happened to it), or nobody was there. */
static void bear(int error)
{
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
        tell_failure(error);
        poll(NULL, 0, OUT_OF_FILES_MS);
    }
}

/* libmicrohttpd closes what it refuses, as one too many from its address. */
static void accept_one(void)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int fd = accept4(acceptor.listening_fd, (struct sockaddr *)&address, &length,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        bear(errno);
        return;
    }
    take_place();
    if (MHD_add_connection(acceptor.daemon, fd, (const struct sockaddr *)&address, length) !=
        MHD_YES) {
        acceptor_one_left();
    }
}

static void *accept_all(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "acceptor");
    struct pollfd wanted = {.fd = acceptor.listening_fd, .events = POLLIN};
    while (wait_for_room()) {
        poll(&wanted, 1, -1);
        accept_one();
    }
    return NULL;
}

bool acceptor_start(int listening_fd, struct MHD_Daemon *daemon, int64_t max)
{
    acceptor.listening_fd = listening_fd;
    acceptor.daemon = daemon;
    acceptor.max = max;
    return pthread_create(&acceptor.thread, NULL, accept_all, NULL) == 0;
}

void acceptor_stop(void)
{
    pthread_mutex_lock(&acceptor.lock);
    acceptor.stopping = true;
    pthread_cond_signal(&acceptor.changed);
    pthread_mutex_unlock(&acceptor.lock);
    shutdown(acceptor.listening_fd, SHUT_RDWR); /* ends its poll */
    pthread_join(acceptor.thread, NULL);
    close(acceptor.listening_fd);
}
