import { kerasCode, kerasObject, type KerasLayer, type KerasValue } from '../../base/keras'
import { identifier, isUnwritable, moduleText, number, quoted, remark } from '../../base/python'
import { paramsOf, type Params, type Spec } from '../../base/params'
import { sizeOf } from '../../base/sizeOf'
import { snakeCase } from '../../bridge/keras/graph'
import { activations } from '../../catalog/activations'
import { initializers } from '../../catalog/initializers'
import type { KerasSite, WeightSpec } from '../../catalog/layers/types'
import { INPUT, type Plan, type PlanLayer } from '../../experiment'
import { Classes } from '../classes'
import { enters, leaves, partsOf, readersOf } from '../parts'
import { refuseKeras } from '../refuse'
import { ENTRY, type KerasNode } from './graph'

/** `model.py`, and the graph that it builds. */
export interface KerasModel {
  source: string
  nodes: readonly KerasNode[]
  /** Name of the layer that gives the output. */
  output: string
  /** Layers that draw noise: statements of their output, and the noise's name here. */
  noises: readonly { layer: string; output: string[]; name: string }[]
}
/** Stands for the number of a copy in the quoted name of a layer of a block, which has no such character. */
const COPY = '#'
const COPIED = /"(\w+)#(\w+)"/g
/** Names that `build` uses. */
const LOCAL = ['inputs', 'x', 'i', 'keras', 'layers', 'initializers', 'regularizers', 'ops', 'np', 'math', 'build']

/** A value on its way through `build`: its variable, and the layer that gives it. */
interface Value {
  name: string
  node: string
}

/** Imports that a module's text needs. */
export const kerasImports = (text: string): string[] => {
  const own = ['initializers', 'layers', 'ops', 'regularizers'].filter((m) =>
    new RegExp(`(?<![\\w.])${m}\\.`).test(text)
  )
  return [
    ...(/\bmath\./.test(text) ? ['import math', ''] : []),
    ...(/(?<![\w.])keras\./.test(text) ? ['import keras'] : []),
    ...(/\bnp\./.test(text) ? ['import numpy as np'] : []),
    ...(own.length ? [`from keras import ${own.join(', ')}`] : [])
  ]
}

/** Writes layers in order, as calls of a functional model. */
class Builder {
  readonly lines: string[] = []
  readonly nodes: KerasNode[] = []
  readonly noises: { layer: string; output: string[]; name: string }[] = []
  private readonly values = new Map<string, Value>()
  private readonly locals = new Set(LOCAL)

  /**
   * @param readers how many layers read a value, by its id
   * @param nameOf name in the model of a layer called so
   * @param free variable that new values take where it is free
   */
  constructor(
    private readonly classes: Classes,
    private readonly readers: Map<string, number>,
    private readonly nameOf: (label: string) => string,
    private readonly pullsBiases: boolean,
    entering: string,
    value: Value,
    private readonly free = 'x'
  ) {
    this.values.set(entering, value)
    this.locals.add(free)
  }

  value(id: string): Value {
    return this.values.get(id)!
  }
  /** Takes one reading of each value; a value nobody reads any more gives its variable free. */
  spend(ids: readonly string[]): void {
    for (const id of ids) {
      const left = this.readers.get(id)! - 1
      this.readers.set(id, left)
      if (left <= 0) this.values.delete(id)
    }
  }
  /** A variable for a new value. */
  variable(label: string): string {
    return [...this.values.values()].every((v) => v.name !== this.free) ? this.free : identifier(label, this.locals)
  }
  keep(id: string, value: Value): void {
    this.values.set(id, value)
  }

