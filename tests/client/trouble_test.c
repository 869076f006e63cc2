/* `invonce create` on bad days of its own machine: a full disk, a journal that can't be written or
 * read. A clear sentence, the right exit code, nothing sent unrecorded. */
#include "tests/client/account.h"
#include "tests/client/room.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NUMBER  "2026-0042"
#define AT_ONCE 4
#define FLIPS   60
#define NOBODY  65534

struct stage {
    struct mock mock;
    struct room room;
    char *file;      /* an invoice */
    char *directory; /* of the journal */
    unsigned seed;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage || !mock_start(&stage->mock, NULL)) return -1;
    room_open(&stage->room, stage->mock.url, NULL);
    stage->file = room_write_invoice(&stage->room, NUMBER);
    stage->directory = support_format("%s/state/invonce", stage->room.home);
    stage->seed = support_seed();
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    free(stage->file);
    free(stage->directory);
    room_clear(&stage->room);
    mock_clear(&stage->mock);
    free(stage);
    return 0;
}

/* It ended with 1, said why, named the journal, and sent nothing. */
static void expect_refusal(struct stage *stage, struct process_result result, const char *words)
{
    if (result.code != 1 || strstr(result.errors, words) == NULL ||
        strstr(result.errors, "journal.db") == NULL)
        fail_msg("exit %d; \"%s\" doesn't say \"%s\"", result.code, result.errors, words);
    process_result_clear(&result);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
}

static void expect_created(struct stage *stage)
{
    struct process_result result = room_create(&stage->room, stage->file);
    if (result.code != 0) fail_msg("exit %d; %s", result.code, result.errors);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
}

/* --- no room --- */

static void watch_disk(struct room *room)
{
    char *preload = preload_variable("failing-disk");
    char *disk = support_format("DISK=%s", room->home);
    room_set(room, preload);
    room_set(room, PRELOAD_ASAN_NO_LEAKS);
    room_set(room, disk);
    free(preload);
    free(disk);
}

static char *disk_full(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    room_open(&room, stage->mock.url, NULL);
    char *number = support_format("full-%zu", index), *file = room_write_invoice(&room, number);
    char *full = support_format("DISK_FULL_AT=%zu", index + 1);
    watch_disk(&room);
    room_set(&room, full);
    struct process_result first = room_create(&room, file);
    bool explained = strstr(first.errors, "the disk is full") && strstr(first.errors, "journal.db");
    char *sentence = NULL;
    if (first.code != 0 && (first.code != 1 || !explained))
        sentence = support_format("exit %d; %s%s", first.code, first.output, first.errors);
    if (first.code == 0 && account_records(&stage->mock, number) != 1)
        sentence = support_format("exit 0 without a record; %s", first.errors);
    sentence = account_first(sentence, account_of_sent(&stage->mock, &room, number));
    room_unset(&room, "LD_PRELOAD");
    struct process_result second = room_create(&room, file);
    if (second.code == 3)
        sentence = account_first(sentence, account_of_taken(&stage->mock, &room, number));
    else if (second.code == 0)
        sentence = account_first(sentence, account_of_one(&stage->mock, &room, number));
    else
        sentence = account_first(
            sentence, support_format("run again: exit %d; %s", second.code, second.errors));
    process_result_clear(&first);
    process_result_clear(&second);
    room_clear(&room);
    free(number);
    free(file);
    free(full);
    return sentence;
}

static size_t operations(struct stage *stage)
{
    char text[32] = "", *path = support_format("%s/count", stage->room.home);
    char *count = support_format("DISK_COUNT=%s", path);
    watch_disk(&stage->room);
    room_set(&stage->room, count);
    expect_created(stage);
    FILE *stream = fopen(path, "re");
    assert_non_null(stream);
    assert_non_null(fgets(text, sizeof text, stream));
    fclose(stream);
    free(path);
    free(count);
    return strtoul(text, NULL, 10);
}

static void the_disk_is_full_from_any_write_on(void **state)
{
    struct stage *stage = *state;
    size_t count = operations(stage);
    assert_true(count > 20);
    assert_int_equal(trials_run("full disk", count, AT_ONCE, disk_full, stage), 0);
}

static struct process_result run_shell(const struct room *room, const char *script,
                                       const char *file)
{
    const char *const argv[] = {"/bin/sh", "-c", script, room_program(), "create", file, NULL};
    return process_run(argv, (const char *const *)room->variables, PATIENCE_MS);
}

static void files_may_not_grow(void **state)
{
    struct stage *stage = *state;
    expect_refusal(
        stage,
        run_shell(&stage->room, "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", stage->file),
        "the disk is full");
    expect_created(stage);
}

