import { activations } from '@shared/catalog/activations'
import { BINS, binValues, histogramOf, isKeptStep, slopeFigures, type HistogramSet } from '@shared/run/histogram'
import { describe, expect, it } from 'vitest'
import { begin, bits, netOf, runToEnd, type Told } from './support'

const sets = (told: Told): HistogramSet[] =>
  told.updates.flatMap((u) => (u.kind === 'histograms' ? [u.histograms] : []))

describe('distributions', () => {
  it('are those of the tensors of the same step, at kept steps, and change no bit of the run', async () => {
    const experiment = netOf('plain', { steps: 40 })
    const told = await runToEnd(experiment, { histograms: true, snapshots: [0, 10, 39] })
    const plain = await runToEnd(experiment, { snapshots: [39] })
    expect(sets(plain)).toEqual([])
    expect(bits(told, 39)).toEqual(bits(plain, 39))
    expect(told.table!.toBatch()).toEqual(plain.table!.toBatch())
    const layers = told.schema!.layers
    expect(sets(told).map((s) => s.step)).toEqual(
      Array.from({ length: 40 }, (_, i) => i).filter((s) => isKeptStep(s, 40, layers.length))
    )
    const folders = {
      activation: 'activations',
      activationGradient: 'activation_gradients',
      preActivation: 'pre_activations',
      preActivationGradient: 'pre_activation_gradients'
    } as const
    for (const step of [0, 10, 39]) {
      const set = sets(told).find((s) => s.step === step)!
      expect(set.bins.length).toBe(set.entries.length * BINS)
      const arrays = told.snapshots.get(step)!
      for (const layer of layers)
        for (const [source, folder] of Object.entries(folders)) {
          const values = arrays.get(`${folder}/${layer.id}`)?.data
          const entry = histogramOf(set, layer.index, source as keyof typeof folders)
          expect(!!entry).toBe(!!values)
          if (!values || !entry) continue
          expect(entry).toMatchObject(binValues(values))
          if (source !== 'preActivation' || !layer.activation) continue
          expect(entry.slope).toEqual(
            slopeFigures(values, activations.get(layer.activation), layer.activationParams ?? {})
          )
        }
      const dense = layers.find((l) => l.kind === 'dense')!
      expect(histogramOf(set, dense.index, 'kernel')!.count).toBe(
        dense.outputShape[0]! * [...arrays].find(([n]) => n === `weights/${dense.id}/kernel`)![1].shape[0]!
      )
      expect(histogramOf(set, dense.index, 'kernelGradient')).toBeDefined()
    }
  })
  it('come when asked for, of the step that is next', async () => {
    const running = begin(netOf('plain', { steps: 2000 }), {
      histograms: true,
      hear: (update) => {
        if (update.kind === 'frames' || update.kind === 'histograms') running.session.inspect()
        if (update.kind === 'histograms' && update.histograms.live) running.session.stop()
      }
    })
    await running.end
    const live = sets(running).filter((s) => s.live)
    expect(live.length).toBeGreaterThan(0)
    expect(live.every((s) => !isKeptStep(s.step, 2000, running.schema!.layers.length))).toBe(true)
  })
})
