#include "tests/support/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool same_name(const char *left, const char *right)
{
    size_t length = strcspn(left, "=");
    return length == strcspn(right, "=") && strncmp(left, right, length) == 0;
}

/* Our environment with `changes` over it; only the list is to be freed. */
static const char **merge_environment(const char *const *changes)
{
    size_t ours = 0, theirs = 0;
    while (environ[ours])
        ours++;
    while (changes && changes[theirs])
        theirs++;
    const char **merged = calloc(ours + theirs + 1, sizeof *merged);
    if (!merged) support_die("out of memory");
    size_t count = 0;
    for (size_t i = 0; i < ours; i++) {
        bool replaced = false;
        for (size_t j = 0; j < theirs && !replaced; j++)
            replaced = same_name(environ[i], changes[j]);
        if (!replaced) merged[count++] = environ[i];
    }
    for (size_t j = 0; j < theirs; j++)
        merged[count++] = changes[j];
    return merged;
}

/* Runs between fork and exec: nothing here may allocate. */
_Noreturn static void become(const char *const *argv, const char *const *environment, int input,
                             int output, int errors, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
                 dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
                 dup2(errors, STDERR_FILENO) >= 0;
    if (ready)
        execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    _exit(127);
}

void process_start(struct process *process, const char *const *argv, const char *const *environment)
{
    *process = (struct process){.code = PROCESS_RUNNING};
    int ends[2];
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    process->errors = memfd_create("stderr", MFD_CLOEXEC);
    if (input < 0 || process->errors < 0 || pipe2(ends, O_CLOEXEC) != 0)
        support_die("no file descriptors left");
    const char **merged = merge_environment(environment);
    pid_t parent = getpid();
    process->pid = fork();
    if (process->pid < 0) support_die("cannot start %s", argv[0]);
    if (process->pid == 0) become(argv, merged, input, ends[1], process->errors, parent);
    free(merged);
    close(input);
    close(ends[1]);
    process->output = ends[0];
    process->watch = pidfd_open(process->pid, 0);
    if (process->watch < 0) support_die("cannot watch %s", argv[0]);
}

/* Waits until `file` can be read; false when the time is over. */
static bool readable(int file, long long deadline)
{
    for (;;) {
        long long left = deadline - support_now_ms();
        struct pollfd wanted = {.fd = file, .events = POLLIN};
        int ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
        if (ready > 0) return true;
        if (ready == 0) return false;
        if (errno != EINTR) support_die("cannot poll");
    }
}

/* Reads more of standard output; false at its end or when the time is over. */
static bool read_more(struct process *process, long long deadline)
{
    char bytes[4096];
    if (!readable(process->output, deadline)) return false;
    ssize_t count = read(process->output, bytes, sizeof bytes);
    if (count <= 0) return false;
    support_append(&process->text, bytes, (size_t)count);
    return true;
}

/* The rest of the first whole line that starts with `text`, or NULL. */
static char *find_line(const char *output, const char *text)
{
    while (output) {
        const char *end = strchr(output, '\n');
        if (!end) return NULL;
        size_t length = strlen(text);
        if (strncmp(output, text, length) == 0)
            return support_format("%.*s", (int)(end - output - (ssize_t)length), output + length);
        output = end + 1;
    }
    return NULL;
}

char *process_expect(struct process *process, const char *text, int timeout_ms)
{
    long long deadline = support_now_ms() + timeout_ms;
    for (;;) {
        char *line = find_line(process->text.bytes, text);
        if (line || !read_more(process, deadline)) return line;
    }
}

char *process_errors(const struct process *process)
{
    struct support_buffer text = {0};
    support_append(&text, "", 0);
    char bytes[4096];
    for (;;) {
        ssize_t count = pread(process->errors, bytes, sizeof bytes, (off_t)text.length);
        if (count <= 0) return text.bytes;
        support_append(&text, bytes, (size_t)count);
    }
}

void process_signal(const struct process *process, int signal)
{
    if (process->pid > 0 && process->code == PROCESS_RUNNING) kill(process->pid, signal);
}

/* Of one thread: "TID (NAME) STATE …". */
static bool has_stopped(const char *directory, const char *tid)
{
    char path[96], line[128] = "";
    snprintf(path, sizeof path, "%s/%.20s/stat", directory, tid);
    FILE *file = fopen(path, "re");
    if (!file) return true; /* it is gone */
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *name_end = strrchr(line, ')');
    return !read || !name_end || strchr("TtZX", name_end[1] ? name_end[2] : ' ') != NULL;
}

static bool have_all_stopped(void *context)
{
    const char *directory = context;
    DIR *threads = opendir(directory);
    bool stopped = true;
    for (const struct dirent *entry; threads && stopped && (entry = readdir(threads)) != NULL;)
        stopped = entry->d_name[0] == '.' || has_stopped(directory, entry->d_name);
    if (threads) closedir(threads);
    return stopped;
}

void process_hold(pid_t pid)
{
    char directory[40];
    snprintf(directory, sizeof directory, "/proc/%d/task", (int)pid);
    if (kill(pid, SIGSTOP) != 0) support_die("cannot stop process %d", (int)pid);
    if (!support_wait_until(have_all_stopped, directory, PATIENCE_MS))
        support_die("process %d doesn't stop", (int)pid);
}

int process_wait(struct process *process, int timeout_ms)
{
    if (process->code != PROCESS_RUNNING) return process->code;
    if (!readable(process->watch, support_now_ms() + timeout_ms)) return PROCESS_RUNNING;
    int status;
    while (waitpid(process->pid, &status, 0) < 0)
        if (errno != EINTR) support_die("cannot wait for a process");
    process->code =
        WIFEXITED(status) ? WEXITSTATUS(status) : PROCESS_SIGNAL_BASE + WTERMSIG(status);
    return process->code;
}

void process_clear(struct process *process)
{
    if (process->pid <= 0) return;
    process_signal(process, SIGKILL);
    process_wait(process, PATIENCE_MS);
    close(process->watch);
    close(process->output);
    close(process->errors);
    free(process->text.bytes);
    *process = (struct process){0};
}

struct process_result process_run(const char *const *argv, const char *const *environment,
                                  int timeout_ms)
{
    struct process process;
    long long deadline = support_now_ms() + timeout_ms;
    process_start(&process, argv, environment);
    while (read_more(&process, deadline)) {
    }
    long long left = deadline - support_now_ms();
    struct process_result result = {.code = process_wait(&process, left > 0 ? (int)left : 0)};
    result.errors = process_errors(&process);
    result.output = support_format("%s", process.text.bytes ? process.text.bytes : "");
    process_clear(&process);
    return result;
}

void process_result_clear(struct process_result *result)
{
    free(result->output);
    free(result->errors);
    *result = (struct process_result){0};
}
