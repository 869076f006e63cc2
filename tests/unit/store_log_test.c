/* What was committed to the store stays there, whenever a checkpoint comes between: two servers on
 * one file, one of whose checkpoints halts while the other goes on. */
#include "mock_server/store/sqlite/sqlite_session.h"
#include "mock_server/store/store.h"
#include "tests/support/log_race.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG_TEXT    8000 /* bytes: two pages */
#define WORTH_MOVING 4200 /* pages in the log, which a server then empties */
#define FEW          20

struct two_servers {
    char directory[TEMP_DIR_SIZE];
    char *path;
    struct store *store;
    struct store_session *halted, *other;
    char text[LONG_TEXT + 1];
    int64_t committed;
};

static int set_up(void **state)
{
    struct two_servers *servers = calloc(1, sizeof *servers);
    if (servers == NULL) return -1;
    char message[STORE_MESSAGE_MAX];
    log_race_install();
    temp_dir_make(servers->directory);
    memset(servers->text, 'x', LONG_TEXT);
    servers->path = support_format("%s/store.db", servers->directory);
    char *url = support_format("sqlite:%s", servers->path);
    servers->store = store_open(url, &(struct store_options){0}, message);
    free(url);
    if (servers->store == NULL) support_die("%s", message);
    servers->halted = store_session_open_writing(servers->store);
    servers->other = store_session_open_writing(servers->store);
    *state = servers;
    return servers->halted && servers->other ? 0 : -1;
}

static int tear_down(void **state)
{
    struct two_servers *servers = *state;
    store_session_close(servers->halted);
    store_session_close(servers->other);
    store_close(servers->store);
    log_race_remove();
    temp_dir_remove(servers->directory);
    free(servers->path);
    free(servers);
    return 0;
}

/* One transaction of so many entries. */
static void commit(struct two_servers *servers, struct store_session *session, int entries)
{
    if (!store_begin(session)) support_die("no transaction");
    for (int i = 0; i < entries; i++) {
        struct store_audit_entry entry = {.tenant = "north",
                                          .request_id = "r",
                                          .user = "ana",
                                          .endpoint = "POST /v1/invoices",
                                          .outcome = "failed",
                                          .status = 500,
                                          .fault = servers->text};
        if (store_audit_append(session, &entry) != STORE_OK) support_die("no entry");
    }
    if (!store_commit(session)) support_die("no commit");
    servers->committed += entries;
}

static bool all_is_moved(void *context)
{
    struct store_session *session = context;
    store_maintain(session);
    return sqlite_session_of(session)->moved_at > 0;
}

static void other_moves_all(void *context)
{
    struct two_servers *servers = context;
    commit(servers, servers->other, 1);
    if (!support_wait_until(all_is_moved, servers->other, PATIENCE_MS)) support_die("not moved");
}

static void other_commits(void *context)
{
    struct two_servers *servers = context;
    for (int i = 0; i < FEW; i++)
        commit(servers, servers->other, 1);
}

static void other_moves_all_and_commits_later(void *context)
{
    other_moves_all(context);
    log_race_arm(LOG_RACE_HEADER_READ, other_commits, context);
}

static bool was_halted(void *context)
{
    struct two_servers *servers = context;
    store_maintain(servers->halted);
    return log_race_halts(LOG_RACE_HEADER_READ) > 0;
}

/* Lets the halted checkpoint end, and both servers; then all is looked for in the file. */
static void nothing_is_lost(struct two_servers *servers)
{
    assert_true(support_wait_until(was_halted, servers, PATIENCE_MS));
    store_session_close(servers->halted);
    store_session_close(servers->other);
    servers->halted = servers->other = NULL;
    assert_int_equal(rows_number(servers->path, "SELECT count(*) FROM audit"), servers->committed);
    assert_int_equal(rows_number(servers->path, "SELECT count(*) FROM pragma_integrity_check"
                                                " WHERE integrity_check <> 'ok'"),
                     0);
}

static void grow_the_log(struct two_servers *servers)
{
    commit(servers, servers->other, WORTH_MOVING / 2);
    commit(servers, servers->halted, 1);
}

/* The log is moved whole when the checkpoint begins. */
static void a_moved_log_is_begun_anew_under_a_checkpoint(void **state)
{
    struct two_servers *servers = *state;
    grow_the_log(servers);
    other_moves_all(servers);
    log_race_arm(LOG_RACE_HEADER_READ, other_commits, servers);
    nothing_is_lost(servers);
}

/* It is moved whole by the other one, just when the checkpoint begins. */
static void a_log_is_moved_by_another_under_a_checkpoint(void **state)
{
    struct two_servers *servers = *state;
    grow_the_log(servers);
    log_race_arm(LOG_RACE_BEFORE, other_moves_all_and_commits_later, servers);
    nothing_is_lost(servers);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_moved_log_is_begun_anew_under_a_checkpoint),
        TEST(a_log_is_moved_by_another_under_a_checkpoint),
    };
    return cmocka_run_group_tests_name("store/log", tests, NULL, NULL);
}
