#include "tests/bench/storm.h"

#include "protocol/client/submission.h"
#include "tests/support/support.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define TICK_MS        10
#define ATTEMPT_MS     10000 /* without an answer by then, a client gives the attempt up */
#define NAIVE_MS       1000
#define PAUSE_FIRST_MS 30000 /* of the form's outbox (tui/form/resume.c) */
#define PAUSE_LAST_MS  300000

const struct storm_settings storm_settings_default = {
    .seed = 1,
    .clients = 200000,
    .think_s = 50,
    .capacity = 10000,
    .queue = 1024,
    .retry_after_s = 1,
    .refusal_cost = 0.3,
    .away_from_s = 60,
    .away_until_s = 120,
    .seconds = 300,
};

/* It is in one place at a time: on the calendar, in the backlog or in the queue. */
struct client {
    struct submission submission;
    int64_t sent_ms, pause_ms;
    size_t next; /* in its place, its number + 1; 0: the last */
};

struct list {
    size_t first, last; /* a client's number + 1; 0: empty */
    size_t length;
};

struct storm {
    const struct storm_settings *settings;
    struct storm_second *second; /* the one that passes */
    struct client *clients;
    struct list *calendar; /* of a tick: who has something to do */
    size_t ticks;
    struct list backlog; /* sent, and not yet looked at by the server; the oldest first */
    struct list queue;   /* waiting to be saved */
    double work;         /* that the server can still do in this tick, in creates */
    unsigned open, kept;
    int64_t now_ms;
    uint64_t random;
};

static void append(struct storm *storm, struct list *list, size_t number)
{
    storm->clients[number].next = 0;
    *(list->last ? &storm->clients[list->last - 1].next : &list->first) = number + 1;
    list->last = number + 1;
    list->length++;
}

