import { counted } from '../base/text'
import type { DataInfo } from '../catalog/datasets/types'
import { layers } from '../catalog/layers'
import { losses } from '../catalog/losses'
import { defaultsOf } from '../base/params'
import { lookup } from './lookup'
import { remedies } from './remedies'
import type { Problem } from '../base/problems'
import type { Text } from '../base/text'
import {
  connect,
  disconnect,
  insertFragment,
  isError,
  makeNode,
  nodeAt,
  nodesIn,
  removeNodes,
  scopeOf,
  setParam,
  sinkOf,
  wiresOf,
  type EditResult
} from './edit'
import { nameText } from './names'
import { leastEvery } from './memory'
import { planExperiment, trainCount } from './plan'
import { effectiveExperiment } from './effective'
import { isBlock, type Experiment } from './types'

/** A change that does away with a problem. */
export interface Fix {
  label: Text
  experiment: Experiment
}
const keyOf = (p: Problem): string => `${p.path} ${p.node ?? ''} ${p.message.en}`
const problemsOf = (e: Experiment, info: DataInfo, memory?: number): Problem[] => {
  const applied = effectiveExperiment(e, info)
  return [...applied.problems, ...planExperiment(applied.experiment, info, memory).problems]
}

/** Changes worth trying for a problem, the gentlest first. */
function* candidates(e: Experiment, problem: Problem, info: DataInfo, memory?: number): Generator<Fix> {
  const net = e.network
  const edited = (r: EditResult, label: Text): Fix[] =>
    isError(r) ? [] : [{ label, experiment: { ...e, network: r.network } }]
  const path = problem.node
  const node = path === undefined ? undefined : nodeAt(net, path)
  if (problem.path === 'data.standardize')
    yield {
      label: { en: 'leave the inputs as they are', zh: '不对输入做标准化' },
      experiment: { ...e, data: { ...e.data, standardize: false } }
    }
  if (e.training.batchSize === 1) {
    const batchSize = Math.min(32, trainCount(e, info))
    yield {
      label: { en: `take ${counted(batchSize, 'example')} at a time`, zh: `每步取 ${batchSize} 个样本` },
      experiment: { ...e, training: { ...e.training, batchSize } }
    }
  }
  const wanted = info.targetShape[info.targetShape.length - 1]!
  if (path !== undefined && node) {
    const name = nameText(node.name ?? node.id, node.kind)
    const scope = scopeOf(path)
    const nodes = nodesIn(net, scope)!
    if (!isBlock(node)) {
      const fields = layers.find(node.kind)?.fields ?? {}
      const mine = problem.path.split('.').pop()!
      if (mine === 'activation' && mine in fields)
        yield {
          label: { en: `make ${name.en} linear`, zh: `将${name.zh}改为线性` },
          experiment: { ...e, network: setParam(net, path, mine, { id: 'linear' }) }
        }
      if (mine === 'bias' && node.params[mine] === true)
        yield {
          label: { en: `switch the bias of ${name.en} off`, zh: `关闭${name.zh}的偏置` },
          experiment: { ...e, network: setParam(net, path, mine, false) }
        }
      const defaults = defaultsOf(fields, lookup)
      if (mine in fields && JSON.stringify(defaults[mine]) !== JSON.stringify(node.params[mine]))
        yield {
          label: {
            en: `set ${fields[mine]!.label.en} back to its default`,
            zh: `将${fields[mine]!.label.zh}恢复为默认值`
          },
          experiment: { ...e, network: setParam(net, path, mine, defaults[mine]) }
        }
      if (info.symbols && 'vocabulary' in fields && mine === 'vocabulary')
        yield {
          label: {
            en: `set the symbols of ${name.en} to ${info.symbols}`,
            zh: `将${name.zh}的符号数设为 ${info.symbols}`
          },
          experiment: { ...e, network: setParam(net, path, mine, info.symbols) }
        }
      if ('units' in fields && node.params['units'] !== wanted)
        yield {
          label: { en: `set the units of ${name.en} to ${wanted}`, zh: `将${name.zh}的单元数设为 ${wanted}` },
          experiment: { ...e, network: setParam(net, path, 'units', wanted) }
        }
    }
    // A sequence where one row is wanted, or the other way round: the recurrent layers say which.
    const cells = net.nodes.filter((n) => !isBlock(n) && 'returnSequences' in n.params)
    const last = cells[cells.length - 1]
    if (last && !isBlock(last)) {
      const name = nameText(last.name ?? last.id, last.kind)
      if (info.targetShape.length === 2 || cells.length > 1) {
        const all = cells
          .filter((n) => n !== last || info.targetShape.length === 2)
          .reduce((n, cell) => setParam(n, cell.id, 'returnSequences', true), net)
        yield {
          label: { en: 'let the recurrent layers return their sequences', zh: '让循环层返回整个序列' },
          experiment: { ...e, network: all }
        }
      }
      if (info.targetShape.length === 1 && last.params['returnSequences'])
        yield {
          label: { en: `let ${name.en} return its last state only`, zh: `让${name.zh}只返回最后的状态` },
          experiment: { ...e, network: setParam(net, last.id, 'returnSequences', false) }
        }
    }
    // A sum of unlike shapes: the branch as wide as the skip.
    const widths = new Set(
      nodes.flatMap((n) => (!isBlock(n) && typeof n.params['units'] === 'number' ? [n.params['units'] as number] : []))
    )
    for (const from of node.inputs) {
      const source = nodes.find((n) => n.id === from)
      if (!source || isBlock(source) || typeof source.params['units'] !== 'number') continue
      const at = scope ? `${scope}/${source.id}` : source.id
      for (const units of [...widths, ...(info.inputShape.length === 1 ? [info.inputShape[0]!] : [])])
        if (units !== source.params['units'])
          yield {
            label: {
              en: `set the units of ${nameText(source.name ?? source.id, source.kind).en} to ${units}`,
              zh: `将${nameText(source.name ?? source.id, source.kind).zh}的单元数设为 ${units}`
            },
            experiment: { ...e, network: setParam(net, at, 'units', units) }
          }
    }
    // Rows of numbers where a layer wants one row.
    const wire = wiresOf(net, scope).find((w) => w.target === node.id)
    if (wire)
      for (const kind of ['flatten', 'dense'])
        if (layers.find(kind))
          yield* edited(insertFragment(net, wire, [makeNode(kind)]), {
            en: `put a ${layers.get(kind).name.en} layer before ${name.en}`,
            zh: `在${name.zh}之前放一个${layers.get(kind).name.zh}层`
          })
    yield* withoutRemedies(e)
    const end = sinkOf(nodes)
    if (end && end !== node && !scope)
      yield* edited(connect(net, path, end.id), { en: `connect ${name.en}`, zh: `连接${name.zh}` })
    for (const w of wiresOf(net, scope).filter((w) => w.target === node.id && node.inputs.length > 1))
      yield* edited(disconnect(net, w), {
        en: `cut its connection from ${w.source}`,
        zh: `断开它与 ${w.source} 的连接`
      })
    yield* edited(removeNodes(net, [path]), { en: `delete ${name.en}`, zh: `删除${name.zh}` })
  }
  if (!net.nodes.length || (path !== undefined && !node?.inputs.length) || problem.path.startsWith('network')) {
    const end = { scope: '', source: sinkOf(net.nodes)?.id ?? 'input', index: 0 }
    const output = makeNode('dense', { units: wanted, activation: { id: 'linear' } })
    yield* edited(insertFragment(net, end, [{ ...output, name: 'Output', id: 'output' }]), {
      en: `add an output layer with ${counted(wanted, 'unit')}`,
      zh: `添加 ${wanted} 个单元的输出层`
    })
  }
  for (const l of losses.all)
    if (problem.path.startsWith('training.loss') && l.tasks.includes(info.task))
      yield {
        label: { en: `use ${l.name.en}`, zh: `改用${l.name.zh}` },
        experiment: { ...e, training: { ...e.training, loss: { id: l.id, ...defaultsOf(l.fields, lookup) } } }
      }
  if (problem.path === 'training.classWeights') {
    const { classWeights: _, ...training } = e.training
    yield { label: { en: 'count every example alike', zh: '每个样本权重相同' }, experiment: { ...e, training } }
  }
  if (problem.path === 'training.batchSize') {
    yield {
      label: { en: 'use all examples in every step', zh: '每步使用全部样本' },
      experiment: { ...e, training: { ...e.training, batchSize: 0 } }
    }
    for (let batchSize = (e.training.batchSize || trainCount(e, info)) >> 1; batchSize > 0; batchSize >>= 1)
      yield {
        label: { en: `take ${counted(batchSize, 'example')} at a time`, zh: `每步取 ${batchSize} 个样本` },
        experiment: { ...e, training: { ...e.training, batchSize } }
      }
  }
  if (problem.path === 'record.every') {
    const { experiment } = effectiveExperiment(e, info)
    const every = leastEvery(planExperiment(experiment, info), experiment, memory)
    yield {
      label: { en: `record every ${counted(every, 'step')}`, zh: `每 ${every} 步记录一次` },
      experiment: { ...e, record: { ...e.record, every } }
    }
  }
  if (problem.path === 'data.validation')
    yield {
      label: { en: 'hold out no examples', zh: '不留出样本' },
      experiment: { ...e, data: { ...e.data, validation: 0 } }
    }
  yield* withoutRemedies(e)
}
function* withoutRemedies(e: Experiment): Generator<Fix> {
  for (const { id } of [...e.remedies].reverse()) {
    const { name } = remedies.get(id)
    yield {
      label: { en: `switch the remedy “${name.en}” off`, zh: `关闭对策“${name.zh}”` },
      experiment: { ...e, remedies: e.remedies.filter((r) => r.id !== id) }
    }
  }
}

/**
 * The gentlest change that does away with a problem without making a new one.
 * Nothing is guessed: every candidate is planned, and only one whose problems are fewer is offered.
 * @param memory bytes of the machine
 */
export function fixFor(e: Experiment, problem: Problem, info: DataInfo, memory?: number): Fix | undefined {
  const before = new Set(problemsOf(e, info, memory).map(keyOf))
  if (!before.has(keyOf(problem))) return undefined
  for (const fix of candidates(e, problem, info, memory)) {
    const after = problemsOf(fix.experiment, info, memory).map(keyOf)
    if (!after.includes(keyOf(problem)) && after.length < before.size) return fix
  }
  return undefined
}
