/* torture [--all | --tries N | --call N] [SCENARIO]...: has a call of the programs that may fail do
 * so, in turn one from each place; or all of them, only N of those, the same ones each time, or the
 * Nth. Prints how many did; exits 1 where something was lost, lied about or leaked, or crashed. See
 * README.md. */
#include "tests/fuzz/torture.h"

#include "tests/fuzz/failing_call.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPLAINTS_MAX 20 /* of a scenario; there is no end of them once something is wrong */
#define COUNT(array)   (sizeof(array) / sizeof(array)[0])

static const struct scenario *const SCENARIOS[] = {
    &TORTURE_CLIENT, &TORTURE_LIFE,  &TORTURE_WORK, &TORTURE_DELIVER,
    &TORTURE_IMPORT, &TORTURE_MERGE, &TORTURE_UNDO,
};
static const char *const KINDS[] = {[FAILING_MEMORY] = "memory", [FAILING_CALLS] = "calls"};

static struct {
    const struct scenario *scenario;
    enum failing_kind kind;
    long nth, number, complaints;
    char directory[TEMP_DIR_SIZE];
    char *path, *under; /* of the file that is shared, and LD_PRELOAD with the library */
    struct failing_call *call;
} torture;

long torture_number(void)
{
    return torture.number;
}

/* --- a call that fails --- */

static void open_call(void)
{
    temp_dir_make(torture.directory);
    torture.path = support_format("%s/call", torture.directory);
    torture.under = preload_variable("failing-call");
    int file = open(torture.path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof *torture.call) != 0) support_die("no file to share");
    torture.call = mmap(NULL, sizeof *torture.call, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (torture.call == MAP_FAILED) support_die("no file to share");
    close(file);
}

static void close_call(void)
{
    munmap(torture.call, sizeof *torture.call);
    free(torture.path);
    free(torture.under);
    temp_dir_remove(torture.directory);
}

void torture_put_under(void)
{
    if (setenv(FAILING_CALL_VARIABLE, torture.path, 1) != 0 ||
        setenv("LD_PRELOAD", strchr(torture.under, '=') + 1, 1) != 0)
        support_die("out of memory");
}

void torture_take_away(void)
{
    char *without = support_format("%s", strchr(torture.under, '=') + 1);
    *strrchr(without, ':') = '\0';
    if (unsetenv(FAILING_CALL_VARIABLE) != 0 || setenv("LD_PRELOAD", without, 1) != 0)
        support_die("out of memory");
    free(without);
}

void torture_arm(void)
{
    atomic_store(&torture.call->kind, (int)torture.kind);
    atomic_store(&torture.call->nth, torture.nth);
}

void torture_disarm(void)
{
    atomic_store(&torture.call->nth, 0);
}

/* --- what must not be --- */

void torture_complain(const char *format, ...)
{
    va_list values;
    torture.complaints++;
    printf("%s, %s, call %ld: ", torture.scenario->name, KINDS[torture.kind], torture.nth);
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    printf("\n  failed: %s\n",
           atomic_load(&torture.call->struck) ? torture.call->where : "none was reached");
    fflush(stdout);
}

static void say_code(char text[32], int code)
{
    if (code == PROCESS_RUNNING)
        snprintf(text, 32, "it didn't end");
    else if (code > PROCESS_SIGNAL_BASE)
        snprintf(text, 32, "it crashed by signal %d", code - PROCESS_SIGNAL_BASE);
    else
        snprintf(text, 32, "it ended with %d", code);
}

bool torture_check_end(int code, const char *errors, const int *codes)
{
    char ended[32];
    bool known = false;
    for (; *codes >= 0; codes++)
        known = known || *codes == code;
    say_code(ended, code);
    size_t length = strlen(errors);
    const char *last = errors + (length > 2000 ? length - 2000 : 0);
    if (!known)
        torture_complain("%s, saying:\n%s", ended, last);
    else if (code != 0 && length == 0)
        torture_complain("%s without a word", ended);
    else if (strstr(errors, "Sanitizer"))
        torture_complain("%s; the sanitizer says:\n%s", ended, last);
    return known;
}

void torture_check_stop(struct mock *mock, const int *codes)
{
    process_signal(&mock->process, SIGTERM);
    int code = process_wait(&mock->process, PATIENCE_MS);
    char *errors = process_errors(&mock->process);
    torture_check_end(code, errors, codes);
    free(errors);
    process_clear(&mock->process);
}

/* --- creates --- */

int torture_create(const struct mock *mock, const char *number, char **body)
{
    char *url = support_format("%s/v1/invoices", mock->url);
    char *key = support_format("\"key-%s\"", number), *text = sample_body(number, NULL);
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = TOKEN_ANA, .key = key, .body = text, .timeout_ms = ANSWER_MS});
    int status = reply.error == 0 ? reply.status : 0;
    if (reply.error == CURL_TIMED_OUT) torture_complain("a create was never answered");
    if (body) *body = support_format("%s", reply.body);
    http_reply_clear(&reply);
    free(text);
    free(key);
    free(url);
    return status;
}

void torture_check_created(const struct mock *mock, const char *number, const char *told)
{
    char *body = NULL;
    long long until = support_now_ms() + PATIENCE_MS;
    int status = torture_create(mock, number, &body);
    while (status == 503 && support_now_ms() < until) { /* as it asks for */
        free(body);
        status = torture_create(mock, number, &body);
    }
    char *query = support_format("SELECT count(*) FROM invoices WHERE number = '%s'", number);
    long long records = rows_number(mock->store, query);
    if (status != 201)
        torture_complain("once all is well, a create is answered %d: %s", status, body);
    if (told && strcmp(told, body) != 0)
        torture_complain("what was told first was another record:\n%s\n%s", told, body);
    if (records != 1) torture_complain("%lld records are there of %s", records, number);
    free(query);
    free(body);
}

