#include "tests/lab/soak/field.h"

#include "tests/lab/soak/complaint.h"
#include "tests/support/http.h"
#include "tests/support/mock.h"
#include "tests/support/preload.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define QUICK_MS 2000

#define ARGUMENTS_MAX 40

#define EXIT_REFUSED 2    /* a server's, that can't open its store */
#define WORDS_MOST   3000 /* of its last ones, or a sanitizer's, that are told */

/* --- disks and clocks --- */

static void write_clock(const struct field_place *place)
{
    char *next = support_format("%s.next", place->clock);
    FILE *file = fopen(next, "we");
    if (!file || fprintf(file, "%+lld\n", place->ahead_s) < 0 || fclose(file) != 0 ||
        rename(next, place->clock) != 0)
        support_die("cannot set the clock %s", place->clock);
    free(next);
}

static void open_place(struct field_place *place, const char *directory, const char *name,
                       enum tally kept)
{
    *place = (struct field_place){.kept = kept,
                                  .disk = support_format("%s/%s-full", directory, name),
                                  .clock = support_format("%s/%s-clock", directory, name)};
    place->variables[0] = preload_variable("full-disk");
    place->variables[1] = support_format("FULL_DISK=%s", place->disk);
    place->variables[2] = support_format("INVONCE_TEST_CLOCK=%s", place->clock);
    write_clock(place);
}

static void close_place(struct field_place *place)
{
    for (size_t i = 0; place->variables[i]; i++)
        free(place->variables[i]);
    free(place->disk);
    free(place->clock);
}

void field_fill_disk(struct field_place *place, unsigned ms)
{
    FILE *file = fopen(place->disk, "ae");
    if (!file) support_die("cannot write %s", place->disk);
    fclose(file);
    place->full_until_ms = support_now_ms() + ms;
}

static void make_room(struct field_place *place)
{
    struct stat disk;
    if (place->full_until_ms == 0) return;
    if (stat(place->disk, &disk) != 0 || unlink(place->disk) != 0)
        support_die("cannot remove %s", place->disk);
    if (disk.st_size > 0) tally_count(place->kept);
    place->full_until_ms = 0;
}

void field_set_clock(struct field_place *place, long long ahead_s)
{
    place->ahead_s = ahead_s;
    if (ahead_s > place->furthest_s) place->furthest_s = ahead_s;
    write_clock(place);
}

/* --- servers --- */

/* Below those that the kernel gives away by itself, so that nobody has it while its server is down.
 */
