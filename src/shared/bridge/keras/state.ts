import { asObject } from '../../base/objects'
import { optimizers } from '../../catalog/optimizers'
import { text, type ForeignLayer, type ForeignModel, type ForeignTraining } from '../foreign'
import type { NamedTensor } from '../safetensors'
import type { KerasLayer } from './graph'
import type { KerasModel } from './types'

/** Weights of a layer that are not trained stand behind the others. */
const STATE: Record<string, number> = { BatchNormalization: 2 }

interface Found {
  state?: ForeignModel['state']
  moments?: (layer: KerasLayer) => NonNullable<ForeignLayer['moments']>
}

/**
 * The optimizer's state in a file of Keras: the number of steps, the learning rate, then what is kept of each trained
 * weight, in the order of the layers.
 * @param layers in the order of the file
 */
export function readState(
  { optimizerVariables, weightsOf, compiled }: KerasModel,
  layers: readonly KerasLayer[],
  { optimizer, schedule }: ForeignTraining
): Found {
  const variables = optimizerVariables?.() ?? []
  const [steps, rate, ...kept] = variables
  if (!weightsOf || !optimizer || !steps || !kept.length) return {}
  // Keras keeps for each weight what our entry does, in the same order.
  const { slots } = optimizers.get(optimizer.id)
  const lost = (en: string, zh: string): Found => ({ state: { lost: text(en, zh) } })
  const told = asObject(asObject(asObject(compiled).optimizer).config)
  const weights = layers.map((l) => {
    const given = weightsOf(l)
    return { layer: l.name, given, trained: l.frozen ? 0 : given.length - (given.length && (STATE[l.className] ?? 0)) }
  })
  const count = weights.reduce((n, w) => n + w.trained, 0)
  if (optimizer.id === 'nadam') return lost('the file lacks Nadam’s product of momenta', '文件缺少 Nadam 的动量乘积')
  if (told.amsgrad === true || told.centered === true || kept.length !== slots.length * count)
    return lost('it keeps other values than are kept here', '它保存的内容与这里不同')
  if (optimizer.id === 'momentum' && schedule)
    return lost(
      'its velocity depends on the learning rate, which a schedule has moved',
      '其速度取决于已被调度改变的学习率'
    )
  // Keras keeps −α·v where v is kept here.
  const scale = optimizer.id === 'momentum' ? -1 / rate!.values[0]! : 1
  const made = steps.values[0]!
  if (!Number.isSafeInteger(made) || made < 0 || !Number.isFinite(scale))
    return lost('its number of steps or its learning rate is not sound', '其步数或学习率有误')
  const found = new Map<string, Map<string, (NamedTensor | undefined)[]>>()
  let at = 0
  for (const { layer, given, trained } of weights) {
    const own = new Map(slots.map((s): [string, (NamedTensor | undefined)[]] => [s, []]))
    for (let i = 0; i < trained; i++)
      for (const slot of slots) {
        const { shape, values } = kept[at++]!
        if (shape.join() !== given[i]!.shape.join())
          return lost(`its values don’t fit the weights of ${layer}`, `其数值与 ${layer} 的权重不符`)
        own.get(slot)!.push({ shape, values: scale === 1 ? values : values.map((v) => v * scale) })
      }
    if (trained) found.set(layer, own)
  }
  return {
    state: { steps: made, slots },
    moments: (layer) => (slot) => found.get(layer.name)?.get(slot)
  }
}
