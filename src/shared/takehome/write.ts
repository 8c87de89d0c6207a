import { textOfChanges, type Advised } from '../recording/changes'
import { npzProject } from './arrays'
import { unified } from './diff'
import type { TargetId } from './targets'
import { kerasProject } from './keras'
import { torchProject } from './torch'
import type { ProjectFiles, Taken } from './types'

/** How a run is written in each form. Each throws an InputError naming what can't be written, and why. */
export const writers: Record<TargetId, (taken: Taken) => ProjectFiles | Promise<ProjectFiles>> = {
  pytorch: torchProject,
  keras: kerasProject,
  npz: npzProject
}

/** Code of a project: what a cure changes can be told of it. */
export const codeOf = (files: ProjectFiles): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) =>
      name.endsWith('.py') && typeof text === 'string' ? [[name, text]] : []
    )
  )
/** `own-code.txt`: what a cure changes in the person's own code; none where that is not known. */
export const ownCode = (own: readonly Advised[]): ProjectFiles =>
  own.length ? { 'own-code.txt': textOfChanges(own) } : {}
/** `changes.diff` of a project against the code of another one; none where they are equal. */
export function changesOf(files: ProjectFiles, before: Readonly<Record<string, string>>): ProjectFiles {
  const code = codeOf(files)
  const text = Object.entries(before)
    .map(([name, old]) => unified(name, old, code[name] ?? ''))
    .join('')
  return text ? { 'changes.diff': text } : {}
}

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
