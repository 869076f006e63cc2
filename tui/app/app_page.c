#include "tui/app/app_state.h"

#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/form/page.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGER          "less"
#define NAME_MAX_BYTES 200 /* leaves room for what is put behind it */
#define NAMES_MAX      99

/* The record that is shown, and of what it is. */
static struct page page_of(const struct app *app)
{
    const struct resource *resource = app->entry.options->resource;
    enum view view = app_view(app);
    if (view == VIEW_PAST) return (struct page){resource, &app->past, NULL};
    if (view == VIEW_STANDING)
        return (struct page){app->refusal.resource, &app->refusal.original, NULL};
    return (struct page){resource, app->entry.has_record ? &app->entry.record : NULL, NULL};
}

/* The shell reads $PAGER as other programs have it read: it may have arguments. */
static void run_pager(int page)
{
    const char *pager = getenv("PAGER");
    if (dup2(page, STDIN_FILENO) >= 0)
        execl("/bin/sh", "sh", "-c", pager && *pager ? pager : PAGER, (char *)NULL);
    _exit(127);
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

/* Its exit code, 0 where a signal ended it; -1: it could not be run. Meanwhile the keys are for it
 * alone, and so are the signals that they make; what suspends it suspends both, as one job of the
 * shell. */
static int page_through(FILE *file)
{
    static const int keys[] = {SIGINT, SIGQUIT, SIGTSTP};
    struct sigaction before[3];
    const struct sigaction ignore = {.sa_handler = SIG_IGN}, stop = {.sa_handler = SIG_DFL};
    for (size_t i = 0; i < 3; i++)
        sigaction(keys[i], keys[i] == SIGTSTP ? &stop : &ignore, &before[i]);
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i < 3; i++)
            signal(keys[i], SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
        run_pager(fileno(file));
    }
    int code = child < 0 ? -1 : wait_for(child);
    for (size_t i = 0; i < 3; i++)
        sigaction(keys[i], &before[i], NULL);
    return code;
}

/* The terminal is the pager's until it ends. */
void app_show_page(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    const struct page page = page_of(app);
    FILE *file = page.record ? tmpfile() : NULL;
    if (!page.record) return;
    bool written = file && page_write(file, &page) && fseek(file, 0, SEEK_SET) == 0;
    if (written) {
        screen_leave();
        int code = page_through(file);
        screen_return();
        app->entry.said = code == 126 || code == 127 || code < 0
                              ? _("there is no pager: set PAGER to a program, such as less")
                              : _("the page was given to the pager");
    } else {
        app->entry.said = _("the page could not be written: is there room in the temporary files?");
    }
    if (file) fclose(file);
    app->entry.dirty = true;
}

/* --- in a file --- */

/* The text as a file may be called: it leads nowhere else, and isn't hidden. NULL: it can't be one,
 * or out of memory. Owned by the caller. */
static char *name_of(const char *text)
{
    char *name = text_safe(text, strlen(text), TEXT_ONE_LINE);
    size_t length = name ? strlen(name) : 0;
    if (length == 0 || length > NAME_MAX_BYTES) {
        free(name);
        return NULL;
    }
    if (*name == '.') *name = '_';
    for (char *at = name; *at; at++)
        if (*at == '/') *at = '_';
    return name;
}

/* "2026-0042.txt", or where that is there, "2026-0042-2.txt": none is written over. -1: with errno.
 * Whom it is shown to is for its owner to say. */
static int open_beside(const char *name, char path[STATUS_SIZE])
{
    int descriptor = -1;
    errno = EEXIST;
    for (int i = 1; i <= NAMES_MAX && descriptor < 0 && errno == EEXIST; i++) {
        if (i == 1)
            snprintf(path, STATUS_SIZE, "%s.txt", name);
        else
            snprintf(path, STATUS_SIZE, "%s-%d.txt", name, i);
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    return descriptor;
}

/* False, with errno: nothing of it is left. */
static bool write_to(int descriptor, const char *path, const struct page *page)
{
    FILE *file = fdopen(descriptor, "w");
    bool written = file && page_write(file, page);
    int why = errno;
    if (!file) close(descriptor);
    if (file && fclose(file) != 0 && written) {
        written = false;
        why = errno;
    }
    if (!written) unlink(path);
    errno = why;
    return written;
}

void app_write_page(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    const struct page page = page_of(app);
    if (!page.record) return;
    const char *called = page.record->document.values.texts[fact_of_name(page.resource)];
    char path[STATUS_SIZE] = "";
    char *name = name_of(fact_text(called));
    if (!name) name = name_of(page.record->id);
    int descriptor = name ? open_beside(name, path) : -1;
    if (descriptor >= 0 && write_to(descriptor, path, &page))
        snprintf(app->said, sizeof app->said, _("the page is in %s"), path);
    else
        snprintf(app->said, sizeof app->said, _("%s: %s; start it in another directory"), path,
                 _(strerror(errno)));
    free(name);
    app->entry.said = app->said;
    app->entry.dirty = true;
}
