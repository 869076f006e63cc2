#include "mock_server/resources/invoice_template.h"

#include "protocol/wire/resources/invoice.h"

#include <stdlib.h>
#include <string.h>

/* A blank is U+0001 and a letter. No member of a valid invoice holds a control character, and a
 * backslash typed by somebody is written as two: a quote, then one backslash and u0001 is ours. */
#define QUOTED_SIZE (sizeof "\"\\u0001i\"" - 1)

static const char *const BLANKS[BLANK_COUNT] = {"\001i", "\001c", "\001t"};
static const char *const WRITTEN[BLANK_COUNT] = {"\"\\u0001i\"", "\"\\u0001c\"", "\"\\u0001t\""};

static bool find_blanks(struct invoice_template *template)
{
    for (int blank = 0; blank < BLANK_COUNT; blank++) {
        const char *found = strstr(template->text, WRITTEN[blank]);
        if (!found) {
            return false;
        }
        /* Kept in order by insertion: there are three. */
        size_t start = (size_t)(found - template->text);
        int place = blank;
        for (; place > 0 && template->blanks[place - 1].start > start; place--) {
            template->blanks[place] = template->blanks[place - 1];
        }
        template->blanks[place].start = start;
        template->blanks[place].blank = (enum invoice_blank)blank;
    }
    return true;
}

bool invoice_template_make(struct invoice_template *template, const struct values *invoice,
                           const char *created_by)
{
    *template = (struct invoice_template){0};
    struct values values = *invoice;
    values.texts[INVOICE_CUSTOMER_ID] = BLANKS[BLANK_CUSTOMER_ID];
    template->text =
        resource_write(&INVOICE, &values, BLANKS[BLANK_ID], BLANKS[BLANK_CREATED_AT], created_by);
    template->length = template->text ? strlen(template->text) : 0;
    return template->text && find_blanks(template);
}

char *invoice_template_fill(const struct invoice_template *template,
                            const char *const values[BLANK_COUNT], size_t *length)
{
    size_t size = template->length + 1;
    for (int i = 0; i < BLANK_COUNT; i++) {
        size += strlen(values[i]);
    }
    char *record = malloc(size);
    if (!record) {
        return NULL;
    }
    char *out = record;
    size_t from = 0;
    for (int i = 0; i < BLANK_COUNT; i++) {
        size_t until = template->blanks[i].start + 1; /* the opening quote stays */
        const char *value = values[template->blanks[i].blank];
        out = mempcpy(out, template->text + from, until - from);
        out = mempcpy(out, value, strlen(value));
        from = template->blanks[i].start + QUOTED_SIZE - 1;
    }
    out = mempcpy(out, template->text + from, template->length - from);
    *out = '\0';
    *length = (size_t)(out - record);
    return record;
}

void invoice_template_clear(struct invoice_template *template)
{
    free(template->text);
    *template = (struct invoice_template){0};
}
