import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { importApart } from '../../../src/cli/import/apart'
import { InputError } from '@shared/base/problems'

const folder = mkdtempSync(join(tmpdir(), 'apart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
/** A stand-in for the command line. @param body what its process does */
function script(name: string, body: string): string {
  const path = join(folder, `${name}.cjs`)
  writeFileSync(path, body)
  return path
}
const HANGS = 'for (;;);'

it('gives up a model that takes too long, in words', async () => {
  const refused = importApart(script('hangs', HANGS), [], 'bad.keras', { time: 1, memory: 1e9 })
  await expect(refused).rejects.toThrow(InputError)
  await expect(refused).rejects.toThrow(
    /^bad\.keras: took longer than 1 s to open, and was given up.*Nothing was written/
  )
})
it('gives up a model that takes too much memory, in words', async () => {
  const grows = 'const kept = []; for (;;) kept.push(Buffer.alloc(1e6, 1)); '
  const refused = importApart(script('grows', grows), [], 'bad.keras', { time: 6e5, memory: 3e8 })
  await expect(refused).rejects.toThrow(
    /^bad\.keras: took more than 0\.3 GB of memory to open, and was given up.*Nothing was written/
  )
})
it('says that the process that opens a model has died', async () => {
  const refused = importApart(script('dies', 'process.kill(process.pid, "SIGKILL")'), [], 'bad.keras')
  await expect(refused).rejects.toThrow(/^bad\.keras: could not be opened: its process was ended by SIGKILL/)
})
it('gives a model that is open the time to be written, and says how it ended', async () => {
  const path = script(
    'writes',
    'if (process.argv[2] !== "import-worker" || process.argv[3] !== "x") process.exit(9)\n' +
      'process.send("opened", () => { process.disconnect(); process.exitCode = 2 })'
  )
  expect(await importApart(path, ['x'], 'good.keras')).toBe(2)
})
