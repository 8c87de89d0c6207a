import { nodeAt } from '../experiment/edit'
import { nameText } from '../experiment/names'
import { settingsFields } from '../experiment/parse'
import type { Experiment } from '../experiment/types'
import { activations } from '../catalog/activations'
import { datasets } from '../catalog/datasets'
import { initializers } from '../catalog/initializers'
import { layers } from '../catalog/layers'
import { losses } from '../catalog/losses'
import { optimizers } from '../catalog/optimizers'
import type { Field, Fields, Spec } from '../base/params'
import { remedies } from './remedies'
import { settingRows, type SettingRow } from '../run/compare'
import { schedules } from '../catalog/schedules'
import type { Text } from '../base/text'

type Say = (key: string, more?: Record<string, unknown>) => string
type Read = (t: Text | undefined) => string

const same = (s: string): Text => ({ en: s, zh: s })
/** Registries whose entries are parameters of others. */
const REGISTRIES = [activations, initializers, optimizers, losses, schedules, datasets, remedies]
/** A parameter's value in words. */
export function valueText(field: Field | undefined, value: unknown): Text {
  if (typeof value === 'object' && value !== null && 'id' in value) {
    const { id } = value as { id: string }
    const from = field?.type === 'ref' ? REGISTRIES.filter((r) => r.name === field.registry) : REGISTRIES
    return from.map((r) => r.find(id)).find(Boolean)?.name ?? same(id)
  }
  if (typeof value === 'boolean') return value ? { en: 'on', zh: '开' } : { en: 'off', zh: '关' }
  if (value === 0 && field?.type === 'number' && field.zero) return field.zero
  if (typeof value === 'number')
    return same(
      value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
        ? value.toExponential().replace('e+', 'e')
        : String(value)
    )
  if (field?.type === 'choice') return field.options.find((o) => o.id === value)?.label ?? same(String(value))
  return same(value === undefined ? '–' : String(value))
}

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
      section === 'optimizer'
        ? optimizers.find(e.training.optimizer.id)
        : section === 'loss'
          ? losses.find(e.training.loss.id)
          : section === 'schedule'
            ? schedules.find(e.training.schedule.id)
            : section === 'dataset'
              ? datasets.find(e.data.dataset.id)
              : undefined
    if (found) return found.fields
  }
  return {}
}
function fieldOf(row: SettingRow, effective: readonly Experiment[]): Field | undefined {
  const path = row.key.split('.')
  // A layer may be of another kind in another run, with parameters of its own.
  if (path[0] === 'param')
    return [row.kind, ...row.nodes.flatMap((p) => effective.map((e) => nodeAt(e.network, p)?.kind))]
      .map((k) => layers.find(k ?? '')?.fields[path[1]!])
      .find(Boolean)
  return (
    (path.length > 2 ? fieldsAt(path[1]!, effective)[path[path.length - 1]!] : undefined) ??
    (settingsFields as Record<string, Field>)[path[path.length - 1]!]
  )
}
/** What a row is about, and where, in words. */
export function rowLabel(
  row: SettingRow,
  effective: readonly Experiment[],
  text: Read,
  say: Say
): { name: string; where: string } {
  const path = row.key.split('.')
  const last = path[path.length - 1]!
  const names = row.nodes.map((p) => {
    const node = effective.map((e) => nodeAt(e.network, p)).find((n) => n?.name)
    return text(nameText(node?.name ?? p, node?.kind))
  })
  const head = names.slice(0, 3).join(', ')
  const where = !names.length
    ? ''
    : say('compare.in', { nodes: names.length > 3 ? say('compare.andMore', { head, n: names.length - 3 }) : head })
  if (row.key === 'remedies') return { name: say('compare.remedies'), where }
  if (path[0] === 'layers')
    return { name: say('compare.layersOf', { name: text(layers.find(row.kind!)?.name) }), where }
  if (row.key === 'times') return { name: say('compare.copies'), where }
  if (row.key === 'connections') return { name: say('compare.connections'), where }
  const own = fieldOf(row, effective)
  return { name: own ? text(own.label) : text(HEADS[last] ?? { en: row.key, zh: row.key }), where }
}
/** Remedies by name; with the settings in which one differs between the runs. */
function remedyWords(list: readonly Spec[], all: readonly (readonly Spec[])[], text: Read): string {
  return list
    .map((r) => {
      const entry = remedies.find(r.id)
      const others = all.flatMap((o) => o.find((x) => x.id === r.id) ?? [])
      const apart = Object.entries(entry?.fields ?? {}).filter(([k]) =>
        others.some((o) => JSON.stringify(o[k]) !== JSON.stringify(r[k]))
      )
      const settings = apart.map(([k, f]) => `${text(f.label)} ${text(valueText(f, r[k]))}`).join(', ')
      return text(entry?.name) + (settings && ` (${settings})`)
    })
    .join(' + ')
}
/** One run's value of a row. */
export function rowValue(
  row: SettingRow,
  value: unknown,
  effective: readonly Experiment[],
  text: Read,
  say: Say
): string {
  if (row.key === 'remedies')
    return remedyWords(value as Spec[], row.values as Spec[][], text) || text({ en: 'none', zh: '无' })
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

/**
 * What tells runs of one experiment apart, in a few words each: `+ Swap activation`, `Learning rate 0.5`; as many
 * settings as it takes, two at most.
 * @param chosen the experiments as they are trained, remedies not applied. @returns undefined for each where nothing
 *   differs
 */
export function apart(chosen: readonly Experiment[], text: Read, say: Say): (string | undefined)[] {
  const words: string[][] = chosen.map(() => [])
  const distinct = (): number => new Set(words.map((w) => w.join())).size
  for (const row of chosen.length > 1 ? settingRows(chosen, chosen) : []) {
    if (distinct() === chosen.length || words[0]!.length === 2) break
    const before = distinct()
    const value = (v: unknown): string => rowValue(row, v, chosen, text, say)
    const now = row.values.map((v) =>
      row.key !== 'remedies'
        ? `${rowLabel(row, chosen, text, say).name} ${value(v)}`
        : (v as Spec[]).length
          ? `+ ${value(v)}`
          : text({ en: 'No remedy', zh: '无对策' })
    )
    now.forEach((w, k) => words[k]!.push(w))
    // It tells none apart that weren't already.
    if (distinct() === before) words.forEach((w) => w.pop())
  }
  return words.map((w) => w.join(' · ') || undefined)
}
