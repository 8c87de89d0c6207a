import type * as v from 'valibot'

/** One call of a boundary: schemas of its arguments (a tuple) and of its result. */
export interface CallSpec {
  args: v.GenericSchema<unknown>
  result: v.GenericSchema<unknown>
}
/** One declared contract per boundary; client, server, validation and types all derive from it. */
export interface Contract {
  calls: Record<string, CallSpec>
  /** Things the serving side says by itself: name → schema of the payload. */
  events: Record<string, v.GenericSchema<unknown>>
}
type Args<S> =
  S extends v.GenericSchema<unknown>
    ? v.InferOutput<S> extends readonly unknown[]
      ? [...v.InferOutput<S>]
      : never
    : never
/** The calling side of a contract: one method for each call, and `on` for its events. */
export type Client<C extends Contract> = {
  [K in keyof C['calls']]: (...args: Args<C['calls'][K]['args']>) => Promise<v.InferOutput<C['calls'][K]['result']>>
} & {
  /**
   * Listens to an event.
   * @param refused hears why a payload does not match its schema; such a payload never reaches the listener
   * @returns stops listening
   */
  on<E extends keyof C['events']>(
    event: E,
    listener: (payload: v.InferOutput<C['events'][E]>) => void,
    refused?: (why: Error) => void
  ): () => void
}
/** What the answering side of a contract has to implement. */
export type Handlers<C extends Contract> = {
  [K in keyof C['calls']]: (
    ...args: Args<C['calls'][K]['args']>
  ) => Promise<v.InferOutput<C['calls'][K]['result']>> | v.InferOutput<C['calls'][K]['result']>
}
