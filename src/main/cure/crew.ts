import { readQueueUrl } from '@shared/cure/queue'
import type { SearchState } from '@shared/cure/state'
import type { Text } from '@shared/base/text'
import type { QueueListeners } from './queue'

const NO_WORKER = {
  en: 'No worker waits at this queue yet: start one on each machine with clinic worker --queue.',
  zh: '此队列尚无等待的工作进程：请在每台机器上用 clinic worker --queue 启动。'
}
const gone = (left: number): Text => ({
  en: `A worker is gone. What it was training goes to another; ${left === 1 ? 'one is' : `${left} are`} left.`,
  zh: `有工作进程离开，其训练交给其他进程；还剩 ${left} 个。`
})

/** Keeps what the state of a search says of the workers of its queue. */
export class Crew implements QueueListeners {
  /** @param url of the queue @param changed is told that there is something new to say */
  constructor(
    private readonly state: SearchState,
    url: string,
    private readonly changed: () => void
  ) {
    state.queue = { place: readQueueUrl(url)?.place ?? '' }
  }
  away(problem: Text): void {
    const { queue } = this.state
    if (!queue) return
    this.state.queue = { place: queue.place }
    this.say(problem)
  }
  workers(count: number): void {
    const { queue } = this.state
    if (!queue) return
    this.state.queue = { ...queue, workers: count }
    this.say(!count ? NO_WORKER : count < (queue.workers ?? 0) ? gone(count) : undefined)
  }
  /** A worker has begun a training, or was lost with it. */
  active(run: string, isActive: boolean): void {
    this.state.ongoing = this.state.ongoing.map((o) => {
      const { waits: _, ...rest } = o
      return o.run !== run ? o : isActive ? rest : { ...rest, waits: true }
    })
    this.changed()
  }
  /** The search has ended. */
  leave(): void {
    delete this.state.queue
    delete this.state.notice
  }
  private say(text: Text | undefined): void {
    if (text) this.state.notice = text
    else delete this.state.notice
    this.changed()
  }
}
