import { datasets } from '@shared/catalog/datasets'
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
