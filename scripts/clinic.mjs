/**
 * `npm run --silent clinic -- …`: the command line. Only its own output goes to standard output; set-up writes to
 * standard error.
 */
import { join } from 'node:path'
import { buildClinic } from './lib/build.mjs'
import { callersFolder, inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

// As src/shared/base/allocator.ts, for the process that trains and those that it starts.
process.env.GLIBC_TUNABLES ??= 'glibc.malloc.tcache_count=1000:glibc.malloc.hugetlb=1'

await entry(async () => {
  await ensure({ parts: ['npm', 'trainer'], out: process.stderr, quiet: true })
  await buildClinic()
  return inherit(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), ...process.argv.slice(2)], {
    cwd: callersFolder('clinic')
  })
})
