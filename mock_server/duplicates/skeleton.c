#include "mock_server/duplicates/skeleton.h"

#include "mock_server/base/command_line.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096

static char *(*make)(const char *folded);

/* Beside the program, wherever that was put. False: it can't be told where that is. */
static bool find_module(char path[PATH_MAX_BYTES])
{
    char program[PATH_MAX_BYTES];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return false;
    }
    program[length] = '\0';
    char *name = strrchr(program, '/');
    return name && snprintf(path, PATH_MAX_BYTES, "%.*s/%s", (int)(name - program), program,
                            INVONCE_SKELETON_MODULE) < PATH_MAX_BYTES;
}

bool skeleton_load(void)
{
    char path[PATH_MAX_BYTES];
    void *module = make || !find_module(path) ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = module ? dlsym(module, "invonce_skeleton") : NULL;
    if (!make && !symbol) {
        const char *why = dlerror();
        refuse("which numbers look the same can't be told: %s", why ? why : "where is /proc?");
        return false;
    }
    if (!make) {
        memcpy(&make, &symbol, sizeof make); /* as POSIX says of dlsym */
    }
    return true;
}

char *skeleton_of(const char *folded)
{
    return make(folded);
}
