#include "tui/demo/demo_token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define ACCOUNT "demo:operator="

static bool read_token(int file, char token[DEMO_TOKEN_SIZE])
{
    char line[sizeof ACCOUNT + DEMO_TOKEN_SIZE];
    ssize_t length = read(file, line, sizeof line - 1);
    if (length < 0) return false;
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    errno = EINVAL;
    if (strncmp(line, ACCOUNT, strlen(ACCOUNT)) != 0) return false;
    return snprintf(token, DEMO_TOKEN_SIZE, "%s", line + strlen(ACCOUNT)) == DEMO_TOKEN_SIZE - 1;
}

static bool write_token(int file, char token[DEMO_TOKEN_SIZE])
{
    unsigned char bytes[(DEMO_TOKEN_SIZE - 1) / 2];
    if (getentropy(bytes, sizeof bytes) != 0) return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    return dprintf(file, "%s%s\n", ACCOUNT, token) > 0 && fsync(file) == 0;
}

bool demo_token_get(const char *path, char token[DEMO_TOKEN_SIZE])
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool made = file >= 0;
    if (!made && errno == EEXIST) file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    bool good = made ? write_token(file, token) : read_token(file, token);
    int error = errno;
    close(file);
    if (!good && made) unlink(path);
    errno = error;
    return good;
}
