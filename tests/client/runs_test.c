/* Runs of one input: cut short and continued, finished and begun anew, two at once; and the outbox.
 */
#include "protocol/wire/canonical_json.h"
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/client/room.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RECORDS 60
#define CUTS    8

struct stage {
    struct mock mock;
    struct room room;
    unsigned seed;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    const char *const options[] = {"--fault", "drop-response@every=7", "--fault",
                                   "delay-before-commit=3ms@every=3", NULL};
    if (!stage || !mock_start(&stage->mock, options)) return -1;
    room_open(&stage->room, stage->mock.url, NULL);
    stage->seed = support_seed();
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    room_clear(&stage->room);
    mock_clear(&stage->mock);
    free(stage);
    return 0;
}

static void start(const struct stage *stage, struct process *process, const char *file)
{
    room_start(&stage->room, process, (const char *const[]){"create", file, "--json", NULL});
}

/* Everything it printed, once it has ended. */
static char *all_of(struct process *process)
{
    free(process_expect(process, "there is no such line", PATIENCE_MS));
    return support_format("%s", process->text.bytes ? process->text.bytes : "");
}

/* What the first run told stands in the second: same key, same outcome, same record. */
static void expect_first_outcomes(const char *first, const char *second, size_t count)
{
    struct json *before = batch_whole_lines(first), *after = room_lines(second);
    assert_non_null(before);
    assert_non_null(after);
    assert_int_equal(json_count(after), count);
    for (size_t i = 0; i < json_count(before); i++) {
        const struct json *was = json_item(before, i), *is = json_item(after, i);
        assert_string_equal(json_pointer_text(was, "/key"), json_pointer_text(is, "/key"));
        if (strcmp(json_pointer_text(was, "/outcome"), "unconfirmed") == 0) continue;
        if (!json_equal(was, is)) fail_msg("record %zu is told otherwise:\n%s%s", i, first, second);
    }
    json_free(before);
    json_free(after);
}

/* Waits until that many lines have come, or the output has ended. */
static void await_lines(struct process *process, size_t count)
{
    char bytes[4096];
    size_t seen = 0;
    while (seen < count) {
        struct pollfd output = {.fd = process->output, .events = POLLIN};
        assert_true(poll(&output, 1, PATIENCE_MS) > 0);
        ssize_t length = read(process->output, bytes, sizeof bytes);
        if (length <= 0) return;
        support_append(&process->text, bytes, (size_t)length);
        for (ssize_t i = 0; i < length; i++)
            seen += bytes[i] == '\n';
    }
}

static size_t count_lines(const char *output)
{
    size_t count = 0;
    while ((output = strchr(output, '\n'))) {
        output++;
        count++;
    }
    return count;
}

/* Stops a run by a signal after some lines, and runs it again. */
static void cut_and_continue(struct stage *stage, const char *prefix, size_t lines, int signal)
{
    struct process process;
    char *file = batch_write(&stage->room, prefix, RECORDS);
    start(stage, &process, file);
    await_lines(&process, lines);
    process_signal(&process, signal);
    char *first = all_of(&process);
    assert_int_not_equal(process_wait(&process, PATIENCE_MS), PROCESS_RUNNING);
    struct process_result again = room_create(&stage->room, file);
    bool told_all = count_lines(first) == RECORDS;
    if (again.code != 0 && (again.code != 3 || !told_all))
        fail_msg("%zu lines, then exit %d; %s", lines, again.code, again.errors);
    if (again.code == 0) { /* else it was quicker than the signal, and finished */
        expect_first_outcomes(first, again.output, RECORDS);
        account_expect(batch_account(&stage->mock, &stage->room, prefix, RECORDS));
    }
    process_result_clear(&again);
    process_clear(&process);
    free(first);
    free(file);
}

static void a_run_that_was_killed_is_continued(void **state)
{
    struct stage *stage = *state;
    for (size_t i = 0; i < CUTS; i++) {
        char *prefix = support_format("kill%zu", i);
        cut_and_continue(stage, prefix, trials_chance(stage->seed, i) % (RECORDS / 2), SIGKILL);
        free(prefix);
    }
}

static void a_run_that_was_interrupted_is_continued(void **state)
{
    struct stage *stage = *state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < 3; i++) {
        char *prefix = support_format("int%zu", i);
        cut_and_continue(stage, prefix, 1 + trials_chance(stage->seed, i) % (RECORDS / 2),
                         signals[i]);
        free(prefix);
    }
}

