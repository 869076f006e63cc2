#include "tests/terminal/pty.h"

#include "tests/support/support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

struct pty {
    VTerm *terminal;
    VTermScreen *screen;
    struct dialect dialect;
    pid_t pid; /* and its session */
    int64_t started_ns;
    int pidfd;
    int master;
    int slave; /* kept open, so that the line settings outlive the program */
    struct termios before;
    struct support_buffer raw;
    struct support_buffer keys; /* not yet taken by the program's side */
    bool exited;
    int status;
};

static void drop_keys(struct pty *pty, size_t length)
{
    memmove(pty->keys.bytes, pty->keys.bytes + length, pty->keys.length - length);
    pty->keys.length -= length;
}

static void answer(const char *bytes, size_t length, void *context)
{
    struct pty *pty = context;
    support_append(&pty->keys, bytes, length);
}

static void show(void *context, const char *bytes, size_t length)
{
    struct pty *pty = context;
    vterm_input_write(pty->terminal, bytes, length);
}

static bool make_terminal(struct pty *pty, int rows, int cols)
{
    pty->terminal = vterm_new(rows, cols);
    if (pty->terminal == NULL) return false;
    vterm_set_utf8(pty->terminal, 1);
    vterm_output_set_callback(pty->terminal, answer, pty);
    pty->screen = vterm_obtain_screen(pty->terminal);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    return true;
}

static _Noreturn void become(const struct pty_options *options, int slave)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (login_tty(slave) == 0 && (options->directory == NULL || chdir(options->directory) == 0))
        execve(options->argv[0], (char *const *)(uintptr_t)options->argv,
               (char *const *)(uintptr_t)options->env);
    fprintf(stderr, "%s: %s\n", options->argv[0], strerror(errno));
    _exit(127);
}

static bool open_line(struct pty *pty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    if (openpty(&pty->master, &pty->slave, NULL, NULL, &size) != 0) return false;
    if (fcntl(pty->master, F_SETFD, FD_CLOEXEC) != 0 || fcntl(pty->slave, F_SETFD, FD_CLOEXEC) != 0)
        return false;
    if (tcgetattr(pty->slave, &pty->before) != 0) return false;
    pty->before.c_iflag |= IUTF8;
    return tcsetattr(pty->slave, TCSANOW, &pty->before) == 0 &&
           fcntl(pty->master, F_SETFL, O_NONBLOCK) == 0;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct pty *pty_start(const struct pty_options *options)
{
    struct pty *pty = calloc(1, sizeof *pty);
    if (pty == NULL) return NULL;
    pty->pid = pty->pidfd = pty->master = pty->slave = -1;
    int rows = options->rows > 0 ? options->rows : 24;
    int cols = options->cols > 0 ? options->cols : 80;
    if (make_terminal(pty, rows, cols) && open_line(pty, rows, cols)) {
        pty->started_ns = now_ns();
        pty->pid = fork();
    }
    if (pty->pid == 0) become(options, pty->slave);
    if (pty->pid > 0) pty->pidfd = pidfd_open(pty->pid, 0);
    if (pty->pidfd >= 0) return pty;
    pty_free(pty);
    return NULL;
}

/* The session of a process, -1 when it is gone or only its exit status is left. */
static pid_t living_session(const char *pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    char line[512] = "";
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = '\0';
    const char *name_end = strrchr(line, ')');
    char state = 0;
    int session = -1;
    if (name_end == NULL || sscanf(name_end, ") %c %*d %*d %d", &state, &session) != 2) return -1;
    return state == 'Z' || state == 'X' ? -1 : session;
}

/* Counts the living processes of the session; sends each `signal` unless that is 0. */
static size_t session_each(pid_t session, int signal)
{
    DIR *processes = opendir("/proc");
    if (processes == NULL) support_die("cannot read /proc");
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        if (strspn(entry->d_name, "0123456789") != strlen(entry->d_name) ||
            living_session(entry->d_name) != session)
            continue;
        count++;
        if (signal != 0) kill((pid_t)strtol(entry->d_name, NULL, 10), signal);
    }
    closedir(processes);
    return count;
}

