/* Ctrl-C and its like, as a descriptor that a loop can wait for. */
#ifndef INVONCE_TUI_INTERRUPT_H
#define INVONCE_TUI_INTERRUPT_H

#include <stdbool.h>

/* Catches SIGINT, SIGTERM and SIGHUP (but what is ignored stays so). False: no descriptors. */
bool interrupt_catch(void);
void interrupt_release(void); /* as it was before */

int interrupt_descriptor(void); /* readable once one came */
int interrupt_signal(void);     /* the first one that came; 0: none */

#endif
