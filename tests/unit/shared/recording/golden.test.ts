import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { activations } from '@shared/catalog/activations'
import { statistics } from '@shared/catalog/statistics'
import { expect, test } from 'vitest'

/**
 * Statistics of a few tensors by our definitions, in float64. The recorder's tests hold Python to the same file;
 * `RECORD_STATISTICS=1` writes it anew.
 */
const FILE = join(__dirname, '../../../fixtures/statistics.json')

const rising = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => Math.fround(f(i)))
const TENSORS: Record<string, { shape: number[]; values: number[] }> = {
  ordinary: { shape: [4, 6], values: rising(24, (i) => 3 * Math.sin(1 + i * 1.7)) },
  tiny: { shape: [3, 4], values: rising(12, (i) => 1e-30 * Math.cos(i)) },
  huge: { shape: [3, 4], values: rising(12, (i) => 1e30 * Math.cos(i)) },
  'far from 0': { shape: [2, 5], values: rising(10, (i) => 1000 + 0.01 * Math.sin(i)) },
  zeros: { shape: [2, 3], values: rising(6, () => 0) },
  'some zeros': { shape: [3, 4], values: rising(12, (i) => (i % 4 === 1 ? 0 : i % 3)) },
  'one NaN': { shape: [2, 3], values: [1, NaN, 2, 0, 0, 4] },
  'both infinities': { shape: [2, 3], values: [1, Infinity, 2, -Infinity, 0, 4] }
}
const sigmoid = { entry: activations.get('sigmoid'), params: {} }
const relu = { entry: activations.get('relu'), params: {} }

function golden(): unknown {
  const written = (x: number): number | string => (Number.isFinite(x) ? x : String(x))
  const limits = Object.fromEntries(
    ['relu', 'sigmoid', 'tanh', 'hardSigmoid', 'gelu', 'silu', 'elu', 'selu', 'softplus'].map((id) => {
      const { saturatedBelow, saturatedAbove, canDie } = activations.get(id).regime({ alpha: 1 })
      return [id, { below: saturatedBelow ?? null, above: saturatedAbove ?? null, canDie: canDie ?? false }]
    })
  )
  const simple = statistics.all.filter((s) => s.reference && s.needs.length === 1 && !s.perTime)
  const tensors = Object.entries(TENSORS).map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    values: tensor.values.map(written),
    statistics: Object.fromEntries(
      simple.map((s) => [s.id, written(s.reference!({ [s.needs[0]!]: tensor }, s.id === 'deadShare' ? relu : sigmoid))])
    )
  }))
  const [kernel, kernelUpdate] = [TENSORS['ordinary']!, TENSORS['tiny']!]
  const ratio = statistics.get('updateRatio').reference!({ kernel, kernelUpdate })
  return { limits, tensors, updateRatio: { kernel: 'ordinary', update: 'tiny', ratio } }
}

test('the file that Python is held to says what the registry says', () => {
  const now = `${JSON.stringify(golden(), null, 1)}\n`
  if (process.env['RECORD_STATISTICS']) writeFileSync(FILE, now)
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(now))
})
