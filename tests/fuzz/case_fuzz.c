/* Reads any bytes as a case file of invonce-lab conform: what it describes can be asked for, or a
 * sentence says what is wrong with it. */
#include "tests/fuzz/fuzz.h"
#include "tests/lab/conform/endpoint.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int file = -1;
static char path[40];
static FILE *said; /* in place of standard error: what is wrong with the file */
static char *saying;
static size_t saying_length;

static void close_all(void)
{
    fclose(said);
    free(saying);
    close(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    file = memfd_create("case", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    said = open_memstream(&saying, &saying_length);
    MUST(file >= 0 && said != NULL && atexit(close_all) == 0);
    return 0;
}

static void check_filled(const char *text, const char *mark)
{
    char *filled = endpoint_fill(text, mark, "42");
    MUST(filled != NULL && strstr(filled, mark) == NULL);
    free(filled);
}

static void check(const struct endpoint *endpoint)
{
    MUST(endpoint->path[0] == '/' && endpoint->header != NULL && endpoint->header[0] != '\0');
    MUST(strstr(endpoint->value, MARK_KEY) != NULL);
    check_filled(endpoint->value, MARK_KEY);
    char *body = json_write(endpoint_part(endpoint, "/body"));
    MUST(body != NULL && strstr(body, MARK_UNIQUE) != NULL);
    check_filled(body, MARK_UNIQUE);
    free(body);
    (void)endpoint_refusal_status(endpoint, "taken");
    (void)endpoint_refusal_status(endpoint, "no such");
    MUST(endpoint_refusal(endpoint, "no such") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct endpoint endpoint;
    FILE *own = stderr;
    MUST(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    rewind(said);
    stderr = said;
    bool read = endpoint_read(&endpoint, path);
    stderr = own;
    MUST(fflush(said) == 0 && (read ? ftell(said) == 0 : ftell(said) > 0));
    if (read) check(&endpoint);
    endpoint_clear(&endpoint);
    return 0;
}
