import type * as Codecs from '@shared/catalog/datasets/parts/codecs'

let loaded: typeof Codecs | undefined
let loading: Promise<void> | undefined

/** Loads the tables of old encodings, once. To be awaited before data is read that a person brings along. */
export const codecsReady = (): Promise<void> =>
  (loading ??= import('@shared/catalog/datasets/parts/codecs').then((codecs) => void (loaded = codecs)))

function codecs(): typeof Codecs {
  if (!loaded) throw new Error('the tables of encodings are not loaded yet')
  return loaded
}
export const detect: typeof Codecs.detect = (bytes, among) => codecs().detect(bytes, among)
export const decodeOld: typeof Codecs.decodeOld = (bytes, encoding) => codecs().decodeOld(bytes, encoding)
export const choose: typeof Codecs.choose = (bytes, told) => codecs().choose(bytes, told)
