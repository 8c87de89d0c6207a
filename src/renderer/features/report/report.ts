import { watch } from 'vue'
import { starterExperiment, vanishingExperiment } from '@shared/experiment/templates'
import type { Experiment } from '@shared/experiment/types'
import { exportReport } from '@/features/watch/export'
import { useProject } from '@/stores/project'
import { isActive, useRuns, type Run } from '@/stores/runs'

/** Waits until a run has ended. @throws Error with the cause when it failed. */
function ended(run: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): boolean => {
      const { state, failure } = run.progress
      if (isActive(state)) return false
      if (state === 'failed') reject(new Error(failure?.problems?.[0] ? `${failure.problems[0].path}: ${failure.problems[0].message.en}` : (failure?.message.en ?? 'the run failed')))
      else resolve()
      return true
    }
    if (check()) return
    const stop = watch(() => run.progress.state, () => check() && stop())
  })
}

/**
 * Runs the sample experiments through the window as a person would, exports their pictures and tables into the report folder, and says so.
 * Never rejects: what goes wrong is told to the main process, which ends the program with it.
 */
export async function runReport(samples: Experiment[] = [vanishingExperiment(), starterExperiment()]): Promise<void> {
  const project = useProject()
  const runs = useRuns()
  try {
    for (const sample of samples) {
      project.addExperiment(sample)
      await project.train()
      const run = runs.current
      if (!run) throw new Error('the run did not start')
      await ended(run)
      for (const file of await exportReport(run)) {
        const saved = await window.clinic.exportFile(file.name, file.bytes)
        if (!saved.ok) throw new Error(saved.canceled ? 'canceled' : saved.problems.map((p) => `${p.path}: ${p.message.en}`).join('; '))
      }
    }
    await window.clinic.reportDone(null)
  } catch (e) {
    await window.clinic.reportDone(e instanceof Error ? e.message : String(e))
  }
}
