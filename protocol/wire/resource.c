#include "protocol/wire/resource.h"

#include <stdlib.h>

const struct field *resource_rows(const struct resource *resource)
{
    for (size_t i = 0; i < resource->fields.count; i++)
        if (resource->fields.items[i].kind == FIELD_ROWS) return &resource->fields.items[i];
    return NULL;
}

void document_clear(struct document *document)
{
    free(document->rows);
    json_free(document->own);
    *document = (struct document){0};
}
