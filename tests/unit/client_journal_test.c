/* The journal: durable before the first byte, one owner at a time, one open intent a number. */
#include "protocol/client/journal/journal_last.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static mode_t mode_of(const char *path)
{
    struct stat is;
    assert_int_equal(stat(path, &is), 0);
    return is.st_mode & 07777;
}

static void it_is_for_its_owner_alone(void **state)
{
    struct place *place = *state;
    mode_t before = umask(0);
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "2026-0042");
    char *directory = support_format("%s/state/invonce", place->directory);
    assert_int_equal(mode_of(directory), 0700);
    assert_int_equal(mode_of(place->path), 0600);
    static const char *const beside[] = {"-wal", "-shm", "-owners"};
    for (size_t i = 0; i < 3; i++) {
        char *path = support_format("%s%s", place->path, beside[i]);
        assert_int_equal(mode_of(path), 0600);
        free(path);
    }
    journal_close(journal);
    assert_int_equal(chmod(place->path, 0644), 0);
    journal_close(place_open(place->path, &PLACE_ANA));
    assert_int_equal(mode_of(place->path), 0600);
    umask(before);
    free(directory);
}

static void the_token_is_not_in_it(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "2026-0042");
    journal_close(journal);
    int file = open(place->path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    char *bytes = calloc(1, 1 << 20);
    assert_non_null(bytes);
    ssize_t length = read(file, bytes, 1 << 20);
    assert_true(length > 4096);
    assert_null(memmem(bytes, (size_t)length, PLACE_TOKEN, strlen(PLACE_TOKEN)));
    assert_non_null(memmem(bytes, (size_t)length, "2026-0042", 9));
    free(bytes);
    close(file);
}

/* A child process does it and is killed without warning; what it did is there. */
static void in_a_killed_child(void (*work)(const char *path, void *context), const char *path,
                              void *context)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        work(path, context);
        kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void record_one(const char *path, void *context)
{
    place_record(place_open(path, &PLACE_ANA), context);
}

static void what_is_recorded_survives_a_kill(void **state)
{
    struct place *place = *state;
    char number[] = "2026-0042";
    in_a_killed_child(record_one, place->path, number);
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(journal, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_string_equal(entries[0].name, "2026-0042");
    assert_string_equal(entries[0].server, PLACE_SERVER);
    assert_int_equal(entries[0].state, JOURNAL_OPEN);
    assert_int_equal(entries[0].attempts, 1);
    assert_false(entries[0].busy);
    assert_true(entries[0].created_ms > 1700000000000);
    journal_entries_free(entries, count);

    struct intent *intent, *again = client_sample_intent("2026-0042");
    unsigned attempts;
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, 1);
    assert_string_equal(intent->body, again->body);
    assert_string_equal(intent->fingerprint, again->fingerprint);
    intent_free(intent);
    intent_free(again);
    journal_close(journal);
}

