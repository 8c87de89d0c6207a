import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import '@shared/clinic/remedies'
import { RunLog } from '@shared/run/runLog'
import type { RunMessage } from '@shared/run/update'
import { Follower } from '../../../../src/main/recording/follower'
import { plannedFor } from '../../../../src/main/recording/stream'
import { parseExperiment } from '@shared/experiment'
import { templates } from '@shared/clinic/templates'
import { recordingBytes } from '../../shared/recording/files'

const emptyExperiment = parseExperiment({ ...templates[0]!.make(), network: { nodes: [] } })

/** A follower whose updates make a run. @param acknowledged whether batches of frames are taken */
function follow(path: string, acknowledged = true): { log: RunLog; follower: Follower; frames: () => number } {
  const log = new RunLog({ id: 'a', name: 'a', experiment: emptyExperiment, createdAt: '' })
  let frames = 0
  const follower: Follower = new Follower((event, payload) => {
    if (event !== 'runUpdate') return
    const { update } = payload as RunMessage
    log.apply(update)
    if (update.kind !== 'frames') return
    frames++
    if (acknowledged) follower.ack(1)
  })
  follower.start('a', emptyExperiment, {}, { recording: path })
  return { log, follower, frames: () => frames }
}
const file = (): string => join(mkdtempSync(join(tmpdir(), 'follower-')), 'a.gcrec')
/** Waits until what lies in the file so far is read. */
const readSoFar = (log: RunLog): Promise<void> =>
  vi.waitFor(() => expect([log.progress.state, (log.table?.length ?? 0) > 0]).toEqual(['running', true]))

it('gives a whole recording as a run, in few batches, and ends it', async () => {
  const path = file()
  writeFileSync(path, recordingBytes('nan'))
  const { log, follower, frames } = follow(path)
  await follower.ended
  expect(log.progress).toMatchObject({ state: 'diverged', step: 40, steps: 40 })
  expect([log.table!.length, frames()]).toEqual([40, 1])
  expect(log.findings.map((f) => f.kind)).toContain('weightsNaN')
})
it('waits at a cut, and goes on when the file grows', async () => {
  const [path, bytes] = [file(), recordingBytes('mlp')]
  writeFileSync(path, bytes.slice(0, 9000))
  const { log, follower } = follow(path)
  await readSoFar(log)
  const early = log.table!.length
  expect([log.progress.state, early > 0, early < 21]).toEqual(['running', true, true])
  appendFileSync(path, bytes.slice(9000))
  await follower.ended
  expect(log.progress).toMatchObject({ state: 'stopped', step: 120 })
})
it('refuses a pipe in words, and does not wait for who writes into it', async () => {
  const path = file()
  execFileSync('mkfifo', [path])
  const { log, follower } = follow(path)
  await follower.ended
  expect(log.progress.failure?.message.en).toBe(
    "a.gcrec can't be read: it is not a file, but a pipe, a socket or a device"
  )
})
it('stops when asked, with what it has', async () => {
  const [path, bytes] = [file(), recordingBytes('mlp')]
  writeFileSync(path, bytes.slice(0, 9000))
  const { log, follower } = follow(path)
  await readSoFar(log)
  follower.stop()
  await follower.ended
  expect(log.progress.state).toBe('stopped')
})
it('takes a recording that nobody has written to for long for one whose program has gone', async () => {
  const [path, bytes] = [file(), recordingBytes('mlp')]
  writeFileSync(path, bytes.slice(0, 9000))
  const old = Date.now() / 1000 - 3600
  utimesSync(path, old, old)
  const { log, follower } = follow(path)
  await follower.ended
  expect(log.progress.state).toBe('stopped')
})
it.each([
  ['is no recording', (path: string) => writeFileSync(path, 'nothing of the kind'), /a\.gcrec is not a recording/],
  ['is not there', () => undefined, /a\.gcrec/]
])('fails in words when the file %s', async (_what, make, words) => {
  const path = file()
  make(path)
  const { log, follower } = follow(path)
  await follower.ended
  expect(log.progress).toMatchObject({ state: 'failed', failure: { message: { en: expect.stringMatching(words) } } })
})
it('fails when the file becomes shorter', async () => {
  const [path, bytes] = [file(), recordingBytes('mlp')]
  writeFileSync(path, bytes.slice(0, 9000))
  const { log, follower } = follow(path)
  await readSoFar(log)
  truncateSync(path, 100)
  await follower.ended
  expect(log.progress).toMatchObject({ failure: { message: { en: 'a.gcrec has become shorter' } } })
})
it('draws a training of unknown length with up to a quarter more than was made', () => {
  for (const step of [0, 15, 16, 1000, 1204, 99_999]) {
    const planned = plannedFor(step)
    expect(planned).toBeGreaterThan(step)
    expect(planned).toBeLessThanOrEqual(1.25 * step + 16)
  }
})
