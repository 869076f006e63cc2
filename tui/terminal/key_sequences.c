#include "tui/terminal/key_sequences.h"

#include "tui/terminal/key_codes.h"

#define SEQUENCE_MAX 48 /* a longer one is none that we know: let go */

uint32_t key_of_tilde(int number)
{
    static const uint32_t keys[] = {
        [1] = KEYS_HOME,    [2] = KEYS_INSERT,    [3] = KEYS_DELETE, [4] = KEYS_END,
        [5] = KEYS_PAGE_UP, [6] = KEYS_PAGE_DOWN, [7] = KEYS_HOME,   [8] = KEYS_END,
        [11] = KEYS_F(1),   [12] = KEYS_F(2),     [13] = KEYS_F(3),  [14] = KEYS_F(4),
        [15] = KEYS_F(5),   [17] = KEYS_F(6),     [18] = KEYS_F(7),  [19] = KEYS_F(8),
        [20] = KEYS_F(9),   [21] = KEYS_F(10),    [23] = KEYS_F(11), [24] = KEYS_F(12),
        [25] = KEYS_F(13),  [26] = KEYS_F(14),    [28] = KEYS_F(15), [29] = KEYS_F(16),
        [31] = KEYS_F(17),  [32] = KEYS_F(18),    [33] = KEYS_F(19), [34] = KEYS_F(20),
    };
    if (number < 0 || (size_t)number >= sizeof keys / sizeof keys[0]) return KEYS_NONE;
    return keys[number];
}

struct letter_key {
    char letter;
    uint32_t key;
};

static uint32_t letter_key(const struct letter_key *table, size_t count, char letter)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].letter == letter) return table[i].key;
    }
    return KEYS_NONE;
}

uint32_t key_of_letter(char letter)
{
    static const struct letter_key table[] = {
        {'A', KEYS_UP},   {'B', KEYS_DOWN}, {'C', KEYS_RIGHT},    {'D', KEYS_LEFT},
        {'H', KEYS_HOME}, {'F', KEYS_END},  {'P', KEYS_F(1)},     {'Q', KEYS_F(2)},
        {'R', KEYS_F(3)}, {'S', KEYS_F(4)}, {'Z', KEYS_BACK_TAB},
    };
    return letter_key(table, sizeof table / sizeof table[0], letter);
}

uint32_t key_of_ss3(char letter)
{
    static const struct letter_key table[] = {
        {'M', KEYS_ENTER},
        {'I', KEYS_TAB},
        {' ', ' '},
        {'X', '='},
        {'j', '*'},
        {'k', '+'},
        {'l', ','},
        {'m', '-'},
        {'n', '.'},
        {'o', '/'},
        {'a', KEYS_CTRLED | KEYS_UP},
        {'b', KEYS_CTRLED | KEYS_DOWN},
        {'c', KEYS_CTRLED | KEYS_RIGHT},
        {'d', KEYS_CTRLED | KEYS_LEFT},
    };
    if (letter >= 'p' && letter <= 'y') return (uint32_t)('0' + (letter - 'p'));
    uint32_t key = key_of_letter(letter);
    return key ? key : letter_key(table, sizeof table / sizeof table[0], letter);
}

uint32_t key_modifiers(int parameter)
{
    int bits = parameter > 1 ? parameter - 1 : 0;
    return ((bits & 1) ? KEYS_SHIFTED : 0u) | ((bits & 2) ? KEYS_ALT : 0u) |
           ((bits & 4) ? KEYS_CTRLED : 0u);
}

enum found csi_read(const char *bytes, size_t length, struct csi *csi)
{
    *csi = (struct csi){0};
    size_t parameter = 0;
    for (size_t i = 2; i < length; i++) {
        char byte = bytes[i];
        csi->length = i + 1;
        if (i > SEQUENCE_MAX) return FOUND_NOTHING;
        if (byte >= '0' && byte <= '9') {
            int *number = &csi->parameters[parameter];
            if (*number < 100000) *number = *number * 10 + (byte - '0');
        } else if (byte == ';' || byte == ':') {
            if (parameter + 1 < CSI_PARAMETERS_MAX) parameter++;
        } else if (byte >= '<' && byte <= '?') {
            csi->private_mark = byte;
        } else if (byte >= 0x40 && byte <= 0x7E) {
            csi->last = byte;
            return FOUND_EVENT;
        } else if (byte < 0x20 || byte > 0x2F) {
            csi->length = i; /* no part of a sequence: it was broken off here */
            return FOUND_NOTHING;
        }
    }
    return FOUND_BEGINNING;
}
