#include "tests/lab/content.h"

#include <string.h>
#include <strings.h>

/* What a record has that nobody sent (protocol/RULES.md, section 6). */
static bool is_servers_own(const struct json *stands)
{
    static const char *const names[] = {"id",     "status",     "merged_into", "merged_from",
                                        "totals", "created_at", "created_by",  "net"};
    const char *text = json_string(stands);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(json_name(stands), names[i]) == 0) return true;
    if (!text) return false;
    return *text == '\0' || (strcmp(json_name(stands), "tax_rate") == 0 && strcmp(text, "0") == 0);
}

static bool is_same_text(const char *name, const char *sent, const char *stands)
{
    if (!stands) return *sent == '\0';
    if (strcmp(name, "email") == 0) return strcasecmp(sent, stands) == 0;
    return strcmp(sent, stands) == 0;
}

static bool is_same_member(const struct json *sent, const struct json *record)
{
    const char *name = json_name(sent);
    const struct json *stands = json_member(record, name);
    if (strcmp(name, "idempotency_key") == 0) return true;
    const char *text = json_string(sent);
    if (text) return is_same_text(name, text, json_string(stands));
    if (json_kind(sent) == JSON_OBJECT) return content_is_of(sent, stands);
    if (json_kind(sent) != JSON_ARRAY || json_count(sent) != json_count(stands)) return false;
    const struct json *its = json_first(stands);
    for (const struct json *row = json_first(sent); row; row = json_next(row)) {
        if (!content_is_of(row, its)) return false;
        its = json_next(its);
    }
    return true;
}

bool content_is_of(const struct json *body, const struct json *record)
{
    if (json_kind(body) != JSON_OBJECT || json_kind(record) != JSON_OBJECT) return false;
    for (const struct json *member = json_first(body); member; member = json_next(member))
        if (!is_same_member(member, record)) return false;
    for (const struct json *member = json_first(record); member; member = json_next(member))
        if (!json_member(body, json_name(member)) && !is_servers_own(member)) return false;
    return true;
}