/* Where the machine lets us: a real file system with no room. */
static void a_small_file_system_is_full(void **state)
{
    struct stage *stage = *state;
    struct process_result result = run_shell(
        &stage->room,
        "mkdir -p \"$XDG_STATE_HOME\" && unshare -m /bin/sh -c 'mount -t tmpfs -o size=24k none "
        "\"$XDG_STATE_HOME\" || exit 77; exec \"$0\" \"$@\"' \"$0\" \"$@\" || exit $?",
        stage->file);
    if (result.code == 77 || strstr(result.errors, "unshare") != NULL) {
        process_result_clear(&result);
        skip();
    }
    expect_refusal(stage, result, "the disk is full");
    expect_created(stage);
}

/* --- not ours to write --- */

static struct process_result create_powerless(const struct stage *stage)
{
    const char *const argv[] = {INVONCE_POWERLESS, room_program(), "create", stage->file, NULL};
    return process_run(argv, (const char *const *)stage->room.variables, PATIENCE_MS);
}

static void make_place(const struct stage *stage, mode_t mode)
{
    char *above = support_format("%s/state", stage->room.home);
    assert_int_equal(mkdir(above, 0700), 0);
    assert_int_equal(mkdir(stage->directory, 0700), 0);
    assert_int_equal(chmod(stage->directory, mode), 0);
    free(above);
}

static void a_directory_is_read_only(void **state)
{
    struct stage *stage = *state;
    make_place(stage, 0500);
    expect_refusal(stage, create_powerless(stage), "can't be written");
    assert_int_equal(chmod(stage->directory, 0700), 0);
    expect_created(stage);
}

static void a_journal_is_read_only(void **state)
{
    struct stage *stage = *state;
    struct process_result made =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(made.code, 0);
    process_result_clear(&made);
    assert_int_equal(chmod(stage->room.journal, 0400), 0);
    expect_refusal(stage, create_powerless(stage), "can't be written");
    assert_int_equal(chmod(stage->room.journal, 0600), 0);
    assert_int_equal(chmod(stage->directory, 0500), 0);
    expect_refusal(stage, create_powerless(stage), "can't be written");
    assert_int_equal(chmod(stage->directory, 0700), 0);
    expect_created(stage);
}

static void something_else_is_in_its_place(void **state)
{
    struct stage *stage = *state;
    char *above = support_format("%s/state", stage->room.home);
    free(room_write(&stage->room, "state", "a file"));
    struct process_result result = room_create(&stage->room, stage->file);
    assert_int_equal(result.code, 1);
    assert_non_null(strstr(result.errors, "journal.db"));
    process_result_clear(&result);
    assert_int_equal(unlink(above), 0);
    make_place(stage, 0700);
    assert_int_equal(mkdir(stage->room.journal, 0700), 0);
    result = room_create(&stage->room, stage->file);
    assert_int_equal(result.code, 1);
    process_result_clear(&result);
    assert_int_equal(rmdir(stage->room.journal), 0);
    char *link = support_format("%s/elsewhere", stage->room.home);
    assert_int_equal(symlink(link, stage->room.journal), 0);
    expect_refusal(stage, room_create(&stage->room, stage->file), "symbolic link");
    assert_int_equal(unlink(stage->room.journal), 0);
    expect_created(stage);
    free(link);
    free(above);
}

static void others_can_write_there(void **state)
{
    struct stage *stage = *state;
    make_place(stage, 0777);
    expect_refusal(stage, room_create(&stage->room, stage->file), "check who owns it");
    assert_int_equal(chmod(stage->directory, 0700), 0);
    expect_created(stage);
}

static void somebody_else_owns_it(void **state)
{
    struct stage *stage = *state;
    if (geteuid() != 0) skip();
    make_place(stage, 0700);
    int file = open(stage->room.journal, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(fchown(file, NOBODY, NOBODY), 0);
    close(file);
    expect_refusal(stage, room_create(&stage->room, stage->file), "check who owns it");
    assert_int_equal(chown(stage->room.journal, 0, 0), 0);
    expect_created(stage);
}

static void another_program_has_it_locked(void **state)
{
    struct stage *stage = *state;
    sqlite3 *database = NULL;
    struct process_result made =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(made.code, 0);
    process_result_clear(&made);
    assert_int_equal(sqlite3_open(stage->room.journal, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    expect_refusal(stage, room_create(&stage->room, stage->file), "holds it locked");
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    expect_created(stage);
}

/* Somebody tidies up while it is at work: what it would send now would be nowhere after a crash. */
static void the_journal_is_taken_away_meanwhile(void **state)
{
    struct stage *stage = *state;
    struct process process;
    assert_int_equal(mock_stop(&stage->mock), 0);
    assert_true(
        room_server_again(&stage->mock, (const char *const[]){"--fault", "hang@attempt=1", NULL}));
    room_set(&stage->room, "INVONCE_ATTEMPT_TIMEOUT=2s");
    room_start(&stage->room, &process, (const char *const[]){"create", stage->file, NULL});
    while (account_records(&stage->mock, NUMBER) == 0)
        assert_int_equal(process_wait(&process, 10), PROCESS_RUNNING);
    char *aside = support_format("%s.aside", stage->directory);
    assert_int_equal(rename(stage->directory, aside), 0);
    assert_int_equal(process_wait(&process, 2 * PATIENCE_MS), 1);
    char *errors = process_errors(&process);
    if (!strstr(errors, "removed or replaced") || !strstr(errors, "journal.db"))
        fail_msg("%s", errors);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 1);
    assert_int_equal(rename(aside, stage->directory), 0);
    expect_created(stage);
    process_clear(&process);
    free(errors);
    free(aside);
}

/* --- damage --- */

static void write_over(const char *path, off_t offset, const void *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, length, offset), length);
    close(file);
}

