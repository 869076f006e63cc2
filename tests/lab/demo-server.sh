#!/bin/sh
# Stands where `invonce demo` looks for the server that it starts: leads it to the laboratory's own.
printf 'listening on %s\n' "$INVONCE_SERVER"
exec sleep 100000
