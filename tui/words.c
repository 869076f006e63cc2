#include "tui/words.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#define DOMAIN "invonce"

void words_set_up(void)
{
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
    bindtextdomain(DOMAIN, INVONCE_LOCALE_DIR);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}
