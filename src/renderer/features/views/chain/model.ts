import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/effective'
import { INPUT, type Experiment, type RemedyChoice } from '@shared/experiment/types'
import { remedies } from '@shared/clinic/remedies'
import { hiddenLayers } from '@shared/run/layers'
import { mainPath } from '@shared/run/path'
import type { RunLayer, RunSchema } from '@shared/run/types'
import type { Scale } from '@shared/catalog/statistics/types'
import { predictGains } from '@shared/theory'
import { brief, short, tidy } from '@/charts/format'
import { DEFAULT_RANGE, type Range } from '@/charts/range'
import { useText } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { bySeverity } from '@/features/views/findings/findings'
import { numberOf, theoryGain } from '@/features/views/runViews/curves'
import { useWatch } from '@/features/views/runViews/state'
import {
  chainOf,
  chainRows,
  meanFactor,
  subscript,
  weightLink,
  type Chain,
  type Link,
  type Reader,
  type WeightLink
} from '@shared/run/chain'

/** A row of the chain: a value per column, that of the start first. Rows with a scale are painted. */
export interface ChainRow {
  id: keyof ReturnType<typeof chainRows>
  label: string
  values: (number | undefined)[]
  texts: string[]
  scale?: { scale: Scale; range: Range }
}
export interface ChainParts {
  chain: ComputedRef<Chain>
  /** From the loss to the first layer. */
  layers: ComputedRef<RunLayer[]>
  rows: ComputedRef<ChainRow[]>
  /** `₁₂`, by column. */
  sub: (column: number) => string
  /** The link that leads into a column; the first column has none. */
  linkOf: (column: number) => Link | undefined
  /** Geometric means over the hidden layers: of what was measured at this step, and of theory. */
  measured: ComputedRef<number | undefined>
  theory: ComputedRef<number | undefined>
  /** Column that the formulas lead to: the selected layer's, or the first layer's. */
  target: ComputedRef<number>
  /** The way from the loss to that layer, as a product; its last number apart. */
  formula: ComputedRef<{ text: string; product: string }>
  /** ∂L/∂W and ΔW of a column's layer, with their numbers. */
  weights: (column: number) => { figures: WeightLink; gradient: string; step: string } | undefined
}

/**
 * What theory expects of ∂L/∂h by layer with one more remedy on, relative to the network's output; undefined where
 * layers can't be matched one to one, or it doesn't reach.
 */
function treatedProfile(
  experiment: Experiment,
  choice: RemedyChoice,
  schema: RunSchema
): Map<string, number> | undefined {
  const treated = effectiveExperiment({ ...experiment, remedies: [...experiment.remedies, choice] }, schema.info)
  if (treated.problems.length) return undefined
  const plan = planExperiment(treated.experiment, schema.info)
  if (plan.problems.some((p) => p.severity !== 'warning')) return undefined
  const predictions = predictGains(plan, { batchSize: treated.experiment.training.batchSize })
  const profiles = plan.layers.flatMap((l, i) => (l.main ? [predictions[i]!.profile] : []))
  const layers = schema.layers.filter((l) => l.main)
  if (profiles.length !== layers.length || profiles.some((p) => p === undefined || !(p > 0))) return undefined
  return new Map(layers.map((l, i) => [l.id, profiles[i]!]))
}