static unsigned short free_port(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static unsigned short next;
    pthread_mutex_lock(&lock);
    if (next == 0) next = (unsigned short)(20000 + getpid() % 1000 * 10);
    for (;; next = next < 31990 ? next + 1 : 20000) {
        struct sockaddr_in here = {.sin_family = AF_INET,
                                   .sin_port = htons(next),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool is_free = probe >= 0 && bind(probe, (struct sockaddr *)&here, sizeof here) == 0;
        if (probe >= 0) close(probe);
        if (!is_free) continue;
        unsigned short port = next++;
        pthread_mutex_unlock(&lock);
        return port;
    }
}

static size_t add(const char **argv, size_t count, const char *const *options)
{
    for (; options && *options; options++) {
        if (count + 1 == ARGUMENTS_MAX) support_die("too many options");
        argv[count++] = *options;
    }
    return count;
}

/* It had said so, and no store that is away ends it any more. */
static bool was_serving(struct field_server *server)
{
    char *address = process_expect(&server->process, "listening on ", 0);
    free(address);
    return address != NULL;
}

static const char *said_by_sanitizer(const char *words)
{
    const char *said = strstr(words, "Sanitizer");
    return said ? said : strstr(words, "runtime error:");
}

/* By us, by a fault (SIGKILL, as ours), or as it started, and its store was away. */
static bool is_expected_end(struct field_server *server, int code, const char *words)
{
    if (said_by_sanitizer(words)) return false;
    if (code == PROCESS_SIGNAL_BASE + SIGKILL) return true;
    if (code == EXIT_SUCCESS) return server->ended_by == SIGTERM;
    if (was_serving(server)) return false;
    return code == EXIT_FAILURE || code == EXIT_REFUSED ||
           (code == PROCESS_SIGNAL_BASE + SIGTERM && server->ended_by == SIGTERM);
}

/* Of one that has ended, before it is forgotten. */
static void judge_end(struct field_server *server)
{
    int code = server->process.pid > 0 ? process_wait(&server->process, 0) : PROCESS_RUNNING;
    if (code == PROCESS_RUNNING) return;
    char *words = process_errors(&server->process);
    size_t length = strlen(words);
    const char *last = words + (length > WORDS_MOST ? length - WORDS_MOST : 0);
    const char *said = said_by_sanitizer(words);
    if (!is_expected_end(server, code, words))
        complaint_make("the server %s ended by itself with %d; its last words:\n%.*s", server->url,
                       code, WORDS_MOST, said ? said : last);
    free(words);
}

void field_start_server(const struct field *field, struct field_server *server)
{
    static const char *const everybodys[] = {
        "--token", "north:ana=" TOKEN_ANA, "--token", "north:bob=" TOKEN_BOB,
        "--token", "south:eve=" TOKEN_EVE, NULL};
    static const char *const times[] = {"--faults-api", "--lease",     FIELD_LEASE,
                                        "--key-ttl",    FIELD_KEY_TTL, "--in-progress-wait",
                                        "500ms",        NULL};
    char *store = stores_url(field->store);
    const char *argv[ARGUMENTS_MAX] = {mock_program(), "--listen", server->url + strlen("http://"),
                                       "--store", store};
    size_t count = add(argv, 5, times);
    count = add(argv, count, server->options ? server->options : everybodys);
    if (field->bug) count = add(argv, count, (const char *const[]){"--bug", field->bug, NULL});
    if (!server->options)
        add(argv, count,
            (const char *const[]){"--deliver", field->deliver_to, "--deliver-timeout", "3s",
                                  "--deliver-for", "720h", NULL});
    judge_end(server);
    process_clear(&server->process);
    process_start(&server->process, argv, (const char *const *)server->place.variables);
    server->starts_at_ms = 0;
    server->ended_by = 0;
    free(store);
}

static bool answers(void *context)
{
    const struct field_server *server = context;
    char *url = support_format("%s/readyz", server->url);
    struct http_reply reply = http_send(&(struct http_request){.url = url, .timeout_ms = QUICK_MS});
    bool is_ready = reply.status == 200;
    http_reply_clear(&reply);
    free(url);
    return is_ready;
}

void field_kill(struct field_server *server, int signal, unsigned ms)
{
    process_signal(&server->process, SIGCONT);
    process_signal(&server->process, signal);
    server->ended_by = signal;
    server->wakes_at_ms = 0;
    server->starts_at_ms = support_now_ms() + ms;
}

void field_stop(struct field_server *server, unsigned ms)
{
    process_signal(&server->process, SIGSTOP);
    server->wakes_at_ms = support_now_ms() + ms;
}

bool field_set_faults(const struct field_server *server, const char *const *rules, size_t count)
{
    struct json *list = json_new_array(), *body = json_new_object();
    for (size_t i = 0; i < count; i++)
        json_append(list, json_new_string(rules[i]));
    json_put(body, "rules", list);
    char *text = json_write(body), *url = support_format("%s/_mock/faults", server->url);
    struct http_reply reply = http_send(&(struct http_request){
        .method = "PUT", .url = url, .token = TOKEN_ANA, .body = text, .timeout_ms = 500});
    bool is_taken = reply.status == 200;
    if (reply.status == 422) support_die("the server doesn't know a fault: %s", reply.body);
    http_reply_clear(&reply);
    free(url);
    free(text);
    json_free(body);
    return is_taken;
}

/* One that is up, or ended: by us, by a fault, or of itself, because its store was away. */
static void look_after(const struct field *field, struct field_server *server)
{
    long long now = support_now_ms();
    if (server->place.full_until_ms != 0 && now >= server->place.full_until_ms)
        make_room(&server->place);
    if (server->wakes_at_ms != 0 && now >= server->wakes_at_ms) {
        process_signal(&server->process, SIGCONT);
        server->wakes_at_ms = 0;
    }
    int code = process_wait(&server->process, 0);
    if (code == PROCESS_RUNNING) {
        if (server->starts_at_ms != 0 && now >= server->starts_at_ms + PATIENCE_MS)
            support_die("the server %s was asked to end and doesn't", server->url);
        return;
    }
    if (server->starts_at_ms == 0) {
        if (code == PROCESS_SIGNAL_BASE + SIGKILL) tally_count(TALLY_SERVER_CRASHED);
        server->starts_at_ms = now + 200;
    }
    if (now >= server->starts_at_ms) field_start_server(field, server);
}

/* --- one beside them --- */

void field_open_server(const struct field *field, struct field_server *server, const char *name,
                       const char *const *options)
{
    *server = (struct field_server){.options = options};
    open_place(&server->place, field->directory, name, TALLY_SERVER_DISK_FULL);
    server->port = free_port();
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%hu", server->port);
}

bool field_await_server(const struct field *field, struct field_server *server)
{
    long long deadline = support_now_ms() + 2LL * PATIENCE_MS;
    while (support_now_ms() < deadline) {
        if (answers(server)) return true;
        if (process_wait(&server->process, 20) != PROCESS_RUNNING)
            field_start_server(field, server);
    }
    return false;
}

void field_close_server(struct field_server *server)
{
    judge_end(server);
    process_clear(&server->process);
    close_place(&server->place);
    *server = (struct field_server){0};
}

/* --- all of it --- */

static void make_store(struct field *field)
{
    if (field->is_postgres) cluster_make(&field->cluster);
    stores_use(field->is_postgres, field->is_postgres ? field->cluster.directory : NULL);
    stores_make(field->store, field->directory);
}

static void wait_for(const struct field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        struct field_server server = field->servers[i];
        if (!support_wait_until(answers, &server, PATIENCE_MS))
            support_die("a server doesn't answer: %s", process_errors(&server.process));
    }
}

