import { parseExperiment } from '../../experiment/parse'
import { vanishingExperiment } from './parts/opening'
import type { Spec } from '../../base/params'
import type { FindingKind } from '../../run/types'
import type { Text } from '../../base/text'
import type { Template } from './types'

/** The 20 sigmoid layers with every remedy that can be switched on there, one at a time: which of them cure it, which don't, and why. */
const one = (remedy: string | Spec, finds: FindingKind, en: string, zh: string, doc: Text): Template => ({
  id: `treated-${typeof remedy === 'string' ? remedy : remedy.id}`,
  group: 'treated',
  name: { en: `20 sigmoid layers: ${en}`, zh: `20 层 sigmoid：${zh}` },
  doc,
  finds,
  make: () => parseExperiment({ ...vanishingExperiment(), name: `20 sigmoid layers: ${en}`, remedies: [remedy] })
})
export default [
  one('activation', 'healthy', 'ReLU and He bring it back', 'ReLU 与 He 让梯度回来', {
    en: 'A slope of 1 in place of a quarter, and weights to match. Every layer has its gradient again, and the loss falls.',
    zh: '斜率由四分之一变为 1，权重与之匹配。每层重新得到梯度，损失下降。'
  }),
  one('batchNorm', 'healthy', 'batch norm brings it back', '批归一化让梯度回来', {
    en: 'A batch norm before each sigmoid keeps its input where the slope is largest. The gradient reaches the first layer, and it learns almost without error.',
    zh: '每个 sigmoid 之前的批归一化让输入停在斜率最大处。梯度到达第一层，几乎学到无误差。'
  }),
  one('residual', 'healthy', 'skips bring it back', '跳连让梯度回来', {
    en: 'A skip past every layer carries the gradient around the sigmoids. Nothing else has changed, and it learns.',
    zh: '每层旁边的跳连让梯度绕过 sigmoid。其余不变，就能学习。'
  }),
  one('fewerLayers', 'healthy', 'fewer layers', '减少层数', {
    en: 'With four layers there is not enough depth to lose the gradient in. It learns, slowly: the sigmoids are still there.',
    zh: '只有四层，梯度来不及消失。能学，但慢：sigmoid 还在。'
  }),
  one('selu', 'lossNaN', 'SELU brings it back, and blows up', 'SELU 让梯度回来，却发散', {
    en: 'SELU with LeCun weights: at the first step layer 1 gets more than twice the gradient of the last hidden layer. For gradients of that size a rate of 0.1 is too large, and by step 18 the loss is NaN. With a tenth of it, by “Change learning rate”, it gets 95 % of the validation digits right.',
    zh: 'SELU 配 LeCun 初始化：第一步时，第 1 层的梯度是最后一个隐藏层的两倍多。对这样大的梯度，0.1 的学习率过大，第 18 步损失变为 NaN。再用“调整学习率”降到十分之一，验证集数字识别正确率达 95 %。'
  }),
  one('initializer', 'vanishing', 'larger weights are not enough', '加大权重还不够', {
    en: 'Twice the variance makes each layer lose a little less, 0.32 for 0.23. Over 20 layers that is still nothing: the slope of the sigmoid is the cause.',
    zh: '方差加倍，每层损失稍小：0.23 变 0.32。经过 20 层仍几乎为零：根源在 sigmoid 的斜率。'
  }),
  one('layerNorm', 'vanishing', 'layer norm is not enough', '层归一化还不够', {
    en: 'Layer norm keeps the signal’s size, and the gradient gains a few decades, but still shrinks by more than half in every layer.',
    zh: '层归一化保持信号大小，梯度提高几个数量级，但每层仍缩小一半以上。'
  }),
  one('clipByGlobalNorm', 'vanishing', 'clipping does nothing here', '裁剪在此无效', {
    en: 'Clipping only makes large gradients smaller. These are too small: the first layer gets 1.1e-14 with it as without it.',
    zh: '梯度截断（梯度裁剪）只会缩小过大的梯度。这里的梯度太小：用与不用，第一层得到的都是 1.1e-14。'
  }),
  one('clipByNorm', 'vanishing', 'nor does clipping by norm', '按范数截断同样无效', {
    en: 'No layer’s gradient is as long as the limit, so none is scaled: the first layer gets 1.1e-14, and the loss stays at 2.3, where guessing puts it.',
    zh: '没有哪一层的梯度达到上限，因此都没有缩放：第一层得到 1.1e-14，损失停在随机猜测的 2.3。'
  }),
  one('clipByValue', 'vanishing', 'nor does clipping by value', '按值截断同样无效', {
    en: 'No entry of any gradient comes near the limit of 0.5, so none is cut: the first layer gets 1.1e-14, as before.',
    zh: '没有哪个分量接近上限 0.5，因此都没有被截断：第一层仍得到 1.1e-14。'
  }),
  one('adaptiveClip', 'vanishing', 'nor does adaptive clipping', '自适应截断同样无效', {
    en: 'The limit follows each unit’s weights, and only gradients near the output ever reach it. The first layer’s stays at 1.1e-14.',
    zh: '上限随各单元的权重而定，只有靠近输出的梯度够得着它。第一层的梯度仍是 1.1e-14。'
  }),
  one({ id: 'learningRate', factor: 10 }, 'vanishing', 'no learning rate evens it out', '学习率无法弥补', {
    en: 'Ten times the rate is ten times next to nothing for the first layers. The last ones do move, to where their sigmoids are flatter: over 400 steps the first layer’s gradient falls from 1.1e-14 to 2e-15.',
    zh: '学习率乘以十，前面几层得到的仍是几乎为零的十倍。后面几层确实在动，却移向 sigmoid 更平的地方：400 步内第一层梯度由 1.1e-14 降到 2e-15。'
  }),
  one('warmUp', 'vanishing', 'warm-up is for the opposite', '预热治的是相反的毛病', {
    en: 'Warm-up spares a net the large gradients of the first steps. Here there are none: the first layer gets 1.1e-14 before, during and after it.',
    zh: '预热让网络避开起始时过大的梯度。这里没有这样的梯度：预热之前、之中、之后，第一层都只得到 1.1e-14。'
  }),
  one('smallerBatch', 'vanishing', 'a smaller batch scales all layers alike', '减小批只会同等缩放各层', {
    en: 'With 16 examples a step instead of 64 each one’s share of the mean is four times as large, and so is every figure: 4e-14 at the first layer. The factor per layer stays at 0.23.',
    zh: '每步 16 个样本而非 64 个，单个样本在均值中的份额是原来的四倍，每个数值也是：第一层为 4e-14。每层的倍数仍是 0.23。'
  }),
  one('l2', 'vanishing', 'a penalty does nothing for it', '正则惩罚帮不上忙', {
    en: 'A penalty on the weights pulls them towards zero, which is no help to a gradient that the sigmoids have already used up: the first layer’s goes from 1.1e-14 to 9e-15.',
    zh: '对权重的惩罚只会把它们拉向零，对已被 sigmoid 耗尽的梯度毫无帮助：第一层的梯度由 1.1e-14 变为 9e-15。'
  }),
  one('l1', 'vanishing', 'L1 makes it worse', 'L1 使之更糟', {
    en: 'In the first layers the penalty is all that moves the weights, and it moves them to 0. In 400 steps the first layer’s gradient falls from 1.1e-14 to 7e-15.',
    zh: '在前面几层，只有惩罚项在移动权重，而且是移向 0。400 步内，第一层的梯度由 1.1e-14 降到 7e-15。'
  }),
  one('weightDecay', 'vanishing', 'weight decay makes it worse', '权重衰减使之更糟', {
    en: 'Each step takes a thousandth of every weight away, and no gradient puts it back. By step 400 a layer passes on 0.16 in place of 0.23, and the first one gets 1e-17.',
    zh: '每一步都减去每个权重的千分之一，却没有梯度把它补回来。到第 400 步，每层只传回 0.16 而非 0.23，第一层只得到 1e-17。'
  }),
  one('weightClip', 'vanishing', 'clipped weights make it far worse', '权重裁剪使之糟得多', {
    en: 'Weights of at most 0.01 make every factor of the chain smaller still: 0.02 a layer, and 7e-36 is left for the first. Made for critics, and even there a limit that small makes the gradient vanish.',
    zh: '权重不超过 0.01，链上的每个因子都更小：每层 0.02 倍，第一层只剩 7e-36。它是为评论家设计的；即便在那里，上限这么小也会使梯度消失。'
  }),
  one('spectralNorm', 'vanishing', 'spectral norm makes it worse', '谱归一化使之更糟', {
    en: 'A largest singular value of 1 keeps weights from making a gradient larger. That was not the fault: a layer now passes on 0.13 in place of 0.23, and the first one gets 1.5e-19.',
    zh: '最大奇异值限为 1，使权重不会放大梯度。可毛病不在那里：现在每层只传回 0.13 而非 0.23，第一层得到 1.5e-19。'
  })
]
