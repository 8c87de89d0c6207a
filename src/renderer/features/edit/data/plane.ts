import { computed, type ComputedRef } from 'vue'
import type { Evaluation, Plane } from '@shared/run/types'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'

/** The picture of the shown run's critic at the shown step, when that run is on the data in view. */
export function usePlane(): ComputedRef<(Evaluation & { plane: Plane }) | undefined> {
  const project = useProject()
  const runs = useRuns()
  return computed(() => {
    const { id } = project.experiment.data.dataset
    return project.info?.task === 'critic' && runs.current?.experiment.data.dataset.id === id
      ? runs.planeAt()
      : undefined
  })
}
