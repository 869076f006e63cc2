#include "tests/lab/soak/soak.h"

#include "tests/lab/checker.h"
#include "tests/lab/soak/harm.h"
#include "tests/lab/soak/operator.h"
#include "tests/lab/soak/options.h"
#include "tests/support/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS       20
#define SHOWN_MS      500 /* between two lines of progress */
#define FINDINGS_MOST 5   /* that are told of each rule */
#define OPERATORS     6
#define DESKS         4

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

void soak_complain(struct soak *soak, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("\ninvonce-lab soak: ", stderr);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    atomic_fetch_add(&soak->complaints, 1);
}

bool soak_may_go_on(struct soak *soak)
{
    return support_now_ms() < atomic_load(&soak->settle_by_ms);
}

void soak_sleep(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* --- who is in it --- */

struct crowd {
    struct desk desks[DESKS];
    struct operator operators[OPERATORS];
    pthread_t threads[OPERATORS];
    size_t count;
};

static void begin(struct crowd *crowd, void *(*work)(void *), void *context)
{
    if (pthread_create(&crowd->threads[crowd->count++], NULL, work, context) != 0)
        support_die("no thread");
}

/* Two have a desk of their own, one of them another tenant's; two and two share one. */
static void open_crowd(struct crowd *crowd, struct soak *soak)
{
    for (size_t i = 0; i < DESKS; i++) {
        const char *url = soak->field.servers[i % soak->field.count].url;
        desk_open(&crowd->desks[i], soak, i, url, i == 1 ? "south" : "north",
                  i == 1   ? TOKEN_EVE
                  : i == 2 ? TOKEN_BOB
                           : TOKEN_ANA);
    }
    long long records = soak->wanted / 200;
    for (unsigned i = 0; i < OPERATORS; i++) {
        size_t desk = i < 2 ? i : 2 + i % 2;
        crowd->operators[i] = (struct operator){.soak = soak,
                                                .desk = &crowd->desks[desk],
                                                .number = i,
                                                .records_max = records < 10    ? 10
                                                               : records > 500 ? 500
                                                                               : (unsigned)records};
        begin(crowd, operator_run, &crowd->operators[i]);
    }
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

static bool is_enough(const struct soak *soak)
{
    return atomic_load(&soak->intents) >= soak->wanted &&
           tally_is_enough(soak->field.is_postgres, NULL);
}

/* Slower once all has happened that must. */
static void go_wrong(struct soak *soak, long long seconds, long long start_ms)
{
    struct dice dice = dice_of(soak->seed, 1);
    long long next_ms = start_ms;
    while (!is_enough(soak) && support_now_ms() < start_ms + seconds * 1000) {
        field_tick(&soak->field);
        if (support_now_ms() >= next_ms) {
            harm_something(&soak->field, &dice);
            next_ms = support_now_ms() + (tally_is_enough(soak->field.is_postgres, NULL)
                                              ? dice_between(&dice, 500, 2500)
                                              : dice_between(&dice, 50, 400));
        }
        show(soak, "soak", start_ms);
        soak_sleep(TICK_MS);
    }
}

/* Whoever is at work still goes on, with everything well. */
static void settle(struct soak *soak, struct crowd *crowd)
{
    long long start_ms = support_now_ms();
    atomic_store(&soak->settle_by_ms, start_ms + 300000 + atomic_load(&soak->intents) * 2);
    field_heal(&soak->field);
    atomic_store(&soak->is_closing, true);
    atomic_store(&soak->is_healed, true);
    for (size_t i = 0; i < crowd->count; i++) {
        struct timespec soon;
        do {
            field_tick(&soak->field);
            show(soak, "settling", start_ms);
            clock_gettime(CLOCK_MONOTONIC, &soon);
            soon.tv_nsec += TICK_MS * 1000000L;
            if (soon.tv_nsec >= 1000000000L) {
                soon.tv_nsec -= 1000000000L;
                soon.tv_sec++;
            }
        } while (pthread_clockjoin_np(crowd->threads[i], NULL, CLOCK_MONOTONIC, &soon) != 0);
    }
}

static void gather(struct soak *soak, struct crowd *crowd)
{
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[Kgathering", stderr);
    for (size_t i = 0; i < DESKS; i++)
        desk_close(&crowd->desks[i], soak);
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

static bool run(struct soak *soak, const struct options *options)
{
    struct crowd crowd = {0};
    long long start_ms = support_now_ms();
    field_open(&soak->field, options->is_postgres, NULL);
    open_crowd(&crowd, soak);
    go_wrong(soak, options->seconds, start_ms);
    long long wrong_ms = support_now_ms();
    settle(soak, &crowd);
    long long settled_ms = support_now_ms();
    gather(soak, &crowd);
    bool is_good = judge(soak);
    printf("%lld intents in %lld s (%lld a second), settled in %lld s, judged in %lld s\n",
           atomic_load(&soak->intents), (wrong_ms - start_ms) / 1000,
           atomic_load(&soak->intents) * 1000 / (wrong_ms - start_ms + 1),
           (settled_ms - wrong_ms) / 1000, (support_now_ms() - settled_ms) / 1000);
    tally_print(soak->field.is_postgres, stdout);
    if (!field_stop_servers(&soak->field)) soak_complain(soak, "a server doesn't end in order");
    field_close(&soak->field);
    if (soak->intents < soak->wanted) {
        printf("too slow: %lld intents of %lld\n", atomic_load(&soak->intents), soak->wanted);
        is_good = false;
    }
    return tally_is_enough(soak->field.is_postgres, stdout) && is_good &&
           atomic_load(&soak->complaints) == 0;
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
    soak.evidence = evidence_new();
    printf("soak: %lld intents on %s, seed %u\n", options.intents,
           options.is_postgres ? "PostgreSQL" : "SQLite", options.seed);
    fflush(stdout);
    bool is_good = run(&soak, &options);
    evidence_free(soak.evidence);
    if (!is_good)
        printf(
            "again: build/tests/invonce-lab soak --store %s --intents %lld --seconds %lld --seed "
            "%u\n",
            options.is_postgres ? "postgresql" : "sqlite", options.intents, options.seconds,
            options.seed);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
