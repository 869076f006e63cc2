/* Servers that are killed, a database server that stops, and one that another takes over from, all
 * under load: nothing that was told is lost, nothing is there twice, and everything comes back by
 * itself. INVONCE_TROUBLE=full: as often as is promised; else a few times. */
#include "tests/server/postgres_load.h"

#include "tests/support/rows_postgres.h"

#include <signal.h>

#define WORKERS 8

/* Some keys are claimed first and in progress when the end comes. */
static const char *const OPTIONS[] = {
    "--fault", "delay-before-commit=20ms@every=7", "--lease", "300ms", "--in-progress-wait", "50ms",
    NULL};

static size_t times(size_t few, size_t all)
{
    const char *wanted = getenv("INVONCE_TROUBLE");
    return wanted && strcmp(wanted, "full") == 0 ? all : few;
}

/* The one that can be written to, and, while one takes over, who does so. */
static struct cluster clusters[2];
static struct cluster *primary = &clusters[0], *standby = &clusters[1];

static int set_up(void **state)
{
    (void)state;
    cluster_make(primary);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    cluster_clear(primary);
    return 0;
}

static char *make_database(const char *name)
{
    char *any = cluster_url(primary->directory, "postgres");
    char *make = support_format("CREATE DATABASE %s", name);
    rows_postgres_change(any, make);
    free(make);
    free(any);
    return cluster_url(primary->directory, name);
}

static void end(struct load *load, const char *url)
{
    load_go_on(load, 20);
    load_stop(load);
    load_check(load, url);
    load_free(load);
}

static void servers_are_killed(void **state)
{
    (void)state;
    char *url = make_database("killed");
    struct load *load = load_start(url, 3, WORKERS, OPTIONS);
    unsigned seed = support_seed();
    for (size_t i = times(3, 20); i > 0; i--) {
        load_go_on(load, 1 + (size_t)rand_r(&seed) % 40);
        load_kill_server(load, i % 3, OPTIONS);
    }
    end(load, url);
    free(url);
}

/* Each may be anywhere in a transaction, or between two. */
static void connections_are_ended(void **state)
{
    (void)state;
    static const char *const how[] = {"terminate", "terminate", "cancel"};
    char *url = make_database("ended");
    struct load *load = load_start(url, 2, WORKERS, OPTIONS);
    unsigned seed = support_seed();
    for (size_t i = 0; i < times(25, 400); i++) {
        char *end_one = support_format(
            "SELECT pg_%s_backend(pid) FROM pg_stat_activity WHERE datname = 'ended'"
            " AND application_name = 'invonce-mock-server' ORDER BY random() LIMIT 1",
            how[i % COUNT_OF(how)]);
        load_go_on(load, (size_t)rand_r(&seed) % 5);
        rows_postgres_change(url, end_one);
        free(end_one);
    }
    end(load, url);
    free(url);
}

/* After a crash each file is synced before it starts; that of all at once is quicker. */
static void start_again(const char *url)
{
    static const char *const quickly[] = {"recovery_init_sync_method=syncfs", NULL};
    static bool knows_how, asked;
    if (!asked)
        knows_how = rows_postgres_tell(
            url, "SELECT current_setting('recovery_init_sync_method', true) IS NOT NULL");
    asked = true;
    if (primary->process.pid == 0) cluster_start(primary, knows_how ? quickly : NULL);
}

static void the_database_server_stops(void **state)
{
    (void)state;
    /* At once, mostly: ten of sixteen. */
    static const int signals[] = {SIGQUIT, SIGINT, SIGKILL, SIGQUIT, SIGQUIT};
    char *url = make_database("stopped");
    struct load *load = load_start(url, 2, WORKERS, OPTIONS);
    unsigned seed = support_seed();
    start_again(url);
    for (size_t i = 0; i < times(3, 16); i++) {
        load_go_on(load, 1 + (size_t)rand_r(&seed) % 40);
        cluster_stop(primary, signals[i % COUNT_OF(signals)]);
        start_again(url);
    }
    end(load, url);
    free(url);
}

/* The servers know both; whoever can be written to is the one. */
static void fail_over(size_t round, size_t settled_before)
{
    char *name = support_format("round_%zu", round), *old = make_database(name);
    char *new = cluster_url(standby->directory, name);
    char *both = support_format("postgresql:///%s?host=%s,%s&user=postgres", name,
                                primary->directory, standby->directory);
    struct load *load = load_start(both, 2, WORKERS, OPTIONS);
    load_go_on(load, settled_before);
    cluster_stop(primary, SIGKILL);
    cluster_promote(standby);
    end(load, new);
    free(both);
    free(new);
    free(old);
    free(name);
}

static void a_standby_takes_over(void **state)
{
    (void)state;
    unsigned seed = support_seed();
    for (size_t i = 0; i < times(1, 5); i++) {
        cluster_follow(standby, primary);
        fail_over(i, 1 + (size_t)rand_r(&seed) % 40);
        cluster_clear(primary);
        struct cluster *old = primary;
        primary = standby;
        standby = old;
    }
}

static const struct CMUnitTest TESTS[] = {
    cmocka_unit_test(servers_are_killed),
    cmocka_unit_test(connections_are_ended),
    cmocka_unit_test(the_database_server_stops),
    cmocka_unit_test(a_standby_takes_over),
};

int main(void)
{
    http_setup();
    return cmocka_run_group_tests_name("postgres_trouble", TESTS, set_up, tear_down);
}
