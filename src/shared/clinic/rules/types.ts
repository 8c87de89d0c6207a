import type { Entry } from '../../base/registry'
import type { Finding, FindingKind } from '../../run/types'
import type { RunView } from '../../run/view'

export type { RunView }

export type Verdict = Pick<Finding, 'severity' | 'layers' | 'measured' | 'threshold' | 'text' | 'advice'>
/** A fault and how to tell it. `judge` looks at the newest frames and says whether the fault is there now. */
export interface Rule extends Entry {
  kind: FindingKind
  judge(view: RunView): Verdict | undefined
}
