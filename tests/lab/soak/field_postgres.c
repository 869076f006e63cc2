/* PostgreSQL, in trouble. */
#include "tests/lab/soak/field.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define PROCESSES_MAX 128
#define FULL_BYTES    (64 * 1024) /* beyond which no file takes anything on a full disk */

#define GOODBYE_NS 200000000L /* in which the others see that the first process is gone */

/* The first process and its children; how many. */
static size_t processes_of(const struct cluster *cluster, pid_t pids[PROCESSES_MAX])
{
    char path[64], *numbers = NULL;
    size_t size = 0;
    size_t count = 0;
    pid_t pid = cluster->process.pid;
    if (pid <= 0) return 0;
    pids[count++] = pid;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(path, "re");
    if (file && getline(&numbers, &size, file) > 0) {
        char *at = numbers, *end;
        for (long child; count < PROCESSES_MAX && (child = strtol(at, &end, 10)) > 0; at = end)
            pids[count++] = (pid_t)child;
    }
    if (file) fclose(file);
    free(numbers);
    return count;
}

static void signal_all(const struct cluster *cluster, int signal)
{
    pid_t pids[PROCESSES_MAX];
    size_t count = processes_of(cluster, pids);
    for (size_t i = 0; i < count; i++)
        kill(pids[i], signal);
}

/* SIGXFSZ is ignored there: a write past it fails, as on a disk that is full. */
static void limit_files(const struct cluster *cluster, rlim_t bytes)
{
    pid_t pids[PROCESSES_MAX];
    size_t count = processes_of(cluster, pids);
    for (size_t i = 0; i < count; i++) {
        struct rlimit limit;
        if (prlimit(pids[i], RLIMIT_FSIZE, NULL, &limit) != 0) continue; /* it is gone */
        limit.rlim_cur = bytes;
        prlimit(pids[i], RLIMIT_FSIZE, &limit, NULL);
    }
}

void field_fill_cluster(struct field *field, unsigned ms)
{
    limit_files(&field->cluster, FULL_BYTES);
    field->cluster_full_until_ms = support_now_ms() + ms;
}

static void make_room(struct field *field)
{
    if (field->cluster_full_until_ms != 0) limit_files(&field->cluster, RLIM_INFINITY);
    field->cluster_full_until_ms = 0;
}

static void wake(struct field *field)
{
    if (field->cluster_wakes_at_ms != 0) signal_all(&field->cluster, SIGCONT);
    field->cluster_wakes_at_ms = 0;
}

void field_stop_cluster(struct field *field, unsigned ms)
{
    signal_all(&field->cluster, SIGSTOP);
    field->cluster_wakes_at_ms = support_now_ms() + ms;
}

/* One that waits for what a killed one held doesn't notice that the first process is gone. */
static void kill_rest(const pid_t *pids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[40], name[16] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", (int)pids[i]);
        FILE *file = fopen(path, "re");
        bool is_there = file && fgets(name, sizeof name, file) && strcmp(name, "postgres\n") == 0;
        if (file) fclose(file);
        if (is_there) kill(pids[i], SIGKILL);
    }
}

void field_kill_cluster(struct field *field, int signal, unsigned ms)
{
    pid_t pids[PROCESSES_MAX];
    wake(field);
    make_room(field);
    size_t count = processes_of(&field->cluster, pids);
    cluster_stop(&field->cluster, signal);
    nanosleep(&(struct timespec){.tv_nsec = GOODBYE_NS}, NULL);
    kill_rest(pids, count);
    field->cluster_starts_at_ms = support_now_ms() + ms;
}

void field_kill_session(struct field *field, unsigned which)
{
    pid_t pids[PROCESSES_MAX];
    size_t count = processes_of(&field->cluster, pids);
    if (count > 1) kill(pids[1 + which % (count - 1)], SIGKILL);
}

static void start_again(struct field *field)
{
    cluster_start(&field->cluster, NULL);
    field->cluster_starts_at_ms = 0;
}

/* It ends by itself where it can't recover on a full disk. */
void field_postgres_tick(struct field *field)
{
    long long now = support_now_ms();
    struct cluster *cluster = &field->cluster;
    if (field->cluster_full_until_ms != 0 && now >= field->cluster_full_until_ms) make_room(field);
    if (field->cluster_wakes_at_ms != 0 && now >= field->cluster_wakes_at_ms) wake(field);
    if (cluster->process.pid > 0 && process_wait(&cluster->process, 0) != PROCESS_RUNNING) {
        process_clear(&cluster->process);
        field->cluster_full_until_ms = 0;
        field->cluster_starts_at_ms = now + 100;
    }
    if (field->cluster_starts_at_ms != 0 && now >= field->cluster_starts_at_ms) start_again(field);
}

void field_postgres_heal(struct field *field)
{
    make_room(field);
    wake(field);
    if (field->cluster_starts_at_ms != 0) field->cluster_starts_at_ms = support_now_ms();
    field_postgres_tick(field);
}
