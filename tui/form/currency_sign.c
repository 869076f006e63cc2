#include "tui/form/currency_sign.h"

#include "protocol/wire/currency.h"

#include <stddef.h>
#include <string.h>

#define CODE_LENGTH 3

/* A sign, and the codes that it may be of. */
static const struct {
    const char *sign;
    const char *codes;
} signs[] = {
    {"\u20AC", "EUR"},
    {"$", "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD "
          "SGD SRD TTD TWD UYU XCD"},
    {"US$", "USD"},
    {"R$", "BRL"},
    {"A$", "AUD"},
    {"AU$", "AUD"},
    {"C$", "CAD"},
    {"CA$", "CAD"},
    {"HK$", "HKD"},
    {"MX$", "MXN"},
    {"NZ$", "NZD"},
    {"S$", "SGD"},
    {"\u00A3", "GBP EGP FKP GIP LBP SHP SYP"},
    {"\u00A5", "JPY CNY"},
    {"\uFFE5", "JPY CNY"},
    {"\u20A9", "KRW"},
    {"\u20B9", "INR"},
    {"\u20BA", "TRY"},
    {"\u20AA", "ILS"},
    {"\u20AB", "VND"},
    {"\u20B4", "UAH"},
    {"\u20BD", "RUB"},
    {"\u0E3F", "THB"},
    {"kr", "DKK ISK NOK SEK"},
    {"Kr", "DKK ISK NOK SEK"},
    {"K\u010D", "CZK"},
    {"z\u0142", "PLN"},
    {"Ft", "HUF"},
};

/* As a code of ISO 4217, in capitals; "" when it is none. */
static void read_code(const char *sign, char code[CODE_LENGTH + 1])
{
    size_t length = 0;
    for (; sign[length] && length < CODE_LENGTH; length++) {
        bool small = sign[length] >= 'a' && sign[length] <= 'z';
        code[length] = (char)(small ? sign[length] - 'a' + 'A' : sign[length]);
    }
    code[length] = '\0';
    if (sign[length] != '\0' || currency_minor_digits(code) < 0) code[0] = '\0';
}

enum currency_sign currency_sign_read(const char *sign, const char *currency)
{
    char code[CODE_LENGTH + 1];
    const char *codes = code;
    read_code(sign, code);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(signs[i].sign, sign) == 0) codes = signs[i].codes;
    if (!*codes) return CURRENCY_SIGN_NONE;
    return strstr(codes, currency) ? CURRENCY_SIGN_OF : CURRENCY_SIGN_OTHER;
}
