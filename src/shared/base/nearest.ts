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
  ...{ path: 'file', filename: 'file', filepath: 'file', csv: 'file', sep: 'delimiter', label: 'target' },
  ...{
    block: 'repeat',
    sequential: 'repeat',
    usebias: 'bias',
    outfeatures: 'units',
    hiddensize: 'units',
    outchannels: 'filters',
    kernelsize: 'kernel'
  },
  ...{
    validationsplit: 'validation',
    maxiter: 'steps',
    numepochs: 'steps',
    numtrainepochs: 'steps',
    lr: 'learningRate'
  },
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
    l1loss: 'meanAbsoluteError',
    mseloss: 'meanSquaredError',
    smoothl1loss: 'huber',
    nllloss: 'softmaxCrossEntropy',
    crossentropyloss: 'softmaxCrossEntropy',
    bceloss: 'sigmoidCrossEntropy',
    bcewithlogitsloss: 'sigmoidCrossEntropy',
    binarycrossentropy: 'sigmoidCrossEntropy',
    p: 'rate'
  },
  ...{ gradientclipping: 'clipByGlobalNorm', clipnorm: 'clipByNorm', clipvalue: 'clipByValue', skip: 'residual' }
}
// cspell:enable
/** The known word that other programs have this one for. @param lower in small letters */
function meantElsewhere(lower: string, known: readonly string[]): string | undefined {
  const name = ELSEWHERE[letters(lower)]
  return name !== undefined && known.includes(name) ? name : undefined
}
/**
 * The known word that another one stands for beyond doubt: it differs in case, blanks and signs alone, or is what other
 * programs call it. Undefined where there is none.
 */
export function sameWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  const lower = letters(word.toLowerCase())
  return (
    known.find((k) => letters(k.toLowerCase()) === lower) ??
    meantElsewhere(lower, known) ??
    (word.length > 1 ? known.find((k) => initials(k) === lower && k.toLowerCase() !== initials(k)) : undefined)
  )
}
/** Whether two words differ in two neighbouring letters the wrong way round alone. */
function isSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((c, i) => c !== b[i])
  return at >= 0 && a.slice(0, at) + (a[at + 1] ?? '') + a[at]! + a.slice(at + 2) === b
}
/** Longer words are none that a person has mistyped. */
const LONGEST = 100

/**
 * "Did you mean …?" for a word that isn't known, to be put behind a message; empty where no known word is near: within
 * a third of its letters (at least one, of words of more than four letters two; two letters the wrong way round count
 * as one), its initials, a part of it, or what other programs call it.
 */
export function didYouMean(word: string, known: readonly string[]): Text {
  if (word.length > LONGEST) return { en: '', zh: '' }
  const lower = word.toLowerCase()
  const name = meantElsewhere(lower, known)
  if (name !== undefined) return { en: `; did you mean "${name}"?`, zh: `；是否指“${name}”？` }
  let best: { word: string; far: number } | undefined
  for (const k of known) {
    const far = isSwapped(lower, k.toLowerCase()) ? 1 : distance(lower, k.toLowerCase())
    if (far < (best?.far ?? Math.max(word.length > 4 ? 2 : 1, Math.floor(word.length / 3)) + 1)) best = { word: k, far }
  }
  const short = known.find((k) => initials(k) === lower) ?? known.find((k) => holds(k.toLowerCase(), letters(lower)))
  best ??= short === undefined ? undefined : { word: short, far: 0 }
  return best ? { en: `; did you mean "${best.word}"?`, zh: `；是否指“${best.word}”？` } : { en: '', zh: '' }
}
