import type { Entry } from '../../base/registry'
import type { Text } from '../../base/text'
import type { Finding } from '../../run/types'
import type { RunView } from '../../run/view'

export type { RunView }

export interface Verdict extends Pick<
  Finding,
  'severity' | 'layers' | 'measured' | 'threshold' | 'text' | 'advice' | 'choices' | 'along' | 'changes'
> {
  /** First step at which it holds, where that was not recorded. Default: the newest recorded step. */
  since?: number
}
/** A fault and how to tell it. */
export interface Rule extends Entry {
  /** Findings of one kind are named, filtered and counted together. Rules of the same kind share its `short` name. */
  kind: string
  /** One to three words for a tag: what a finding of this kind is called. */
  short: Text
  /** What each name in a verdict's `measured` and `threshold` means, in a few words. */
  measures: Record<string, Text>
  /** Id of the statistic whose picture shows the fault; the gradients by default. */
  statistic?: string
  /**
   * What helps where no remedy does, or tells more about this fault than any: the small search of the rate, a look at
   * the data, or as many steps as it measured (`steps`).
   */
  asks?: 'rangeTest' | 'data' | 'moreSteps'
  /** A finding takes its newest severity, even a milder one: more of the same training mends this fault. */
  softens?: true
  /** A finding in the same words continues the earlier one: it was only hidden while the network did well. */
  lasting?: true
  /** Looks at the newest frames. @returns the fault, if it is there now */
  judge(view: RunView): Verdict | undefined
}
