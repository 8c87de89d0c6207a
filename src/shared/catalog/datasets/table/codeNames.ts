// cspell:ignore rownum telefon
/** What columns are called that tell rows apart, and rows from which on it is said. */
export const IDS =
  /^(?:(?:.*[_ .-])?(?:ids?|idx|index|key|no|nr|row|rownum|obs|serial|sno|lfd)\.?|unnamed: ?0|column1|#|№|编号|序号|行号|学号)$/i
/** What columns are called whose digits are names: of places, people and books. */
export const CODES =
  /^(?:.*[_ .-])?(?:zip|zip[_ -]?code|post(?:al)?[_ -]?code|postal|plz|cap|cep|phone|phone[_ -]?(?:no|number)|tel|telephone|telefon|mobile|fax|isbn|ssn|fips)\.?$|邮编|邮政编码|电话|手机|身份证/i
/** What columns are called whose 1.10 comes after 1.9. */
export const VERSIONS = /version|release|firmware|(?:^|[_ .-])(?:ver|rev)\.?$|版本/i
// cspell:ignore zensur
/** What columns of marks of pupils are called. */
export const GRADES = /grade|zensur|^(?:note|nota|mark)s?$|成绩|等级/i
export const CAMEL_ID = /[a-z](?:ID|Id|No|Nr)$/
/** Whether a column is called as those are whose cells are names, whatever they look like. */
export const namesCodes = (name: string): boolean => CODES.test(name) || (IDS.test(name) && name !== 'column1')
