import type { RunLog } from '@shared/run/runLog'

/** What an untreated training is called. */
export const UNTREATED = { en: 'Untreated', zh: '未治疗' }
/** Why a search ends whose trainings are killed. */
export const KILLED = {
  en: 'The process of a training ended twice before its training did: the system may have been short of memory. What was trained is kept. Close other programs, then go on with the search.',
  zh: '某次训练的进程两次提前结束，可能是系统内存不足。已完成的训练会保留。请关闭其他程序，然后继续搜索。'
}
/** The training of a process that died is made again, and not counted. */
export const hasCrashed = ({ progress: { failure } }: RunLog): boolean =>
  failure !== undefined && (failure.signal !== undefined || failure.exitCode !== undefined)
