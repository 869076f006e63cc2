#include "tests/lab/soak/input.h"

#include "tests/lab/soak/complaint.h"
#include "tests/lab/told.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_FAILED      1
#define EXIT_UNCONFIRMED 5
#define CUSTOMERS        40

/* --- its records --- */

static char *number_of(struct desk *desk, struct dice *dice, const char *name, size_t index)
{
    if (!desk->is_plain && dice_once_in(dice, 60))
        return support_format("both-%s-%u", desk->tenant, atomic_fetch_add(&desk->collided, 1));
    return support_format("%s-%s-%zu", desk->client, name, index);
}

static char *body_of(struct dice *dice, const struct desk *desk, const char *number)
{
    char *changes = support_format(
        "{\"customer\":{\"email\":\"c%u@example.com\",\"name\":\"Customer\"},\"notes\":\"%s\"%s}",
        dice_below(dice, CUSTOMERS), desk->client,
        !desk->is_plain && dice_once_in(dice, 150) ? ",\"currency\":\"NIL\"" : "");
    char *body = sample_body(number, changes);
    free(changes);
    return body;
}

void input_make_of(struct input *input, struct soak *soak, struct desk *desk, struct dice *dice,
                   const char *name, size_t count)
{
    char *file_name = support_format("%s.jsonl", name);
    struct support_buffer lines = {0};
    *input = (struct input){.count = count};
    struct evidence *evidence = soak_evidence(soak);
    for (size_t i = 0; i < input->count; i++) {
        input->subjects[i] = number_of(desk, dice, name, i);
        char *body = body_of(dice, desk, input->subjects[i]);
        evidence_meant(evidence, desk->client, desk->tenant, input->subjects[i], body);
        support_append(&lines, body, strlen(body));
        support_append(&lines, "\n", 1);
        free(body);
    }
    soak_evidence_done(soak);
    atomic_fetch_add(&soak->intents, (long long)input->count);
    input->path = temp_dir_write(desk->room.home, file_name, lines.bytes, lines.length);
    free(lines.bytes);
    free(file_name);
}

void input_make(struct input *input, struct soak *soak, struct desk *desk, struct dice *dice,
                const char *name, unsigned records_max)
{
    input_make_of(input, soak, desk, dice, name, dice_between(dice, 1, records_max));
}

char *input_body(const struct input *input)
{
    char *line = NULL;
    size_t size = 0;
    FILE *file = fopen(input->path, "re");
    ssize_t length = file ? getline(&line, &size, file) : -1;
    if (length <= 0) support_die("cannot read %s", input->path);
    fclose(file);
    line[length - 1] = '\0';
    return line;
}

void input_read(struct input *input, const char *path)
{
    char *line = NULL;
    size_t size = 0;
    *input = (struct input){.path = support_format("%s", path)};
    FILE *file = fopen(path, "re");
    if (!file) support_die("cannot read %s", path);
    for (ssize_t length; (length = getline(&line, &size, file)) > 0;) {
        struct json *body = json_read(line, (size_t)length);
        input->subjects[input->count++] = support_format("%s", json_text(body, "number"));
        json_free(body);
    }
    fclose(file);
    free(line);
}

void input_clear(struct input *input)
{
    for (size_t i = 0; i < input->count; i++)
        free(input->subjects[i]);
    free(input->path);
}

/* --- its run --- */

struct hearing {
    struct soak *soak;
    const struct desk *desk;
    const struct input *input;
    struct process process;
    struct support_buffer text; /* of its output, that no line was made of yet */
    size_t lines;
    const char *worst;
    long long heard_ms; /* when it said something last */
    bool is_at_end;
};

static const char *const *subjects_of(const struct input *input)
{
    return input ? (const char *const *)input->subjects : NULL;
}

/* Up to so many lines in all; 0: as many as there are. */
static void take_lines(struct hearing *hearing, size_t most)
{
    char *at = hearing->text.bytes, *end;
    struct evidence *evidence = soak_evidence(hearing->soak);
    for (; at && (most == 0 || hearing->lines < most) && (end = strchr(at, '\n')); at = end + 1) {
        hearing->worst = told_worse(hearing->worst,
                                    told_by_line(evidence, hearing->desk->client, at,
                                                 (size_t)(end - at), subjects_of(hearing->input)));
        hearing->lines++;
    }
    soak_evidence_done(hearing->soak);
    if (!at || at == hearing->text.bytes) return;
    hearing->text.length -= (size_t)(at - hearing->text.bytes);
    memmove(hearing->text.bytes, at, hearing->text.length + 1);
}

/* Waits for more of its output, or `ms`. */
static void hear(struct hearing *hearing, int ms)
{
    char bytes[16384];
    struct pollfd output = {.fd = hearing->process.output, .events = POLLIN};
    if (poll(&output, 1, ms) <= 0) return;
    ssize_t count = read(hearing->process.output, bytes, sizeof bytes);
    hearing->heard_ms = support_now_ms();
    if (count > 0)
        support_append(&hearing->text, bytes, (size_t)count);
    else
        hearing->is_at_end = true;
}

static void stop(struct hearing *hearing, const struct input_harm *harm)
{
    process_signal(&hearing->process, SIGSTOP);
    if (harm->while_stopped) harm->while_stopped(harm->context);
    soak_sleep(harm->stop_for_ms);
    if (!harm->dies_stopped) process_signal(&hearing->process, SIGCONT);
    tally_count(TALLY_CLIENT_STOPPED);
}

