import type { Text } from '../base/text'

/** What an event says beside its text, by names: as the file has it, which anybody may have written. */
type Said = Readonly<Record<string, unknown>>
/** Names of optimizers that one event lists, and letters of each. */
const MOST_NAMES = 20
const LONGEST = 100
const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value.slice(0, LONGEST) : undefined
const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.slice(0, MOST_NAMES).flatMap((v) => nameIn(v) ?? []) : []

/** A table whose keys are those that it lists, and none that every object has. */
const mapOf = <T>(entries: Record<string, T>): ReadonlyMap<string, T> => new Map(Object.entries(entries))

/** Ways in which another optimizer comes to train the model, by what the recorder calls them. */
const OPTIMIZERS: ReadonlyMap<unknown, (name: string, said: Said) => Text | undefined> = mapOf({
  replaces: (name, said) => {
    const names = namesIn(said['names'])
    if (!names.length) return undefined
    return {
      en: `from here on, ${name} trains what ${names.join(' and ')} trained before`,
      zh: `从此处起，由 ${name} 训练此前由 ${names.join('、')} 训练的参数`
    }
  },
  joins: (name) => ({
    en: `from here on, ${name} steps beside it, and belongs to each step`,
    zh: `从此处起，${name} 一同更新，并计入每一步`
  }),
  leads: (name, { place }) => {
    if (!Number.isSafeInteger(place)) return undefined
    return {
      en: `from here on, loss and learning rate are those of ${name}, number ${String(place)} of the optimizers`,
      zh: `从此处起，损失与学习率取自第 ${String(place)} 个优化器 ${name}`
    }
  },
  stage: (name, { count }) => {
    if (!Number.isSafeInteger(count)) return undefined
    return {
      en: `from here on, ${name} trains other parameters; its first ${String(count)} steps, while nothing else stepped, are not recorded`,
      zh: `从此处起，${name} 训练其他参数；其最初 ${String(count)} 步（期间没有其他优化器更新）未被记录`
    }
  }
})
const EVENTS: ReadonlyMap<string, (text: string, said: Said) => Text> = mapOf({
  off: (text) => ({ en: `the recorder stepped aside: ${text}`, zh: `记录器已退出：${text}` }),
  optimizer: (text, said) => {
    const name = nameIn(said['name'])
    // A recording of an earlier recorder has the text alone.
    const told = name === undefined ? undefined : OPTIMIZERS.get(said['how'])?.(name, said)
    return told ?? { en: `from here on, ${text}`, zh: `从此处起优化器有变化：${text}` }
  },
  elsewhere: (text, { name }) => {
    const by = nameIn(name)
    if (by === undefined) return { en: text, zh: `被观察的模型不再训练：${text}` }
    return {
      en: `from here on, the watched model is not trained, while ${by} trains another one: a copy is another model, and is not recorded; watch the one that is trained`,
      zh: `从此处起，被观察的模型不再训练，而 ${by} 在训练另一个模型：副本是另一个模型，不会被记录；请观察正在训练的那个`
    }
  },
  skipped: () => ({
    en: 'the gradient scaler skipped this step: a gradient is NaN or infinite',
    zh: '梯度缩放器跳过了这一步：梯度为 NaN 或无穷大'
  }),
  unseen: () => ({
    en: 'the modules’ outputs were not seen, as under torch.func: weights, their gradients and updates alone',
    zh: '没有看到各模块的输出（例如使用 torch.func 时）：仅有权重、其梯度与更新'
  }),
  compiled: () => ({
    en: 'compiled code: weights, their gradients and updates alone',
    zh: '已编译的代码：仅有权重、其梯度与更新'
  })
})
/**
 * What is said of an event that a recorder tells.
 * @param kind as the recorder calls it; a later recorder may know others
 * @param text the recorder's own words, in English
 * @param said what else the event has, of which it is put in words of either language
 */
export const eventText = (kind: string, text: string, said: Said): Text =>
  EVENTS.get(kind)?.(text, said) ?? { en: text, zh: text }
