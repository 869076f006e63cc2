#include "tui/demo/demo_server.h"

#include "protocol/wire/clock.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TIMEOUT_MS 15000
#define STOP_TIMEOUT_MS  7000 /* the server gives what is in flight 5 s */
#define LAST_WORDS_MAX   1000
#define PROGRAM          "invonce-mock-server"
#define GREETING         "listening on "

/* The server beside this program: a build tree and an installation both have the two together. */
static void find_program(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length > 0) {
        path[length] = '\0';
        char *slash = strrchr(path, '/');
        size_t room = slash ? (size_t)(path + PATH_MAX - slash - 1) : 0;
        if (slash && (size_t)snprintf(slash + 1, room, "%s", PROGRAM) < room &&
            access(path, X_OK) == 0)
            return;
    }
    snprintf(path, PATH_MAX, "%s", PROGRAM);
}

/* NULL-terminated arguments: a vector owned by the caller, of borrowed text. */
static char **make_arguments(const struct demo_server_options *options, char *program, char *store,
                             char *tokens, char *without)
{
    static char listen[] = "--listen=127.0.0.1:0", fault[] = "--fault", api[] = "--faults-api";
    char **arguments = calloc(7 + 2 * options->fault_count, sizeof *arguments);
    if (!arguments) return NULL;
    size_t count = 0;
    arguments[count++] = program;
    arguments[count++] = listen;
    arguments[count++] = store;
    arguments[count++] = tokens;
    arguments[count++] = api;
    if (without) arguments[count++] = without;
    for (size_t i = 0; i < options->fault_count; i++) {
        arguments[count++] = fault;
        arguments[count++] = options->faults[i];
    }
    return arguments;
}

/* In the child: only what is safe between fork and exec. */
static void become_server(char **arguments, int output, int log, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent || null < 0 ||
        dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        _exit(126);
    setpgid(0, 0); /* Ctrl-C and Ctrl-Z at the terminal are for the form */
    execvp(arguments[0], arguments);
    _exit(127);
}

/* Reads the line with the address. False when the server ends, or is silent, before it came. */
static bool read_address(int output, char url[64])
{
    char line[128];
    size_t length = 0;
    int64_t deadline = clock_monotonic_ms() + START_TIMEOUT_MS;
    while (length < sizeof line - 1) {
        int64_t left = deadline - clock_monotonic_ms();
        struct pollfd ready = {.fd = output, .events = POLLIN};
        int polled = left > 0 ? poll(&ready, 1, (int)left) : 0;
        if (polled < 0 && errno == EINTR) continue;
        if (polled <= 0) return false;
        ssize_t got = read(output, line + length, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        if (line[length] == '\n') break;
        length++;
    }
    line[length] = '\0';
    if (strncmp(line, GREETING, strlen(GREETING)) != 0) return false;
    return snprintf(url, 64, "%s", line + strlen(GREETING)) < 64;
}

/* What the server said last on standard error, for the sentence. */
static void read_last_words(const char *path, char words[LAST_WORDS_MAX])
{
    words[0] = '\0';
    FILE *log = fopen(path, "re");
    if (!log) return;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, log) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0]) snprintf(words, LAST_WORDS_MAX, "%s", line);
    }
    free(line);
    fclose(log);
}

static pid_t spawn(const struct demo_server_options *options, int log, int *output)
{
    char program[PATH_MAX], store[PATH_MAX + 32], tokens[PATH_MAX + 32], without[64];
    find_program(program);
    snprintf(store, sizeof store, "--store=sqlite:%s", options->store);
    snprintf(tokens, sizeof tokens, "--tokens-file=%s", options->tokens_file);
    snprintf(without, sizeof without, "--without=%s", options->without ? options->without : "");
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    char **arguments =
        make_arguments(options, program, store, tokens, options->without ? without : NULL);
    pid_t parent = getpid();
    pid_t pid = arguments ? fork() : -1;
    if (pid == 0) become_server(arguments, ends[1], log, parent);
    free(arguments);
    close(ends[1]);
    if (pid < 0)
        close(ends[0]);
    else
        *output = ends[0];
    return pid;
}

bool demo_server_start(struct demo_server *server, const struct demo_server_options *options,
                       char sentence[DEMO_SERVER_SENTENCE_MAX])
{
    memset(server, 0, sizeof *server);
    int log = open(options->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log < 0) {
        snprintf(sentence, DEMO_SERVER_SENTENCE_MAX, _("cannot write %.200s: %s"), options->log,
                 _(strerror(errno)));
        return false;
    }
    int output = -1;
    server->pid = spawn(options, log, &output);
    close(log);
    if (server->pid < 0) {
        server->pid = 0;
        snprintf(sentence, DEMO_SERVER_SENTENCE_MAX, _("cannot start %s: %s"), PROGRAM,
                 _(strerror(errno)));
        return false;
    }
    bool listening = read_address(output, server->url);
    close(output);
    if (listening) return true;
    demo_server_stop(server);
    char words[LAST_WORDS_MAX];
    read_last_words(options->log, words);
    snprintf(sentence, DEMO_SERVER_SENTENCE_MAX, _("%s did not start: %s"), PROGRAM,
             words[0] ? words : _("it could not be run, or said nothing"));
    return false;
}

void demo_server_stop(struct demo_server *server)
{
    if (server->pid <= 0) return;
    kill(server->pid, SIGTERM);
    int process = pidfd_open(server->pid, 0);
    if (process >= 0) {
        struct pollfd gone = {.fd = process, .events = POLLIN};
        if (poll(&gone, 1, STOP_TIMEOUT_MS) == 0) kill(server->pid, SIGKILL);
        close(process);
    }
    int status = 0;
    while (waitpid(server->pid, &status, 0) < 0 && errno == EINTR)
        ;
    server->status = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
    server->pid = 0;
}
