/* What may stand between two quotes, and what may not: escapes, bytes, control characters, and
 * names. */
#include "tests/unit/json_texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static void escapes(void **state)
{
    (void)state;
    json_texts_check(ESCAPES, COUNT(ESCAPES));
}

static void bytes(void **state)
{
    (void)state;
    json_texts_check(BYTES, COUNT(BYTES));
}

static void control_characters(void **state)
{
    (void)state;
    json_texts_check(CONTROL_CHARACTERS, COUNT(CONTROL_CHARACTERS));
}

static void names(void **state)
{
    (void)state;
    json_texts_check(NAMES, COUNT(NAMES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(bytes),
        cmocka_unit_test(control_characters),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