static size_t remove_first(struct storm *storm, struct list *list)
{
    size_t number = list->first - 1;
    list->first = storm->clients[number].next;
    if (!list->first) list->last = 0;
    list->length--;
    return number;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(struct storm *storm)
{
    uint64_t z = storm->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* What is due within the tick that passes is done in the next one. */
static void wake_at(struct storm *storm, size_t number, int64_t due_ms)
{
    int64_t soonest = storm->now_ms + TICK_MS;
    size_t tick = (size_t)((due_ms > soonest ? due_ms : soonest) + TICK_MS - 1) / TICK_MS;
    if (tick < storm->ticks) append(storm, &storm->calendar[tick], number);
}

/* People come independently of each other: the time between two is exponential. */
static int64_t thinking_ms(struct storm *storm)
{
    double share = ((double)(next_random(storm) >> 11) + 1) / 9007199254740993.0;
    return (int64_t)(-log(share) * storm->settings->think_s * 1000);
}

static enum submission_command step(struct storm *storm, struct client *client,
                                    struct submission_event event)
{
    event.now_ms = storm->now_ms;
    event.entropy = (uint32_t)(next_random(storm) >> 32);
    return submission_step(&client->submission, &retry_policy_default, &event);
}

static void simple_step(struct storm *storm, struct client *client, enum submission_event_type type)
{
    step(storm, client, (struct submission_event){.type = type});
}

static void send(struct storm *storm, size_t number)
{
    struct client *client = &storm->clients[number];
    simple_step(storm, client, SUBMISSION_DUE);
    assert(client->submission.state == SUBMISSION_SENDING);
    client->sent_ms = storm->now_ms;
    storm->second->attempts++;
    append(storm, &storm->backlog, number);
}

static void press(struct storm *storm, size_t number)
{
    struct client *client = &storm->clients[number];
    client->submission = (struct submission){0};
    client->pause_ms = PAUSE_FIRST_MS;
    simple_step(storm, client, SUBMISSION_PRESSED);
    simple_step(storm, client, SUBMISSION_VALID);
    simple_step(storm, client, SUBMISSION_JOURNALED);
    storm->open++;
    send(storm, number);
}

/* The form's outbox tries again after a pause, each time a longer one, as a round of its own. */
static void take_out(struct storm *storm, size_t number)
{
    struct client *client = &storm->clients[number];
    unsigned attempts = client->submission.attempts;
    simple_step(storm, client, SUBMISSION_RENEWED);
    step(storm, client,
         (struct submission_event){.type = SUBMISSION_ADOPTED, .attempts = attempts});
    storm->open++;
    storm->kept--;
    send(storm, number);
}

static void put_away(struct storm *storm, size_t number)
{
    struct client *client = &storm->clients[number];
    storm->second->given_up++;
    storm->open--;
    storm->kept++;
    wake_at(storm, number, storm->now_ms + client->pause_ms);
    if (client->pause_ms < PAUSE_LAST_MS) client->pause_ms *= 2;
}

static void was_created(struct storm *storm, size_t number)
{
    step(storm, &storm->clients[number],
         (struct submission_event){.type = SUBMISSION_ANSWERED, .verdict = VERDICT_CREATED});
    storm->second->created++;
    storm->open--;
    wake_at(storm, number, storm->now_ms + thinking_ms(storm));
}

/* A naive client has no budget, and its own time. */
static void goes_on(struct storm *storm, size_t number)
{
    struct submission *submission = &storm->clients[number].submission;
    submission->state = SUBMISSION_RECORDED;
    submission->due_ms = storm->now_ms + NAIVE_MS;
    submission->deadline_ms = INT64_MAX;
    wake_at(storm, number, submission->due_ms);
}

static void failed(struct storm *storm, size_t number, bool surely_not_sent, int64_t retry_after_ms)
{
    struct client *client = &storm->clients[number];
    if (storm->settings->manner == STORM_NAIVE) {
        goes_on(storm, number);
        return;
    }
    step(storm, client,
         (struct submission_event){.type = SUBMISSION_ANSWERED,
                                   .verdict = VERDICT_TRY_AGAIN,
                                   .surely_not_sent = surely_not_sent,
                                   .retry_after_ms = retry_after_ms});
    if (client->submission.state == SUBMISSION_UNCONFIRMED)
        put_away(storm, number);
    else
        wake_at(storm, number, client->submission.due_ms);
}

static void wake(struct storm *storm, size_t number)
{
    switch (storm->clients[number].submission.state) {
    case SUBMISSION_RECORDED:
        send(storm, number);
        return;
    case SUBMISSION_UNCONFIRMED:
        take_out(storm, number);
        return;
    case SUBMISSION_EDITING:
    case SUBMISSION_CREATED:
        press(storm, number);
        return;
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_SENDING:
    case SUBMISSION_CONFLICT:
    case SUBMISSION_REJECTED:
    case SUBMISSION_STATES:
        break;
    }
    support_die("a client woke in a state that it can't be in");
}

/* Nobody is home: what waited there is cut off, what comes is refused by the machine. */
static void away(struct storm *storm)
{
    while (storm->queue.first)
        failed(storm, remove_first(storm, &storm->queue), false, -1);
    while (storm->backlog.first)
        failed(storm, remove_first(storm, &storm->backlog), true, -1);
}

/* The threads that refuse have half of the processors at most, as the writer is at work beside
 * them: what they don't come to waits in the backlog, where clients give up on it. */
static void let_in(struct storm *storm)
{
    const struct storm_settings *settings = storm->settings;
    double least = storm->work - (double)settings->capacity * TICK_MS / 1000 / 2;
    while (storm->backlog.first) {
        size_t number = storm->backlog.first - 1;
        bool late = storm->now_ms - storm->clients[number].sent_ms >= ATTEMPT_MS;
        bool full = storm->queue.length >= (size_t)settings->queue;
        if (!late && full && storm->work - settings->refusal_cost < least) return;
        remove_first(storm, &storm->backlog);
        if (late) {
            storm->second->timed_out++;
            failed(storm, number, false, -1);
        } else if (full) {
            storm->work -= settings->refusal_cost;
            storm->second->refused++;
            failed(storm, number, false, settings->retry_after_s * 1000);
        } else {
            append(storm, &storm->queue, number);
        }
    }
}

/* What a tick leaves over is less than a create, unless there was nothing to do. */
static void save(struct storm *storm)
{
    while (storm->queue.first && storm->work >= 1) {
        storm->work -= 1;
        was_created(storm, remove_first(storm, &storm->queue));
    }
    if (storm->work > 1) storm->work = 1;
}

static void tick(struct storm *storm, size_t number)
{
    const struct storm_settings *settings = storm->settings;
    storm->now_ms = (int64_t)number * TICK_MS;
    struct list *due = &storm->calendar[number];
    while (due->first)
        wake(storm, remove_first(storm, due));
    if (storm->now_ms >= settings->away_from_s * 1000 &&
        storm->now_ms < settings->away_until_s * 1000) {
        away(storm);
        return;
    }
    storm->work += (double)settings->capacity * TICK_MS / 1000;
    let_in(storm);
    save(storm);
}

void storm_run(const struct storm_settings *settings, struct storm_second *seconds)
{
    const size_t ticks_a_second = 1000 / TICK_MS;
    struct storm storm = {.settings = settings,
                          .ticks = (size_t)settings->seconds * ticks_a_second,
                          .random = settings->seed};
    storm.clients = calloc(settings->clients, sizeof *storm.clients);
    storm.calendar = calloc(storm.ticks, sizeof *storm.calendar);
    if (!storm.clients || !storm.calendar) support_die("out of memory");
    storm.now_ms = -TICK_MS;
    for (size_t i = 0; i < settings->clients; i++)
        wake_at(&storm, i, thinking_ms(&storm));
    for (size_t i = 0; i < storm.ticks; i++) {
        storm.second = &seconds[i / ticks_a_second];
        if (i % ticks_a_second == 0) *storm.second = (struct storm_second){0};
        tick(&storm, i);
        storm.second->open = storm.open;
        storm.second->kept = storm.kept;
    }
    free(storm.clients);
    free(storm.calendar);
}
