import { effectiveExperiment } from '../experiment'
import type { ReportRun } from './types'

/** A run of a project: what it has not recorded is missing. */
type Kept = Pick<ReportRun, 'name' | 'experiment' | 'evaluations' | 'findings' | 'events' | 'progress'> & {
  [K in 'schema' | 'frames' | 'verdict' | 'seconds' | 'sums']?: ReportRun[K] | undefined
}

/** A run of a project as a report shows it; undefined of one that has recorded nothing. */
export function reportRun(run: Kept): ReportRun | undefined {
  // Each by its name: a run of the window has getters.
  const { name, experiment, schema, frames, evaluations, findings, events, verdict, progress, seconds, sums } = run
  if (!schema || !frames?.length) return undefined
  return {
    name,
    experiment,
    effective: effectiveExperiment(experiment, schema.info).experiment,
    schema,
    frames,
    evaluations,
    findings,
    events,
    ...(verdict && { verdict }),
    progress,
    ...(seconds !== undefined && { seconds }),
    ...(sums && { sums })
  }
}
