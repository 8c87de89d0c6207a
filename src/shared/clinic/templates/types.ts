import type { Experiment } from '../../experiment/types'
import type { Text } from '../../base/text'

/** Sections of the gallery, in this order. */
export const TEMPLATE_GROUPS = [
  'vanishing',
  'treated',
  'exploding',
  'deep',
  'convolution',
  'recurrent',
  'adversarial'
] as const
export type TemplateGroup = (typeof TEMPLATE_GROUPS)[number]

/** A ready experiment of the gallery. */
export interface Template {
  /** The file's name; of a file that holds several, `<file>-<what>`. */
  id: string
  group: TemplateGroup
  name: Text
  /** One paragraph of what to see in it. */
  doc: Text
  /** Kind of finding that a run of it ends up with: the gallery's promise. */
  finds: string
  /** The statistic of its picture, the activation gradient unless given. */
  shows?: string
  make: () => Experiment
}
