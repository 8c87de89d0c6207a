/** `npm run bench -- [NAME] [arguments]`: runs bench/NAME.bench.ts, or all benches in turn. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildNode } from './lib/build.mjs'
import { inherit } from './lib/child.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

// Silences TensorFlow's start-up messages.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'

await entry(async () => {
  const [wanted, ...args] = process.argv.slice(2)
  const names = (await readdir(join(ROOT, 'bench')).catch(() => []))
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length))
    .sort()
  if (wanted && !names.includes(wanted)) {
    console.error(`There is no bench "${wanted}". There are: ${names.join(', ') || 'none'}.`)
    return 2
  }
  await ensure({ electron: 'floor', quiet: true })
  let worst = 0
  for (const name of wanted ? [wanted] : names) {
    await buildNode('bench', { [name]: `bench/${name}.bench.ts` })
    worst = Math.max(worst, await inherit(process.execPath, [join(ROOT, `out/bench/${name}.cjs`), ...args]))
  }
  return worst
})