/* After its end the same input is a new one, and its numbers are taken: by itself. */
static void a_finished_run_is_not_continued(void **state)
{
    struct stage *stage = *state;
    char *file = batch_write(&stage->room, "done", 5);
    struct process_result first = room_create(&stage->room, file);
    assert_int_equal(first.code, 0);
    struct process_result second = room_create(&stage->room, file);
    assert_int_equal(second.code, 3);
    struct json *before = room_lines(first.output), *after = room_lines(second.output);
    assert_int_equal(json_count(after), 5);
    for (size_t i = 0; i < 5; i++) {
        const struct json *was = json_item(before, i), *is = json_item(after, i);
        assert_string_equal(json_pointer_text(is, "/outcome"), "conflict");
        assert_string_equal(json_pointer_text(is, "/problem/existing/id"),
                            json_pointer_text(was, "/invoice/id"));
        assert_string_not_equal(json_pointer_text(is, "/key"), json_pointer_text(was, "/key"));
    }
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"), 5);
    json_free(before);
    json_free(after);
    process_result_clear(&first);
    process_result_clear(&second);
    free(file);
}

/* What was left unconfirmed is sent again under its own key; what was settled isn't sent. */
static void an_unconfirmed_record_keeps_its_key(void **state)
{
    struct stage *stage = *state;
    char *file = batch_write(&stage->room, "lost", 6);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    room_set(&stage->room, "INVONCE_ATTEMPT_TIMEOUT=2s");
    char *server = support_format("INVONCE_SERVER=%s", stage->mock.url);
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1");
    struct process_result first = room_create(&stage->room, file);
    if (first.code != 0 && first.code != 5) fail_msg("exit %d; %s", first.code, first.errors);
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    struct process_result second = room_create(&stage->room, file);
    if (first.code == 5) {
        assert_int_equal(second.code, 0);
        expect_first_outcomes(first.output, second.output, 6);
        account_expect(batch_account(&stage->mock, &stage->room, "lost", 6));
    }
    process_result_clear(&first);
    process_result_clear(&second);
    free(server);
    free(file);
}

static void two_runs_of_one_input_at_once(void **state)
{
    struct stage *stage = *state;
    struct process both[2];
    char *file = batch_write(&stage->room, "twice", RECORDS);
    for (size_t i = 0; i < 2; i++)
        start(stage, &both[i], file);
    for (size_t i = 0; i < 2; i++) {
        char *output = all_of(&both[i]), *errors = process_errors(&both[i]);
        int code = process_wait(&both[i], PATIENCE_MS);
        if (code != 0 && code != 3 && (code != 1 || !strstr(errors, "nother")))
            fail_msg("exit %d; %s", code, errors);
        free(output);
        free(errors);
        process_clear(&both[i]);
    }
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"), RECORDS);
    struct process_result outbox =
        room_run(&stage->room, (const char *const[]){"outbox", "--json", NULL});
    assert_string_equal(outbox.output, "");
    process_result_clear(&outbox);
    free(file);
}

/* The first attempt's reply waits until it is let go. */
static const char *const held_once[] = {"--faults-api", "--fault",
                                        "delay-after-commit" MOCK_HOLDS "@attempt=1", NULL};

struct reader {
    pid_t pid;
    const char *file;
};

static bool has_opened(void *context)
{
    const struct reader *reader = context;
    char *directory = support_format("/proc/%d/fd", (int)reader->pid);
    DIR *open = opendir(directory);
    bool found = false;
    for (struct dirent *entry; open && !found && (entry = readdir(open));) {
        char path[PATH_MAX] = "";
        found = readlinkat(dirfd(open), entry->d_name, path, sizeof path - 1) > 0 &&
                strcmp(path, reader->file) == 0;
    }
    if (open) closedir(open);
    free(directory);
    return found;
}

/* The other `create` while the first one's reply is held, which is let go once it is there. */
static struct process_result run_meanwhile(struct stage *stage, const char *const *arguments)
{
    struct process other;
    room_start(&stage->room, &other, arguments);
    struct reader reader = {other.pid, stage->room.journal};
    assert_true(support_wait_until(has_opened, &reader, PATIENCE_MS));
    mock_let_go(&stage->mock);
    struct process_result result = {.output = all_of(&other), .errors = process_errors(&other)};
    result.code = process_wait(&other, PATIENCE_MS);
    process_clear(&other);
    return result;
}

