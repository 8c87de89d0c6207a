import { fork, type ChildProcess } from 'node:child_process'

/** Whether this process was started by `pool`. */
export const isHand = Boolean(process.env['BENCH_HAND'])
/** Answers what the parent asks until it disconnects. */
export function serveHand<Ask, Answer>(work: (ask: Ask) => Promise<Answer>): void {
  process.on('message', (ask: Ask) => void work(ask).then((answer) => process.send!(answer)))
}

/** Two processes of one thread each: on two cores they are quicker than one of two, and bits stay the same. */
const HANDS = 2
/**
 * Asks in as many processes as there are hands, each one at a time. @param hear each answer as it comes.
 * @param script of the bench: its own, which serves where it is a hand
 * @param minutes after which nothing more is asked
 */
export async function pool<Ask extends object, Answer>(
  script: string,
  asks: readonly Ask[],
  hear: (answer: Answer, left: number) => void,
  minutes = Infinity
): Promise<Answer[]> {
  const end = performance.now() + 60_000 * minutes
  const waiting = [...asks]
  const answers: Answer[] = []
  const hands = Array.from({ length: Math.min(HANDS, asks.length) }, () =>
    fork(script, {
      // NaN, which a skill may be, is no JSON.
      serialization: 'advanced',
      env: { ...process.env, BENCH_HAND: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' }
    })
  )
  await Promise.all(
    hands.map(
      (hand: ChildProcess) =>
        new Promise<void>((resolve, reject) => {
          const next = (): void => {
            const ask = performance.now() < end ? waiting.shift() : undefined
            if (ask) hand.send(ask)
            else {
              resolve()
              hand.kill()
            }
          }
          hand.on('message', (answer: Answer) => {
            answers.push(answer)
            hear(answer, asks.length - answers.length)
            next()
          })
          hand.on('exit', (code) => (code ? reject(new Error(`a process of the bench ended with ${code}`)) : resolve()))
          next()
        })
    )
  )
  return answers
}
