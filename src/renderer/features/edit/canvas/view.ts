import { useVueFlow } from '@vue-flow/core'
import { useResizeObserver } from '@vueuse/core'
import { computed, nextTick, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useProject } from '@/stores/project'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import { zoomFor } from './layout'
import type { Shown } from './shown'

/** No smaller: a layer's name and icon still find room on it. */
export const ZOOM = { least: 0.3, most: 2 }
/** The layout follows the canvas in steps: it isn't made anew for every pixel of a drag. */
const STEP = 40

/** The canvas and what floats over its head and foot, covering no layer. */
export interface Frame {
  root: Ref<HTMLElement | undefined>
  head: Ref<HTMLElement | undefined>
  foot: Ref<HTMLElement | undefined>
}
export interface View {
  zoom: ComputedRef<number>
  /** By how much what must be read or grabbed is enlarged, so that it keeps its size when the network is small. */
  enlarged: ComputedRef<number>
  size: Ref<{ w: number; h: number }>
  /** By the pointer, which then is over nothing else. */
  panning: Ref<boolean>
  /** While it is panned or zoomed, what it shows is a layer that the compositor moves as it is. */
  moving: Ref<boolean>
  /** A map is of use when not everything is in view. */
  mapOfUse: ComputedRef<boolean>
  mapShown: ComputedRef<boolean>
  /** Shows the whole network, and keeps it in view from then on. */
  fit(): void
  zoomBy(factor: number): void
  onMove(by: { type: string } | null | undefined): void
}

/** Which part of the network is in view, and how large. */
export function useView({ model, places, bounds, room }: Shown, { root, head, foot }: Frame): View {
  const project = useProject()
  const settings = useSettings()
  const ui = useUi()
  const { viewport, setViewport } = useVueFlow('network')
  const size = ref({ w: 0, h: 0 })
  const moving = ref(false)
  const panning = ref(false)
  /** Keeps the whole network in view until the person zooms or pans. */
  const following = ref(true)

  function follow(): void {
    if (!places.value.size || size.value.w < 50) return
    const edge = {
      l: 24,
      r: 24,
      t: Math.max(52, (head.value?.offsetHeight ?? 0) + 24),
      b: Math.max(52, (foot.value?.offsetHeight ?? 0) + 24)
    }
    const { x, y, w, h } = bounds.value
    const rises = model.value.edges
      .filter((e) => e.rise)
      .map((e) => {
        const s = places.value.get(e.source)
        return s ? s.y + s.node.mid - e.rise - 8 : y
      })
    const top = Math.min(y, ...rises)
    const [width, height] = [size.value.w - edge.l - edge.r, size.value.h - edge.t - edge.b]
    const zoom = Math.max(ZOOM.least, zoomFor({ w, h: y + h - top }, { w: width, h: height }))
    /** In the middle; from its start where it doesn't fit. */
    const at = (from: number, length: number, edge: number, space: number): number =>
      edge + Math.max(0, (space - zoom * length) / 2) - zoom * from
    void setViewport({ zoom, x: at(x, w, edge.l, width), y: at(top, y + h - top, edge.t, height) })
  }
  /** The layout follows the canvas, but not away from what the person has put somewhere. */
  function measure(anew = false): void {
    if (size.value.w < 50 || (project.experiment.network.layout && !anew)) return
    const [w, h] = [size.value.w - 48, size.value.h - 104].map((n) => Math.max(STEP, Math.floor(n / STEP) * STEP))
    if (w !== room.value.w || h !== room.value.h) room.value = { w: w!, h: h! }
  }
  function fit(): void {
    following.value = true
    measure()
    follow()
  }
  useResizeObserver(root, ([entry]) => {
    size.value = { w: entry!.contentRect.width, h: entry!.contentRect.height }
    if (!following.value) return
    measure()
    follow()
  })
  useResizeObserver([head, foot], () => following.value && follow())
  watch(model, () => following.value && follow(), { flush: 'post' })
  watch(
    () => project.current,
    () => {
      measure(true)
      void nextTick(fit)
    }
  )
  function zoomBy(factor: number): void {
    following.value = false
    const { x, y, zoom } = viewport.value
    const next = Math.max(ZOOM.least, Math.min(ZOOM.most, zoom * factor))
    const [cx, cy] = [size.value.w / 2, size.value.h / 2]
    void setViewport({ zoom: next, x: cx - ((cx - x) * next) / zoom, y: cy - ((cy - y) * next) / zoom })
  }
  function onMove(by: { type: string } | null | undefined): void {
    if (by) following.value = false
    // Not before it moves: a click is meant for what it is on.
    panning.value = by?.type === 'mousemove' || by?.type === 'pointermove'
  }

  const zoom = computed(() => viewport.value.zoom)
  // In steps, so that the browser needn't lay hundreds of names out anew at each turn of the wheel.
  const enlarged = computed(() => Math.max(1, 2 ** (Math.ceil(Math.log2(0.9 / zoom.value) * 4) / 4)))

  const mapOfUse = computed(() => {
    const { x, y, zoom } = viewport.value
    const n = bounds.value
    return !(
      n.x * zoom + x > -4 &&
      n.y * zoom + y > -4 &&
      (n.x + n.w) * zoom + x < size.value.w + 4 &&
      (n.y + n.h) * zoom + y < size.value.h + 4
    )
  })
  watch(mapOfUse, (v) => (ui.mapOfUse = v))
  const mapShown = computed(() => mapOfUse.value && settings.recall('minimap', true))
  return {
    zoom,
    enlarged,
    size,
    panning,
    moving,
    mapOfUse,
    mapShown,
    fit,
    zoomBy,
    onMove
  }
}