/* Two inputs with one number: the second waits for the first one's end, and then it is known. */
static void a_number_that_another_is_sending(void **state)
{
    struct stage *stage = *state;
    struct process first;
    struct json *other = sample_invoice("2026-0042");
    assert_int_equal(mock_stop(&stage->mock), 0);
    assert_true(room_server_again(&stage->mock, held_once));
    char *file = room_write_invoice(&stage->room, "2026-0042");
    start(stage, &first, file);
    while (account_records(&stage->mock, "2026-0042") == 0)
        assert_int_equal(process_wait(&first, 10), PROCESS_RUNNING);
    assert_true(json_put(other, "notes", json_new_string("another")));
    char *text = json_write(other), *second = room_write(&stage->room, "second.json", text);
    struct process_result result =
        run_meanwhile(stage, (const char *const[]){"create", second, "--json", NULL});
    struct json *lines = room_lines(result.output);
    if (result.code != 3) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    assert_string_equal(json_pointer_text(lines, "/0/outcome"), "conflict");
    assert_string_equal(json_pointer_text(lines, "/0/problem/existing/number"), "2026-0042");
    assert_int_equal(process_wait(&first, PATIENCE_MS), 0);
    assert_int_equal(account_records(&stage->mock, "2026-0042"), 1);
    process_result_clear(&result);
    process_clear(&first);
    json_free(lines);
    json_free(other);
    free(second);
    free(text);
    free(file);
}

/* The same for a key: it stands for one result, whoever asks first. */
static void a_key_that_another_is_sending(void **state)
{
    struct stage *stage = *state;
    struct process first;
    assert_int_equal(mock_stop(&stage->mock), 0);
    assert_true(room_server_again(&stage->mock, held_once));
    char *file = room_write_invoice(&stage->room, "2026-0042");
    const char *const arguments[] = {"create", file, "--key", "k-1", "--json", NULL};
    room_start(&stage->room, &first, arguments);
    while (account_records(&stage->mock, "2026-0042") == 0)
        assert_int_equal(process_wait(&first, 10), PROCESS_RUNNING);
    struct process_result result = run_meanwhile(stage, arguments);
    if (result.code != 0 || !strstr(result.output, "\"outcome\":\"replayed\""))
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    assert_int_equal(process_wait(&first, PATIENCE_MS), 0);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    process_result_clear(&result);
    process_clear(&first);
    free(file);
}

/* --- the outbox --- */

/* A number that is left unconfirmed, as nobody answers. */
static char *leave_unconfirmed(struct stage *stage, const char *number)
{
    char *file = room_write_invoice(&stage->room, number);
    char *server = support_format("INVONCE_SERVER=%s", stage->mock.url);
    assert_int_equal(mock_stop(&stage->mock), 0);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = room_create(&stage->room, file);
    assert_int_equal(result.code, 5);
    struct json *lines = room_lines(result.output);
    char *key = support_format("%s", json_pointer_text(lines, "/0/key"));
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    assert_true(room_server_again(&stage->mock, NULL));
    json_free(lines);
    process_result_clear(&result);
    free(server);
    free(file);
    return key;
}

static void an_empty_outbox(void **state)
{
    struct stage *stage = *state;
    static const char *const commands[][4] = {
        {"outbox", NULL},           {"outbox", "list", NULL},
        {"outbox", "--json", NULL}, {"outbox", "list", "--json", NULL},
        {"outbox", "resume", NULL}, {"outbox", "resume", "--json", NULL}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct process_result result = room_run(&stage->room, commands[i]);
        if (result.code != 0 ||
            (commands[i][1] && strstr(commands[i][1], "--json") && *result.output))
            fail_msg("%s: exit %d; %s%s", commands[i][1], result.code, result.output,
                     result.errors);
        process_result_clear(&result);
    }
}

