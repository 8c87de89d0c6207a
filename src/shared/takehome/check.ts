import { quoted } from '../base/python'

/** What `check.py` needs of a library, as lines of a function's body. */
export interface CheckParts {
  /** Changes each weight of `model` by a share of at most `eps`, which `rng` draws. */
  change: readonly string[]
  /** Returns the gradients of the first batch of `x` and `target`, by the name of the weight. */
  gradients: readonly string[]
  /** Makes `optimizer` for `model`. */
  optimizer: readonly string[]
  /** Has what is made from then on compute in float64; and in float32 again. */
  wide: readonly string[]
  narrow: readonly string[]
  /** A statement, where float64 is to be had. */
  within?: (statement: string) => readonly string[]
  /** An expression: `value`, of the examples, in float64. */
  widened: string
  /** What parts the name of a weight from that of its layer. */
  separator: '.' | '/'
  /** An expression: library and version. */
  library: string
}

const indented = (lines: readonly string[]): string[] => lines.map((l) => (l ? `    ${l}` : l))

/**
 * A function `record(model, file)`, which puts the recorded noise of some layers in place of their own.
 * @param place name of a layer's noise, and lines that put `output` and `noise` in its place
 */
export const recordNoise = <N extends { output: readonly string[] }>(
  noises: readonly N[],
  place: (noise: N) => { name: string; put: readonly string[] }
): string[] => [
  'def record(model, file):',
  '    """Puts the recorded noise in place of the model\'s own."""',
  ...noises.flatMap((n) => {
    const { name, put } = place(n)
    const noise = `noise = file[${quoted(`noise/${name}`)}]`
    return ['', '    def output(x, noise):', ...indented(indented(n.output)), '', ...indented([noise, ...put])]
  }),
  '',
  ''
]

/** What the first lines of `check.py` say of it. */
export const CHECK_DOC: readonly string[] = [
  '"""Holds this project against what Gradient Clinic recorded.',
  '',
  'The gradients of the first step and the first losses must agree to a share of 1e-4.',
  'Where the network amplifies rounding, they must agree as far as those of starts that',
  'are changed in their last digit. Where float32 has lost digits, as 1 - y * y has for y',
  'near 1, they must be as near to float64 as PyTorch or Keras comes in float32.',
  '"""'
]

/**
 * `check.py` from the comparison on, behind a function `start(file)`. A deep network may carry the last digit of a
 * weight into the second digit of its loss within some steps: then no other library can come nearer than its own
 * rounding.
 */
