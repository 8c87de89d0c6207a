import { InputError, problem } from '../base/problems'

/** What to do about a file whose bytes are not those that were written. */
export const AGAIN: [en: string, zh: string] = [
  'copy or write it again, and open the whole file',
  '请重新复制或写出，再打开完整的文件'
]

/**
 * Why a file can't be taken over, or a layer in it.
 * @param path where it is
 * @param en what is wrong, in English; zh: in Chinese
 * @param instead what to do about it, in both languages
 */
export function refusal(path: string, en: string, zh: string, ...instead: [en: string, zh: string]): InputError {
  return new InputError([problem(path, `${en}: ${instead[0]}`, `${zh}：${instead[1]}`)])
}
