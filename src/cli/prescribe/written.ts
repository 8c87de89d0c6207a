import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { treated } from '../../shared/cure/candidates'
import { prescriptionCsv } from '../../shared/cure/csv'
import type { Prescription } from '../../shared/cure/types'
import type { Experiment } from '../../shared/experiment'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { writeWhole } from '../disk'
import type { Console } from '../run'
import { toJson } from '../../shared/base/toJson'
import { prescriptionJson } from '../../shared/cure/json'
import { THREADS } from '../trainings'
import { prescriptionTable } from './output'

/** The experiment with the best cure. */
export const CURED = 'cured.json'

/** Writes prescription.json and prescription.csv, with `apply` the cured experiment too, and prints the verdict. */
export function writePrescription(
  dir: string,
  experiment: Experiment,
  prescription: Prescription,
  { apply, consider, version }: { apply: boolean; consider?: readonly string[]; version: string },
  console: Console
): void {
  const versions = { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
  writeWhole(dir, 'prescription.json', prescriptionJson(prescription, versions))
  writeWhole(dir, 'prescription.csv', prescriptionCsv(prescription))
  const [best] = prescription.candidates
  const isCured = best?.group === 'cures'
  if (apply) {
    // As a file that `clinic run` takes. One that an earlier search has left would pass for this one's.
    if (isCured) writeWhole(dir, CURED, toJson(treated(experiment, best)))
    else rmSync(join(dir, CURED), { force: true })
  }
  console.out(`${experiment.name}: ${prescriptionTable(prescription, consider)}`)
  if (apply)
    console.out(isCured ? `Written to ${join(dir, CURED)}: ${best.id}\n` : `No cure, so there is no ${CURED}.\n`)
}
