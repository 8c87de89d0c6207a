import { activations } from '../shared/catalog/activations'
import { datasets } from '../shared/catalog/datasets'
import { initializers } from '../shared/catalog/initializers'
import { layers } from '../shared/catalog/layers'
import { losses } from '../shared/catalog/losses'
import { optimizers } from '../shared/catalog/optimizers'
import type { Field } from '../shared/base/params'
import type { Entry, Registry } from '../shared/base/registry'
import { remedies } from '../shared/clinic/remedies'
import { schedules } from '../shared/catalog/schedules'
import { rules } from '../shared/clinic/rules'
import { statistics } from '../shared/catalog/statistics'

/** All registries, in the order in which they are listed. */
export const registries: readonly Registry<Entry>[] = [
  layers,
  activations,
  initializers,
  optimizers,
  losses,
  schedules,
  datasets,
  statistics,
  remedies,
  rules
]

/** Bounds or options of a parameter, in short. */
function range(f: Field): string {
  if (f.type === 'choice') return f.options.map((o) => o.id).join(' | ')
  if (f.type === 'ref') return `one of the ${f.registry}`
  if (f.type === 'bool') return 'true | false'
  if (f.type !== 'number') return f.type === 'columns' ? 'list of column names' : 'text'
  const low = f.min !== undefined ? `≥ ${f.min}` : f.above !== undefined ? `> ${f.above}` : ''
  const high = f.max !== undefined ? `≤ ${f.max}` : f.below !== undefined ? `< ${f.below}` : ''
  return [f.integer ? 'whole number' : 'number', low, high].filter(Boolean).join(' ')
}
const shown = (v: unknown): string =>
  typeof v === 'object' && v !== null && 'id' in v && Object.keys(v).length === 1
    ? String((v as { id: string }).id)
    : JSON.stringify(v)

/** Everything there is, with parameters, as data. */
export function listData(): Record<string, unknown> {
  const entry = (e: Entry): unknown => ({ id: e.id, name: e.name, doc: e.doc, params: e.fields })
  return Object.fromEntries(registries.map((r) => [r.name, r.all.map(entry)]))
}

/** The same as text. */
export function listText(): string {
  const out: string[] = []
  for (const r of registries) {
    out.push(r.name.toUpperCase(), '')
    for (const e of r.all) {
      out.push(`  ${e.id} · ${e.name.en} · ${e.name.zh}`, `      ${e.doc.en}`)
      for (const [k, f] of Object.entries(e.fields))
        out.push(`      ${k} = ${shown(f.default)}  (${range(f)})${f.help ? `  ${f.help.en}` : ''}`)
    }
    out.push('')
  }
  return out.join('\n')
}
