import type { Text } from '../../shared/base/text'

/** What is said of a broker that has not answered in time. */
export const SILENT = 'ETIMEDOUT'

/** Codes of PostgreSQL (appendix A of its manual), and first words of what Redis and the clients say. */
const KINDS: readonly { is: RegExp; en: string; zh: string }[] = [
  {
    is: /^(?:28P01|28000|WRONGPASS|NOAUTH)\b|password must be a string/,
    en: 'refuses this name and password',
    zh: '拒绝了此用户名和密码'
  },
  { is: /^(?:3D000|ERR DB index)\b/, en: 'has no such database', zh: '没有这个数据库' },
  {
    is: /^(?:42501|NOPERM)\b/,
    en: 'does not let this user keep jobs there',
    zh: '不允许此用户在那里保存任务'
  },
  { is: /does not support SSL/, en: 'does not speak TLS', zh: '不支持 TLS' }
]

/**
 * Why a broker can't be used, in words.
 *
 * @param place of the broker, without credentials
 * @param error of a client library. Its code, or its message, is told where there are no words for it: neither holds
 *   the URL
 */
export function refusal(place: string, error: unknown): Text {
  const { code, message } = error as NodeJS.ErrnoException
  const why = String(code ?? '') || message
  const kind = KINDS.find(({ is }) => is.test(why) || is.test(message))
  return kind
    ? { en: `the queue at ${place} ${kind.en}`, zh: `${place} 的队列${kind.zh}` }
    : { en: `the queue at ${place} does not answer: ${why}`, zh: `${place} 的队列没有应答：${why}` }
}
