import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { parseExperiment } from '../../src/shared/experiment'
import { prepareData } from '../../src/trainer/data'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const dir = mkdtempSync(join(tmpdir(), 'clinic-small-'))
const exec = promisify(execFile)
const clinic = async (...args: string[]): Promise<string> =>
  (await exec(process.execPath, [CLINIC, ...args], { cwd: dir })).stdout
const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(dir, ...path), 'utf8')) as T

const file = (name: string, hidden: object, learningRate: number): string => {
  writeFileSync(
    join(dir, `${name}.json`),
    JSON.stringify({
      data: { dataset: { id: 'digits' } },
      network: {
        nodes: [
          { id: 'hidden', kind: 'dense', params: { units: 32, ...hidden } },
          {
            id: 'out',
            kind: 'dense',
            params: { units: 10, activation: 'linear', ...('initializer' in hidden && hidden) }
          }
        ]
      },
      training: {
        steps: 200,
        batchSize: 32,
        loss: { id: 'softmaxCrossEntropy' },
        optimizer: { id: 'sgd', learningRate }
      }
    })
  )
  return join(dir, `${name}.json`)
}

beforeAll(() => buildClinic())
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('clinic range-test and ten-examples', () => {
  it('suggest a rate to a network at 1e-6 that lets it learn, and lets it learn ten examples', async () => {
    const slow = file('slow', { activation: 'relu' }, 1e-6)
    expect(await clinic('range-test', slow, '--out', 'range')).toMatch(/The loss falls fastest at a rate of/)
    const { suggested, rates, losses, text } = read<{
      suggested: number
      rates: number[]
      losses: number[]
      text: { en: string; zh: string }
    }>('range', 'range-test.json')
    expect([rates.length, losses.length]).toEqual([211, 211])
    expect(text.zh).toContain(String(suggested))
    const rate = `training.optimizer.learningRate=${suggested}`
    for (const [out, more] of [
      ['before', []],
      ['after', ['--set', rate]]
    ] as const)
      await clinic('run', slow, '--out', out, '--quiet', ...more)
    const verdict = (out: string): string => read<{ verdict: { state: string } }>(out, 'run.json').verdict.state
    expect([verdict('before'), verdict('after')]).toEqual(['notLearning', 'learned'])
    expect(await clinic('ten-examples', slow, '--out', 'ten', '--set', rate)).toMatch(/It can: trained on ten examples/)
    expect(read<{ learns: boolean }>('ten', 'ten-examples.json').learns).toBe(true)
  })
  it('say of a network whose weights are all zero that it learns not even ten examples', async () => {
    const broken = file('broken', { activation: 'relu', initializer: { id: 'zeros' } }, 0.1)
    expect(await clinic('ten-examples', broken, '--out', 'zeros')).toMatch(/It can't: .*not in the amount of data/)
  })
  it('refuse a critic, and options that are not theirs', async () => {
    const path = join(dir, 'critic.json')
    writeFileSync(
      path,
      JSON.stringify({
        data: { dataset: { id: 'eightGaussians' } },
        network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
        training: { loss: { id: 'wasserstein' } }
      })
    )
    await expect(clinic('range-test', path, '--out', 'critic')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('critic') as string
    })
    await expect(clinic('ten-examples', path, '--out', 'x', '--steps', '3')).rejects.toMatchObject({ code: 2 })
  })
})

describe('a few of the training examples', () => {
  it('are of each class in turn, and are scaled as all of them', () => {
    const of = (examples?: number) =>
      prepareData(
        parseExperiment({
          data: { dataset: { id: 'digits' }, standardize: true, ...(examples && { examples }) },
          network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 10, activation: 'linear' } }] }
        }),
        {}
      )
    const [all, ten] = [of(), of(10)]
    expect(ten.train.count).toBe(10)
    expect(ten.validation).toEqual(all.validation)
    expect(
      Array.from({ length: 10 }, (_, k) => ten.train.y.filter((_v, i) => i % 10 === k).reduce((a, v) => a + v))
    ).toEqual(Array<number>(10).fill(1))
    expect([...ten.train.x.subarray(0, 64)]).toEqual([
      ...all.train.x.subarray(64 * ten.chosen![0]!, 64 * (ten.chosen![0]! + 1))
    ])
  })
})
