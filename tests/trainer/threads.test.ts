import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { nets } from './support'

describe('clinic run --threads', () => {
  const root = mkdtempSync(join(tmpdir(), 'clinic-threads-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  beforeAll(() => buildClinic())
  const run = (threads: string, out: string): { code: number | null; err: string } => {
    const file = join(root, 'experiment.json')
    writeFileSync(file, JSON.stringify(nets['conv']))
    const args = ['run', file, '--out', join(root, out), '--steps', '5', '--snapshot', '5', '--quiet']
    const ran = spawnSync(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), ...args, '--threads', threads], {
      encoding: 'utf8'
    })
    return { code: ran.status, err: ran.stderr }
  }
  const versions = (out: string): Record<string, string> =>
    (JSON.parse(readFileSync(join(root, out, 'run.json'), 'utf8')) as { versions: Record<string, string> }).versions

  it.each(['1', '3'])('%s: recorded, and the same bits twice', (threads) => {
    for (const out of ['a', 'b']) expect(run(threads, out)).toEqual({ code: 0, err: '' })
    expect(versions('a')['threads']).toBe(threads)
    for (const file of ['frames.csv', 'step-5.npz'])
      expect(readFileSync(join(root, 'a', file)).equals(readFileSync(join(root, 'b', file)))).toBe(true)
  })
  it.each(['0', '1.5', 'many'])('%s is refused', (threads) => {
    const { code, err } = run(threads, 'c')
    expect(code).toBe(2)
    expect(err).toContain('--threads')
  })
})