  /** Writes one layer. @throws InputError when it can't be written */
  layer(l: PlanLayer, label: string): void {
    const path = `network.nodes.${l.node.replace(/\//g, '.body.')}`
    const { keras } = l.kind.python
    if (isUnwritable(keras)) return refuseKeras(path, l.kind.name, keras.why)
    const behind: KerasLayer[] = []
    const made = keras(l.params, this.site(l, path, behind))
    if (isUnwritable(made)) return refuseKeras(path, l.kind.name, made.why)
    const chain = [...made, ...behind]
    const sources = l.inputs.map((i) => this.value(i))
    if (!chain.length) {
      this.spend(l.inputs)
      this.keep(l.id, sources[0]!)
      return
    }
    let at = sources
    let variable = ''
    chain.forEach((layer, k) => {
      const name = this.nameOf(k ? `${label}_${snakeCase(layer.object.class)}` : label)
      const args = at.map((v) => v.name)
      if (!k) {
        this.spend(l.inputs)
        variable = this.variable(label)
      }
      if (layer.remark !== undefined) this.lines.push(`# ${layer.remark}`)
      const call = kerasCode(layer.object, `name=${quoted(name)}`)
      this.lines.push(`${variable} = ${call}(${args.length > 1 ? `[${args.join(', ')}]` : args[0]!})`)
      this.nodes.push({
        name,
        layer,
        inputs: at.map((v) => v.node),
        id: l.id,
        specs: l.weights,
        shape: l.outputShape
      })
      if (layer.recorded) this.noises.push({ layer: name, output: layer.recorded, name: `${l.id}/mask` })
      at = [{ name: variable, node: name }]
    })
    this.keep(l.id, at[0]!)
  }

  private site(l: PlanLayer, path: string, behind: KerasLayer[]): KerasSite {
    const rank = l.outputShape.length
    const own = (field: string): string | KerasLayer => {
      const { id, ...params } = l.params[field] as Spec
      const entry = activations.get(id)
      const { keras } = entry.python
      return isUnwritable(keras)
        ? refuseKeras(`${path}.params.${field}`, entry.name, keras.why)
        : keras(params as Params, rank)
    }
    const define = (stem: string, source: (name: string) => string): string => this.classes.define(stem, source)
    return {
      inputs: l.inputShapes,
      output: l.outputShape,
      pullsBiases: this.pullsBiases,
      start: (name, as) =>
        started(
          l.weights.find((w) => w.name === name)!,
          as,
          define
        ),
      activate() {
        const f = own('activation')
        if (typeof f === 'string') return f === 'linear' ? undefined : f
        behind.push(f)
        return undefined
      },
      activation(field) {
        const f = own(field)
        return typeof f === 'string' ? f : f.object
      },
      apply(field, z) {
        const f = own(field)
        if (f === 'linear') return z
        return typeof f === 'string' ? `keras.activations.${f}(${z})` : `${kerasCode(f.object)}(${z})`
      },
      define
    }
  }
}

/** Arguments that say how a weight starts and what it is fined by. */
function started(spec: WeightSpec, as: string, define: KerasSite['define']): Record<string, KerasValue> {
  const entry = initializers.get(spec.init.id)
  const { keras } = entry.python
  if (isUnwritable(keras)) return refuseKeras('network', entry.name, keras.why)
  const { shape, fanIn, fanOut } = spec
  const [area, ins, outs] = [sizeOf(shape.slice(0, -2)), shape[shape.length - 2] ?? 1, shape[shape.length - 1]!]
  const init = keras(paramsOf(spec.init), {
    fanIn,
    fanOut,
    isStandard: shape.length > 1 && area * ins === fanIn && area * outs === fanOut,
    isPicture: shape.length > 2,
    blocks: spec.blocks ?? 1,
    define
  })
  return {
    ...(!(spec.role === 'bias' && init === 'zeros') && { [`${as}_initializer`]: init }),
    ...(spec.l2 && { [`${as}_regularizer`]: kerasObject('regularizers', 'L2', { l2: spec.l2 }) })
  }
}

