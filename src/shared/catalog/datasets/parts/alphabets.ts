// cspell:disable
/** The letters of one language besides a to z, in small letters, and what none of its words has. */
export interface Alphabet {
  letters: string
  /** Words that are none of it. */
  not?: RegExp
  /** Many tables are in it that say nothing of their encoding. */
  common?: true
}
const CYRILLIC = 'абвгдежзийклмнопрстуфхцчшщъыьэюяё'
/**
 * Languages by the encodings that their tables come in, the likeliest of both first. A word in a language holds no
 * other letters than these.
 */
export const ALPHABETS: readonly { encodings: readonly string[]; languages: readonly Alphabet[] }[] = [
  {
    encodings: ['windows-1252', 'iso-8859-15'],
    languages: [
      { letters: 'äöüß', common: true },
      { letters: 'àâæçéèêëîïôœùûüÿ', common: true },
      { letters: 'áéíñóúüº ª', common: true },
      // ã and õ stand before e, o and s alone, or at the end.
      { letters: 'àáâãçéêíóôõúºª', not: /ã(?!e|o|s|$)|õ(?!e|s)/iu, common: true },
      { letters: 'àèéìíòóù', not: /[àèéìíòóù](?!$|')/iu, common: true },
      { letters: 'åäöæøé', common: true },
      { letters: 'éëïöü', common: true }
    ]
  },
  {
    encodings: ['windows-1250', 'iso-8859-2'],
    languages: ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'čćđšž', 'ăâîşţ', 'çë'].map(
      (letters) => ({
        letters
      })
    )
  },
  { encodings: ['iso-8859-16'], languages: [{ letters: 'ăâîșț' }] },
  { encodings: ['windows-1254'], languages: [{ letters: 'çğıiöşüâîûi̇' }] },
  { encodings: ['windows-1257'], languages: ['ąčęėįšųūž', 'āčēģīķļņšūž', 'äõöüšž'].map((letters) => ({ letters })) },
  { encodings: ['windows-1252'], languages: [{ letters: 'áðéíóúýþæö' }] },
  {
    encodings: ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5'],
    languages: [{ letters: CYRILLIC }]
  },
  {
    encodings: ['windows-1251', 'koi8-u', 'iso-8859-5'],
    languages: [
      'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
      'абвгдђежзијклљмнњопрстћуфхцчџш',
      'абвгдеёжзійклмнопрстуўфхцчшыьэюя'
    ].map((letters) => ({ letters }))
  },
  {
    encodings: ['windows-1253'],
    languages: [{ letters: 'αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ', not: /ς(?!$)|σ$/u }]
  },
  { encodings: ['windows-1255'], languages: [{ letters: 'אבגדהוזחטיךכלםמןנסעףפץצקרשת', not: /[ךםןףץ](?!$)/u }] },
  {
    encodings: ['windows-1256'],
    languages: [{ letters: 'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْپچژگکی', not: /[ةى](?!$)/u }]
  },
  {
    encodings: ['windows-874'],
    languages: [
      {
        letters: 'กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์',
        not: /^[^ะัาำิีึืุูเแโใไ]{3,}$|^[ะัาำิีึืุูๅๆ็่้๊๋์]|[เแโใไ](?![ก-ฮ])/u
      }
    ]
  },
  { encodings: ['windows-1258'], languages: [{ letters: 'ăâđêôơưàáéèíóúùý\u0300\u0301\u0303\u0309\u0323' }] },
  {
    encodings: ['macintosh', 'cp850', 'cp437'],
    languages: ['äöüß', 'àâæçéèêëîïôœùûüÿ', 'áéíñóúü', 'àáâãçéêíóôõú', 'åäöæøé'].map((letters) => ({ letters }))
  },
  {
    encodings: ['cp852'],
    languages: ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áéíóöőúüű', 'čćđšž'].map((letters) => ({ letters }))
  }
]

/** Common characters of languages whose encodings hold two bytes for each. */
export const COMMON: Readonly<Record<string, string>> = {
  gb18030:
    '的一是不了在人有我他这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运男否京沪广深圳津渝苏州杭武汉成都低级优良差红绿蓝黄黑性别班组是否甲乙丙丁早晚春夏秋冬晴雨阴',
  big5: '的一是不了在人有我他這中大來上國和地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教東立及比員解水名真論處走女男別市縣區臺台北中南高雄桃園竹齡類值低級優良差紅綠藍黃黑晴雨陰春夏秋冬',
  japanese:
    '日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨京都大阪名古屋横浜神戸福岡札幌仙台広島県市区町村値性別年齢種類高低赤青黄黒緑春夏秋冬晴曇雪有無是否可不良優',
  hangul:
    '이다의에는을를가은한고지서로사기하어자리도대정시나인그들해아과전부수보있구장주동일여성상제스원조세신공선라오비무관화국계우유모경소니연미안방와문개거요마재물만되강식생물분체때학간당람실남울산천광덕종북중최높낮음보통음없저급적록색빨강파랑노값'
}
/** Which list of common characters goes with an encoding of several bytes. */
export const WIDE: readonly (readonly [string, string])[] = [
  ['gb18030', 'gb18030'],
  ['big5', 'big5'],
  ['shift_jis', 'japanese'],
  ['euc-jp', 'japanese'],
  ['cp949', 'hangul']
]
