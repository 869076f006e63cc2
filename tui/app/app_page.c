#include "tui/app/app_state.h"

#include "tui/form/page.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGER "less"

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
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Its exit code; -1: it could not be run, or was ended. Meanwhile the keys are for it alone, and so
 * are the signals that they make. */
static int page_through(FILE *file)
{
    static const int keys[] = {SIGINT, SIGQUIT, SIGTSTP};
    struct sigaction before[3];
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < 3; i++)
        sigaction(keys[i], &ignore, &before[i]);
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
        app->entry.said = code == 127 || code < 0
                              ? _("there is no pager: set PAGER to a program, such as less")
                              : _("the page was given to the pager");
    } else {
        app->entry.said = _("the page could not be written: is there room in the temporary files?");
    }
    if (file) fclose(file);
    app->entry.dirty = true;
}
