import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { connect, join, nodeAt } from '@shared/experiment/edit'
import { INPUT, isBlock, type NetworkNode } from '@shared/experiment/types'
import { both } from '@/i18n'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { DATA, LOSS } from './model'

const paths = (nodes: NetworkNode[], scope = ''): string[] =>
  nodes.flatMap((n) => [join(scope, n.id), ...(isBlock(n) ? paths(n.body, join(scope, n.id)) : [])])

/** Connections without a mouse: between two selected layers, or begun at one and ended at the one selected later. */
export const useSkip = defineStore('skip', () => {
  const project = useProject()
  const ui = useUi()
  const begun = ref<string | null>(null)
  const stands = (path: string): boolean => path.startsWith('@') || !!nodeAt(project.experiment.network, path)
  /** Where the skip that is being drawn begins; null when none is. */
  const from = computed(() => (begun.value !== null && stands(begun.value) ? begun.value : null))
  const cancel = (): void => void (begun.value = null)
  watch(() => project.current, cancel)

  const canBegin = computed(() => from.value === null && ui.selected !== null && ui.selected !== LOSS)
  const canEnd = computed(() => from.value !== null && ui.selected !== null && ui.selected !== from.value)
  function begin(): void {
    if (!canBegin.value) return
    if (stands(ui.selected!)) begun.value = ui.selected
    else ui.toast('info', both('canvas.foreign'))
  }
  /** Draws it to the selected layer. Where that can't be, the reason is said, and the skip goes on. */
  function end(): void {
    if (canEnd.value && between(from.value!, ui.selected!)) cancel()
  }
  /** Connects two nodes, from the one nearer to the data to the other. @returns whether it could be done */
  function between(one: string, other: string): boolean {
    if (![one, other].every(stands)) {
      ui.toast('info', both('canvas.foreign'))
      return false
    }
    const order = [DATA, ...paths(project.experiment.network.nodes), LOSS]
    const [a, b] = [one, other].sort((x, y) => order.indexOf(x) - order.indexOf(y)) as [string, string]
    return project.take(connect(project.experiment.network, a === DATA ? INPUT : a, b === LOSS ? undefined : b))
  }
  return { from, canBegin, canEnd, begin, end, between, cancel }
})
