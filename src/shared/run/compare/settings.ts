import { diffExperiments } from '../../experiment/diff'
import { isBlock, type Experiment, type NetworkNode } from '../../experiment/types'

/** One setting that isn't the same in all runs. */
export interface SettingRow {
  /** Dotted path (`training.optimizer`, `param.activation`, `layers.batchNorm`, `times`, `connections`). */
  key: string
  group: 'remedies' | 'data' | 'network' | 'training' | 'record' | 'seed'
  /** Paths of the nodes it is about, when it is about layers. */
  nodes: string[]
  /** Kind of these nodes. */
  kind?: string
  /** One per run, in order; undefined where a run has no such setting. */
  values: unknown[]
}

/** Every setting as it stands at a path; nodes are found by their id. */
function at(e: Experiment, path: string[]): unknown {
  let now: unknown = e
  for (const key of path) {
    if (Array.isArray(now)) now = (now as unknown[]).find((n) => (n as { id?: unknown } | null)?.id === key)
    else if (typeof now === 'object' && now !== null) now = (now as Record<string, unknown>)[key]
    else return undefined
  }
  return now
}
function countKinds(nodes: readonly NetworkNode[], times = 1, out = new Map<string, number>()): Map<string, number> {
  for (const n of nodes) {
    if (isBlock(n)) countKinds(n.body, times * n.times, out)
    else out.set(n.kind, (out.get(n.kind) ?? 0) + times)
  }
  return out
}
const same = (values: readonly unknown[]): boolean => new Set(values.map((v) => JSON.stringify(v) ?? '')).size < 2
/** `network.nodes.hidden.body.dense.params.units` → `hidden/dense`, `params`, `units`. */
function split(path: string[]): { node: string[]; rest: string[] } {
  const node = [path[2]!]
  let i = 3
  while (path[i] === 'body' && path[i + 1] !== undefined) {
    node.push(path[i + 1]!)
    i += 2
  }
  return { node, rest: path.slice(i) }
}

/**
 * What differs between runs' settings. One row says one thing, however many layers it holds for.
 * @param chosen the experiments as they were started. @param effective the same with their remedies applied.
 */
export function settingRows(chosen: readonly Experiment[], effective: readonly Experiment[]): SettingRow[] {
  const rows: SettingRow[] = []
  const [first] = effective
  if (!first) return rows
  const remedies = chosen.map((e) => e.remedies)
  if (!same(remedies)) rows.push({ key: 'remedies', group: 'remedies', nodes: [], values: remedies })

  // Kinds of layers that were put in or taken out, counted with their copies.
  const counts = effective.map((e) => countKinds(e.network.nodes))
  for (const kind of new Set(counts.flatMap((c) => [...c.keys()]))) {
    const values = counts.map((c) => c.get(kind) ?? 0)
    if (!same(values)) rows.push({ key: `layers.${kind}`, group: 'network', nodes: [], kind, values })
  }

  const paths = new Map<string, string[]>()
  for (const e of effective.slice(1))
    for (const c of diffExperiments(first, e)) {
      // Ids hold no dots, so a path can be taken apart again.
      paths.set(c.path, c.path.split('.'))
    }
  const grouped = new Map<string, SettingRow>()
  const rewired = new Set<string>()
  for (const [key, path] of paths) {
    const [top, next] = path
    if (top === 'name' || top === 'remedies' || top === 'format' || top === 'version') continue
    if (top !== 'network') {
      const values = effective.map((e) => at(e, path))
      // A hook is what a remedy does in each step; told once, as the remedy.
      if (next === 'hooks' && !same(remedies)) continue
      if (!same(values)) rows.push({ key, group: top as SettingRow['group'], nodes: [], values })
      continue
    }
    // The whole list replaced: told by its counts above.
    if (path.length < 3) continue
    const { node, rest } = split(path)
    const [what, param] = rest
    if (what === 'inputs') rewired.add(node.join('/'))
    if ((what !== 'params' || !param) && what !== 'times') continue
    const values = effective.map((e) => at(e, path))
    if (same(values)) continue
    const owner = at(first, path.slice(0, path.length - rest.length)) as { kind?: string } | undefined
    const kind = owner?.kind
    const id = `${kind} ${rest.join('.')} ${JSON.stringify(values.map((v) => v ?? null))}`
    const known = grouped.get(id)
    if (known) known.nodes.push(node.join('/'))
    else
      grouped.set(id, {
        key: what === 'times' ? 'times' : `param.${rest.slice(1).join('.')}`,
        group: 'network',
        nodes: [node.join('/')],
        ...(kind ? { kind } : {}),
        values
      })
  }
  rows.push(...grouped.values())
  if (rewired.size) {
    const reads = (e: Experiment, path: string): unknown =>
      at(e, ['network', 'nodes', ...path.split('/').flatMap((p, i) => (i ? ['body', p] : [p])), 'inputs'])
    const values = effective.map((e) => [...rewired].filter((p) => !same([reads(first, p), reads(e, p)])).length)
    rows.push({ key: 'connections', group: 'network', nodes: [...rewired], values })
  }
  const order: SettingRow['group'][] = ['remedies', 'network', 'training', 'data', 'seed', 'record']
  return rows.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
}
/** Whether all runs saw the same numbers: equal seeds, equal data; and whether their losses are the same function. */
export function sameStart(chosen: readonly Experiment[]): {
  seed: boolean
  data: boolean
  steps: boolean
  loss: boolean
} {
  return {
    loss: same(chosen.map((e) => e.training.loss)),
    seed: same(chosen.map((e) => e.seed)),
    data: same(chosen.map((e) => e.data)),
    steps: same(chosen.map((e) => e.training.steps))
  }
}

/** The two experiments of an A/B pair: all else equal, one without the remedies in question and one with them. */
export function pairOf(
  experiment: Experiment,
  choice?: Experiment['remedies'][number]
): { a: Experiment; b: Experiment } {
  if (!choice) return { a: { ...experiment, remedies: [] }, b: experiment }
  const others = experiment.remedies.filter((r) => r.id !== choice.id)
  const on = experiment.remedies.findIndex((r) => r.id === choice.id)
  // One that is on keeps its place in the order of application.
  return {
    a: { ...experiment, remedies: others },
    b: {
      ...experiment,
      remedies: on < 0 ? [...others, choice] : experiment.remedies.map((r) => (r.id === choice.id ? choice : r))
    }
  }
}