/** Copies of a block: in a loop where they are written alike, else one after the other. */
function block(
  net: Builder,
  classes: Classes,
  taken: Set<string>,
  pulls: boolean,
  part: { block: string; copies: PlanLayer[][] }
): void {
  const { copies } = part
  let stem = identifier(part.block, taken)
  // Names of copies are `stem_1_…`: no other layer may be called so.
  while ([...taken].some((t) => new RegExp(`^${stem}_\\d`).test(t))) stem = identifier(`${stem}_block`, taken)
  const entering = enters(copies[0]!)
  const from = net.value(entering)
  net.spend([entering])
  const variable = net.variable(stem)
  const write = (copy: PlanLayer[], i: number, before: Value): Builder => {
    const names = new Set<string>()
    const lists = copy.map((l) => l.inputs)
    const own = new Builder(
      classes,
      readersOf(lists, leaves(copy)),
      (label) => `${stem}_${COPY}_${identifier(label, names)}`,
      pulls,
      enters(copy),
      before,
      variable
    )
    for (const l of copy) own.layer(l, l.id.slice(`${part.block}.${i + 1}.`.length))
    const end = own.value(leaves(copy)).name
    if (end !== variable) own.lines.push(`${variable} = ${end}`)
    return own
  }
  if (from.name !== variable) net.lines.push(`${variable} = ${from.name}`)
  let at: Value = { name: variable, node: from.node }
  const written = copies.map((copy, i) => {
    const own = write(copy, i, at)
    const numbered = (name: string): string => name.replaceAll(COPY, String(i + 1))
    net.nodes.push(...own.nodes.map((n) => ({ ...n, name: numbered(n.name), inputs: n.inputs.map(numbered) })))
    net.noises.push(...own.noises.map((n) => ({ ...n, layer: numbered(n.layer) })))
    for (const n of own.nodes) taken.add(numbered(n.name))
    at = { name: variable, node: numbered(own.value(leaves(copy)).node) }
    return own.lines
  })
  const isAlike = written.every((lines) => lines.join('\n') === written[0]!.join('\n'))
  if (isAlike && copies.length > 1)
    net.lines.push(
      `for i in range(1, ${copies.length + 1}):`,
      ...written[0]!.map((l) => `    ${l.replace(COPIED, 'f"$1{i}$2"')}`)
    )
  else written.forEach((lines, i) => net.lines.push(...lines.map((l) => l.replace(COPIED, `"$1${i + 1}$2"`))))
  net.keep(leaves(copies[copies.length - 1]!), at)
}

/**
 * `model.py`.
 * @param pullsBiases something in the training pulls biases towards 0
 * @param about name and docstring of the function that builds it
 * @throws InputError naming a layer that can't be written
 */
export function kerasModel(
  plan: Plan,
  name: string,
  pullsBiases: boolean,
  about = { name: 'build', doc: `Reads ${plan.inputShape.join(' × ')} numbers, channels last.` }
): KerasModel {
  const classes = new Classes(LOCAL)
  const parts = partsOf(plan.layers)
  const lists = parts.map((p) => ('layer' in p ? p.layer.inputs : [enters(p.copies[0]!)]))
  const taken = new Set([ENTRY])
  const net = new Builder(
    classes,
    readersOf(lists, plan.output!),
    (label) => identifier(label, taken),
    pullsBiases,
    INPUT,
    { name: 'inputs', node: ENTRY }
  )
  for (const p of parts)
    if ('layer' in p) net.layer(p.layer, p.layer.id)
    else block(net, classes, taken, pullsBiases, p)
  const end = net.value(plan.output!)
  const shape = plan.inputShape.map(number).join(', ')
  const build = [
    `def ${about.name}():`,
    `    """${about.doc}"""`,
    `    inputs = keras.Input((${shape}${plan.inputShape.length === 1 ? ',' : ''}), name="${ENTRY}")`,
    ...net.lines.map((l) => `    ${l}`),
    `    return keras.Model(inputs, ${end.name})`
  ].join('\n')
  const code = [...Object.values(classes.sources), build].join('\n\n\n')
  const source = moduleText([
    `"""${remark(name) || 'Network'}, from Gradient Clinic."""`,
    '',
    ...kerasImports(code),
    '',
    '',
    code
  ])
  return { source, nodes: net.nodes, output: end.node, noises: net.noises }
}
