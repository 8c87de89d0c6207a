import type { Attachments } from '../../shared/catalog/datasets'
import { onlyArgument, parseArguments } from '../args'
import { makeFolder } from '../disk'
import { tidy } from '../jobs/record'
import { writePrescription } from '../prescribe/written'
import type { Console } from '../run'
import { writeOrders } from './order'
import { readQuestion, writeQuestion, type Question } from './question'
import { replay } from './replay'
import { MORE, START, writeScripts } from './scripts'

/** Gathers what was made of a search: its prescription, or the jobs to be made next. @returns the exit code */
async function gather(dir: string, version: string, console: Console): Promise<number> {
  const { question, context } = readQuestion(dir, version)
  makeFolder(context.runs)
  tidy(context.runs)
  const found = await replay(question, context)
  if ('prescription' in found) {
    writeOrders(dir, new Map())
    writePrescription(dir, question.experiment, found.prescription, { ...question, version }, console)
    return 0
  }
  const { size } = found.orders
  writeOrders(dir, found.orders)
  const kind = question.emit ?? 'parallel'
  writeScripts(dir, kind, size, version)
  console.err(`${size} ${size === 1 ? 'training' : 'trainings'} to be made: ${START[kind]} (in ${dir})\n`)
  return MORE
}

/** `clinic prescribe … --emit KIND`: writes what has a search made by another program. @returns the exit code */
export async function emit(
  dir: string,
  question: Question,
  files: Attachments,
  version: string,
  console: Console
): Promise<number> {
  writeQuestion(dir, question, files, version)
  const code = await gather(dir, version, console)
  return code === MORE ? 0 : code
}

/**
 * `clinic merge DIR`. @returns the exit code: 0 with a prescription, 3 while there are jobs to be made. @throws
 * InputError
 */
export function merge(args: readonly string[], version: string, console: Console): Promise<number> {
  const dir = onlyArgument(parseArguments(args, [], []).rest, 'DIR', {
    en: 'name one folder of a search that prescribe --emit wrote',
    zh: '请指定一个由 prescribe --emit 写出的搜索文件夹'
  })
  return gather(dir, version, console)
}
