import { diffExperiments, eachNode, type Change } from '@shared/experiment/diff'
import { nameText } from '@shared/experiment/names'
import type { Along } from '@shared/experiment/take'
import { settingsFields } from '@shared/experiment/parse'
import type { Plan, PlanLayer } from '@shared/experiment/plan'
import type { Experiment, NetworkNode } from '@shared/experiment/types'
import { isBlock } from '@shared/experiment/types'
import { layers } from '@shared/catalog/layers'
import type { Field } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import { valueText } from '@shared/clinic/settingWords'
import type { Text } from '@shared/base/text'
import { predictGains } from '@shared/theory'
import { short, thousands } from '@/charts/format'
import { choices, registryOf } from '@/features/edit/params/registries'

/** One line of what a remedy changes: added, removed, or otherwise. */
export interface Line {
  sign: '+' | '−' | '·'
  text: Text
}
const same = (s: string): Text => ({ en: s, zh: s })
const say = (sign: Line['sign'], en: string, zh: string): Line => ({ sign, text: { en, zh } })
const nodeName = (path: string, node: NetworkNode | undefined): Text => nameText(node?.name ?? path, node?.kind)

const listed = (ids: readonly string[], l: keyof Text, sign: string): string =>
  ids.map((id) => remedies.find(id)?.name[l] ?? id).join(sign)
/** `in place of Clip weights, with Scale the data`; undefined where a remedy is advised alone. */
export function alongText({ on = [], off = [] }: Along = {}): Text | undefined {
  const beside = on.map((o) => o.id)
  const en = [
    ...(off.length ? [`in place of ${listed(off, 'en', ', ')}`] : []),
    ...(beside.length ? [`with ${listed(beside, 'en', ', ')}`] : [])
  ]
  const zh = [
    ...(off.length ? [`取代${listed(off, 'zh', '、')}`] : []),
    ...(beside.length ? [`同时启用${listed(beside, 'zh', '、')}`] : [])
  ]
  return en.length ? { en: en.join(', '), zh: zh.join('，') } : undefined
}

function countKinds(plan: Plan): Map<string, number> {
  const out = new Map<string, number>()
  for (const l of plan.layers) out.set(l.kind.id, (out.get(l.kind.id) ?? 0) + 1)
  return out
}
const gradientAtFirst = (plan: Plan, e: Experiment): number | undefined => {
  const i = plan.layers.findIndex((l) => l.main)
  return i < 0 ? undefined : predictGains(plan, { batchSize: e.training.batchSize })[i]?.profile
}

/** Names of layers, at most three, with how many copies each stands for. */
function where(paths: string[], nodes: Map<string, NetworkNode>, plan: Plan): Text {
  const parts = paths.map((p) => {
    const n = plan.layers.filter((l: PlanLayer) => l.node === p).length
    const { en, zh } = nodeName(p, nodes.get(p))
    const copies = n > 1 ? ` ×${n}` : ''
    return { en: en + copies, zh: zh + copies }
  })
  const more = parts.length - 3
  const head = parts.slice(0, 3)
  return {
    en: head.map((x) => x.en).join(', ') + (more > 0 ? ` and ${more} more` : ''),
    zh: head.map((x) => x.zh).join('、') + (more > 0 ? `等 ${parts.length} 处` : '')
  }
}

/**
 * What is different between two experiments, in words: layers put in or taken out, parameters, training, counts,
 * theory.
 */
