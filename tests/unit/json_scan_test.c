/* Several hundred texts, each with what the scan makes of it and why. What it lets through, cJSON
 * reads; what cJSON would read as well but RFC 8259 does not allow never comes to it. */
#include "protocol/wire/canonical_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define BYTES(text)  text, sizeof(text) - 1

enum fault {
    SOUND,
    EARLY,
    NOT_JSON,
    NOT_UTF8,
    ZERO,
    HALF,
    TWICE,
    LARGE,
    AFTER,
    BOM,
};

static const char *const SENTENCES[] = {
    [EARLY] = "It ends too early",
    [NOT_JSON] = "It is not JSON (RFC 8259): check quotes, commas and numbers",
    [NOT_UTF8] = "It holds bytes that are not UTF-8",
    [ZERO] = "The character U+0000 is not allowed in a text",
    [HALF] = "A surrogate (\\uD800 to \\uDFFF) stands without its other half",
    [TWICE] = "A member is there twice; leave one of the two",
    [LARGE] = "A number is too large",
    [AFTER] = "Something follows the JSON value; send one value alone",
    [BOM] = "It begins with a byte order mark; leave that out",
};

struct row {
    const char *bytes;
    size_t length;
    enum fault fault;
    const char *reason;
};

static const struct row VALUES_ALONE[] = {
    {BYTES("{}"), SOUND, "the smallest object"},
    {BYTES("[]"), SOUND, "the smallest array"},
    {BYTES("\"\""), SOUND, "an empty text"},
    {BYTES("0"), SOUND, "RFC 8259 allows any value at the top"},
    {BYTES("null"), SOUND, "so"},
    {BYTES("true"), SOUND, "so"},
    {BYTES("false"), SOUND, "so"},
    {BYTES("\"a\""), SOUND, "so"},
    {BYTES("-1"), SOUND, "so"},
    {BYTES("[[]]"), SOUND, "in each other"},
    {BYTES("[{}]"), SOUND, "in each other"},
    {BYTES("{\"a\":{}}"), SOUND, "in each other"},
    {BYTES("{\"\":0}"), SOUND, "a name may be empty"},
    {BYTES("[1,2]"), SOUND, "items"},
    {BYTES("{\"a\":1,\"b\":2}"), SOUND, "members"},
    {BYTES("[null,true,false,0,\"\",[],{}]"), SOUND, "one of each"},
    {BYTES(""), EARLY, "nothing"},
    {BYTES(" "), EARLY, "blanks alone"},
    {BYTES("\x0A\x09\x0D "), EARLY, "blanks alone"},
    {BYTES("{"), EARLY, "open"},
    {BYTES("["), EARLY, "open"},
    {BYTES("\""), EARLY, "open"},
    {BYTES("{\"a\""), EARLY, "open"},
    {BYTES("{\"a\":"), EARLY, "open"},
    {BYTES("{\"a\":1"), EARLY, "open"},
    {BYTES("{\"a\":1,"), EARLY, "open"},
    {BYTES("[1"), EARLY, "open"},
    {BYTES("[1,"), EARLY, "open"},
    {BYTES("[[]"), EARLY, "open"},
    {BYTES("{\"a\":{}"), EARLY, "open"},
    {BYTES("\"a"), EARLY, "open"},
    {BYTES("\"a\\"), EARLY, "an escape is open"},
    {BYTES("\"a\\u"), EARLY, "an escape is cut"},
    {BYTES("\"a\\u12"), EARLY, "an escape is cut"},
    {BYTES("\"a\\q"), NOT_JSON, "no escape, however it goes on"},
    {BYTES("-"), EARLY, "a sign alone"},
    {BYTES("1."), EARLY, "no fraction"},
    {BYTES("1e"), EARLY, "no exponent"},
    {BYTES("1e+"), EARLY, "no exponent"},
    {BYTES("t"), EARLY, "a word is cut"},
    {BYTES("tru"), EARLY, "a word is cut"},
    {BYTES("fals"), EARLY, "a word is cut"},
    {BYTES("nul"), EARLY, "a word is cut"},
};

static const struct row BLANKS[] = {
    {BYTES(" {} "), SOUND, "around"},
    {BYTES("\x09[\x09"
           "1\x09,\x09"
           "2\x09]\x09"),
     SOUND, "between"},
    {BYTES("\x0A{\x0A\"a\"\x0A:\x0A"
           "1\x0A}\x0A"),
     SOUND, "between"},
    {BYTES("\x0D[\x0D]\x0D"), SOUND, "a carriage return is one"},
    {BYTES("{ }"), SOUND, "in nothing"},
    {BYTES("[ ]"), SOUND, "in nothing"},
    {BYTES("\x0B"
           "1"),
     NOT_JSON, "a vertical tab is none"},
    {BYTES("\x0C"
           "1"),
     NOT_JSON, "a form feed is none"},
    {BYTES("\xC2\xA0"
           "1"),
     NOT_JSON, "a no-break space is none"},
    {BYTES("\xE2\x80\xA8"
           "1"),
     NOT_JSON, "a line separator is none"},
    {BYTES("1\xC2\xA0"), AFTER, "so behind"},
    {BYTES("\xE2\x80\x8B"
           "1"),
     NOT_JSON, "so"},
    {BYTES("[1\x0B]"), NOT_JSON, "so"},
    {BYTES("[\xE3\x80\x80"
           "1]"),
     NOT_JSON, "so"},
    {BYTES("1 2"), AFTER, "two values"},
    {BYTES("- 1"), NOT_JSON, "inside a number"},
    {BYTES("1 .5"), AFTER, "inside a number"},
    {BYTES("t rue"), NOT_JSON, "inside a word"},
    {BYTES("\"a\" \"b\""), AFTER, "two values"},
    {BYTES("{\"a\" :1}"), SOUND, "before a colon"},
    {BYTES("{\"a\": 1}"), SOUND, "behind a colon"},
};

