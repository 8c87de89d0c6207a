import type { Field } from '@shared/base/params'
import type { Remedy } from '@shared/clinic/remedies'
import { fits } from '@/commands/find'
import { registryOf } from '@/features/edit/params/registries'

/** Names of what a parameter may be set to. */
function choicesOf(field: Field): string[] {
  if (field.type === 'choice') return field.options.flatMap((o) => [o.label.en, o.label.zh])
  return field.type === 'ref' ? registryOf[field.registry].all.flatMap((e) => [e.name.en, e.name.zh]) : []
}
/** What a remedy is looked for by: its names, other words for it, and what can be chosen on it. */
const textsOf = (r: Remedy): string[] => [
  r.id,
  r.name.en,
  r.name.zh,
  ...(r.words ?? '').split(/[,;]\s*/),
  ...Object.values(r.fields).flatMap(choicesOf)
]
/** Whether a remedy fits a search, in either language. */
export const findsRemedy = (query: string, remedy: Remedy): boolean => fits(query, textsOf(remedy))
