#include "mock_server/base/names.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

bool names_take(const char *text, size_t length)
{
    static const char TAKEN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return length > 0 && length <= NAMES_LENGTH_MAX && strspn(text, TAKEN) >= length;
}

bool names_valid(const char *text)
{
    return text && names_take(text, strlen(text));
}

const char *names_login(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return user && names_valid(user->pw_name) ? user->pw_name : "somebody";
}