static const struct row OBJECTS[] = {
    {BYTES("{\"a\":1,}"), NOT_JSON, "a comma too many"},
    {BYTES("{,}"), NOT_JSON, "a comma alone"},
    {BYTES("{,\"a\":1}"), NOT_JSON, "a comma first"},
    {BYTES("{\"a\":1,,\"b\":2}"), NOT_JSON, "two commas"},
    {BYTES("{\"a\" 1}"), NOT_JSON, "no colon"},
    {BYTES("{\"a\"::1}"), NOT_JSON, "two colons"},
    {BYTES("{\"a\":}"), NOT_JSON, "no value"},
    {BYTES("{:1}"), NOT_JSON, "no name"},
    {BYTES("{a:1}"), NOT_JSON, "a name without quotes"},
    {BYTES("{'a':1}"), NOT_JSON, "quotes of another kind"},
    {BYTES("{1:1}"), NOT_JSON, "a number as a name"},
    {BYTES("{null:1}"), NOT_JSON, "a word as a name"},
    {BYTES("{[]:1}"), NOT_JSON, "a list as a name"},
    {BYTES("{\"a\":1 \"b\":2}"), NOT_JSON, "no comma"},
    {BYTES("{\"a\":1;\"b\":2}"), NOT_JSON, "a semicolon"},
    {BYTES("{\"a\"=1}"), NOT_JSON, "an equals sign"},
    {BYTES("{\"a\":1]"), NOT_JSON, "closed by the other bracket"},
    {BYTES("{\"a\"}"), NOT_JSON, "a name alone"},
    {BYTES("{\"a\",\"b\"}"), NOT_JSON, "names alone"},
    {BYTES("{{}}"), NOT_JSON, "an object as a name"},
    {BYTES("}"), NOT_JSON, "closed, never opened"},
    {BYTES("{\"a\":1}}"), AFTER, "closed twice"},
    {BYTES("{\"a\":1,\"b\"}"), NOT_JSON, "a name alone"},
    {BYTES("{\"\\u0061\":1}"), SOUND, "an escape in a name"},
    {BYTES("{\"a\\n\":1}"), SOUND, "an escape in a name"},
    {BYTES("{\"a\x0A\":1}"), NOT_JSON, "a line end in a name"},
};

static const struct row ARRAYS[] = {
    {BYTES("[1,]"), NOT_JSON, "a comma too many"},
    {BYTES("[,1]"), NOT_JSON, "a comma first"},
    {BYTES("[,]"), NOT_JSON, "a comma alone"},
    {BYTES("[1,,2]"), NOT_JSON, "two commas"},
    {BYTES("[1 2]"), NOT_JSON, "no comma"},
    {BYTES("[1;2]"), NOT_JSON, "a semicolon"},
    {BYTES("[1:2]"), NOT_JSON, "a colon"},
    {BYTES("[\"a\":1]"), NOT_JSON, "a member in an array"},
    {BYTES("[1}"), NOT_JSON, "closed by the other bracket"},
    {BYTES("]"), NOT_JSON, "closed, never opened"},
    {BYTES("[]]"), AFTER, "closed twice"},
    {BYTES("[][]"), AFTER, "two values"},
    {BYTES("[a]"), NOT_JSON, "no value"},
    {BYTES("[\"\"]"), SOUND, "an empty text"},
    {BYTES("[-]"), NOT_JSON, "no number"},
    {BYTES("['a']"), NOT_JSON, "quotes of another kind"},
    {BYTES("[...]"), NOT_JSON, "no value"},
    {BYTES("[1,2,3,4,5,6,7,8,9,10]"), SOUND, "many"},
};

static const struct row WORDS[] = {
    {BYTES("True"), NOT_JSON, "a capital"},
    {BYTES("TRUE"), NOT_JSON, "capitals"},
    {BYTES("Null"), NOT_JSON, "a capital"},
    {BYTES("FALSE"), NOT_JSON, "capitals"},
    {BYTES("nil"), NOT_JSON, "of another language"},
    {BYTES("none"), NOT_JSON, "of another language"},
    {BYTES("undefined"), NOT_JSON, "of another language"},
    {BYTES("NaN"), NOT_JSON, "no number of JSON"},
    {BYTES("Infinity"), NOT_JSON, "no number of JSON"},
    {BYTES("-Infinity"), NOT_JSON, "no number of JSON"},
    {BYTES("inf"), NOT_JSON, "no number of JSON"},
    {BYTES("truee"), AFTER, "a letter too many"},
    {BYTES("nulll"), AFTER, "a letter too many"},
    {BYTES("true1"), AFTER, "a digit behind"},
    {BYTES("true\"a\""), AFTER, "a text behind"},
    {BYTES("[true false]"), NOT_JSON, "no comma"},
    {BYTES("[nullnull]"), NOT_JSON, "no comma"},
    {BYTES("tr\\u0075e"), NOT_JSON, "no escapes in words"},
    {BYTES("\xEF\xBD\x94rue"), NOT_JSON, "a full-width letter"},
    {BYTES("yes"), NOT_JSON, "of another language"},
    {BYTES("x"), NOT_JSON, "a letter"},
};

