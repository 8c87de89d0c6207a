import { statistics } from '@shared/catalog/statistics'
import { theoryProfile } from '@shared/theory/profile'
import { suitsLog, type CurveModel } from '@/charts/curve/model'
import { short } from '@/charts/format'
import type { HeatmapModel } from '@/charts/heatmap/model'
import type { ProfileModel } from '@/charts/profile/model'
import { i18n, language } from '@/i18n'
import { isActive, type Run, useRuns } from '@/stores/runs'
import { bandOf, curveLines, intervalOf, numberOf, theoryGain } from '../runViews/curves'
import { marksOf } from '../runViews/marks'

/** Pictures of a run as they stand in a report: nothing pinned or selected, the whole run in view. */
export function pictures(
  run: Run,
  statistic: string,
  dark: boolean
): { heatmap: HeatmapModel; profile: ProfileModel; curve: CurveModel } | undefined {
  const runs = useRuns()
  const rows = runs.rowsOf(statistic, true, run)
  const { frames, schema } = run
  if (!rows || !frames?.length || !schema) return undefined
  const t = i18n.global.t
  const s = statistics.get(statistic)
  const name = s.name[language()]
  const range = runs.rangeOf(statistic, run)
  const healthy = bandOf(s, (named) => t('runViews.healthyBand', named))
  const interval = intervalOf(run)
  const rowAxis = t(rows.times ? 'runViews.axis.time' : 'runViews.axis.layer')
  const last = frames.lastStep!
  const rowNames = rows.times?.map(String) ?? rows.layers.map((l) => String(numberOf(run, l) ?? l.name))
  const at = (step: number): (number | undefined)[] =>
    rows.layers.map((l, i) =>
      rows.times
        ? frames.value(frames.frameAt(step), rows.columns[i]!)
        : runs.valueIn(run, frames.frameAt(step), l.index, statistic)
    )
  const predicted = statistic === 'activationGradientRms' ? rows.layers.map((l) => l.theoryProfile) : []
  const factor = theoryGain(run)
  const theory = theoryProfile(predicted, at(last))
  const shown = { frame: frames.length - 1, evaluation: run.evaluations.filter((e) => 'loss' in e.metrics).pop() }
  const lines = curveLines(run, 'loss', shown, (key, named) => t(`runViews.${key}`, named))
  const marks = marksOf(run, (x) => x[language()])
  return {
    heatmap: {
      source: rows.source,
      columns: rows.columns,
      rowNames,
      scale: s.scale,
      range,
      dark,
      steps: run.progress.steps,
      first: run.continuedFrom?.step,
      interval,
      marks,
      healthy,
      notRun: t(isActive(run.progress.state) ? 'runViews.notRun' : 'runViews.neverRun'),
      axes: { x: t('runViews.axis.step'), y: rowAxis },
      caption: { title: `${run.name}: ${name}`, sub: s.symbol }
    },
    profile: {
      lines: [
        ...(factor !== undefined && theory.some((v) => v !== undefined)
          ? [{ label: t('runViews.theory', { value: short(factor) }), values: theory, tone: 'theory' as const }]
          : []),
        {
          label: t('runViews.stepLabel', { step: frames.firstStep! }),
          values: at(frames.firstStep!),
          tone: 'pinned' as const
        },
        ...(last !== frames.firstStep
          ? [
              {
                label: t(isActive(run.progress.state) ? 'runViews.liveLabel' : 'runViews.stepLabel', { step: last }),
                values: at(last),
                tone: 'live' as const
              }
            ]
          : [])
      ],
      rows: rows.layers.length,
      rowNames,
      scale: s.scale,
      range,
      dark,
      healthy,
      axes: { y: rowAxis },
      bottom: 0,
      top: Math.max(1, rows.layers.length),
      caption: { title: t('runViews.profile'), sub: name }
    },
    curve: {
      lines,
      log: suitsLog(lines),
      dark,
      planned: run.progress.steps,
      first: run.continuedFrom?.step,
      last,
      interval,
      marks,
      axes: { x: t('runViews.axis.step') },
      caption: { title: t('runViews.loss') }
    }
  }
}

/** Sizes of exported pictures, in CSS pixels. */
export const SIZES = {
  heatmap: { width: 760, height: 380 },
  profile: { width: 380, height: 380 },
  curve: { width: 480, height: 380 },
  ridgeline: { width: 520, height: 420 },
  lens: { width: 520, height: 380 }
}
