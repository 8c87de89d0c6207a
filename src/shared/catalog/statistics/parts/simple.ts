import type { Tensor } from '../../../base/tf'
import type { Statistic } from '../types'
import { measure, type Measures } from './measure'
import { plain } from './plain'

/** A statistic that is one reduction of one source. */
export function simple(
  entry: Omit<Statistic, 'fields' | 'compute' | 'reference' | 'derive' | 'needs'> & {
    of: Statistic['needs'][number]
    by: keyof Measures
  }
): Statistic {
  const { of, by, ...rest } = entry
  return {
    ...rest,
    fields: {},
    needs: [of],
    compute: (tf, sources, ctx) => measure(tf, sources[of] as Tensor, ctx)[by](),
    fused: () => ({ of, figure: by }),
    reference: (sources) => plain[by](sources[of]!.values)
  }
}
