import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { uncloneable } from '@shared/ipc/cloneable'
import type { Contract } from '@shared/ipc/contract'
import { TextError } from '@shared/ipc/errors'
import { connect, createClient, serve } from '@shared/ipc/rpc'
import { InputError } from '@shared/base/problems'
import { portPair } from './ports'

const schema = <T>(s: unknown): v.GenericSchema<T> => s as v.GenericSchema<T>
const contract = {
  calls: {
    add: {
      args: schema<[number, number]>(v.strictTuple([v.number(), v.number()])),
      result: schema<number>(v.number())
    },
    take: { args: schema<[unknown]>(v.strictTuple([v.unknown()])), result: schema<unknown>(v.any()) },
    wait: { args: schema<[]>(v.strictTuple([])), result: schema<void>(v.any()) }
  },
  events: { tick: schema<{ n: number }>(v.object({ n: v.number() })) }
} satisfies Contract

function joined(handlers: Partial<Parameters<typeof serve<typeof contract>>[2]> = {}) {
  const ports = portPair()
  const malformed = vi.fn()
  const server = serve(
    contract,
    ports.b,
    { add: (a, b) => a + b, take: (x) => x, wait: () => new Promise(() => {}), ...handlers },
    { onMalformed: malformed }
  )
  const { api, close } = connect(contract, ports.a, { name: 'me', onMalformed: malformed })
  return { ...ports, api, server, malformed, closeClient: close }
}
const caught = async (p: Promise<unknown>): Promise<Error> =>
  p.then(
    () => Promise.reject(new Error('did not reject')),
    (e: Error) => e
  )

describe('calls', () => {
  it('reach the handler and come back', async () => {
    const { api } = joined()
    expect(await Promise.all([api.add(1, 2), api.add(3, 4)])).toEqual([3, 7])
  })
  it('carry typed arrays and NaN bit for bit', async () => {
    const { api } = joined()
    const sent = { values: new Float32Array([NaN, Infinity, -0, 1e-38]), n: NaN, text: undefined }
    expect(await api.take(sent)).toEqual(sent)
  })
  it('are refused by the serving side when an argument is wrong, naming the place', async () => {
    const add = vi.fn(() => 0)
    const { api } = joined({ add })
    const error = await caught(api.add('1' as never, 2))
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).problems[0]!.path).toBe('add.0')
    expect((error as InputError).problems[0]!.message).toEqual({
      en: 'must be a number, not "1"',
      zh: '应为数，实际为 "1"'
    })
    expect(await caught((api.add as (...a: unknown[]) => Promise<number>)(1, 2, 3))).toBeInstanceOf(InputError)
    expect(add).not.toHaveBeenCalled()
  })
  it('carry problems and both languages of an error', async () => {
    const problem = { path: 'network.nodes.a', message: { en: 'wrong', zh: '错误' }, node: 'a' }
    const { api } = joined({
      take: () => {
        throw new InputError([problem])
      },
      wait: () => {
        throw new TextError({ en: 'full disk', zh: '磁盘已满' })
      },
      add: () => {
        throw new Error('plain')
      }
    })
    expect(((await caught(api.take(1))) as InputError).problems).toEqual([problem])
    expect(((await caught(api.wait())) as TextError).text).toEqual({ en: 'full disk', zh: '磁盘已满' })
    expect((await caught(api.add(1, 2))).message).toBe('plain')
  })
  it('check the answer too', async () => {
    const { api } = joined({ add: () => 'three' as never })
    expect((await caught(api.add(1, 2))).message).toContain('add.result')
  })
  it.each([
    ['function', { a: [() => 0] }, 'take[0].a[0]'],
    ['symbol', { s: Symbol('x') }, 'take[0].s'],
    ['SharedArrayBuffer', { f: new Float32Array(new SharedArrayBuffer(8)) }, 'SharedArrayBuffer'],
    ['class instance', { e: new (class Thing {})() }, 'Thing']
  ])('never post a %s', async (_name, payload, where) => {
    const { api, posted } = joined()
    const error = await caught(api.take(payload))
    expect(error).toBeInstanceOf(InputError)
    expect(error.message).toContain(where)
    expect(posted).toEqual([])
    expect(await api.add(1, 1)).toBe(2)
  })
  it('never post an answer that cannot be cloned', async () => {
    const { api } = joined({ take: () => () => 0 })
    expect((await caught(api.take(1))).message).toContain('take.result')
    expect(await api.add(1, 1)).toBe(2)
  })
})

