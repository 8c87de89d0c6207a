import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import * as v from 'valibot'
import { issuesToProblems } from '../../shared/base/issues'
import { parseJsonText } from '../../shared/base/json'
import { InputError } from '../../shared/base/problems'
import type { Job } from '../../shared/cure/job'
import { parseExperiment } from '../../shared/experiment'
import { useThreads } from '../../trainer/tensorflow'
import { bad, onlyArgument, parseArguments } from '../args'
import { makeFolder, writeWhole } from '../disk'
import { readBytes } from '../input'
import { jobId } from '../jobs/address'
import { runJob } from '../jobs/job'
import type { JobRecord } from '../jobs/record'
import { checkExperiment, type Console } from '../run'
import { toJson } from '../../shared/base/toJson'
import { QUESTION } from './attached'
import { readQuestion } from './question'
import type { Orders } from './replay'

const FORMAT = 'gradient-clinic/job-order'
const BYTES = 64e6
const schema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(1),
  job: v.strictObject({
    experiment: v.looseObject({}),
    candidate: v.optional(v.string()),
    until: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    untreated: v.optional(v.looseObject({}))
  })
})
/** The list of orders that can be made now, a path from the folder of the search in each line. */
export const LIST = 'jobs/list.txt'

/** A job as it stands in its file. */
export const orderText = (job: Job): string => toJson({ format: FORMAT, version: 1, job })

/** Writes what is to be made now: a file for each job, and their list. Those of before are removed. */
export function writeOrders(dir: string, orders: Orders): void {
  const jobs = join(dir, 'jobs')
  makeFolder(jobs)
  for (const name of readdirSync(jobs)) if (!orders.has(basename(name, '.json'))) rmSync(join(jobs, name))
  for (const [id, job] of orders) writeWhole(jobs, `${id}.json`, orderText(job))
  writeWhole(jobs, basename(LIST), [...orders.keys()].map((id) => `jobs/${id}.json\n`).join(''))
}

/** @throws InputError when it is not an order of this search, or not the one that its name says */
function readOrder(file: string): Job {
  const name = basename(file)
  const text = readBytes(file, name, BYTES).toString('utf8')
  const read = v.safeParse(schema, parseJsonText(text, name, false))
  if (!read.success) throw new InputError(issuesToProblems(read.issues, name))
  const { experiment, untreated, candidate, until } = read.output.job
  return {
    experiment: parseExperiment(experiment),
    ...(untreated && { untreated: parseExperiment(untreated) }),
    ...(candidate !== undefined && { candidate }),
    ...(until !== undefined && { until })
  }
}

/**
 * Makes the job that a file orders, unless it was made: in the folder of its search.
 * @param untreatedBy kind of the machine that made the untreated run of its seed, when that is not in the folder
 * @throws InputError when it is no order of the search, of another version, or its files have changed
 */
export async function makeOrder(
  file: string,
  version: string,
  untreatedBy?: string
): Promise<{ id: string; job: Job; record: JobRecord }> {
  const search = dirname(dirname(resolve(file)))
  if (!existsSync(join(search, QUESTION)))
    throw bad(
      'FILE',
      `${file} is no job of a search: name one of the files in the folder jobs that clinic prescribe --emit wrote`,
      `${file} 不是某次搜索的任务：请指定 clinic prescribe --emit 写出的 jobs 文件夹中的文件`
    )
  const { context } = readQuestion(search, version)
  const job = readOrder(file)
  checkExperiment(job.experiment, context.files)
  if (job.untreated) checkExperiment(job.untreated, context.files)
  const id = jobId(job, context)
  if (`${id}.json` !== basename(file))
    throw bad(
      basename(file),
      `does not hold the job that its name says (${id}): emit the search again`,
      `内容与文件名不符（${id}）：请重新生成搜索`
    )
  useThreads(context.threads)
  makeFolder(context.runs)
  return { id, job, record: await runJob(job, context, untreatedBy) }
}

/** `clinic run-job FILE`. @returns the exit code. @throws InputError */
export async function runOrder(args: readonly string[], version: string, console: Console): Promise<number> {
  const file = onlyArgument(parseArguments(args, [], []).rest, 'FILE', {
    en: 'name one job, jobs/ID.json in the folder of a search',
    zh: '请指定一个任务：搜索文件夹中的 jobs/ID.json'
  })
  const { id, job, record } = await makeOrder(file, version)
  const { seed, state } = record.result.trial
  console.out(`${id}: seed ${seed}, ${job.candidate ?? 'untreated'}: ${state}\n`)
  return 0
}
