import { distance } from 'fastest-levenshtein'
import type { Text } from './text'

const letters = (word: string): string => word.replace(/[^\p{L}\d]/gu, '')
/** mse for meanSquaredError. */
const initials = (word: string): string => (word[0]! + word.slice(1).replace(/[^A-Z]/g, '')).toLowerCase()
/** Either is a part of the other, and long enough to tell: kernelInitializer for initializer. */
const holds = (known: string, word: string): boolean =>
  Math.min(known.length, word.length) > 4 && (known.includes(word) || word.includes(known))
// cspell:disable
/** What other programs call what goes by another name here, in small letters and digits. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ linear: 'dense', fc: 'dense', fullyconnected: 'dense', innerproduct: 'dense', leakyrelu: 'activation' },
  ...{ relu: 'activation', sigmoid: 'activation', tanh: 'activation', rnn: 'simpleRnn', merge: 'concatenate' },
  ...{ swish: 'silu', identity: 'linear', none: 'linear', logistic: 'sigmoid' },
  ...{ xavier: 'glorotUniform', xavieruniform: 'glorotUniform', xaviernormal: 'glorotNormal' },
  ...{ kaiming: 'heNormal', kaimingnormal: 'heNormal', kaiminguniform: 'heUniform' },
  ...{ bce: 'sigmoidCrossEntropy', crossentropy: 'softmaxCrossEntropy', nll: 'softmaxCrossEntropy' },
  ...{ categoricalcrossentropy: 'softmaxCrossEntropy', sparsecategoricalcrossentropy: 'softmaxCrossEntropy' },
  ...{
    epochs: 'steps',
    iterations: 'steps',
    layers: 'nodes',
    type: 'kind',
    classname: 'kind',
    l1loss: 'meanAbsoluteError'
  },
  ...{ gradientclipping: 'clipByGlobalNorm', clipnorm: 'clipByNorm', clipvalue: 'clipByValue', skip: 'residual' }
}
// cspell:enable
/** Longer words are none that a person has mistyped. */
const LONGEST = 100

/**
 * "Did you mean …?" for a word that isn't known, to be put behind a message; empty where no known word is near: within
 * a third of its letters (at least one, of words of more than four letters two, which is two letters the wrong way
 * round), its initials, a part of it, or what other programs call it.
 */
export function didYouMean(word: string, known: readonly string[]): Text {
  if (word.length > LONGEST) return { en: '', zh: '' }
  const lower = word.toLowerCase()
  const name = ELSEWHERE[letters(lower)]
  if (name !== undefined && known.includes(name)) return { en: `; did you mean "${name}"?`, zh: `；是否指“${name}”？` }
  let best: { word: string; far: number } | undefined
  for (const k of known) {
    const far = distance(lower, k.toLowerCase())
    if (far < (best?.far ?? Math.max(word.length > 4 ? 2 : 1, Math.floor(word.length / 3)) + 1)) best = { word: k, far }
  }
  const short = known.find((k) => initials(k) === lower) ?? known.find((k) => holds(k.toLowerCase(), letters(lower)))
  best ??= short === undefined ? undefined : { word: short, far: 0 }
  return best ? { en: `; did you mean "${best.word}"?`, zh: `；是否指“${best.word}”？` } : { en: '', zh: '' }
}
