#include "tests/lab/soak/harm.h"

#include "tests/lab/soak/tally.h"

#include <signal.h>
#include <stdio.h>

#define RULES_MAX 3

/* --- the servers' faults --- */

static const struct {
    enum tally tally;
    const char *rule;
} faults[] = {
    {TALLY_FAULT_DELAY_BEFORE, "delay-before-commit=40ms"},
    {TALLY_FAULT_DELAY_BEFORE, "delay-before-commit=3s"}, /* past the lease */
    {TALLY_FAULT_DELAY_AFTER, "delay-after-commit=40ms"},
    {TALLY_FAULT_DELAY_AFTER, "delay-after-commit=3s"},
    {TALLY_FAULT_DROP_BEFORE, "drop-before"},
    {TALLY_FAULT_DROP_RESPONSE, "drop-response"},
    {TALLY_FAULT_RESET, "reset-response"},
    {TALLY_FAULT_TRUNCATE, "truncate-response"},
    {TALLY_FAULT_GARBLE, "garble-response"},
    {TALLY_FAULT_STATUS, "status=503:retry-after=1"},
    {TALLY_FAULT_STATUS, "status=429"},
    {TALLY_FAULT_STATUS, "status=500"},
    {TALLY_FAULT_STATUS_AFTER, "status-after-commit=500"},
    {TALLY_FAULT_STATUS_AFTER, "status-after-commit=504"},
    {TALLY_FAULT_HANG, "hang"},
    {TALLY_FAULT_DRIP, "drip=200"},
    {TALLY_FAULT_CRASH_BEFORE, "crash-before-commit"},
    {TALLY_FAULT_CRASH_AFTER, "crash-after-commit"},
};

#define FAULTS (sizeof faults / sizeof *faults)

/* Few requests each, as a client that is never answered well settles nothing. */
static void compose_rule(struct dice *dice, size_t fault, char rule[64])
{
    static const char *const selectors[] = {"p=0.01", "p=0.04", "every=61", "first=4",
                                            "attempt=1,p=0.03"};
    bool ends_it = faults[fault].tally == TALLY_FAULT_CRASH_BEFORE ||
                   faults[fault].tally == TALLY_FAULT_CRASH_AFTER;
    snprintf(rule, 64, "%s@%s", faults[fault].rule,
             ends_it ? "first=1"
                     : selectors[dice_below(dice, sizeof selectors / sizeof *selectors)]);
}

static void change_faults(struct field *field, struct dice *dice)
{
    char rules[RULES_MAX][64];
    const char *list[RULES_MAX];
    size_t chosen[RULES_MAX], count = dice_between(dice, 1, RULES_MAX);
    for (size_t i = 0; i < count; i++) {
        chosen[i] = dice_below(dice, FAULTS);
        for (size_t j = 0;
             j < FAULTS && !tally_is_missing(faults[chosen[i]].tally, field->is_postgres); j++)
            chosen[i] = (chosen[i] + 1) % FAULTS;
        compose_rule(dice, chosen[i], rules[i]);
        list[i] = rules[i];
    }
    const struct field_server *server = &field->servers[dice_below(dice, (unsigned)field->count)];
    if (!field_set_faults(server, list, count)) return;
    tally_count(TALLY_FAULTS);
    for (size_t i = 0; i < count; i++)
        tally_count(faults[chosen[i]].tally);
}

/* --- servers, disks, clocks --- */

/* One that is up and runs; NULL: that one isn't. */
static struct field_server *some_server(struct field *field, struct dice *dice)
{
    struct field_server *server = &field->servers[dice_below(dice, (unsigned)field->count)];
    return server->starts_at_ms == 0 && server->wakes_at_ms == 0 ? server : NULL;
}

static void kill_server(struct field *field, struct dice *dice)
{
    struct field_server *server = some_server(field, dice);
    if (!server) return;
    field_kill(server, SIGKILL, dice_below(dice, 700));
    tally_count(TALLY_SERVER_KILLED);
}

static void end_server(struct field *field, struct dice *dice)
{
    struct field_server *server = some_server(field, dice);
    if (!server) return;
    field_kill(server, SIGTERM, dice_below(dice, 700));
    tally_count(TALLY_SERVER_ENDED);
}

static void stop_server(struct field *field, struct dice *dice)
{
    struct field_server *server = some_server(field, dice);
    if (!server) return;
    field_stop(server, dice_between(dice, FIELD_LEASE_MS + 200, 3 * FIELD_LEASE_MS));
    tally_count(TALLY_SERVER_STOPPED);
}

/* Counted when somebody couldn't write for it. */
static void fill_servers_disk(struct field *field, struct dice *dice)
{
    struct field_server *server = &field->servers[dice_below(dice, (unsigned)field->count)];
    field_fill_disk(&server->place, dice_between(dice, 200, 1500));
}

