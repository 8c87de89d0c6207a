import type { Json } from '../../../base/objects'
import type { Params, Spec } from '../../../base/params'
import type { Text } from '../../../base/text'
import { text, type Counterpart, type Mapped } from '../../foreign'
import { number } from '../../settings'
import { classOf, isSet, plain } from './common'
import { activationOf, initializerOf, nearestTo } from './functions'

/** Collects what differs while a layer's settings are read. */
export class Reading {
  readonly differs: Text[] = []
  constructor(readonly config: Json) {}
  note(en: string, zh: string): void {
    this.differs.push(text(en, zh))
  }
  has(key: string): boolean {
    return isSet(this.config[key])
  }
  /** An activation; another name than is known is noted. @param key of the setting */
  activation(key = 'activation'): Spec {
    const found = activationOf(this.config[key])
    if (found) return found
    const { name } = classOf(this.config[key])
    const id = nearestTo(name)
    this.note(
      `its activation “${name}” has no counterpart: ${id} takes its place`,
      `激活函数 “${name}” 没有对应项：以 ${id} 代替`
    )
    return { id }
  }
  initializer(key: string): Params {
    if (!this.has(key)) return {}
    const found = initializerOf(this.config[key])
    if (found) return { initializer: found }
    const { name } = classOf(this.config[key])
    this.note(
      `its initializer “${name}” has no counterpart: Glorot uniform takes its place`,
      `初始化 “${name}” 没有对应项：以 Glorot 均匀代替`
    )
    return {}
  }
  /** λ of an L2 penalty on the kernel. Other penalties and limits are noted. */
  penalty(): Params {
    for (const key of Object.keys(this.config))
      if (/_(regularizer|constraint)$/.test(key) && key !== 'kernel_regularizer' && this.has(key))
        this.note(`its ${key.replace('_', ' ')} is left out`, `其 ${key} 被略去`)
    if (!this.has('kernel_regularizer')) return {}
    const { name, config } = classOf(this.config.kernel_regularizer)
    if (isSet(config.l1) && number(config.l1, 0) > 0)
      this.note(
        'the L1 part of its penalty is left out: the remedy L1 adds one for the whole network',
        '其 L1 惩罚被略去：可用对策 L1 对整个网络添加'
      )
    const l2 = number(config.l2, plain(name) === 'l2' ? 0.01 : 0)
    return l2 > 0 ? { l2 } : {}
  }
  /** Kernel initializer, bias and penalty of a layer with a kernel. */
  kernel(): Params {
    const bias = this.config.use_bias !== false
    const start = bias && this.has('bias_initializer') ? initializerOf(this.config.bias_initializer) : { id: 'zeros' }
    const constant = start?.id === 'constant' ? number(start.value, 0) : start?.id === 'ones' ? 1 : 0
    if (start && !['zeros', 'ones', 'constant'].includes(start.id))
      this.note('its biases start at 0', '其偏置从 0 开始')
    return {
      ...this.initializer('kernel_initializer'),
      ...this.penalty(),
      ...(!bias && { bias: false }),
      ...(constant && { biasStart: constant })
    }
  }
  done(...parts: Counterpart[]): Mapped {
    return { parts, ...(this.differs.length && { differs: this.differs }) }
  }
}
