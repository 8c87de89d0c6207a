import { callIn, moduleOf } from '../base/callInLine'
import { isUnwritable, type CodeLine, type LayerCode } from '../base/python'
import { parseSpec, paramsOf, type Spec } from '../base/params'
import { activations } from '../catalog/activations'
import { initializers } from '../catalog/initializers'
import { remedies } from '../clinic/remedies'
import type { PlanLayer } from '../experiment'
import { lookup } from '../experiment/lookup'
import { isBlock, type Experiment, type LayerNode, type NetworkNode, type RemedyChoice } from '../experiment/types'
import { behind, inLine, replaced, WHERE, type Advised, type Replaced } from '../recording/changes'
import { torchModel } from './torch/model'
import type { Taken } from './types'

/** Names of layers that are told of one line. */
const MOST_NAMES = 4
type Side = Pick<Taken, 'experiment' | 'plan'>
/** Layers by the paths of their nodes; of a block the first copy of each. */
interface Sight {
  nodes: Map<string, LayerNode>
  layers: Map<string, PlanLayer>
  makes: ReadonlyMap<string, string>
}

function nodesOf(nodes: readonly NetworkNode[], prefix = ''): [string, LayerNode][] {
  return nodes.flatMap((n): [string, LayerNode][] =>
    isBlock(n) ? nodesOf(n.body, `${prefix}${n.id}/`) : [[prefix + n.id, n]]
  )
}
function sight({ experiment, plan }: Side): Sight {
  const layers = new Map<string, PlanLayer>()
  for (const l of plan.layers) if (!layers.has(l.node)) layers.set(l.node, l)
  return { nodes: new Map(nodesOf(experiment.network.nodes)), layers, makes: torchModel(plan, '').makes }
}

/** An activation's call of an expression. */
function activationCall(spec: Spec, z: string): string | undefined {
  const { torch } = activations.get(spec.id).python
  return isUnwritable(torch) ? undefined : torch(z, paramsOf(spec), { weight: () => 'weight', channelsLast: false })
}
/** New nodes in a row behind one, each reading the one before. */
function chainBehind(path: string, before: Sight, after: Sight): string[] {
  const scope = path.slice(0, path.lastIndexOf('/') + 1)
  const chain: string[] = []
  for (let last: string | undefined = path.slice(scope.length); last !== undefined;) {
    const next = [...after.nodes].find(
      ([p, n]) => p.startsWith(scope) && !before.nodes.has(p) && n.inputs.length === 1 && n.inputs[0] === last
    )
    if (next) chain.push(next[0])
    last = next?.[0].slice(scope.length)
  }
  return chain
}

/** What takes the place of a module's expression: its own one keeps the person's words as far as it can. */
function renewed(there: string, is: string, becomes: string): string {
  if (is === becomes) return there
  const head = is.slice(0, -1)
  return becomes.startsWith(head) ? `${there.slice(0, -1)}${becomes.slice(head.length)}` : becomes
}

/** What becomes of an activation in its line: of a module, or of a function's call in `forward`. */
function ofActivation(old: Spec, now: Spec, { text }: CodeLine): Replaced | undefined {
  if (JSON.stringify(old) === JSON.stringify(now)) return undefined
  const [is, becomes] = [old, now].map((s) => activationCall(s, 'x'))
  if (is === undefined || becomes === undefined) return undefined
  const there = callIn(text, is)
  // `torch.sigmoid(z)`, or `z.sigmoid()`.
  if (there) return replaced(text, there.text, () => activationCall(now, there.inner || there.prefix.slice(0, -1))!)
  const [module, next] = [moduleOf(is), moduleOf(becomes)]
  return module === undefined || next === undefined ? undefined : replaced(text, module, () => next)
}
/** What becomes of the expressions of one node, each with its line. */
function ofNode(path: string, code: LayerCode, before: Sight, after: Sight): [CodeLine, Replaced][] {
  const [node, next] = [before.nodes.get(path)!, after.nodes.get(path)]
  const out: [CodeLine, Replaced][] = []
  // A remedy may put the layer's activation behind what it puts behind the layer.
  const chain = chainBehind(path, before, after).map((p) => [p, after.nodes.get(p)!] as const)
  const bends = chain.find(([, n]) => n.kind === 'activation')?.[1] ?? next
  const [old, now] = [node, bends].map((n) => n?.params.activation as Spec | undefined)
  const at = node.kind === 'activation' ? code : code.activation
  const bend = at && old && now && ofActivation(old, now, at)
  if (bend) out.push([at, bend])
  const [is, becomes] = [before, after].map((s) => s.makes.get(s.layers.get(path)?.id ?? ''))
  const more = chain.flatMap(([p]) => after.makes.get(after.layers.get(p)?.id ?? '') ?? [])
  if (is === undefined || becomes === undefined || (is === becomes && !more.length)) return out
  const make = replaced(code.text, is, (there) => {
    const own = renewed(there, is, becomes)
    return more.length ? behind(own, ...more) : own
  })
  return [[code, make], ...out]
}
/** What becomes of the lines that make layers, each line once, whatever many layers it makes. */
function changedLines(before: Sight, after: Sight): Advised[] {
  const lines = new Map<string, { at: CodeLine; names: string[]; all: Replaced[] }>()
  for (const [path, { code, name = path }] of before.nodes)
    for (const [at, change] of code ? ofNode(path, code, before, after) : []) {
      const key = `${at.file}:${at.line}`
      const line = lines.get(key) ?? { at, names: [], all: [] }
      lines.set(key, line)
      if (!line.names.includes(name)) line.names.push(name)
      if (!line.all.some((r) => r.from === change.from && r.to === change.to)) line.all.push(change)
    }
  return [...lines.values()].map(({ at, names, all }) => {
    const told = names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')} …` : names.join(', ')
    return inLine({ en: told, zh: told }, at, all)
  })
}

