import { nodeAt } from '@shared/experiment/edit'
import { nameText } from '@shared/experiment/names'
import { settingsFields } from '@shared/experiment/parse'
import type { Experiment } from '@shared/experiment/types'
import { datasets } from '@shared/datasets'
import { layers } from '@shared/layers'
import { losses } from '@shared/losses'
import { optimizers } from '@shared/optimizers'
import type { Field, Fields, Spec } from '@shared/params'
import { remedies } from '@shared/remedies'
import type { SettingRow } from '@shared/run/compare'
import { schedules } from '@shared/schedules'
import type { Text } from '@shared/text'
import { valueText } from '@/features/remedies/words'

type Say = (key: string, more?: Record<string, unknown>) => string
type Read = (t: Text | undefined) => string

const HEADS: Record<string, Text> = {
  optimizer: { en: 'Optimizer', zh: '优化器' },
  loss: { en: 'Loss', zh: '损失' },
  schedule: { en: 'Schedule', zh: '学习率计划' },
  dataset: { en: 'Data', zh: '数据' },
  seed: { en: 'Seed', zh: '种子' }
}
/** The parameters of what is chosen at the second step of a path. */
function fieldsAt(section: string, effective: readonly Experiment[]): Fields {
  for (const e of effective) {
    const found =
      section === 'optimizer' ? optimizers.find(e.training.optimizer.id) : section === 'loss' ? losses.find(e.training.loss.id) : section === 'schedule' ? schedules.find(e.training.schedule.id) : section === 'dataset' ? datasets.find(e.data.dataset.id) : undefined
    if (found) return found.fields
  }
  return {}
}
function fieldOf(row: SettingRow, effective: readonly Experiment[]): Field | undefined {
  const path = row.key.split('.')
  // A layer may be of another kind in another run, with parameters of its own.
  if (path[0] === 'param') return [row.kind, ...row.nodes.flatMap((p) => effective.map((e) => nodeAt(e.network, p)?.kind))].map((k) => layers.find(k ?? '')?.fields[path[1]!]).find(Boolean)
  return (path.length > 2 ? fieldsAt(path[1]!, effective)[path[path.length - 1]!] : undefined) ?? (settingsFields as Record<string, Field>)[path[path.length - 1]!]
}
/** What a row is about, and where, in words. */
export function rowLabel(row: SettingRow, effective: readonly Experiment[], text: Read, say: Say): { name: string; where: string } {
  const path = row.key.split('.')
  const last = path[path.length - 1]!
  const names = row.nodes.map((p) => {
    const node = effective.map((e) => nodeAt(e.network, p)).find((n) => n?.name)
    return text(nameText(node?.name ?? p, node?.kind))
  })
  const head = names.slice(0, 3).join(', ')
  const where = !names.length ? '' : say('compare.in', { nodes: names.length > 3 ? say('compare.andMore', { head, n: names.length - 3 }) : head })
  if (row.key === 'remedies') return { name: say('compare.remedies'), where }
  if (path[0] === 'layers') return { name: say('compare.layersOf', { name: text(layers.find(row.kind!)?.name) }), where }
  if (row.key === 'times') return { name: say('compare.copies'), where }
  if (row.key === 'connections') return { name: say('compare.connections'), where }
  const own = fieldOf(row, effective)
  return { name: own ? text(own.label) : text(HEADS[last] ?? { en: row.key, zh: row.key }), where }
}
/** One run's value of a row. */
export function rowValue(row: SettingRow, value: unknown, effective: readonly Experiment[], text: Read, say: Say): string {
  if (row.key === 'remedies') return (value as Spec[]).map((r) => text(remedies.find(r.id)?.name)).join(' + ') || text({ en: 'none', zh: '无' })
  if (row.key === 'connections') return value ? say('compare.rewired', { n: value as number }) : '–'
  if (row.key === 'training.batchSize' && value === 0) return text({ en: 'all', zh: '全部' })
  if (typeof value === 'object' && value !== null && 'id' in value) {
    const { id } = value as Spec
    const entry = datasets.find(id) ?? schedules.find(id)
    if (entry) return text(entry.name)
  }
  if (Array.isArray(value)) return value.length ? JSON.stringify(value) : '–'
  return text(valueText(fieldOf(row, effective), value))
}
