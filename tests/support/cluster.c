#include "tests/support/cluster.h"

#include "tests/support/rows_postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 48

extern char **environ;

bool cluster_is_installed(void)
{
    return *INVONCE_POSTGRES_BIN != '\0';
}

/* --- its programs --- */

struct command {
    const char *arguments[ARGUMENTS_MAX];
    size_t count;
    char *program, *user, *group;
};

static void add(struct command *command, const char *const *arguments)
{
    for (; arguments && *arguments; arguments++) {
        if (command->count + 1 == ARGUMENTS_MAX) support_die("too many arguments");
        command->arguments[command->count++] = *arguments;
    }
}

static const struct passwd *unprivileged(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    if (!nobody) support_die("there is no user nobody");
    return nobody;
}

/* With an environment of its own, so that neither the test clock nor the user's language and zone
 * are under it; in a directory that it can be in; as somebody whom PostgreSQL lets run it; and told
 * when we end. */
static struct command command_of(const struct cluster *server, const char *program)
{
    struct command command = {.program = support_format("%s/%s", INVONCE_POSTGRES_BIN, program)};
    add(&command, (const char *const[]){"/usr/bin/env", "-i", "-C", server->directory,
                                        "PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC",
                                        "/usr/bin/setpriv", "--pdeathsig", "QUIT", NULL});
    if (geteuid() == 0) {
        command.user = support_format("%d", (int)unprivileged()->pw_uid);
        command.group = support_format("%d", (int)unprivileged()->pw_gid);
        add(&command, (const char *const[]){"--reuid", command.user, "--regid", command.group,
                                            "--clear-groups", NULL});
    }
    add(&command, (const char *const[]){command.program, "-D", "data", NULL});
    return command;
}

static void command_clear(struct command *command)
{
    free(command->program);
    free(command->user);
    free(command->group);
}

static void run(const struct cluster *server, const char *program, const char *const *arguments)
{
    struct command command = command_of(server, program);
    add(&command, arguments);
    struct process_result result = process_run(command.arguments, NULL, PATIENCE_MS);
    if (result.code != 0) support_die("%s: %s%s", program, result.output, result.errors);
    process_result_clear(&result);
    command_clear(&command);
}

/* --- its directory --- */

/* Below /tmp whatever TMPDIR says: a socket's path has 107 bytes at most, and the unprivileged user
 * must be let in. What removes it is a process of its own, which outlives us: it reads from a pipe
 * that we and every process of the server hold open, and so to the end of the last of them. */
static void make_directory(struct cluster *server)
{
    int ends[2];
    snprintf(server->directory, sizeof server->directory, "/tmp/invonce-postgres-XXXXXX");
    if (!mkdtemp(server->directory))
        support_die("cannot make a directory like %s", server->directory);
    if (geteuid() == 0 &&
        chown(server->directory, unprivileged()->pw_uid, unprivileged()->pw_gid) != 0)
        support_die("cannot give %s away", server->directory);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0 || pipe2(ends, O_CLOEXEC) != 0) support_die("no file descriptors left");
    server->remover = fork();
    if (server->remover == 0) {
        if (setsid() > 0 && dup2(ends[0], STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 &&
            dup2(nowhere, STDERR_FILENO) >= 0)
            execl("/bin/sh", "sh", "-c", "cat; rm -rf \"$0\"", server->directory, (char *)NULL);
        _exit(127);
    }
    if (server->remover < 0) support_die("cannot start another process");
    close(ends[0]);
    close(nowhere);
    server->guard = ends[1];
}

static void remove_directory(struct cluster *server)
{
    close(server->guard);
    while (waitpid(server->remover, NULL, 0) < 0)
        if (errno != EINTR) support_die("cannot wait for a process");
}

/* --- */

static void forget_variables(void)
{
    for (char **variable = environ; *variable;) {
        char *name = strncmp(*variable, "PG", 2) == 0
                         ? support_format("%.*s", (int)strcspn(*variable, "="), *variable)
                         : NULL;
        if (!name || unsetenv(name) != 0) variable++;
        free(name);
    }
}