static void what_a_living_process_has_isnt_adopted(void **state)
{
    struct place *place = *state;
    struct journal *first = place_open(place->path, &PLACE_ANA),
                   *second = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(first, "2026-0042");
    journal_close(place_open(place->path, &PLACE_ANA)); /* takes nothing from the first */
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(second, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    assert_int_equal(journal_adopt(first, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(second, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_true(entries[0].busy);
    journal_entries_free(entries, count);
    assert_int_equal(place_attempt(second, key, 2), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(second), "nother window"));
    journal_close(first); /* as its process ends */
    assert_int_equal(journal_adopt(second, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    intent_free(intent);
    journal_close(second);
}

#define RACERS 8

/* Adopts what it can, says how many (below 0: it couldn't), and lives on until told to end. */
static void race(const char *path, int start, int result, int end)
{
    char byte;
    struct journal *journal = place_open(path, &PLACE_ANA);
    if (read(start, &byte, 1) < 0) _exit(1);
    signed char adopted = 0;
    struct intent *intent;
    unsigned attempts;
    do {
        if (journal_adopt(journal, &intent, &attempts) != JOURNAL_OK) adopted = -100;
        if (intent != NULL) adopted++;
        intent_free(intent);
    } while (intent != NULL && adopted >= 0);
    if (write(result, &adopted, 1) != 1 || read(end, &byte, 1) < 0) _exit(1);
    journal_close(journal);
    _exit(0);
}

static void several_adopt_and_each_intent_has_one_winner(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    for (int i = 0; i < 20; i++) {
        char *number = support_format("%d", i);
        place_record(journal, number);
        free(number);
    }
    journal_close(journal);
    int start[2], result[2], end[2];
    assert_true(pipe(start) == 0 && pipe(result) == 0 && pipe(end) == 0);
    for (int i = 0; i < RACERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0) continue;
        close(start[1]);
        close(end[1]);
        race(place->path, start[0], result[1], end[0]);
    }
    close(result[1]);
    close(start[1]); /* all go at once */
    int total = 0;
    for (int i = 0; i < RACERS; i++) {
        signed char adopted = 0;
        assert_int_equal(read(result[0], &adopted, 1), 1);
        total += adopted;
    }
    close(end[1]);
    for (int i = 0; i < RACERS; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(total, 20);
    close(start[0]), close(result[0]), close(end[0]);
}

/* Eight processes find no file at once: all of them get the same one. */
static void several_make_the_file_at_once(void **state)
{
    struct place *place = *state;
    int start[2];
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < RACERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0) continue;
        char byte, *number = support_format("%d", i);
        close(start[1]);
        if (read(start[0], &byte, 1) < 0) _exit(1);
        struct journal *journal = place_open(place->path, &PLACE_ANA);
        place_record(journal, number);
        journal_close(journal);
        free(number);
        _exit(0);
    }
    close(start[1]);
    for (int i = 0; i < RACERS; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    close(start[0]);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), RACERS);
    assert_int_equal(rows_number(place->path, "SELECT count(DISTINCT account) FROM intents"), 1);
}

static void an_open_intent_holds_its_number(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA),
                   *other = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(journal, "2026-0042");
    assert_int_equal(place_try_record(other, " 2026-0042"), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(other), "waiting for confirmation"));
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(place_try_record(other, "2026-0043"), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM attempts"), 2);

    assert_int_equal(journal_settle(journal, key, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    assert_int_equal(place_try_record(other, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CONFLICT, NULL), JOURNAL_OK);
    assert_int_equal(place_try_record(other, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    journal_close(other);
}

static void a_key_is_used_once(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct intent *intent = client_sample_intent("2026-0042");
    assert_int_equal(journal_record(journal, intent), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, intent, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_record(journal, intent), JOURNAL_USED);
    assert_non_null(strstr(journal_sentence(journal), "used before"));
    intent_free(intent);
    journal_close(journal);
}

/* Accounts don't see each other's intents, and are told apart by server and token. */
static void an_intent_stays_with_its_account(void **state)
{
    struct place *place = *state;
    static const struct journal_account others[] = {{PLACE_SERVER, "north-bob-0123456789abcdef"},
                                                    {"http://127.0.0.1:8421", PLACE_TOKEN},
                                                    {PLACE_SERVER, NULL}};
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "2026-0042");
    journal_close(journal);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct intent *intent;
        unsigned attempts;
        journal = place_open(place->path, &others[i]);
        assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
        assert_null(intent);
        assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
        journal_close(journal);
    }
    const struct journal_account spelt_otherwise = {"HTTP://127.0.0.1:8420/", PLACE_TOKEN};
    journal = place_open(place->path, &spelt_otherwise);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

static void attempts_and_outcomes_are_kept(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(journal, "2026-0042");
    assert_int_equal(journal_attempt_end(journal, key, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    assert_int_equal(place_attempt(journal, key, 2), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(journal, key, 2, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(place_attempt(journal, key, 3), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(journal, key, 3, REPLY_WHOLE, 201), JOURNAL_OK);
    struct json *result = json_new_texts("id", "inv_1", NULL);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, result), JOURNAL_OK);
    json_free(result);
    struct json *rows =
        rows_read(place->path,
                  "SELECT attempt, fate, http_status, ended_ms >= begun_ms AS ended "
                  "FROM attempts ORDER BY attempt",
                  NULL);
    char *text = json_write(rows);
    assert_string_equal(text,
                        "[{\"attempt\":1,\"fate\":\"not sent\",\"http_status\":null,\"ended\":1},"
                        "{\"attempt\":2,\"fate\":\"unknown\",\"http_status\":null,\"ended\":1},"
                        "{\"attempt\":3,\"fate\":\"whole\",\"http_status\":201,\"ended\":1}]");
    free(text);
    json_free(rows);
    rows = rows_read(place->path, "SELECT state, result, owner FROM intents", NULL);
    text = json_write(rows);
    assert_string_equal(
        text, "[{\"state\":\"created\",\"result\":\"{\\\"id\\\":\\\"inv_1\\\"}\",\"owner\":null}]");
    free(text);
    json_free(rows);
    journal_close(journal);
}

/* Each open intent is offered once a round, the oldest first. */
static void adoption_goes_round(void **state)
{
    struct place *place = *state;
    static const char *const numbers[] = {"1", "2", "3"};
    const struct intent *keys[3];
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    for (size_t i = 0; i < 3; i++) {
        keys[i] = place_record(journal, numbers[i]);
        assert_int_equal(journal_settle(journal, keys[i], JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    }
    for (int round = 0; round < 2; round++) {
        struct intent *intent;
        unsigned attempts;
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
            assert_non_null(intent);
            assert_string_equal(intent->key, keys[i]->key);
            intent_free(intent);
            if (i == 0)
                assert_int_equal(journal_release(journal, keys[i]->key, keys[i]->fingerprint),
                                 JOURNAL_OK);
            else
                assert_int_equal(journal_settle(journal, keys[i], JOURNAL_UNCONFIRMED, NULL),
                                 JOURNAL_OK);
        }
        assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
        assert_null(intent);
    }
    journal_close(journal);
}

static void a_rejected_intent_is_never_sent_again(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(journal, "2026-0042");
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(place_attempt(journal, key, 2), JOURNAL_SETTLED);
    assert_int_equal(place_attempt(journal, place_intent("none"), 1), JOURNAL_ABSENT);
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    journal_close(journal);
}

/* What the next form may begin with: the newest that was created, of its kind and account. */
static void the_last_created_is_remembered(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    assert_null(journal_last_created(journal, "invoice"));
    static const enum journal_state ENDS[] = {JOURNAL_CREATED, JOURNAL_REPLAYED, JOURNAL_REJECTED};
    const struct intent *intents[3];
    for (size_t i = 0; i < 3; i++) {
        const char number[] = {(char)('1' + i), '\0'};
        intents[i] = place_record(journal, number);
        assert_int_equal(journal_settle(journal, intents[i], ENDS[i], NULL), JOURNAL_OK);
    }
    char *last = journal_last_created(journal, "invoice");
    assert_non_null(last);
    assert_string_equal(last, intents[1]->body);
    assert_null(journal_last_created(journal, "letter"));
    free(last);
    journal_close(journal);
}

static void what_was_let_go_of_is_not_sent(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *intent = place_record(journal, "2026-0042");
    assert_int_equal(journal_release(journal, intent->key, intent->fingerprint), JOURNAL_OK);
    assert_int_equal(journal_may_send(journal, intent), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(journal), "any more"));
    journal_close(journal);
}

/* An older one of its number that nobody can see to is in its way. */
static void what_waits_for_its_turn_is_not_taken_up(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct intent *intent;
    unsigned attempts;
    place_record(journal, "2026-0042");
    journal_close(journal);
    rows_change(place->path,
                "PRAGMA foreign_keys = OFF; UPDATE attempts SET intent = 100;"
                "UPDATE intents SET id = 100;"
                "INSERT INTO intents (id, account, key, kind, server, name, scope, body,"
                " fingerprint, state, created_ms) SELECT 1, account, key || 'x', 'letter', server,"
                " name, scope, body, fingerprint, 'open', 1 FROM intents");
    journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    rows_change(place->path, "UPDATE intents SET state = 'rejected' WHERE id = 1");
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, 1);
    intent_free(intent);
    journal_close(journal);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_for_its_owner_alone),
        TEST(the_token_is_not_in_it),
        TEST(what_is_recorded_survives_a_kill),
        TEST(what_a_living_process_has_isnt_adopted),
        TEST(several_adopt_and_each_intent_has_one_winner),
        TEST(several_make_the_file_at_once),
        TEST(an_open_intent_holds_its_number),
        TEST(a_key_is_used_once),
        TEST(an_intent_stays_with_its_account),
        TEST(attempts_and_outcomes_are_kept),
        TEST(adoption_goes_round),
        TEST(a_rejected_intent_is_never_sent_again),
        TEST(the_last_created_is_remembered),
        TEST(what_was_let_go_of_is_not_sent),
        TEST(what_waits_for_its_turn_is_not_taken_up),
    };
    return cmocka_run_group_tests_name("client/journal", tests, NULL, NULL);
}
