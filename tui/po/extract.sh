#!/bin/sh
# All messages of the sources, as a template for translations: extract.sh POT. From the repository's
# root.
set -eu
find mock_server protocol tui '(' -name '*.[ch]' -o -name '*.def' ')' | LC_ALL=C sort |
    xgettext --files-from=- --output="$1" --language=C --from-code=UTF-8 \
        --keyword --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
        --keyword=words_plural:1,2 \
        --add-location=file --add-comments=po: --package-name=invonce
# What would change each time, and nobody reads.
sed -i '/^"POT-Creation-Date:/d; /^"Report-Msgid-Bugs-To:/d' "$1"
