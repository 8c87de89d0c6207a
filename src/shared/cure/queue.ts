/** A message broker, as a URL names it. */
export interface QueueUrl {
  kind: 'redis' | 'postgres'
  /** Where it is, without credentials: fit for a screen, a log and a file. */
  place: string
  host: string
  port?: number
  /** Name and password, decoded; empty where the URL has none. */
  user: string
  password: string
  /** Of the database; empty: the usual one. */
  database: string
  /** It is to be spoken to over TLS. */
  isSecure: boolean
}

// So narrow that no two readers of URLs can take it in two ways: what is shown is what is connected to.
const URL_OF_QUEUE =
  /^(rediss?|postgres(?:ql)?):\/\/(?:([^\s/?#@:\\]*)(?::([^\s/?#@\\]*))?@)?([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(?:\/([\w.%-]*))?(?:\?([^\s#@]*))?$/i
/** Settings of a connection that a URL may hold: none that lead to another place, or to a file. */
const SETTING = /^(?:sslmode|connect_timeout|application_name)=/

/**
 * What a URL says of a message broker: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`, `rediss://…`,
 * `postgres://…`.
 *
 * @returns undefined when it is none. Signs such as `@` and `/` in a name or password are to be written as `%40`, `%2F`
 */
export function readQueueUrl(text: string): QueueUrl | undefined {
  const match = URL_OF_QUEUE.exec(text.trim())
  if (!match) return undefined
  const [, scheme, user = '', password = '', host, port, database = '', settings] = match
  const kind = scheme!.toLowerCase().startsWith('redis') ? 'redis' : 'postgres'
  if (settings?.split('&').some((setting) => kind === 'redis' || !SETTING.test(setting))) return undefined
  if (kind === 'redis' && !/^\d{0,4}$/.test(database)) return undefined
  try {
    return {
      kind,
      place: `${scheme!.toLowerCase()}://${host!}${port === undefined ? '' : `:${port}`}${database && `/${database}`}`,
      host: host!.replace(/^\[|\]$/g, ''),
      ...(port !== undefined && { port: Number(port) }),
      user: decodeURIComponent(user),
      password: decodeURIComponent(password),
      database: decodeURIComponent(database),
      isSecure: scheme!.toLowerCase() === 'rediss'
    }
  } catch {
    // A percent sign that begins no code.
    return undefined
  }
}

/** How such a URL is written, for whoever wrote another. */
export const QUEUE_FORM = {
  en: 'must be redis://HOST:PORT or postgres://HOST:PORT/DATABASE; write @, / and : of a password as %40, %2F and %3A',
  zh: '应为 redis://主机:端口 或 postgres://主机:端口/数据库；密码中的 @、/ 和 : 请写作 %40、%2F 和 %3A'
}
