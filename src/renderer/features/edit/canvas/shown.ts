import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Network } from '@shared/experiment/types'
import { useProject } from '@/stores/project'
import { useClosed } from './closed'
import { ROOM, type Room } from './layout'
import { canvasModel, type CanvasModel } from './model'
import { absolute, boundsOf, type Place, type Rect } from './place'

/** What the canvas shows: the network with its remedies, or with the one that is previewed. */
export interface Shown {
  network: ComputedRef<Network>
  model: ComputedRef<CanvasModel>
  /** Where all nodes stand, and the room they take together. */
  places: ComputedRef<Map<string, Place>>
  bounds: ComputedRef<Rect>
  /** What the layout is to fit. */
  room: ShallowRef<Room>
}

export function useShown(): Shown {
  const project = useProject()
  const closed = useClosed()
  const room = shallowRef(ROOM)
  const network = computed(() => (project.previewed ?? { experiment: project.effective }).experiment.network)
  /** Positions are the person's own, whatever remedies do. */
  const placed = computed(() => ({
    ...network.value,
    ...(project.experiment.network.layout && { layout: project.experiment.network.layout })
  }))
  const model = computed(() =>
    canvasModel({
      network: placed.value,
      plan: project.previewed?.plan ?? project.plan,
      base: project.experiment.network,
      ...(project.previewed && { before: project.effective.network }),
      problems: [...project.problems, ...project.warnings],
      closed: closed.paths,
      room: room.value
    })
  )
  const places = computed(() => absolute(model.value))
  const bounds = computed(() => boundsOf(places.value.values()))
  return { network, model, places, bounds, room }
}
