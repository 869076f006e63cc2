#include "tui/views/totals.h"

#include "protocol/wire/text.h"
#include "tui/terminal/screen.h"

#include <string.h>

#define GAP 2

/* Where the labels begin: at the usual place, unless a row needs more. */
static int start_of(const struct sum_rows *sums, const struct totals_place *place)
{
    int columns = place->columns;
    for (size_t i = 0; i < sums->count; i++) {
        int wanted = (int)(text_width(sums->rows[i].label) + GAP + strlen(sums->rows[i].amount));
        if (wanted > columns) columns = wanted;
    }
    return screen_columns() - columns;
}

void totals_paint(const struct resource *resource, const struct amounts *amounts,
                  const char *currency, const struct totals_place *place)
{
    struct sum_rows sums;
    sums_make(resource, amounts, currency, (size_t)place->shares, &sums);
    int x = start_of(&sums, place);
    int y = place->total_y + 1 - (int)sums.count;
    for (size_t i = 0; i < sums.count; i++, y++) {
        enum style style = y == place->total_y ? STYLE_STRONG : STYLE_TEXT;
        screen_put(y, x, SUMS_LABEL_SIZE, style, sums.rows[i].label);
        screen_put_right(y, screen_columns(), DECIMAL_TEXT_MAX, style, sums.rows[i].amount);
    }
}
