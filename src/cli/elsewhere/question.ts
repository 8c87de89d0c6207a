import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Attachments } from '../../shared/catalog/datasets'
import type { Goal } from '../../shared/cure/types'
import { issuesToProblems } from '../../shared/base/issues'
import { InputError } from '../../shared/base/problems'
import { parseExperiment, type Experiment } from '../../shared/experiment'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { bad } from '../args'
import { makeFolder, writeWhole } from '../disk'
import { sumsOf, type JobContext } from '../jobs/address'
import { toJson } from '../../shared/base/toJson'
import { THREADS } from '../trainings'
import { listedFiles, QUESTION, questionJson, readListed } from './attached'

/** Ways to have the jobs of a search made by another program. */
export const KINDS = ['parallel', 'slurm', 'k8s'] as const
export type Kind = (typeof KINDS)[number]

/** What a search asks, as it lies in its folder for whoever makes its jobs. */
export interface Question {
  experiment: Experiment
  goal: Goal
  seeds: number[]
  pairs: number
  consider?: string[]
  /** Writes the cured experiment too. */
  apply: boolean
  /** Absent: its jobs go through a queue. */
  emit?: Kind
  /** Each run is kept as a project file, too: a window asks. */
  projects?: true
}

const FORMAT = 'gradient-clinic/search'
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const schema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(1),
  experiment: v.looseObject({}),
  goal: v.strictObject({
    metric: v.string(),
    better: v.picklist(['higher', 'lower']),
    target: v.optional(v.number())
  }),
  seeds: v.pipe(v.array(count), v.minLength(1), v.maxLength(100)),
  pairs: count,
  consider: v.optional(v.array(v.string())),
  apply: v.boolean(),
  emit: v.optional(v.picklist(KINDS)),
  projects: v.optional(v.literal(true)),
  files: listedFiles,
  versions: v.strictObject({ 'gradient-clinic': v.string(), engine: v.string(), threads: v.number() })
})

/** Writes the question of a search and the files of its experiment into a folder. */
export function writeQuestion(dir: string, question: Question, files: Attachments, version: string): void {
  makeFolder(join(dir, 'data'))
  const names = Object.keys(files).sort()
  names.forEach((name, i) => {
    const content = files[name]!
    writeWhole(join(dir, 'data'), String(i), content)
  })
  const sums = new Map(sumsOf(files))
  writeWhole(
    dir,
    QUESTION,
    toJson({
      format: FORMAT,
      version: 1,
      ...question,
      files: names.map((name, i) => ({ name, file: `data/${i}`, sha256: sums.get(name)! })),
      versions: { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
    })
  )
}

/**
 * Reads the question of a search again. @returns it, and what every job of it has in common
 * @throws InputError when there is none, when it is of another version, or when its files have changed
 */
export function readQuestion(dir: string, version: string): { question: Question; context: JobContext } {
  if (!existsSync(join(dir, QUESTION)))
    throw bad(
      dir,
      `holds no ${QUESTION}: name a folder that clinic prescribe --emit wrote`,
      `其中没有 ${QUESTION}：请指定由 clinic prescribe --emit 写出的文件夹`
    )
  const read = v.safeParse(schema, questionJson(dir))
  if (!read.success) throw new InputError(issuesToProblems(read.issues, QUESTION))
  const { files: listed, versions, experiment: raw, consider, seeds, pairs, apply, emit, projects } = read.output
  const { target, ...aim } = read.output.goal
  const goal: Goal = { ...aim, ...(target !== undefined && { target }) }
  const own = { 'gradient-clinic': version, engine: ENGINE_VERSION }
  for (const [name, mine] of Object.entries(own))
    if (versions[name as keyof typeof own] !== mine)
      throw bad(
        QUESTION,
        `was made by ${name} ${versions[name as keyof typeof own]}, and this is ${mine}: use the same version on every machine`,
        `由 ${name} ${versions[name as keyof typeof own]} 生成，而此处为 ${mine}：请在每台机器上使用相同的版本`
      )
  const files = readListed(dir, listed, raw['weights'] as string | undefined)
  return {
    question: {
      seeds,
      pairs,
      apply,
      ...(emit && { emit }),
      ...(projects && { projects }),
      experiment: parseExperiment(raw),
      goal,
      ...(consider && { consider })
    },
    context: {
      files,
      sums: sumsOf(files),
      goal,
      runs: join(dir, 'runs'),
      version,
      threads: THREADS,
      ...(projects && { projects })
    }
  }
}
