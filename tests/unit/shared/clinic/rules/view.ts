import type { Experiment } from '@shared/experiment'
import { RunHistory } from '@shared/run/history'
import type { RunLayer, RunSchema } from '@shared/run/types'

interface Options {
  learningRate?: number
  classes?: number
  activation?: string
  units?: number
  /** Members of the schema that differ from those of a classification. */
  schema?: Partial<RunSchema>
  experiment?: Experiment
}
export interface Made {
  view: RunHistory
  /** Adds a frame. Values by statistic: one per layer, or one for all. */
  frame(scalars: Record<string, number>, values: Record<string, number | (number | undefined)[]>): void
}
const STATISTICS = [
  'activationGradientRms',
  'updateRatio',
  'weightNonFinite',
  'activationNonFinite',
  'deadShare',
  'saturatedShare',
  'preActivationGradientRms',
  'activationMean',
  'activationStd',
  'weightNorm',
  'weightGradientNorm'
]

/** A run's record made by hand: a chain of layers, the last of which is the output. */
export function makeView(
  kinds: (string | Partial<RunLayer>)[],
  { learningRate = 0.1, classes = 10, activation = 'relu', units = 64, schema: members = {}, experiment }: Options = {}
): Made {
  const layers = kinds.map((k, index): RunLayer => {
    const given = typeof k === 'string' ? { kind: k } : k
    const kind = given.kind ?? 'dense'
    const id = `${kind}${index + 1}`
    const main = kind === 'dense'
    const before = index
      ? `${typeof kinds[index - 1] === 'string' ? (kinds[index - 1] as string) : ((kinds[index - 1] as Partial<RunLayer>).kind ?? 'dense')}${index}`
      : 'input'
    return {
      index,
      id,
      node: id,
      kind,
      name: id,
      outputShape: [units],
      paramCount: 0,
      main,
      inputs: [before],
      ...((main || kind === 'activation') && index < kinds.length - 1 && { activation }),
      ...given
    }
  })
  const columns = layers.flatMap((l) => STATISTICS.map((statistic) => ({ layer: l.index, statistic })))
  const scalars = ['loss', 'accuracy', 'gradientNorm', 'r2', 'learningRate']
  const schema: RunSchema = {
    layers,
    columns,
    scalars,
    trainCount: 100,
    validationCount: 0,
    paramCount: 0,
    compiled: true,
    versions: {},
    info: {
      inputShape: [4],
      targetShape: [classes],
      task: 'multiclass',
      count: 100,
      classes: Array.from({ length: classes }, (_, i) => String(i))
    },
    ...members
  }
  const view = new RunHistory(schema, learningRate, experiment)
  const usual: Record<string, number> = {
    activationGradientRms: 1,
    updateRatio: 1e-3,
    weightNonFinite: 0,
    activationNonFinite: 0,
    deadShare: 0.2,
    saturatedShare: 0.1,
    preActivationGradientRms: 0.5,
    activationMean: 0.5,
    activationStd: 1,
    weightNorm: 8
  }
  return {
    view,
    frame(s, values) {
      const row = columns.map((c) => {
        const v = values[c.statistic]
        return (Array.isArray(v) ? v[c.layer] : v) ?? usual[c.statistic]!
      })
      view.append(
        view.length,
        Float32Array.from(row),
        Float32Array.from([
          s.loss ?? 1,
          s.accuracy ?? 0.1,
          s.gradientNorm ?? 1,
          s.r2 ?? NaN,
          s.learningRate ?? learningRate
        ])
      )
    }
  }
}
/** Gradient RMS by layer, first to last, that shrinks (or grows) by `gain` per layer on the way back. */
export const profile = (n: number, gain: number, end = 0.1): number[] =>
  Array.from({ length: n }, (_, i) => end * gain ** (n - 1 - i))
