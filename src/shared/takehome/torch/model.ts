import { moduleText, remark } from '../../base/python'
import { INPUT, type Plan, type PlanLayer } from '../../experiment'
import { enters, leaves, partsOf, readersOf } from '../parts'
import { Classes } from '../classes'
import { Scope, type Body, type Noise, type Place } from './scope'

/** `model.py`, and where it keeps what. */
export interface TorchModel {
  source: string
  /** Where each variable is, by `layer/weight`. */
  places: ReadonlyMap<string, Place>
  noises: readonly Noise[]
  /** Paths of modules that count batches. */
  counters: readonly string[]
  /** Expression that makes each layer's module, by the layer's id. */
  makes: ReadonlyMap<string, string>
}
/** Imports that a module's text needs. */
export const imports = (text: string, more: readonly string[] = []): string[] => [
  ...(/\bmath\./.test(text) ? ['import math', ''] : []),
  ...(/\bnp\./.test(text) ? ['import numpy as np'] : []),
  ...(/\btorch\./.test(text) ? ['import torch'] : []),
  ...(/\bF\./.test(text) ? ['import torch.nn.functional as F'] : []),
  ...more,
  ...(/\bnn\./.test(text) ? ['from torch import nn'] : [])
]

const classText = (name: string, doc: string, args: readonly string[], init: string[], forward: string[]): string =>
  [
    `class ${name}(nn.Module):`,
    `    """${doc}"""`,
    '',
    `    def __init__(${['self', ...args].join(', ')}):`,
    '        super().__init__()',
    ...init.map((l) => l && `        ${l}`),
    '',
    '    def forward(self, x):',
    ...forward.map((l) => `        ${l}`)
  ].join('\n')

const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])/g
/** Copies of a block as one class with arguments; undefined where they differ in more than numbers of their modules. */
function asOne(
  bodies: readonly { init: string[]; forward: string[] }[]
): { init: string[]; args: Map<string, string[]> } | undefined {
  const texts = bodies.map((b) => b.init.join('\n'))
  const shape = (t: string): string => t.replace(NUMBER, '#')
  const [first] = bodies
  if (bodies.some((b, i) => shape(texts[i]!) !== shape(texts[0]!) || b.forward.join() !== first!.forward.join()))
    return undefined
  const numbers = texts.map((t) => t.match(NUMBER) ?? [])
  const args = new Map<string, string[]>()
  const nameOf = (values: string[]): string => {
    for (const [name, known] of args) if (known.join() === values.join()) return name
    const stem = values.every((v) => /^\d+$/.test(v)) ? 'inputs' : 'spread'
    let name = stem
    for (let i = 2; args.has(name); i++) name = `${stem}_${i}`
    args.set(name, values)
    return name
  }
  let at = 0
  const text = texts[0]!.replace(NUMBER, (own) => {
    const values = numbers.map((list) => list[at]!)
    at++
    return values.every((v) => v === own) ? own : nameOf(values)
  })
  return { init: text.split('\n'), args }
}
/** Values of an argument for each copy: equal ones in a row together. */
function runs(values: readonly string[]): string {
  const out: [string, number][] = []
  for (const v of values) {
    const last = out[out.length - 1]
    if (last?.[0] === v) last[1]++
    else out.push([v, 1])
  }
  return out.map(([v, n]) => (n > 1 ? `[${v}] * ${n}` : `[${v}]`)).join(' + ')
}

/** Writes all copies of a block, and enters them in the network. */
function block(classes: Classes, net: Scope, body: Body, part: { block: string; copies: PlanLayer[][] }): void {
  const { copies } = part
  const [first] = copies
  const entering = enters(first!)
  const rank = first!.find((l) => l.inputs.includes(entering))!
  const entersFirst =
    rank.kind.python.channels === 'first' || (rank.kind.python.channels === 'any' && net.isFirst(entering))
  const name = net.attribute(part.block)
  const shapeIn = rank.inputShapes[rank.inputs.indexOf(entering)]!.length
  const bodies = copies.map((copy, i) => {
    const prefix = `${part.block}.${i + 1}.`
    const scope = new Scope(
      classes,
      readersOf(
        copy.map((l) => l.inputs),
        leaves(copy)
      ),
      enters(copy),
      shapeIn,
      entersFirst
    )
    for (const l of copy) scope.layer(l, l.id.slice(prefix.length))
    scope.finish(leaves(copy), entersFirst)
    return { init: scope.init, forward: scope.body.forward, body: scope.body }
  })
  bodies.forEach(({ body: own }, i) => {
    const at = `${name}.${i}`
    for (const [variable, place] of own.places) body.places.set(variable, { ...place, key: `${at}.${place.key}` })
    for (const n of own.noises) body.noises.push({ ...n, path: `${at}.${n.path}` })
    for (const [layer, make] of own.makes) body.makes.set(layer, make)
    for (const c of own.counters) body.counters.push(`${at}.${c}`)
  })
  const stem = part.block.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_m, c: string) => c.toUpperCase())
  const doc = `One copy of the block ${remark(part.block)}.`
  const one = asOne(bodies)
  const write = (args: readonly string[], init: string[], forward: string[]): string =>
    classes.define(stem, (own) => classText(own, doc, args, init, forward))
  let list: string
  if (one) {
    const names = [...one.args.keys()]
    const cls = write(names, one.init, bodies[0]!.forward)
    const values = [...one.args.values()].map(runs)
    const from =
      names.length === 0
        ? `for _ in range(${copies.length})`
        : names.length === 1
          ? `for ${names[0]!} in ${values[0]!}`
          : `for ${names.join(', ')} in zip(${values.join(', ')})`
    list = `${cls}(${names.join(', ')}) ${from}`
  } else {
    list = `[${bodies.map((b) => `${write([], b.init, b.forward)}()`).join(', ')}]`
  }
  body.init.push(`self.${name} = nn.ModuleList(${list})`)
  const out = copies[copies.length - 1]!
  net.loop(name, entering, leaves(out), out[out.length - 1]!.outputShape.length, entersFirst)
}

/** How a network is told of in its module. */
interface About {
  /** Of its class. */
  name: string
  doc: string
}

/** `model.py`. @throws InputError naming a layer that can't be written */
export function torchModel(plan: Plan, name: string, about?: About): TorchModel {
  const reads = `Reads ${plan.inputShape.join(' × ')} numbers, channels last.`
  const { name: own, doc } = about ?? { name: 'Net', doc: reads }
  const classes = new Classes([own, 'F', 'nn', 'torch', 'math'])
  const parts = partsOf(plan.layers)
  const lists = parts.map((p) => ('layer' in p ? p.layer.inputs : [enters(p.copies[0]!)]))
  const net = new Scope(classes, readersOf(lists, plan.output!), INPUT, plan.inputShape.length, false)
  for (const p of parts)
    if ('layer' in p) net.layer(p.layer, p.layer.id)
    else block(classes, net, net.body, p)
  net.finish(plan.output!, false)
  const text = [...Object.values(classes.sources), classText(own, doc, [], net.init, net.body.forward)]
  const code = text.join('\n\n\n')
  const source = moduleText([
    `"""${remark(name) || 'Network'}, from Gradient Clinic."""`,
    '',
    ...imports(code),
    '',
    '',
    code
  ])
  const { places, noises, counters, makes } = net.body
  return { source, places, noises, counters, makes }
}
