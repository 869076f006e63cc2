#include "tui/list/pages.h"

#include "protocol/wire/message.h"
#include "tui/form/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *path_of(const char *query, const char *cursor)
{
    char *path = NULL, *encoded = cursor ? query_encode(cursor) : strdup("");
    if (encoded && asprintf(&path, "%s%s%s", query, cursor ? "&cursor=" : "", encoded) < 0)
        path = NULL;
    free(encoded);
    return path;
}

/* False: no more is wanted. */
static bool tell(const struct asker *asker, const struct json *data, pages_each *each,
                 void *context)
{
    for (const struct json *record = json_first(data); record; record = json_next(record)) {
        if (!each(context, record)) return false;
        if (asker->progress) asker->progress->done++;
    }
    return true;
}

/* Where the next page begins, the caller's; NULL: there is none. A page that leads back to itself
 * is no page. */
static char *next_of(const struct json *page, const char *cursor, bool *readable)
{
    const struct json *member = json_member(page, "next_cursor");
    const char *next = json_string(member);
    *readable = json_kind(json_member(page, "data")) == JSON_ARRAY &&
                (next || json_kind(member) == JSON_NULL) &&
                (!next || !cursor || strcmp(next, cursor) != 0);
    return *readable && next ? strdup(next) : NULL;
}

enum ask_end pages_read(const struct asker *asker, const char *query, pages_each *each,
                        void *context, struct answer *answer)
{
    char *cursor = NULL;
    enum ask_end end;
    bool more = true;
    do {
        char *path = path_of(query, cursor);
        end = path ? ask(asker, path, answer) : ASK_FAILED;
        if (!path) *answer = (struct answer){.why = N_("there is not enough memory")};
        free(path);
        if (end != ASK_ANSWERED) break;
        bool readable;
        char *next = next_of(answer->json, cursor, &readable);
        free(cursor);
        cursor = next;
        if (!readable) {
            end = ASK_REFUSED;
            snprintf(answer->why, sizeof answer->why, "%s",
                     N_("the server's answer can't be read"));
        }
        more = readable && tell(asker, json_member(answer->json, "data"), each, context) && cursor;
        json_free(answer->json);
        answer->json = NULL;
    } while (more);
    free(cursor);
    return end;
}
