import type { Experiment } from '@shared/experiment'
import { layers } from '@shared/catalog/layers'
import type { LayerKind } from '@shared/catalog/layers/types'
import type { Text } from '@shared/base/text'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Binding } from '@shared/base/binding'
import { dropGraphs } from '../../src/trainer/engine'
import { loadTensorFlow } from '../../src/trainer/tensorflow'
import { begin, netOf, runToEnd, type Running } from './support'

const { backend } = loadTensorFlow()
const real = backend.binding
const spies: { mockRestore(): void }[] = []
afterEach(() => {
  backend.binding = real
  for (const spy of spies.splice(0)) spy.mockRestore()
})
/** TensorFlow from here on, but for one function of its binding. */
function stub<K extends keyof Binding>(name: K, value: Binding[K]): void {
  backend.binding = Object.create(real, { [name]: { value } }) as Binding
}
/** A run whose recorded step throws at step 5. */
async function broken(says: string, experiment: Experiment = netOf('plain', { steps: 20 })): Promise<Running> {
  let steps = 0
  stub('runSavedModel', (id, inputs, feeds, fetches) => {
    if (fetches === 'step_flat:0' && ++steps > 5) throw new Error(says)
    return real.runSavedModel(id, inputs, feeds, fetches)
  })
  const running = begin(experiment)
  await running.end
  return running
}
const quiet = (): void => void spies.push(vi.spyOn(console, 'error').mockImplementation(() => undefined))

describe('an error of TensorFlow', () => {
  it.each([
    'Session fail to run with error: OOM when allocating tensor with shape[100000,100000] and type float',
    'Session fail to run with error: RESOURCE_EXHAUSTED: failed to allocate memory',
    'std::bad_alloc',
    'Array buffer allocation failed'
  ])('that is for want of memory names what to change: %s', async (says) => {
    const { failed, table } = await broken(says)
    expect(failed!.problems!.map((p) => p.path)).toEqual(['training.batchSize'])
    expect(failed!.problems![0]!.message.en).toMatch(
      /memory .* 32 examples: make batches smaller, or layers fewer or narrower/
    )
    expect(failed!.problems![0]!.message.zh).toMatch(/^[^a-zA-Z]*$/)
    expect(JSON.stringify([failed!.message, failed!.problems])).not.toContain(says)
    expect(failed!.log).toContain(says)
    // What was recorded is kept.
    expect(table!.length).toBe(5)
  })
  it('for want of memory with one example already speaks of the network', async () => {
    const { failed } = await broken('std::bad_alloc', netOf('plain', { steps: 20, batchSize: 1 }))
    expect(failed!.problems!.map((p) => p.path)).toEqual(['network.nodes'])
  })
  it('of any other kind is told in a sentence, and word by word in the log alone', async () => {
    const says = 'Session fail to run with error: Matrix size-incompatible: In[0]: [32,8], In[1]: [9,8]'
    const { failed } = await broken(says)
    expect(failed!.problems).toBeUndefined()
    expect(failed!.message.en).toMatch(/^Training broke off .*\.$/)
    expect(failed!.message.en).not.toContain('Matrix')
    expect(failed!.message.zh).toMatch(/^[^a-zA-Z]*$/)
    expect(failed!.log).toContain(says)
  })
  it('while a change is made is told in the same way, and the run goes on as it was', async () => {
    quiet()
    const running = begin(netOf('plain', { steps: 20 }), {
      hear: (update) => update.kind === 'schema' && running.session.pause()
    })
    await vi.waitFor(() => expect(running.progress.some((p) => p.state === 'paused')).toBe(true))
    stub('createTensor', () => {
      throw new Error('OOM when allocating tensor')
    })
    const refused = running.session.change({ remedies: [{ id: 'l2', lambda: 0.01 }] })
    await expect(refused).rejects.toMatchObject({ problems: [{ path: 'training.batchSize' }] })
    backend.binding = real
    running.session.resume()
    await running.end
    expect(running.table!.length).toBe(20)
  })
})

describe('a step that cannot be recorded', () => {
  /** The plain net with a layer of this kind in it: as `activation` is made for the while. */
  const withLayer = (forward: LayerKind['forward']): Experiment => {
    spies.push(vi.spyOn(layers.get('activation'), 'forward').mockImplementation(forward))
    const e = netOf('plain', { steps: 12 })
    const [first, ...rest] = e.network.nodes
    const extra = { id: 'odd', kind: 'activation', params: { activation: { id: 'linear' } }, inputs: [first!.id] }
    return { ...e, network: { nodes: [first!, extra, ...rest.map((n, i) => (i ? n : { ...n, inputs: ['odd'] }))] } }
  }
  let calls = 0
  it.each<[string, LayerKind['forward'], RegExp]>([
    [
      'draws random numbers of its own',
      (tf, _p, [x]) => ({ h: tf.add(x!, tf.randomNormal(x!.shape, 0, 0.01)) }),
      /computed outside TensorFlow and changes from step to step/
    ],
    [
      'reads a tensor back',
      (tf, _p, [x]) => ({ h: tf.mul(x!, 1 + 0 * tf.max(x!).dataSync()[0]!) }),
      /a value is read back while the step runs/
    ],
    [
      'has a number that is computed anew for each batch',
      (tf, _p, [x]) => ({ h: tf.mul(x!, 1 + 1e-3 * ++calls) }),
      /computed outside TensorFlow and changes from step to step/
    ],
    [
      'does not always do the same',
      (tf, _p, [x]) => ({ h: ++calls % 2 ? tf.mul(x!, 2) : tf.relu(x!) }),
      /does not run the same operations each time/
    ]
  ])('because a layer %s says so, and trains op by op', async (_name, forward, why) => {
    const told = await runToEnd(withLayer(forward))
    const reason = told.schema!.compiled as Text
    expect(reason.en).toMatch(why)
    expect(reason.zh).toMatch(/\p{Script=Han}/u)
    expect(told.done).toEqual({ state: 'finished' })
    expect(told.table!.length).toBe(12)
    expect(told.table!.scalars.every(Number.isFinite)).toBe(true)
  })
  it('because TensorFlow refuses the graph says so with the reason, and prints no line of TensorFlow', async () => {
    quiet()
    // Another test may have left the graph of this network.
    dropGraphs()
    stub('loadSavedModel', () => {
      throw new Error('Failed to load SavedModel: NodeDef mentions attr not in Op')
    })
    const told = await runToEnd(netOf('plain', { steps: 3 }))
    const why = 'Failed to load SavedModel: NodeDef mentions attr not in Op'
    expect(told.schema!.compiled).toEqual({
      en: `TensorFlow does not take the step as one graph (${why})`,
      zh: `TensorFlow 不接受由该训练步构成的计算图（${why}）`
    })
    expect(told.table!.length).toBe(3)
    expect(vi.mocked(console.error)).not.toHaveBeenCalled()
  })
})
