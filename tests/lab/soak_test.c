/* What no evidence shows must not get past a soak: servers and forms that end by themselves,
 * clients that hang; and a cell of the table whose process didn't end in order. */
#include "tests/lab/cells.h"
#include "tests/lab/soak/clerk.h"
#include "tests/lab/soak/complaint.h"
#include "tests/lab/soak/input.h"
#include "tests/lab/soak/soak.h"
#include "tests/support/http.h"
#include "tests/support/sample.h"

#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct soak soak;
static long long complaints; /* when the test began */

static int open_soak(void **state)
{
    (void)state;
    soak = (struct soak){.lock = PTHREAD_MUTEX_INITIALIZER, .evidence = evidence_new()};
    atomic_store(&soak.settle_by_ms, LLONG_MAX);
    field_open(&soak.field, false, "http://127.0.0.1:9/", NULL);
    complaints = complaint_count();
    return 0;
}

static int close_soak(void **state)
{
    (void)state;
    field_close(&soak.field);
    evidence_free(soak.evidence);
    return 0;
}

static bool is_up_again(void *context)
{
    const struct field_server *server = context;
    field_tick(&soak.field);
    return server->starts_at_ms == 0 && field_set_faults(server, NULL, 0);
}

/* Waits until it has ended by that signal, and has been started again. */
static void end_by(struct field_server *server, int signal)
{
    assert_int_equal(kill(server->process.pid, signal), 0);
    process_wait(&server->process, PATIENCE_MS);
    assert_true(support_wait_until(is_up_again, server, PATIENCE_MS));
}

static void a_server_that_crashes_is_complained_of(void **state)
{
    (void)state;
    end_by(&soak.field.servers[1], SIGSEGV);
    assert_int_equal(complaint_count(), complaints + 1);
}

static void a_server_that_ends_unasked_is_complained_of(void **state)
{
    (void)state;
    end_by(&soak.field.servers[1], SIGTERM);
    assert_int_equal(complaint_count(), complaints + 1);
}

/* By us: in order, and killed. */
static void servers_that_were_ended_are_not(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGKILL};
    for (size_t i = 0; i < 2; i++) {
        struct field_server *server = &soak.field.servers[i];
        field_kill(server, signals[i], 0);
        process_wait(&server->process, PATIENCE_MS);
        assert_true(support_wait_until(is_up_again, server, PATIENCE_MS));
    }
    field_stop_servers(&soak.field);
    assert_int_equal(complaint_count(), complaints);
}

/* One that can't open its store says so, and ends. */
static void a_server_without_its_store_is_not(void **state)
{
    (void)state;
    struct field_server *server = &soak.field.servers[1];
    field_kill(server, SIGKILL, 0);
    process_wait(&server->process, PATIENCE_MS);
    struct field elsewhere = soak.field;
    snprintf(elsewhere.store, sizeof elsewhere.store, "/dev/null/store.db");
    field_start_server(&elsewhere, server);
    process_wait(&server->process, PATIENCE_MS);
    assert_true(support_wait_until(is_up_again, server, PATIENCE_MS));
    assert_int_equal(complaint_count(), complaints);
}

/* The server takes what is sent and never answers, and the client would wait for longer. */
static void a_client_that_hangs_is_killed_and_complained_of(void **state)
{
    (void)state;
    struct desk desk;
    struct input input;
    struct dice dice = dice_of(1, 1);
    desk_open(&desk, &soak, 0, soak.field.servers[0].url, "north", TOKEN_ANA);
    desk.is_plain = true;
    desk.patience_ms = 300;
    input_make_of(&input, &soak, &desk, &dice, "hangs", 1);
    process_hold(soak.field.servers[0].process.pid);
    const char *const arguments[] = {"create", input.path, "--json", NULL};
    assert_int_equal(input_run(&soak, &desk, &input, arguments, NULL), INPUT_KILLED);
    assert_int_equal(complaint_count(), complaints + 1);
    process_signal(&soak.field.servers[0].process, SIGCONT);
    input_clear(&input);
    room_clear(&desk.room);
}

