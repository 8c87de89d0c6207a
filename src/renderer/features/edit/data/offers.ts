import { datasets } from '@shared/catalog/datasets'
import type { Column } from '@shared/catalog/datasets/table/column'
import type { Spec } from '@shared/base/params'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'

/** Another choice for the data set with which it can be read. */
export interface Offer {
  label: Text
  dataset: Spec
}

/**
 * What one click can do about data that is refused: the other options of each choice that a problem names.
 * @param reads whether data can be read as told: only what can is offered
 */
export function offersFor(problems: readonly Problem[], dataset: Spec, reads: (dataset: Spec) => boolean): Offer[] {
  const fields = datasets.find(dataset.id)?.fields ?? {}
  return Object.entries(fields).flatMap(([key, field]) => {
    if (field.type !== 'choice' || !problems.some((p) => p.path === `data.dataset.${key}`)) return []
    return field.options
      .filter((o) => o.id !== dataset[key])
      .map((o) => ({
        label: { en: `${field.label.en}: ${o.label.en}`, zh: `${field.label.zh}：${o.label.zh}` },
        dataset: { ...dataset, [key]: o.id }
      }))
      .filter((o) => reads(o.dataset))
  })
}

/** Most of them that are offered. */
const OFFERED = 6
/**
 * What one click can settle about columns: cells that come again and again and may mark a missing value, and codes that
 * are numbers only by their look.
 */
export function columnOffers(columns: readonly Column[], dataset: Spec): Offer[] {
  const marks = String(dataset['marks'] ?? '')
  const known = new Set(marks.split(',').map((m) => m.trim()))
  const found = new Set(
    columns.flatMap((c) => [
      ...(c.sentinel ? [String(c.sentinel.value)] : []),
      // The list of marks is separated by commas.
      ...c.bad
        .flatMap((b) => (b.cells.length === 1 && b.count > 1 ? b.cells : []))
        .filter((cell) => /^[^,]{1,11}$/.test(cell))
    ])
  )
  const missing = [...found]
    .filter((mark) => !known.has(mark))
    .map((mark) => ({
      label: { en: `“${mark}” marks a missing value: leave the row out`, zh: `“${mark}”表示缺失值：忽略该行` },
      dataset: { ...dataset, marks: marks ? `${marks}, ${mark}` : mark, missing: 'drop' }
    }))
  const categorical = (dataset['categorical'] as string[] | undefined) ?? []
  const names = columns
    .filter((c) => c.code !== undefined && c.type === 'number' && !categorical.includes(c.name))
    .map((c) => ({
      label: { en: `Read “${c.name}” as categories`, zh: `将“${c.name}”按类别读取` },
      dataset: { ...dataset, categorical: [...categorical, c.name] }
    }))
  return [...missing, ...names].slice(0, OFFERED)
}
