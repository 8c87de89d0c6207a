import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { nets } from './support'

const root = mkdtempSync(join(tmpdir(), 'clinic-start-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeAll(() => buildClinic())

it('TensorFlow prepares a step in one round, by the passes that a step has a use for', () => {
  const file = join(root, 'experiment.json')
  writeFileSync(file, JSON.stringify(nets['conv']))
  const args = ['run', file, '--out', join(root, 'run'), '--steps', '2', '--quiet']
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'meta_optimizer=2' }
  })
  expect(status).toBe(0)
  const rounds = stderr.split('Starting optimization').slice(1)
  expect(rounds.length).toBeGreaterThan(0)
  for (const round of rounds) {
    const passes = [...round.matchAll(/\] (\w+)(?:\{.*)?: Graph size after/g)].map((m) => m[1])
    expect(passes).toContain('remapper')
    expect(new Set(passes.slice(1)).size).toBe(passes.length - 1)
    for (const none of ['tfg_optimizer', 'layout', 'memory_optimizer', 'loop_optimizer', 'implementation_selector'])
      expect(passes).not.toContain(none)
  }
})
