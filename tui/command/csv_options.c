#include "tui/command/csv_options.h"

#include "tui/command/command_line.h"
#include "tui/words/words.h"

#include <string.h>

int csv_options_take(struct csv_options *options, char ***arguments)
{
    if (strcmp(**arguments, "--decimal-comma") == 0) {
        options->decimal_comma = true;
        ++*arguments;
        return 0;
    }
    const char *value = command_line_value(arguments, "--delimiter");
    if (!value) return -1;
    bool is_tab = strcmp(value, "tab") == 0 || strcmp(value, "\t") == 0;
    bool is_one = value[0] > ' ' && value[0] < 0x7f && value[0] != '"' && value[1] == '\0';
    options->delimiter = is_tab ? '\t' : value[0];
    return is_tab || is_one
               ? 0
               : command_line_wrong(_("--delimiter: one character, or tab, not "), value);
}

int csv_options_check(const struct csv_options *options, bool csv)
{
    if (csv || (!options->decimal_comma && options->delimiter == '\0')) return 0;
    return command_line_wrong(_("--delimiter and --decimal-comma are for CSV: see --csv"), "");
}

struct csv_form csv_options_form(const struct csv_options *options)
{
    return (struct csv_form){.delimiter = options->delimiter,
                             .decimal_comma = options->decimal_comma};
}