describe('close', () => {
  it('rejects pending and later calls', async () => {
    const { api, close, posted } = joined()
    const pending = caught(api.wait())
    close()
    expect((await pending).message).toMatch(/wait: the other process has ended/)
    const before = posted.length
    expect((await caught(api.add(1, 2))).message).toMatch(/has ended/)
    expect(posted.length).toBe(before)
  })
  it('keeps a late answer from being posted', async () => {
    let finish!: () => void
    const { api, posted, close } = joined({ wait: () => new Promise<void>((r) => (finish = r)) })
    void caught(api.wait())
    await vi.waitFor(() => expect(finish).toBeDefined())
    close()
    finish()
    await new Promise((r) => setImmediate(r))
    expect(posted.length).toBe(1)
  })
  it('stops events', () => {
    const { server, posted, close } = joined()
    close()
    expect(server.emit('tick', { n: 1 })).toBe(false)
    expect(posted).toEqual([])
  })
})

describe('an event whose payload is wrong', () => {
  it('reaches no listener; those that asked hear why', async () => {
    const { api, b, malformed } = joined()
    const [hear, refused] = [vi.fn(), vi.fn()]
    api.on('tick', hear)
    api.on('tick', hear, refused)
    b.post({ type: 'event', name: 'tick', payload: { n: 'one' } })
    await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(1))
    expect(refused.mock.calls[0]![0]).toBeInstanceOf(InputError)
    expect(malformed).toHaveBeenCalledTimes(1)
    expect(hear).not.toHaveBeenCalled()
  })
})

describe('malformed messages', () => {
  const bad = [
    null,
    7,
    'x',
    [],
    {},
    { type: 'call' },
    { type: 'call', from: 'x', id: 1.5, name: 'add', args: [] },
    { type: 'call', from: 'x', id: 1, name: 'add', args: {} },
    { type: 'nonsense', id: 1 }
  ]
  it('are reported, answered by nothing, and harm nothing', async () => {
    const { a, b, api, posted, malformed } = joined()
    for (const m of bad) a.post(m)
    for (const m of bad) b.post(m)
    const before = posted.length
    expect(await api.add(1, 2)).toBe(3)
    expect(posted.length).toBe(before + 2)
    expect(malformed).toHaveBeenCalledTimes(bad.length * 2)
  })
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'on', 'quit'])(
    'the call "%s" does not exist',
    async (name) => {
      const { a, posted } = joined()
      a.post({ type: 'call', from: 'me', id: 99, name, args: [] })
      await vi.waitFor(() => expect(posted.length).toBe(2))
      expect(posted[1]).toMatchObject({
        type: 'error',
        id: 99,
        error: { problems: [{ message: { en: 'there is no such call' } }] }
      })
    }
  )
  it('an answer to another client, or to no call, is ignored', async () => {
    const { b, api } = joined()
    const sum = api.add(2, 2)
    b.post({ type: 'result', from: 'earlier page', id: 1, value: 5 })
    b.post({ type: 'result', from: 'me', id: 77, value: 5 })
    expect(await sum).toBe(4)
  })
})

describe('events', () => {
  it('reach listeners until they are removed', async () => {
    const { api, server } = joined()
    const seen: number[] = []
    const off = api.on('tick', ({ n }) => seen.push(n))
    server.emit('tick', { n: 1 })
    await api.add(0, 0)
    off()
    server.emit('tick', { n: 2 })
    await api.add(0, 0)
    expect(seen).toEqual([1])
  })
  it('with a wrong or uncloneable payload go nowhere', async () => {
    const { api, server, malformed, posted } = joined()
    const seen = vi.fn()
    api.on('tick', seen)
    server.emit('tick', { n: 'one' } as never)
    await api.add(0, 0)
    expect(seen).not.toHaveBeenCalled()
    expect(malformed).toHaveBeenCalledOnce()
    const before = posted.length
    expect(() => server.emit('tick', { n: 1, f: () => 0 } as never)).toThrow(InputError)
    expect(posted.length).toBe(before)
  })
  it('that do not exist are refused', () => {
    const { api, server } = joined()
    expect(() => api.on('nothing' as never, () => {})).toThrow(/no event/)
    expect(() => server.emit('nothing' as never, undefined as never)).toThrow(/no event/)
  })
})

describe('the client object', () => {
  it('has one method per call and no generic one', () => {
    const { a } = portPair()
    expect(Object.keys(createClient(contract, a)).sort()).toEqual(['add', 'on', 'take', 'wait'])
  })
})

describe('uncloneable', () => {
  it('finds cycles and bottomless nesting, and allows shared parts', () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    expect(uncloneable(loop)).toMatch(/contains itself/)
    let deep: unknown = 0
    for (let i = 0; i < 300; i++) deep = [deep]
    expect(uncloneable(deep)).toMatch(/deep/)
    const part = { x: 1 }
    expect(uncloneable({ a: part, b: [part] })).toBeUndefined()
    expect(uncloneable(Object.create(null))).toBeUndefined()
  })
})
