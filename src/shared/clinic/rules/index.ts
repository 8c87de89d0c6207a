import { makeRegistry } from '../../base/registry'
import type { Text } from '../../base/text'
import type { Rule } from './types'

export type * from './types'
/** Every file of this folder but index and types is one rule. */
export const rules = makeRegistry<Rule>(
  'rules',
  import.meta.glob<Rule>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  [
    'sameInputs',
    'sameTargets',
    'outputLayer',
    'constantLayer',
    'targetOutliers',
    'dataScale',
    'symmetry',
    'regularisation',
    'optimizerSettings',
    'rateTooLarge',
    'rateTooSmall',
    'lossNaN',
    'weightsNaN',
    'exploding',
    'vanishing',
    'notUpdating',
    'unstable',
    'dead',
    'saturated'
  ]
)

/** What the judge calls a run in which no rule has found anything for a while. */
export const HEALTHY = 'healthy'
/** What a healthy run is measured by: no rule says it. */
const OF_HEALTHY: Rule['measures'] = {
  loss: { en: 'loss', zh: '损失' },
  firstToLast: { en: 'first ÷ last', zh: '首层 ÷ 末层' }
}
/** What each name in a finding's `measured` and `threshold` means, in a few words. @param rule id of its rule */
export const measuresOf = (rule: string): Rule['measures'] =>
  rule === HEALTHY ? OF_HEALTHY : (rules.find(rule)?.measures ?? {})
/** The short name of a kind of finding: the one its rules give it, or its id where no rule of this program knows it. */
export function kindName(kind: string): Text {
  if (kind === HEALTHY) return { en: 'Healthy', zh: '健康' }
  return rules.all.find((r) => r.kind === kind)?.short ?? { en: kind, zh: kind }
}
