#include "tests/lab/conform/lost.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define END "\r\n"

/* What is left to read. */
struct rest {
    const char *at, *end;
};

/* Takes a line, which is `*length` bytes before its end; NULL: there is no whole one. */
static const char *take_line(struct rest *rest, size_t *length)
{
    const char *line = rest->at;
    const char *end = memmem(line, (size_t)(rest->end - line), END, 2);
    if (!end) return NULL;
    *length = (size_t)(end - line);
    rest->at = end + 2;
    return line;
}

static bool begins(const char *line, size_t length, const char *word)
{
    return length >= strlen(word) && strncasecmp(line, word, strlen(word)) == 0;
}

struct head {
    bool is_chunked;
    bool says_length;
    unsigned long long length; /* of the body */
};

static void take_field(struct head *head, const char *line, size_t length)
{
    static const char CHUNKED[] = "transfer-encoding:", LENGTH[] = "content-length:";
    head->is_chunked = head->is_chunked || begins(line, length, CHUNKED);
    if (!begins(line, length, LENGTH)) return;
    head->says_length = true;
    head->length = strtoull(line + strlen(LENGTH), NULL, 10);
}

/* Takes the head of the answer; false: there is none. 1xx come before it (RFC 9110, 15.2). */
static bool take_head(struct rest *rest, struct head *head)
{
    bool is_interim = true;
    while (is_interim) {
        size_t length = 0;
        const char *line = take_line(rest, &length);
        if (!line || !begins(line, length, "HTTP/1.")) return false;
        is_interim = length > 9 && line[9] == '1';
        *head = (struct head){0};
        while ((line = take_line(rest, &length)) && length > 0)
            take_field(head, line, length);
        if (!line) return false;
    }
    return true;
}

/* The chunks (RFC 9112, 7.1) put together; false: they aren't whole. */
static bool take_chunks(struct rest *rest, struct support_buffer *body)
{
    size_t length = 0;
    for (const char *line; (line = take_line(rest, &length)) != NULL;) {
        if (!isxdigit((unsigned char)*line)) return false;
        unsigned long long size = strtoull(line, NULL, 16);
        if (size == 0) return true;
        if (size > (uintmax_t)(rest->end - rest->at)) return false;
        support_append(body, rest->at, (size_t)size);
        rest->at += size;
        if (!take_line(rest, &length) || length != 0) return false;
    }
    return false;
}

bool lost_can_be_read(const struct support_buffer *lost)
{
    return begins(lost->bytes, lost->length, "HTTP/1.");
}

bool lost_is_whole(const struct support_buffer *lost)
{
    struct rest rest = {lost->bytes, lost->bytes + lost->length};
    struct support_buffer chunks = {0};
    struct head head;
    if (!lost_can_be_read(lost) || !take_head(&rest, &head)) return false;
    bool is_whole = head.is_chunked
                        ? take_chunks(&rest, &chunks)
                        : head.says_length && (uintmax_t)(rest.end - rest.at) >= head.length;
    free(chunks.bytes);
    return is_whole;
}

bool lost_body_is(const struct support_buffer *lost, const char *body, size_t length)
{
    struct rest rest = {lost->bytes, lost->bytes + lost->length};
    struct support_buffer chunks = {0};
    struct head head;
    if (!lost_can_be_read(lost)) return true;
    if (!take_head(&rest, &head)) return false;
    support_append(&chunks, "", 0);
    if (head.is_chunked && !take_chunks(&rest, &chunks))
        rest.end = NULL;
    else if (head.is_chunked)
        rest = (struct rest){chunks.bytes, chunks.bytes + chunks.length};
    bool is_same =
        rest.end && (size_t)(rest.end - rest.at) == length && memcmp(rest.at, body, length) == 0;
    free(chunks.bytes);
    return is_same;
}
