import type { Call, Program } from '../graph/program'

/** The functions of a recorded model as calls of one program. */
export type Calls = Record<'predict' | 'generate', Call> &
  Record<'step' | 'generatorStep', Record<'loss' | 'flat', Call>>
/** A graph that was made before: whoever takes it writes all variables first. */
export interface KeptGraph {
  /** All that the graph was made of. */
  key: string
  program: Program
  calls: Calls
}

/**
 * The graph that was used last in this process. Recording and optimising a graph takes longer than hundreds of small
 * steps; trainings of one network with several seeds differ in the values of their variables alone. It is one graph, so
 * that an idle process holds no more than a training would.
 */
let kept: KeptGraph | undefined

/** The graph of one of these keys, which is the caller's from then on. Any other is freed: there has to be room. */
export function takeGraph(keys: readonly string[]): KeptGraph | undefined {
  const graph = kept
  kept = undefined
  if (graph && keys.includes(graph.key)) return graph
  graph?.program.dispose()
  return undefined
}
/** Keeps a graph for the next training of its kind. */
export function keepGraph(graph: KeptGraph): void {
  kept?.program.dispose()
  kept = graph
}
/** Frees what is kept, as after a failure that may be one of memory. */
export function dropGraph(): void {
  kept?.program.dispose()
  kept = undefined
}
