/* The writer on the real store: a batch in which one fails, commits that fail, a full queue, and
 * the order of what is queued. */
#include "mock_server/engine/writer.h"

#include "tests/support/support.h"
#include "tests/unit/failing_store.h"
#include "tests/unit/notes.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define CAPACITY 2

/* The first job holds the writer until it is let go, so that what is queued behind it is one batch.
 */
static struct {
    sem_t held, let_go;
    atomic_int done;
    int order[32];
    size_t greatest; /* batch */
} course;

struct job {
    struct writer_job job;
    struct creation creation;
    bool holds, fails;
    int number, runs;
    bool kept;
};

static void count_batch(size_t jobs, int64_t ms)
{
    (void)ms;
    course.greatest = jobs > course.greatest ? jobs : course.greatest;
}

static int set_up(void **state)
{
    struct notes *notes = calloc(1, sizeof *notes);
    if (!notes) return -1;
    notes_open(notes);
    sem_init(&course.held, 0, 0);
    sem_init(&course.let_go, 0, 0);
    atomic_store(&course.done, 0);
    course.greatest = 0;
    *state = notes;
    return writer_start(notes->store, CAPACITY, count_batch) ? 0 : -1;
}

static int tear_down(void **state)
{
    failing_store_arm(0, 0);
    sem_post(&course.let_go); /* a test that failed may have left it held */
    writer_stop();
    notes_close(*state);
    free(*state);
    return 0;
}

static bool run(struct writer_job *base, struct store_session *session, int64_t now)
{
    struct job *job = (struct job *)(void *)base;
    job->runs++;
    if (job->holds && job->runs == 1) {
        sem_post(&course.held);
        sem_wait(&course.let_go);
    }
    creation_reset(&job->creation);
    return create_once(&job->creation, session, now) == CREATION_SETTLED && !job->fails;
}

static void done(struct writer_job *base, enum writer_end end)
{
    struct job *job = (struct job *)(void *)base;
    job->kept = end == WRITER_KEPT;
    course.order[atomic_load(&course.done)] = job->number;
    atomic_fetch_add(&course.done, 1);
}

