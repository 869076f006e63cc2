#include "tests/lab/cells.h"

#include "tests/support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CELLS (SCENARIOS_MAX * LAYERS_COUNT)

/* The last one is the end of it. */
struct message {
    struct cell cell;
    unsigned trials; /* done */
    bool is_end;
};

struct job {
    pid_t pid; /* 0: none */
    int messages;
    struct cell *cell;
    unsigned trials;
};

struct jobs {
    struct table *table;
    struct job running[CELLS_AT_ONCE_MAX];
    unsigned at_once;
    size_t next; /* the first cell that wasn't begun */
    bool is_done[CELLS];
    bool good;
    struct cells_progress progress;
};

static struct cell *cell_at(struct table *table, size_t index)
{
    return &table->cells[index / LAYERS_COUNT][index % LAYERS_COUNT];
}

/* --- in a process of its own --- */

static int messages_to = -1;

static void send_message(const struct cell *cell, unsigned trials, bool is_end)
{
    const struct message message = {*cell, trials, is_end};
    if (write(messages_to, &message, sizeof message) != sizeof message) _exit(EXIT_FAILURE);
}

static void tell_trial(const struct cell *cell, unsigned trial)
{
    send_message(cell, trial, false);
}

static _Noreturn void carry_out(struct cell *cell, unsigned seed, int messages, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(EXIT_FAILURE);
    messages_to = messages;
    cell_run(cell, seed, tell_trial);
    send_message(cell, cell->trials, true);
    exit(EXIT_SUCCESS);
}

/* --- those that wait for them --- */

static void begin(struct jobs *jobs, struct job *job, struct cell *cell)
{
    int ends[2];
    pid_t parent = getpid();
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) != 0) support_die("no pipe");
    pid_t pid = fork();
    if (pid < 0) support_die("no process");
    if (pid == 0) carry_out(cell, jobs->table->seed, ends[1], parent);
    close(ends[1]);
    *job = (struct job){.pid = pid, .messages = ends[0], .cell = cell};
}

static void begin_next(struct jobs *jobs)
{
    for (unsigned i = 0; i < jobs->at_once; i++) {
        if (jobs->running[i].pid != 0) continue;
        while (jobs->next < CELLS && !cell_at(jobs->table, jobs->next)->scenario)
            jobs->is_done[jobs->next++] = true;
        if (jobs->next == CELLS) return;
        begin(jobs, &jobs->running[i], cell_at(jobs->table, jobs->next++));
    }
}

static void count_rows(struct jobs *jobs)
{
    size_t index = 0;
    while (index < SCENARIO_COUNT * LAYERS_COUNT && jobs->is_done[index])
        index++;
    jobs->progress.rows = index / LAYERS_COUNT;
}

/* After its last message it has only to end; a sanitizer may say something then. */
static void end(struct jobs *jobs, struct job *job)
{
    int status = 0;
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR) {
    }
    close(job->messages);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
        job->cell->trials = 0;
        jobs->good = false;
    }
    jobs->is_done[job->cell - cell_at(jobs->table, 0)] = true;
    *job = (struct job){0};
    begin_next(jobs);
    count_rows(jobs);
}

static void hear(struct jobs *jobs, struct job *job)
{
    struct message message;
    ssize_t length = read(job->messages, &message, sizeof message);
    if (length < 0 && errno == EINTR) return;
    if (length != sizeof message) { /* it ended, without a word */
        job->cell->trials = 0;
        jobs->good = false;
        end(jobs, job);
        return;
    }
    jobs->progress.trials += message.trials - job->trials;
    job->trials = message.trials;
    if (!message.is_end) return;
    *job->cell = message.cell;
    end(jobs, job);
}

static void wait_for_news(struct jobs *jobs)
{
    struct pollfd polled[CELLS_AT_ONCE_MAX];
    for (unsigned i = 0; i < jobs->at_once; i++)
        polled[i] = (struct pollfd){.fd = jobs->running[i].pid ? jobs->running[i].messages : -1,
                                    .events = POLLIN};
    if (poll(polled, jobs->at_once, -1) < 0) return;
    for (unsigned i = 0; i < jobs->at_once; i++)
        if (polled[i].revents) hear(jobs, &jobs->running[i]);
}

static bool any_runs(const struct jobs *jobs)
{
    for (unsigned i = 0; i < jobs->at_once; i++)
        if (jobs->running[i].pid != 0) return true;
    return false;
}

bool cells_run(struct table *table, unsigned at_once,
               void (*tell)(const struct table *table, const struct cells_progress *progress))
{
    struct jobs jobs = {.table = table, .at_once = at_once, .good = true};
    for (size_t i = 0; i < CELLS; i++)
        jobs.progress.of += cell_at(table, i)->trials;
    begin_next(&jobs);
    count_rows(&jobs);
    while (any_runs(&jobs)) {
        wait_for_news(&jobs);
        tell(table, &jobs.progress);
    }
    return jobs.good;
}
