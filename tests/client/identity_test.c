/* Whose an intent is, learnt late: two tokens of one tenant, one of another, a server that is down,
 * then up. Nothing is told of one intent that became of another; nothing stays behind in silence;
 * each record of an input has an outcome of its own. */
#include "tests/client/account.h"
#include "tests/client/stage.h"
#include "tests/client/stepper.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define KILLS   24
#define AT_ONCE 3

/* A record under a key of its own choosing ("": none), as a line. */
static void add_record(struct support_buffer *lines, const char *number, const char *key)
{
    char *changes = *key ? support_format("{\"idempotency_key\":\"%s\"}", key) : NULL;
    char *body = sample_body(number, changes);
    support_append(lines, body, strlen(body));
    support_append(lines, "\n", 1);
    free(changes);
    free(body);
}

/* Writes NAME with these numbers and their keys; NULL-ended pairs. The path is the caller's. */
static char *write_input(const struct room *room, const char *name, const char *const *pairs)
{
    struct support_buffer lines = {0};
    for (; *pairs; pairs += 2)
        add_record(&lines, pairs[0], pairs[1]);
    char *path = room_write(room, name, lines.bytes);
    free(lines.bytes);
    return path;
}

static void be(struct room *room, const char *token)
{
    char *variable = support_format("INVONCE_TOKEN=%s", token);
    room_set(room, variable);
    free(variable);
}

/* `create FILE --json` is told these outcomes, NULL-ended, one a record and in order. */
static void expect_outcomes(const struct room *room, const char *file, int code,
                            const char *const *outcomes)
{
    struct process_result result = room_create(room, file);
    struct json *lines = room_lines(result.output);
    size_t count = 0;
    while (outcomes[count])
        count++;
    bool good = result.code == code && json_count(lines) == count;
    for (size_t i = 0; good && i < count; i++)
        good = strcmp(json_pointer_text(json_item(lines, i), "/outcome"), outcomes[i]) == 0;
    if (!good) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    json_free(lines);
    process_result_clear(&result);
}

/* Nobody is there, so that everything is left unconfirmed, and whose the token is isn't known. */
static void create_while_down(struct stage *stage, const char *file)
{
    assert_int_equal(mock_stop(&stage->mock), 0);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = room_create(&stage->room, file);
    if (result.code != 5) fail_msg("exit %d; %s", result.code, result.errors);
    process_result_clear(&result);
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    assert_true(room_server_again(&stage->mock, NULL));
}

static void expect_outbox(const struct room *room, const char *const *arguments, int code,
                          const char *words)
{
    struct process_result result = room_run(room, arguments);
    if (result.code != code || !strstr(result.errors, words))
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
}

static const char *const RESUME[] = {"outbox", "resume", NULL};
static const char *const TAKE_OVER[] = {"outbox", "resume", "--take-over", NULL};

static void expect_settled(const struct stage *stage)
{
    assert_int_equal(rows_number(stage->room.journal, "SELECT count(*) FROM intents WHERE state IN "
                                                      "('open', 'unconfirmed')"),
                     0);
}

static long long audited(const struct stage *stage)
{
    return rows_number(stage->mock.store, "SELECT count(*) FROM audit");
}

/* --- a key that stands for another body --- */

/* The key is another record's of the tenant; that comes out after this one was recorded. */
static void a_key_is_never_believed_for_another_record(void **state)
{
    struct stage *stage = *state;
    char *first =
        write_input(&stage->room, "first.jsonl", (const char *const[]){"2026-0042", "k-1", NULL});
    char *second = write_input(&stage->room, "second.jsonl",
                               (const char *const[]){"2026-0043", "k-1", "2026-0044", "k-2", NULL});
    expect_outcomes(&stage->room, first, 0, (const char *const[]){"created", NULL});
    be(&stage->room, TOKEN_BOB);
    create_while_down(stage, second);
    expect_outcomes(&stage->room, second, 4, (const char *const[]){"rejected", "created", NULL});
    assert_int_equal(account_records(&stage->mock, "2026-0043"), 0);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0044"));
    expect_settled(stage);
    free(first);
    free(second);
}

