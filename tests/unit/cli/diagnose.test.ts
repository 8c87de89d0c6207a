import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { main } from '../../../src/cli/main'
import { recordingBytes, recordingFile } from '../shared/recording/files'

async function clinic(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await main(args, '0.0.0', { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

it('says what is wrong, where, and ends with 1', async () => {
  const { code, out } = await clinic('diagnose', recordingFile('vanishing'))
  expect(code).toBe(1)
  expect(out).toContain('MLP, SGD, pytorch')
  expect(out).toMatch(/BAD {2}Vanishing, steps 0 to 50\n {2}body\.0 receives an RMS gradient of/)
  expect(out).toMatch(/ {2}body\.0 {2}\/project\/trainings\.py:\d+ {2}self\.body = nn\.Sequential\(\*layers\)/)
  expect(out).toMatch(/ {2}Try: Batch normalisation; /)
  expect(out).toMatch(/The optimizer steps at \/project\/trainings\.py:\d+ {2}optimizer\.step\(\)/)
})
it('says of parameters that no optimizer steps on how one does', async () => {
  const { out } = await clinic('diagnose', recordingFile('forgotten'))
  expect(out).toContain(
    '3 of 4 layers (body.0, body.2, body.4) do not change at all: each is in no optimizer that steps.'
  )
  expect(out).toMatch(/ {2}Add after the optimizer is made:\n {4}known = .*\n {4}optimizer\.add_param_group\(/)
  expect(out).not.toContain('Change learning rate')
})
it('reads what the callback of Keras recorded, and gives no lines of PyTorch for it', async () => {
  const { code, out } = await clinic('diagnose', recordingFile('keras'))
  expect(code).toBe(1)
  expect(out).toContain('Sequential, SGD, keras 3.')
  expect(out).toMatch(/BAD {2}Vanishing, .*\n {2}dense1 receives an RMS gradient of/)
  expect(out).not.toMatch(/torch\./)
})
it('ends with 0 where nothing is', async () => {
  const { code, out } = await clinic('diagnose', recordingFile('mlp'))
  expect([code, out]).toEqual([0, expect.stringContaining('Learning: The loss falls')])
})
it('gives the same as JSON', async () => {
  const { code, out } = await clinic('diagnose', '--json', recordingFile('nan'))
  const told = JSON.parse(out) as Record<string, unknown>
  expect(code).toBe(1)
  expect(told).toMatchObject({ healthy: false, steps: 40, verdict: { state: 'diverged' }, endIsMissing: false })
  expect(told['findings']).toContainEqual(
    expect.objectContaining({
      kind: 'weightsNaN',
      modules: expect.arrayContaining([expect.objectContaining({ name: 'head', file: '/project/trainings.py' })])
    })
  )
})
it('reads a recording whose end is cut off', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'diagnose-')), 'cut.gcrec')
  writeFileSync(file, recordingBytes('mlp').slice(0, -500))
  const { code, out } = await clinic('diagnose', file)
  expect([code, out]).toEqual([0, expect.stringContaining('(the end is missing)')])
})
it('says of two recordings in one file where the other one begins', async () => {
  const one = recordingBytes('mlp')
  const file = join(mkdtempSync(join(tmpdir(), 'diagnose-')), 'two.gcrec')
  writeFileSync(file, Buffer.concat([one, one]))
  const { code, err } = await clinic('diagnose', file)
  expect([code, err]).toEqual([2, expect.stringContaining(`another one begins at byte ${one.length}`)])
})
it('refuses a pipe in words, and does not wait for who writes into it', async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'diagnose-')), 'a.gcrec')
  execFileSync('mkfifo', [pipe])
  const { code, err } = await clinic('diagnose', pipe)
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('a pipe, a socket or a device: save the recording to a file')
  ])
})
it('says in words that a link leads nowhere but to itself', async () => {
  const link = join(mkdtempSync(join(tmpdir(), 'diagnose-')), 'a.gcrec')
  symlinkSync('a.gcrec', link)
  const { code, err } = await clinic('diagnose', link)
  expect([code, err]).toEqual([2, expect.stringContaining("can't be read: the link leads nowhere but to itself")])
})
it.each([
  ['no such file', ['/nowhere/a.gcrec'], /can't be read: there is no such file/],
  ['a file of another kind', [__filename], /is not a recording/],
  ['no file', [], /name one file/],
  ['an unknown option', ['--all', 'a.gcrec'], /--all: is not known/]
])('ends with 2 for %s', async (_name, args, words) => {
  const { code, err } = await clinic('diagnose', ...args)
  expect([code, err]).toEqual([2, expect.stringMatching(words)])
})