char *cluster_url(const char *directory, const char *database)
{
    return support_format("postgresql:///%s?host=%s&user=postgres", database, directory);
}

static void launch(struct cluster *server, const char *const *settings)
{
    struct command command = command_of(server, "postgres");
    add(&command, (const char *const[]){"-k", server->directory, "-c", "listen_addresses=", "-c",
                                        "max_connections=300", "-c", "shared_buffers=32MB", "-c",
                                        "temp_file_limit=4GB", NULL});
    for (; settings && *settings; settings++)
        add(&command, (const char *const[]){"-c", *settings, NULL});
    if (fcntl(server->guard, F_SETFD, 0) != 0) support_die("the guard cannot be handed on");
    process_start(&server->process, command.arguments, NULL);
    fcntl(server->guard, F_SETFD, FD_CLOEXEC);
    command_clear(&command);
}

/* The others of a server that was killed hold its memory for a moment longer. */
static bool is_not_yet_gone(const struct cluster *server)
{
    char *errors = process_errors(&server->process);
    bool held = strstr(errors, "shared memory block") != NULL;
    free(errors);
    return held;
}

void cluster_start(struct cluster *server, const char *const *settings)
{
    char *url = cluster_url(server->directory, "postgres");
    long long deadline = support_now_ms() + PATIENCE_MS;
    launch(server, settings);
    while (PQping(url) != PQPING_OK) {
        bool ended = process_wait(&server->process, 10) != PROCESS_RUNNING;
        if (support_now_ms() > deadline || (ended && !is_not_yet_gone(server)))
            support_die("PostgreSQL doesn't start: %s", process_errors(&server->process));
        if (!ended) continue;
        process_clear(&server->process);
        launch(server, settings);
    }
    free(url);
}

void cluster_make(struct cluster *server)
{
    *server = (struct cluster){0};
    forget_variables();
    make_directory(server);
    run(server, "initdb",
        (const char *const[]){"--no-sync", "--username=postgres", "--locale=C.UTF-8",
                              "--encoding=UTF8", "--auth=trust", NULL});
    cluster_start(server, NULL);
}

void cluster_stop(struct cluster *server, int signal)
{
    process_signal(&server->process, signal);
    if (process_wait(&server->process, PATIENCE_MS) == PROCESS_RUNNING)
        support_die("PostgreSQL doesn't stop: %s", process_errors(&server->process));
    process_clear(&server->process);
}

static bool is_followed(void *url)
{
    return rows_postgres_tell(url, "SELECT count(*) = 1 FROM pg_stat_replication"
                                   " WHERE sync_state = 'sync' AND state = 'streaming'");
}

void cluster_follow(struct cluster *standby, const struct cluster *primary)
{
    char *url = cluster_url(primary->directory, "postgres");
    *standby = (struct cluster){0};
    make_directory(standby);
    run(standby, "pg_basebackup",
        (const char *const[]){"--no-sync", "--checkpoint=fast", "--write-recovery-conf", "-d", url,
                              NULL});
    cluster_start(standby, NULL);
    rows_postgres_change(url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    rows_postgres_change(url, "SELECT pg_reload_conf()");
    if (!support_wait_until(is_followed, url, PATIENCE_MS))
        support_die("the standby doesn't follow: %s", process_errors(&standby->process));
    free(url);
}

void cluster_promote(const struct cluster *standby)
{
    char *url = cluster_url(standby->directory, "postgres");
    if (!rows_postgres_tell(url, "SELECT pg_promote()"))
        support_die("the standby isn't promoted: %s", process_errors(&standby->process));
    free(url);
}

void cluster_clear(struct cluster *server)
{
    if (!*server->directory) return;
    if (server->process.pid > 0) cluster_stop(server, SIGQUIT);
    remove_directory(server);
    *server = (struct cluster){0};
}