export const comparison = ({
  change,
  gradients,
  optimizer,
  wide,
  narrow,
  within = (statement) => [statement],
  widened,
  separator,
  library
}: CheckParts): string[] => [
  'def changed(file, seed):',
  '    """A start that is changed in its last digit."""',
  '    rng = np.random.default_rng(seed)',
  '    eps = np.finfo(np.float32).eps',
  '    model = start(file)',
  ...indented(change),
  '    return model',
  '',
  '',
  'def first_gradients(model, x, target):',
  '    """By the name of the weight."""',
  ...indented(gradients),
  '',
  '',
  'def first_losses(model, x, target, count):',
  ...indented(optimizer),
  '    return [',
  '        train_step(model, optimizer, step, *batch)',
  '        for step, batch in zip(range(count), batches(x, target))',
  '    ]',
  '',
  '',
  'def in_float64(compute, file, *examples):',
  '    """What a function of a model and examples gives with twice as many digits."""',
  '    file = {name: value.astype(np.float64) for name, value in file.items()}',
  ...indented(wide),
  '    try:',
  ...indented(indented(within(`return compute(start(file), *[${widened} for value in examples])`))),
  '    finally:',
  ...indented(indented(narrow)),
  '',
  '',
  'def difference(own, recorded, size):',
  '    """Largest difference, as a share of a size. NaN and infinities must be the same."""',
  '    own, recorded = np.asarray(own, np.float64), np.asarray(recorded, np.float64)',
  '    finite = np.isfinite(recorded)',
  '    if not np.array_equal(own[~finite], recorded[~finite], equal_nan=True):',
  '        return np.inf',
  '    if not finite.any():',
  '        return 0.0',
  '    gap = np.abs(own[finite] - recorded[finite])',
  '    return float(gap.max(initial=0) / max(size, 1e-30))',
  '',
  '',
  'def largest(values):',
  '    return float(np.abs(values[np.isfinite(values)]).max(initial=0))',
  '',
  '',
  'def layer_of(name):',
  `    return name.rpartition("${separator}")[0]`,
  '',
  '',
  'def gradient_gaps(own, recorded):',
  '    """Relative to the layer: a bias before a norm has a gradient of mere rounding."""',
  '    sizes = {}',
  '    for name, gradient in recorded.items():',
  '        layer = layer_of(name)',
  '        sizes[layer] = max(sizes.get(layer, 0.0), largest(gradient))',
  '    return {',
  '        name: difference(own[name], gradient, sizes[layer_of(name)])',
  '        for name, gradient in recorded.items()',
  '    }',
  '',
  '',
  'def loss_gaps(own, recorded):',
  '    """The largest up to each step: what went astray once stays so."""',
  '    gaps = [difference(a, b, abs(b)) for a, b in zip(own, recorded)]',
  '    return {f"step {i}": gap for i, gap in enumerate(np.maximum.accumulate(gaps))}',
  '',
  '',
  'def agree(what, gaps, changed_gaps, exact_gaps):',
  '    """Whether they are small, or no larger than rounding makes them."""',
  '    worst = max(gaps, key=gaps.get)',
  '    print(f"{what}: differ by {gaps[worst]:.1e} at most ({worst})")',
  '    if gaps[worst] <= TOLERANCE:',
  '        return True',
  '    others = [changed_gaps(seed) for seed in range(3)]',
  '    digit = {name: max(other[name] for other in others) for name in gaps}',
  '    print(f"  by {max(digit.values()):.1e} where the start is changed in its last digit")',
  '    off = [n for n, gap in gaps.items() if not gap <= max(TOLERANCE, 10 * digit[n])]',
  '    return not off or is_rounding(off, *exact_gaps())',
  '',
  '',
  'def is_rounding(off, own, recorded):',
  '    """Whether float32 is as far from float64 on both sides, and near enough to tell."""',
  '    if not any(own.values()):',
  '        print("  float64, which would tell what rounding does, is not to be had here")',
  '        return False',
  '    near = [n for n in off if recorded[n] <= max(TOLERANCE, 10 * own[n])]',
  '    lost = [n for n in near if recorded[n] > TOLERANCE and not own[n] < 0.1]',
  '    kinds = {',
  '        "float32 has lost digits on both sides, and they agree as far as it goes": [',
  '            n for n in near if n not in lost',
  '        ],',
  '        "could not be checked, float32 has lost their digits on both sides": lost,',
  '        "differ by more than rounding": [n for n in off if n not in near],',
  '    }',
  '    for text, names in kinds.items():',
  '        told = [f"{n} (recorded {recorded[n]:.0e}, own {own[n]:.0e})" for n in names[:4]]',
  '        told += [f"{len(names) - 4} more"] * (len(names) > 4)',
  '        if told:',
  '            print(f"  {text}; off from float64: {\', \'.join(told)}")',
  '    return near == off and not lost',
  '',
  '',
  'def is_there(recorded, exact):',
  '    """Whether any gradient is left to compare: float32 may have lost all of them."""',
  '    if any(np.any(gradient) for gradient in recorded.values()):',
  '        return True',
  '    if not any(np.any(gradient) for gradient in exact().values()):',
  '        return True',
  '    print("  could not be checked: all are 0 in float32, and not in float64")',
  '    return False',
  '',
  '',
  'def main():',
  '    with np.load("check.npz") as archive:',
  '        file = dict(archive)',
  '    (x, target), _ = load()',
  '    of = "gradients/"',
  '    recorded = {k[len(of) :]: g for k, g in file.items() if k.startswith(of)}',
  '    count = len(file["losses"])',
  '',
  '    losses = first_losses(start(file), x, target, count)',
  '    gradients = first_gradients(start(file), x, target)',
  '',
  '    def changed_losses(seed):',
  '        own = first_losses(changed(file, seed), x, target, count)',
  '        return loss_gaps(own, losses)',
  '',
  '    def changed_gradients(seed):',
  '        own = first_gradients(changed(file, seed), x, target)',
  '        return gradient_gaps(own, gradients)',
  '',
  '    def exact_losses():',
  '        exact = in_float64(lambda *start: first_losses(*start, count), file, x, target)',
  '        return loss_gaps(losses, exact), loss_gaps(file["losses"], exact)',
  '',
  '    def exact():',
  '        exact = in_float64(first_gradients, file, x, target)',
  '        return {name: exact[name] for name in recorded}',
  '',
  '    def exact_gradients():',
  '        return gradient_gaps(gradients, exact()), gradient_gaps(recorded, exact())',
  '',
  '    same = [',
  '        agree(',
  '            f"first {count} losses",',
  '            loss_gaps(losses, file["losses"]),',
  '            changed_losses,',
  '            exact_losses,',
  '        ),',
  '        agree(',
  '            "gradients of the first step",',
  '            gradient_gaps(gradients, recorded),',
  '            changed_gradients,',
  '            exact_gradients,',
  '        ),',
  '        is_there(recorded, exact),',
  '    ]',
  '    word = "reproduced" if all(same) else "NOT reproduced"',
  `    print(f"{word} with ${library}")`,
  '    sys.exit(0 if all(same) else 1)',
  '',
  '',
  'if __name__ == "__main__":',
  '    main()'
]
