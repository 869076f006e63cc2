#include "tests/support/exchanges.h"

#include "protocol/wire/text.h"
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
static struct json *text_or_null(const char *text, size_t length)
{
    char *whole = support_format("%.*s", (int)length, text ? text : "");
    bool is_text = strlen(whole) == length && text_is_utf8(whole, length);
    struct json *value = json_new_string(is_text ? whole : NULL);
    free(whole);
    return value;
}

void exchanges_note(const struct exchange_note *note)
{
    const char *directory = getenv("INVONCE_EXCHANGES");
    if (!directory || !*directory) return;
    struct json *value = json_new_object();
    json_put(value, "method", text_or_null(note->method, strlen(note->method)));
    json_put(value, "target", text_or_null(note->target, strlen(note->target)));
    json_put(value, "key", json_new_string(note->key));
    json_put(value, "sent", text_or_null(note->sent, note->sent_length));
    json_put(value, "status", json_new_integer(note->status));
    json_put(value, "headers", json_copy(note->headers));
    json_put(value, "body", text_or_null(note->body, note->length));
    char *text = json_write(value);
    if (!text) support_die("an exchange cannot be noted: %s %s", note->method, note->target);
    char *line = support_format("%s\n", text);
    append(directory, line);
    free(line);
    free(text);
    json_free(value);
}
