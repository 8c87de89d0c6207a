import { problem, type Problem } from '@shared/base/problems'
import type { SentProject } from '@shared/project/types'
import { stored } from '@shared/run/checkpoints'

/** What a project file holds of a run, in brief. */
export interface Held {
  id: string
  name: string
  /** Steps done. */
  step: number
  /** Recorded steps. */
  frames: number
  /** Steps that it can be continued from. */
  checkpoints: number[]
}
/** What the file of a project holds of its runs. */
export function heldBy({ runs }: Pick<SentProject, 'runs'>): Held[] {
  const told = runs.map((run) => ({
    id: run.id,
    name: run.name,
    step: run.progress.step,
    frames: 'marks' in run ? run.marks.frames : run.frames.steps.length,
    checkpoints:
      'marks' in run
        ? run.marks.checkpoints.map(([step, , length]) => ({ step, values: { length } }))
        : (run.checkpoints ?? [])
  }))
  const { kept } = stored<{ step: number; values: { length: number } }>(told)
  return told.map((run) => ({ ...run, checkpoints: (kept.get(run.id) ?? []).map((c) => c.step) }))
}

/**
 * What would go if one file took the place of another. A run that has gone on since keeps other checkpoints than
 * before: that takes nothing away as long as there are some.
 */
export function dropsOf(old: readonly Held[], next: readonly Held[]): Problem[] {
  const drops: Problem[] = []
  for (const had of old) {
    const has = next.find((r) => r.id === had.id)
    const lost = had.checkpoints.filter((s) => !has?.checkpoints.includes(s))
    if (!has)
      drops.push(
        problem(
          had.name,
          `the whole run: ${had.frames} recorded steps, ${had.checkpoints.length} kept`,
          `整个运行：记录 ${had.frames} 步，保存 ${had.checkpoints.length} 处`
        )
      )
    else if (has.frames < had.frames)
      drops.push(
        problem(
          had.name,
          `${had.frames - has.frames} of ${had.frames} recorded steps`,
          `${had.frames} 个记录步中的 ${had.frames - has.frames} 个`
        )
      )
    else if (lost.length && (has.step <= had.step || !has.checkpoints.length))
      drops.push(problem(had.name, `what was kept at step ${lost.join(', ')}`, `第 ${lost.join('、')} 步保存的内容`))
  }
  return drops
}
