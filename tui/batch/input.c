#include "tui/batch/input.h"

#include "tui/command/temporary_directory.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_MAX JSON_BODY_MAX
#define CAPACITY   (RECORD_MAX + 1) /* the longest record, and one byte to tell a longer one by */
#define BLANKS     " \t\r\n\v\f"

/* --- the file --- */

static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), ending = strlen(suffix);
    return length >= ending && strcmp(path + length - ending, suffix) == 0;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static ssize_t read_some(int file, char *bytes, size_t size)
{
    ssize_t length;
    do
        length = read(file, bytes, size);
    while (length < 0 && errno == EINTR);
    return length;
}

/* A file without a name: it goes with this process, however that ends. */
static int open_nameless(void)
{
    const char *parent = temporary_directory();
    int file = open(parent, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
    char *path = NULL;
    if (asprintf(&path, "%s/invonce-XXXXXX", parent) < 0) return -1;
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0) unlink(path);
    free(path);
    return file;
}

/* Replaces input->file by a copy of all that it gives. */
static bool spool(struct input *input)
{
    int copy = open_nameless();
    ssize_t length = 0;
    input->uncopied = copy < 0;
    while (!input->uncopied && (length = read_some(input->file, input->bytes, CAPACITY)) > 0)
        input->uncopied = !write_all(copy, input->bytes, (size_t)length);
    int error = errno;
    close(input->file);
    input->file = copy;
    errno = error;
    return length == 0 && !input->uncopied;
}

static bool open_file(struct input *input, const char *path)
{
    struct stat is;
    bool standard = strcmp(path, "-") == 0;
    input->file = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                           : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (input->file < 0 || fstat(input->file, &is) != 0) return false;
    if (!standard && S_ISREG(is.st_mode)) return true;
    return spool(input);
}

static bool rewind_file(struct input *input)
{
    input->begin = input->end = 0;
    input->position = 0;
    input->ended = false;
    return lseek(input->file, 0, SEEK_SET) == 0;
}

/* --- records --- */

/* Reads on until there is a line's end or as much as a record can be. False with errno. */
static bool fill(struct input *input)
{
    memmove(input->bytes, input->bytes + input->begin, input->end - input->begin);
    input->end -= input->begin;
    input->begin = 0;
    ssize_t length = read_some(input->file, input->bytes + input->end, CAPACITY - input->end);
    if (length < 0) return false;
    input->end += (size_t)length;
    input->bytes[input->end] = '\0';
    input->ended = length == 0;
    return true;
}

/* Where the record ends that begins at `begin`, and what follows begins. False: not to be seen
 * yet. */
static bool find_end(const struct input *input, size_t from, size_t *end)
{
    const char *newline = NULL;
    if (!input->whole && from < input->end)
        newline = memchr(input->bytes + from, '\n', input->end - from);
    *end = newline != NULL ? (size_t)(newline - input->bytes) : input->end;
    return newline != NULL || input->ended;
}

/* Passes over the rest of a record that is too long. */
static bool skip_rest(struct input *input)
{
    size_t end;
    input->begin = input->end;
    while (!find_end(input, input->begin, &end)) {
        if (!fill(input)) return false;
        if (find_end(input, input->begin, &end)) break;
        input->begin = input->end;
    }
    input->begin = end < input->end ? end + 1 : end;
    return true;
}

/* The next line or the whole, blank or not. */
static enum input_status next_piece(struct input *input, struct input_record *record)
{
    size_t end;
    while (!find_end(input, input->begin, &end) && input->end - input->begin <= RECORD_MAX)
        if (!fill(input)) return INPUT_FAILED;
    bool owed = input->whole && input->position == 0; /* one record, even of no bytes */
    if (input->begin == input->end && input->ended && !owed) return INPUT_END;
    record->bytes = input->bytes + input->begin;
    record->length = end - input->begin;
    record->position = ++input->position;
    if (record->length > RECORD_MAX) return skip_rest(input) ? INPUT_RECORD : INPUT_FAILED;
    input->begin = end < input->end ? end + 1 : end;
    return INPUT_RECORD;
}

static bool is_blank(const struct input_record *record)
{
    size_t blank = 0;
    while (blank < record->length && strchr(BLANKS, record->bytes[blank]) != NULL &&
           record->bytes[blank] != '\0')
        blank++;
    return blank == record->length;
}

enum input_status input_next(struct input *input, struct input_record *record)
{
    enum input_status status;
    do
        status = next_piece(input, record);
    while (status == INPUT_RECORD && !input->whole && is_blank(record));
    return status;
}

/* --- the first reading --- */

static bool hash_and_measure(struct input *input, int64_t *size)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned hash_length = 0;
    ssize_t length = -1;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    *size = 0;
    while (good && (length = read_some(input->file, input->bytes, CAPACITY)) > 0) {
        *size += length;
        good = EVP_DigestUpdate(context, input->bytes, (size_t)length) == 1;
    }
    int error = good ? errno : ENOMEM;
    good = good && length == 0 && EVP_DigestFinal_ex(context, hash, &hash_length) == 1;
    EVP_MD_CTX_free(context);
    for (unsigned i = 0; good && i < hash_length; i++)
        snprintf(input->hash + (size_t)2 * i, 3, "%02x", hash[i]);
    errno = error;
    return good;
}

static bool count_records(struct input *input)
{
    struct input_record record;
    enum input_status status;
    input->count = 0;
    while ((status = input_next(input, &record)) == INPUT_RECORD)
        input->count++;
    return status == INPUT_END;
}

/* Several lines that are one object. Bytes that begin like one and don't read as one are lines. */
static bool is_one_object(struct input *input)
{
    struct input_record record;
    char problem[JSON_PROBLEM_MAX];
    input->whole = true;
    if (next_piece(input, &record) != INPUT_RECORD || record.length > RECORD_MAX) return false;
    struct json *object = json_read_object(record.bytes, record.length, problem);
    json_free(object);
    return object != NULL;
}

static bool read_once(struct input *input, const char *path)
{
    int64_t size;
    if (!rewind_file(input) || !hash_and_measure(input, &size) || !rewind_file(input)) return false;
    input->whole = has_suffix(path, ".json");
    if (!input->whole && !has_suffix(path, ".jsonl") && size <= RECORD_MAX) {
        errno = 0;
        input->whole = is_one_object(input);
        if ((!input->whole && errno == ENOMEM) || !rewind_file(input)) return false;
    }
    return count_records(input) && rewind_file(input);
}

bool input_open(struct input *input, const char *path, char sentence[INPUT_SENTENCE_MAX])
{
    *input = (struct input){.file = -1, .bytes = malloc(CAPACITY + 1)};
    errno = ENOMEM;
    if (input->bytes != NULL && open_file(input, path) && read_once(input, path)) return true;
    if (input->uncopied)
        snprintf(sentence, INPUT_SENTENCE_MAX,
                 _("no temporary copy of it can be kept in %.200s (TMPDIR): %s"),
                 temporary_directory(), _(strerror(errno)));
    else
        snprintf(sentence, INPUT_SENTENCE_MAX, "%.200s: %s",
                 strcmp(path, "-") == 0 ? _("standard input") : path, _(strerror(errno)));
    input_close(input);
    return false;
}

void input_close(struct input *input)
{
    if (input->file >= 0) close(input->file);
    free(input->bytes);
    *input = (struct input){.file = -1};
}
