/**
 * `npm run fuzz -- [N] [SEED]`: 100,000 fuzzed files and messages of each kind, or N. Without a seed each run has other
 * ones; the seed is printed, and repeats it.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

const [count = '100000', seed = String(randomInt(2 ** 31))] = process.argv.slice(2)

await entry(async () => {
  const code = await inherit(process.execPath, [join(ROOT, 'scripts/test.mjs'), 'unit/fuzz'], {
    cwd: ROOT,
    env: { ...process.env, GRADIENT_CLINIC_FUZZ: count, GRADIENT_CLINIC_FUZZ_SEED: seed }
  })
  console.log(`\n${count} of each kind; npm run fuzz -- ${count} ${seed} repeats it.`)
  return code
})
