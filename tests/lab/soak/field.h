/* Where a soak takes place: several servers on one store, each with a clock and a disk of its own;
 * PostgreSQL, where the store is that; the clients' clock and disk. For one thread alone, whose end
 * is also theirs; what is said of their addresses is for all. */
#ifndef INVONCE_TESTS_LAB_SOAK_FIELD_H
#define INVONCE_TESTS_LAB_SOAK_FIELD_H

#include "tests/lab/soak/tally.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "tests/support/stores.h"
#include "tests/support/temp_dir.h"

#define FIELD_SERVERS_MAX 3
#define FIELD_LEASE       "2s"
#define FIELD_LEASE_MS    2000
#define FIELD_KEY_TTL     "4s"
#define FIELD_KEY_TTL_MS  4000

/* A disk that can be full, and a clock that can be set: files that LD_PRELOAD's libraries look at.
 */
struct field_place {
    char *disk, *clock;
    char *variables[4]; /* NAME=VALUE, NULL-ended */
    enum tally kept;    /* counted where a full disk kept somebody from writing */
    long long full_until_ms;
    long long ahead_s, furthest_s; /* of the machine's clock: now, and at most up to now */
};

struct field_server {
    struct process process;
    struct field_place place;
    unsigned short port;
    char url[40];
    long long starts_at_ms; /* it is down until then; 0: it isn't */
    long long wakes_at_ms;  /* it is stopped until then; 0: it isn't */
    int ended_by;           /* the signal by which we ended it; 0: we didn't */
    const char *const
        *options; /* more of them, NULL-ended: tokens in place of everybody's; NULL: none
                   */
};

struct field {
    bool is_postgres;
    char directory[TEMP_DIR_SIZE];
    char store[STORES_PLACE_SIZE]; /* as rows.h takes it */
    size_t count;                  /* of servers */
    struct field_server servers[FIELD_SERVERS_MAX];
    struct field_place clients;
    struct cluster cluster;
    long long cluster_starts_at_ms, cluster_wakes_at_ms, cluster_full_until_ms; /* as a server's */
    const char *deliver_to;
    const char *bug; /* of every server; NULL: none */
};

/* Makes the store, and starts all. A server that ends from here on as none should is a complaint.
 */
void field_open(struct field *field, bool is_postgres, const char *deliver_to, const char *bug);

/* What time brings: those that are down start, those that are stopped go on, disks have room again.
 */
void field_tick(struct field *field);

/* --- what goes wrong, until it is over by itself --- */

void field_kill(struct field_server *server, int signal, unsigned ms);
void field_stop(struct field_server *server, unsigned ms);
void field_fill_disk(struct field_place *place, unsigned ms);
void field_set_clock(struct field_place *place, long long ahead_s);
void field_kill_cluster(struct field *field, int signal, unsigned ms);
void field_kill_session(struct field *field, unsigned which);
void field_stop_cluster(struct field *field, unsigned ms);
void field_fill_cluster(struct field *field, unsigned ms);

/* --- a server beside them, on the same store, of the thread that starts it --- */

/* Finds it an address; it isn't started. */
void field_open_server(const struct field *field, struct field_server *server, const char *name,
                       const char *const *options);
void field_start_server(const struct field *field, struct field_server *server);

/* Until it answers; it is started again where it ends before. False where nothing may go on. */
bool field_await_server(const struct field *field, struct field_server *server);
void field_close_server(struct field_server *server);

/* --- */

/* These faults and no others are in force; false when the server doesn't take them now. */
bool field_set_faults(const struct field_server *server, const char *const *rules, size_t count);

void field_postgres_tick(struct field *field);
void field_postgres_heal(struct field *field);

/* --- */

/* Ends all that goes wrong, and waits until every server answers. Their clocks are set beyond all
 * that any of them has shown. */
void field_heal(struct field *field);

/* The servers' clock, in ms. */
long long field_now_ms(const struct field *field);

/* Ends the servers in order; a complaint where one of them doesn't do so. */
void field_stop_servers(struct field *field);
void field_close(struct field *field);

#endif