static const struct row NUMBERS[] = {
    {BYTES("0"), SOUND, "a number"},
    {BYTES("-0"), SOUND, "a zero may be negative"},
    {BYTES("1"), SOUND, "a number"},
    {BYTES("-1"), SOUND, "a number"},
    {BYTES("9"), SOUND, "a number"},
    {BYTES("10"), SOUND, "a number"},
    {BYTES("123"), SOUND, "a number"},
    {BYTES("1234567890"), SOUND, "a number"},
    {BYTES("0.0"), SOUND, "a number"},
    {BYTES("-0.0"), SOUND, "a number"},
    {BYTES("0.5"), SOUND, "a number"},
    {BYTES("-0.5"), SOUND, "a number"},
    {BYTES("1.0"), SOUND, "a number"},
    {BYTES("1.50"), SOUND, "a number"},
    {BYTES("1.000000"), SOUND, "a number"},
    {BYTES("10.01"), SOUND, "a number"},
    {BYTES("1e0"), SOUND, "a number"},
    {BYTES("1E0"), SOUND, "a number"},
    {BYTES("1e+0"), SOUND, "a number"},
    {BYTES("1e-0"), SOUND, "a number"},
    {BYTES("1e1"), SOUND, "a number"},
    {BYTES("1E1"), SOUND, "a number"},
    {BYTES("1e+1"), SOUND, "a number"},
    {BYTES("1E+1"), SOUND, "a number"},
    {BYTES("1e-1"), SOUND, "a number"},
    {BYTES("1E-1"), SOUND, "a number"},
    {BYTES("1e01"), SOUND, "an exponent may begin with zeros"},
    {BYTES("1e-01"), SOUND, "a number"},
    {BYTES("1.5e3"), SOUND, "a number"},
    {BYTES("-1.5E-3"), SOUND, "a number"},
    {BYTES("0e0"), SOUND, "a number"},
    {BYTES("0E1"), SOUND, "a number"},
    {BYTES("0e+1"), SOUND, "a number"},
    {BYTES("0e-999999"), SOUND, "zero, however small"},
    {BYTES("0.0e999999"), SOUND, "zero, however large"},
    {BYTES("1e-400"), SOUND, "too small for a double: zero"},
    {BYTES("-1e-400"), SOUND, "a number"},
    {BYTES("4.9e-324"), SOUND, "the smallest double"},
    {BYTES("2.2250738585072014e-308"), SOUND, "a number"},
    {BYTES("1.7976931348623157e308"), SOUND, "the largest double"},
    {BYTES("-1.7976931348623157e308"), SOUND, "a number"},
    {BYTES("9007199254740991"), SOUND, "a number"},
    {BYTES("9007199254740992"), SOUND, "a number"},
    {BYTES("9007199254740993"), SOUND, "no double is this: the nearest one is"},
    {BYTES("-9007199254740993"), SOUND, "a number"},
    {BYTES("9223372036854775807"), SOUND, "a number"},
    {BYTES("9223372036854775808"), SOUND, "past 2^63: a double"},
    {BYTES("18446744073709551615"), SOUND, "a number"},
    {BYTES("18446744073709551616"), SOUND, "a number"},
    {BYTES("99999999999999999999"), SOUND, "a number"},
    {BYTES("123456789012345678901234567890"), SOUND, "a number"},
    {BYTES("0.1234567890123456789012345678901234567890"), SOUND, "a number"},
    {BYTES("333333333.33333329"), SOUND, "a number"},
    {BYTES("1e23"), SOUND, "a number"},
    {BYTES("5e-324"), SOUND, "a number"},
    {BYTES("1e-7"), SOUND, "a number"},
    {BYTES("123.456e-78"), SOUND, "a number"},
    {BYTES("+1"), NOT_JSON, "a plus sign"},
    {BYTES("+"), NOT_JSON, "a plus sign"},
    {BYTES(".5"), NOT_JSON, "nothing before the point"},
    {BYTES("-.5"), NOT_JSON, "nothing before the point"},
    {BYTES("01"), NOT_JSON, "a zero in front"},
    {BYTES("-01"), NOT_JSON, "a zero in front"},
    {BYTES("00"), NOT_JSON, "a zero in front"},
    {BYTES("00.5"), NOT_JSON, "a zero in front"},
    {BYTES("--1"), NOT_JSON, "two signs"},
    {BYTES("-+1"), NOT_JSON, "two signs"},
    {BYTES("1.e1"), NOT_JSON, "nothing behind the point"},
    {BYTES("1..5"), NOT_JSON, "two points"},
    {BYTES("1e.5"), NOT_JSON, "no exponent"},
    {BYTES("1ee1"), NOT_JSON, "two exponents"},
    {BYTES("1e++1"), NOT_JSON, "two signs"},
    {BYTES("1e+-1"), NOT_JSON, "two signs"},
    {BYTES("-a"), NOT_JSON, "no digit"},
    {BYTES("1.a"), NOT_JSON, "no digit"},
    {BYTES("1ea"), NOT_JSON, "no digit"},
    {BYTES("\xD9\xA1"), NOT_JSON, "a digit of another script"},
    {BYTES("\xEF\xBC\x91"), NOT_JSON, "a full-width digit"},
    {BYTES("\xE2\x88\x92"
           "1"),
     NOT_JSON, "another minus sign"},
    {BYTES("-\xD9\xA1"), NOT_JSON, "a digit of another script"},
    {BYTES("$1"), NOT_JSON, "a sign of money"},
    {BYTES("0x10"), AFTER, "hexadecimal"},
    {BYTES("0b1"), AFTER, "binary"},
    {BYTES("0o7"), AFTER, "octal"},
    {BYTES("1_000"), AFTER, "digits in groups"},
    {BYTES("1,000"), AFTER, "digits in groups"},
    {BYTES("1'000"), AFTER, "digits in groups"},
    {BYTES("1.5.5"), AFTER, "two points"},
    {BYTES("1-"), AFTER, "a sign behind"},
    {BYTES("1+1"), AFTER, "a sum"},
    {BYTES("1a"), AFTER, "a letter"},
    {BYTES("1L"), AFTER, "a letter"},
    {BYTES("1.0f"), AFTER, "a letter"},
    {BYTES("1e1.5"), AFTER, "a point in the exponent"},
    {BYTES("1e5e5"), AFTER, "two exponents"},
    {BYTES("1/2"), AFTER, "a fraction"},
    {BYTES("1%"), AFTER, "a per cent sign"},
    {BYTES("1\xC2\xBD"), AFTER, "a vulgar fraction"},
    {BYTES("1e309"), LARGE, "past the largest double"},
    {BYTES("-1e309"), LARGE, "past the largest double"},
    {BYTES("1e400"), LARGE, "past the largest double"},
    {BYTES("1.7976931348623159e308"), LARGE, "just past it"},
    {BYTES("123e307"), LARGE, "past it"},
    {BYTES("0.1e310"), LARGE, "past it"},
    {BYTES("1E+999999999999"), LARGE, "far past it"},
    {BYTES("999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "9999999999999999999999999999999999999999999999999999"),
     LARGE, "past it, written out"},
    {BYTES("100000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "0000000000000000000000000000000000000000000000000"),
     LARGE, "past it, written out"},
    {BYTES("[1e309]"), LARGE, "so in an array"},
    {BYTES("{\"a\":-1e999}"), LARGE, "so in an object"},
    {BYTES("100000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "00000000000000"),
     SOUND, "longer than cJSON read once"},
    {BYTES("0."
           "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
           "00000000000001"),
     SOUND, "longer than cJSON read once"},
    {BYTES("111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "as long as cJSON read once"},
    {BYTES("1111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "one longer"},
    {BYTES("-111111111111111111111111111111111111111111111111111111111111111"), SOUND,
     "one longer"},
    {BYTES("[11111111111111111111111111111111111111111111111111111111111111111111111111111111,2]"),
     SOUND, "so in an array"},
};

static const struct row ESCAPES[] = {
    {BYTES("\"\\\"\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\\\\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\/\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\b\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\f\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\n\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\r\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\t\""), SOUND, "an escape of RFC 8259"},
    {BYTES("\"\\a\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\v\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\0\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\x41\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\'\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\e\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\U00000041\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\N\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\B\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\T\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\1\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\?\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\-\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\ \""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\\x0A\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\\xC3\xA9\""), NOT_JSON, "no escape of RFC 8259"},
    {BYTES("\"\\u0041\""), SOUND, "a letter"},
    {BYTES("\"\\u00e9\""), SOUND, "small hexadecimal digits"},
    {BYTES("\"\\u00E9\""), SOUND, "capital ones"},
    {BYTES("\"\\uABCD\""), SOUND, "capital ones"},
    {BYTES("\"\\uabCd\""), SOUND, "both"},
    {BYTES("\"\\u0001\""), SOUND, "a control character, escaped"},
    {BYTES("\"\\u001F\""), SOUND, "the last of them"},
    {BYTES("\"\\u007F\""), SOUND, "delete"},
    {BYTES("\"\\u2028\""), SOUND, "a line separator"},
    {BYTES("\"\\uFEFF\""), SOUND, "a byte order mark inside"},
    {BYTES("\"\\uFFFE\""), SOUND, "a noncharacter: read, as it always was"},
    {BYTES("\"\\uFFFF\""), SOUND, "a noncharacter: so"},
    {BYTES("\"\\uE000\""), SOUND, "behind the surrogates"},
    {BYTES("\"\\uD7FF\""), SOUND, "before the surrogates"},
    {BYTES("\"\\ud83d\\ude00\""), SOUND, "a pair"},
    {BYTES("\"\\uD83D\\uDE00\""), SOUND, "a pair"},
    {BYTES("\"\\uD800\\uDC00\""), SOUND, "the first pair"},
    {BYTES("\"\\uDBFF\\uDFFF\""), SOUND, "the last pair"},
    {BYTES("\"\\uD83D\\uDE00\\uD83D\\uDE01\""), SOUND, "two pairs"},
    {BYTES("\"\\u0000\""), ZERO, "U+0000"},
    {BYTES("\"a\\u0000b\""), ZERO, "U+0000 inside"},
    {BYTES("{\"\\u0000\":1}"), ZERO, "U+0000 in a name"},
    {BYTES("\"\\\\u0000\""), SOUND, "a backslash and five characters"},
    {BYTES("\"\\\\\\u0000\""), ZERO, "a backslash and U+0000"},
    {BYTES("\"\\ud800\""), HALF, "the first half alone"},
    {BYTES("\"\\udbff\""), HALF, "the first half alone"},
    {BYTES("\"\\udc00\""), HALF, "the second half alone"},
    {BYTES("\"\\udfff\""), HALF, "the second half alone"},
    {BYTES("\"\\ude00\\ud83d\""), HALF, "the halves changed round"},
    {BYTES("\"\\ud83d\\ud83d\""), HALF, "two first halves"},
    {BYTES("\"\\ude00\\ude00\""), HALF, "two second halves"},
    {BYTES("\"\\ud83dx\\ude00\""), HALF, "a letter between"},
    {BYTES("\"\\ud83d \\ude00\""), HALF, "a blank between"},
    {BYTES("\"\\ud83d\\u0041\""), HALF, "another character behind"},
    {BYTES("\"\\ud83d\\n\""), HALF, "another escape behind"},
    {BYTES("\"\\ud83d\\ude0\""), HALF, "half of the second half"},
    {BYTES("\"\\ud83d\\\\ude00\""), HALF, "a backslash between"},
    {BYTES("\"\\ud83d\xED\xB8\x80\""), HALF, "the second half in bytes"},
    {BYTES("{\"\\ud800\":1}"), HALF, "in a name"},
    {BYTES("[\"\\ud83d\\ude00\\ud83d\"]"), HALF, "behind a pair"},
    {BYTES("\"\\u\""), NOT_JSON, "no digits"},
    {BYTES("\"\\u0\""), NOT_JSON, "one digit"},
    {BYTES("\"\\u00\""), NOT_JSON, "two digits"},
    {BYTES("\"\\u004\""), NOT_JSON, "three digits"},
    {BYTES("\"\\u004g\""), NOT_JSON, "no digit"},
    {BYTES("\"\\ug041\""), NOT_JSON, "no digit"},
    {BYTES("\"\\u0g41\""), NOT_JSON, "no digit"},
    {BYTES("\"\\u00g1\""), NOT_JSON, "no digit"},
    {BYTES("\"\\u+041\""), NOT_JSON, "a sign"},
    {BYTES("\"\\u 041\""), NOT_JSON, "a blank"},
    {BYTES("\"\\u-041\""), NOT_JSON, "a sign"},
    {BYTES("\"\\u0x41\""), NOT_JSON, "no digit"},
    {BYTES("\"\\u{41}\""), NOT_JSON, "of another language"},
};

static const struct row BYTES[] = {
    {BYTES("\"\x7F\""), SOUND, "U+007F"},
    {BYTES("\"\xC2\x80\""), SOUND, "U+0080"},
    {BYTES("\"\xDF\xBF\""), SOUND, "U+07FF"},
    {BYTES("\"\xE0\xA0\x80\""), SOUND, "U+0800"},
    {BYTES("\"\xE0\xBF\xBF\""), SOUND, "U+0FFF"},
    {BYTES("\"\xE1\x80\x80\""), SOUND, "U+1000"},
    {BYTES("\"\xED\x9F\xBF\""), SOUND, "U+D7FF"},
    {BYTES("\"\xEE\x80\x80\""), SOUND, "U+E000"},
    {BYTES("\"\xEF\xBF\xBD\""), SOUND, "U+FFFD"},
    {BYTES("\"\xEF\xBF\xBE\""), SOUND, "U+FFFE"},
    {BYTES("\"\xEF\xBF\xBF\""), SOUND, "U+FFFF"},
    {BYTES("\"\xF0\x90\x80\x80\""), SOUND, "U+10000"},
    {BYTES("\"\xF0\xBF\xBF\xBF\""), SOUND, "U+3FFFF"},
    {BYTES("\"\xF1\x80\x80\x80\""), SOUND, "U+40000"},
    {BYTES("\"\xF3\xBF\xBF\xBF\""), SOUND, "U+FFFFF"},
    {BYTES("\"\xF4\x80\x80\x80\""), SOUND, "U+100000"},
    {BYTES("\"\xF4\x8F\xBF\xBF\""), SOUND, "U+10FFFF"},
    {BYTES("\"\xCC\x81\""), SOUND, "U+0301"},
    {BYTES("\"\xE2\x80\x8D\""), SOUND, "U+200D"},
    {BYTES("\"\xE2\x80\xAE\""), SOUND, "U+202E"},
    {BYTES("\"\xF0\x9F\x98\x80\""), SOUND, "U+1F600"},
    {BYTES("\"\xEF\xBB\xBF\""), SOUND, "U+FEFF"},
    {BYTES("\"\xC2\x85\""), SOUND, "U+0085"},
    {BYTES("\"\xC2\xA0\""), SOUND, "U+00A0"},
    {BYTES("\"\x80\""), NOT_UTF8, "a byte that only follows"},
    {BYTES("\"\xBF\""), NOT_UTF8, "a byte that only follows"},
    {BYTES("\"\xC3\""), NOT_UTF8, "its second byte is missing"},
    {BYTES("\"\xE2\x82\""), NOT_UTF8, "its third byte is missing"},
    {BYTES("\"\xF0\x9F\x98\""), NOT_UTF8, "its fourth byte is missing"},
    {BYTES("\"\xC0\x80\""), NOT_UTF8, "U+0000, too long"},
    {BYTES("\"\xC0\xAF\""), NOT_UTF8, "a slash, too long"},
    {BYTES("\"\xC1\xBF\""), NOT_UTF8, "U+007F, too long"},
    {BYTES("\"\xE0\x80\xAF\""), NOT_UTF8, "a slash, too long"},
    {BYTES("\"\xE0\x9F\xBF\""), NOT_UTF8, "U+07FF, too long"},
    {BYTES("\"\xF0\x80\x80\xAF\""), NOT_UTF8, "a slash, too long"},
    {BYTES("\"\xF0\x8F\xBF\xBF\""), NOT_UTF8, "U+FFFF, too long"},
    {BYTES("\"\xED\xA0\x80\""), NOT_UTF8, "a surrogate"},
    {BYTES("\"\xED\xAF\xBF\""), NOT_UTF8, "a surrogate"},
    {BYTES("\"\xED\xB0\x80\""), NOT_UTF8, "a surrogate"},
    {BYTES("\"\xED\xBF\xBF\""), NOT_UTF8, "a surrogate"},
    {BYTES("\"\xED\xA0\xBD\xED\xB8\x80\""), NOT_UTF8, "a pair of surrogates (CESU-8)"},
    {BYTES("\"\xF4\x90\x80\x80\""), NOT_UTF8, "past U+10FFFF"},
    {BYTES("\"\xF5\x80\x80\x80\""), NOT_UTF8, "past U+10FFFF"},
    {BYTES("\"\xF8\x88\x80\x80\x80\""), NOT_UTF8, "five bytes"},
    {BYTES("\"\xFC\x84\x80\x80\x80\x80\""), NOT_UTF8, "six bytes"},
    {BYTES("\"\xFE\""), NOT_UTF8, "never in UTF-8"},
    {BYTES("\"\xFF\""), NOT_UTF8, "never in UTF-8"},
    {BYTES("\"\xE9\""), NOT_UTF8, "Latin-1"},
    {BYTES("\"caf\xE9 au lait\""), NOT_UTF8, "Latin-1"},
    {BYTES("\"\xC3(\""), NOT_UTF8, "its second byte is another character"},
    {BYTES("\"\xE2(\xA1\""), NOT_UTF8, "its second byte is another character"},
    {BYTES("\"\xE2\x82(\""), NOT_UTF8, "its third byte is another character"},
    {BYTES("\"\xF0(\x8C\xBC\""), NOT_UTF8, "its second byte is another character"},
    {BYTES("\"\xC3\xC3\xA9\""), NOT_UTF8, "the first one is cut"},
    {BYTES("{\"\xFF\":1}"), NOT_UTF8, "in a name"},
    {BYTES("\xFF"), NOT_UTF8, "in place of a value"},
    {BYTES("[\xFF]"), NOT_UTF8, "in place of a value"},
    {BYTES("{}\xFF"), NOT_UTF8, "behind the value"},
    {BYTES("{\"a\":1}\xC3"), NOT_UTF8, "behind the value"},
    {BYTES("{\xFF}"), NOT_UTF8, "in place of a name"},
    {BYTES("\xC3\xA9"), NOT_JSON, "a letter in place of a value"},
    {BYTES("{}\xC3\xA9"), AFTER, "a letter behind the value"},
    {BYTES("\"\xC3"), NOT_UTF8, "cut at the end"},
    {BYTES("\"\xE2\x82"), NOT_UTF8, "cut at the end"},
    {BYTES("\xEF\xBB\xBF{}"), BOM, "a byte order mark"},
    {BYTES("\xEF\xBB\xBF"), BOM, "a byte order mark alone"},
    {BYTES("{}\xEF\xBB\xBF"), AFTER, "a byte order mark behind"},
    {BYTES(" \xEF\xBB\xBF{}"), NOT_JSON, "a byte order mark behind a blank"},
    {BYTES("\xFE\xFF\x00{\x00}"), NOT_UTF8, "UTF-16"},
    {BYTES("\xFF\xFE{\x00}\x00"), NOT_UTF8, "UTF-16"},
    {BYTES("{\x00}\x00"), NOT_JSON, "UTF-16 without a mark"},
    {BYTES("\x00{\x00}"), NOT_JSON, "UTF-16 without a mark"},
    {BYTES("+AHsAfQ-"), NOT_JSON, "UTF-7"},
};

static const struct row CONTROL_CHARACTERS[] = {
    {BYTES("\"\x00\""), NOT_JSON, "U+0000 as it is"},
    {BYTES("\"\x01\""), NOT_JSON, "U+0001 as it is"},
    {BYTES("\"\x02\""), NOT_JSON, "U+0002 as it is"},
    {BYTES("\"\x03\""), NOT_JSON, "U+0003 as it is"},
    {BYTES("\"\x04\""), NOT_JSON, "U+0004 as it is"},
    {BYTES("\"\x05\""), NOT_JSON, "U+0005 as it is"},
    {BYTES("\"\x06\""), NOT_JSON, "U+0006 as it is"},
    {BYTES("\"\x07\""), NOT_JSON, "U+0007 as it is"},
    {BYTES("\"\x08\""), NOT_JSON, "U+0008 as it is"},
    {BYTES("\"\x09\""), NOT_JSON, "U+0009 as it is"},
    {BYTES("\"\x0A\""), NOT_JSON, "U+000A as it is"},
    {BYTES("\"\x0B\""), NOT_JSON, "U+000B as it is"},
    {BYTES("\"\x0C\""), NOT_JSON, "U+000C as it is"},
    {BYTES("\"\x0D\""), NOT_JSON, "U+000D as it is"},
    {BYTES("\"\x0E\""), NOT_JSON, "U+000E as it is"},
    {BYTES("\"\x0F\""), NOT_JSON, "U+000F as it is"},
    {BYTES("\"\x10\""), NOT_JSON, "U+0010 as it is"},
    {BYTES("\"\x11\""), NOT_JSON, "U+0011 as it is"},
    {BYTES("\"\x12\""), NOT_JSON, "U+0012 as it is"},
    {BYTES("\"\x13\""), NOT_JSON, "U+0013 as it is"},
    {BYTES("\"\x14\""), NOT_JSON, "U+0014 as it is"},
    {BYTES("\"\x15\""), NOT_JSON, "U+0015 as it is"},
    {BYTES("\"\x16\""), NOT_JSON, "U+0016 as it is"},
    {BYTES("\"\x17\""), NOT_JSON, "U+0017 as it is"},
    {BYTES("\"\x18\""), NOT_JSON, "U+0018 as it is"},
    {BYTES("\"\x19\""), NOT_JSON, "U+0019 as it is"},
    {BYTES("\"\x1A\""), NOT_JSON, "U+001A as it is"},
    {BYTES("\"\x1B\""), NOT_JSON, "U+001B as it is"},
    {BYTES("\"\x1C\""), NOT_JSON, "U+001C as it is"},
    {BYTES("\"\x1D\""), NOT_JSON, "U+001D as it is"},
    {BYTES("\"\x1E\""), NOT_JSON, "U+001E as it is"},
    {BYTES("\"\x1F\""), NOT_JSON, "U+001F as it is"},
    {BYTES("\"\x7F\""), SOUND, "delete is none of them"},
    {BYTES("\"a\x09"
           "b\""),
     NOT_JSON, "a tab in a text"},
    {BYTES("\"a\x0A"
           "b\""),
     NOT_JSON, "a line end in a text"},
    {BYTES("0\x00"), AFTER, "NUL behind a number"},
    {BYTES("true\x00"), AFTER, "NUL behind a word"},
    {BYTES("{}\x00"), AFTER, "NUL behind an object"},
    {BYTES("[1\x00]"), NOT_JSON, "NUL behind a number"},
    {BYTES("[true\x00]"), NOT_JSON, "NUL behind a word"},
    {BYTES("{\"a\":1\x00}"), NOT_JSON, "NUL behind a number"},
    {BYTES("{\"a\"\x00:1}"), NOT_JSON, "NUL behind a name"},
    {BYTES("\x00"), NOT_JSON, "NUL alone"},
    {BYTES("\x00{}"), NOT_JSON, "NUL first"},
    {BYTES("1\x00\""), AFTER, "NUL behind a number"},
    {BYTES("1.\x00"
           "5"),
     NOT_JSON, "NUL in a number"},
    {BYTES("1e\x00"
           "5"),
     NOT_JSON, "NUL in a number"},
    {BYTES("-\x00"
           "1"),
     NOT_JSON, "NUL in a number"},
    {BYTES("tru\x00"
           "e"),
     NOT_JSON, "NUL in a word"},
    {BYTES("\"a\x00"), NOT_JSON, "NUL in a text"},
    {BYTES("\"\\\x00\""), NOT_JSON, "NUL in an escape"},
    {BYTES("\"\\u00\x00"
           "41\""),
     NOT_JSON, "NUL in an escape"},
    {BYTES("{\"a\":null\x00,\"b\":1}"), NOT_JSON, "NUL between members"},
};

static const struct row NAMES[] = {
    {BYTES("{\"a\":1,\"a\":2}"), TWICE, "twice"},
    {BYTES("{\"a\":1,\"b\":2,\"a\":3}"), TWICE, "twice, apart"},
    {BYTES("{\"a\":1,\"\\u0061\":2}"), TWICE, "twice, once escaped"},
    {BYTES("{\"\\u0061\":1,\"a\":2}"), TWICE, "twice, once escaped"},
    {BYTES("{\"\\u0061\":1,\"\\u0061\":2}"), TWICE, "twice, both escaped"},
    {BYTES("{\"/\":1,\"\\/\":2}"), TWICE, "a slash, once escaped"},
    {BYTES("{\"\\n\":1,\"\\u000a\":2}"), TWICE, "a line end, escaped in two ways"},
    {BYTES("{\"\\n\":1,\"\\u000A\":2}"), TWICE, "so"},
    {BYTES("{\"\\\"\":1,\"\\u0022\":2}"), TWICE, "a quote"},
    {BYTES("{\"\\\\\":1,\"\\u005c\":2}"), TWICE, "a backslash"},
    {BYTES("{\"\\b\\f\\r\\t\":1,\"\\u0008\\u000c\\u000d\\u0009\":2}"), TWICE, "the short escapes"},
    {BYTES("{\"\xC3\xA9\":1,\"\\u00e9\":2}"), TWICE, "a letter, once escaped"},
    {BYTES("{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}"), TWICE, "a pair, once escaped"},
    {BYTES("{\"\\uD83D\\uDE00\":1,\"\\ud83d\\ude00\":2}"), TWICE, "a pair, in capitals and not"},
    {BYTES("{\"\xE2\x82\xAC\":1,\"\\u20AC\":2}"), TWICE, "three bytes, once escaped"},
    {BYTES("{\"\":1,\"\":2}"), TWICE, "nothing, twice"},
    {BYTES("{\"a\":{\"b\":1,\"b\":2}}"), TWICE, "inside"},
    {BYTES("[{\"a\":1,\"a\":2}]"), TWICE, "inside"},
    {BYTES("{\"a\":{\"a\":{\"a\":1,\"a\":2}}}"), TWICE, "far inside"},
    {BYTES("{\"a\":[{\"a\":1},{\"b\":1,\"b\":2}]}"), TWICE, "inside"},
    {BYTES("{\"a\":{\"x\":1},\"a\":2}"), TWICE, "around"},
    {BYTES("{\"a\":1,\"A\":2}"), SOUND, "letter case counts"},
    {BYTES("{\"a\":1,\"a \":2}"), SOUND, "a blank counts"},
    {BYTES("{\"a\":1,\"ab\":2}"), SOUND, "one is the beginning of the other"},
    {BYTES("{\"a\":{\"a\":{\"a\":1}}}"), SOUND, "in each other"},
    {BYTES("[{\"a\":1},{\"a\":2}]"), SOUND, "beside each other"},
    {BYTES("{\"a\":{\"b\":1},\"b\":{\"a\":1}}"), SOUND, "crosswise"},
    {BYTES("{\"a\":{\"b\":1},\"c\":{\"b\":1}}"), SOUND, "in two"},
    {BYTES("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"), SOUND, "composed and not: two names"},
    {BYTES("{\"\xEF\xAC\x81\":1,\"fi\":2}"), SOUND, "a ligature: two names"},
    {BYTES("{\"\\\\u0061\":1,\"a\":2}"), SOUND, "a backslash and letters"},
    {BYTES("{\"a\":\"a\",\"b\":\"a\"}"), SOUND, "values may be equal"},
    {BYTES("{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,"
           "\"m08\":0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,"
           "\"m16\":0,\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,"
           "\"m24\":0,\"m25\":0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,"
           "\"m32\":0,\"m33\":0,\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0}"),
     SOUND, "forty"},
    {BYTES(
         "{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,\"m08\":"
         "0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,\"m16\":0,"
         "\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,\"m24\":0,\"m25\":"
         "0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,\"m32\":0,\"m33\":0,"
         "\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0,\"m00\":1}"),
     TWICE, "the first again behind forty"},
    {BYTES(
         "{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,\"m08\":"
         "0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,\"m16\":0,"
         "\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,\"m24\":0,\"m25\":"
         "0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,\"m32\":0,\"m33\":0,"
         "\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0,\"m39\":1}"),
     TWICE, "the last again"},
    {BYTES(
         "{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,\"m08\":"
         "0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,\"m16\":0,"
         "\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,\"m24\":0,\"m25\":"
         "0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,\"m32\":0,\"m33\":0,"
         "\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0,\"\\u006d20\":1}"),
     TWICE, "one in the middle, escaped"},
    {BYTES(
         "{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,\"m08\":"
         "0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,\"m16\":0,"
         "\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,\"m24\":0,\"m25\":"
         "0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,\"m32\":0,\"m33\":0,"
         "\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0,\"M20\":1}"),
     SOUND, "one in capitals"},
    {BYTES(
         "{\"m00\":0,\"m01\":0,\"m02\":0,\"m03\":0,\"m04\":0,\"m05\":0,\"m06\":0,\"m07\":0,\"m08\":"
         "0,\"m09\":0,\"m10\":0,\"m11\":0,\"m12\":0,\"m13\":0,\"m14\":0,\"m15\":0,\"m16\":0,"
         "\"m17\":0,\"m18\":0,\"m19\":0,\"m20\":0,\"m21\":0,\"m22\":0,\"m23\":0,\"m24\":0,\"m25\":"
         "0,\"m26\":0,\"m27\":0,\"m28\":0,\"m29\":0,\"m30\":0,\"m31\":0,\"m32\":0,\"m33\":0,"
         "\"m34\":0,\"m35\":0,\"m36\":0,\"m37\":0,\"m38\":0,\"m39\":0,\"m4\":{\"m20\":1}}"),
     SOUND, "one inside"},
};

static const struct row WHAT_IS_NOT_JSON[] = {
    {BYTES("//"), NOT_JSON, "a comment"},
    {BYTES("/* */{}"), NOT_JSON, "a comment"},
    {BYTES("{}/* */"), AFTER, "a comment behind"},
    {BYTES("{}//"), AFTER, "a comment behind"},
    {BYTES("{/*a*/}"), NOT_JSON, "a comment inside"},
    {BYTES("#{}"), NOT_JSON, "a comment"},
    {BYTES("[1,/**/2]"), NOT_JSON, "a comment inside"},
    {BYTES("<html>"), NOT_JSON, "another language"},
    {BYTES("<?xml?>"), NOT_JSON, "another language"},
    {BYTES("a=1"), NOT_JSON, "another language"},
    {BYTES("a: 1"), NOT_JSON, "another language"},
    {BYTES("---\x0A"
           "a: 1"),
     NOT_JSON, "another language"},
    {BYTES("\"a\"+\"b\""), AFTER, "a sum"},
    {BYTES("(1)"), NOT_JSON, "brackets"},
    {BYTES("`a`"), NOT_JSON, "another quote"},
    {BYTES("\xE2\x80\x9C"
           "a\xE2\x80\x9D"),
     NOT_JSON, "another quote"},
    {BYTES("{\"a\":\xE2\x80\x9C"
           "b\xE2\x80\x9D}"),
     NOT_JSON, "another quote"},
    {BYTES("*"), NOT_JSON, "a star"},
    {BYTES("[*]"), NOT_JSON, "a star"},
    {BYTES("{\"a\":*}"), NOT_JSON, "a star"},
    {BYTES("{...}"), NOT_JSON, "dots"},
    {BYTES("{\"a\":1}\x0A{\"b\":2}"), AFTER, "two lines"},
    {BYTES("{\"a\":1},{\"b\":2}"), AFTER, "two values"},
    {BYTES("{\"a\":1},"), AFTER, "a comma behind"},
    {BYTES("[1],"), AFTER, "a comma behind"},
    {BYTES(","), NOT_JSON, "a comma"},
    {BYTES(":"), NOT_JSON, "a colon"},
    {BYTES(")]}',\x0A{}"), NOT_JSON, "a prefix against inclusion"},
    {BYTES("\x1E{}"), NOT_JSON, "a record separator"},
    {BYTES("data: {}"), NOT_JSON, "an event"},
    {BYTES("&quot;a&quot;"), NOT_JSON, "escaped for another language"},
    {BYTES("%7B%7D"), NOT_JSON, "escaped for an address"},
    {BYTES("\\{\\}"), NOT_JSON, "escaped"},
    {BYTES("\"\\\"\""), SOUND, "a quote"},
};

static void assert_row(const struct row *row)
{
    size_t at;
    const char *sentence = json_scan(row->bytes, row->length, &at);
    const char *wanted = row->fault == SOUND ? NULL : SENTENCES[row->fault];
    if ((sentence == NULL) != (wanted == NULL) || (wanted != NULL && strcmp(sentence, wanted) != 0))
        fail_msg("%s (%s): \"%s\"", row->bytes, row->reason, sentence != NULL ? sentence : "sound");
    assert_true(at <= row->length);
}

/* What was read is written, read and written again, the same. */
static void assert_read(const struct row *row)
{
    struct json *value = json_read(row->bytes, row->length);
    if ((value != NULL) != (row->fault == SOUND)) fail_msg("%s (%s)", row->bytes, row->reason);
    if (value == NULL) return;
    char *text = json_write(value);
    assert_non_null(text);
    struct json *again = json_read(text, strlen(text));
    if (!json_equal(value, again)) fail_msg("%s (%s) became %s", row->bytes, row->reason, text);
    json_free(again);
    json_free(value);
    free(text);
}

/* In memory of its own, so that a sanitizer sees a look past the end. */
static void assert_cut_anywhere(const struct row *row)
{
    for (size_t length = 0; length < row->length && row->length < 100; length++) {
        size_t at;
        char *copy = malloc(length > 0 ? length : 1);
        assert_non_null(copy);
        memcpy(copy, row->bytes, length);
        const char *sentence = json_scan(copy, length, &at);
        struct json *value = json_read(copy, length);
        assert_true((sentence == NULL) == (value != NULL) && at <= length);
        json_free(value);
        free(copy);
    }
}

static void check_all(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_row(&rows[i]);
        assert_read(&rows[i]);
        assert_cut_anywhere(&rows[i]);
    }
}

static void values_alone(void **state)
{
    (void)state;
    check_all(VALUES_ALONE, COUNT(VALUES_ALONE));
}

static void blanks(void **state)
{
    (void)state;
    check_all(BLANKS, COUNT(BLANKS));
}

static void objects(void **state)
{
    (void)state;
    check_all(OBJECTS, COUNT(OBJECTS));
}

static void arrays(void **state)
{
    (void)state;
    check_all(ARRAYS, COUNT(ARRAYS));
}

static void words(void **state)
{
    (void)state;
    check_all(WORDS, COUNT(WORDS));
}

static void numbers(void **state)
{
    (void)state;
    check_all(NUMBERS, COUNT(NUMBERS));
}

static void escapes(void **state)
{
    (void)state;
    check_all(ESCAPES, COUNT(ESCAPES));
}

static void bytes(void **state)
{
    (void)state;
    check_all(BYTES, COUNT(BYTES));
}

static void control_characters(void **state)
{
    (void)state;
    check_all(CONTROL_CHARACTERS, COUNT(CONTROL_CHARACTERS));
}

static void names(void **state)
{
    (void)state;
    check_all(NAMES, COUNT(NAMES));
}

static void what_is_not_json(void **state)
{
    (void)state;
    check_all(WHAT_IS_NOT_JSON, COUNT(WHAT_IS_NOT_JSON));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_alone),
        cmocka_unit_test(blanks),
        cmocka_unit_test(objects),
        cmocka_unit_test(arrays),
        cmocka_unit_test(words),
        cmocka_unit_test(numbers),
        cmocka_unit_test(escapes),
        cmocka_unit_test(bytes),
        cmocka_unit_test(control_characters),
        cmocka_unit_test(names),
        cmocka_unit_test(what_is_not_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
