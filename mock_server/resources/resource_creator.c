/* POST of a resource's path: what creating a record by its row is, for create_once. */
#include "mock_server/engine/claims.h"
#include "mock_server/engine/ids.h"
#include "mock_server/engine/merged.h"
#include "mock_server/resources/hooks.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the writer alone knows of a record is blank until then: no text of a valid request holds a
 * control character, and a backslash typed by somebody is written as two. */
#define BLANK   "\001"
#define WRITTEN "\"\\u0001\""

struct new_record {
    struct kept kept;
    struct new_child child; /* its parent's part is empty where it has none */
    struct document document;
    char *template; /* the record, with blanks: the one writer has only to fill them in */
    int year;       /* that it is listed by; 0: by none */

    /* Set by propose: */
    int64_t id;
    bool parent_is_new;

    char *claimed[]; /* by each rule; NULL: it doesn't apply */
};

static struct store_collection collection_of(const char *tenant, const struct resource *resource)
{
    return (struct store_collection){tenant, resource->name};
}

static void release(void *subject)
{
    struct new_record *record = subject;
    document_clear(&record->document);
    free(record->template);
    free(record->child.parent_key);
    for (size_t i = 0; i < record->kept.resource->unique_count; i++) {
        free(record->claimed[i]);
    }
    free(record);
}

static bool make_claims(struct new_record *record)
{
    const struct resource *resource = record->kept.resource;
    bool ok = true;
    for (size_t i = 0; ok && i < resource->unique_count; i++) {
        ok = claim_make(&resource->unique[i], record->document.json, &record->claimed[i]);
    }
    return ok;
}

/* All that needs no store. False: out of memory. */
static bool prepare(struct new_record *record)
{
    struct values values = record->document.values;
    const struct parent *parent = record->kept.parent;
    if (parent) {
        values.texts[parent->field] = BLANK;
        record->child.parent_key = parent->key(&values);
    }
    record->year = claim_year(&record->kept.resource->unique[0], record->document.json);
    record->template =
        resource_write(record->kept.resource, &values, BLANK, BLANK, record->child.user);
    return (!parent || record->child.parent_key) && record->template && make_claims(record);
}

static void *read_record(const struct creator *creator, const struct creator_request *request,
                         struct violations *violations)
{
    const struct resource *resource = creator->resource;
    struct new_record *record =
        calloc(1, sizeof(struct new_record) + resource->unique_count * sizeof(char *));
    if (!record) {
        return NULL;
    }
    record->kept = kept_of(resource);
    record->child = (struct new_child){
        .tenant = request->tenant, .user = request->user, .values = &record->document.values};
    if (!document_read(&record->document, resource, request->body, violations) ||
        !prepare(record)) {
        release(record);
        return NULL;
    }
    return record;
}

static bool choose_ids(struct new_record *record, struct store_session *session)
{
    struct new_child *child = &record->child;
    const struct parent *parent = record->kept.parent;
    struct store_collection collection = collection_of(child->tenant, record->kept.resource);
    enum store_status found = STORE_OK;
    if (parent) {
        found = parent->choose_id(session, child->tenant, child->parent_key, &child->parent_id);
    }
    record->parent_is_new = found == STORE_ABSENT;
    return found != STORE_FAILED &&
           store_next_id(session, &collection, record->kept.first_id, &record->id) == STORE_OK;
}

/* The values are of the blanks, in the order of the text. */
static void fill(struct buffer *record, const char *template, const char *const *values)
{
    buffer_reserve(record, strlen(template) + 64);
    for (const char *blank; (blank = strstr(template, WRITTEN)); values++) {
        assert(*values);
        buffer_append(record, template, (size_t)(blank - template));
        buffer_string(record, *values, strlen(*values));
        template = blank + strlen(WRITTEN);
    }
    assert(!*values);
    buffer_append(record, template, strlen(template) + 1);
}

