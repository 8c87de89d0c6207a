#!/bin/sh
# The command line, run by the Node that lies in the package.
here=$(dirname -- "$(readlink -f -- "$0")")
# As src/shared/base/allocator.ts, unless the caller has chosen.
GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.tcache_count=1000:glibc.malloc.hugetlb=1}
export GLIBC_TUNABLES
exec "$here/resources/node" --no-deprecation "$here/resources/app.asar.unpacked/out/cli/clinic.cjs" "$@"
