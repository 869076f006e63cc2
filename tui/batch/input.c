#include "tui/batch/input_inside.h"

#include "tui/command/temporary_directory.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_CAPACITY                                                                             \
    (INPUT_RECORD_MAX + 1) /* the longest record, and a byte to tell a longer one by               \
                            */

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
#define MARK_LENGTH (sizeof BYTE_ORDER_MARK - 1)

/* --- the file --- */

/* In whatever letter case. */
static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), ending = strlen(suffix);
    return length >= ending && strcasecmp(path + length - ending, suffix) == 0;
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
    while (!input->uncopied &&
           (length = input_read_some(input->file, input->bytes, INPUT_CAPACITY)) > 0)
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

/* --- from the beginning --- */

/* Passes over a byte order mark, which a reader of CSV does by itself. */
static bool pass_mark(struct input *input)
{
    while (!input->ended && input->end < MARK_LENGTH)
        if (!input_fill(input)) return false;
    bool there =
        input->end >= MARK_LENGTH && memcmp(input->bytes, BYTE_ORDER_MARK, MARK_LENGTH) == 0;
    if (there && input->form != INPUT_CSV) input->begin = MARK_LENGTH;
    return true;
}

/* The first record is the next one. False with errno. */
static bool begin_anew(struct input *input)
{
    input->begin = input->end = input->column = 0;
    input->line = 1;
    input->given = 0;
    input->ended = input->in_list = false;
    if (lseek(input->file, 0, SEEK_SET) != 0) return false;
    errno = ENOMEM;
    return (input->form != INPUT_CSV || input_begin_csv(input)) && pass_mark(input);
}

enum input_status input_next(struct input *input, struct input_record *record)
{
    return input->form == INPUT_CSV ? input_next_csv(input, record)
                                    : input_next_json(input, record);
}

/* --- the first reading --- */

/* How CSV is read makes other records of the same bytes. */
static bool hash_form(EVP_MD_CTX *context, const struct input *input)
{
    const struct csv_form *form = &input->options.csv_form;
    const char csv[] = {'c', 's', 'v', form->decimal_comma ? ',' : '.', form->delimiter};
    return input->form != INPUT_CSV || EVP_DigestUpdate(context, csv, sizeof csv) == 1;
}

static bool hash_bytes(struct input *input)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned hash_length = 0;
    ssize_t length = -1;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                hash_form(context, input);
    while (good && (length = input_read_some(input->file, input->bytes, INPUT_CAPACITY)) > 0)
        good = EVP_DigestUpdate(context, input->bytes, (size_t)length) == 1;
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
    apart_settle(&input->apart);
    return status == INPUT_END;
}

/* One object, and then another one: no single record, as broken as that may be. False with errno
 * where *failed. */
static bool is_several(struct input *input, bool *failed)
{
    struct input_record record;
    enum input_status status = input_next_json(input, &record);
    *failed = status == INPUT_FAILED;
    return status == INPUT_RECORD && record.is_closed && input_skip_blanks(input, failed) &&
           input->bytes[input->begin] == '{';
}

/* From the name and the first bytes. False with errno. */
static bool choose_form(struct input *input, const char *path)
{
    bool failed = false;
    input->form = INPUT_LINES;
    if (!begin_anew(input)) return false;
    bool there = input_skip_blanks(input, &failed);
    if (failed) return false;
    if (there && input->bytes[input->begin] == '[')
        input->form = INPUT_LIST;
    else if (has_suffix(path, ".json") && !is_several(input, &failed))
        input->form = INPUT_WHOLE;
    return !failed;
}

static bool read_once(struct input *input, const char *path)
{
    if (input->options.csv)
        input->form = INPUT_CSV;
    else if (!choose_form(input, path))
        return false;
    return lseek(input->file, 0, SEEK_SET) == 0 && hash_bytes(input) && begin_anew(input) &&
           count_records(input) && begin_anew(input);
}

bool input_is_named_csv(const char *path)
{
    return has_suffix(path, ".csv");
}

bool input_open(struct input *input, const char *path, const struct input_options *options,
                char sentence[INPUT_SENTENCE_MAX])
{
    *input = (struct input){.file = -1, .bytes = malloc(INPUT_CAPACITY + 1), .options = *options};
    input->options.csv_form.forgets_rows = true;
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
    input_end_csv(input);
    apart_clear(&input->apart);
    *input = (struct input){.file = -1};
}
