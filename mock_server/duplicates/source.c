#include "mock_server/duplicates/source.h"

#include "mock_server/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK          65536
#define LINE_MAX_BYTES (4 * 1024 * 1024)

struct lines {
    struct buffer line;
    size_t number;
    bool too_long; /* what is left of it is passed over */
    source_each *each;
    void *context;
};

bool source_open(struct source *source, const char *path)
{
    struct stat found;
    *source = (struct source){.fd = STDIN_FILENO};
    if (strcmp(path, "-") != 0) {
        source->fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (source->fd < 0 || fstat(source->fd, &found) != 0) {
        return false;
    }
    if (S_ISDIR(found.st_mode)) {
        errno = EISDIR;
        source_close(source);
        return false;
    }
    source->size = S_ISREG(found.st_mode) ? found.st_size : 0;
    return true;
}

void source_close(struct source *source)
{
    resource_csv_free(source->csv);
    if (source->fd > STDIN_FILENO) {
        close(source->fd);
    }
    *source = (struct source){.fd = -1};
}

bool source_is(const struct source *source, const char *path)
{
    struct stat ours, theirs;
    return fstat(source->fd, &ours) == 0 && S_ISREG(ours.st_mode) && stat(path, &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* --- JSON Lines --- */

static bool is_blank(const char *text, size_t length)
{
    return strspn(text, " \t\r") >= length;
}

/* "… (line 1, column 7)": of the one line that it is. */
static void without_line(char *problem)
{
    static const char LINE[] = "(line 1, ";
    char *at = strstr(problem, LINE);
    if (at) {
        memmove(at + 1, at + sizeof LINE - 1, strlen(at + sizeof LINE - 1) + 1);
    }
}

/* Empty lines, and those that begin with #, are nobody's record. */
static void end_line(struct lines *lines)
{
    struct buffer *line = &lines->line;
    struct source_item item = {.line = lines->number};
    char problem[JSON_PROBLEM_MAX];
    bool counts = lines->too_long || (line->length > 0 && line->bytes[0] != '#');
    buffer_append(line, "", 1);
    if (counts && lines->too_long) {
        item.problem = "The line is longer than 4 MiB.";
        lines->each(lines->context, &item);
    } else if (counts && !line->failed && !is_blank(line->bytes, line->length - 1)) {
        item.text = line->bytes;
        item.length =
            line->length - 1 - (line->length > 1 && line->bytes[line->length - 2] == '\r');
        item.json = json_read_object(item.text, item.length, problem);
        line->failed = !item.json && errno == ENOMEM;
        if (!item.json) {
            without_line(problem);
        }
        item.problem = item.json ? NULL : problem;
        if (!line->failed) {
            lines->each(lines->context, &item);
        }
    }
    lines->number++;
    lines->too_long = false;
    line->length = 0;
}

static void take_lines(struct lines *lines, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t piece = end ? (size_t)(end - bytes) : length;
        lines->too_long = lines->too_long || lines->line.length + piece > LINE_MAX_BYTES;
        if (!lines->too_long) {
            buffer_append(&lines->line, bytes, piece);
        }
        if (end) {
            end_line(lines);
            piece++;
        }
        bytes += piece;
        length -= piece;
    }
}

/* --- CSV --- */

static void take_csv(void *context, struct csv_record *record)
{
    struct lines *lines = context;
    if (record->problem != NULL) {
        json_free(record->json);
        record->json = NULL;
    }
    struct source_item item = {
        .line = record->line,
        .json = record->json,
        .problem = record->problem,
        .text = record->rows,
        .length = record->rows_length,
    };
    lines->each(lines->context, &item);
}

/* --- both --- */

static bool are_taken(struct source *source, const struct lines *lines)
{
    if (lines->line.failed) {
        snprintf(source->problem, sizeof source->problem, "out of memory");
    }
    return !lines->line.failed;
}

static bool take(struct source *source, struct lines *lines, const char *bytes, size_t length)
{
    if (source->csv) {
        return resource_csv_feed(source->csv, bytes, length, source->problem);
    }
    take_lines(lines, bytes, length);
    return are_taken(source, lines);
}

static bool take_end(struct source *source, struct lines *lines)
{
    if (source->csv) {
        return resource_csv_end(source->csv, source->problem);
    }
    if (lines->line.length > 0 || lines->too_long) {
        end_line(lines);
    }
    return are_taken(source, lines);
}

static size_t without_bom(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static enum source_end read_all(struct source *source, struct lines *lines)
{
    char chunk[CHUNK];
    ssize_t got = 0;
    while (!stop_is_asked()) {
        got = read(source->fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        size_t passed = source->position == 0 ? without_bom(chunk, (size_t)got) : 0;
        source->position += got;
        if (!take(source, lines, chunk + passed, (size_t)got - passed)) {
            return SOURCE_FAILED;
        }
        got = 1;
    }
    if (got < 0) {
        snprintf(source->problem, sizeof source->problem, "it cannot be read: %s", strerror(errno));
        return SOURCE_FAILED;
    }
    if (got > 0 || stop_is_asked()) {
        return SOURCE_STOPPED;
    }
    return take_end(source, lines) ? SOURCE_DONE : SOURCE_FAILED;
}

enum source_end source_read(struct source *source, const struct resource *resource,
                            const struct source_form *form, source_each *each, void *context)
{
    struct lines lines = {.number = 1, .each = each, .context = context};
    if (form->csv) {
        source->csv = resource_csv_new(resource, form->form, take_csv, &lines);
        if (!source->csv) {
            snprintf(source->problem, sizeof source->problem, "out of memory");
            return SOURCE_FAILED;
        }
    }
    enum source_end end = read_all(source, &lines);
    buffer_clear(&lines.line);
    return end;
}