/* A child of this thread's that is a form; 0: there is none. */
static int form_of(pid_t thread)
{
    int pid = 0;
    char *path = support_format("/proc/%d/task/%d/children", (int)getpid(), (int)thread);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%d", &pid) != 1) pid = 0;
    if (file) fclose(file);
    free(path);
    return pid;
}

static struct clerk clerk;
static _Atomic pid_t clerks_thread;

static void *sit(void *context)
{
    clerks_thread = gettid();
    return clerk_run(context);
}

static bool a_form_is_submitted(void *context)
{
    (void)context;
    return tally_of(TALLY_FORM_SUBMITTED) > 0 && form_of(clerks_thread) > 0;
}

/* Its server takes what it sends, and never answers; at a shared desk none is killed by us. */
static void a_form_that_crashes_is_complained_of(void **state)
{
    (void)state;
    pthread_t thread;
    struct desk desk;
    desk_open(&desk, &soak, 0, soak.field.servers[0].url, "north", TOKEN_ANA);
    clerk = (struct clerk){.soak = &soak, .url = soak.field.servers[0].url, .shared = &desk};
    process_hold(soak.field.servers[0].process.pid);
    assert_int_equal(pthread_create(&thread, NULL, sit, &clerk), 0);
    assert_true(support_wait_until(a_form_is_submitted, NULL, PATIENCE_MS));
    atomic_store(&soak.is_closing, true);
    kill(form_of(clerks_thread), SIGSEGV);
    process_signal(&soak.field.servers[0].process, SIGCONT);
    atomic_store(&soak.is_healed, true);
    pthread_join(thread, NULL);
    desk_close(&desk, &soak);
    assert_int_equal(complaint_count(), complaints + 1);
}

/* A full disk counts where it kept somebody from writing. */
static void a_full_disk_that_nobody_felt_is_not_counted(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, &soak, 0, soak.field.servers[0].url, "north", TOKEN_ANA);
    field_fill_disk(&soak.field.clients, 0);
    field_tick(&soak.field);
    assert_int_equal(tally_of(TALLY_CLIENT_DISK_FULL), 0);
    field_fill_disk(&soak.field.clients, PATIENCE_MS);
    char *file = room_write_invoice(&desk.room, "FULL-1");
    struct process_result result =
        room_run(&desk.room, (const char *const[]){"create", file, "--json", NULL});
    assert_int_equal(result.code, 1);
    process_result_clear(&result);
    field_heal(&soak.field);
    assert_int_equal(tally_of(TALLY_CLIENT_DISK_FULL), 1);
    free(file);
    room_clear(&desk.room);
}

/* --- the table --- */

static void end_badly(void)
{
    _exit(23); /* as a sanitizer does that has found something */
}

static void be_left(struct trial *trial)
{
    (void)trial;
    atexit(end_badly);
}

static void tell(const struct table *table, const struct cells_progress *progress)
{
    (void)table;
    (void)progress;
}

static void a_cell_that_ends_badly_has_failed(void **state)
{
    (void)state;
    static const struct scenario scenario = {"left", "Left", be_left};
    static struct table table;
    table.cells[0][0] =
        (struct cell){.scenario = &scenario, .layers = layers_named("all"), .trials = 1};
    assert_false(cells_run(&table, 1, tell));
    assert_int_equal(table.cells[0][0].trials, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_that_crashes_is_complained_of, open_soak,
                                        close_soak),
        cmocka_unit_test_setup_teardown(a_server_that_ends_unasked_is_complained_of, open_soak,
                                        close_soak),
        cmocka_unit_test_setup_teardown(servers_that_were_ended_are_not, open_soak, close_soak),
        cmocka_unit_test_setup_teardown(a_server_without_its_store_is_not, open_soak, close_soak),
        cmocka_unit_test_setup_teardown(a_client_that_hangs_is_killed_and_complained_of, open_soak,
                                        close_soak),
        cmocka_unit_test_setup_teardown(a_form_that_crashes_is_complained_of, open_soak,
                                        close_soak),
        cmocka_unit_test_setup_teardown(a_full_disk_that_nobody_felt_is_not_counted, open_soak,
                                        close_soak),
        cmocka_unit_test(a_cell_that_ends_badly_has_failed),
    };
    http_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
