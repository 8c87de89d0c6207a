import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Judge } from '../../../src/shared/clinic/judge'
import { effectiveExperiment, type Experiment } from '../../../src/shared/experiment'
import { RunHistory } from '../../../src/shared/run/history'
import type { RunLog } from '../../../src/shared/run/runLog'
import type { Evaluation, Finding, FrameBatch, RunSchema } from '../../../src/shared/run/types'

/** A run of the corpus as it is kept between two benches: what rules see of it. */
export interface KeptRun {
  experiment: Experiment
  schema: RunSchema
  frames: FrameBatch
  evaluations: Evaluation[]
  findings: Finding[]
  skill: number
}
const FOLDER = join(process.cwd(), 'out/diagnose')
const place = (folder: string, name: string): string => {
  mkdirSync(join(FOLDER, folder), { recursive: true })
  return join(FOLDER, folder, name.replace(/[^\w.+-]+/g, '_'))
}

export function keepRun(id: string, experiment: Experiment, log: RunLog, skill: number): KeptRun {
  const schema = log.schema!
  const run: KeptRun = {
    experiment: { ...effectiveExperiment(experiment, schema.info).experiment, remedies: experiment.remedies },
    schema,
    frames: log.table!.toBatch(),
    evaluations: [...log.evaluations],
    findings: [...log.findings],
    skill
  }
  writeFileSync(place('runs', id), serialize(run))
  return run
}
export function keptRun(id: string): KeptRun | undefined {
  const path = place('runs', id)
  return existsSync(path) ? (deserialize(readFileSync(path)) as KeptRun) : undefined
}
/** What the rules as they are now say of a kept run. */
export function judgedAnew({ experiment, schema, frames, evaluations, findings }: KeptRun): Finding[] {
  const history = new RunHistory(schema, experiment.training.optimizer['learningRate'] as number, experiment)
  // Whether units are alike is seen in the weights, which are not kept: what was found of it then holds.
  const alike = new Set(findings.filter((f) => f.rule === 'symmetry').flatMap((f) => f.layers))
  history.twins = schema.layers.filter((l) => alike.has(l.id))
  const judge = new Judge(history)
  const waiting = [...evaluations]
  frames.steps.forEach((step, i) => {
    while (waiting.length && waiting[0]!.step <= step) history.evaluations.push(waiting.shift()!)
    const row = <T extends Float32Array>(all: T, width: number): Float32Array => all.slice(i * width, (i + 1) * width)
    history.append(step, row(frames.values, schema.columns.length), row(frames.scalars, schema.scalars.length))
    history.observe(step, history.scalar(i, 'loss')!)
    judge.look(i === frames.steps.length - 1)
  })
  // Nor is what the same examples are answered with and without running averages.
  return [...judge.findings(), ...findings.filter((f) => f.rule === 'evaluationGap')]
}
export const keepSkill = (id: string, remedy: string, skill: number): void =>
  writeFileSync(place('repairs', `${id} ${remedy}`), String(skill))
export function keptSkill(id: string, remedy: string): number | undefined {
  const path = place('repairs', `${id} ${remedy}`)
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
}
