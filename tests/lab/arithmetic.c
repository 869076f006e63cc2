#include "tests/lab/arithmetic.h"

#include <stdint.h>
#include <string.h>

#define RATES_MAX 200

__extension__ typedef __int128 wide;

/* units x 10^-decimals */
struct figure {
    wide units;
    unsigned decimals;
};

static bool read_figure(const char *text, struct figure *figure)
{
    *figure = (struct figure){0};
    if (!text) return false;
    bool negative = *text == '-';
    bool point = false;
    size_t digits = 0;
    for (const char *at = text + negative; *at; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (*at < '0' || *at > '9' || ++digits > 18) return false;
        figure->units = figure->units * 10 + (*at - '0');
        figure->decimals += point;
    }
    if (negative) figure->units = -figure->units;
    return digits > 0;
}

/* Half away from zero. */
static wide rounded(wide units, unsigned decimals, unsigned wanted)
{
    for (; decimals < wanted; decimals++)
        units *= 10;
    wide divisor = 1;
    for (; decimals > wanted; decimals--)
        divisor *= 10;
    wide half = divisor / 2;
    return (units < 0 ? units - half : units + half) / divisor;
}

/* ISO 4217: those with two decimals are the rest. */
static unsigned decimals_of(const char *currency)
{
    static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF "
                               "XPF",
                      three[] = "BHD IQD JOD KWD LYD OMR TND", four[] = "CLF UYW";
    if (strstr(none, currency)) return 0;
    if (strstr(three, currency)) return 3;
    return strstr(four, currency) ? 4 : 2;
}

/* What a record shows is that amount, to the last decimal. */
static bool shows(const struct json *object, const char *name, wide units, unsigned decimals)
{
    struct figure shown;
    return read_figure(json_text(object, name), &shown) && shown.decimals == decimals &&
           shown.units == units;
}

struct rate {
    struct figure percent;
    wide base;
};

static bool is_rate(const struct rate *rate, const struct figure *percent)
{
    return rounded(rate->percent.units, rate->percent.decimals, 4) ==
           rounded(percent->units, percent->decimals, 4);
}

struct sums {
    unsigned decimals;
    wide net;
    struct rate rates[RATES_MAX];
    size_t rate_count;
};

static bool add_to_rate(struct sums *sums, const struct figure *percent, wide net)
{
    size_t i = 0;
    while (i < sums->rate_count && !is_rate(&sums->rates[i], percent))
        i++;
    if (i == RATES_MAX) return false;
    if (i == sums->rate_count) sums->rates[sums->rate_count++] = (struct rate){.percent = *percent};
    sums->rates[i].base += net;
    return true;
}

static bool add_line(struct sums *sums, const struct json *line)
{
    struct figure quantity, price, percent;
    const char *rate = json_text(line, "tax_rate");
    if (!read_figure(json_text(line, "quantity"), &quantity) ||
        !read_figure(json_text(line, "unit_price"), &price) ||
        !read_figure(rate ? rate : "0", &percent))
        return false;
    wide net =
        rounded(quantity.units * price.units, quantity.decimals + price.decimals, sums->decimals);
    sums->net += net;
    return shows(line, "net", net, sums->decimals) && add_to_rate(sums, &percent, net);
}

static wide tax_of(const struct sums *sums)
{
    wide tax = 0;
    for (size_t i = 0; i < sums->rate_count; i++) {
        const struct rate *rate = &sums->rates[i];
        tax += rounded(rate->base * rate->percent.units,
                       sums->decimals + rate->percent.decimals + 2, sums->decimals);
    }
    return tax;
}

bool arithmetic_agrees(const struct json *record)
{
    const char *currency = json_text(record, "currency");
    const struct json *totals = json_member(record, "totals");
    if (!currency || strlen(currency) != 3) return false;
    struct sums sums = {.decimals = decimals_of(currency)};
    for (const struct json *line = json_first(json_member(record, "lines")); line;
         line = json_next(line))
        if (!add_line(&sums, line)) return false;
    wide tax = tax_of(&sums);
    return shows(totals, "net", sums.net, sums.decimals) &&
           shows(totals, "tax", tax, sums.decimals) &&
           shows(totals, "gross", sums.net + tax, sums.decimals);
}
