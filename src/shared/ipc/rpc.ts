import * as v from 'valibot'
import { issuesToProblems } from '../base/issues'
import { InputError, type Problem } from '../base/problems'
import { uncloneable } from './cloneable'
import type { Client, Contract, Handlers } from './contract'
import { ClosedError, errorFromData, errorToData, isText, type ErrorData } from './errors'

/** One end of a channel between two processes. Messages are structured clones. */
export interface Port {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The listener is called at most once: when the other side is gone, or this side was closed. */
  onClose(listener: () => void): void
}
/** `from` names the client, so that a reloaded page never takes the answer to a call of the page before. */
type Message =
  | { type: 'call'; from: string; id: number; name: string; args: unknown[] }
  | { type: 'result'; from: string; id: number; value: unknown }
  | { type: 'error'; from: string; id: number; error: ErrorData }
  | { type: 'event'; name: string; payload: unknown }

const from = v.pipe(v.string(), v.maxLength(64))
const id = v.pipe(v.number(), v.integer())
const callMessage = v.object({ type: v.literal('call'), from, id, name: v.string(), args: v.array(v.unknown()) })
const errorData = v.object({
  message: v.custom<ErrorData['message']>(isText),
  problems: v.array(v.any() as v.GenericSchema<Problem>)
})
const replyMessage = v.variant('type', [
  v.object({ type: v.literal('result'), from, id, value: v.optional(v.unknown()) }),
  v.object({ type: v.literal('error'), from, id, error: errorData }),
  v.object({ type: v.literal('event'), name: v.string(), payload: v.optional(v.unknown()) })
])
const has = (o: object, key: string): boolean => Object.prototype.hasOwnProperty.call(o, key)

/** @throws InputError naming the call or event and the place in its payload. */
function parse(schema: v.GenericSchema<unknown>, value: unknown, path: string): unknown {
  const result = v.safeParse(schema, value)
  if (!result.success) throw new InputError(issuesToProblems(result.issues, path))
  return result.output
}
/** A message of the right shape can still hold what no program has made. */
const senseless = (path: string): InputError =>
  new InputError([
    {
      path,
      message: { en: 'what was sent cannot be worked with; the log says why', zh: '无法处理所发送的内容；原因见日志' }
    }
  ])
const closed = (name: string): ClosedError =>
  new ClosedError({
    en: `${name}: the other process has ended before it answered`,
    zh: `${name}：另一进程在应答之前已结束`
  })

/** A listener to an event, and what hears of payloads that do not match the schema. */
interface Listener {
  hear(payload: unknown): void
  refused?: (why: Error) => void
}

/** The calling side of a channel. */
export interface RpcClient<C extends Contract> {
  /** One method per call of the contract, and `on` for its events. */
  api: Client<C>
  /** Refuses all further calls and rejects the pending ones. */
  close(): void
}
/** Options of the calling side. */
export interface ClientOptions {
  /** Distinguishes this client from earlier ones on the same channel. */
  name?: string
  /** Hears why a message was refused; for the log. */
  onMalformed?: (why: string) => void
}

