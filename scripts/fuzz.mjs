/** `npm run fuzz`: 100,000 fuzzed files and messages of each kind, or as many as `-- N` names. */
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(() =>
  inherit(process.execPath, [join(ROOT, 'scripts/test.mjs'), 'unit/fuzz'], {
    cwd: ROOT,
    env: { ...process.env, GRADIENT_CLINIC_FUZZ: process.argv[2] ?? '100000' }
  })
)