static void fill_clients_disk(struct field *field, struct dice *dice)
{
    field_fill_disk(&field->clients, dice_between(dice, 200, 1000));
}

/* Seconds, past a lease, or hours, past a key's lifetime; back as well. */
static long long some_time(struct dice *dice)
{
    long long ahead = dice_once_in(dice, 2) ? dice_below(dice, 20) : dice_below(dice, 6 * 3600);
    return dice_once_in(dice, 3) ? -ahead : ahead;
}

static void set_servers_clock(struct field *field, struct dice *dice)
{
    field_set_clock(&field->servers[dice_below(dice, (unsigned)field->count)].place,
                    some_time(dice));
    tally_count(TALLY_SERVER_CLOCK_SET);
}

static void set_clients_clock(struct field *field, struct dice *dice)
{
    field_set_clock(&field->clients, some_time(dice));
    tally_count(TALLY_CLIENT_CLOCK_SET);
}

/* --- PostgreSQL --- */

static bool is_up(const struct field *field)
{
    return field->is_postgres && field->cluster_starts_at_ms == 0 &&
           field->cluster_wakes_at_ms == 0 && field->cluster_full_until_ms == 0;
}

static void kill_postgres(struct field *field, struct dice *dice)
{
    if (!is_up(field)) return;
    field_kill_cluster(field, SIGKILL, dice_below(dice, 700));
    tally_count(TALLY_POSTGRES_KILLED);
}

static void end_postgres(struct field *field, struct dice *dice)
{
    if (!is_up(field)) return;
    field_kill_cluster(field, SIGQUIT, dice_below(dice, 700));
    tally_count(TALLY_POSTGRES_ENDED);
}

static void stop_postgres(struct field *field, struct dice *dice)
{
    if (!is_up(field)) return;
    field_stop_cluster(field, dice_between(dice, 300, 3000));
    tally_count(TALLY_POSTGRES_STOPPED);
}

static void kill_session(struct field *field, struct dice *dice)
{
    if (!is_up(field)) return;
    field_kill_session(field, dice_below(dice, 1000));
    tally_count(TALLY_POSTGRES_BACKEND_KILLED);
}

static void fill_postgres_disk(struct field *field, struct dice *dice)
{
    if (!is_up(field)) return;
    field_fill_cluster(field, dice_between(dice, 200, 1500));
    tally_count(TALLY_POSTGRES_DISK_FULL);
}

/* --- */

typedef void harm(struct field *field, struct dice *dice);

static const struct {
    unsigned weight;
    enum tally tally;
    harm *harm;
} harms[] = {
    {10, TALLY_FAULTS, change_faults},
    {4, TALLY_SERVER_KILLED, kill_server},
    {1, TALLY_SERVER_ENDED, end_server},
    {2, TALLY_SERVER_STOPPED, stop_server},
    {1, TALLY_SERVER_DISK_FULL, fill_servers_disk},
    {1, TALLY_CLIENT_DISK_FULL, fill_clients_disk},
    {1, TALLY_SERVER_CLOCK_SET, set_servers_clock},
    {1, TALLY_CLIENT_CLOCK_SET, set_clients_clock},
    {1, TALLY_POSTGRES_KILLED, kill_postgres},
    {1, TALLY_POSTGRES_ENDED, end_postgres},
    {1, TALLY_POSTGRES_STOPPED, stop_postgres},
    {1, TALLY_POSTGRES_BACKEND_KILLED, kill_session},
    {1, TALLY_POSTGRES_DISK_FULL, fill_postgres_disk},
};

#define HARMS (sizeof harms / sizeof *harms)

static size_t draw(struct dice *dice)
{
    unsigned all = 0;
    for (size_t i = 0; i < HARMS; i++)
        all += harms[i].weight;
    unsigned drawn = dice_below(dice, all);
    size_t chosen = 0;
    for (; drawn >= harms[chosen].weight; chosen++)
        drawn -= harms[chosen].weight;
    return chosen;
}

void harm_something(struct field *field, struct dice *dice)
{
    size_t chosen = draw(dice);
    bool must_be_missing = dice_once_in(dice, 2);
    for (size_t i = 0;
         i < HARMS && must_be_missing && !tally_is_missing(harms[chosen].tally, field->is_postgres);
         i++)
        chosen = (chosen + 1) % HARMS;
    harms[chosen].harm(field, dice);
}

bool harm_is_missing(const struct field *field)
{
    for (size_t i = 0; i < FAULTS; i++)
        if (tally_is_missing(faults[i].tally, field->is_postgres)) return true;
    for (size_t i = 0; i < HARMS; i++)
        if (tally_is_missing(harms[i].tally, field->is_postgres)) return true;
    return false;
}
