import type { TargetId } from './targets'
import { torchProject } from './torch'
import type { ProjectFiles, Taken } from './types'

/** How a run is written in each form. Each throws an InputError naming what can't be written, and why. */
export const writers: Record<TargetId, (taken: Taken) => ProjectFiles> = { pytorch: torchProject }

/**
 * The first of the losses of a project that a run's own table tells otherwise, to the last bit of a float32.
 * @param lossTable with the columns `step` first and `loss`
 */
export function firstDifference(
  lossTable: string,
  losses: readonly number[]
): { step: number; recorded: number } | undefined {
  const [head, ...lines] = lossTable.trim().split('\n')
  const at = head!.split(',').indexOf('loss')
  if (at <= 0) return undefined
  for (const line of lines) {
    const cells = line.split(',')
    const own = losses[Number(cells[0])]
    if (own === undefined || !cells[at]) continue
    const recorded = Number(cells[at])
    if (!Object.is(Math.fround(recorded), Math.fround(own))) return { step: Number(cells[0]), recorded }
  }
  return undefined
}
