#include "tui/form/align.h"

#include "protocol/wire/text.h"

#include <string.h>

static int fraction_of(const char *amount)
{
    const char *point = strchr(amount, '.');
    return point ? (int)text_width(point) : 0;
}

void align_measure(struct align *align, const char *amount)
{
    int fraction = fraction_of(amount);
    int whole = (int)text_width(amount) - fraction;
    if (whole > align->whole) align->whole = whole;
    if (fraction > align->fraction) align->fraction = fraction;
}

int align_columns(const struct align *align)
{
    return align->whole + align->fraction;
}

int align_start(const struct align *align, int end, const char *amount)
{
    int behind = align->fraction - fraction_of(amount);
    return end - (behind > 0 ? behind : 0) - (int)text_width(amount);
}
