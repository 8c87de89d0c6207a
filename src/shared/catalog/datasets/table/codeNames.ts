// cspell:ignore rownum telefon imei
/** Names of columns that identify rows, and the number of rows above which a remark says so. */
export const IDS =
  /^(?:(?:.*[_ .-])?(?:ids?|idx|index|key|no|nr|row|rownum|obs|serial|sno|lfd)\.?|unnamed: ?0|column1|#|№|编号|序号|行号|学号)$/i
/** Names of columns whose digits are codes of places, people or books. */
export const CODES =
  /^(?:.*[_ .-])?(?:zip|zip[_ -]?code|post(?:al)?[_ -]?code|postal|plz|cap|cep|phone|phone[_ -]?(?:no|number)|tel|telephone|telefon|mobile|fax|isbn|ssn|fips|ean|gtin|upc|imei|iban|barcode)\.?$|邮编|邮政编码|电话|手机|身份证/i
/** Names of columns that hold versions: 1.10 comes after 1.9. */
export const VERSIONS = /version|release|firmware|(?:^|[_ .-])(?:ver|rev)\.?$|版本/i
// cspell:ignore zensur
/** Names of columns that hold school marks. */
export const GRADES = /grade|zensur|^(?:note|nota|mark)s?$|成绩|等级/i
export const CAMEL_ID = /[a-z](?:ID|Id|No|Nr)$/
/** Whether the name of a column says that its cells are codes, whatever they look like. */
export const namesCodes = (name: string): boolean => CODES.test(name) || (IDS.test(name) && name !== 'column1')
