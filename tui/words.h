/* Translated words (gettext) and the locale that they are in. */
#ifndef INVONCE_TUI_WORDS_H
#define INVONCE_TUI_WORDS_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) (text) /* translated where it is used */

/* The user's locale, with UTF-8 whatever it says: the screen and the contract are UTF-8. */
void words_set_up(void);

#endif
