#include "tui/form/weekday.h"

#include "tui/words/words.h"

const char *weekday_name(struct date date)
{
    static const char *const names[] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
                                        N_("Thu"), N_("Fri"), N_("Sat")};
    return _(names[date_weekday(date)]);
}