/* The same while one process waits for the server: it is told so by itself. */
static void a_key_while_the_server_comes_back(void **state)
{
    struct stage *stage = *state;
    struct process waits;
    char *first =
        write_input(&stage->room, "first.jsonl", (const char *const[]){"2026-0042", "k-1", NULL});
    char *second = write_input(&stage->room, "second.jsonl",
                               (const char *const[]){"2026-0043", "k-1", "2026-0042", "k-1", NULL});
    expect_outcomes(&stage->room, first, 0, (const char *const[]){"created", NULL});
    be(&stage->room, TOKEN_BOB);
    assert_int_equal(mock_stop(&stage->mock), 0);
    room_start(&stage->room, &waits, (const char *const[]){"create", second, "--json", NULL});
    while (rows_number(stage->room.journal, "SELECT count(*) FROM intents") < 2)
        assert_int_equal(process_wait(&waits, 10), PROCESS_RUNNING);
    assert_true(room_server_again(&stage->mock, NULL));
    char *refused = process_expect(&waits, "{\"outcome\":\"rejected\"", PATIENCE_MS);
    if (!refused) fail_msg("%s", waits.text.bytes);
    assert_non_null(strstr(refused, "idempotency-key-reused"));
    assert_int_equal(process_wait(&waits, PATIENCE_MS), 4);
    assert_int_equal(account_records(&stage->mock, "2026-0043"), 0);
    expect_settled(stage);
    process_clear(&waits);
    free(refused);
    free(first);
    free(second);
}

/* --- the same intent --- */

/* What the tenant has created under the key already is not sent again. */
static void one_intent_of_two_tokens(void **state)
{
    struct stage *stage = *state;
    char *first =
        write_input(&stage->room, "first.jsonl", (const char *const[]){"2026-0042", "k-1", NULL});
    char *second = write_input(&stage->room, "second.jsonl",
                               (const char *const[]){"2026-0042", "k-1", "2026-0043", "", NULL});
    expect_outcomes(&stage->room, first, 0, (const char *const[]){"created", NULL});
    be(&stage->room, TOKEN_BOB);
    create_while_down(stage, second);
    expect_outcomes(&stage->room, second, 0, (const char *const[]){"created", "created", NULL});
    assert_int_equal(rows_number(stage->room.journal, "SELECT count(*) FROM intents"), 2);
    assert_int_equal(audited(stage), 2); /* nothing was sent twice */
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    expect_settled(stage);
    free(first);
    free(second);
}

/* --- one number, two intents --- */

/* The tenant has an unconfirmed invoice of that number: the later one waits, the others go on, and
 * then both have their outcome. */
static void two_of_one_number(void **state)
{
    struct stage *stage = *state;
    char *first =
        write_input(&stage->room, "first.jsonl", (const char *const[]){"2026-0042", "", NULL});
    char *second = write_input(&stage->room, "second.jsonl",
                               (const char *const[]){"2026-0042", "", "2026-0043", "", NULL});
    expect_outbox(&stage->room, RESUME, 0, ""); /* so that ana is known */
    create_while_down(stage, first);
    be(&stage->room, TOKEN_BOB);
    create_while_down(stage, second);
    expect_outcomes(&stage->room, second, 5, (const char *const[]){"unconfirmed", "created", NULL});
    assert_int_equal(account_records(&stage->mock, "2026-0042"), 0);
    expect_outbox(&stage->room, RESUME, 3, "");
    assert_int_equal(account_records(&stage->mock, "2026-0042"), 1);
    expect_settled(stage);
    free(first);
    free(second);
}

/* --- a token that was changed --- */

