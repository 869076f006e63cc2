/* Not to compile: a resource whose row has no unique rule. With WITH_RULE it does. */
#include "protocol/wire/resource.h"

static const struct field FIELD[] = {{"name", NULL, "The name", FIELD_TEXT, FIELD_REQUIRED, 1}};
static const struct unique_rule NONE[] = {
#ifdef WITH_RULE
    {.name = "name", .parts = {{"name", NULL, AS_TYPED}}},
#endif
};
extern const struct resource ROW;
const struct resource ROW = RESOURCE(FIELD, NONE, .name = "thing");