/** The chain at the step on screen; its picture is exported from the same. Call in a component's setup. */
export function useChain(): ChainParts {
  const runs = useRuns()
  const ui = useUi()
  const project = useProject()
  const state = useWatch()
  const text = useText()
  const { t } = useI18n()

  const frame = computed(() => {
    const frames = runs.current?.frames
    return frames && runs.shownStep !== undefined ? frames.frameAt(runs.shownStep) : -1
  })
  const reader = computed<Reader>(() => {
    const [run, at] = [runs.current, frame.value]
    return run && at >= 0 ? (l, s) => runs.valueIn(run, at, l.index, s) : () => undefined
  })

  const chain = computed(() => {
    const run = runs.current
    if (!run || frame.value < 0) return chainOf([], () => undefined)
    // One behind the other: what lies beside, in a shortcut or a parallel branch, is no factor of this product.
    const path = new Set(run.schema ? mainPath(run.schema.layers) : [])
    return chainOf(
      (runs.rowsOf('activationGradientRms', !state.allLayers, run)?.layers ?? []).filter((l) => path.has(l)),
      reader.value
    )
  })
  const layers = computed(() => {
    const { links, start } = chain.value
    return [...(start ? [start] : []), ...links.map((l) => l.layer).reverse()]
  })
  const place = (column: number): number => {
    const forward = layers.value.length - column
    return state.allLayers ? forward : (numberOf(runs.current, layers.value[column]!) ?? forward)
  }
  const linkOf = (column: number): Link | undefined => chain.value.links[chain.value.links.length - column]
  const sub = (column: number): string => (layers.value[column] ? subscript(place(column)) : '')

  /** Remedies whose theory is worth a row, best first: the one that is looked at, or those that the findings advise. */
  const candidates = computed(() =>
    [
      ...new Set([
        ...(ui.previewRemedy ? [ui.previewRemedy] : []),
        ...[...(runs.current?.findings ?? [])].sort(bySeverity).flatMap((f) => f.advice)
      ])
    ].join()
  )
  const treated = computed(() => {
    const run = runs.current
    if (!run?.schema) return undefined
    const experiment = runs.experimentOf(run)
    for (const id of candidates.value
      .split(',')
      .filter((c) => remedies.find(c) && !experiment.remedies.some((r) => r.id === c))) {
      const choice = id === ui.previewRemedy && project.previewChoice ? project.previewChoice : project.choiceOf(id)
      const profile = treatedProfile(experiment, choice, run.schema)
      if (profile) return { name: text(remedies.get(id).name), profile }
    }
    return undefined
  })

  const rows = computed<ChainRow[]>(() => {
    const all = chainRows(chain.value, treated.value?.profile)
    const row = (
      id: ChainRow['id'],
      label: string,
      say: (x: number | undefined) => string,
      scale?: ChainRow['scale']
    ): ChainRow => ({
      id,
      label,
      values: all[id],
      texts: all[id].map((v) => (v === undefined ? '' : say(v))),
      ...(scale && { scale })
    })
    const size = { scale: 'log' as const, range: runs.rangeOf('activationGradientRms') }
    return [
      row('slope', t('chain.slope'), (x) => short(x)),
      row('weights', t('chain.weights'), (x) => short(x)),
      row('gain', t('chain.gain'), (x) => short(x), { scale: 'ratio', range: DEFAULT_RANGE.ratio }),
      row('gradient', t('chain.gradient'), brief, size),
      row('theory', t('chain.theory'), brief),
      row('treated', treated.value ? t('chain.treated', { remedy: treated.value.name }) : '', brief)
    ].filter((r) => r.id === 'gain' || r.id === 'gradient' || r.values.some((v) => v !== undefined))
  })

  const hidden = computed(() => hiddenLayers(runs.current?.schema?.layers ?? []))
  const measured = computed(() => meanFactor(hidden.value.map((l) => reader.value(l, 'activationGradientRms'))))
  const theory = computed(() => theoryGain(runs.current))

  const target = computed(() => {
    const at = layers.value.findIndex((l) => l.id === runs.selectedLayerId)
    return at < 0 ? layers.value.length - 1 : at
  })
  /**
   * `RMS ∂L/∂h₁ = RMS ∂L/∂h₂₀ × gains = 4.7e-3 × 0.503 × ⋯ × 0.217 = 1.1e-14`, with the factors in the order in which
   * the gradient meets them.
   */
  const formula = computed(() => {
    const { startValue, links } = chain.value
    const to = target.value || links.length
    const factors = [...links]
      .reverse()
      .slice(0, to)
      .map((l) => short(l.factor))
    const told = factors.length > 4 ? [...factors.slice(0, 2), '⋯', ...factors.slice(-1)] : factors
    const link = links[links.length - to]
    return {
      text: `RMS ∂L/∂h${sub(to)} = RMS ∂L/∂h${sub(0)} · ${t('chain.gains')} = ${[brief(startValue), ...told].join(' × ')} = `,
      product: brief(link && reader.value(link.layer, 'activationGradientRms'))
    }
  })
  /** What a layer reads: `h₆`, the data x, or words where that is more than one thing. */
  function inputOf(column: number): string {
    const { inputs } = layers.value[column]!
    if (inputs.length !== 1) return t('chain.inputs')
    if (inputs[0] === INPUT) return 'x'
    const from = layers.value.findIndex((l) => l.id === inputs[0])
    return from < 0 ? t('chain.inputs') : `h${sub(from)}`
  }
  function weights(column: number): ReturnType<ChainParts['weights']> {
    const layer = layers.value[column]
    if (!layer) return undefined
    const figures = weightLink(layer, reader.value, runs.scalarAt('learningRate'))
    if (figures.weightGradient === undefined) return undefined
    const n = sub(column)
    const product = [figures.gradient, figures.slope, figures.input].every((v) => v !== undefined)
      ? `${brief(figures.gradient)} × ${short(figures.slope)} × ${short(figures.input)} = `
      : ''
    return {
      figures,
      gradient: `∂L/∂W${n} = ∂L/∂h${n} · f′(z${n}) · ${inputOf(column)}: ${product}${brief(figures.weightGradient)}`,
      step: `ΔW${n} = −α · ∂L/∂W${n}: ${figures.rate === undefined ? '' : `${tidy(figures.rate)} × ${brief(figures.weightGradient)} = `}${brief(figures.step)}`
    }
  }

  return { chain, layers, rows, sub, linkOf, measured, theory, target, formula, weights }
}
