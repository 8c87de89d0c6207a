import { zipSync, strToU8 } from 'fflate'
import { File, ready, type Group } from 'h5wasm'
import type { KerasWeight } from '../../base/keras'
import type { NamedArray } from '../types'
import { configOf, places } from './graph'
import type { KerasModel } from './model'

/** An array as Keras keeps it. @param adds with what Keras keeps in it besides */
function asKeras(
  { shape, data }: Pick<NamedArray, 'shape' | 'data'>,
  { rank, order, plus }: KerasWeight,
  adds: boolean
): { shape: number[]; data: Float32Array } {
  const to = [...Array.from({ length: Math.max(0, (rank ?? 0) - shape.length) }, () => 1), ...shape]
  if (!order) return { shape: to, data }
  const out = new Float32Array(data.length)
  const columns = shape[shape.length - 1]!
  const width = columns / order.length
  for (let row = 0; row < data.length; row += columns)
    order.forEach((from, k) => {
      const at = row + k * width
      out.set(data.subarray(row + from * width, row + (from + 1) * width), at)
      if (adds && plus) for (let i = at; i < at + width; i++) out[i]! += plus[k]!
    })
  return { shape: to, data: out }
}

/** Our arrays by `layer/variable` of the model. */
export function byVariable(
  arrays: ReadonlyMap<string, NamedArray>,
  { nodes }: KerasModel,
  adds: boolean
): { layer: string; as: string; shape: number[]; data: Float32Array }[] {
  return nodes.flatMap(({ name, id, layer }) =>
    (layer.weights ?? []).flatMap((w) => {
      const array = arrays.get(`${id}/${w.name}`)
      return array ? [{ layer: name, as: w.as, ...asKeras(array, w, adds) }] : []
    })
  )
}

let written = 0
/** A file of weights as Keras 3 reads it: `layers/NAME/vars/0` and so on. */
async function hdf5(arrays: ReadonlyMap<string, NamedArray>, model: KerasModel): Promise<Uint8Array> {
  const { FS } = await ready
  const name = `written${++written}.h5`
  const file = new File(name, 'w')
  const at = (path: string): Group => {
    let group: Group = file
    for (const part of path.split('/')) {
      const found = group.get(part)
      group = (found as Group | null) ?? group.create_group(part)
    }
    return group
  }
  try {
    const where = places(model.nodes, model.output)
    const values = byVariable(arrays, model, true)
    for (const { name: layer, layer: written } of model.nodes) {
      const place = where.get(layer)
      // What leads nowhere is not part of the model.
      if (place === undefined) continue
      const vars = at(`${place}/${written.isCell ? 'cell/' : ''}vars`)
      values
        .filter((v) => v.layer === layer)
        .forEach(({ shape, data }, i) => vars.create_dataset({ name: String(i), data, shape, dtype: '<f4' }))
      if (/Dropout$/.test(written.object.class))
        at(`${place}/seed_generator/vars`).create_dataset({
          name: '0',
          data: Uint32Array.of(0, 0),
          shape: [2],
          dtype: '<I'
        })
    }
    file.flush()
    file.close()
    return FS.readFile(name)
  } finally {
    FS.unlink(name)
  }
}

/** A state of the model: a `.keras` file, or one of weights alone where a layer's class is the project's own. */
export async function stateOf(
  arrays: ReadonlyMap<string, NamedArray>,
  model: KerasModel,
  inputShape: readonly number[]
): Promise<Uint8Array> {
  const weights = await hdf5(arrays, model)
  const config = configOf(model.nodes, model.output, inputShape)
  if (!config) return weights
  // Of a fixed time, so that the same run gives the same bytes.
  const about = { keras_version: '3.0.0', date_saved: '1980-01-01@00:00:00' }
  return zipSync(
    {
      'metadata.json': strToU8(JSON.stringify(about)),
      'config.json': strToU8(JSON.stringify(config)),
      'model.weights.h5': weights
    },
    { level: 0, mtime: '1980-01-01T00:00:00' }
  )
}
