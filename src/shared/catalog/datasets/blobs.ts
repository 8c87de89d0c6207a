import { classTarget, codingField, countField, noiseField, numbered, points } from './toy/common'
import { makeRng } from '../../base/random/rng'
import type { DataInfo, Dataset } from './types'
import type { Params } from '../../base/params'

const describe = (p: Params): DataInfo => ({
  inputShape: [p.inputs as number],
  count: p.count as number,
  ...classTarget(numbered(p.classes as number), p.coding)
})

/** Centres: in the plane evenly on a circle, else in random directions, at the given distance from the origin. */
function centres(p: Params, seed: number): Float64Array[] {
  const rng = makeRng(seed, 'data/blobs/centres')
  const [dims, n, distance] = [p.inputs as number, p.classes as number, p.distance as number]
  return Array.from({ length: n }, (_, k) => {
    const c = new Float64Array(dims)
    if (dims === 2) c.set([Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)])
    else for (let d = 0; d < dims; d++) c[d] = rng.normal()
    const norm = Math.hypot(...c)
    return c.map((v) => (v * distance) / norm)
  })
}
const blobs: Dataset = {
  id: 'blobs',
  name: { en: 'Blobs', zh: '高斯团' },
  doc: {
    en: 'Normal clouds, one class each, at equal distance from the origin; as many inputs as you like.',
    zh: '正态点云，每团一类，到原点距离相等；输入维数任意。'
  },
  fields: {
    count: countField(600),
    noise: noiseField(0.5),
    classes: { type: 'number', default: 3, integer: true, min: 2, max: 100, label: { en: 'Classes', zh: '类别数' } },
    inputs: { type: 'number', default: 2, integer: true, min: 1, max: 1000, label: { en: 'Inputs', zh: '输入数' } },
    distance: {
      type: 'number',
      default: 2,
      min: 0,
      max: 100,
      label: { en: 'Distance', zh: '距离' },
      help: { en: 'Of each centre from the origin.', zh: '各中心到原点的距离。' }
    },
    coding: codingField
  },
  standardize: true,
  python: 'values',
  describe,
  load(p, { seed }) {
    const at = centres(p, seed)
    return points(describe(p), p, seed, 'blobs', (k, _rng, point) => point.set(at[k]!))
  }
}
export default blobs
