#include "tests/lab/conform/secret.h"

#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SECRET_SIZE 4096

static char *no(const char *file, const char *why)
{
    fprintf(stderr, "invonce-lab conform: %s: %s\n", file, why);
    return NULL;
}

char *secret_read(const char *file)
{
    char line[SECRET_SIZE];
    FILE *stream = fopen(file, "re");
    if (!stream) return no(file, strerror(errno));
    bool read = fgets(line, sizeof line, stream) != NULL;
    bool is_whole = read && (strchr(line, '\n') || feof(stream));
    fclose(stream);
    if (read && !is_whole) return no(file, "the token in it is too long, or holds a NUL");
    if (read) line[strcspn(line, "\r\n")] = '\0';
    if (!read || !*line) return no(file, "there is no token in it: it is its first line");
    return support_format("%s", line);
}

bool secret_is_one(const char *token)
{
    const char *at = token;
    while (*at > 0x20 && *at < 0x7f)
        at++;
    return *token && !*at;
}
