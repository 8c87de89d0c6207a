import { computed, type ComputedRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { nameText } from '@shared/experiment/names'
import type { PlanLayer } from '@shared/experiment/plan'
import { isBlock } from '@shared/experiment/types'
import { layers } from '@shared/catalog/layers'
import { statistics } from '@shared/catalog/statistics'
import type { Text } from '@shared/base/text'
import { short } from '@/charts/format'
import { useText } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { useExpected } from './expected'
import { useMeasures } from './measures'
import { DATA, LOSS, type CanvasEdge, type CanvasNode } from './model'
import { useSkip } from './skip'
import { endsOf } from './wires'

/** What a layer or block on the canvas is called. */
export function titleOf({ id, node, foreign }: CanvasNode): Text {
  if (node?.name) return nameText(node.name, isBlock(node) ? undefined : node.kind)
  return (foreign && node && layers.find(node.kind)?.name) || { en: id, zh: id }
}
const size = (s: number[] | undefined): string => (s ? (s.length ? s.join('×') : '1') : '?')
/** `64 → 10`, with question marks where nothing is known. */
export const shapeLine = (layer: PlanLayer | undefined): string =>
  `${size(layer?.inputShapes[0])} → ${size(layer?.outputShape)}`

/** The statistic that colours the canvas, in a word or two. */
export function useStatisticName(): ComputedRef<string> {
  const ui = useUi()
  const tx = useText()
  const { t } = useI18n()
  return computed(
    () =>
      ({
        activationGradientRms: t('canvas.gradient'),
        activationStd: t('canvas.activation'),
        updateRatio: t('canvas.update')
      })[ui.statistic] ?? tx(statistics.find(ui.statistic)?.name)
  )
}

/** What the things on the canvas are called, by path: also data and loss. */
export function useNames(nodes: ShallowRef<Map<string, CanvasNode>>): (path: string) => string {
  const tx = useText()
  const { t } = useI18n()
  return (path) => {
    const node = nodes.value.get(path)
    return path === DATA ? t('canvas.data') : path === LOSS ? t('canvas.loss') : node ? tx(titleOf(node)) : path
  }
}

/** What is selected on the canvas, as a sentence for those who can't see it. */
export function useSpoken(nodes: ShallowRef<Map<string, CanvasNode>>, edges: () => CanvasEdge[]): () => string {
  const project = useProject()
  const runs = useRuns()
  const ui = useUi()
  const skip = useSkip()
  const expected = useExpected()
  const measures = useMeasures()
  const statisticName = useStatisticName()
  const tx = useText()
  const { t } = useI18n()

  const name = useNames(nodes)
  const measured = (value: number | undefined): string =>
    value === undefined ? '' : `${statisticName.value} ${measures.brief(value)}`
  function node(path: string): string {
    const n = nodes.value.get(path)
    if (!n) return name(path)
    const instances = measures.instances.get(path) ?? []
    const gain = expected.gains.get(path)
    const { info } = project
    const loss = path === LOSS ? runs.lossAt() : undefined
    return [
      name(path),
      n.type === 'block'
        ? `${t('canvas.copies', { n: n.copies })}${n.span ? `, ${t('canvas.layers', { from: n.span[0], to: n.span[1] }, n.span[0] === n.span[1] ? 1 : 2)}` : ''}`
        : '',
      n.layer
        ? shapeLine(n.layer)
        : path === DATA && info
          ? `${size(info.inputShape)} → ${size(info.targetShape)}`
          : '',
      gain !== undefined ? t('canvas.expected', { gain: short(gain, 3) }) : '',
      loss !== undefined
        ? short(loss)
        : measured(measures.value(instances.find((l) => l.id === runs.selectedLayerId) ?? instances[0])),
      n.problems[0] ? tx(n.problems[0].message) : ''
    ]
      .filter(Boolean)
      .join(', ')
  }
  function wire(e: CanvasEdge): string {
    return [
      t(e.rise ? 'canvas.said.skip' : 'canvas.said.wire', { from: name(e.source), to: name(e.target) }),
      measured(measures.edgeValue(...endsOf(e)))
    ]
      .filter(Boolean)
      .join(', ')
  }
  return () => {
    const edge = ui.wire !== null && edges().find((e) => e.id === ui.wire)
    const chosen = edge
      ? wire(edge)
      : ui.selected !== null
        ? node(ui.selected)
        : ui.selection.length
          ? t('canvas.said.several', { n: ui.selection.length, names: ui.selection.map(name).join(', ') })
          : ''
    if (skip.from === null) return chosen
    return skip.canEnd
      ? `${t('canvas.said.skip', { from: name(skip.from), to: name(ui.selected!) })}: ${node(ui.selected!)}`
      : t('canvas.skipFrom', { name: name(skip.from) })
  }
}
