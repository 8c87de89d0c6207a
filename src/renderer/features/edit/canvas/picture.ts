import { useI18n } from 'vue-i18n'
import { activations } from '@shared/catalog/activations'
import { datasets } from '@shared/catalog/datasets'
import { losses } from '@shared/catalog/losses'
import { isBlock } from '@shared/experiment/types'
import type { Params, Spec } from '@shared/base/params'
import { thousands } from '@/charts/format'
import type { NetworkBox, NetworkPicture } from '@/charts/network'
import { css, inkOn } from '@shared/base/colour'
import { colourOf } from '@/charts/scales'
import { useText } from '@/i18n'
import { useProject } from '@/stores/project'
import { useMeasures } from './measures'
import { DATA, LOSS, type CanvasEdge } from './model'
import type { Place } from './place'
import type { Point } from './layout'
import { turned } from './route'
import { useShown } from './shown'
import { shapeLine, titleOf, useStatisticName } from './spoken'
import { endsOf } from './wires'

/** Where a connection leaves one box and enters another. */
function cornersOf(edge: CanvasEdge, from: Place, to: Place): readonly Point[] {
  const start = { x: edge.sourceHandle === 'inner-in' ? from.x : from.x + from.w, y: from.y + from.node.mid }
  const top = edge.targetHandle === 'top'
  const end = {
    x: top ? to.x + to.w / 2 : edge.targetHandle === 'inner-out' ? to.x + to.w : to.x,
    y: top ? to.y : to.y + to.node.mid
  }
  const round = turned(edge, start, end)
  if (round) return round
  if (edge.rise) {
    const over = Math.min(start.y, end.y) - edge.rise
    const [a, b] = [start.x + 12, top ? end.x : end.x - 12]
    const down = top ? [end] : [{ x: b, y: end.y }, end]
    return [start, { x: a, y: start.y }, { x: a, y: over }, { x: b, y: over }, ...down]
  }
  const middle = (start.x + end.x) / 2
  return start.y === end.y ? [start, end] : [start, { x: middle, y: start.y }, { x: middle, y: end.y }, end]
}

/** The network on the canvas as a picture, with what was measured at the step shown. Call in a component's setup. */
export function useNetworkPicture(): (dark: boolean) => Pick<NetworkPicture, 'boxes' | 'wires'> {
  const { model, places } = useShown()
  const project = useProject()
  const measures = useMeasures()
  const statistic = useStatisticName()
  const tx = useText()
  const { t } = useI18n()
  const colour = (v: number, dark: boolean) => colourOf(v, measures.scale, measures.range, dark)

  function boxOf(place: Place, dark: boolean): NetworkBox {
    const { node: n, x, y, w, h } = place
    const at = { x, y, w, h }
    if (n.id === DATA)
      return {
        ...at,
        title: tx(datasets.find(project.experiment.data.dataset.id)?.name),
        lines: project.info ? [`${project.info.inputShape.join('×')} → ${project.info.targetShape.join('×')}`] : []
      }
    if (n.id === LOSS)
      return { ...at, title: t('canvas.loss'), lines: [tx(losses.find(project.experiment.training.loss.id)?.name)] }
    if (n.type === 'sum') return { ...at, title: '+', lines: [] }
    if (n.node && isBlock(n.node))
      return { ...at, block: true, title: `×${n.node.times}  ${tx(titleOf(n))}`, lines: [] }
    const params: Params = n.node && !isBlock(n.node) ? n.node.params : {}
    const activation = n.layer?.activation ?? (params['activation'] as Spec | undefined)
    const instances = measures.instances.get(n.id) ?? []
    const value = instances.length === 1 ? measures.value(instances[0]) : undefined
    const fill = value === undefined ? undefined : colour(value, dark)
    return {
      ...at,
      title: tx(titleOf(n)),
      lines: [
        shapeLine(n.layer),
        ...(n.layer?.paramCount ? [t('canvas.params', { n: thousands(n.layer.paramCount) })] : []),
        ...(activation && activation.id !== 'linear' ? [tx(activations.find(activation.id)?.name)] : [])
      ],
      ...(fill && { chip: { text: `${statistic.value} ${measures.brief(value)}`, fill: css(fill), ink: inkOn(fill) } })
    }
  }
  return (dark) => ({
    boxes: [...places.value.values()].map((p) => boxOf(p, dark)),
    wires: model.value.edges.flatMap((edge) => {
      const [from, to] = [places.value.get(edge.source), places.value.get(edge.target)]
      if (!from || !to) return []
      const value = measures.edgeValue(...endsOf(edge))
      return [
        { corners: cornersOf(edge, from, to), colour: value === undefined ? undefined : css(colour(value, dark)) }
      ]
    })
  })
}
