#include "mock_server/base/module.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096

static bool find_module(const char *file, char path[PATH_MAX_BYTES])
{
    char program[PATH_MAX_BYTES];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return false;
    }
    program[length] = '\0';
    char *name = strrchr(program, '/');
    return name && snprintf(path, PATH_MAX_BYTES, "%.*s/%s", (int)(name - program), program, file) <
                       PATH_MAX_BYTES;
}

void *module_symbol(const char *file, const char *name, const char **why)
{
    char path[PATH_MAX_BYTES];
    if (!find_module(file, path)) {
        *why = "where is /proc?";
        return NULL;
    }
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = module ? dlsym(module, name) : NULL;
    if (!symbol) {
        const char *error = dlerror();
        *why = error ? error : "it is no module of this program";
    }
    return symbol;
}