size_t pty_processes(const struct pty *pty)
{
    return session_each(pty->pid, 0);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

void pty_free(struct pty *pty)
{
    if (pty == NULL) return;
    if (pty->pid > 0) {
        session_each(pty->pid, SIGKILL);
        if (!pty->exited) waitpid(pty->pid, NULL, 0);
    }
    close_fd(&pty->pidfd);
    close_fd(&pty->master);
    close_fd(&pty->slave);
    if (pty->terminal != NULL) vterm_free(pty->terminal);
    free(pty->raw.bytes);
    free(pty->keys.bytes);
    free(pty);
}

/* Reads one portion. False when there is nothing to read now. */
static bool read_output(struct pty *pty)
{
    char bytes[4096];
    ssize_t length = read(pty->master, bytes, sizeof bytes);
    if (length <= 0) return false;
    support_append(&pty->raw, bytes, (size_t)length);
    dialect_read(&pty->dialect, bytes, (size_t)length, show, pty);
    return true;
}

static void write_keys(struct pty *pty)
{
    ssize_t length = write(pty->master, pty->keys.bytes, pty->keys.length);
    if (length > 0) drop_keys(pty, (size_t)length);
}

static void note_exit(struct pty *pty)
{
    if (waitpid(pty->pid, &pty->status, WNOHANG) == pty->pid) pty->exited = true;
    while (pty->exited && pty->master >= 0 && read_output(pty))
        continue;
}

static void move_on(struct pty *pty, int timeout_ms)
{
    short events = (short)(POLLIN | (pty->keys.length > 0 ? POLLOUT : 0));
    struct pollfd fds[] = {{pty->master, events, 0}, {pty->exited ? -1 : pty->pidfd, POLLIN, 0}};
    if (poll(fds, 2, timeout_ms) < 0 && errno != EINTR) support_die("poll: %s", strerror(errno));
    if ((fds[0].revents & POLLOUT) != 0) write_keys(pty);
    if ((fds[0].revents & POLLIN) != 0) read_output(pty);
    if (fds[1].revents != 0) note_exit(pty);
}

/* The state letter of its main thread, as /proc gives it; 0: gone. */
static char thread_state(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    char line[512] = "";
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = '\0';
    const char *name_end = strrchr(line, ')');
    return name_end != NULL && name_end[1] == ' ' ? name_end[2] : 0;
}

static bool has_output(const struct pty *pty)
{
    struct pollfd master = {.fd = pty->master, .events = POLLIN};
    return poll(&master, 1, 0) > 0 && (master.revents & POLLIN) != 0;
}

/* Between two pieces of one picture it never sleeps, but where nobody reads the first. */
static bool has_painted(const struct pty *pty)
{
    return pty->exited || pty->master < 0 || (thread_state(pty->pid) != 'R' && !has_output(pty));
}

bool pty_wait(struct pty *pty, pty_condition *condition, const void *context)
{
    long long deadline = support_now_ms() + PATIENCE_MS;
    for (;;) {
        bool holds = condition(pty, context);
        if (holds && has_painted(pty)) return true;
        long long left = deadline - support_now_ms();
        if (left <= 0 || pty->exited) return holds;
        move_on(pty, holds ? 1 : (int)left);
    }
}

void pty_read_for(struct pty *pty, int ms)
{
    long long end = support_now_ms() + ms;
    for (long long left = ms; left > 0 && !pty->exited; left = end - support_now_ms())
        move_on(pty, (int)left);
}

static bool has_exited(struct pty *pty, const void *context)
{
    (void)context;
    return pty->exited;
}

bool pty_wait_exit(struct pty *pty, int *status)
{
    if (!pty_wait(pty, has_exited, NULL)) return false;
    *status = pty->status;
    return true;
}

void pty_send(struct pty *pty, const void *bytes, size_t length)
{
    support_append(&pty->keys, bytes, length);
    write_keys(pty);
}

void pty_key(struct pty *pty, VTermKey key, VTermModifier modifier)
{
    vterm_keyboard_key(pty->terminal, key, modifier);
    write_keys(pty);
}

void pty_click(struct pty *pty, int row, int col)
{
    vterm_mouse_move(pty->terminal, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(pty->terminal, 1, true, VTERM_MOD_NONE);
    vterm_mouse_button(pty->terminal, 1, false, VTERM_MOD_NONE);
    write_keys(pty);
}

void pty_paste(struct pty *pty, const char *text)
{
    vterm_keyboard_start_paste(pty->terminal);
    for (const char *at = text; *at != '\0'; at++)
        support_append(&pty->keys, *at == '\n' ? "\r" : at, 1);
    vterm_keyboard_end_paste(pty->terminal);
    write_keys(pty);
}

static bool keys_are_read(void *context)
{
    struct pty *pty = context;
    if (pty->keys.length > 0) write_keys(pty);
    /* poll brings in what the kernel still has under way; FIONREAD alone doesn't count that. */
    struct pollfd slave = {.fd = pty->slave, .events = POLLIN};
    int waiting = 0;
    return pty->keys.length == 0 && poll(&slave, 1, 0) >= 0 &&
           ioctl(pty->slave, FIONREAD, &waiting) == 0 && waiting == 0;
}

bool pty_wait_read(struct pty *pty)
{
    return support_wait_until(keys_are_read, pty, PATIENCE_MS);
}

static bool is_idle(struct pty *pty)
{
    return keys_are_read(pty) && thread_state(pty->pid) == 'S' && keys_are_read(pty) &&
           !has_output(pty);
}

bool pty_wait_idle(struct pty *pty)
{
    long long deadline = support_now_ms() + PATIENCE_MS;
    while (!is_idle(pty)) {
        if (pty->exited || support_now_ms() >= deadline) return false;
        move_on(pty, 1);
    }
    return true;
}

void pty_hold_output(struct pty *pty)
{
    if (tcflow(pty->slave, TCOOFF) != 0) support_die("cannot hold the terminal's output");
}

void pty_let_go_output(struct pty *pty)
{
    if (tcflow(pty->slave, TCOON) != 0) support_die("cannot let the terminal's output go");
}

void pty_resize(struct pty *pty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    vterm_set_size(pty->terminal, rows, cols);
    if (ioctl(pty->master, TIOCSWINSZ, &size) != 0) support_die("cannot resize the terminal");
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

int64_t pty_started_ns(const struct pty *pty)
{
    return pty->started_ns;
}

void pty_signal(struct pty *pty, int signal)
{
    pidfd_send_signal(pty->pidfd, signal, NULL, 0);
}

void pty_hang_up(struct pty *pty)
{
    close_fd(&pty->slave);
    close_fd(&pty->master);
}

VTermScreen *pty_screen(const struct pty *pty)
{
    return pty->screen;
}

void pty_size(const struct pty *pty, int *rows, int *cols)
{
    vterm_get_size(pty->terminal, rows, cols);
}

void pty_cursor(const struct pty *pty, int *row, int *col)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(pty->terminal), &at);
    *row = at.row;
    *col = at.col;
}

const struct dialect *pty_dialect(const struct pty *pty)
{
    return &pty->dialect;
}

const char *pty_raw(const struct pty *pty, size_t *length)
{
    *length = pty->raw.length;
    return pty->raw.bytes != NULL ? pty->raw.bytes : "";
}

static bool pen_is_plain(const struct pty *pty)
{
    VTermState *state = vterm_obtain_state(pty->terminal);
    static const VTermAttr attributes[] = {VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE, VTERM_ATTR_BLINK,
                                           VTERM_ATTR_REVERSE, VTERM_ATTR_FONT};
    VTermValue value = {0};
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        memset(&value, 0, sizeof value);
        vterm_state_get_penattr(state, attributes[i], &value);
        if (value.number != 0) return false;
    }
    vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
    if (!VTERM_COLOR_IS_DEFAULT_FG(&value.color)) return false;
    vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value);
    return VTERM_COLOR_IS_DEFAULT_BG(&value.color);
}

