/* `invonce create` killed at any moment of a save and at any of its system calls, then run again:
 * one record, one key, and the journal and the server agree. With INVONCE_SOAK set at five hundred
 * moments and at every call, else at some of them. */
#include "tests/client/account.h"
#include "tests/client/room.h"
#include "tests/client/stepper.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#define AT_ONCE      4
#define MOMENTS      250 /* of a first save, and as many of a later one */
#define MOMENTS_FEW  24
#define CALLS_FEW    24
#define CALIBRATIONS 8
#define TRIES        20
#define EARLY        0.4
#define OVERSHOOT    1.15 /* of a whole save: the last moments are after its end */
#define END_STOPS    48   /* from a run's end in the journal to the exit */
#define LAST_STOPS   40   /* a run may need some more calls than the one that was counted */

/* What the kills came upon: told in the end, so that it is seen that they were spread. */
struct tally {
    atomic_size_t before;   /* nothing was in the journal */
    atomic_size_t recorded; /* the intent was, the server didn't know it */
    atomic_size_t known;    /* the server did */
    atomic_size_t finished; /* the run was over but for its end */
    atomic_size_t ended;    /* it had ended before the kill */
};

struct stage {
    struct mock mock;
    unsigned seed;
    bool soak;
    struct support_buffer journal; /* that each room begins with; empty: none */
    int64_t save_ns;               /* how long a whole save takes */
    size_t told;                   /* at which of its stops its last line goes out */
    size_t stops, loaded; /* and how many system calls it has, of which so many before it writes */
    struct tally tally;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) return -1;
    stage->seed = support_seed();
    stage->soak = getenv("INVONCE_SOAK") != NULL;
    *state = stage;
    /* Some creates take a moment, so that moments of waiting are among those of a kill. */
    const char *const options[] = {"--fault", "delay-before-commit=4ms@every=3", "--fault",
                                   "delay-after-commit=4ms@every=4", NULL};
    return mock_start(&stage->mock, options) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    int code = mock_stop(&stage->mock);
    mock_clear(&stage->mock);
    free(stage->journal.bytes);
    free(stage);
    return code;
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) support_die("no clock");
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* True when it has ended by then. */
static bool ends_by(const struct process *process, int64_t moment_ns)
{
    for (;;) {
        int64_t left = moment_ns - now_ns(CLOCK_MONOTONIC);
        if (left < 0) left = 0;
        struct timespec time = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        struct pollfd end = {.fd = process->watch, .events = POLLIN};
        int ready = ppoll(&end, 1, &time, NULL);
        if (ready >= 0) return ready > 0;
        if (errno != EINTR) support_die("cannot poll");
    }
}

/* A leak check cannot be made on a program that is traced. */
static void open_room(struct room *room, const struct stage *stage)
{
    room_open(room, stage->mock.url, (const char *const[]){PRELOAD_ASAN_NO_LEAKS, NULL});
    if (stage->journal.length == 0) return;
    char *state = support_format("%s/state", room->home);
    char *place = support_format("%s/invonce", state);
    if (mkdir(state, 0700) != 0 || mkdir(place, 0700) != 0) support_die("cannot make %s", place);
    free(temp_dir_write(place, "journal.db", stage->journal.bytes, stage->journal.length));
    free(state);
    free(place);
}

/* From here on every room has a journal already, with an invoice in it. */
static void keep_a_journal(struct stage *stage)
{
    struct room room;
    char bytes[65536];
    open_room(&room, stage);
    char *file = room_write_invoice(&room, "kept");
    struct process_result result = room_create(&room, file);
    assert_int_equal(result.code, 0);
    FILE *journal = fopen(room.journal, "re");
    assert_non_null(journal);
    for (size_t length; (length = fread(bytes, 1, sizeof bytes, journal)) > 0;)
        support_append(&stage->journal, bytes, length);
    fclose(journal);
    process_result_clear(&result);
    room_clear(&room);
    free(file);
}

/* Where the first run was stopped, told by what it left: the journal knew the intent before
 * `again_ms` or didn't, the server saw one attempt or more. */
static void count(struct stage *stage, const struct room *room, const char *number,
                  int64_t again_ms)
{
    const char *const name[] = {number, NULL};
    struct json *made =
        rows_read(room->journal, "SELECT min(created_ms) AS ms FROM intents WHERE name = ?", name);
    struct json *seen =
        rows_read(stage->mock.store, "SELECT count(*) AS times FROM audit WHERE number = ?", name);
    int64_t made_ms = json_integer(json_member(json_item(made, 0), "ms"), 0);
    int64_t times = json_integer(json_member(json_item(seen, 0), "times"), 0);
    struct json *again = rows_read(
        stage->mock.store, "SELECT at FROM audit WHERE number = ?1 ORDER BY seq LIMIT 1", name);
    int64_t first_ms = json_integer(json_member(json_item(again, 0), "at"), 0);
    if (made_ms >= again_ms)
        stage->tally.before++;
    else if (times > 1 || first_ms < again_ms)
        stage->tally.known++;
    else
        stage->tally.recorded++;
    json_free(made);
    json_free(seen);
    json_free(again);
}

