#include "mock_server/deliveries/post.h"

#include "mock_server/base/module.h"

const struct poster *poster;

bool poster_load(const char **why)
{
    if (!poster) {
        poster = module_symbol(INVONCE_POSTER_MODULE, "INVONCE_POSTER", why);
    }
    return poster;
}
