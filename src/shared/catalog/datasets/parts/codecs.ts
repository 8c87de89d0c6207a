/*
 * Old encodings and how they are told, which take a megabyte of tables. The builds of the window and of main put a
 * module in the place of this one that loads it when it is needed: `src/renderer/timing/codecs.ts` and
 * `src/main/codecs.ts`.
 */
export { choose } from './fitting'
export { decodeOld, detect } from './oldText'
