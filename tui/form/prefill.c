#include "tui/form/prefill.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/form.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "idempotency_key"

/* Says "PATH: WHAT", safe for a terminal. */
static void complain(FILE *errors, const char *path, const char *what)
{
    char *safe_path = text_safe(path, strlen(path), TEXT_ONE_LINE);
    char *told = words_retold(what);
    char *safe = told ? text_safe(told, strlen(told), TEXT_ONE_LINE) : NULL;
    fprintf(errors, "invonce: %s: %s\n", safe_path ? safe_path : "", safe ? safe : "");
    free(safe_path);
    free(safe);
    free(told);
}

static void complain_at(FILE *errors, const char *path, const struct violation *violation)
{
    char *sentence = NULL;
    char *told = words_retold(violation->detail);
    int made = told ? asprintf(&sentence, "%s: %s", violation->pointer, told) : -1;
    free(told);
    if (made < 0) return;
    complain(errors, path, sentence);
    free(sentence);
}

/* Only a plain one, as a pipe could keep the screen waiting for ever. NULL: errno says why. */
static FILE *open_plain(const char *path)
{
    struct stat is;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) return NULL;
    bool known = fstat(file, &is) == 0;
    FILE *stream = known && S_ISREG(is.st_mode) ? fdopen(file, "r") : NULL;
    if (stream) return stream;
    if (known && !S_ISREG(is.st_mode)) errno = S_ISDIR(is.st_mode) ? EISDIR : ESPIPE;
    int error = errno;
    close(file);
    errno = error;
    return NULL;
}

/* One byte more than is allowed is read, to tell. Owned by the caller; NULL: errno says why. */
static char *read_bytes(const char *path, size_t *length)
{
    FILE *file = open_plain(path);
    if (!file) return NULL;
    char *bytes = malloc(JSON_BODY_MAX + 1);
    if (bytes) *length = fread(bytes, 1, JSON_BODY_MAX + 1, file);
    int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (!failed) return bytes;
    free(bytes);
    errno = failed;
    return NULL;
}

enum prefill_status prefill_read(const char *path, const struct resource *resource,
                                 struct document *document, FILE *errors)
{
    char problem[JSON_PROBLEM_MAX] = N_("it is larger than an invoice can be");
    size_t length = 0;
    *document = (struct document){0};
    char *bytes = read_bytes(path, &length);
    if (!bytes) {
        complain(errors, path,
                 errno == ESPIPE ? _("it is no plain file: give one that holds a record")
                                 : _(strerror(errno)));
        return PREFILL_UNREADABLE;
    }
    size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct json *json =
        length <= JSON_BODY_MAX ? json_read_object(bytes + mark, length - mark, problem) : NULL;
    free(bytes);
    if (!json) {
        complain(errors, path, problem);
        return PREFILL_WRONG;
    }
    record_to_request(resource, json);
    struct violations violations = {0};
    bool right = document_read_partial(document, resource, json, &violations);
    document->own = json;
    if (json_member(json, KEY))
        violations_add(&violations, "/" KEY, "unknown-member",
                       N_("The form makes a key of its own for each invoice; leave this one out."));
    if (right) form_refuse(resource, &document->values, &violations);
    right = right && violations.count == 0 && !violations.out_of_memory;
    for (size_t i = 0; i < violations.count; i++) {
        complain_at(errors, path, &violations.items[i]);
    }
    violations_clear(&violations);
    return right ? PREFILL_OK : PREFILL_WRONG;
}
