/* A terminal's screen as a picture: SVG with its colours, for people to read. */
#ifndef INVONCE_TESTS_TERMINAL_SVG_H
#define INVONCE_TESTS_TERMINAL_SVG_H

#include "tests/terminal/pty.h"

#include <stdio.h>

/* Writes the whole document. The caller sees to the file's errors. */
void svg_write(struct pty *pty, FILE *file);

#endif
