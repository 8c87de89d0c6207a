import { InputError, type Problem } from '../../shared/base/problems'
import type { Failure } from '../../shared/run/types'
import { TrainerError } from '../tensorflow'

/** The error of a command to a run that has ended. */
export const ended = (): InputError =>
  new InputError([{ path: 'run', message: { en: 'the run has ended', zh: '运行已结束' } }])

/** How TensorFlow and JavaScript report that an allocation failed. */
const NO_MEMORY = /resource.?exhausted|\bOOM\b|bad_alloc|out of memory|cannot allocate|allocation failed/i

/** @param examples examples in a step, when that is known */
function noMemory(examples: number | undefined): Problem {
  if (examples !== undefined && examples > 1)
    return {
      path: 'training.batchSize',
      message: {
        en: `the machine's memory did not suffice for a step on ${examples.toLocaleString('en')} examples: make batches smaller, or layers fewer or narrower`,
        zh: `本机内存不足以对 ${examples.toLocaleString('en')} 个样本训练一步：请减小批大小，或减少层数、减小层宽`
      }
    }
  return {
    path: 'network.nodes',
    message: {
      en: "the machine's memory did not suffice for a step: make layers fewer or narrower",
      zh: '本机内存不足以训练一步：请减少层数或减小层宽'
    }
  }
}

/**
 * Describes any error in words for a person. The words of a library go into `log` alone, which is for the log file.
 * @param examples examples in a step, when that is known
 */
export function explain(error: unknown, examples?: number): Failure {
  if (error instanceof InputError) {
    const more = error.problems.length > 1 ? ` (+${error.problems.length - 1})` : ''
    const first = error.problems[0]!
    return {
      message: { en: `${first.path}: ${first.message.en}${more}`, zh: `${first.path}：${first.message.zh}${more}` },
      problems: error.problems
    }
  }
  // A trainer error concerns the installation: the experiment has no problems.
  if (error instanceof TrainerError) return { message: error.text }
  const log = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (NO_MEMORY.test(String(error))) return { ...explain(new InputError([noMemory(examples)])), log }
  return {
    message: {
      en: 'Training broke off at an error that was not foreseen. What was recorded is kept; the log says more.',
      zh: '训练因未预料到的错误而中断。已记录的内容仍然保留；详情见日志。'
    },
    log
  }
}

/**
 * Calls `work`, and describes what it throws.
 * @param examples examples in a step, when that is known
 * @throws InputError, TrainerError in words for a person
 */
export function plainly<T>(work: () => T, examples: number | undefined): T {
  try {
    return work()
  } catch (error) {
    const { message, problems, log } = explain(error, examples)
    if (log) console.error(`trainer: ${log}`)
    throw problems ? new InputError(problems) : new TrainerError(message)
  }
}
