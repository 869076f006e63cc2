#include "mock_server/resources/record_template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* As JSON has it. A backslash typed by somebody is written as two: a quote, then one backslash and
 * u0001 is ours. */
#define WRITTEN      "\"\\u0001\""
#define WRITTEN_SIZE (sizeof WRITTEN - 1)

bool record_template_make(struct record_template *template, const struct resource *resource,
                          const struct values *values, const char *created_by)
{
    *template = (struct record_template){0};
    template->text = resource_write(resource, values, RECORD_BLANK, RECORD_BLANK, created_by);
    if (!template->text) {
        return false;
    }
    const char *end = template->text;
    for (const char *blank; (blank = strstr(end, WRITTEN)); end = blank + WRITTEN_SIZE) {
        assert(template->count < RECORD_BLANKS_MAX);
        template->blanks[template->count++] = (size_t)(blank - template->text);
    }
    template->length = (size_t)(end - template->text) + strlen(end);
    return true;
}

char *record_template_fill(const struct record_template *template,
                           const char *const values[RECORD_BLANKS_MAX], size_t *length)
{
    size_t size = template->length + 1;
    for (int i = 0; i < template->count; i++) {
        size += strlen(values[i]);
    }
    char *record = malloc(size);
    if (!record) {
        return NULL;
    }
    char *out = record;
    size_t from = 0;
    for (int i = 0; i < template->count; i++) {
        size_t until = template->blanks[i] + 1; /* the opening quote stays */
        out = mempcpy(out, template->text + from, until - from);
        out = mempcpy(out, values[i], strlen(values[i]));
        from = template->blanks[i] + WRITTEN_SIZE - 1;
    }
    out = mempcpy(out, template->text + from, template->length - from);
    *out = '\0';
    *length = (size_t)(out - record);
    return record;
}

void record_template_clear(struct record_template *template)
{
    free(template->text);
}
