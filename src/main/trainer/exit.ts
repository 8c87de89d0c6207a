import { constants } from 'node:os'
import type { Failure } from '@shared/run/types'
import type { Text } from '@shared/base/text'

const SIGNALS = Object.entries(constants.signals)
const KILLED: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']

/** The signal an exit code of a child stands for. Code 1 is an uncaught error, though SIGHUP has the same number. */
function signalOf(code: number): string | undefined {
  const bare = code > 128 ? code - 128 : code
  return bare > 1 ? SIGNALS.find(([, n]) => n === bare)?.[0] : undefined
}

/**
 * What to tell of a trainer that ended without having said "done".
 * @param code as the `exit` event has it; 0 now and then for a child that was killed. @param reason as
 *   `child-process-gone` has it, if it came.
 */
export function describeExit(code: number, log: string, reason?: string): Failure {
  const signal = signalOf(code)
  const how = signal ?? (reason === 'killed' ? 'killed' : `exit code ${code}`)
  let message: Text
  if ((signal && KILLED.includes(signal)) || reason === 'killed' || reason === 'oom')
    message = {
      en: `The training process was ended from outside (${how}): the machine may have run out of memory, or somebody ended it. What was recorded is kept.`,
      zh: `训练进程被外部终止（${how}）：可能是内存不足，或被人为结束。已记录的内容仍然保留。`
    }
  else if (signal || reason === 'crashed')
    message = {
      en: `The training process crashed in native code (${how}). What was recorded is kept.`,
      zh: `训练进程在原生代码中崩溃（${how}）。已记录的内容仍然保留。`
    }
  else
    message = {
      en: `The training process ended before it was done (${how}). What was recorded is kept.`,
      zh: `训练进程在完成之前退出（${how}）。已记录的内容仍然保留。`
    }
  return { message, exitCode: code, ...(signal && { signal }), ...(log && { log }) }
}
