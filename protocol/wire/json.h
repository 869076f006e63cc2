/* JSON values: read strictly, asked for by name, made, written. cJSON holds them; no other file
 * knows that. A value belongs to one owner, who frees it or gives it into another. */
#ifndef INVONCE_WIRE_JSON_H
#define INVONCE_WIRE_JSON_H

#include "protocol/wire/buffer.h"
#include "protocol/wire/json_scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_BODY_MAX    (256 * 1024) /* bytes of a request body */
#define JSON_PROBLEM_MAX 200

struct json;

/* --- in --- */

/* Reads one JSON object, as json_scan() lets it through. The caller frees it; NULL with a sentence
 * in `problem` that says what was wrong and where (line, column); errno is ENOMEM where nothing was
 * but that memory is out. */
struct json *json_read_object(const char *bytes, size_t length, char problem[JSON_PROBLEM_MAX]);

/* The same for any one value, without a word; NULL: refused, or out of memory. */
struct json *json_read(const char *bytes, size_t length);

/* NULL is passed over. Only for what is owned: not for a part of another value. */
void json_free(struct json *value);

/* --- asking; a value that is NULL is of no kind, holds nothing and says nothing --- */

enum json_kind {
    JSON_ABSENT, /* NULL */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};
enum json_kind json_kind(const struct json *value);

/* A member of an object, letter case counting; NULL: it has none. Walks over the members. */
struct json *json_member(const struct json *object, const char *name);

/* The string that a value, or a member, is; NULL: it is none. */
const char *json_string(const struct json *value);
const char *json_text(const struct json *object, const char *name);

/* The whole number that a value is, as far as a double holds it exactly (2^53). */
int64_t json_integer(const struct json *value, int64_t otherwise);
double json_number(const struct json *value); /* 0: it is none */

/* How many items or members there are, and each in its order. */
size_t json_count(const struct json *value);
struct json *json_first(const struct json *value);
struct json *json_next(const struct json *item);
struct json *json_item(const struct json *array, size_t index); /* walks */
const char *json_name(const struct json *member);

/* --- making; NULL and false: out of memory --- */

struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(const char *text); /* NULL gives JSON's null */
struct json *json_new_integer(int64_t number);
struct json *json_new_bool(bool truth);
struct json *json_copy(const struct json *value);

/* An object of texts, each behind its name, and NULL at the end. A text that is NULL gives JSON's
 * null. */
__attribute__((sentinel)) struct json *json_new_texts(const char *name, ...);

/* The object with that member at its end; NULL, and all is freed, where either is NULL or memory
 * fails: so that one can be made of another, and only the last one looked at. */
struct json *json_with(struct json *object, const char *name, struct json *value);

/* Puts a member or an item at the end; one of that name goes. The value is taken over, freed where
 * that fails; a container or value that is NULL fails. */
bool json_put(struct json *object, const char *name, struct json *value);
bool json_append(struct json *array, struct json *value);
bool json_remove(struct json *object, const char *name); /* false: it had none */

/* The same in the place of an item, which goes. */
bool json_replace(struct json *array, struct json *item, struct json *value);

/* Takes a part out of the value that it is in; it is the caller's from there on. */
struct json *json_take(struct json *container, struct json *part);

/* --- out --- */

/* Compact text, members in their order, numbers as RFC 8785 writes them. */
void buffer_json(struct buffer *buffer, const struct json *value);

/* The same as a text of its own. The caller frees it; NULL: out of memory. */
char *json_write(const struct json *value);

/* Where memory comes from, in place of malloc and free: for programs that watch or refuse it.
 * Before anything else is called. */
void json_use_memory(void *(*allocate)(size_t), void (*release)(void *));

#endif
