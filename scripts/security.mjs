/** `npm run security`: the security checklist, item by item, as the built app answers it. */
import { join } from 'node:path'
import { inherit } from './lib/child.mjs'
import { entry } from './setup/entry.mjs'
import { readJson } from './setup/files.mjs'
import { ROOT, stateDir } from './setup/paths.mjs'

await entry(async () => {
  const code = await inherit(process.execPath, [join(ROOT, 'scripts/test.mjs'), 'e2e/checklist'], { cwd: ROOT })
  const report = await readJson(join(stateDir(), 'tests', 'e2e.json'))
  const items = (report?.testResults ?? []).flatMap((file) => file.assertionResults)
  console.log('\nsecurity, of the built app while it runs')
  for (const { title, status } of items) console.log(`  ${status === 'passed' ? 'holds ' : 'FAILS '} ${title}`)
  return code
})