static void write_record(const struct new_record *record, const char *id, int64_t now,
                         struct buffer *json)
{
    const char *values[4] = {id};
    char parent[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    int count = 1;
    if (record->kept.parent) {
        id_format(record->kept.parent->resource->id_prefix, record->child.parent_id, parent);
        values[count++] = parent;
    }
    clock_format(now, created_at);
    values[count] = created_at;
    fill(json, record->template, values);
}

static bool propose(void *subject, struct store_session *session, int64_t now,
                    struct proposal *proposal)
{
    struct new_record *record = subject;
    if (!choose_ids(record, session)) {
        return false;
    }
    id_format(record->kept.resource->id_prefix, record->id, proposal->record_id);
    struct buffer json = {0};
    write_record(record, proposal->record_id, now, &json);
    if (json.failed) {
        buffer_clear(&json);
        return false;
    }
    reply_take(&proposal->reply, 201, MEDIA_JSON, json.bytes, json.length - 1);
    proposal->reply_is_record = true;
    return asprintf(&proposal->reply.location, "%s/%s", record->kept.resource->path,
                    proposal->record_id) >= 0;
}

/* The refusal for a unique rule, with the record that was there first. Takes `json`. */
static void refuse(struct reply *reply, const struct unique_rule *rule, char *json)
{
    struct json *problem = unique_problem(rule);
    json_put(problem, "existing", json_read(json, strlen(json)));
    free(json);
    reply_problem_json(reply, problem);
}

/* The record as it is now, or the one that stands for it, whose id it is then. */
static enum store_status find_standing(struct store_session *session,
                                       const struct store_collection *collection, int64_t *id,
                                       char **json)
{
    int64_t into = 0;
    enum store_status status = store_record_find(session, collection, *id, STORE_NOW, json, &into);
    if (status != STORE_OK || !into) {
        return status;
    }
    free(*json);
    *id = into;
    return store_record_find(session, collection, into, STORE_NOW, json, NULL);
}

static enum outcome refuse_taken(const struct new_record *record, struct store_session *session,
                                 const struct unique_rule *rule, int64_t holder,
                                 struct proposal *proposal)
{
    struct store_collection collection = collection_of(record->child.tenant, record->kept.resource);
    char *json = NULL;
    if (find_standing(session, &collection, &holder, &json) != STORE_OK) {
        return OUTCOME_FAILED;
    }
    *proposal = (struct proposal){.reply = proposal->reply, .problem = rule->slug};
    refuse(&proposal->reply, rule, json);
    id_format(record->kept.resource->id_prefix, holder, proposal->record_id);
    return OUTCOME_REJECTED_CONFLICT;
}

static struct store_claim claim_by(const struct new_record *record, size_t rule)
{
    return (struct store_claim){record->kept.resource->unique[rule].name, record->claimed[rule],
                                false};
}

/* STORE_TAKEN: *holder has what rule *i claims, and all that was claimed before is given up. */
static enum store_status claim_each(const struct new_record *record, struct store_session *session,
                                    size_t *i, int64_t *holder)
{
    struct store_collection collection = collection_of(record->child.tenant, record->kept.resource);
    enum store_status status = STORE_OK;
    for (*i = 0; *i < record->kept.resource->unique_count; ++*i) {
        struct store_claim claim = claim_by(record, *i);
        status =
            claim.value ? store_claim(session, &collection, &claim, record->id, holder) : STORE_OK;
        if (status != STORE_OK) {
            break;
        }
    }
    for (size_t given_up = *i; status == STORE_TAKEN && given_up-- > 0;) {
        struct store_claim claim = claim_by(record, given_up);
        if (claim.value && store_unclaim(session, &collection, &claim, record->id) != STORE_OK) {
            return STORE_FAILED;
        }
    }
    return status;
}

static bool insert(const struct new_record *record, struct store_session *session,
                   const struct reply *reply)
{
    struct store_collection collection = collection_of(record->child.tenant, record->kept.resource);
    struct store_record row = {
        .id = record->id,
        .parent = record->child.parent_id,
        .period = record->year,
        .json = reply->body,
        .length = reply->length,
    };
    return store_record_insert(session, &collection, &row) == STORE_OK &&
           (!record->parent_is_new || record->kept.parent->add(session, &record->child));
}

/* The claims go first: they decide, and a parent made for a record that was refused would be left
 * over. */
static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    struct new_record *record = subject;
    size_t rule = 0;
    int64_t holder = 0;
    record->child.created_at = now;
    enum store_status status = claim_each(record, session, &rule, &holder);
    if (status == STORE_TAKEN) {
        return refuse_taken(record, session, &record->kept.resource->unique[rule], holder,
                            proposal);
    }
    return status == STORE_OK && insert(record, session, &proposal->reply) ? OUTCOME_CREATED
                                                                           : OUTCOME_FAILED;
}

static bool recall(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *record_id, char **body, char **canonical)
{
    struct store_collection collection = collection_of(tenant, creator->resource);
    int64_t id = 0, into = 0;
    enum store_status status =
        record_id && id_parse(creator->resource->id_prefix, record_id, &id)
            ? store_record_find(session, &collection, id, STORE_CREATED, body, &into)
            : STORE_ABSENT;
    *canonical = into ? merged_path(creator->resource, into) : NULL;
    return (status == STORE_OK || (status == STORE_ABSENT && !body)) && (*canonical || !into);
}

/* As it was created, whatever was added to it since; but with what it is merged into. */
static bool show_again(const struct creator *creator, struct store_session *session,
                       const struct store_collection *collection, int64_t id, struct reply *reply)
{
    int64_t into = 0;
    char *json = NULL, winner[ID_TEXT_SIZE];
    if (store_record_find(session, collection, id, STORE_CREATED, &json, &into) != STORE_OK) {
        return false;
    }
    if (!into) {
        reply_take(reply, 200, MEDIA_JSON, json, strlen(json));
        return true;
    }
    id_format(creator->resource->id_prefix, into, winner);
    reply_json(reply, 200, merged_mark(json_read(json, strlen(json)), winner));
    reply->canonical = merged_path(creator->resource, into);
    free(json);
    return reply->canonical;
}

static bool revive(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *problem, const char *record_id, struct reply *reply)
{
    struct store_collection collection = collection_of(tenant, creator->resource);
    const struct unique_rule *rule = problem ? unique_rule_of(creator->resource, problem) : NULL;
    int64_t id = 0;
    char *json = NULL;
    if (!record_id || !id_parse(creator->resource->id_prefix, record_id, &id)) {
        return false;
    }
    if (!problem) {
        return show_again(creator, session, &collection, id, reply);
    }
    if (!rule || find_standing(session, &collection, &id, &json) != STORE_OK) {
        return false;
    }
    refuse(reply, rule, json);
    return true;
}

static bool look(void *subject, struct store_session *session, struct proposal *proposal)
{
    const struct new_record *record = subject;
    const struct unique_rule *rule = &record->kept.resource->unique[0];
    struct store_collection collection = collection_of(record->child.tenant, record->kept.resource);
    struct store_claim claim = claim_by(record, 0);
    int64_t holder = 0;
    return claim.value && store_holder(session, &collection, &claim, &holder, NULL) == STORE_OK &&
           refuse_taken(record, session, rule, holder, proposal) == OUTCOME_REJECTED_CONFLICT;
}

struct creator resource_creator(const struct resource *resource)
{
    return (struct creator){
        .resource = resource,
        .read = read_record,
        .release = release,
        .propose = propose,
        .carry_out = carry_out,
        .recall = recall,
        .revive = revive,
        .look = look,
    };
}