/** How kernels that are drawn in another way start, for the lines behind the making of the model. */
function starts(before: Sight, after: Sight): Advised[] {
  const fills = new Map<string, string[]>()
  for (const [path, { params, name, code }] of after.nodes) {
    const old = before.nodes.get(path)?.params.initializer
    const spec = params.initializer as Spec | undefined
    if (!code || !spec || !old || JSON.stringify(old) === JSON.stringify(spec)) continue
    const kernel = after.layers.get(path)?.weights.find((w) => w.name === 'kernel')
    const { torch } = initializers.get(spec.id).python
    if (!kernel || isUnwritable(torch)) continue
    const { fanIn, fanOut, shape } = kernel
    const site = { fanIn, fanOut, isStandard: true, outputsFirst: true, isPicture: shape.length > 2 }
    const line = torch('model.get_submodule(name).weight', paramsOf(spec), site)
    fills.set(line, [...(fills.get(line) ?? []), name ?? path])
  }
  return [...fills].map(([line, names]) => ({
    name: { en: 'Start of the weights', zh: '权重初值' },
    where: WHERE.model,
    lines: [
      `for name in [${names.map((n) => JSON.stringify(n)).join(', ')}]:`,
      `    ${line.replace(/(?<![\w.])nn\./g, 'torch.nn.')}`
    ]
  }))
}
/** Where what several layers give is added up, which `forward` says and no module does. */
function sums(before: Sight, after: Sight): Advised[] {
  return [...after.nodes].flatMap(([path, { kind, inputs }]) => {
    if (before.nodes.has(path) || inputs.length < 2) return []
    const named = inputs.map((i) => after.nodes.get(path.slice(0, path.lastIndexOf('/') + 1) + i)?.name ?? i)
    return [
      {
        name: { en: path, zh: path },
        where: { en: 'in forward', zh: '在 forward 中' },
        lines: [`x = x + skip  # ${kind}: what ${named.join(' and ')} give`]
      }
    ]
  })
}
/** What is done beside the model: in the words of the remedies that were switched on. */
function beside(chosen: readonly RemedyChoice[], { training }: Experiment): Advised[] {
  const site = { isScaled: false, learningRate: training.optimizer.learningRate as number }
  return chosen.flatMap((choice) => {
    const remedy = remedies.find(choice.id)
    if (!remedy?.inTorch) return []
    const changes = remedy.inTorch(parseSpec('remedies', choice, 'remedies', [], lookup), site)
    return changes
      .filter(({ place }) => place !== 'module' && place !== 'model')
      .map(({ place, lines }) => ({ name: remedy.name, where: WHERE[place], lines }))
  })
}

/**
 * What a cure changes in the person's own code, of a model that names its lines: each changed line once, then what goes
 * beside the model. Empty for a model that was made here.
 * @param before without the cure, @param after with it, remedies applied in both
 * @param chosen remedies that make the difference
 * @throws InputError for a network that can't be written in PyTorch
 */
export function ownChanges(before: Side, after: Side, chosen: readonly RemedyChoice[]): Advised[] {
  const hasCode = nodesOf(before.experiment.network.nodes).some(([, n]) => n.code)
  if (!hasCode) return []
  const [old, now] = [sight(before), sight(after)]
  return [...changedLines(old, now), ...starts(old, now), ...sums(old, now), ...beside(chosen, before.experiment)]
}