static void the_outbox_is_listed_and_sent(void **state)
{
    struct stage *stage = *state;
    char *key = leave_unconfirmed(stage, "2026-0042");
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "list", "--json", NULL});
    assert_int_equal(result.code, 0);
    struct json *lines = room_lines(result.output);
    assert_int_equal(json_count(lines), 1);
    assert_int_equal(json_count(json_item(lines, 0)), 7);
    assert_string_equal(json_pointer_text(lines, "/0/key"), key);
    assert_string_equal(json_pointer_text(lines, "/0/number"), "2026-0042");
    assert_string_equal(json_pointer_text(lines, "/0/server"), stage->mock.url);
    assert_string_equal(json_pointer_text(lines, "/0/state"), "unconfirmed");
    assert_int_equal(json_integer(json_pointer_get(lines, "/0/attempts"), 0), 1);
    assert_int_equal(strlen(json_pointer_text(lines, "/0/created_at")) >= 20, 1);
    json_free(lines);
    process_result_clear(&result);
    result = room_run(&stage->room, (const char *const[]){"outbox", NULL});
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "2026-0042"));
    process_result_clear(&result);
    result = room_run(&stage->room, (const char *const[]){"outbox", "resume", "--json", NULL});
    if (result.code != 0) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    result = room_run(&stage->room, (const char *const[]){"outbox", "--json", NULL});
    assert_string_equal(result.output, "");
    process_result_clear(&result);
    free(key);
}

static void what_is_still_unconfirmed_stays(void **state)
{
    struct stage *stage = *state;
    free(leave_unconfirmed(stage, "2026-0042"));
    assert_int_equal(mock_stop(&stage->mock), 0);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 5);
    process_result_clear(&result);
    assert_true(room_server_again(&stage->mock, NULL));
    result = room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
}

/* Somebody else was quicker with the number. */
static void a_number_that_was_taken_meanwhile(void **state)
{
    struct stage *stage = *state;
    free(leave_unconfirmed(stage, "2026-0042"));
    struct room bob;
    room_open(&bob, stage->mock.url, (const char *const[]){"INVONCE_TOKEN=" TOKEN_BOB, NULL});
    char *file = room_write_invoice(&bob, "2026-0042");
    struct process_result result = room_create(&bob, file);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    result = room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 3);
    process_result_clear(&result);
    assert_int_equal(account_records(&stage->mock, "2026-0042"), 1);
    room_clear(&bob);
    free(file);
}

/* A number that waits for confirmation isn't sent as a second intent, however it is typed; the way
 * out is named. */
static void a_held_number_is_caught(void **state)
{
    struct stage *stage = *state;
    free(leave_unconfirmed(stage, "INV-7"));
    static const char *const spellings[] = {"INV-7", " inv-7 ", "\xEF\xBC\xA9NV-7"};
    for (size_t i = 0; i < 3; i++) {
        char *body = sample_body(spellings[i], "{\"notes\":\"another\"}");
        char *file = room_write(&stage->room, "held.json", body);
        struct process_result result = room_create(&stage->room, file);
        if (result.code == 0 || result.code == 2 ||
            !(strstr(result.output, "outbox") || strstr(result.errors, "outbox")))
            fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
        process_result_clear(&result);
        free(file);
        free(body);
    }
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, "INV-7"));
}

/* An intent is its tenant's: another one's client neither sends it nor is held up by it. */
static void a_strangers_outbox_is_not_sent(void **state)
{
    struct stage *stage = *state;
    struct process_result result = /* the server says whose it is */
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    free(leave_unconfirmed(stage, "2026-0042"));
    room_set(&stage->room, "INVONCE_TOKEN=" TOKEN_EVE);
    result = room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    room_set(&stage->room, "INVONCE_TOKEN=" TOKEN_ANA);
    result = room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(a_run_that_was_killed_is_continued), TEST(a_run_that_was_interrupted_is_continued),
        TEST(a_finished_run_is_not_continued),    TEST(an_unconfirmed_record_keeps_its_key),
        TEST(two_runs_of_one_input_at_once),      TEST(an_empty_outbox),
        TEST(the_outbox_is_listed_and_sent),      TEST(what_is_still_unconfirmed_stays),
        TEST(a_number_that_was_taken_meanwhile),  TEST(a_held_number_is_caught),
        TEST(a_strangers_outbox_is_not_sent),     TEST(a_number_that_another_is_sending),
        TEST(a_key_that_another_is_sending),
    };
    return cmocka_run_group_tests_name("client/runs", tests, NULL, NULL);
}
