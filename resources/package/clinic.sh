#!/bin/sh
# The command line, run by the Node that lies in the package.
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/resources/node" --no-deprecation "$here/resources/app.asar.unpacked/out/cli/clinic.cjs" "$@"
