/**
 * Models that `gradient_clinic.export` wrote under real PyTorch, opened, trained and taken home by the command line:
 * the project starts from the source's weights, computes as the source does, and reproduces what was trained here.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { main } from '../../src/cli/main'
import { writeTrip } from '../../src/cli/roundTrips'
import { runChecks, runTrips } from './parity'
import { written } from './written'

const root = mkdtempSync(join(tmpdir(), 'clinic-opened-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** @throws Error with what the command line said */
async function clinic(...args: string[]): Promise<void> {
  let said = ''
  const code = await main(args, '0.0.0-test', { out: () => undefined, err: (t) => (said += t) })
  if (code) throw new Error(said)
}
/** Opens, trains and takes home. @returns the folder of the project */
async function home(file: string): Promise<string> {
  const [source, experiment] = [join(root, file), join(root, `opened-${file}`, 'model.json')]
  const [run, folder] = [join(root, `opened-${file}`, 'runs/one'), join(root, `home-${file}`)]
  // It starts another process of its kind.
  execFileSync(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), 'import', source, '--out', experiment], {
    stdio: 'pipe'
  })
  await clinic('run', experiment, '--out', run, '--steps', '4', '--quiet')
  // Its weights lie two folders above the run, which says so.
  await clinic('export', run, folder, '--to', 'pytorch')
  await writeTrip(folder, source)
  return folder
}
await buildClinic()
const projects: [name: string, folder: string][] = []
for (const { name, file } of written<{ name: string; file: string }[]>('home.py', root))
  projects.push([name, await home(file)])
const folders = projects.map(([, folder]) => folder)
const checks = runChecks(folders)
const trips = new Map(runTrips(folders).map((t) => [t.id, t]))

test.each(projects)('%s: what was trained here is reproduced there', (_name, folder) => {
  const { ok, text } = checks.get(basename(folder))!
  expect(ok, text).toBe(true)
})
test.each(projects)('%s: the start is the source, and computes as it does', (_name, folder) => {
  const { weights, outputs } = trips.get(basename(folder).replace('home-', '').replace('.safetensors', ''))!
  // A bias that was two, and a forget gate whose 1 is taken out and put back, round.
  expect(weights).toBeLessThan(1e-6)
  expect(outputs).toBeLessThan(1e-5)
})
