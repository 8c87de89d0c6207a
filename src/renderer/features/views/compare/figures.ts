import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { kindName } from '@shared/clinic/rules'
import { figuresOf, type Figures } from '@shared/run/compare'
import { exact, percent, short, thousands } from '@/charts/format'
import { intervalOf } from '@/features/views/runViews/curves'
import { useText } from '@/i18n'
import { useCompare } from '@/stores/compare'
import { stateWord, type Run } from '@/stores/runs'
import { againstText, type Against } from './words'

export interface TableRow {
  id: string
  label: string
  where?: string
  values: string[]
  /** The same in every digit, where fewer are shown. */
  exact?: (string | undefined)[]
  /** Run with the best value, where one is better. */
  best?: number
  /** The second of the chosen pair against the first, where that can be said in a number. */
  versus?: string
}
/** Figures of a run at a step; of one that has not come so far, those that no step changes. */
export const figuresAt = (run: Run, step: number | null): Figures =>
  figuresOf(run, step === null ? undefined : step < (run.frames?.lastStep ?? 0) + intervalOf(run) ? step : -1)

/** Four digits: all that a person compares. Every digit stands in the tip and in the CSV. */
const told = (v: number): string => short(v, 3)

/** The table of figures of the runs compared. @param sameSeed whether they began alike. Call in a component's setup. */
export function useFigures(chosen: ComputedRef<Run[]>, sameSeed: () => boolean): ComputedRef<TableRow[]> {
  const compare = useCompare()
  const text = useText()
  const { t } = useI18n()
  return computed<TableRow[]>(() => {
    const all: Figures[] = chosen.value.map((run) => figuresAt(run, compare.step))
    const [a, b] = compare.pair
    const row = (
      id: string,
      of: (f: Figures, k: number) => number | string | undefined,
      better?: 'low' | 'high',
      show: (v: number) => string = told,
      how?: Against
    ): TableRow[] => {
      const raw = all.map(of)
      if (raw.every((v) => v === undefined)) return []
      const numbers = raw.map((v) => (typeof v === 'number' && Number.isFinite(v) ? v : undefined))
      const known = numbers.filter((v): v is number => v !== undefined)
      const best =
        better && known.length > 1 && new Set(known).size > 1
          ? numbers.indexOf(better === 'low' ? Math.min(...known) : Math.max(...known))
          : undefined
      return [
        {
          id,
          label: t(`compare.figure.${id}`),
          values: raw.map((v) => (v === undefined ? '–' : typeof v === 'string' ? v : show(v))),
          ...(show === told && { exact: numbers.map((v) => (v === undefined ? undefined : exact(Math.fround(v)))) }),
          ...(best !== undefined && { best }),
          ...(how && a !== b && { versus: againstText(raw[a], raw[b], how) })
        }
      ]
    }
    return [
      ...row('state', (_, k) => t(`toolbar.state.${stateWord(chosen.value[k]!.progress)}`)),
      ...row('step', (f) => `${f.done} / ${f.planned}`),
      ...row('loss', (f) => f.loss, 'low', told, 'minus'),
      ...row('brokeAt', (f) => f.brokeAt, undefined, String),
      ...row('validationLoss', (f) => f.validationLoss, 'low', told, 'minus'),
      ...row('accuracy', (f) => f.accuracy, 'high', percent, 'points'),
      ...row('meanAbsoluteError', (f) => f.meanAbsoluteError, 'low', told, 'minus'),
      ...row('r2', (f) => f.r2, 'high', told, 'minus'),
      ...row('firstGradient', (f) => f.firstGradient, undefined, told, 'factor'),
      ...row('firstToLast', (f) => f.firstToLast, undefined, told, 'factor'),
      ...row('firstUpdate', (f) => f.firstUpdate, undefined, told, 'factor'),
      ...row('layers', (f) => f.layers, undefined, String, 'minus'),
      ...row('paramCount', (f) => f.paramCount, undefined, thousands, 'minus'),
      ...row(
        'findings',
        (_, k) => [...new Set(chosen.value[k]!.findings.map((f) => text(kindName(f.kind))))].join(', ') || '–'
      ),
      ...(sameSeed() ? [] : row('seed', (_, k) => chosen.value[k]!.experiment.seed, undefined, String))
    ]
  })
}
