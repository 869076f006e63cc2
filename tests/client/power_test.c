/* The power goes while `invonce create` writes its journal: what wasn't synced is lost, torn or out
 * of order. Run again: one record, one key. With INVONCE_SOAK set many times over. */
#include "tests/client/account.h"
#include "tests/client/room.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AT_ONCE     8
#define FEW         36
#define SOAK_SEEDS  20
#define RECORDS_MAX 4
#define KILLED      (PROCESS_SIGNAL_BASE + 9)

/* What is under way when the power goes. */
enum story {
    STORY_FIRST, /* the first invoice of a new journal */
    STORY_BATCH, /* several, over two connections */
    STORY_RESUME /* one from the outbox */
};

struct stage {
    struct mock mock;
    enum story story;
    unsigned seed;
    bool soak, lies;
    size_t operations; /* of the whole story, and its end */
    atomic_size_t lost, taken, doubled;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) return -1;
    stage->seed = support_seed();
    stage->soak = getenv("INVONCE_SOAK") != NULL;
    *state = stage;
    const char *const options[] = {"--fault", "drop-response@attempt=1", NULL};
    return mock_start(&stage->mock, options) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    int code = mock_stop(&stage->mock);
    mock_clear(&stage->mock);
    free(stage);
    return code;
}

static size_t records_of(const struct stage *stage)
{
    return stage->story == STORY_BATCH ? RECORDS_MAX : 1;
}

static char *number_of(const struct stage *stage, size_t trial, size_t record)
{
    return support_format("p%d-%d-%zu-%zu", (int)stage->story, (int)stage->lies, trial, record);
}

static char *write_input(const struct stage *stage, const struct room *room, size_t trial)
{
    struct support_buffer lines = {0};
    for (size_t i = 0; i < records_of(stage); i++) {
        char *number = number_of(stage, trial, i), *body = sample_body(number, NULL);
        support_append(&lines, body, strlen(body));
        support_append(&lines, "\n", 1);
        free(number);
        free(body);
    }
    char *path =
        room_write(room, records_of(stage) > 1 ? "batch.jsonl" : "invoice.json", lines.bytes);
    free(lines.bytes);
    return path;
}

static void give_power(struct room *room)
{
    static const char *const names[] = {"LD_PRELOAD", "DISK",       "DISK_LOSE_AT",
                                        "DISK_SEED",  "DISK_COUNT", "DISK_LIES"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        room_unset(room, names[i]);
}

static void set(struct room *room, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void set(struct room *room, const char *format, ...)
{
    char *variable = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&variable, format, arguments) < 0) support_die("out of memory");
    va_end(arguments);
    room_set(room, variable);
    free(variable);
}

static void watch_disk(const struct stage *stage, struct room *room)
{
    char *preload = preload_variable("failing-disk");
    room_set(room, preload);
    room_set(room, PRELOAD_ASAN_NO_LEAKS);
    free(preload);
    set(room, "DISK=%s", room->home);
    if (stage->lies) room_set(room, "DISK_LIES=1");
}