/* --- which of them --- */

enum choice { EACH_PLACE, EACH_CALL, SOME, ONE };

static void attempt(long nth)
{
    torture.nth = nth;
    torture.number++;
    atomic_store(&torture.call->struck, false);
    atomic_store(&torture.call->count, 0);
    torture.scenario->attempt();
}

/* How many calls there are, in an attempt in which none fails; the first one may be another. */
static long count_calls(void)
{
    attempt(FAILING_NONE_NOTED);
    attempt(FAILING_NONE_NOTED);
    long calls = atomic_load(&torture.call->count);
    if (calls == 0) torture_complain("no call of that kind was seen");
    return calls < FAILING_NOTED_MAX ? calls : FAILING_NOTED_MAX;
}

static bool came_before(const uint64_t *from, long index)
{
    for (long i = 0; i < index; i++)
        if (from[i] == from[index]) return true;
    return false;
}

/* Keeps those of the calls that are to fail; how many. */
static long choose(long *chosen, long calls, enum choice choice, long number)
{
    long count = 0;
    const uint64_t *from = torture.call->from;
    for (long i = 0; i < calls && choice != ONE; i++)
        if (from[i] != 0 && (choice == EACH_CALL || !came_before(from, i))) chosen[count++] = i + 1;
    if (choice == ONE) chosen[count++] = number;
    if (choice != SOME || count <= number) return count;
    for (long i = 0; i < number; i++)
        chosen[i] = chosen[(2 * i + 1) * count / (2 * number)];
    return number;
}

/* On a terminal, how far it is. */
static void tell(long done, long count)
{
    if (!isatty(STDERR_FILENO)) return;
    fputs("\r\x1b[K", stderr);
    if (done < count)
        fprintf(stderr, "%s, %s: %ld of %ld", torture.scenario->name, KINDS[torture.kind], done,
                count);
}

static void run_kind(enum failing_kind kind, enum choice choice, long number)
{
    static long chosen[FAILING_NOTED_MAX];
    torture.kind = kind;
    long long since = support_now_ms();
    long calls = count_calls(), count = choose(chosen, calls, choice, number), struck = 0;
    for (long i = 0; i < count && torture.complaints < COMPLAINTS_MAX; i++) {
        tell(i, count);
        attempt(chosen[i]);
        struck += atomic_load(&torture.call->struck);
    }
    tell(count, count);
    printf("%s, %s: %ld of %ld calls failed in turn; %ld complaints; %.1f s\n",
           torture.scenario->name, KINDS[kind], struck, calls, torture.complaints,
           (double)(support_now_ms() - since) / 1000);
    fflush(stdout);
}

static int run(const struct scenario *scenario, int kind, enum choice choice, long number)
{
    torture.scenario = scenario;
    open_call();
    if (scenario->begin) scenario->begin();
    run_kind((enum failing_kind)kind, choice, number);
    if (scenario->end) scenario->end();
    close_call();
    return torture.complaints > 0;
}

static bool wait_for_one(void)
{
    int status = 0;
    return wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Each in a process of its own, as many at once as there are processors. */
static bool run_all(const bool *wanted, enum choice choice, long number)
{
    long running = 0, at_once = sysconf(_SC_NPROCESSORS_ONLN);
    bool well = true;
    for (size_t i = 0; i < COUNT(SCENARIOS) * COUNT(KINDS); i++) {
        if (!wanted[i / COUNT(KINDS)]) continue;
        if (running == at_once) {
            well = wait_for_one() && well;
            running--;
        }
        pid_t child = fork();
        if (child < 0) support_die("cannot fork");
        if (child == 0)
            exit(run(SCENARIOS[i / COUNT(KINDS)], (int)(i % COUNT(KINDS)), choice, number));
        running++;
    }
    for (; running > 0; running--)
        well = wait_for_one() && well;
    return well;
}

static int explain(void)
{
    fprintf(stderr, "usage: torture [--all | --tries N | --call N] [SCENARIO]...\n  scenarios:");
    for (size_t i = 0; i < COUNT(SCENARIOS); i++)
        fprintf(stderr, " %s", SCENARIOS[i]->name);
    fputc('\n', stderr);
    return 2;
}

static bool want(bool *wanted, const char *name)
{
    bool known = false;
    for (size_t i = 0; i < COUNT(SCENARIOS); i++)
        if (strcmp(SCENARIOS[i]->name, name) == 0) wanted[i] = known = true;
    return known;
}

int main(int argc, char **argv)
{
    bool wanted[COUNT(SCENARIOS)] = {false}, some = false;
    enum choice choice = EACH_PLACE;
    long number = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tries") == 0 && i + 1 < argc)
            choice = SOME, number = strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--call") == 0 && i + 1 < argc)
            choice = ONE, number = strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--all") == 0)
            choice = EACH_CALL;
        else if (want(wanted, argv[i]))
            some = true;
        else
            return explain();
    }
    for (size_t i = 0; !some && i < COUNT(SCENARIOS); i++)
        wanted[i] = true;
    /* Thousands of stores: not on a disk, which would have to sync each. */
    if (access("/dev/shm", W_OK) == 0 && setenv("TMPDIR", "/dev/shm", 0) != 0) return 1;
    http_setup();
    return run_all(wanted, choice, number) ? 0 : 1;
}
