# Turns a file into a C source that holds its bytes: -DINPUT= -DOUTPUT= -DSYMBOL=
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(0x0a,)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"mock_server/base/embedded.h\"\n\nconst unsigned char ${SYMBOL}[] = {\n${bytes}0x00};\n")
