import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { asAttachment, openTable } from '@shared/catalog/datasets/parts/tableFile'
import { appContract } from '@shared/ipc/app'
import { TextError } from '@shared/ipc/errors'
import { serve } from '@shared/ipc/rpc'
import { encodeProject, readProject } from '@shared/project'
import { InputError } from '@shared/base/problems'
import { readExperiment } from '@shared/experiment'
import { makeRng } from '@shared/base/random/rng'
import { sampleProject } from '../shared/project/sample'
import { computing } from '../../computing'
import { mutants } from './mutants'

/** Inputs of each kind: `npm run fuzz` takes all, `npm test` as many as its time allows. */
const COUNT = Number(process.env['GRADIENT_CLINIC_FUZZ'] ?? 20_000)
/** Milliseconds for one kind within `npm test`; a run that names its count has the time it takes. */
const TIME = process.env['GRADIENT_CLINIC_FUZZ'] ? Infinity : 8000
/** No input may take longer, milliseconds of processor time. */
const LONGEST = 5000
const rng = makeRng(Number(process.env['GRADIENT_CLINIC_FUZZ_SEED'] ?? 20), 'fuzz')
const random = rng.uniform
const { oneOf, mutated, flipped } = mutants(rng)
/** Runs `one` on many inputs. It may refuse in words, and nothing else. */
function many(one: () => void): number {
  const began = Date.now()
  let done = 0
  while (done < COUNT && Date.now() - began < TIME) {
    const computed = computing()
    try {
      one()
    } catch (error) {
      if (!(error instanceof InputError || error instanceof TextError)) throw error
      expect(error.message.length).toBeLessThan(100_000)
    }
    expect(computed()).toBeLessThan(LONGEST)
    done++
  }
  return done
}

const file = encodeProject(sampleProject())
const entries = unzipSync(file)
const document: unknown = JSON.parse(strFromU8(entries['project.json']!))

describe('fuzzed input is read, or refused in words', () => {
  const limit = 60_000 + (Number.isFinite(TIME) ? 0 : COUNT * 20)
  it('project files with other bytes', () => expect(many(() => readProject(flipped(file)))).toBeGreaterThan(100), limit)
  it(
    'project files with another document',
    () =>
      expect(
        many(() => {
          const text = JSON.stringify(mutated(random() < 0.5 ? document : mutated(document)))
          readProject(zipSync({ ...entries, 'project.json': strToU8(text ?? '') }, { level: 0 }))
        })
      ).toBeGreaterThan(100),
    limit
  )
  it(
    'experiments',
    () => {
      const { experiments } = sampleProject()
      expect(many(() => void readExperiment(mutated(mutated(oneOf(experiments)))))).toBeGreaterThan(100)
    },
    limit
  )
  it(
    'tables',
    () => {
      const table = strToU8('a,b,成绩\n1,2,"x ""y"""\n3,,z\n')
      expect(many(() => void openTable(asAttachment(flipped(table)), 'auto'))).toBeGreaterThan(100)
    },
    limit
  )
  it(
    'messages: each call gets one answer, and no handler what it does not expect',
    async () => {
      const answers: { type: string; error?: { problems: unknown[]; message: { en: string } } }[] = []
      let hear: (message: unknown) => void = () => undefined
      const handlers = Object.fromEntries(Object.keys(appContract.calls).map((name) => [name, () => null]))
      serve(
        appContract,
        {
          post: (m) => void answers.push(m as never),
          onMessage: (listener) => void (hear = listener),
          onClose: () => undefined
        },
        handlers as never
      )
      const project = sampleProject()
      const calls: [string, unknown[]][] = [
        ['projectChanged', [project, true, null]],
        ['saveProject', [project, '/x']],
        ['openProject', ['/x']],
        ['startRun', ['x', project.experiments[0], {}, {}]],
        ['exportFile', ['x', new Uint8Array(3)]],
        ['changeRun', ['x', { learningRate: 1 }]],
        ['setSettings', [{ theme: 'dark', layout: {} }]]
      ]
      let sent = 0
      const done = many(() => {
        const [name, args] = oneOf(calls)
        const message = { type: 'call', from: 'fuzz', id: sent, name, args: mutated(args) }
        if (Array.isArray(message.args)) sent++
        hear(Array.isArray(message.args) ? message : mutated(message))
      })
      expect(done).toBeGreaterThan(100)
      await vi.waitFor(() => expect(answers.length).toBeGreaterThanOrEqual(sent))
      for (const { type, error } of answers) if (type === 'error') expect(error!.problems.length).toBeGreaterThan(0)
    },
    limit
  )
})
