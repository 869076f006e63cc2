#include "mock_server/duplicates/rejects.h"

#include "mock_server/base/command_line.h"
#include "mock_server/duplicates/progress.h"
#include "protocol/wire/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOLD_MAX 20

static void fail(struct rejects *rejects)
{
    if (!rejects->failed) {
        progress_clear();
        refuse("%s cannot be written: %s", rejects->path, strerror(errno));
        rejects->failed = true;
    }
}

static bool open_file(struct rejects *rejects)
{
    int fd = open(rejects->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    rejects->file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!rejects->file) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    return !rejects->header || fputs(rejects->header, rejects->file) >= 0;
}

static void write_reason(struct rejects *rejects, const struct source_item *item,
                         const char *reason)
{
    struct buffer cell = {0};
    if (!rejects->header) {
        fprintf(rejects->file, "# line %zu: %s\n", item->line, reason);
        return;
    }
    csv_put_cell(&cell, reason, strlen(reason));
    fwrite(cell.bytes, 1, cell.length, rejects->file);
    buffer_clear(&cell);
}

/* On standard error; the first ones, the rest is counted at the end. */
static void tell(const struct rejects *rejects, const struct source_item *item, const char *reason)
{
    if (rejects->count <= TOLD_MAX) {
        char *safe = text_safe(reason, strlen(reason), TEXT_ONE_LINE);
        progress_clear();
        fprintf(stderr, "%s:%zu: %s\n", rejects->input, item->line, safe ? safe : "out of memory");
        free(safe);
    }
}

void rejects_add(struct rejects *rejects, const struct source_item *item, const char *reason)
{
    rejects->count++;
    tell(rejects, item, reason);
    if (rejects->failed || (!rejects->file && !open_file(rejects))) {
        fail(rejects);
        return;
    }
    write_reason(rejects, item, reason);
    if (item->text) {
        fwrite(item->text, 1, item->length, rejects->file);
    }
    if (item->text && !rejects->header) {
        fputs("\n", rejects->file);
    }
    if (ferror(rejects->file)) {
        fail(rejects);
    }
}

bool rejects_close(struct rejects *rejects)
{
    if (rejects->file && fclose(rejects->file) != 0) {
        fail(rejects);
    }
    rejects->file = NULL;
    if (rejects->count > TOLD_MAX) {
        fprintf(stderr, "%s: and %lld more\n", rejects->input,
                (long long)(rejects->count - TOLD_MAX));
    }
    if (rejects->count > 0 && !rejects->failed) {
        fprintf(stderr, "%s: what was rejected is in %s: mend it, and import that\n",
                rejects->input, rejects->path);
    }
    return !rejects->failed;
}