export function changesInWords(before: Experiment, after: Experiment, planBefore: Plan, planAfter: Plan): Line[] {
  const lines: Line[] = []
  const changes = diffExperiments(before, after)
  const nodes = new Map([...eachNode(after.network.nodes)].map((e) => [e.path, e.node]))
  const old = new Map([...eachNode(before.network.nodes)].map((e) => [e.path, e.node]))

  const [a, b] = [countKinds(planBefore), countKinds(planAfter)]
  for (const id of new Set([...a.keys(), ...b.keys()])) {
    const d = (b.get(id) ?? 0) - (a.get(id) ?? 0)
    const name = layers.get(id).name
    if (d > 0) lines.push(say('+', `${d} × ${name.en}`, `${d} × ${name.zh}`))
    if (d < 0) lines.push(say('−', `${-d} × ${name.en}`, `${-d} × ${name.zh}`))
  }
  // Parameters of layers, one line for each kind of change however many layers it is made in.
  const grouped = new Map<string, { label: Text; from: Text; to: Text; paths: string[] }>()
  for (const [path, node] of nodes) {
    const was = old.get(path)
    if (!was) continue
    if (isBlock(node) || isBlock(was)) {
      if (isBlock(node) && isBlock(was) && node.times !== was.times) {
        const name = nodeName(node.id, node)
        lines.push(
          say('·', `${name.en}: ${was.times} → ${node.times} copies`, `${name.zh}：${was.times} → ${node.times} 份`)
        )
      }
      continue
    }
    const fields = layers.find(node.kind)?.fields ?? {}
    for (const k of Object.keys(node.params)) {
      const [x, y] = [was.params[k], node.params[k]]
      if (JSON.stringify(x) === JSON.stringify(y)) continue
      const [from, to] = [valueText(fields[k], x), valueText(fields[k], y)]
      const key = `${k} ${from.en} ${to.en}`
      const g = grouped.get(key) ?? { label: fields[k]?.label ?? same(k), from, to, paths: [] }
      g.paths.push(path)
      grouped.set(key, g)
    }
  }
  for (const g of grouped.values()) {
    const at = where(g.paths, nodes, planAfter)
    lines.push(
      say(
        '·',
        `${g.label.en}: ${g.from.en} → ${g.to.en} (${at.en})`,
        `${g.label.zh}：${g.from.zh} → ${g.to.zh}（${at.zh}）`
      )
    )
  }
  for (const c of changes) {
    const line = setting(c, before, after)
    if (line) lines.push(line)
  }
  for (const h of after.training.hooks) {
    if (before.training.hooks.some((o) => o.id === h.id)) continue
    const entry = remedies.get(h.id)
    const p = Object.entries(entry.fields).map(([k, f]) => ({
      en: `${f.label.en} ${valueText(f, h[k]).en}`,
      zh: `${f.label.zh} ${valueText(f, h[k]).zh}`
    }))
    lines.push(
      say(
        '+',
        `In each step: ${entry.name.en}${p.length ? ` (${p.map((x) => x.en).join(', ')})` : ''}`,
        `每一步中：${entry.name.zh}${p.length ? `（${p.map((x) => x.zh).join('，')}）` : ''}`
      )
    )
  }
  if (!lines.length) return lines
  const [m, n] = [planBefore.paramCount, planAfter.paramCount]
  lines.push(
    m === n
      ? say('·', 'Parameters: no change', '参数量：不变')
      : say('·', `Parameters: ${thousands(m)} → ${thousands(n)}`, `参数量：${thousands(m)} → ${thousands(n)}`)
  )
  const [g, h] = [gradientAtFirst(planBefore, before), gradientAtFirst(planAfter, after)]
  if (g !== undefined && h !== undefined && short(g) !== short(h))
    lines.push(
      say(
        '·',
        `Gradient at the first layer, in theory: × ${short(g)} → × ${short(h)} of the last`,
        `第一层梯度（理论）：最后一层的 ${short(g)} 倍 → ${short(h)} 倍`
      )
    )
  return lines
}

/** A change of the training settings. Those of the network are told above, hooks below. */
function setting(c: Change, before: Experiment, after: Experiment): Line | undefined {
  const path = c.path.split('.')
  if (path[0] === 'network' || path[0] === 'remedies' || path[0] === 'name' || path[1] === 'hooks') return undefined
  const key = path[path.length - 1]!
  const chosen = path[0] === 'training' && path[1]! in choices ? (path[1] as keyof typeof choices) : undefined
  const choice = chosen && choices[chosen]
  const field = choice
    ? path.length === 2
      ? choice
      : registryOf[choice.registry].find(after.training[chosen].id)?.fields[key]
    : (settingsFields as Record<string, Field>)[key]
  const label = field?.label ?? same(key)
  const all = (v: unknown, e: Experiment): Text =>
    key === 'batchSize' && v === 0 ? { en: 'all', zh: '全部' } : valueText(field, v ?? e)
  const [x, y] = [all(c.before, before), all(c.after, after)]
  return say('·', `${label.en}: ${x.en} → ${y.en}`, `${label.zh}：${x.zh} → ${y.zh}`)
}