static bool line_is_as_before(const struct pty *pty)
{
    struct termios now;
    const struct termios *before = &pty->before;
    return tcgetattr(pty->slave, &now) == 0 && now.c_iflag == before->c_iflag &&
           now.c_oflag == before->c_oflag && now.c_cflag == before->c_cflag &&
           now.c_lflag == before->c_lflag && memcmp(now.c_cc, before->c_cc, sizeof now.c_cc) == 0;
}

const char *pty_left_behind(const struct pty *pty)
{
    static const struct {
        enum dialect_private_mode mode;
        enum dialect_switch bad;
        const char *what;
    } modes[] = {
        {DIALECT_ALTERNATE_47, DIALECT_ON, "the alternate screen (47)"},
        {DIALECT_ALTERNATE_1047, DIALECT_ON, "the alternate screen (1047)"},
        {DIALECT_ALTERNATE_1049, DIALECT_ON, "the alternate screen (1049)"},
        {DIALECT_CURSOR_SHOWN, DIALECT_OFF, "a hidden cursor"},
        {DIALECT_AUTO_WRAP, DIALECT_OFF, "automatic wrap switched off"},
        {DIALECT_CURSOR_KEYS, DIALECT_ON, "cursor keys in application mode"},
        {DIALECT_MOUSE_CLICKS, DIALECT_ON, "the mouse (1000)"},
        {DIALECT_MOUSE_DRAGS, DIALECT_ON, "the mouse (1002)"},
        {DIALECT_MOUSE_MOVES, DIALECT_ON, "the mouse (1003)"},
        {DIALECT_MOUSE_SGR, DIALECT_ON, "the mouse's SGR form (1006)"},
        {DIALECT_FOCUS, DIALECT_ON, "focus events (1004)"},
        {DIALECT_BRACKETED_PASTE, DIALECT_ON, "bracketed paste (2004)"},
    };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (dialect_mode(&pty->dialect, modes[i].mode) == modes[i].bad) return modes[i].what;
    if (pty->dialect.keypad_application) return "the keypad in application mode";
    if (pty->dialect.line_drawing) return "the line drawing characters";
    if (!pen_is_plain(pty)) return "colours or attributes";
    return line_is_as_before(pty) ? NULL : "other line settings (termios)";
}
