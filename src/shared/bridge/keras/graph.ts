import { asObject, type Json } from '../../base/objects'
import { refusal } from '../refusal'

const asList = (v: unknown): unknown[] => (Array.isArray(v) ? v : [])

/** One layer of a Keras model, out of the models that it stands in. */
export interface KerasLayer {
  /** The person's name for it; unique. */
  name: string
  className: string
  config: Json
  /** Names of the layers that it reads, in order; `''` is the model's input. */
  inputs: string[]
  /**
   * Names of the groups in the weights file that lead to it, as Keras 3 makes them, e.g.
   * `layers/sequential/layers/dense`.
   */
  path: string
  /** Axes of what it reads, the batch included, where the file says it. */
  rank?: number
  /** Of one example that it reads, where the file says every axis. */
  reads?: number[]
  /** Its weights are not trained: its own setting, or that of a model that it stands in. */
  frozen?: boolean
}
/** A Keras model as one chain or graph of layers. */
export interface KerasGraph {
  name: string
  /** Shape of one example, where the model says it. */
  inputShape: number[] | undefined
  layers: KerasLayer[]
  /** All layers in the order of the file, in which the optimizer keeps its variables. */
  written: KerasLayer[]
}

/** Layers in one model, and models inside one another. */
const MOST = 4096
const DEEPEST = 16
/** What to do where layers read what is not there: no version of Keras writes that. */
const ANEW: [en: string, zh: string] = ['write it anew by model.save', '请用 model.save 重新写出']
const WATCH: [en: string, zh: string] = [
  'open a part of it with one of each, or watch the training with gradient_clinic.KerasWatch',
  '请打开其中只有一个输入和输出的部分，或用 gradient_clinic.KerasWatch 监视训练'
]

/** The name by which Keras 3 files a layer's weights: its class in snake case. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
const isModel = (className: string): boolean => ['Sequential', 'Functional', 'Model'].includes(className)

/** What a layer reads: names of layers of its own model. Written in one way by Keras 3 and in another by Keras 2. */
function sourcesOf(node: unknown, layer: string): string[] {
  const found: string[] = []
  const visit = (v: unknown, depth: number): void => {
    if (depth > DEEPEST) return
    if (Array.isArray(v)) {
      // Keras 2: ["dense", 0, 0, {}].
      if (typeof v[0] === 'string' && typeof v[1] === 'number') found.push(v[0])
      else v.forEach((x) => visit(x, depth + 1))
      return
    }
    const { class_name, config } = asObject(v)
    if (class_name === '__keras_tensor__') found.push(String(asList(asObject(config).keras_history)[0]))
  }
  if (Array.isArray(node)) visit(node, 0)
  else {
    visit(asList(asObject(node).args), 0)
    for (const v of Object.values(asObject(asObject(node).kwargs)))
      if (asObject(v).class_name === '__keras_tensor__')
        throw refusal(
          `layer ${layer}`,
          'is given a tensor by name, which has no counterpart here',
          '以关键字参数接收张量，这里没有对应的写法',
          'give it by its place',
          '请按位置传入'
        )
  }
  return found
}
const isSize = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) > 0
const shapeOf = (value: unknown): number[] | undefined => {
  const shape = asList(value).slice(1)
  return shape.length && shape.every(isSize) ? shape : undefined
}
/**
 * The shape that a layer or a model says it reads, of one example.
 * @throws InputError where a size in it is none
 */
function declaredShape({ config, build_config }: Json): number[] | undefined {
  const { batch_shape, batch_input_shape, build_input_shape, name } = asObject(config)
  const wrong = asList(batch_shape ?? batch_input_shape).find((n) => n !== null && !isSize(n))
  if (wrong !== undefined)
    throw refusal(
      `layer ${String(name)}`,
      `says that it reads a size of ${JSON.stringify(wrong)}, which is none`,
      `声明的输入尺寸为 ${JSON.stringify(wrong)}，不是有效尺寸`,
      'save the model anew',
      '请重新保存模型'
    )
  return [batch_shape, batch_input_shape, build_input_shape, asObject(build_config).input_shape]
    .map(shapeOf)
    .find((s) => s !== undefined)
}

/**
 * Reads the layers of a model out of what `model.to_json()` gives, in Keras 2 or 3: chains and graphs, models inside
 * models taken apart.
 * @throws InputError for layers used twice, several inputs or outputs, models written as classes
 */
