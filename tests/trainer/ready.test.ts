import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RunMessage } from '@shared/run/update'
import { dropGraphs } from '../../src/trainer/engine'
import { TrainerHost } from '../../src/trainer/host'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import { netOf } from './support'

const { backend } = loadTensorFlow()
const digest = (v: unknown): string => createHash('sha256').update(JSON.stringify(v)).digest('hex')
/** Trains in a host, after `before` has been done to it. */
async function train(
  experiment: ReturnType<typeof netOf>,
  before: (host: TrainerHost) => void
): Promise<{ values: string; scalars: string; others: string[] }> {
  const values: number[] = []
  const scalars: number[] = []
  const others: string[] = []
  let failed: string | undefined
  const take = ({ id, update }: RunMessage): void => {
    expect(id).toBe('a')
    if (update.kind === 'frames') {
      values.push(...update.frames.values)
      scalars.push(...update.frames.scalars)
      host.ack(1)
    } else if (update.kind === 'histograms') others.push(digest(update.histograms))
    else if (update.kind === 'evaluation') others.push(digest(update.evaluation))
    else if (update.kind === 'failure') failed = update.failure.message.en
  }
  const host: TrainerHost = new TrainerHost((event, payload) => event === 'runUpdate' && take(payload as RunMessage), {
    histograms: true
  })
  before(host)
  host.start('a', experiment, {})
  await host.ended
  expect(failed).toBeUndefined()
  expect(values.length).toBeGreaterThan(0)
  return { values: digest(values), scalars: digest(scalars), others }
}

describe('a run that was made ready ahead', () => {
  it.each([
    ['plain', []],
    ['batchNorm', []],
    ['deepRelu', ['clipByGlobalNorm']],
    ['criticOfGenerator', ['gradientPenalty']],
    ['criticOfGenerator', ['spectralNorm']]
  ] as const)('%s %j: is the same run to the last bit', async (net, hooks) => {
    const experiment = netOf(net, { steps: 12, hooks, optimizer: { id: 'adam' } })
    dropGraphs()
    const straight = await train(experiment, () => undefined)
    let native = 0
    const ahead = await train(experiment, (host) => {
      host.getReady(experiment, {})
      native = backend.binding.getNumOfSavedModels()
    })
    expect(native).toBe(1)
    expect(ahead).toEqual(straight)
    // What was made ready is let go of when something else is trained, or nothing is sound.
    const other = await train(experiment, (host) => {
      host.getReady(netOf('plain', { steps: 9 }), {})
      host.getReady({ ...experiment, training: { ...experiment.training, batchSize: 1e6 } }, {})
      host.getReady({ network: 3 } as never, {})
      host.getReady(netOf('plain', { steps: 9 }), {})
    })
    expect(other).toEqual(straight)
    // Of each experiment that was sound, one graph is kept for the next training of its kind.
    expect(backend.binding.getNumOfSavedModels()).toBe(2)
    dropGraphs()
    expect(backend.binding.getNumOfSavedModels()).toBe(0)
  })
})
