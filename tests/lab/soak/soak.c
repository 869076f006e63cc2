#include "tests/lab/soak/soak.h"

#include "tests/lab/checker.h"
#include "tests/lab/soak/complaint.h"
#include "tests/lab/soak/crowd.h"
#include "tests/lab/soak/harm.h"
#include "tests/lab/soak/options.h"
#include "tests/support/http.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS       20
#define SHOWN_MS      500 /* between two lines of progress */
#define FINDINGS_MOST 5   /* that are told of each rule */

#define SETTLE_MS      300000 /* in which all is settled, and so much more for each intent */
#define SETTLE_EACH_MS 2
#define SETTLE_BUG_MS  40000                  /* where a bug is planted */
#define LAST_MS        (2 * DESK_PATIENCE_MS) /* in which the last try of all ends */

/* --- what its actors share --- */

struct evidence *soak_evidence(struct soak *soak)
{
    pthread_mutex_lock(&soak->lock);
    return soak->evidence;
}

void soak_evidence_done(struct soak *soak)
{
    pthread_mutex_unlock(&soak->lock);
}

bool soak_may_go_on(struct soak *soak)
{
    return support_now_ms() < atomic_load(&soak->settle_by_ms);
}

void soak_sleep(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

void soak_pause(struct soak *soak, struct dice *dice, unsigned ms)
{
    unsigned waits_ms = dice_below(dice, ms);
    if (atomic_load(&soak->is_all_there) && !atomic_load(&soak->is_closing)) soak_sleep(waits_ms);
}

/* --- the course of it --- */

static void show(const struct soak *soak, const char *what, long long since_ms)
{
    static long long shown_ms;
    long long now = support_now_ms();
    if (!isatty(STDERR_FILENO) || now - shown_ms < SHOWN_MS) return;
    shown_ms = now;
    fprintf(stderr, "\r\x1b[K%s: %lld intents, %lld s; servers killed %lld, clients killed %lld",
            what, atomic_load(&soak->intents), (now - since_ms) / 1000,
            tally_of(TALLY_SERVER_KILLED), tally_of(TALLY_CLIENT_KILLED));
    fflush(stderr);
}

static bool is_enough(struct soak *soak)
{
    bool is_all_there = tally_is_enough(soak->field.is_postgres, NULL);
    atomic_store(&soak->is_all_there, is_all_there);
    return is_all_there && atomic_load(&soak->intents) >= soak->wanted;
}

/* A planted bug was seen, and the rest of the run can tell no more of it. */
static bool is_seen(const struct soak *soak)
{
    return soak->field.bug && complaint_count() > 0;
}

/* Slower once all has happened that must. */
static void go_wrong(struct soak *soak, long long seconds, long long start_ms)
{
    struct dice dice = dice_of(soak->seed, 1);
    long long next_ms = start_ms;
    while (!is_enough(soak) && !is_seen(soak) && support_now_ms() < start_ms + seconds * 1000) {
        field_tick(&soak->field);
        if (support_now_ms() >= next_ms) {
            harm_something(&soak->field, &dice);
            next_ms =
                support_now_ms() + (harm_is_missing(&soak->field) ? dice_between(&dice, 50, 600)
                                                                  : dice_between(&dice, 500, 4000));
        }
        show(soak, "soak", start_ms);
        soak_sleep(TICK_MS);
    }
}

static bool all_is_delivered(const struct soak *soak)
{
    char *url = support_format("%s/metrics", soak->field.servers[0].url);
    struct http_reply reply = http_send(&(struct http_request){.url = url});
    bool is_none = reply.status == 200 && strstr(reply.body, "\ninvonce_deliveries_waiting 0\n");
    http_reply_clear(&reply);
    free(url);
    return is_none;
}

/* A server's mistake may let nothing settle, and the run is to fail then in any case. */
static long long settle_by(const struct soak *soak, long long now_ms)
{
    if (soak->field.bug) return now_ms + SETTLE_BUG_MS;
    return now_ms + SETTLE_MS + atomic_load(&soak->intents) * SETTLE_EACH_MS;
}

/* Whoever is at work still goes on, with everything well; false: somebody doesn't come to an end.
 */
static bool settle(struct soak *soak, struct crowd *crowd)
{
    long long start_ms = support_now_ms();
    atomic_store(&soak->settle_by_ms, settle_by(soak, start_ms));
    field_heal(&soak->field);
    atomic_store(&soak->is_closing, true);
    atomic_store(&soak->is_healed, true);
    while (!crowd_has_ended(crowd, TICK_MS)) {
        field_tick(&soak->field);
        show(soak, "settling", start_ms);
        if (support_now_ms() < atomic_load(&soak->settle_by_ms) + LAST_MS) continue;
        complaint_make("%s is at work still, long after all was healed", crowd_last(crowd));
        return false;
    }
    while (!all_is_delivered(soak) && soak_may_go_on(soak)) {
        field_tick(&soak->field);
        show(soak, "delivering", start_ms);
        soak_sleep(TICK_MS);
    }
    return true;
}

static void gather(struct soak *soak, struct crowd *crowd)
{
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[Kgathering", stderr);
    crowd_close(crowd, soak);
    evidence_killed(soak->evidence, "all");
    const char *url = soak->field.servers[0].url;
    evidence_take_audit(soak->evidence, url, TOKEN_ANA, "north");
    evidence_take_audit(soak->evidence, url, TOKEN_EVE, "south");
    evidence_take_store(soak->evidence, soak->field.store);
}

static bool judge(struct soak *soak)
{
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[Kjudging", stderr);
    struct checker_counts counts =
        checker_judge(soak->evidence, field_now_ms(&soak->field), FIELD_LEASE_MS);
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[K", stderr);
    checker_print(soak->evidence, FINDINGS_MOST, stdout);
    printf("attempted %lld, acknowledged %lld, unknown %lld, recovered %lld;\n"
           "lost %lld, duplicated %lld, lied about %lld, undecided %lld, out of step %lld\n",
           counts.attempted, counts.acknowledged, counts.unknown, counts.recovered, counts.lost,
           counts.duplicated, counts.lied_about, counts.undecided, counts.out_of_step);
    return checker_findings(soak->evidence) == 0;
}

struct times {
    long long start_ms, wrong_ms, settled_ms;
};

static bool judge_run(struct soak *soak, struct crowd *crowd, const struct times *times)
{
    gather(soak, crowd);
    bool is_good = judge(soak);
    printf("%lld intents in %lld s (%lld a second), settled in %lld s, judged in %lld s\n",
           atomic_load(&soak->intents), (times->wrong_ms - times->start_ms) / 1000,
           atomic_load(&soak->intents) * 1000 / (times->wrong_ms - times->start_ms + 1),
           (times->settled_ms - times->wrong_ms) / 1000,
           (support_now_ms() - times->settled_ms) / 1000);
    tally_print(soak->field.is_postgres, stdout);
    if (soak->intents < soak->wanted) {
        printf("too slow: %lld intents of %lld\n", atomic_load(&soak->intents), soak->wanted);
        is_good = false;
    }
    return tally_is_enough(soak->field.is_postgres, stdout) && is_good;
}

static bool run(struct soak *soak, const struct options *options)
{
    static struct crowd crowd;
    static struct receiver receiver;
    struct times times = {.start_ms = support_now_ms()};
    receiver_start(&receiver, soak);
    field_open(&soak->field, options->is_postgres, receiver.url, options->bug);
    crowd_open(&crowd, soak);
    go_wrong(soak, options->seconds, times.start_ms);
    times.wrong_ms = support_now_ms();
    if (is_seen(soak)) {
        printf("seen after %lld s, and not gone on with\n",
               (times.wrong_ms - times.start_ms) / 1000);
        return false;
    }
    if (!settle(soak, &crowd)) return false;
    soak->is_over = true;
    times.settled_ms = support_now_ms();
    bool is_good = judge_run(soak, &crowd, &times);
    field_stop_servers(&soak->field);
    receiver_stop(&receiver);
    field_close(&soak->field);
    return is_good && complaint_count() == 0;
}

int soak_main(int argc, char **argv)
{
    static struct soak soak = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct options options;
    int code = options_read(&options, argv + (argc > 0 ? 1 : 0));
    if (code >= 0) return code;
    http_setup();
    soak.seed = options.seed;
    soak.wanted = options.intents;
    soak.settle_by_ms = LLONG_MAX;
    soak.evidence = evidence_new();
    printf("soak: %lld intents on %s, seed %u\n", options.intents,
           options.is_postgres ? "PostgreSQL" : "SQLite", options.seed);
    fflush(stdout);
    bool is_good = run(&soak, &options);
    if (!is_good)
        printf(
            "again: build/tests/invonce-lab soak --store %s --intents %lld --seconds %lld --seed "
            "%u%s%s\n",
            options.is_postgres ? "postgresql" : "sqlite", options.intents, options.seconds,
            options.seed, options.bug ? " --bug " : "", options.bug ? options.bug : "");
    fflush(NULL);
    if (!soak.is_over) _exit(EXIT_FAILURE); /* somebody is at work still, and ends with us */
    evidence_free(soak.evidence);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