static struct job job_of(int number)
{
    static const char *const NAMES[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    return (struct job){.job = {.run = run, .done = done},
                        .creation = notes_creation(NAMES[number], NAMES[number]),
                        .number = number};
}

static bool are_done(void *count)
{
    return atomic_load(&course.done) >= *(int *)count;
}

static void wait_for(int count)
{
    assert_true(support_wait_until(are_done, &count, PATIENCE_MS));
}

/* Job 0 is in the writer's hands; the rest is queued. */
static void hold(struct job *job)
{
    job->holds = true;
    writer_submit_always(&job->job);
    sem_wait(&course.held);
}

static void clear(struct job *jobs, int count)
{
    for (int i = 0; i < count; i++)
        creation_reset(&jobs[i].creation);
}

static void one_that_fails_takes_no_other_with_it(void **state)
{
    struct job jobs[5];
    for (int i = 0; i < 5; i++)
        jobs[i] = job_of(i);
    jobs[2].fails = true;
    hold(&jobs[0]);
    for (int i = 1; i < 5; i++)
        writer_submit_always(&jobs[i].job);
    assert_int_equal(writer_queue_length(), 4);
    sem_post(&course.let_go);
    wait_for(5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(jobs[i].kept, i != 2);
    assert_int_equal(jobs[1].runs, 2); /* once together, once apart */
    assert_int_equal(notes_count(*state), 4);
    assert_true(writer_is_well());
    clear(jobs, 5);
}

/* One has been answered, and another came meanwhile: two may be expected. */
static void where_a_batch_costs_much_jobs_are_gathered(void **state)
{
    (void)state;
    failing_store_costs_a_batch(true);
    struct job jobs[] = {job_of(0), job_of(1), job_of(2)};
    hold(&jobs[0]);
    writer_submit_always(&jobs[1].job);
    nanosleep(&(struct timespec){.tv_sec = 1},
              NULL); /* a part of it is how long they are gathered */
    sem_post(&course.let_go);
    wait_for(1);
    writer_submit_always(&jobs[2].job);
    wait_for(3);
    failing_store_costs_a_batch(false);
    assert_int_equal(course.greatest, 2);
    clear(jobs, 3);
}

/* Nobody is waited for longer than that. */
static void jobs_that_are_expected_need_not_come(void **state)
{
    (void)state;
    failing_store_costs_a_batch(true);
    struct job jobs[] = {job_of(0), job_of(1)};
    hold(&jobs[0]);
    writer_submit_always(&jobs[1].job);
    sem_post(&course.let_go);
    wait_for(2);
    failing_store_costs_a_batch(false);
    assert_int_equal(course.greatest, 1);
    clear(jobs, 2);
}

static bool is_well(void *unused)
{
    (void)unused;
    return writer_is_well();
}

/* One commit that fails is tried again with each job apart; where that fails too nothing is kept,
 * and the writer is unwell until a commit works. */
static void what_was_not_committed_is_told_so(void **state)
{
    struct notes *notes = *state;
    struct job jobs[4];
    for (int i = 0; i < 4; i++)
        jobs[i] = job_of(i);
    hold(&jobs[0]);
    writer_submit_always(&jobs[1].job);
    writer_submit_always(&jobs[2].job);
    failing_store_arm_commits(2, 0); /* the first is job 0's own */
    sem_post(&course.let_go);
    wait_for(3);
    assert_true(failing_store_struck());
    assert_true(jobs[1].kept && jobs[2].kept);
    assert_int_equal(notes_count(notes), 3);
    failing_store_arm_commits(1, 3);
    writer_submit_always(&jobs[3].job);
    wait_for(4);
    assert_false(jobs[3].kept);
    assert_int_equal(notes_count(notes), 3);
    assert_false(writer_is_well());
    failing_store_arm_commits(0, 0);
    assert_true(support_wait_until(is_well, NULL, PATIENCE_MS));
    writer_submit_always(&jobs[3].job); /* it is its owner's again */
    wait_for(5);
    assert_true(jobs[3].kept);
    clear(jobs, 4);
}

/* Four jobs, three of them in one batch, under every failing call in turn: whoever is told "kept"
 * is there, the others are not. */
static void whoever_is_told_that_it_is_kept_is_there(void **state)
{
    struct notes *notes = *state;
    static char names[100][4][16];
    for (int nth = 1; nth < 100; nth++) {
        struct job jobs[4];
        atomic_store(&course.done, 0);
        long long before = notes_count(notes);
        for (int i = 0; i < 4; i++) {
            char *name = names[nth][i];
            snprintf(name, sizeof names[nth][i], "%d-%d", nth, i);
            jobs[i] = job_of(i);
            jobs[i].creation = notes_creation(name, name);
        }
        hold(&jobs[0]);
        for (int i = 1; i < 4; i++)
            writer_submit_always(&jobs[i].job);
        failing_store_arm(nth, nth % 3);
        sem_post(&course.let_go);
        wait_for(4);
        bool struck = failing_store_struck();
        failing_store_arm(0, 0);
        int kept = jobs[0].kept + jobs[1].kept + jobs[2].kept + jobs[3].kept;
        assert_int_equal(notes_count(notes) - before, kept);
        clear(jobs, 4);
        if (!struck) return;
    }
    fail_msg("always one that fails");
}

static void a_full_queue_takes_no_more(void **state)
{
    struct job jobs[6];
    (void)state;
    for (int i = 0; i < 6; i++)
        jobs[i] = job_of(i);
    hold(&jobs[0]);
    for (int i = 1; i <= CAPACITY; i++)
        assert_true(writer_submit(&jobs[i].job));
    assert_false(writer_submit(&jobs[3].job));
    writer_submit_always(&jobs[4].job); /* is bounded elsewhere */
    assert_false(writer_submit(&jobs[3].job));
    sem_post(&course.let_go);
    wait_for(4);
    assert_true(writer_submit(&jobs[5].job));
    wait_for(5);
    assert_int_equal(jobs[3].runs, 0);
    clear(jobs, 6);
}

/* In one batch all stand as they came; what is behind comes behind those that nobody waits for. */
static void jobs_are_carried_out_as_they_came(void **state)
{
    struct job jobs[6];
    static const int ORDER[] = {0, 1, 2, 3, 4, 5};
    (void)state;
    for (int i = 0; i < 6; i++)
        jobs[i] = job_of(i);
    hold(&jobs[0]);
    writer_submit_lazily(&jobs[1].job);
    writer_submit_always(&jobs[2].job);
    writer_submit_lazily(&jobs[3].job);
    assert_true(writer_submit(&jobs[4].job));
    writer_submit_behind(&jobs[5].job);
    sem_post(&course.let_go);
    wait_for(6);
    assert_memory_equal(course.order, ORDER, sizeof ORDER);
    clear(jobs, 6);
}

static void a_job_that_nobody_waits_for_is_written_in_time(void **state)
{
    struct job lazy = job_of(1);
    writer_submit_lazily(&lazy.job);
    wait_for(1);
    assert_true(lazy.kept);
    assert_int_equal(notes_count(*state), 1);
    clear(&lazy, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(where_a_batch_costs_much_jobs_are_gathered),
        TEST(jobs_that_are_expected_need_not_come),
        TEST(one_that_fails_takes_no_other_with_it),
        TEST(what_was_not_committed_is_told_so),
        TEST(whoever_is_told_that_it_is_kept_is_there),
        TEST(a_full_queue_takes_no_more),
        TEST(jobs_are_carried_out_as_they_came),
        TEST(a_job_that_nobody_waits_for_is_written_in_time),
    };
    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
