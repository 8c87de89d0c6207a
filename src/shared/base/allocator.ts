/**
 * How the C library hands out memory to a process that trains: the value of `GLIBC_TUNABLES`, which other C libraries
 * ignore. A step's operations hold hundreds of small pieces at a time, where each thread keeps seven of a size for the
 * next one; whatever is beyond that is merged with its neighbours and cut out again, a tenth of a narrow network's
 * step. Large pieces come in pages of 2 MB, since deep networks otherwise touch more pages than a processor remembers.
 *
 * It counts from a process's first moment, so that who starts one gives it: main's `fork`, `scripts/clinic.mjs` and
 * the package's `clinic.sh`. Sources: glibc manual, "Memory Allocation Tunables"; figures: docs/speed.md.
 */
export const ALLOCATOR = 'glibc.malloc.tcache_count=1000:glibc.malloc.hugetlb=1'
