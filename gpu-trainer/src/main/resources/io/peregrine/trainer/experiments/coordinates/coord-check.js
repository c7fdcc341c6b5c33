// The page of a coordinate check. The helpers are those of page.js.

const names = { mup: 'muP, closed form', standard: 'all multipliers 1' };

header('Root mean squares of activations, and of their changes by training, against the width of the model. Under muP the '
  + 'lines are flat, so that a learning rate found for a narrow model serves a wide one.');
tile(data.passed ? 'passed' : 'failed', `exponents under muP within ±${data.tolerance}`);
for (const measure of ['update', 'size']) {
  const box = section(measure, measure === 'update' ? 'Updates' : 'Sizes', measure === 'update'
    ? 'What the steps changed: the difference to the activations of the new model.'
    : 'The activations after the steps.');
  const grid = element('div', { class: 'charts' });
  for (const parametrization of Object.keys(names)) {
    const curves = data.curves.filter(curve => curve.measure === measure && curve.parametrization === parametrization);
    grid.append(chart(names[parametrization], lines(curves.map(curve => ({
      label: curve.activation, pointRadius: 3, data: curve.values.map((y, i) => ({ x: data.widths[i], y })),
    })), { x: 'width', logX: true, logY: true, unit: 'root mean square', format: y => y.toPrecision(2) }), 320));
  }
  box.append(grid, table(data.curves.filter(curve => curve.measure === measure), [
    ['parametrization', curve => names[curve.parametrization]],
    ['activation', curve => curve.activation],
    ...data.widths.map((width, i) => [`width ${width}`, curve => curve.values[i].toPrecision(3), 'number']),
    ['exponent of the width', curve => `${fixed(curve.slope, 2)} ± ${fixed(curve.slope_error, 2)}`, 'number'],
    ['', curve => (curve.within ? '' : 'beyond the tolerance')],
  ]));
}
finish();
