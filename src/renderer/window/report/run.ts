import { nextTick } from 'vue'
import { starterExperiment, vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Experiment } from '@shared/experiment/types'
import { problemsOf } from '@/stores/problems'
import { exportReport } from '@/features/views/export/export'
import { useProject } from '@/stores/project'
import { isActive, useRuns, type Run } from '@/stores/runs'

/** Resolves when a run has come to its end, whichever. */
function ended(run: Run): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isActive(run.progress.state)) setTimeout(look, 100)
      else resolve()
    }
    look()
  })
}

/**
 * Runs the sample experiments through the window as a person would, leaves their pictures and tables, and says that it
 * is done.
 */
export async function runReport(samples: Experiment[] = [vanishingExperiment(), starterExperiment()]): Promise<void> {
  const project = useProject()
  const runs = useRuns()
  try {
    for (const sample of samples) {
      project.fresh(sample)
      await nextTick()
      if (project.blocked) throw new Error(`${sample.name}: ${project.blocked.en}`)
      await project.train()
      const run = runs.current
      if (!run) throw new Error(`${sample.name}: no run was started`)
      await ended(run)
      if (run.progress.state !== 'finished')
        throw new Error(`${sample.name}: ${run.progress.failure?.message.en ?? run.progress.state}`)
      for (const { name, bytes } of await exportReport(run)) {
        const saved = await window.clinic.exportFile(name, bytes)
        if (!saved.ok)
          throw new Error(
            saved.canceled ? `${name}: not written` : saved.problems.map((p) => `${p.path}: ${p.message.en}`).join('; ')
          )
      }
    }
    await window.clinic.reportDone(null)
  } catch (e) {
    await window.clinic.reportDone(
      problemsOf(e)
        .map((p) => p.message.en)
        .join('; ')
    )
  }
}
