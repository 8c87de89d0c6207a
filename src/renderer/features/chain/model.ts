import { computed, type ComputedRef } from 'vue'
import { mainPath } from '@shared/run/path'
import type { RunLayer } from '@shared/run/types'
import { short } from '@/charts/format'
import { useRuns } from '@/stores/runs'
import { numberOf } from '../watch/model'
import { useWatch } from '../watch/state'
import { chainOf, meanFactor, subscript, type Chain } from './chain'

export interface ChainParts {
  chain: ComputedRef<Chain>
  /** Number of each link's layer, and of the start. */
  numbers: ComputedRef<string[]>
  /** That number as a subscript. */
  sub: (i: number) => string
  mean: ComputedRef<number | undefined>
  formula: ComputedRef<{ text: string; product: string }>
}
/** The chain at the step on screen; its picture is exported from the same. Call in a component's setup. */
export function useChain(): ChainParts {
  const runs = useRuns()
  const state = useWatch()

  const chain = computed(() => {
    void runs.current?.revision
    const run = runs.current
    const frame = run?.table && runs.shownStep !== undefined ? run.table.frameAt(runs.shownStep) : -1
    if (!run || frame < 0) return chainOf([], () => undefined)
    // One behind the other: what lies beside, in a shortcut or a parallel branch, is no factor of this product.
    const path = new Set(run.schema ? mainPath(run.schema.layers) : [])
    const layers = (runs.rowsOf('activationGradientRms', !state.allLayers, run)?.layers ?? []).filter((l) => path.has(l))
    return chainOf(layers, (l, s) => runs.valueIn(run, frame, l.index, s))
  })
  const place = (l: RunLayer, i: number): string => String(state.allLayers ? i + 1 : (numberOf(runs.current, l) ?? i + 1))
  const numbers = computed(() => {
    const { links, start } = chain.value
    return [...links.map((l) => l.layer), ...(start ? [start] : [])].map(place)
  })
  const sub = (i: number): string => subscript(Number(numbers.value[i] ?? 0))
  const mean = computed(() => meanFactor(chain.value))
  /** `‖∂L/∂h₁‖ ÷ ‖∂L/∂h₂₀‖ = 0.25 · 0.24 ⋯ 0.26 = 3.1e-13`, with the factors in the order in which the gradient meets them. */
  const formula = computed(() => {
    const { links } = chain.value
    const factors = links.map((l) => short(l.factor)).reverse()
    const told = factors.length > 5 ? [...factors.slice(0, 2), '⋯', ...factors.slice(-2)] : factors
    return { text: `‖∂L/∂h${sub(0)}‖ ÷ ‖∂L/∂h${sub(links.length)}‖ = ${told.join(' · ')} = `, product: short(links[0]?.product) }
  })

  return { chain, numbers, sub, mean, formula }
}
