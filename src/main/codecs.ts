import { createRequire } from 'node:module'
import type * as Codecs from '@shared/catalog/datasets/parts/codecs'

let loaded: typeof Codecs | undefined
/** The tables of old encodings, which the build puts into a file beside this one. */
const codecs = (): typeof Codecs => (loaded ??= createRequire(__filename)('./codecs.js') as typeof Codecs)

export const detect: typeof Codecs.detect = (bytes, among) => codecs().detect(bytes, among)
export const decodeOld: typeof Codecs.decodeOld = (bytes, encoding) => codecs().decodeOld(bytes, encoding)
export const choose: typeof Codecs.choose = (bytes, told) => codecs().choose(bytes, told)