static void what_a_token_left_is_told_and_taken_over(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, "2026-0042");
    create_while_down(stage, file);
    be(&stage->room, TOKEN_BOB);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "--json", NULL});
    assert_non_null(strstr(result.output, "\"tenant\":null"));
    process_result_clear(&result);
    expect_outbox(&stage->room, (const char *const[]){"outbox", NULL}, 0, "--take-over");
    expect_outbox(&stage->room, RESUME, 5, "--take-over");
    expect_outbox(&stage->room, RESUME, 5, "--take-over");
    assert_int_equal(audited(stage), 0);
    expect_outbox(&stage->room, TAKE_OVER, 0, "");
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    expect_settled(stage);
    expect_outbox(&stage->room, RESUME, 0, "");
    free(file);
}

/* Nobody's word is taken for the server's: while it is down nothing is taken over. */
static void nothing_is_taken_over_unasked(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, "2026-0042");
    create_while_down(stage, file);
    be(&stage->room, TOKEN_BOB);
    assert_int_equal(mock_stop(&stage->mock), 0);
    expect_outbox(&stage->room, TAKE_OVER, 1, "hasn't said whose the token is");
    assert_true(room_server_again(&stage->mock, NULL));
    be(&stage->room, TOKEN_EVE);
    expect_outbox(&stage->room, RESUME, 5, "--take-over");
    be(&stage->room, TOKEN_ANA); /* the token it was submitted with */
    expect_outbox(&stage->room, RESUME, 0, "");
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    free(file);
}

static void the_same_input_under_another_token(void **state)
{
    struct stage *stage = *state;
    static const char *const created[] = {"created", "created", NULL};
    static const char *const keyed[] = {"2026-0042", "k-1", "2026-0043", "k-2", NULL};
    static const char *const keyless[] = {"2026-0052", "", "2026-0053", "", NULL};
    char *files[] = {write_input(&stage->room, "keyed.jsonl", keyed),
                     write_input(&stage->room, "keyless.jsonl", keyless)};
    for (size_t i = 0; i < 2; i++) {
        be(&stage->room, TOKEN_ANA);
        create_while_down(stage, files[i]);
    }
    be(&stage->room, TOKEN_BOB);
    create_while_down(stage, files[1]); /* twice, with two tokens, of which neither is known */
    for (size_t i = 0; i < 2; i++)
        expect_outcomes(&stage->room, files[i], 0, created);
    expect_settled(stage);
    expect_outbox(&stage->room, RESUME, 0, "");
    assert_int_equal(rows_number(stage->room.journal, "SELECT count(*) FROM intents"), 4);
    assert_int_equal(audited(stage), 4);
    for (size_t i = 0; i < 2; i++)
        free(files[i]);
}

static void the_same_key_under_another_token(void **state)
{
    struct stage *stage = *state;
    char *file =
        write_input(&stage->room, "one.json", (const char *const[]){"2026-0042", "k-1", NULL});
    const char *const arguments[] = {"create", file, "--key", "k-1", "--json", NULL};
    assert_int_equal(mock_stop(&stage->mock), 0);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = room_run(&stage->room, arguments);
    assert_int_equal(result.code, 5);
    process_result_clear(&result);
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    assert_true(room_server_again(&stage->mock, NULL));
    be(&stage->room, TOKEN_BOB);
    result = room_run(&stage->room, arguments);
    if (result.code != 0) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, "2026-0042"));
    expect_settled(stage);
    free(file);
}

/* --- killed --- */

/* A room that another's journal was copied to. */
struct copies {
    struct stage *stage;
    char *journal;
    size_t length;
    const char *input;
    size_t stops;
    unsigned seed;
};

