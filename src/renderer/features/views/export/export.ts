import { curveOption } from '@/charts/curve/option'
import { heatmapPng, plotPng } from '@/charts/png'
import { profileOption } from '@/charts/profile/option'
import { fileName } from '@/stores/saving'
import type { Run } from '@/stores/runs'
import { pictures, SIZES } from './pictures'
import { framesBytes, lossBytes } from './tables'

/** A file of a report. */
export interface Named {
  name: string
  bytes: Uint8Array
}

/** The files of a run's report: pictures as PNG, the record as CSV. */
export async function exportReport(run: Run): Promise<Named[]> {
  const base = fileName(run.name)
  const out: Named[] = []
  for (const statistic of ['activationGradientRms', 'weightGradientNorm', 'updateRatio']) {
    const p = pictures(run, statistic, false)
    if (!p || !p.heatmap.columns.length) continue
    out.push({ name: `${base}-${statistic}.png`, bytes: await heatmapPng(p.heatmap, SIZES.heatmap, 2) })
    if (statistic !== 'activationGradientRms') continue
    out.push({
      name: `${base}-profile.png`,
      bytes: await plotPng(profileOption(p.profile, SIZES.profile), SIZES.profile, 2)
    })
    out.push({ name: `${base}-loss.png`, bytes: await plotPng(curveOption(p.curve, SIZES.curve), SIZES.curve, 2) })
  }
  out.push({ name: `${base}-frames.csv`, bytes: await framesBytes(run) })
  out.push({ name: `${base}-loss.csv`, bytes: await lossBytes(run) })
  return out
}
