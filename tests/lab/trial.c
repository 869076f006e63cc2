#include "tests/lab/trial.h"

#include "tests/client/room.h"
#include "tests/client/trials.h"
#include "tests/lab/typist.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 16

/* --- the world --- */

static size_t add(const char **all, size_t count, const char *const *options)
{
    for (; options && *options; options++) {
        if (count == OPTIONS_MAX) support_die("too many options");
        all[count++] = *options;
    }
    return count;
}

static void compose(const struct world *world, const char **all)
{
    static const char *const api[] = {"--faults-api", "--token", TYPIST_DEMO_TOKEN, NULL};
    static const char *const no_keys[] = {"--without", "idempotency", NULL};
    static const char *const no_rule[] = {"--without", "unique", NULL};
    size_t count = add(all, 0, api);
    if (!layers_have(world->layers, LAYER_KEY)) count = add(all, count, no_keys);
    if (!layers_have(world->layers, LAYER_CONSTRAINT)) count = add(all, count, no_rule);
    all[add(all, count, world->options)] = NULL;
}

void world_open(struct world *world, const struct layers *layers, const char *const *options)
{
    const char *all[OPTIONS_MAX + 1];
    *world = (struct world){.layers = layers, .options = options, .evidence = evidence_new()};
    compose(world, all);
    if (!mock_start(&world->mock, all)) support_die("there is no server to try");
}

void world_start_again(struct world *world)
{
    const char *all[OPTIONS_MAX + 1];
    compose(world, all);
    if (!room_server_again(&world->mock, all)) support_die("the server doesn't start again");
}

void world_harm(const struct world *world, const char *rule)
{
    mock_let_go(&world->mock);
    if (!rule) return;
    char *url = support_format("%s/_mock/faults", world->mock.url);
    char *body = support_format("{\"rules\":[\"%s\"]}", rule);
    struct http_reply reply = http_send(
        &(struct http_request){.method = "PUT", .url = url, .token = TOKEN_ANA, .body = body});
    if (reply.status < 200 || reply.status > 204)
        support_die("the server doesn't take the fault %s: %s", rule, reply.body);
    http_reply_clear(&reply);
    free(body);
    free(url);
}

struct wanted {
    const char *store, *subject;
    long long requests;
};

static bool are_there(void *context)
{
    const struct wanted *wanted = context;
    const char *const subject[] = {wanted->subject, NULL};
    struct json *rows =
        rows_read(wanted->store, "SELECT count(*) AS n FROM audit WHERE number = ?", subject);
    long long count = json_integer(json_first(json_first(rows)), 0);
    json_free(rows);
    return count >= wanted->requests;
}

void world_wait_for(const struct world *world, const char *subject, long long requests)
{
    struct wanted wanted = {world->mock.store, subject, requests};
    if (!support_wait_until(are_there, &wanted, PATIENCE_MS))
        support_die("the server hasn't seen %lld requests for %s", requests, subject);
}

void world_gather(struct world *world)
{
    mock_let_go(&world->mock);
    evidence_take_audit(world->evidence, world->mock.url, TOKEN_ANA, TRIAL_TENANT);
    evidence_take_store(world->evidence, world->mock.store);
}

/* Which says how it ended, where it didn't in order: killed, as some are, is as they must. */
void world_close(struct world *world)
{
    int code = mock_stop(&world->mock);
    if (code != 0 && code != PROCESS_SIGNAL_BASE + SIGKILL)
        support_die("a server of the trials ended with %d", code);
    mock_clear(&world->mock);
    evidence_free(world->evidence);
    *world = (struct world){0};
}

/* --- the trial --- */

struct expected {
    unsigned short port;
    size_t bytes;
};

/* A connection of the server's port, more of whose bytes nobody has read yet: "SL: LOCAL:PORT
 * REMOTE:PORT STATE TX:RX …", in hexadecimal. */
static bool are_unread(void *context)
{
    const struct expected *expected = context;
    char line[256];
    bool found = false;
    FILE *file = fopen("/proc/net/tcp", "re");
    if (!file) support_die("there is no /proc/net/tcp");
    while (!found && fgets(line, sizeof line, file)) {
        const char *port = strchr(line, ':');
        port = port ? strchr(port + 1, ':') : NULL;
        if (!port || strtoul(port + 1, NULL, 16) != expected->port) continue;
        const char *unread = strchr(port + 1, ':'); /* of the remote end's port */
        unread = unread ? strchr(unread + 1, ':') : NULL;
        found = unread && strtoul(unread + 1, NULL, 16) > expected->bytes && strstr(port, " 01 ");
    }
    fclose(file);
    return found;
}

void trial_wait_for_bytes(const struct trial *trial)
{
    struct expected expected = {trial->world->mock.port, strlen(trial->body)};
    if (!support_wait_until(are_unread, &expected, PATIENCE_MS))
        trial_give_up(trial, "no request comes to the server");
}

unsigned trial_draw(struct trial *trial, unsigned count)
{
    return (unsigned)(trials_chance(trial->seed, trial->drawn++) % count);
}

char *trial_command(const struct trial *trial)
{
    if (!trial->scenario) return support_format("build/tests/checker_test");
    return support_format("build/tests/invonce-lab --scenario %s --layers %s --seed %u --trials 1",
                          trial->scenario, trial->world->layers->name, trial->seed);
}

void trial_give_up(const struct trial *trial, const char *format, ...)
{
    char *command = trial_command(trial);
    va_list values;
    va_start(values, format);
    fputs("\ninvonce-lab: ", stderr);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, "\nseed %u; again: %s\n", trial->seed, command);
    free(command);
    char *words = process_errors(&trial->world->mock.process);
    fprintf(stderr, "the server's words:\n%s\n", words);
    free(words);
    exit(EXIT_FAILURE);
}
