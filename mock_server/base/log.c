#include "mock_server/base/log.h"

#include "protocol/wire/clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Lines that come within this time of each other are written at once. */
#define GATHER_MS 5

/* What waits to be written is bounded: past that, lines are dropped and counted. */
#define LOG_PENDING_MAX (4 * 1024 * 1024)

#define LAST_LINES_S                                                                               \
    2 /* at the end; a reader that takes none by then holds the stop up no longer */

static struct {
    enum log_format format;
    pthread_mutex_t lock;
    pthread_cond_t pending_changed, has_ended;
    pthread_t thread;
    bool running, ended;
    struct buffer pending;
    uint64_t dropped;
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .pending_changed = PTHREAD_COND_INITIALIZER,
          .has_ended = PTHREAD_COND_INITIALIZER};

static void write_all(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0 && errno == EAGAIN) { /* another program made it so: see open(2) */
            poll(&(struct pollfd){.fd = STDERR_FILENO, .events = POLLOUT}, 1, -1);
            continue;
        }
        if (written <= 0) {
            return; /* nobody is left to tell */
        }
        bytes += written;
        length -= (size_t)written;
    }
}

static void report_dropped(uint64_t dropped)
{
    struct log_line line;
    log_begin(&line, "warn", "log lines dropped");
    log_number(&line, "count", (int64_t)dropped);
    log_end(&line);
}

/* With the lock held but for the pause. */
static void gather(void)
{
    if (sink.running) {
        struct timespec pause = {.tv_nsec = GATHER_MS * 1000000};
        pthread_mutex_unlock(&sink.lock);
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&sink.lock);
    }
}

static void *run(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "log");
    struct buffer writing = {0};
    pthread_mutex_lock(&sink.lock);
    while (sink.running || sink.pending.length > 0) {
        if (sink.pending.length == 0) {
            pthread_cond_wait(&sink.pending_changed, &sink.lock);
            continue;
        }
        gather();
        struct buffer full = sink.pending;
        sink.pending = writing;
        writing = full;
        uint64_t dropped = sink.dropped;
        sink.dropped = 0;
        pthread_mutex_unlock(&sink.lock);
        write_all(writing.bytes, writing.length);
        writing.length = 0;
        writing.failed = false;
        if (dropped > 0) {
            report_dropped(dropped);
        }
        pthread_mutex_lock(&sink.lock);
    }
    sink.ended = true;
    pthread_cond_signal(&sink.has_ended);
    pthread_mutex_unlock(&sink.lock);
    buffer_clear(&writing);
    return NULL;
}

bool log_start(enum log_format format)
{
    sink.format = format;
    pthread_mutex_lock(&sink.lock);
    sink.running = pthread_create(&sink.thread, NULL, run, NULL) == 0;
    bool ok = sink.running;
    pthread_mutex_unlock(&sink.lock);
    return ok;
}

/* With the lock held. False: it still writes, to somebody who doesn't read. */
static bool wait_for_end(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LAST_LINES_S;
    while (!sink.ended &&
           pthread_cond_clockwait(&sink.has_ended, &sink.lock, CLOCK_MONOTONIC, &until) == 0) {
    }
    return sink.ended;
}

void log_stop(void)
{
    pthread_mutex_lock(&sink.lock);
    bool was_running = sink.running;
    sink.running = false;
    pthread_cond_signal(&sink.pending_changed);
    bool ended = was_running && wait_for_end();
    pthread_mutex_unlock(&sink.lock);
    if (ended) {
        pthread_join(sink.thread, NULL);
        buffer_clear(&sink.pending);
    }
}

static void begin_member(struct log_line *line, const char *name)
{
    if (sink.format == LOG_JSON) {
        buffer_text(&line->text, line->text.length == 1 ? "\"" : ",\"");
        buffer_text(&line->text, name);
        buffer_text(&line->text, "\":");
    } else {
        if (line->text.length > 0) {
            buffer_append(&line->text, " ", 1);
        }
        buffer_text(&line->text, name);
        buffer_append(&line->text, "=", 1);
    }
}

/* What logfmt needs no quotes for. */
static bool is_plain_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= ':') || c == '_' ||
           c == '~' || c == '@' || c == '+';
}

static bool is_plain(const char *value)
{
    size_t length = 0;
    while (is_plain_character(value[length])) {
        length++;
    }
    return length > 0 && value[length] == '\0';
}

void log_text(struct log_line *line, const char *name, const char *value)
{
    if (!value) {
        if (sink.format == LOG_JSON) {
            begin_member(line, name);
            buffer_text(&line->text, "null");
        }
        return;
    }
    begin_member(line, name);
    if (sink.format == LOG_LOGFMT && is_plain(value)) {
        buffer_text(&line->text, value);
    } else {
        buffer_quoted(&line->text, value);
    }
}

void log_number(struct log_line *line, const char *name, int64_t value)
{
    begin_member(line, name);
    buffer_number(&line->text, value);
}

void log_begin(struct log_line *line, const char *level, const char *message)
{
    line->text = (struct buffer){0};
    buffer_reserve(&line->text, 512);
    if (sink.format == LOG_JSON) {
        buffer_append(&line->text, "{", 1);
    }
    char time[CLOCK_TEXT_SIZE];
    clock_format(clock_now_ms(), time);
    log_text(line, "time", time);
    log_text(line, "level", level);
    log_text(line, "msg", message);
}

void log_end(struct log_line *line)
{
    buffer_text(&line->text, sink.format == LOG_JSON ? "}\n" : "\n");
    pthread_mutex_lock(&sink.lock);
    if (!sink.running) {
        write_all(line->text.bytes, line->text.length);
    } else if (line->text.failed || sink.pending.length + line->text.length > LOG_PENDING_MAX) {
        sink.dropped++;
    } else {
        if (sink.pending.length == 0) {
            pthread_cond_signal(&sink.pending_changed);
        }
        buffer_append(&sink.pending, line->text.bytes, line->text.length);
    }
    pthread_mutex_unlock(&sink.lock);
    buffer_clear(&line->text);
}

void log_event(const char *level, const char *message, const char *name, const char *value)
{
    struct log_line line;
    log_begin(&line, level, message);
    if (name) {
        log_text(&line, name, value);
    }
    log_end(&line);
}
