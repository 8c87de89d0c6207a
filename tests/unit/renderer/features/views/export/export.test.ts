import { describe, expect, it } from 'vitest'
import { BINS } from '@shared/run/histogram'
import { FrameTable } from '@shared/run/frameTable'
import type { RunLayer, RunSchema } from '@shared/run/types'
import { chainOf } from '@shared/run/chain'
import type { Data } from '@shared/catalog/datasets'
import { dataCsv, planeCsv } from '@/features/edit/data/export'
import { chainBytes, distributionBytes } from '@/features/views/export/tables'
import { dataLoss } from '@/features/views/runViews/curves'

const layer = (index: number): RunLayer =>
  ({
    index,
    id: `l${index}`,
    node: `l${index}`,
    kind: 'dense',
    name: `Dense ${index}`,
    main: true,
    inputs: index ? [`l${index - 1}`] : [],
    outputShape: [3],
    params: 12
  }) as unknown as RunLayer
const table = async (bytes: Promise<Uint8Array>): Promise<Record<string, string>[]> => {
  const [head, ...lines] = new TextDecoder()
    .decode(await bytes)
    .trim()
    .split('\n')
    .map((l) => l.split(','))
  return lines.map((l) => Object.fromEntries(head!.map((h, i) => [h, l[i]!])))
}

describe('exported tables', () => {
  it('hold the chain to the last bit, special values too', async () => {
    const layers = [0, 1, 2, 3, 4].map(layer)
    const gradients = [0, 1.1754943508222875e-38, 3.4028234663852886e38, NaN, 0.1].map(Math.fround)
    const read = (l: RunLayer, s: string): number | undefined =>
      s === 'activationGradientRms' ? gradients[l.index] : undefined
    const chain = chainOf(layers, read)
    const rows = await table(chainBytes(chain, 7, (l) => read(l, 'activationGradientRms')))
    expect(rows.map((r) => r['layer_id'])).toEqual(['l0', 'l1', 'l2', 'l3', 'l4'])
    expect(rows.map((r) => Math.fround(Number(r['activation_gradient_rms'])))).toEqual(gradients)
    expect(rows.slice(0, 4).map((r) => Number(r['factor']))).toEqual(chain.links.map((l) => l.factor))
    expect(rows.slice(0, 4).map((r) => Number(r['product']))).toEqual(chain.links.map((l) => l.product))
    expect(rows[0]!['slope']).toBe('')
    expect(rows.every((r) => r['step'] === '7')).toBe(true)
  })
  it('hold every count of a distribution', async () => {
    const bins = Float32Array.from({ length: BINS }, (_, i) => i * 1000 + 1)
    const h = {
      layer: 2,
      source: 'preActivation' as const,
      count: 1e6,
      nan: 3,
      infinite: 4,
      zero: 5,
      low: Math.fround(-0.1),
      high: Math.fround(1 / 3),
      slope: { mean: 0.2135, below: 0, above: 1 / 7 },
      bins
    }
    const [row] = await table(distributionBytes(12, [{ layer: layer(2), h }]))
    expect(Array.from({ length: BINS }, (_, i) => Number(row![`bin_${i + 1}`]))).toEqual([...bins])
    expect([row!['count'], row!['nan'], row!['infinite'], row!['zero']].map(Number)).toEqual([1e6, 3, 4, 5])
    expect([Math.fround(Number(row!['low'])), Math.fround(Number(row!['high']))]).toEqual([h.low, h.high])
    expect([row!['mean_slope'], row!['saturated_below'], row!['saturated_above']].map(Number)).toEqual([
      0.2135,
      0,
      1 / 7
    ])
  })
  it('hold a critic over the plane point by point, and examples with their targets', () => {
    const text = (b: Uint8Array): string[][] =>
      new TextDecoder()
        .decode(b)
        .trim()
        .split('\n')
        .map((l) => l.split(','))
    const plane = {
      reach: 2,
      side: 3,
      values: [1, 2, 3, 4, 5, 6, 7, 8, NaN],
      real: [0.5, -0.25],
      generated: [1, 1, -1, 0]
    }
    const rows = text(planeCsv(plane))
    expect(rows[0]).toEqual(['kind', 'x', 'y', 'critic'])
    // The first value is that of the upper left corner.
    expect(rows[1]).toEqual(['grid', '-2', '2', '1'])
    expect(rows[5]!.slice(1).map(Number)).toEqual([0, 0, 5])
    expect(rows[9]).toEqual(['grid', '2', '-2', 'NaN'])
    expect(rows.slice(10)).toEqual([
      ['real', '0.5', '-0.25', ''],
      ['generated', '1', '1', ''],
      ['generated', '-1', '0', '']
    ])
    const data = {
      inputShape: [2],
      targetShape: [1],
      task: 'binary',
      count: 2,
      featureNames: ['a', 'b,c'],
      x: Float32Array.of(0.1, 2, -3, 1 / 3),
      y: Float32Array.of(0, 1)
    } as unknown as Data
    const table = text(dataCsv(data))
    expect(new TextDecoder().decode(dataCsv(data)).split('\n')[0]).toBe('a,"b,c",target')
    expect(table.slice(1).map((l) => l.map((v) => Math.fround(Number(v))))).toEqual([
      [Math.fround(0.1), 2, 0],
      [-3, Math.fround(1 / 3), 1]
    ])
  })
})

describe('the training loss without its penalty', () => {
  const tableOf = (scalars: string[], ...rows: number[][]): FrameTable => {
    const t = new FrameTable({ columns: [], scalars } as unknown as RunSchema)
    rows.forEach((row, i) =>
      t.append({ steps: Int32Array.of(i), values: new Float32Array(0), scalars: Float32Array.from(row) })
    )
    return t
  }
  it('is what stands beside the validation loss, once there is a penalty', () => {
    expect([...dataLoss(tableOf(['loss', 'gradientNorm', 'penalty'], [3, 9, 0], [2.5, 9, 0.5], [NaN, 9, 1]))!]).toEqual(
      [3, 2, NaN]
    )
  })
  it('is not told apart where there is none', () => {
    expect(dataLoss(tableOf(['loss', 'penalty'], [3, 0], [2, 0]))).toBeUndefined()
    expect(dataLoss(tableOf(['loss'], [3]))).toBeUndefined()
  })
})
