/* Answers to questions, in place of typing: the field that has the focus is the one that is asked
 * for. */
#include "tui/form/form.h"

#include <string.h>

const char *form_text(struct form *form)
{
    return text_field_text(form_focused(form));
}

char *form_text_shown(struct form *form)
{
    struct text_field whole = *form_focused(form);
    size_t cursor;
    whole.first = whole.cursor = 0;
    return text_field_window(&whole, TEXT_FIELD_ALL, &cursor);
}

/* An answer for the e-mail may have a name with it. */
enum text_field_status form_answer(struct form *form, const char *answer)
{
    struct text_field *field = form_focused(form);
    text_field_offer(field);
    if (!*answer) return text_field_set(field, "");
    if (form_at_email(form)) return form_paste(form, answer, strlen(answer));
    return text_field_insert(field, answer, strlen(answer));
}

enum text_field_status form_put_back(struct form *form, const char *text, bool suggested)
{
    struct text_field *field = form_focused(form);
    return suggested ? text_field_suggest(field, text) : text_field_set(field, text);
}
