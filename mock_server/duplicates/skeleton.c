#include "mock_server/duplicates/skeleton.h"

#include "mock_server/base/command_line.h"
#include "mock_server/base/module.h"

#include <string.h>

static char *(*make)(const char *folded);

bool skeleton_load(void)
{
    const char *why = NULL;
    void *symbol = make ? NULL : module_symbol(INVONCE_SKELETON_MODULE, "invonce_skeleton", &why);
    if (!make && !symbol) {
        refuse("which numbers look the same can't be told: %s", why);
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
