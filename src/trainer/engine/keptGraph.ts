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
  /**
   * Steps that are still measured although nobody records them, for TensorFlow takes as long to prepare the function
   * that measures nothing.
   */
  sparing: { left: number }
  /** Of its variables. */
  bytes: number
}

/** Graphs that are kept at most, and bytes of their variables together: an idle process holds little. */
const MOST = 16
const MOST_BYTES = 8e6

/**
 * The graphs that were used last in this process, the oldest first. Recording and optimising a graph takes longer than
 * hundreds of small steps. Trainings of one network with several seeds, learning rates or initializers differ in what
 * is fed and in the values of their variables alone, and those of a search come in turns.
 */
const kept = new Map<string, KeptGraph>()

/** Frees the oldest until those that are left, and so many bytes more, are as few as they may be. */
function makeRoom(bytes: number, most: number): void {
  let all = [...kept.values()].reduce((sum, g) => sum + g.bytes, bytes)
  for (const [key, graph] of kept) {
    if (kept.size <= most && all <= MOST_BYTES) return
    kept.delete(key)
    all -= graph.bytes
    graph.program.dispose()
  }
}
/**
 * The graph of one of these keys, which is the caller's from then on.
 * @param bytes of the variables that are about to be made: others are freed where there has to be room
 */
export function takeGraph(keys: readonly string[], bytes: number): KeptGraph | undefined {
  const graph = keys.map((key) => kept.get(key)).find(Boolean)
  if (graph) kept.delete(graph.key)
  makeRoom(bytes, MOST)
  return graph
}
/** Keeps a graph for the next training of its kind. */
export function keepGraph(graph: KeptGraph): void {
  kept.get(graph.key)?.program.dispose()
  kept.delete(graph.key)
  makeRoom(graph.bytes, MOST - 1)
  // One is kept whatever its size: another seed of a large network is as likely as of a small one.
  kept.set(graph.key, graph)
}
/** Frees what is kept, as after a failure that may be one of memory. */
export function dropGraphs(): void {
  for (const { program } of kept.values()) program.dispose()
  kept.clear()
}