static bool is_time_to_stop(const struct hearing *hearing, const struct input_harm *harm,
                            long long now_ms)
{
    return (harm->stop_at_ms != 0 && now_ms >= harm->stop_at_ms) ||
           (harm->stop_at_line != 0 && hearing->lines >= harm->stop_at_line);
}

/* By the lines it has put out, that were heard. */
static bool is_killed_at_line(const struct hearing *hearing, const struct input_harm *harm)
{
    if (harm->kill_at_line == 0 || hearing->lines < harm->kill_at_line) return false;
    bool is_last = hearing->input && hearing->lines == hearing->input->count;
    tally_count(is_last ? TALLY_CLIENT_KILLED_AT_END : TALLY_CLIENT_KILLED_AT_LINE);
    return true;
}

/* Whatever it waits for, its tries have an end. */
static bool hangs(const struct hearing *hearing)
{
    if (support_now_ms() < hearing->heard_ms + hearing->desk->patience_ms) return false;
    char *errors = process_errors(&hearing->process);
    complaint_make("%s hangs after %zu lines, and is killed: %s", hearing->desk->client,
                   hearing->lines, errors);
    free(errors);
    return true;
}

/* True when it is to be killed. */
static bool listen_to(struct hearing *hearing, const struct input_harm *harm)
{
    long long start = hearing->heard_ms = support_now_ms();
    bool was_stopped = false;
    while (!hearing->is_at_end) {
        long long now_ms = support_now_ms() - start;
        if (harm->kill_at_ms != 0 && now_ms >= harm->kill_at_ms) {
            tally_count(TALLY_CLIENT_KILLED);
            return true;
        }
        if (!was_stopped && is_time_to_stop(hearing, harm, now_ms)) {
            stop(hearing, harm);
            if (harm->dies_stopped) return true;
            was_stopped = true;
            hearing->heard_ms = support_now_ms();
        }
        hear(hearing, 20);
        take_lines(hearing, harm->kill_at_line);
        if (is_killed_at_line(hearing, harm) || hangs(hearing)) return true;
    }
    return false;
}

/* Killed, after all that it had written was heard; whatever it still does is over. */
static enum input_end after_kill(struct hearing *hearing)
{
    process_signal(&hearing->process, SIGKILL);
    process_wait(&hearing->process, PATIENCE_MS);
    while (!hearing->is_at_end)
        hear(hearing, PATIENCE_MS);
    take_lines(hearing, 0);
    if (!hearing->input || hearing->lines < hearing->input->count) return INPUT_KILLED;
    return strcmp(hearing->worst, "unconfirmed") == 0 ? INPUT_UNSETTLED : INPUT_SETTLED;
}

static enum input_end after_exit(struct hearing *hearing)
{
    int code = process_wait(&hearing->process, PATIENCE_MS);
    char *errors = process_errors(&hearing->process);
    bool is_told = !hearing->input || hearing->lines == hearing->input->count;
    enum input_end end = code == EXIT_UNCONFIRMED ? INPUT_UNSETTLED : INPUT_SETTLED;
    bool may_fail = !atomic_load(&hearing->soak->is_healed) || strstr(errors, "holds it locked") ||
                    strstr(errors, "creating these same records"); /* beside a stopped one */
    if (code == EXIT_FAILED && may_fail) {
        tally_count(TALLY_CLIENT_FAILED);
        end = INPUT_UNSETTLED;
    } else if (code < 0 || code == EXIT_FAILED || code > EXIT_UNCONFIRMED || !is_told) {
        complaint_make("%s ended with %d after %zu lines: %s", hearing->desk->client, code,
                       hearing->lines, errors);
        end = INPUT_UNSETTLED;
    } else {
        bool is_left = !hearing->input && code == EXIT_UNCONFIRMED; /* in the outbox, untold */
        struct evidence *evidence = soak_evidence(hearing->soak);
        evidence_exit(evidence, hearing->desk->client, code,
                      is_left ? "unconfirmed" : hearing->worst);
        soak_evidence_done(hearing->soak);
    }
    free(errors);
    return end;
}

static int run(struct hearing *hearing, const char *const *arguments, const struct input_harm *harm,
               enum input_end *end)
{
    static const struct input_harm none;
    room_start(&hearing->desk->room, &hearing->process, arguments);
    bool is_killed = listen_to(hearing, harm ? harm : &none);
    *end = is_killed ? after_kill(hearing) : after_exit(hearing);
    int code = is_killed ? PROCESS_RUNNING : process_wait(&hearing->process, 0);
    process_clear(&hearing->process);
    free(hearing->text.bytes);
    return code;
}

enum input_end input_run(struct soak *soak, struct desk *desk, const struct input *input,
                         const char *const *arguments, const struct input_harm *harm)
{
    enum input_end end;
    run(&(struct hearing){.soak = soak, .desk = desk, .input = input}, arguments, harm, &end);
    return end;
}

int input_run_for_code(struct soak *soak, struct desk *desk, const struct input *input,
                       const char *const *arguments, enum input_end *end)
{
    return run(&(struct hearing){.soak = soak, .desk = desk, .input = input}, arguments, NULL, end);
}