/* A run that had marked its end is a finished one: the same input is then a new intent, and its
 * number is taken. */
static char *expect_taken(struct stage *stage, const struct room *room, const char *number)
{
    stage->tally.finished++;
    return account_of_taken(&stage->mock, room, number);
}

static char *run_again(struct stage *stage, const struct room *room, const char *file,
                       const char *number)
{
    int64_t again_ms = now_ns(CLOCK_REALTIME) / 1000000;
    struct process_result result = room_create(room, file);
    char *sentence = NULL;
    if (result.code == 3)
        sentence = expect_taken(stage, room, number);
    else if (result.code != 0)
        sentence = support_format("run again: exit %d; %s", result.code, result.errors);
    else if (!(sentence = account_of_one(&stage->mock, room, number)))
        count(stage, room, number, again_ms);
    process_result_clear(&result);
    return sentence;
}

static char *at_its_end(struct stage *stage, const struct room *room, int code, const char *number)
{
    stage->tally.ended++;
    if (code != 0) return support_format("exit %d though nobody killed it", code);
    return account_of_one(&stage->mock, room, number);
}

static void tell(const char *what, struct tally *tally)
{
    printf("%s: %zu before the journal knew, %zu before the server did, %zu after, %zu when the "
           "run was marked as done, %zu when it had ended\n",
           what, tally->before, tally->recorded, tally->known, tally->finished, tally->ended);
}

/* --- moments --- */

static char *take_the_time(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    struct process client;
    char *number = support_format("time-%zu", index);
    open_room(&room, stage);
    char *file = room_write_invoice(&room, number);
    int64_t start = now_ns(CLOCK_MONOTONIC);
    room_start(&room, &client, (const char *const[]){"create", file, "--json", NULL});
    int code = process_wait(&client, PATIENCE_MS);
    int64_t took = now_ns(CLOCK_MONOTONIC) - start;
    __atomic_fetch_add(&stage->save_ns, took / CALIBRATIONS, __ATOMIC_RELAXED);
    process_clear(&client);
    room_clear(&room);
    free(file);
    free(number);
    return code == 0 ? NULL : support_format("exit %d", code);
}

/* Every other one is from the later part, where more happens. */
static int64_t moment_of(const struct stage *stage, size_t index)
{
    double share = (double)(trials_chance(stage->seed, index) >> 11) / 9007199254740992.0;
    if (index % 2 == 1) share = EARLY + (1 - EARLY) * share;
    return (int64_t)(share * OVERSHOOT * (double)stage->save_ns);
}

/* One try, `moment_ns` after the start; *killed says whether it was quicker than the save. */
static char *kill_one(struct stage *stage, size_t index, int64_t moment_ns, bool *killed)
{
    struct room room;
    struct process client;
    char *number = support_format("moment-%zu", index);
    open_room(&room, stage);
    char *file = room_write_invoice(&room, number);
    int64_t moment = now_ns(CLOCK_MONOTONIC) + moment_ns;
    room_start(&room, &client, (const char *const[]){"create", file, "--json", NULL});
    *killed = !ends_by(&client, moment);
    int code = *killed ? PROCESS_RUNNING : process_wait(&client, PATIENCE_MS);
    process_clear(&client);
    char *sentence =
        *killed ? run_again(stage, &room, file, number) : at_its_end(stage, &room, code, number);
    room_clear(&room);
    free(file);
    free(number);
    return sentence;
}

/* Until a kill was in time: each trial is one. The machine may be quicker now than when the time
 * was taken, so that a moment that was too late is halved every other time. */
static char *killed_at_a_moment(size_t index, void *context)
{
    struct stage *stage = context;
    bool killed = false;
    char *sentence = NULL;
    for (size_t i = 0; i < TRIES && !killed && !sentence; i++)
        sentence = kill_one(stage, index + i * MOMENTS,
                            moment_of(stage, index + i * MOMENTS) >> (i / 2), &killed);
    if (!killed && !sentence) sentence = support_format("no kill in %d was in time", TRIES);
    return sentence;
}

static void kill_at_moments(struct stage *stage)
{
    stage->tally = (struct tally){0};
    assert_int_equal(trials_run("timing", CALIBRATIONS, AT_ONCE, take_the_time, stage), 0);
    size_t moments = stage->soak ? MOMENTS : MOMENTS_FEW;
    assert_int_equal(trials_run("moments", moments, AT_ONCE, killed_at_a_moment, stage), 0);
    printf("%zu moments of a save that takes %.1f ms\n", moments, (double)stage->save_ns / 1e6);
    tell("killed", &stage->tally);
    /* Where a few hit is the machine's to say. */
    if (stage->soak) assert_true(stage->tally.known + stage->tally.finished > 0);
}

