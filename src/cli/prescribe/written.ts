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

/** Writes prescription.json and prescription.csv, with `apply` the cured experiment too, and prints the verdict. */
export function writePrescription(
  dir: string,
  experiment: Experiment,
  prescription: Prescription,
  { apply, version }: { apply: boolean; version: string },
  console: Console
): void {
  const versions = { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
  writeWhole(dir, 'prescription.json', prescriptionJson(prescription, versions))
  writeWhole(dir, 'prescription.csv', prescriptionCsv(prescription))
  const [best] = prescription.candidates
  // As a file that `clinic run` takes.
  if (apply && best?.group === 'cures') writeWhole(dir, 'cured.json', toJson(treated(experiment, best)))
  console.out(`${experiment.name}: ${prescriptionTable(prescription)}`)
}
