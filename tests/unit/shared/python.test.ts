import { broken, identifier, number, quoted, remark } from '@shared/base/python'
import { describe, expect, it } from 'vitest'

describe('Python text', () => {
  it('quotes a text so that nothing breaks out of it', () => {
    expect(quoted('a')).toBe('"a"')
    expect(quoted('say "a"')).toBe(`'say "a"'`)
    expect(quoted(`both " and '`)).toBe(`"both \\" and '"`)
    expect(quoted('a\\\n\r\u2028\u202e\ud800')).toBe('"a\\\\\\U0000000a\\U0000000d\\U00002028\\U0000202e\\U0000d800"')
  })
  it('leaves no quote, backslash or line end in a remark', () => {
    const hostile = '"""\nimport os; os.system("x")\u2028\\'
    expect(remark(hostile)).toBe("''' import os; os.system('x') /")
  })
  it('makes free names of any text', () => {
    const taken = new Set(['forward'])
    expect(identifier('forward', taken)).toBe('forward_2')
    expect(identifier('dense 1', taken)).toBe('dense_1')
    expect(identifier('dense-1', taken)).toBe('dense_1_2')
    expect(identifier('1st', taken)).toBe('layer_1st')
    expect(identifier('层', taken)).toBe('layer')
    expect(identifier('class', taken)).toBe('class_2')
    expect(identifier('__import__("os")', taken)).toBe('import___os')
  })
  it('writes finite numbers only', () => {
    expect(number(1e-7)).toBe('1e-7')
    expect(number(1e21)).toBe('1e21')
    for (const v of [NaN, Infinity, '1', '__import__("os")', undefined]) expect(() => number(v)).toThrow(RangeError)
  })
  it('breaks long lines at their last brackets', () => {
    const items = Array.from({ length: 12 }, (_, i) => `argument_${i}`)
    expect(broken(`x = f(${items.slice(0, 6).join(', ')}, 1234567890)`)).toBe(
      `x = f(\n    ${items.slice(0, 6).join(', ')}, 1234567890\n)`
    )
    expect(broken(`    x = f(${items.join(', ')})`)).toBe(
      `    x = f(\n${items.map((i) => `        ${i},\n`).join('')}    )`
    )
    expect(
      broken(`self.a = nn.ModuleList(Hidden(a, b) for a, b in zip(${'[12345678] * 3 + '.repeat(3)}[1], [2]))`)
    ).toBe(
      'self.a = nn.ModuleList(\n    Hidden(a, b)\n    for a, b in zip([12345678] * 3 + [12345678] * 3 + [12345678] * 3 + [1], [2])\n)'
    )
  })
  // What `ruff format` makes of these lines.
  it.each([
    [
      '    return torch.where(kept, x, -1.7580993408473766) * 0.9212845161497115 + 0.16197097005757022',
      [
        '    return (',
        '        torch.where(kept, x, -1.7580993408473766) * 0.9212845161497115',
        '        + 0.16197097005757022',
        '    )'
      ]
    ],
    [
      '            axes = tuple(range(w.dim()))[:-1] if name in OUTPUTS_LAST else tuple(range(1, w.dim()))',
      [
        '            axes = (',
        '                tuple(range(w.dim()))[:-1]',
        '                if name in OUTPUTS_LAST',
        '                else tuple(range(1, w.dim()))',
        '            )'
      ]
    ],
    [
      '            gates, candidate = self.kernels[:, : 2 * self.units], self.kernels[:, 2 * self.units :]',
      [
        '            gates, candidate = (',
        '                self.kernels[:, : 2 * self.units],',
        '                self.kernels[:, 2 * self.units :],',
        '            )'
      ]
    ],
    [
      '    loss = loss + 0.001 * model.get_parameter("a_very_long_name_of_a_layer.weight_of_it").square().sum()',
      [
        '    loss = (',
        '        loss',
        '        + 0.001',
        '        * model.get_parameter("a_very_long_name_of_a_layer.weight_of_it").square().sum()',
        '    )'
      ]
    ],
    [
      '    loss = loss + 0.001 * model.get_parameter("a_very_long_name_of_a_layer.weight_of_it").square().sum() + other_value',
      [
        '    loss = (',
        '        loss',
        '        + 0.001',
        '        * model.get_parameter("a_very_long_name_of_a_layer.weight_of_it").square().sum()',
        '        + other_value',
        '    )'
      ]
    ],
    [
      '    total = first_of_all_values_here and second_of_all_values_here(a, b) or third_of_all_values_here(c)',
      [
        '    total = (',
        '        first_of_all_values_here',
        '        and second_of_all_values_here(a, b)',
        '        or third_of_all_values_here(c)',
        '    )'
      ]
    ],
    [
      '    return scale_of_the_thing * first_function_of_it(argument_number_one, argument_number_two, argument_3)',
      [
        '    return scale_of_the_thing * first_function_of_it(',
        '        argument_number_one, argument_number_two, argument_3',
        '    )'
      ]
    ],
    [
      '    return first_function_of_it(argument_number_one, argument_number_two, argument_3), second_function(aa)',
      [
        '    return (',
        '        first_function_of_it(argument_number_one, argument_number_two, argument_3),',
        '        second_function(aa),',
        '    )'
      ]
    ],
    [
      '    rate = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP_STEPS) / (STEPS_OF_ALL - WARM_UP_STEPS)))',
      [
        '    rate = (',
        '        LEARNING_RATE',
        '        * 0.5',
        '        * (',
        '            1',
        '            + math.cos(',
        '                math.pi * (step - WARM_UP_STEPS) / (STEPS_OF_ALL - WARM_UP_STEPS)',
        '            )',
        '        )',
        '    )'
      ]
    ]
  ])('breaks %s', (line, lines) => {
    expect(broken(line).split('\n')).toEqual(lines)
  })
})