static void at_any_moment_of_the_first_save(void **state)
{
    kill_at_moments(*state);
}

static void at_any_moment_of_a_later_save(void **state)
{
    keep_a_journal(*state);
    kill_at_moments(*state);
}

/* --- system calls --- */

/* All of them, or a seeded choice: one in four from before the first write. */
static size_t stop_of(const struct stage *stage, size_t index)
{
    size_t first = index % 4 == 0 ? 0 : stage->loaded;
    size_t last = index % 4 == 0 ? stage->loaded : stage->stops;
    size_t chosen = first + 1 + trials_chance(stage->seed, index) % (last - first);
    return stage->soak ? index + 1 : chosen;
}

static char *killed_at_a_call(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    size_t stop = stop_of(stage, index);
    char *number = support_format("call-%zu", index);
    open_room(&room, stage);
    char *file = room_write_invoice(&room, number);
    struct stepped first =
        stepper_run(&room, (const char *const[]){"create", file, "--json", NULL}, stop);
    char *sentence = first.killed ? run_again(stage, &room, file, number)
                                  : at_its_end(stage, &room, first.code, number);
    if (sentence) {
        char *whole = support_format("stop %zu: %s", stop, sentence);
        free(sentence);
        sentence = whole;
    }
    room_clear(&room);
    free(file);
    free(number);
    return sentence;
}

static void kill_at_calls(struct stage *stage)
{
    struct room room;
    stage->tally = (struct tally){0};
    open_room(&room, stage);
    char *file = room_write_invoice(&room, "whole");
    struct stepped whole =
        stepper_run(&room, (const char *const[]){"create", file, "--json", NULL}, 0);
    assert_int_equal(whole.code, 0);
    stage->stops = whole.stops + LAST_STOPS;
    stage->loaded = whole.loaded;
    assert_true(whole.loaded > 0);
    size_t trials = stage->soak ? stage->stops : CALLS_FEW;
    assert_int_equal(trials_run("system calls", trials, AT_ONCE, killed_at_a_call, stage), 0);
    printf("%zu of %zu stops at a system call, %zu of them before the first write\n", trials,
           stage->stops, stage->loaded);
    tell("killed", &stage->tally);
    if (stage->soak) assert_true(stage->tally.known > 0); /* a few stops may miss that stretch */
    free(file);
    room_clear(&room);
}

static void at_any_system_call_of_the_first_save(void **state)
{
    kill_at_calls(*state);
}

static void at_any_system_call_of_a_later_save(void **state)
{
    keep_a_journal(*state);
    kill_at_calls(*state);
}

/* --- the end --- */

/* Killed when all was told: until the very last steps that is a run that was cut short, and the
 * same input is told what it was told. */
static char *killed_after_its_last_line(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    char *number = support_format("told-%zu", index);
    open_room(&room, stage);
    char *file = room_write_invoice(&room, number);
    struct stepped first = stepper_run(&room, (const char *const[]){"create", file, "--json", NULL},
                                       stage->told + 2 + index);
    struct process_result again = room_create(&room, file);
    bool conflict = again.code == 3 && first.told > 0;
    /* One that took more steps than the first of all was killed before it told anything. */
    const char *outcome = first.told > 0 ? "\"outcome\":\"created\"" : "\"outcome\":";
    char *sentence = conflict || (again.code == 0 && strstr(again.output, outcome))
                         ? NULL
                         : support_format("exit %d; %s%s", again.code, again.output, again.errors);
    if (conflict) stage->tally.finished++;
    process_result_clear(&again);
    room_clear(&room);
    free(file);
    free(number);
    return sentence;
}

static void after_its_last_line(void **state)
{
    struct stage *stage = *state;
    struct room room;
    keep_a_journal(stage);
    open_room(&room, stage);
    char *file = room_write_invoice(&room, "whole");
    struct stepped whole =
        stepper_run(&room, (const char *const[]){"create", file, "--json", NULL}, 0);
    assert_int_equal(whole.code, 0);
    assert_true(whole.told > 0);
    stage->told = whole.told;
    size_t left = whole.stops - whole.told - 2;
    assert_int_equal(
        trials_run("after the last line", left, AT_ONCE, killed_after_its_last_line, stage), 0);
    size_t finished = stage->tally.finished;
    printf("%zu stops after the last line, at %zu of them the run had ended\n", left, finished);
    assert_true(finished <= END_STOPS);
    free(file);
    room_clear(&room);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(at_any_moment_of_the_first_save),
        TEST(at_any_moment_of_a_later_save),
        TEST(at_any_system_call_of_the_first_save),
        TEST(at_any_system_call_of_a_later_save),
        TEST(after_its_last_line),
    };
    return cmocka_run_group_tests_name("client/kills", tests, NULL, NULL);
}