void field_open(struct field *field, bool is_postgres, const char *deliver_to, const char *bug)
{
    *field = (struct field){.is_postgres = is_postgres,
                            .deliver_to = deliver_to,
                            .bug = bug,
                            .count = is_postgres ? 3 : 2};
    temp_dir_make(field->directory);
    make_store(field);
    open_place(&field->clients, field->directory, "clients", TALLY_CLIENT_DISK_FULL);
    for (size_t i = 0; i < field->count; i++) {
        struct field_server *server = &field->servers[i];
        char name[32];
        snprintf(name, sizeof name, "server-%zu", i);
        field_open_server(field, server, name, NULL);
        field_start_server(field, server);
        wait_for(&(struct field){.count = 1, .servers = {*server}}); /* one makes the schema */
    }
}

void field_tick(struct field *field)
{
    if (field->is_postgres) field_postgres_tick(field);
    if (field->clients.full_until_ms != 0 && support_now_ms() >= field->clients.full_until_ms)
        make_room(&field->clients);
    for (size_t i = 0; i < field->count; i++)
        look_after(field, &field->servers[i]);
}

/* Until then it may end once more by a fault that it still has. */
static void heal_server(struct field *field, struct field_server *server)
{
    long long deadline = support_now_ms() + 2 * PATIENCE_MS;
    for (;;) {
        field_tick(field);
        if (field_set_faults(server, NULL, 0)) return;
        if (support_now_ms() > deadline)
            support_die("a server doesn't answer: %s", process_errors(&server->process));
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

void field_heal(struct field *field)
{
    long long furthest_s = 0;
    if (field->is_postgres) field_postgres_heal(field);
    make_room(&field->clients);
    for (size_t i = 0; i < field->count; i++) {
        struct field_server *server = &field->servers[i];
        make_room(&server->place);
        if (server->place.furthest_s > furthest_s) furthest_s = server->place.furthest_s;
        process_signal(&server->process, SIGCONT);
        server->wakes_at_ms = 0;
        if (server->starts_at_ms != 0) server->starts_at_ms = support_now_ms();
    }
    for (size_t i = 0; i < field->count; i++) {
        field_set_clock(&field->servers[i].place, furthest_s + 3600);
        heal_server(field, &field->servers[i]);
    }
}

/* Our own clock isn't the machine's. */
long long field_now_ms(const struct field *field)
{
    struct timespec now;
    if (syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) != 0) support_die("no clock");
    return (now.tv_sec + field->servers[0].place.ahead_s) * 1000LL + now.tv_nsec / 1000000;
}

void field_stop_servers(struct field *field)
{
    for (size_t i = 0; i < field->count; i++)
        field_kill(&field->servers[i], SIGTERM, 0);
    for (size_t i = 0; i < field->count; i++) {
        struct field_server *server = &field->servers[i];
        if (process_wait(&server->process, PATIENCE_MS) == PROCESS_RUNNING)
            complaint_make("the server %s was asked to end and doesn't", server->url);
        judge_end(server);
    }
}

void field_close(struct field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        process_clear(&field->servers[i].process);
        close_place(&field->servers[i].place);
    }
    close_place(&field->clients);
    stores_remove(field->store);
    cluster_clear(&field->cluster);
    temp_dir_remove(field->directory);
}
