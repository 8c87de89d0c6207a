import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, parseField, type Field, type Fields, type Spec } from '@shared/base/params'
import type { Problem } from '@shared/base/problems'
import { registryOf } from './registries'

/** The ends of a slider, where a number has two and a sensible way between them. */
export const sliderOf = (f: Field): { min: number; max: number; log: boolean; integer: boolean } | undefined =>
  f.type === 'number' && f.min !== undefined && f.max !== undefined && (f.log ? f.min > 0 : f.max - f.min <= 1000)
    ? { min: f.min, max: f.max, log: !!f.log, integer: !!f.integer }
    : undefined

/** Parameters of what is chosen; of the choice that is the default, with the defaults it comes with. */
export const nestedFields = (fields: Fields, spec: Spec, base: Spec): Fields =>
  spec.id === base.id
    ? Object.fromEntries(Object.entries(fields).map(([k, x]) => [k, { ...x, default: base[k] } as Field]))
    : fields

function fits(field: Field, value: unknown): boolean {
  const problems: Problem[] = []
  parseField(field, value, '', problems, lookup)
  return problems.length === 0
}
/** Another entry of a registry in place of a choice: parameters that both have (a learning rate) stay as they are. */
export function otherChoice(registry: keyof typeof registryOf, id: string, spec: Spec, base: unknown): Spec {
  const { fields } = registryOf[registry].get(id)
  const next: Spec = { id, ...defaultsOf(fields, lookup) }
  for (const k of Object.keys(next)) {
    const old = spec[k]
    if (k !== 'id' && k in spec && !Object.is(old, base) && fits(fields[k]!, old)) next[k] = old
  }
  return next
}
