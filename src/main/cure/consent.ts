import { QUEUE_FORM, readQueueUrl } from '@shared/cure/queue'
import type { Text } from '@shared/base/text'
import { TextError } from '@shared/ipc/errors'
import { agrees, type Asking } from '../files/place'

const question = (place: string): { message: Text; detail: Text; action: Text } => ({
  message: {
    en: `Have the trainings of this search made at ${place}?`,
    zh: `让 ${place} 执行此次搜索的训练？`
  },
  detail: {
    en: 'The experiment and its data are sent there. Whoever may use that queue can read them.',
    zh: '实验及其数据将发送到那里。可使用该队列的人都能读取。'
  },
  action: { en: 'Send', zh: '发送' }
})
const REFUSED = {
  en: 'Nothing was sent to the queue. Empty the box “Queue” to train on this machine.',
  zh: '没有向队列发送任何内容。清空“队列”一栏即在本机训练。'
}

/** Asks before anything leaves this machine: a page that was taken over can't answer for the person. */
export class QueueConsent {
  /** Places that the person agreed to in this session. */
  private readonly places = new Set<string>()

  constructor(private readonly asking: Asking) {}
  /** @throws TextError when the URL is none of a queue, or the person does not want it */
  async ask(url: string): Promise<void> {
    const place = readQueueUrl(url)?.place
    if (place === undefined) throw new TextError(QUEUE_FORM)
    if (this.places.has(place)) return
    if (!(await agrees(this.asking, question(place)))) throw new TextError(REFUSED)
    this.places.add(place)
  }
}