/** The calling side of a contract. Calls reject with InputError, TextError, or ClosedError. */
export function connect<C extends Contract>(contract: C, port: Port, options: ClientOptions = {}): RpcClient<C> {
  const me = options.name ?? 'client'
  const pending = new Map<number, { name: string; resolve: (v: unknown) => void; reject: (e: Error) => void }>()
  const listeners = new Map<string, Set<Listener>>()
  let next = 1
  let open = true
  const close = (): void => {
    open = false
    for (const call of pending.values()) call.reject(closed(call.name))
    pending.clear()
  }
  const tell = (name: string, raw: unknown): void => {
    const all = [...(listeners.get(name) ?? [])]
    let payload: unknown
    try {
      payload = parse(contract.events[name]!, raw, name)
    } catch (error) {
      options.onMalformed?.((error as Error).message)
      for (const listener of all) listener.refused?.(error as Error)
      return
    }
    try {
      for (const listener of all) listener.hear(payload)
    } catch (error) {
      options.onMalformed?.((error as Error).message)
    }
  }
  port.onClose(close)
  port.onMessage((raw) => {
    const parsed = v.safeParse(replyMessage, raw)
    if (!parsed.success) return options.onMalformed?.(parsed.issues[0].message)
    const message = parsed.output as Exclude<Message, { type: 'call' }>
    if (message.type === 'event') {
      if (!has(contract.events, message.name)) return options.onMalformed?.(`there is no event "${message.name}"`)
      return tell(message.name, message.payload)
    }
    const call = message.from === me ? pending.get(message.id) : undefined
    if (!call) return
    pending.delete(message.id)
    if (message.type === 'error') return call.reject(errorFromData(message.error))
    try {
      call.resolve(parse(contract.calls[call.name]!.result, message.value, `${call.name}.result`))
    } catch (error) {
      call.reject(error as Error)
    }
  })
  const api: Record<string, unknown> = {
    on(event: string, hear: Listener['hear'], refused?: Listener['refused']): () => void {
      if (!has(contract.events, event)) throw new Error(`there is no event "${event}"`)
      let set = listeners.get(event)
      if (!set) listeners.set(event, (set = new Set()))
      const listener: Listener = { hear, ...(refused && { refused }) }
      set.add(listener)
      return () => void set.delete(listener)
    }
  }
  for (const name of Object.keys(contract.calls)) {
    api[name] = (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        if (!open) return reject(closed(name))
        const bad = uncloneable(args, name)
        if (bad)
          return reject(
            new InputError([{ path: name, message: { en: `cannot be sent: ${bad}`, zh: `无法发送：${bad}` } }])
          )
        const call: Message = { type: 'call', from: me, id: next++, name, args }
        pending.set(call.id, { name, resolve, reject })
        try {
          port.post(call)
        } catch (error) {
          pending.delete(call.id)
          reject(error as Error)
        }
      })
  }
  return { api: api as Client<C>, close }
}

/** The calling side's methods alone. */
export const createClient = <C extends Contract>(contract: C, port: Port, options?: ClientOptions): Client<C> =>
  connect(contract, port, options).api

/** The answering side of a channel. */
export interface Server<C extends Contract> {
  /** Sends an event. @returns false when the channel is closed. @throws InputError for what can't be cloned. */
  emit<E extends keyof C['events'] & string>(event: E, payload: v.InferOutput<C['events'][E]>): boolean
  /** Stops answering and sending. */
  close(): void
}

/**
 * The answering side: checks every message and every argument before a handler sees it. Only what the contract names
 * can be called.
 */
export function serve<C extends Contract>(
  contract: C,
  port: Port,
  handlers: Handlers<C>,
  options: Pick<ClientOptions, 'onMalformed'> = {}
): Server<C> {
  let open = true
  port.onClose(() => (open = false))
  const post = (message: Message): void => {
    if (open) port.post(message)
  }
  const answer = async (call: v.InferOutput<typeof callMessage>): Promise<void> => {
    const head = { from: call.from, id: call.id }
    try {
      if (!has(contract.calls, call.name))
        throw new InputError([
          { path: call.name.slice(0, 100), message: { en: 'there is no such call', zh: '没有这个调用' } }
        ])
      const args = parse(contract.calls[call.name]!.args, call.args, call.name) as unknown[]
      const value: unknown = await (handlers as Record<string, (...a: unknown[]) => unknown>)[call.name]!(...args)
      const bad = uncloneable(value, `${call.name}.result`)
      if (bad) throw new Error(`cannot be sent: ${bad}`)
      post({ type: 'result', ...head, value })
    } catch (error) {
      if (error instanceof TypeError) options.onMalformed?.(`${call.name}: ${error.stack ?? error.message}`)
      post({ type: 'error', ...head, error: errorToData(error instanceof TypeError ? senseless(call.name) : error) })
    }
  }
  port.onMessage((raw) => {
    const parsed = v.safeParse(callMessage, raw)
    if (!parsed.success) return options.onMalformed?.(parsed.issues[0].message)
    void answer(parsed.output).catch((error: unknown) => options.onMalformed?.(String(error)))
  })
  return {
    emit(name, payload) {
      if (!open) return false
      if (!has(contract.events, name)) throw new Error(`there is no event "${name}"`)
      const bad = uncloneable(payload, name)
      if (bad) throw new InputError([{ path: name, message: { en: `cannot be sent: ${bad}`, zh: `无法发送：${bad}` } }])
      post({ type: 'event', name, payload })
      return true
    },
    close() {
      open = false
    }
  }
}
