#include "tests/support/exchanges.h"

#include "tests/support/support.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void append(const char *directory, const char *line)
{
    char *path = support_format("%s/%ld.jsonl", directory, (long)getpid());
    pthread_mutex_lock(&lock);
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    for (size_t left = strlen(line); left > 0;) {
        ssize_t count = file < 0 ? -1 : write(file, line, left);
        if (count <= 0) support_die("cannot write to %s", path);
        line += count;
        left -= (size_t)count;
    }
    close(file);
    pthread_mutex_unlock(&lock);
    free(path);
}

/* What is no UTF-8 becomes null: the check says so where there should be JSON. */
static json_t *text_or_null(const char *text, size_t length)
{
    json_t *value = json_stringn(text, length);
    return value ? value : json_null();
}

void exchanges_note(const struct exchange_note *note)
{
    const char *directory = getenv("INVONCE_EXCHANGES");
    if (!directory || !*directory) return;
    json_t *value =
        json_pack("{s:o, s:o, s:s?, s:o, s:i, s:O, s:o}", "method",
                  text_or_null(note->method, strlen(note->method)), "target",
                  text_or_null(note->target, strlen(note->target)), "key", note->key, "sent",
                  text_or_null(note->sent, note->sent_length), "status", note->status, "headers",
                  note->headers, "body", text_or_null(note->body, note->length));
    char *text = json_dumps(value, JSON_COMPACT);
    if (!text) support_die("an exchange cannot be noted: %s %s", note->method, note->target);
    char *line = support_format("%s\n", text);
    append(directory, line);
    free(line);
    free(text);
    json_decref(value);
}