/* An intent that had no answer: the reply to the first attempt of each key is lost. */
static bool leave_in_outbox(struct room *room, const char *file)
{
    room_set(room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = room_create(room, file);
    bool left = result.code == 5;
    process_result_clear(&result);
    room_unset(room, "INVONCE_RETRY_BUDGET");
    return left;
}

static struct process_result tell_story(const struct stage *stage, const struct room *room,
                                        const char *file)
{
    return stage->story == STORY_RESUME
               ? room_run(room, (const char *const[]){"outbox", "resume", NULL})
               : room_create(room, file);
}

static char *judge(struct stage *stage, const struct room *room, size_t trial, int code)
{
    char *sentence = code == 0 || code == 3 ? NULL : support_format("run again: exit %d", code);
    if (code == 3) stage->taken++;
    for (size_t i = 0; !sentence && i < records_of(stage); i++) {
        char *number = number_of(stage, trial, i);
        sentence = (code == 0 ? account_of_one : account_of_taken)(&stage->mock, room, number);
        free(number);
    }
    return sentence;
}

static char *again(struct stage *stage, struct room *room, const char *file, size_t trial)
{
    give_power(room);
    struct process_result result = room_create(room, file);
    char *sentence = judge(stage, room, trial, result.code);
    if (sentence && stage->lies) {
        stage->doubled++;
        free(sentence);
        sentence = NULL;
    } else if (sentence) {
        char *whole = support_format("%s; %s", sentence, result.errors);
        free(sentence);
        sentence = whole;
    }
    process_result_clear(&result);
    return sentence;
}

/* From 1 to one past the last. */
static size_t operation_of(const struct stage *stage, size_t index)
{
    return 1 + (stage->soak ? index / SOAK_SEEDS
                            : trials_chance(stage->seed + 1, index) % stage->operations);
}

static char *power_lost(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    room_open(&room, stage->mock.url, (const char *const[]){"INVONCE_IN_FLIGHT=2", NULL});
    char *file = write_input(stage, &room, index);
    char *sentence = NULL;
    if (stage->story == STORY_RESUME && !leave_in_outbox(&room, file))
        sentence = strdup("nothing was left in the outbox");
    watch_disk(stage, &room);
    size_t operation = operation_of(stage, index);
    set(&room, "DISK_LOSE_AT=%zu", operation);
    set(&room, "DISK_SEED=%zu", (size_t)trials_chance(stage->seed, index));
    struct process_result first = tell_story(stage, &room, file);
    if (first.code != KILLED)
        sentence = account_first(
            sentence, support_format("exit %d where the power goes; %s", first.code, first.errors));
    else
        stage->lost++;
    process_result_clear(&first);
    sentence = account_first(sentence, again(stage, &room, file, index));
    if (sentence) {
        char *whole = support_format("at operation %zu: %s", operation, sentence);
        free(sentence);
        sentence = whole;
    }
    room_clear(&room);
    free(file);
    return sentence;
}

/* How many operations the whole story takes. */
static size_t count_operations(const struct stage *stage)
{
    struct room room;
    room_open(&room, stage->mock.url, (const char *const[]){"INVONCE_IN_FLIGHT=2", NULL});
    char *file = write_input(stage, &room, 999999);
    if (stage->story == STORY_RESUME) assert_true(leave_in_outbox(&room, file));
    watch_disk(stage, &room);
    set(&room, "DISK_COUNT=%s/count", room.home);
    struct process_result result = tell_story(stage, &room, file);
    if (result.code != 0) fail_msg("exit %d; %s", result.code, result.errors);
    char text[32] = "", *path = support_format("%s/count", room.home);
    FILE *count = fopen(path, "re");
    assert_non_null(count);
    assert_non_null(fgets(text, sizeof text, count));
    fclose(count);
    process_result_clear(&result);
    room_clear(&room);
    free(path);
    free(file);
    return strtoul(text, NULL, 10);
}

static void lose_power(struct stage *stage, enum story story, const char *name)
{
    stage->story = story;
    stage->lost = stage->taken = 0;
    stage->operations = count_operations(stage) + 1;
    size_t trials = stage->soak ? stage->operations * SOAK_SEEDS : FEW;
    assert_int_equal(trials_run(name, trials, AT_ONCE, power_lost, stage), 0);
    printf("%s: power lost %zu times, at any of %zu operations; %zu runs were done but for their "
           "end\n",
           name, trials, stage->operations, (size_t)stage->taken);
    assert_int_equal(stage->lost, trials);
}

static void while_the_first_is_saved(void **state)
{
    lose_power(*state, STORY_FIRST, "first");
}

static void while_a_batch_is(void **state)
{
    lose_power(*state, STORY_BATCH, "batch");
}

static void while_the_outbox_is_sent(void **state)
{
    lose_power(*state, STORY_RESUME, "resume");
}

/* That these tests can fail: where a disk says that it has what it hasn't, there is harm, and they
 * see it. */
static void a_disk_that_lies_does_harm(void **state)
{
    struct stage *stage = *state;
    stage->lies = true;
    lose_power(stage, STORY_FIRST, "lies");
    assert_true(stage->doubled > 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(while_the_first_is_saved),
        TEST(while_a_batch_is),
        TEST(while_the_outbox_is_sent),
        TEST(a_disk_that_lies_does_harm),
    };
    return cmocka_run_group_tests_name("client/power", tests, NULL, NULL);
}