static void open_copy(const struct copies *copies, struct room *room)
{
    room_open(room, copies->stage->mock.url,
              (const char *const[]){"INVONCE_TOKEN=" TOKEN_BOB, PRELOAD_ASAN_NO_LEAKS, NULL});
    char *state = support_format("%s/state", room->home);
    char *place = support_format("%s/invonce", state);
    if (mkdir(state, 0700) != 0 || mkdir(place, 0700) != 0) support_die("cannot make %s", place);
    free(temp_dir_write(place, "journal.db", copies->journal, copies->length));
    free(state);
    free(place);
}

/* Two outcomes as they have to be, whenever it was killed before. One that was asked for again just
 * then holds up the other of its key once more. */
static char *judge_again(const struct room *room, const char *input)
{
    struct process_result again = room_create(room, input);
    if (again.code == 5) {
        process_result_clear(&again);
        again = room_create(room, input);
    }
    struct json *lines = room_lines(again.output);
    const char *first = json_pointer_text(lines, "/0/outcome");
    const char *second = json_pointer_text(lines, "/1/outcome");
    char *sentence = again.code == 4 && json_count(lines) == 2 && strcmp(first, "rejected") == 0 &&
                             strcmp(second, "conflict") != 0
                         ? NULL
                         : support_format("exit %d; %s%s", again.code, again.output, again.errors);
    json_free(lines);
    process_result_clear(&again);
    return sentence;
}

static char *killed_while_it_learns(size_t index, void *context)
{
    struct copies *copies = context;
    struct room room;
    size_t stop = 1 + trials_chance(copies->seed, index) % copies->stops;
    open_copy(copies, &room);
    struct stepped first =
        stepper_run(&room, (const char *const[]){"create", copies->input, "--json", NULL}, stop);
    char *sentence = NULL;
    if (first.killed) sentence = judge_again(&room, copies->input);
    if (sentence) {
        char *whole = support_format("stop %zu: %s", stop, sentence);
        free(sentence);
        sentence = whole;
    }
    room_clear(&room);
    return sentence;
}

static void killed_while_it_is_learnt(void **state)
{
    struct stage *stage = *state;
    struct copies copies = {.stage = stage, .seed = support_seed()};
    char *first =
        write_input(&stage->room, "first.jsonl", (const char *const[]){"2026-0042", "k-1", NULL});
    char *second = write_input(&stage->room, "second.jsonl",
                               (const char *const[]){"2026-0043", "k-1", "2026-0042", "k-1", NULL});
    expect_outcomes(&stage->room, first, 0, (const char *const[]){"created", NULL});
    be(&stage->room, TOKEN_BOB);
    create_while_down(stage, second);
    struct support_buffer bytes = {0};
    FILE *file = fopen(stage->room.journal, "re");
    assert_non_null(file);
    char some[4096];
    for (size_t count; (count = fread(some, 1, sizeof some, file)) > 0;)
        support_append(&bytes, some, count);
    fclose(file);
    copies.journal = bytes.bytes;
    copies.length = bytes.length;
    copies.input = second;
    struct room room;
    open_copy(&copies, &room);
    copies.stops =
        stepper_run(&room, (const char *const[]){"create", second, "--json", NULL}, 0).stops;
    room_clear(&room);
    assert_int_equal(trials_run("learning", KILLS, AT_ONCE, killed_while_it_learns, &copies), 0);
    assert_int_equal(account_records(&stage->mock, "2026-0042"), 1);
    assert_int_equal(account_records(&stage->mock, "2026-0043"), 0);
    free(bytes.bytes);
    free(first);
    free(second);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_never_believed_for_another_record),
        TEST(a_key_while_the_server_comes_back),
        TEST(one_intent_of_two_tokens),
        TEST(two_of_one_number),
        TEST(what_a_token_left_is_told_and_taken_over),
        TEST(nothing_is_taken_over_unasked),
        TEST(the_same_input_under_another_token),
        TEST(the_same_key_under_another_token),
        TEST(killed_while_it_is_learnt),
    };
    return cmocka_run_group_tests_name("client/identity", tests, NULL, NULL);
}
