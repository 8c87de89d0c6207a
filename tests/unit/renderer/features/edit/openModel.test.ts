/** Open model: the data that a person chooses for the experiment that is made of a model. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { importKeras } from '@shared/bridge/keras'
import { datasets } from '@shared/catalog/datasets'
import { useModel, type DataChoice } from '@/features/edit/model/state'
import { useProject } from '@/stores/project'

type Json = Record<string, unknown>
const dense = (name: string, units: number, activation: string): Json => ({
  class_name: 'Dense',
  config: { name, units, activation }
})
/** A model of Keras with one hidden layer, as main answers with it. */
function opened(inputs: number, end: Json, loss: string, mend: string[] = []): Json {
  const first = { class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, inputs] } }
  const model = { class_name: 'Sequential', config: { name: 'net', layers: [first, dense('a', 4, 'tanh'), end] } }
  const { weights: _, state: _state, ...told } = importKeras({ model, compiled: { loss } }, { mend })
  return { ok: true, path: '/net.keras', value: { ...told, count: 0 } }
}
const openModel = vi.fn()
beforeEach(() => {
  openModel.mockReset()
  vi.stubGlobal('window', {
    clinic: { openModel, log: vi.fn(async () => undefined), projectChanged: vi.fn(async () => undefined), on: vi.fn() }
  })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  setActivePinia(createPinia())
})
async function choose(answer: Json, data: DataChoice): Promise<ReturnType<typeof useProject>> {
  openModel.mockResolvedValue(answer)
  const model = useModel()
  await model.look('/net.keras')
  model.data = data
  await model.take()
  expect(model.model).toBeNull()
  return useProject()
}

describe('the data of a model that is opened', () => {
  const classes = (): Json => opened(4, dense('b', 3, 'softmax'), 'categorical_crossentropy')
  it('are random ones of its shape where nothing else is chosen', async () => {
    const { experiment, problems } = await choose(classes(), 'random')
    expect(experiment.data.dataset).toMatchObject({ id: 'randomData', shape: '4', targets: 'classes', outputs: 3 })
    expect(problems).toEqual([])
  })
  it('are offered where they have its shape and its task, and each can be trained on', async () => {
    openModel.mockResolvedValue(classes())
    const model = useModel()
    await model.look('/net.keras')
    const ids = model.fitting.map((d) => d.id)
    expect(ids).toContain('iris')
    for (const other of ['randomData', 'moons', 'digits', 'diabetes', 'csv']) expect(ids).not.toContain(other)
    for (const id of ids) {
      setActivePinia(createPinia())
      const { experiment, problems } = await choose(classes(), `set:${id}`)
      const { fields } = datasets.get(id)
      expect(experiment.data.dataset.id).toBe(id)
      expect(Object.keys(experiment.data.dataset).sort()).toEqual(['id', ...Object.keys(fields)].sort())
      expect(problems).toEqual([])
    }
  })
  it('are left as they are for the model’s own network: nothing else of it changes', async () => {
    const random = (await choose(classes(), 'random')).experiment
    setActivePinia(createPinia())
    const chosen = (await choose(classes(), 'set:iris')).experiment
    expect({ ...chosen, data: 0 }).toEqual({ ...random, data: 0 })
    expect({ ...chosen.data, dataset: 0 }).toEqual({ ...random.data, dataset: 0 })
  })
})

describe('the data of a model whose fault is mended by another loss', () => {
  const ends: [string, Json, string][] = [
    ['sigmoidWithMeanSquaredError', dense('b', 1, 'sigmoid'), 'mean_squared_error'],
    ['softmaxOfOne', dense('b', 1, 'softmax'), 'binary_crossentropy']
  ]
  const look = async (end: Json, loss: string): Promise<ReturnType<typeof useModel>> => {
    openModel.mockImplementation((_from: unknown, { mend }: { mend: string[] }) =>
      Promise.resolve(opened(2, end, loss, mend))
    )
    const model = useModel()
    await model.look('/net.keras')
    return model
  }
  it.each(ends)('%s: are those of what becomes of it, mended or not', async (code, end, loss) => {
    const offered = (await look(end, loss)).fitting.map((d) => d.id)
    expect(offered).toContain('moons')
    for (const kept of [false, true]) {
      setActivePinia(createPinia())
      const first = await look(end, loss)
      if (kept) first.kept = [code]
      for (const id of ['random', ...first.fitting.map((d) => `set:${d.id}`)]) {
        setActivePinia(createPinia())
        const model = await look(end, loss)
        if (kept) model.kept = [code]
        model.data = id as DataChoice
        await model.take()
        expect(useProject().problems, `${id} ${kept ? 'kept' : 'mended'}`).toEqual([])
      }
    }
  })
  it('are chosen no more where they fit no more', async () => {
    const model = await look(dense('b', 1, 'sigmoid'), 'mean_squared_error')
    model.data = 'set:moons'
    model.kept = ['sigmoidWithMeanSquaredError']
    expect(model.fitting.map((d) => d.id)).not.toContain('moons')
    expect(model.data).toBe('random')
  })
})