export function readGraph(model: unknown): KerasGraph {
  const layers: KerasLayer[] = []
  const names = new Set<string>()
  let inputShape: number[] | undefined
  /** @param entry what the model's first layers read. @returns the name of the layer that gives its output */
  const take = (value: unknown, entry: string, path: string, depth: number, isFrozen: boolean): string => {
    const { class_name, config } = asObject(value)
    if (depth > DEEPEST)
      throw refusal(
        'model',
        `has models nested more than ${DEEPEST} deep`,
        `模型嵌套超过 ${DEEPEST} 层`,
        'put its layers into one model',
        '请把各层放进同一个模型'
      )
    if (!isModel(String(class_name)))
      throw refusal(
        'model',
        `is of the class “${String(class_name)}”, and only Sequential and functional models say how their layers are connected`,
        `属于类 “${String(class_name)}”，而只有 Sequential 与函数式模型说明各层如何连接`,
        'rebuild it as a functional model, or save model.layers as one',
        '请改写为函数式模型，或把 model.layers 存成这样的模型'
      )
    const own = asList(asObject(config).layers).length ? asList(asObject(config).layers) : asList(config)
    if (layers.length + own.length > MOST)
      throw refusal(
        'model',
        `has more than ${MOST} layers`,
        `层数超过 ${MOST}`,
        'save a part of it as a model',
        '请把其中一部分存成模型'
      )
    const isChain = class_name === 'Sequential'
    const outputs = new Map<string, string>()
    const counts = new Map<string, number>()
    let last = entry
    for (const raw of own) {
      const layer = asObject(raw)
      const className = String(layer.class_name)
      const name = String(layer.name ?? asObject(layer.config).name ?? className)
      const stem = snakeCase(className)
      const n = counts.get(stem) ?? 0
      counts.set(stem, n + 1)
      const place = `${path}layers/${n ? `${stem}_${n}` : stem}`
      // A layer behind the first one reads another shape.
      if ((depth === 0 || entry === '') && !layers.length) inputShape ??= declaredShape(layer)
      if (className === 'InputLayer') {
        if ([...outputs.values()].includes(entry))
          throw refusal(
            `layer ${name}`,
            'is a second input, and one is supported',
            '是第二个输入，而只支持一个',
            ...WATCH
          )
        outputs.set(name, entry)
        continue
      }
      const calls = asList(layer.inbound_nodes)
      if (!isChain && calls.length > 1)
        throw refusal(
          `layer ${name}`,
          `is used ${calls.length} times with the same weights, and shared layers are not supported`,
          `以同一组权重被使用了 ${calls.length} 次，而不支持共享层`,
          'give each place a layer of its own',
          '请为每处单独建层'
        )
      const sources = isChain
        ? [last]
        : sourcesOf(calls[0], name).map((source) => {
            const there = outputs.get(source)
            if (there === undefined)
              throw refusal(
                `layer ${name}`,
                `reads “${source}”, which is not there`,
                `读取的 “${source}” 不存在`,
                ...ANEW
              )
            return there
          })
      const frozen = isFrozen || asObject(layer.config).trainable === false
      if (isModel(className)) {
        if (sources.length !== 1)
          throw refusal(
            `layer ${name}`,
            'is a model of several inputs, and one is supported',
            '是多输入模型，而只支持一个输入',
            ...WATCH
          )
        last = take(layer, sources[0]!, `${place}/`, depth + 1, frozen)
      } else {
        let unique = name
        for (let k = 2; names.has(unique); k++) unique = `${name}_${k}`
        names.add(unique)
        const built = asObject(layer.build_config).input_shape
        const reads = shapeOf(built)
        // Several inputs have as many axes each.
        const one: unknown = asList(built).find(Array.isArray) ?? built
        const rank = Array.isArray(one) ? one.length : undefined
        layers.push({
          name: unique,
          // A class of the person's own may have the name of one of Keras's.
          className: String(layer.registered_name).includes('>') ? String(layer.registered_name) : className,
          config: asObject(layer.config),
          inputs: sources,
          path: place,
          ...(rank !== undefined && { rank }),
          ...(reads && { reads }),
          ...(frozen && { frozen })
        })
        last = unique
      }
      outputs.set(name, last)
    }
    if (isChain) return last
    const out = asList(asObject(config).output_layers)
    const ends = (typeof out[0] === 'string' ? [out] : out).map((o) => String(asList(o)[0]))
    if (ends.length !== 1)
      throw refusal(
        'model',
        `has ${ends.length} outputs, and one is supported`,
        `有 ${ends.length} 个输出，而只支持一个`,
        ...WATCH
      )
    const end = outputs.get(ends[0]!)
    if (end === undefined) throw refusal('model', 'says no output', '没有给出输出层', ...ANEW)
    return end
  }
  const end = take(model, '', '', 0, asObject(asObject(model).config).trainable === false)
  if (!layers.length)
    throw refusal('model', 'has no layers', '没有任何层', 'add some, and save it anew', '请加上层后重新保存')
  // What leads nowhere is not part of the function; our own order puts the output last.
  const used = new Set([end])
  for (const l of [...layers].reverse()) if (used.has(l.name)) l.inputs.forEach((i) => used.add(i))
  const kept = [...layers.filter((l) => used.has(l.name) && l.name !== end), ...layers.filter((l) => l.name === end)]
  inputShape ??= declaredShape(asObject(model))
  return { name: String(asObject(asObject(model).config).name ?? 'model'), inputShape, layers: kept, written: layers }
}