/* One that holds an intent that isn't confirmed. */
static void make_journal(struct stage *stage)
{
    char *server = support_format("INVONCE_SERVER=%s", stage->mock.url);
    room_set(&stage->room, "INVONCE_SERVER=http://127.0.0.1:1");
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = room_create(&stage->room, stage->file);
    assert_int_equal(result.code, 5);
    process_result_clear(&result);
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    room_set(&stage->room, server);
    free(server);
}

static void a_damaged_journal_is_left_alone(void **state)
{
    struct stage *stage = *state;
    struct stat is;
    char garbage[4096];
    memset(garbage, 'x', sizeof garbage);
    make_journal(stage);
    assert_int_equal(stat(stage->room.journal, &is), 0);
    write_over(stage->room.journal, 0, garbage, 100);
    expect_refusal(stage, room_create(&stage->room, stage->file), "damaged");
    for (off_t at = 0; at < is.st_size; at += (off_t)sizeof garbage)
        write_over(stage->room.journal, at, garbage, sizeof garbage);
    expect_refusal(stage, room_create(&stage->room, stage->file), "damaged");
    struct process_result result = room_run(&stage->room, (const char *const[]){"outbox", NULL});
    assert_int_equal(result.code, 1);
    assert_non_null(strstr(result.errors, "damaged"));
    process_result_clear(&result);
    assert_int_equal(stat(stage->room.journal, &is), 0);
    assert_true(is.st_size > 0);
    char *aside = support_format("%s.damaged", stage->room.journal);
    assert_int_equal(rename(stage->room.journal, aside), 0);
    expect_created(stage);
    free(aside);
}

static void remove_beside(const struct stage *stage, const char *ending)
{
    char *path = support_format("%s%s", stage->room.journal, ending);
    unlink(path);
    free(path);
}

/* Any bytes of it: it ends in order, tells what it can't read, and makes no second record. */
static void bytes_are_flipped(void **state)
{
    struct stage *stage = *state;
    struct stat is;
    make_journal(stage);
    assert_int_equal(stat(stage->room.journal, &is), 0);
    int file = open(stage->room.journal, O_RDONLY | O_CLOEXEC);
    char *good = malloc((size_t)is.st_size);
    assert_non_null(good);
    assert_int_equal(read(file, good, (size_t)is.st_size), is.st_size);
    close(file);
    for (uint64_t i = 0; i < FLIPS; i++) {
        uint64_t chance = trials_chance(stage->seed, i);
        char eight[8];
        memcpy(eight, &chance, sizeof eight);
        write_over(stage->room.journal, 0, good, (size_t)is.st_size);
        write_over(stage->room.journal, (off_t)(chance % (uint64_t)(is.st_size - 8)), eight,
                   sizeof eight);
        struct process_result result = room_create(&stage->room, stage->file);
        bool told = result.code == 0 || result.code == 3 || result.code == 5 ||
                    (result.code == 1 && strstr(result.errors, "journal.db"));
        if (!told) fail_msg("flip %d: exit %d; %s", (int)i, result.code, result.errors);
        process_result_clear(&result);
        assert_true(account_records(&stage->mock, NUMBER) <= 1);
        remove_beside(stage, "-wal");
        remove_beside(stage, "-shm");
    }
    free(good);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(the_disk_is_full_from_any_write_on),
        TEST(files_may_not_grow),
        TEST(a_small_file_system_is_full),
        TEST(a_directory_is_read_only),
        TEST(a_journal_is_read_only),
        TEST(something_else_is_in_its_place),
        TEST(others_can_write_there),
        TEST(somebody_else_owns_it),
        TEST(another_program_has_it_locked),
        TEST(the_journal_is_taken_away_meanwhile),
        TEST(a_damaged_journal_is_left_alone),
        TEST(bytes_are_flipped),
    };
    return cmocka_run_group_tests_name("client/trouble", tests, NULL, NULL);
}
