#include "mock_server/engine/merged.h"

#include "mock_server/engine/ids.h"

#include <stdio.h>
#include <string.h>

static struct json *with_mark(struct json *marked, const char *into)
{
    marked = json_with(marked, "status", json_new_string("merged"));
    return json_with(marked, "merged_into", json_new_string(into));
}

struct json *merged_mark(struct json *record, const char *into)
{
    bool has_status = json_member(record, "status");
    struct json *marked = json_new_object();
    for (const struct json *member = json_first(record); member; member = json_next(member)) {
        const char *name = json_name(member);
        if (strcmp(name, "status") == 0) {
            marked = with_mark(marked, into);
        } else if (strcmp(name, "merged_into") != 0) {
            marked = json_with(marked, name, json_copy(member));
        }
    }
    json_free(record);
    return has_status ? marked : with_mark(marked, into);
}

char *merged_path(const struct resource *resource, int64_t into)
{
    char id[ID_TEXT_SIZE], *path = NULL;
    id_format(resource->id_prefix, into, id);
    return asprintf(&path, "%s/%s", resource->path, id) < 0 ? NULL : path;
}
