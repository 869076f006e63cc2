/* What terminals send for keys that are no characters: ECMA-48, VT220, xterm, rxvt. For keys.c. */
#ifndef INVONCE_TUI_KEY_SEQUENCES_H
#define INVONCE_TUI_KEY_SEQUENCES_H

#include <stddef.h>
#include <stdint.h>

/* What a reader found at the front of the buffer. */
enum found {
    FOUND_EVENT,
    FOUND_NOTHING,  /* bytes that mean nothing to us, taken */
    FOUND_BEGINNING /* of something; more bytes are needed */
};

#define CSI_PARAMETERS_MAX 3

struct csi {
    char private_mark; /* one of < = > ?, or 0 */
    int parameters[CSI_PARAMETERS_MAX];
    char last;
    size_t length; /* of the whole sequence, or of what was broken off */
};

/* Reads ESC [ … letter. */
enum found csi_read(const char *bytes, size_t length, struct csi *csi);

/* Keys of key_codes.h; KEYS_NONE: not one that is known. */
uint32_t key_of_tilde(int number);   /* CSI number ~ */
uint32_t key_of_letter(char letter); /* the last one of a CSI or SS3 sequence */
/* SS3 letter: as above, the keypad in application mode, and rxvt's Ctrl with an arrow. */
uint32_t key_of_ss3(char letter);
/* xterm's modifier parameter: 1 + Shift 1 + Alt 2 + Ctrl 4. */
uint32_t key_modifiers(int parameter);

#endif
